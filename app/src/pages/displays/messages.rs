//! The messages that displays choose from for the runner they feature.

mod form;

use super::{Shared, title_of};
use crate::{
    pages::{attempt, every, look_again},
    parts::{Badge, Button, Each, EmptyState, Glyph, IconButton, Tone, When, use_toasts},
    rpc::messages::{messages, remove_message, restore_message},
};
use leptos::prelude::*;
use model::{PoolMessage, ShowId};

/// Others may be at them too.
const LOOK_AGAIN_MS: u64 = 10_000;

/// What the parts of the section share.
#[derive(Clone, Copy)]
struct Pool {
    shared: Shared,
    messages: RwSignal<Vec<PoolMessage>>,
    /// Looks again at once.
    reload: Callback<()>,
    /// What the form is open for: a message, or new ones.
    open: RwSignal<Option<Option<PoolMessage>>>,
}

impl Pool {
    /// What people call the display of a show: with its code, where others are called the same.
    fn name_of(self, show: ShowId) -> String {
        self.shared.view.with(|view| {
            let named = view.displays.iter().map(|row| (row, title_of(row)));
            let named: Vec<_> = named.collect();
            let Some((row, title)) = named.iter().find(|(row, _)| row.show == show) else {
                return "a display".to_owned();
            };
            match named.iter().filter(|(_, other)| other == title).count() {
                1 => title.clone(),
                _ => format!("{title} ({})", row.code),
            }
        })
    }

    /// Those of all displays first, then the displays in the order of the page.
    fn shows(self) -> Vec<Option<ShowId>> {
        let known: Vec<_> = self
            .messages
            .with(|messages| messages.iter().map(|message| message.show).collect());
        let displays = self.shared.view.with(|view| {
            let shows = view.displays.iter().map(|row| Some(row.show));
            shows.collect::<Vec<_>>()
        });
        let all = std::iter::once(None).chain(displays);
        all.filter(|show| known.contains(show)).collect()
    }

    fn of(self, show: Option<ShowId>) -> Vec<PoolMessage> {
        self.messages.with(|messages| {
            let own = messages.iter().filter(|message| message.show == show);
            own.cloned().collect()
        })
    }
}

#[component]
pub(super) fn Messages(shared: Shared, first: Vec<PoolMessage>) -> impl IntoView {
    let list = RwSignal::new(first);
    let reload = look_again(list, move || messages(shared.id));
    every(LOOK_AGAIN_MS, move || reload.run(()));
    let pool = Pool {
        shared,
        messages: list,
        reload,
        open: RwSignal::new(None),
    };
    let begin = move || pool.open.set(Some(None));
    let shows = Memo::new(move |_| pool.shows());
    view! {
        <section class="group messages" aria-labelledby="messages">
            <div class="group-head">
                <h2 id="messages">"Messages"</h2>
                <When holds=move || !list.read().is_empty()>
                    <Button icon=Glyph::Plus on_press=begin>"Add messages"</Button>
                </When>
            </div>
            <When
                holds=move || !list.read().is_empty()
                fallback=move || view! {
                    <EmptyState icon=Glyph::Edit title="No messages yet"
                        text="A template that has a message says its own line to everybody. Add \
                              yours, and each runner gets one of them, the same on every screen.">
                        <Button icon=Glyph::Plus on_press=begin>"Add messages"</Button>
                    </EmptyState>
                }
            >
                <p class="quiet">
                    "Each runner gets one of them, the same on every screen: one that is for some \
                     runners only before one that is for all."
                </p>
                <Each each=move || shows.get() key=|show| *show let(show)>
                    <PoolList pool show/>
                </Each>
            </When>
            <form::Form pool/>
        </section>
    }
}

#[component]
fn PoolList(pool: Pool, show: Option<ShowId>) -> impl IntoView {
    let list = Memo::new(move |_| pool.of(show));
    let title = Memo::new(move |_| match show {
        None => "All displays".to_owned(),
        Some(show) => format!("Only {}", pool.name_of(show)),
    });
    // One list for all needs no heading of its own.
    let is_only = Memo::new(move |_| show.is_none() && pool.shows().len() == 1);
    let note = match show {
        None => "But for those below, which have their own.",
        Some(_) => "This display shows these, and none of those of all displays.",
    };
    view! {
        <div class="pool">
            <When holds=move || !is_only.get()>
                <h3 dir="auto">{title}</h3>
                <p class="quiet">{note}</p>
            </When>
            <ul class="message-list" aria-label=title>
                // One that was altered is drawn anew; the others stay.
                <Each each=move || list.get() key=|message| format!("{message:?}") let(message)>
                    <Line pool message/>
                </Each>
            </ul>
        </div>
    }
}

#[component]
fn Line(pool: Pool, message: PoolMessage) -> impl IntoView {
    let toasts = use_toasts();
    let (event, id) = (pool.shared.id, message.id);
    let kept = StoredValue::new(message.clone());
    let remove = move || {
        attempt(toasts, remove_message(event, id), move |before| {
            pool.reload.run(());
            toasts.done_with("Message removed", "Undo", move || {
                let back = restore_message(event, before.clone());
                attempt(toasts, back, move |()| pool.reload.run(()));
            });
        });
    };
    let chips = chips(&message);
    let chips = (!chips.is_empty()).then(|| {
        let chips = chips.into_iter();
        let chips = chips.map(|(tone, text)| view! { <li><Badge tone>{text}</Badge></li> });
        let chips = chips.map(IntoAny::into_any).collect_view();
        view! { <ul class="message-chips">{chips}</ul> }
    });
    view! {
        <li class="message">
            <p class="message-text" dir="auto">{message.text.clone()}</p>
            {chips}
            <div class="message-actions">
                <IconButton icon=Glyph::Edit label=format!("Edit “{}”", message.text)
                    on_press=move || pool.open.set(Some(Some(kept.get_value())))/>
                <IconButton icon=Glyph::Trash label=format!("Remove “{}”", message.text)
                    on_press=remove/>
            </div>
        </li>
    }
}

/// For whom it is, and how often it comes.
fn chips(message: &PoolMessage) -> Vec<(Tone, String)> {
    let asked = &message.conditions;
    let mut chips = Vec::new();
    for (words, value) in [("Division", &asked.division), ("From", &asked.city)] {
        if !value.is_empty() {
            chips.push((Tone::Info, format!("{words} {value}")));
        }
    }
    for (words, holds) in [
        ("Birthday", asked.birthday),
        ("First race", asked.first_timer),
    ] {
        if holds {
            chips.push((Tone::Info, words.to_owned()));
        }
    }
    if message.weight != 1 {
        chips.push((Tone::Neutral, format!("Weight {}", message.weight)));
    }
    chips
}
