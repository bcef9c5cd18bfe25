//! The pages of the studio as documents: each is served at an address of its own, and woken by a
//! bundle of its own, which carries no other page's code (docs/decisions/0010).
//!
//! A new page is a function here, a route in `server/src/http/studio.rs`, and a feature with its
//! line in `frontend`.

use crate::{
    pages::{
        BuilderPage, DisplaysPage, EventPage, EventsPage, RosterPage, Studio, TemplatesPage,
        TimingPage, WindowsPage,
    },
    parts::{ButtonLink, EmptyState, Glyph, provide_prefs, provide_toasts},
};
use leptos::prelude::*;

/// The list of events, at `/`.
pub fn events() -> AnyView {
    around(|| view! { <EventsPage/> }.into_any())
}

/// Races, waves and guns of an event, at `/events/{event}`.
pub fn event() -> AnyView {
    around(|| view! { <EventPage/> }.into_any())
}

/// At `/events/{event}/roster`.
pub fn roster() -> AnyView {
    around(|| view! { <RosterPage/> }.into_any())
}

/// At `/events/{event}/timing`.
pub fn timing() -> AnyView {
    around(|| view! { <TimingPage/> }.into_any())
}

/// At `/events/{event}/displays`.
pub fn displays() -> AnyView {
    around(|| view! { <DisplaysPage/> }.into_any())
}

/// At `/events/{event}/templates`.
pub fn templates() -> AnyView {
    around(|| view! { <TemplatesPage/> }.into_any())
}

/// Where a template is made, at `/events/{event}/templates/{template}`. It has the window for
/// itself.
pub fn builder() -> AnyView {
    provide_prefs();
    provide_toasts();
    view! { <BuilderPage/> }.into_any()
}

/// What the builder has beside its canvas, once the first of it is opened. It is in the builder's
/// page, and has no address.
pub fn windows() -> AnyView {
    provide_prefs();
    view! { <WindowsPage/> }.into_any()
}

/// All components together, at `/dev/parts`.
#[cfg(debug_assertions)]
pub fn parts() -> AnyView {
    provide_prefs();
    provide_toasts();
    view! { <crate::dev::Around><crate::dev::Parts/></crate::dev::Around> }.into_any()
}

fn around(page: fn() -> AnyView) -> AnyView {
    provide_prefs();
    provide_toasts();
    view! { <Studio page/> }.into_any()
}

/// At an address that is none. It needs no script.
#[component]
pub fn NoPage() -> impl IntoView {
    view! {
        <main class="alone">
            <EmptyState
                icon=Glyph::Search
                title="There is no such page"
                text="Check the address. What was here may have been archived."
            >
                <ButtonLink href="/">"Go to the start"</ButtonLink>
            </EmptyState>
        </main>
    }
}
