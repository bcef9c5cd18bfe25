//! What may follow where somebody types a field in braces: the names that fit, to take by key or by
//! press.

mod open;

use crate::{
    browser::{effect, listen},
    pages::builder::stage::LETTERS,
    parts::{Each, When},
};
use leptos::{ev, prelude::*};
use open::Open;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlTextAreaElement};

/// Round a text area, whose events it hears. `names` are those of the fields; `give` gets the text
/// with the name that was taken in it.
pub(super) fn completed(
    names: Vec<String>,
    give: impl Fn(String) + Send + Sync + 'static,
    area: AnyView,
) -> AnyView {
    let names = StoredValue::new(names);
    let open = RwSignal::new(None::<Open>);
    let chosen = RwSignal::new(0_usize);
    let look = move |event: &Event| {
        let found = area_of(event).and_then(|area| {
            let caret = area.selection_start().ok().flatten()?;
            let end = area.selection_end().ok().flatten()?;
            let text = area.value();
            (caret == end)
                .then(|| names.with_value(|names| Open::at(&text, caret, names, LETTERS)))
                .flatten()
        });
        if *open.read_untracked() != found {
            open.set(found);
            chosen.set(0);
        }
    };
    let give = StoredValue::new(give);
    let take = move |area: &HtmlTextAreaElement, index: usize| {
        let Some((text, caret)) = open.with_untracked(|open| {
            let open = open.as_ref()?;
            Some(open.taken(&area.value(), open.names.get(index)?))
        }) else {
            return;
        };
        area.set_value(&text);
        // They fail only where there is no text area any more.
        let _ = area.focus();
        let _ = area.set_selection_range(caret, caret);
        open.set(None);
        give.with_value(|give| give(text));
    };
    let key = move |event: ev::KeyboardEvent| {
        let count = open.with_untracked(|open| open.as_ref().map_or(0, |open| open.names.len()));
        if count == 0 {
            return;
        }
        match &*event.key() {
            "ArrowDown" => chosen.update(|index| *index = (*index + 1) % count),
            "ArrowUp" => chosen.update(|index| *index = (*index + count - 1) % count),
            "Enter" | "Tab" => {
                if let Some(area) = area_of(&event) {
                    take(&area, chosen.get_untracked());
                }
            }
            "Escape" => open.set(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let rows = move || {
        let open = open.get();
        let names = open.map(|open| open.names).unwrap_or_default();
        names.into_iter().enumerate().collect::<Vec<_>>()
    };
    let count = move || match open.read().as_ref().map_or(0, |open| open.names.len()) {
        0 => String::new(),
        1 => "1 name fits. Enter takes it.".to_owned(),
        count => format!("{count} names fit. Arrows choose, Enter takes one."),
    };
    let field = NodeRef::<leptos::html::Div>::new();
    effect(move || {
        if let Some(field) = field.get() {
            listen(&field, "focusout", move |_: Event| open.set(None));
        }
    });
    view! {
        <div
            class="completed"
            node_ref=field
            on:input=move |event| look(&event)
            on:click=move |event| look(&event)
            on:keydown=key
        >
            {area}
            <When holds=move || open.read().is_some()>
                <ul class="completions" aria-hidden="true">
                    <Each each=rows key=|(index, name)| (*index, name.clone()) let((index, name))>
                        <li
                            class:chosen=move || chosen.get() == index
                            // Before the text area would lose the focus.
                            on:pointerdown=move |event| {
                                event.prevent_default();
                                let area = field.get_untracked().and_then(|field| {
                                    field.query_selector("textarea").ok().flatten()
                                });
                                if let Some(area) = area {
                                    take(area.unchecked_ref(), index);
                                }
                            }
                        >
                            {name}
                        </li>
                    </Each>
                </ul>
            </When>
            <p class="hidden-words" role="status">{count}</p>
        </div>
    }
    .into_any()
}

fn area_of(event: &Event) -> Option<HtmlTextAreaElement> {
    event.target()?.dyn_into().ok()
}
