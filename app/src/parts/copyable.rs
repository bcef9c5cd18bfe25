//! Text to carry elsewhere: an address, a code.

use super::{Glyph, Icon};
use leptos::{html::Code, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;

const SAID_FOR: Duration = Duration::from_secs(2);

/// `<Copyable label="Address of the display" text=url/>`
///
/// Copies on plain http too, where browsers hide their clipboard: then what is seen is selected
/// and copied as a person would.
#[component]
pub fn Copyable(
    /// What it is; the button is called "Copy" and this.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    let node = NodeRef::<Code>::new();
    let said = RwSignal::new("");
    let copy = move |_| {
        let done = node
            .get_untracked()
            .is_some_and(|node| copy_selected(&node));
        said.set(if done { "Copied" } else { "Press Ctrl C" });
        set_timeout(move || said.try_set("").map_or((), drop), SAID_FOR);
    };
    view! {
        <span class="copyable">
            <code node_ref=node dir="ltr">{text}</code>
            <button
                class="button quiet icon-only"
                type="button"
                title=move || format!("Copy {}", label.get())
                aria-label=move || format!("Copy {}", label.get())
                on:click=copy
            >
                <Icon glyph=Glyph::Copy/>
            </button>
            <span class="copied" class:on=move || !said.get().is_empty() role="status">{said}</span>
        </span>
    }
    .into_any()
}

/// Selects the text, which shows what is copied and leaves Ctrl C to a person if all fails.
/// The old command works on every origin, inside dialogs too, within a press of a button.
fn copy_selected(code: &web_sys::HtmlElement) -> bool {
    let Ok(Some(selection)) = window().get_selection() else {
        return false;
    };
    if selection.select_all_children(code).is_err() {
        return false;
    }
    let done = document()
        .dyn_into::<web_sys::HtmlDocument>()
        .is_ok_and(|page| page.exec_command("copy").unwrap_or(false));
    if !done && window().is_secure_context() {
        let text = code.text_content().unwrap_or_default();
        let _promise = window().navigator().clipboard().write_text(&text);
        return true;
    }
    done
}
