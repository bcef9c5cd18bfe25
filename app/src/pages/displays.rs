//! The displays of an event: made, handed out, watched, and switched off.

mod address;
mod card;
mod create;
mod dialogs;
mod edit;
mod messages;
mod turns;

use crate::{
    browser::effect,
    pages::{OpenEvent, every, look_again, over, page_of},
    parts::{Button, ButtonKind, ButtonLink, Each, EmptyState, Glyph, Page, When},
    rpc::{
        displays::{DisplayRow, DisplayState, DisplaysView, displays},
        messages::messages as messages_of,
    },
};
use futures_util::future::join;
use leptos::prelude::*;
use model::{DisplayId, EventId, PoolMessage};

/// Screens come and go, and addresses change, so the page looks again.
const LOOK_AGAIN_MS: u64 = 2_000;

#[component]
pub fn DisplaysPage() -> impl IntoView {
    // Together: on the server, one that began after another had waited would not know who asks.
    let load = |event| async move {
        let (first, messages) = join(displays(event), messages_of(event)).await;
        Ok((first?, messages?))
    };
    page_of("Displays", load, |(first, messages)| {
        view! { <Body first messages/> }.into_any()
    })
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    id: EventId,
    view: RwSignal<DisplaysView>,
    /// What the addresses begin with: `http://192.0.2.7:8080`.
    base: Signal<String>,
    /// Looks again at once.
    reload: Callback<()>,
    open: dialogs::Open,
}

impl Shared {
    fn row(self, id: DisplayId) -> Option<DisplayRow> {
        self.view.with(|view| {
            let mut rows = view.displays.iter();
            rows.find(|row| row.id == id).cloned()
        })
    }

    fn address(self, row: &DisplayRow) -> String {
        format!("{}/d/{}", self.base.get(), row.code)
    }
}

/// What a display is called: by its name, else by what it shows.
fn title_of(row: &DisplayRow) -> String {
    match row.name.as_str() {
        "" => row.points.join(", "),
        name => name.to_owned(),
    }
}

fn is_running(row: &DisplayRow) -> bool {
    matches!(row.state, DisplayState::Running { .. })
}

#[component]
fn Body(first: DisplaysView, messages: Vec<PoolMessage>) -> impl IntoView {
    let id = first.event.id;
    let view = RwSignal::new(first);
    let reload = look_again(view, move || displays(id));
    let choice = address::Choice::new(view);
    let shared = Shared {
        id,
        view,
        base: choice.base,
        reload,
        open: dialogs::Open::new(),
    };
    let OpenEvent(open) = expect_context();
    effect(move || open.set(Some(view.with(|view| view.event.clone()))));
    every(LOOK_AGAIN_MS, move || reload.run(()));
    let creating = RwSignal::new(false);
    // Whoever comes from the builder wants a display of that template.
    let wanted = RwSignal::new(None);
    effect(move || {
        if let Some(template) = crate::address::asked_template() {
            crate::address::forget_asked();
            wanted.set(Some(template));
            creating.set(true);
        }
    });
    let actions = move || {
        view! {
            <Button kind=ButtonKind::Primary icon=Glyph::Plus on_press=move || creating.set(true)>
                "New display"
            </Button>
        }
    };
    view! {
        <Page
            title="Displays"
            lead="A display is an address. Any television, laptop or phone that opens it shows it."
            actions=actions
        >
            <address::Addresses choice/>
            <List shared creating/>
            <messages::Messages shared first=messages/>
            <p class="note">
                "For a screen that has to start while the server is away, put "
                <a href="/player.html" download="gantry-player.html">"the player in one file"</a>
                " on a USB stick and open it there. It asks for the display's address once."
            </p>
            <create::CreateDialog shared open=creating wanted/>
            <dialogs::Dialogs shared/>
        </Page>
    }
}

#[component]
fn List(shared: Shared, creating: RwSignal<bool>) -> impl IntoView {
    let ids = move |running: bool| {
        Memo::new(move |_| {
            shared.view.with(|view| {
                let rows = view.displays.iter();
                let rows = rows.filter(|row| is_running(row) == running);
                rows.map(|row| row.id).collect::<Vec<_>>()
            })
        })
    };
    let (running, ended) = (ids(true), ids(false));
    let has_stream = Memo::new(move |_| shared.view.with(|view| !view.streams.is_empty()));
    let cards = move |ids: Memo<Vec<DisplayId>>| {
        view! {
            <ul class="displays">
                <Each each=move || ids.get() key=|id| *id let(id)>
                    {shared.row(id).map(|first| view! { <card::Card shared first/> })}
                </Each>
            </ul>
        }
    };
    view! {
        <When holds=move || running.read().is_empty()>
            <When
                holds=move || has_stream.get()
                fallback=move || view! {
                    <EmptyState
                        icon=Glyph::Mat
                        title="No timing data yet"
                        text="A display shows what a stream brings. Connect the timing first."
                    >
                        <ButtonLink
                            kind=ButtonKind::Primary
                            icon=Glyph::Mat
                            href=format!("/events/{}/timing", shared.id)
                        >
                            "Go to Timing"
                        </ButtonLink>
                    </EmptyState>
                }
            >
                <EmptyState
                    icon=Glyph::Screen
                    title="No display is on"
                    text="Make one, open its address on any screen, and see who crosses the mats."
                >
                    <Button
                        kind=ButtonKind::Primary
                        icon=Glyph::Plus
                        on_press=move || creating.set(true)
                    >
                        "New display"
                    </Button>
                </EmptyState>
            </When>
        </When>
        {cards(running)}
        {over(
            move || ended.read().len(),
            |count| match count {
                None => "Hide those that are over".to_owned(),
                Some(1) => "Show 1 that is over".to_owned(),
                Some(count) => format!("Show {count} that are over"),
            },
            (move || cards(ended)).into(),
        )}
    }
}
