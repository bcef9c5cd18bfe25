//! Words and dots that say how something is. Color never says it alone.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Good,
    Wait,
    Bad,
    Info,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Wait => "wait",
            Self::Bad => "bad",
            Self::Info => "info",
        }
    }
}

/// `<Badge tone=Tone::Good>"streaming"</Badge>`
#[component]
pub fn Badge(#[prop(optional, into)] tone: Signal<Tone>, children: Children) -> impl IntoView {
    view! { <span class=move || format!("badge {}", tone.get().class())>{children()}</span> }
        .into_any()
}

/// A dot with its word beside it: `<StatusDot tone=Tone::Bad text="gone"/>`
#[component]
pub fn StatusDot(
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    view! {
        <span class=move || format!("status {}", tone.get().class())>
            <span class="dot" aria-hidden="true"></span>
            {text}
        </span>
    }
    .into_any()
}
