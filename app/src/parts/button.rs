//! Buttons, and links that look like them.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// How much a button asks to be pressed. A view has one primary button at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Plain,
    /// Takes something away.
    Danger,
    /// Without a border, for places with many buttons.
    Quiet,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button",
            Self::Danger => "button danger",
            Self::Quiet => "button quiet",
        }
    }
}

/// `<Button kind=ButtonKind::Primary icon=Glyph::Plus on_press=move || add()>"Add"</Button>`
///
/// While `busy` it keeps its width and its focus, and ignores presses.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Posts the form that it is in.
    #[prop(optional)]
    submit: bool,
    /// Lower, for rows of a table.
    #[prop(optional)]
    small: bool,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=kind.class()
            class:small=small
            type=if submit { "submit" } else { "button" }
            disabled=disabled
            aria-disabled=move || busy.get().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(on_press) = on_press {
                    on_press.run(());
                }
            }
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="button-text">{children()}</span>
        </button>
    }
    .into_any()
}

/// What an attribute of `aria` says that is never left out.
pub fn truth(holds: bool) -> Option<&'static str> {
    Some(if holds { "true" } else { "false" })
}

/// A button that is only a symbol; `label` is what it is called, and its tool tip.
/// `<IconButton icon=Glyph::Close label="Close" on_press=move || open.set(false)/>`
#[component]
pub fn IconButton(
    icon: Glyph,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Makes it a switch that is on or off; the label stays the same in both states.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Lower, for panels with many.
    #[prop(optional)]
    small: bool,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="button quiet icon-only"
            class:small=small
            type="button"
            title=label
            aria-label=label
            aria-pressed=move || pressed.and_then(|it| truth(it.get()))
            disabled=disabled
            on:click=move |_| on_press.run(())
        >
            <Icon glyph=icon/>
        </button>
    }
    .into_any()
}

/// `<ButtonLink href="/events/new" icon=Glyph::Plus>"New event"</ButtonLink>`
#[component]
pub fn ButtonLink(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] icon: Option<Glyph>,
    #[prop(optional)] small: bool,
    /// Opens a tab of its own, as displays do.
    #[prop(optional)]
    new_tab: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class=kind.class()
            class:small=small
            href=href
            target=new_tab.then_some("_blank")
            rel=new_tab.then_some("noopener")
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="button-text">{children()}</span>
        </a>
    }
    .into_any()
}
