//! Small marks: the place that text will take, and keys of the keyboard.

use leptos::prelude::*;

/// Holds the room of `lines` lines until they are there, so that nothing jumps.
/// `<Suspense fallback=|| view! { <Skeleton lines=3/> }>`
#[component]
pub fn Skeleton(#[prop(default = 1)] lines: usize) -> impl IntoView {
    let bars = (0..lines)
        .map(|_| view! { <span class="skeleton-bar"></span> })
        .map(IntoAny::into_any)
        .collect_view();
    view! {
        <div class="skeleton" role="status" aria-label="Loading">
            {bars}
        </div>
    }
    .into_any()
}

/// The keys for something, pressed together: `<KeyHint keys="Ctrl K"/>`
#[component]
pub fn KeyHint(#[prop(into)] keys: String) -> impl IntoView {
    let keys = keys
        .split_whitespace()
        .map(|key| view! { <kbd>{key.to_owned()}</kbd> })
        .map(IntoAny::into_any)
        .collect_view();
    view! { <span class="keys">{keys}</span> }.into_any()
}
