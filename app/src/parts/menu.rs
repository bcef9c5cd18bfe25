//! A button that opens a list of actions. The list is a popover: the browser opens and closes it.

use super::{Glyph, Icon};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// One line of a menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    text: String,
    icon: Option<Glyph>,
    danger: bool,
    does: Does,
}

#[derive(Clone, Debug)]
enum Does {
    Action(Callback<()>),
    Goes(String),
}

impl MenuItem {
    /// `MenuItem::action("Archive", move || archive(id)).icon(Glyph::Archive)`
    pub fn action(text: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> MenuItem {
        Self::new(text.into(), Does::Action(Callback::new(move |()| run())))
    }

    /// `MenuItem::link("Log out", "/logout")`
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> MenuItem {
        Self::new(text.into(), Does::Goes(href.into()))
    }

    fn new(text: String, does: Does) -> MenuItem {
        MenuItem {
            text,
            icon: None,
            danger: false,
            does,
        }
    }

    pub fn icon(self, icon: Glyph) -> MenuItem {
        MenuItem {
            icon: Some(icon),
            ..self
        }
    }

    /// Takes something away.
    pub fn danger(self) -> MenuItem {
        MenuItem {
            danger: true,
            ..self
        }
    }
}

/// `<Menu id="race-7" label="Actions for 10K" icon=Glyph::More items=vec![MenuItem::action(…)]/>`
///
/// Arrow keys, Home and End go through the list, a letter to the next line that begins with it,
/// Esc closes and gives the focus back.
#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// What the button is called.
    #[prop(into)]
    label: Signal<String>,
    #[prop(default = Glyph::More)] icon: Glyph,
    /// Writes the label on the button instead of keeping it for readers of screens.
    #[prop(optional)]
    labelled: bool,
    #[prop(into)] items: Signal<Vec<MenuItem>>,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    let focus = move |step: Step| {
        if let Some(list) = list.get_untracked() {
            go(&list, step);
        }
    };
    let close = move || {
        if let Some(list) = list.get_untracked() {
            let _ = list.hide_popover();
        }
    };
    view! {
        <button
            node_ref=button
            class="button"
            class:quiet=!labelled
            class:icon-only=!labelled
            type="button"
            popovertarget=id.clone()
            aria-haspopup="menu"
            aria-label=move || (!labelled).then(|| label.get())
            title=move || (!labelled).then(|| label.get())
            on:keydown=move |event| {
                if matches!(event.key().as_str(), "ArrowDown" | "ArrowUp") {
                    event.prevent_default();
                    if let Some(list) = list.get_untracked() {
                        let _ = list.show_popover();
                    }
                    focus(if event.key() == "ArrowUp" { Step::Last } else { Step::First });
                }
            }
        >
            {labelled.then(|| view! { <span class="button-text">{label}</span> })}
            <Icon glyph=icon/>
        </button>
        <div
            node_ref=list
            id=id
            class="menu"
            role="menu"
            popover="auto"
            aria-label=label
            on:beforetoggle=move |_: web_sys::Event| {
                if let (Some(button), Some(list)) = (button.get_untracked(), list.get_untracked()) {
                    place(&button, &list);
                }
            }
            on:toggle=move |_| focus(Step::Into)
            on:keydown=move |event| {
                let step = match event.key().as_str() {
                    "ArrowDown" => Step::Next,
                    "ArrowUp" => Step::Previous,
                    "Home" => Step::First,
                    "End" => Step::Last,
                    "Tab" => return close(),
                    key => match single(key) {
                        Some(letter) => Step::Letter(letter),
                        None => return,
                    },
                };
                event.prevent_default();
                focus(step);
            }
        >
            {move || items.get().into_iter().map(|item| line(item, close)).collect_view()}
        </div>
    }
    .into_any()
}

fn line(item: MenuItem, close: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let MenuItem {
        text,
        icon,
        danger,
        does,
    } = item;
    let icon = icon.map(|glyph| view! { <Icon glyph/> });
    match does {
        Does::Action(action) => view! {
            <button
                class="menu-item"
                class:danger=danger
                type="button"
                role="menuitem"
                tabindex="-1"
                on:click=move |_| {
                    close();
                    action.run(());
                }
            >
                {icon}
                <span>{text}</span>
            </button>
        }
        .into_any(),
        Does::Goes(href) => view! {
            <a
                class="menu-item"
                class:danger=danger
                role="menuitem"
                tabindex="-1"
                href=href
                on:click=move |_| close()
            >
                {icon}
                <span>{text}</span>
            </a>
        }
        .into_any(),
    }
}

#[derive(Clone, Copy)]
enum Step {
    /// To the first line when the list has just opened, unless a line has the focus already.
    Into,
    First,
    Last,
    Next,
    Previous,
    Letter(char),
}

fn single(key: &str) -> Option<char> {
    let mut letters = key.chars();
    let letter = letters.next().filter(|letter| letter.is_alphanumeric())?;
    letters.next().is_none().then_some(letter)
}

fn go(list: &HtmlElement, step: Step) {
    let Ok(found) = list.query_selector_all("[role=menuitem]") else {
        return;
    };
    let items: Vec<HtmlElement> = (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect();
    if items.is_empty() {
        return;
    }
    let active = document().active_element();
    let at = items
        .iter()
        .position(|item| active.as_ref() == Some(item.unchecked_ref()));
    let count = items.len();
    let to = match (step, at) {
        (Step::Into, Some(_)) => return,
        // Closed: where the focus is now is not the list's to say.
        (Step::Into, None) if !list.matches(":popover-open").unwrap_or(false) => return,
        (Step::Into | Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None) => count - 1,
        (Step::Next, Some(at)) => (at + 1) % count,
        (Step::Previous, Some(at)) => (at + count - 1) % count,
        (Step::Letter(letter), at) => {
            let first = at.map_or(0, |at| at + 1);
            let starts = |at: &usize| {
                let text = items[at % count].text_content().unwrap_or_default();
                let start = text.trim_start().chars().next();
                start.is_some_and(|start| start.to_lowercase().eq(letter.to_lowercase()))
            };
            match (first..first + count).find(starts) {
                Some(at) => at % count,
                None => return,
            }
        }
    };
    let _ = items[to].focus();
}

/// Below or above the button, in line with the edge that leaves more room. Known before the
/// list is shown, so that it never appears elsewhere first.
fn place(button: &HtmlElement, list: &HtmlElement) {
    let length = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
    };
    let (width, height) = (
        length(window().inner_width()),
        length(window().inner_height()),
    );
    let at = button.get_bounding_client_rect();
    let style = list.style();
    let set = |name: &str, px: Option<f64>| {
        let value = px.map_or_else(
            || "auto".to_owned(),
            |px| format!("{}px", (px.max(8.0) + 0.5) as i32),
        );
        let _ = style.set_property(name, &value);
    };
    let to_left = at.left() + at.right() > width;
    set("left", (!to_left).then(|| at.left()));
    set("right", to_left.then(|| width - at.right()));
    let above = at.top() + at.bottom() > height * 1.2;
    set("top", (!above).then(|| at.bottom() + 4.0));
    set("bottom", above.then(|| height - at.top() + 4.0));
}
