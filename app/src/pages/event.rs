//! An event on race morning: what starts when, what has started, the races with their courses, and
//! what was done by whom.

mod deeds;
mod races;
mod starts;

use crate::{
    browser::{self, effect},
    pages::{OpenEvent, every, look_again, page_of},
    parts::Page,
    rpc::event::{EventView, read_event, server_clock},
};
use leptos::{prelude::*, task::spawn_local};
use model::EventId;

/// Guns come from devices too, so the page looks again.
const LOOK_AGAIN_MS: u64 = 3_000;

#[component]
pub fn EventPage() -> impl IntoView {
    page_of("Event", read_event, |first| {
        view! { <Body first/> }.into_any()
    })
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    pub(super) id: EventId,
    pub(super) view: RwSignal<EventView>,
    /// Server's clock less this browser's, in microseconds, once it is known.
    pub(super) clock_ahead_us: RwSignal<Option<i64>>,
    /// Looks again at once.
    pub(super) reload: Callback<()>,
}

#[component]
fn Body(first: EventView) -> impl IntoView {
    let id = first.event.id;
    let view = RwSignal::new(first);
    let reload = look_again(view, move || read_event(id));
    let shared = Shared {
        id,
        view,
        clock_ahead_us: RwSignal::new(None),
        reload,
    };
    let OpenEvent(open) = expect_context();
    effect(move || open.set(Some(view.with(|view| view.event.clone()))));
    every(LOOK_AGAIN_MS, move || reload.run(()));
    effect(move || measure_clock(shared.clock_ahead_us));
    let title = Memo::new(move |_| view.with(|view| view.event.name.clone()));
    let lead = Memo::new(move |_| {
        view.with(|view| {
            format!(
                "{} · {}",
                view.event.date,
                view.event.timezone.replace('_', " ")
            )
        })
    });
    view! {
        <Page title=title lead=lead>
            <starts::Starts shared/>
            <races::Races shared/>
            <deeds::Deeds shared/>
        </Page>
    }
}

/// The answer that took least time is nearest the truth: it is half that time old.
fn measure_clock(ahead_us: RwSignal<Option<i64>>) {
    spawn_local(async move {
        let mut best: Option<(i64, i64)> = None;
        for _ in 0..4 {
            let sent = browser::now_us();
            let Ok(server) = server_clock().await else {
                continue;
            };
            let took = browser::now_us() - sent;
            let ahead = server.0 + took / 2 - browser::now_us();
            if best.is_none_or(|(least, _)| took < least) {
                best = Some((took, ahead));
            }
        }
        if let Some((_, ahead)) = best {
            ahead_us.try_set(Some(ahead));
        }
    });
}
