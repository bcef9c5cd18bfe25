//! What stands where nothing is yet.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// Says what would be here and what to do; the one action goes inside.
/// `<EmptyState icon=Glyph::People title="No participant yet" text="Load a roster…"> <Button…/>`
#[component]
pub fn EmptyState(
    icon: Glyph,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <Icon glyph=icon/>
            <p class="empty-title">{title}</p>
            <p class="empty-text">{text}</p>
            {children.map(|action| view! { <div class="empty-action">{action()}</div> })}
        </div>
    }
    .into_any()
}
