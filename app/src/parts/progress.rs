//! Long work: how far it is, and a way to end it.

use super::{Button, ButtonKind, Glyph};
use leptos::prelude::*;

/// `<Progress id="import" label="Importing" value=done detail="12 of 30 rows" on_cancel=stop/>`
#[component]
pub fn Progress(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    /// From 0 to 1; `None` while nobody knows how long it takes.
    #[prop(into)]
    value: Signal<Option<f64>>,
    #[prop(optional, into)] detail: Signal<String>,
    #[prop(optional, into)] on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <label for=id.clone()>{label}</label>
            <span class="progress-detail">{detail}</span>
            // Without a value the element itself runs to and fro.
            <progress id=id max="1" value=move || value.get().map(|part| part.clamp(0.0, 1.0))>
            </progress>
            {on_cancel.map(|on_cancel| {
                view! {
                    <Button kind=ButtonKind::Quiet icon=Glyph::Close small=true on_press=on_cancel>
                        "Cancel"
                    </Button>
                }
            })}
        </div>
    }
    .into_any()
}
