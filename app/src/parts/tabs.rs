//! Tabs on one page.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// One tab of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub id: String,
    pub text: String,
}

impl Tab {
    /// `Tab::new("reads", "Reads")`
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Tab {
        Tab {
            id: id.into(),
            text: text.into(),
        }
    }
}

/// `active` is the id of the tab that is open; give each a `TabPanel`.
/// `<Tabs label="Timing" tabs=vec![Tab::new("reads", "Reads")] active=active/>`
#[component]
pub fn Tabs(
    #[prop(into)] label: Signal<String>,
    tabs: Vec<Tab>,
    active: RwSignal<String>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let ids: Vec<String> = tabs.iter().map(|tab| tab.id.clone()).collect();
    // The focus goes with the tab that is open, so that Tab itself leaves the row at once.
    let step = move |key: &str| {
        let at = active.with_untracked(|active| ids.iter().position(|id| id == active));
        let (at, count) = (at.unwrap_or_default(), ids.len());
        let to = match key {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return false,
        };
        active.set(ids[to].clone());
        if let Some(list) = node.get_untracked()
            && let Some(tab) = list.children().item(u32::try_from(to).unwrap_or_default())
        {
            let _ = tab.unchecked_into::<web_sys::HtmlElement>().focus();
        }
        true
    };
    let buttons = tabs.into_iter().map(|Tab { id, text }| {
        let is_open = {
            let id = id.clone();
            Signal::derive(move || active.with(|active| *active == id))
        };
        view! {
            <button
                id=tab_id(&id)
                class="tab"
                type="button"
                role="tab"
                aria-controls=panel_id(&id)
                aria-selected=move || is_open.get().to_string()
                tabindex=move || if is_open.get() { "0" } else { "-1" }
                on:click=move |_| active.set(id.clone())
            >
                {text}
            </button>
        }
    });
    view! {
        <div
            node_ref=node
            class="tabs"
            role="tablist"
            aria-label=label
            on:keydown=move |event| {
                if step(&event.key()) {
                    event.prevent_default();
                }
            }
        >
            {buttons.map(IntoAny::into_any).collect_view()}
        </div>
    }
    .into_any()
}

/// Hidden while its tab is not open; what is inside stays as it was left.
/// `<TabPanel id="reads" active=active>…</TabPanel>`
#[component]
pub fn TabPanel(
    /// Of its tab.
    #[prop(into)]
    id: String,
    active: RwSignal<String>,
    children: Children,
) -> impl IntoView {
    let is_closed = {
        let id = id.clone();
        move || active.with(|active| *active != id)
    };
    view! {
        <div
            id=panel_id(&id)
            class="tab-panel"
            role="tabpanel"
            aria-labelledby=tab_id(&id)
            tabindex="0"
            hidden=is_closed
        >
            {children()}
        </div>
    }
    .into_any()
}

fn tab_id(id: &str) -> String {
    format!("{id}-tab")
}

fn panel_id(id: &str) -> String {
    format!("{id}-panel")
}
