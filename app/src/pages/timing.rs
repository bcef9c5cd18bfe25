//! The Timing page: whether every mat is alive and every clock right, what is read, and what needs
//! a person.
//!
//! Owns the polling and what its parts share; each part is a module. What is shown alters under
//! people's fingers each second, so nothing is built anew that is only altered.

mod claims;
mod connect;
mod exceptions;
mod points;
mod reads;
mod streams;
mod table;
mod words;

use crate::{
    address,
    browser::effect,
    pages::{OpenEvent, attempt, every, look_again, page_of},
    parts::{Button, Glyph, Page, Tab, TabPanel, Tabs, Toasts, use_toasts},
    rpc::{
        event::undo,
        timing::{Facts, TimingPage as First, live_timing, timing, timing_facts},
    },
};
use leptos::{ev, prelude::*, task::spawn_local};
use model::{DeedId, EventId, StreamId, timing_view::TimingView};

const LOOK_AGAIN_MS: u64 = 1_000;

/// For what is set up by hand, which somebody else may alter too.
const FACTS_AGAIN_MS: u64 = 5_000;

const TABS: [(&str, &str); 4] = [
    ("reads", "Reads"),
    ("exceptions", "Exceptions"),
    ("points", "Points"),
    ("connect", "Connect a device"),
];

#[component]
pub fn TimingPage() -> impl IntoView {
    page_of("Timing", timing, |first| view! { <Body first/> }.into_any())
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    event: EventId,
    live: RwSignal<TimingView>,
    facts: RwSignal<Facts>,
    /// Looks again at once.
    reload: Callback<()>,
    /// The stream that is made or altered in a dialog.
    form: RwSignal<Option<Option<StreamId>>>,
    tab: RwSignal<String>,
    toasts: Toasts,
}

impl Shared {
    /// Says what was done, with the way back.
    fn did(self, what: impl Into<String>, deed: DeedId) {
        self.reload.run(());
        self.toasts.done_with(what, "Undo", move || {
            attempt(self.toasts, undo(self.event, deed), move |_| {
                self.reload.run(());
            });
        });
    }
}

#[component]
fn Body(first: First) -> impl IntoView {
    let First { event, live, facts } = first;
    let id = event.id;
    let live = RwSignal::new(live);
    let facts = RwSignal::new(facts);
    // One question at a time: a slow server is not asked the faster.
    let asking = StoredValue::new(false);
    let look = move || {
        if asking.try_get_value() != Some(false) {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            // What cannot be asked now stays as it was; a banner tells that the server is away.
            if let Ok(new) = live_timing(id).await {
                live.try_set(new);
            }
            asking.try_update_value(|asking| *asking = false);
        });
    };
    let look_at_facts = look_again(facts, move || timing_facts(id));
    let shared = Shared {
        event: id,
        live,
        facts,
        reload: Callback::new(move |()| {
            look();
            look_at_facts.run(());
        }),
        form: RwSignal::new(None),
        tab: RwSignal::new("reads".to_owned()),
        toasts: use_toasts(),
    };
    let OpenEvent(open) = expect_context();
    effect(move || open.set(Some(event.clone())));
    every(LOOK_AGAIN_MS, look);
    every(FACTS_AGAIN_MS, move || look_at_facts.run(()));
    follow_address(shared.tab);
    let lead = Memo::new(move |_| live.with(words::lead));
    let actions = move || {
        view! {
            <Button icon=Glyph::Plus on_press=move || shared.form.set(Some(None))>
                "New stream"
            </Button>
        }
    };
    let tabs = TABS.map(|(id, text)| Tab::new(id, text)).to_vec();
    view! {
        <Page title="Timing" lead=lead actions=actions>
            <claims::Claims shared/>
            <streams::Streams shared/>
            <section class="group timing-tabs" aria-label="Reads, exceptions, points and connections">
                <Tabs label="Timing" tabs active=shared.tab/>
                <TabPanel id="reads" active=shared.tab><reads::Reads shared/></TabPanel>
                <TabPanel id="exceptions" active=shared.tab>
                    <exceptions::Panel shared/>
                </TabPanel>
                <TabPanel id="points" active=shared.tab><points::Points shared/></TabPanel>
                <TabPanel id="connect" active=shared.tab><connect::Connect shared/></TabPanel>
            </section>
            <streams::StreamDialog shared/>
        </Page>
    }
}

/// An alarm leads to `#exceptions`, also while the page is open. What was followed is taken off the
/// address, so that another press leads there again.
fn follow_address(tab: RwSignal<String>) {
    let follow = move || {
        let hash = location().hash().unwrap_or_default();
        let asked = hash.trim_start_matches('#');
        if TABS.iter().any(|(id, _)| *id == asked) {
            tab.set(asked.to_owned());
            address::forget_asked();
        }
    };
    effect(move || {
        follow();
        let heard = window_event_listener(ev::hashchange, move |_| follow());
        on_cleanup(move || heard.remove());
    });
}
