//! The frame of every page: bar, navigation, alarms, content, toasts.

use super::{Glyph, Icon, ThemeSwitch, ToastHost};
use crate::{address, browser::effect};
use leptos::{children::ViewFn, html, prelude::*};

/// What fits side by side at the foot of a phone; more go into a list.
const AT_FOOT_MAX: usize = 5;

/// `NavItem::new("/timing", "Timing", Glyph::Mat).count(open_alarms)`
#[derive(Clone, Debug)]
pub struct NavItem {
    href: String,
    text: String,
    icon: Glyph,
    count: Option<Signal<u32>>,
}

impl NavItem {
    pub fn new(href: impl Into<String>, text: impl Into<String>, icon: Glyph) -> NavItem {
        NavItem {
            href: href.into(),
            text: text.into(),
            icon,
            count: None,
        }
    }

    /// How many wait there; nothing is shown for none.
    pub fn count(self, count: impl Into<Signal<u32>>) -> NavItem {
        NavItem {
            count: Some(count.into()),
            ..self
        }
    }
}

/// ```text
/// <Frame nav=items event=event_name partner=partner_name
///     account=move || view! { <Menu …/> } banners=move || view! { <BannerStack …/> }>
///     <TimingPage/>
/// </Frame>
/// ```
#[component]
pub fn Frame(
    nav: Vec<NavItem>,
    /// The event that all is about.
    #[prop(optional, into)]
    event: Signal<Option<String>>,
    #[prop(optional, into)] partner: Signal<Option<String>>,
    /// Where the mark leads.
    #[prop(default = "/".to_owned(), into)]
    home: String,
    #[prop(optional, into)] account: ViewFn,
    #[prop(optional, into)] banners: ViewFn,
    children: Children,
) -> impl IntoView {
    let main = NodeRef::<html::Main>::new();
    let focus = move || {
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    view! {
        <div class="frame">
            <a
                class="skip"
                href="#main"
                on:click=move |event| {
                    event.prevent_default();
                    focus();
                }
            >
                "Skip to the content"
            </a>
            <header class="bar">
                <a class="mark" href=home aria-label="Gantry, all events">
                    <span class="arch" aria-hidden="true"></span>
                    <span class="mark-word">"Gantry"</span>
                </a>
                <p class="where">
                    <strong class="where-event" dir="auto">{event}</strong>
                    <span class="where-partner" dir="auto">{partner}</span>
                </p>
                <div class="bar-tools">
                    <ThemeSwitch/>
                    {account.run()}
                </div>
            </header>
            <nav class="side" aria-label="Studio">
                {navigation(nav)}
            </nav>
            <div class="stage">
                {banners.run()}
                <main node_ref=main id="main" tabindex="-1">
                    {children()}
                </main>
            </div>
            <ToastHost/>
        </div>
    }
    .into_any()
}

fn navigation(items: Vec<NavItem>) -> AnyView {
    let over = items.len() > AT_FOOT_MAX;
    let rest: Vec<NavItem> = if over {
        items[AT_FOOT_MAX - 1..].to_vec()
    } else {
        Vec::new()
    };
    let lines = items.into_iter().enumerate().map(|(at, item)| {
        let beyond = over && at >= AT_FOOT_MAX - 1;
        view! { <li class:beyond=beyond>{link(item)}</li> }
    });
    let lines = lines.map(IntoAny::into_any).collect_view();
    let more = over.then(|| {
        let rest = rest.into_iter().map(|item| view! { <li>{link(item)}</li> });
        let rest = rest.map(IntoAny::into_any).collect_view();
        view! {
            <li class="side-more">
                <button class="side-link" type="button" popovertarget="side-rest">
                    <Icon glyph=Glyph::Menu/>
                    <span class="side-text">"More"</span>
                </button>
                <ul id="side-rest" class="side-rest" popover="auto" on:click=close_rest>
                    {rest}
                </ul>
            </li>
        }
    });
    view! {
        <ul class="side-list">
            {lines}
            {more}
        </ul>
    }
    .into_any()
}

/// The page behind it changes; the list would stay over it.
fn close_rest(event: web_sys::MouseEvent) {
    use wasm_bindgen::JsCast;
    let list = event
        .current_target()
        .and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(list) = list {
        let _ = list.hide_popover();
    }
}

fn link(item: NavItem) -> AnyView {
    let NavItem {
        href,
        text,
        icon,
        count,
    } = item;
    let current = (href == address::path()).then_some("page");
    let count = move || {
        let count = count.map(|count| count.get()).filter(|count| *count > 0);
        count.map(|count| view! { <span class="side-count">{count}</span> })
    };
    view! {
        <a href=href class="side-link" aria-current=current>
            <Icon glyph=icon/>
            <span class="side-text">{text}</span>
            {move || count()}
        </a>
    }
    .into_any()
}

/// One page in the frame: its heading, its actions, its content. Also the browser's title.
/// `<Page title="Roster" lead="2,114 participants" actions=move || view! { <Button…/> }>…</Page>`
#[component]
pub fn Page(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: Signal<String>,
    #[prop(optional, into)] actions: ViewFn,
    children: Children,
) -> impl IntoView {
    effect(move || document().set_title(&format!("{} – Gantry", title.get())));
    view! {
        <header class="page-head">
            <div class="page-title">
                <h1 dir="auto">{title}</h1>
                <p class="page-lead" dir="auto">{lead}</p>
            </div>
            <div class="page-actions">{actions.run()}</div>
        </header>
        {children()}
    }
    .into_any()
}
