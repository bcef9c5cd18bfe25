//! What can be done with the selection, at the pointer.

use super::desk::Desk;
use crate::{browser::effect, format::tenths, parts::When};
use editor::{Command, Order};
use leptos::{ev, html, prelude::*};

const COMMANDS: [Command; 14] = [
    Command::Cut,
    Command::Copy,
    Command::Paste,
    Command::Duplicate,
    Command::Delete,
    Command::CopyStyle,
    Command::PasteStyle,
    Command::Order(Order::Front),
    Command::Order(Order::Back),
    Command::Group,
    Command::Ungroup,
    Command::ToggleLocked,
    Command::ToggleHidden,
    Command::EditName,
];

#[component]
pub(super) fn SelectionMenu(desk: Desk) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    effect(move || {
        if desk.menu.read().is_some()
            && let Some(list) = list.get()
            && let Ok(Some(first)) = list.query_selector("button:not(:disabled)")
        {
            use wasm_bindgen::JsCast;
            let _ = first.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
    let close = move || desk.menu.set(None);
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let place = move || {
        let at = desk.menu.get().unwrap_or_default();
        format!("--x:{}px;--y:{}px", tenths(at.x), tenths(at.y))
    };
    let lines = move || {
        let lines = COMMANDS.into_iter().map(|command| {
            let entry = command.entry();
            let words = entry.map_or("", |entry| entry.words);
            let keys = entry.and_then(|entry| entry.keys.first().map(|keys| keys.text(false)));
            let can = desk.read(|editor| editor.can(&command));
            view! {
                <li role="none">
                    <button
                        type="button"
                        role="menuitem"
                        disabled=move || !can
                        on:click=move |_| {
                            close();
                            desk.command(command.clone());
                        }
                    >
                        <span>{words}</span>
                        {keys.map(|keys| view! { <kbd>{keys}</kbd> })}
                    </button>
                </li>
            }
            .into_any()
        });
        lines.collect_view()
    };
    view! {
        <When holds=move || desk.menu.read().is_some()>
            <div class="builder-menu-ground" on:pointerdown=move |_| close()></div>
            <div class="builder-menu-place" style=place>
                <ul
                    node_ref=list
                    class="builder-menu"
                    role="menu"
                    aria-label="What is selected"
                    on:keydown=key
                >
                    {lines()}
                </ul>
            </div>
        </When>
    }
    .into_any()
}
