//! A box to search with, that waits until somebody pauses.

use super::field::follow;
use super::{Glyph, Icon};
use leptos::{html::Input, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// `query` gets the text once no key came for 120 ms, at once with Enter; Esc empties it.
/// `<SearchBox id="find" label="Find in the roster" query=query placeholder="Name or bib"/>`
#[component]
pub fn SearchBox(
    #[prop(into)] id: String,
    /// For readers of screens; what is seen is the placeholder.
    #[prop(into)]
    label: Signal<String>,
    query: RwSignal<String>,
    #[prop(default = "Search".to_owned(), into)] placeholder: String,
    #[prop(default = 120)] wait_ms: u64,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    follow(node, query, |it| it.value(), |it, text| it.set_value(text));
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = waiting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    on_cleanup(stop);
    let search = move |text: String| {
        stop();
        if query.with_untracked(|query| *query != text) {
            query.set(text);
        }
    };
    let later = move |text: String| {
        stop();
        let timer = set_timeout_with_handle(move || search(text), Duration::from_millis(wait_ms));
        waiting.set_value(timer.ok());
    };
    let empty = move || {
        search(String::new());
        if let Some(input) = node.get_untracked() {
            input.set_value("");
            let _ = input.focus();
        }
    };
    view! {
        <div class="search">
            <Icon glyph=Glyph::Search/>
            <input
                node_ref=node
                id=id
                class="input"
                type="search"
                aria-label=label
                placeholder=placeholder
                value=query.get_untracked()
                autocomplete="off"
                spellcheck="false"
                dir="auto"
                on:input:target=move |event| later(event.target().value())
                on:keydown:target=move |event| match event.key().as_str() {
                    "Enter" => {
                        // It searches; it posts no form.
                        event.prevent_default();
                        search(event.target().value());
                    }
                    "Escape" if !event.target().value().is_empty() => {
                        // Not also the dialog round it.
                        event.prevent_default();
                        empty();
                    }
                    _ => {}
                }
            />
            <button
                class="button quiet icon-only search-empty"
                type="button"
                aria-label="Empty the search"
                title="Empty the search"
                on:click=move |_| empty()
            >
                <Icon glyph=Glyph::Close/>
            </button>
        </div>
    }
    .into_any()
}
