//! The strip at the foot: whom the template is tried with.

use super::{desk::Desk, play, runners::Runners, slots::list};
use leptos::prelude::*;
use model::EventId;

/// `found`: how many the roster has to step through.
#[component]
pub(super) fn Strip(desk: Desk, event: EventId, found: usize) -> impl IntoView {
    let chosen = Signal::derive(move || Some(desk.sample.get()));
    let labels = move || {
        let choose = Callback::new(move |index| desk.try_with(index));
        list("Try with", desk.labels(), chosen, choose)
    };
    let has_races = desk.samples.with_value(|samples| {
        samples
            .first()
            .is_some_and(|nobody| !nobody.board.races.is_empty())
    });
    let note = match has_races {
        true => "Times are examples.",
        false => "Times are examples: screens have none until the event has a race.",
    };
    view! {
        <footer class="builder-strip">
            {Runners::new(desk, event, found).view()}
            {labels}
            {play::button(desk)}
            <p class="quiet push">{note} " Press ? for the keys."</p>
        </footer>
    }
    .into_any()
}
