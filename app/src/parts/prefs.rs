//! What each person chooses for this browser: light or dark, roomy or dense tables.
//!
//! Kept in the browser's storage and on `<html>`, where a line of script puts it before anything
//! is painted. The server knows nothing of it and draws the defaults.

use super::Glyph;
use crate::browser::effect;
use leptos::prelude::*;

/// Goes into the head of the page, before the body, so that no wrong theme flashes up.
#[cfg(feature = "ssr")]
pub const BEFORE_PAINT: &str = r#"try{for(const k of["theme","density"]){const v=localStorage.getItem("gantry-"+k);if(v)document.documentElement.dataset[k]=v}}catch{}"#;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    const fn next(self) -> Theme {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::Auto => Glyph::Auto,
            Self::Light => Glyph::Sun,
            Self::Dark => Glyph::Moon,
        }
    }
}

/// How high rows of tables are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    #[default]
    Roomy,
    Dense,
}

#[derive(Clone, Copy, Debug)]
pub struct Prefs {
    pub theme: RwSignal<Theme>,
    pub density: RwSignal<Density>,
}

/// Called once, by `App`.
pub fn provide_prefs() {
    let prefs = Prefs {
        theme: RwSignal::new(Theme::default()),
        density: RwSignal::new(Density::default()),
    };
    provide_context(prefs);
    // The page is drawn with the defaults first, as the server drew it.
    effect(move || {
        match attribute("data-theme").as_deref() {
            Some("light") => prefs.theme.set(Theme::Light),
            Some("dark") => prefs.theme.set(Theme::Dark),
            _ => {}
        }
        if attribute("data-density").as_deref() == Some("dense") {
            prefs.density.set(Density::Dense);
        }
    });
}

/// Those of this page; the defaults where nobody provided any.
pub fn use_prefs() -> Prefs {
    use_context().unwrap_or_else(|| Prefs {
        theme: RwSignal::new(Theme::default()),
        density: RwSignal::new(Density::default()),
    })
}

/// One button that goes through automatic, light and dark. `<ThemeSwitch/>`
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = use_prefs().theme;
    let label = Signal::derive(move || {
        let theme = theme.get();
        format!("Theme: {}. Change to {}", theme.word(), theme.next().word())
    });
    view! {
        <button
            class="button quiet icon-only"
            type="button"
            title=label
            aria-label=label
            on:click=move |_| {
                let next = theme.get_untracked().next();
                theme.set(next);
                keep("theme", (next != Theme::Auto).then(|| next.word()));
            }
        >
            <svg class="icon" aria-hidden="true" focusable="false">
                <use href=move || theme.get().glyph().href()></use>
            </svg>
        </button>
    }
    .into_any()
}

/// Switches the rows of all tables. `<DensitySwitch/>`
#[component]
pub fn DensitySwitch() -> impl IntoView {
    let density = use_prefs().density;
    view! {
        <button
            class="button small"
            type="button"
            aria-pressed=move || (density.get() == Density::Dense).to_string()
            on:click=move |_| {
                let dense = density.get_untracked() == Density::Roomy;
                // The attribute first: tables measure their rows when the signal changes.
                keep("density", dense.then_some("dense"));
                density.set(if dense { Density::Dense } else { Density::Roomy });
            }
        >
            <span class="button-text">"Dense rows"</span>
        </button>
    }
    .into_any()
}

fn attribute(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Storage may be forbidden: then the choice holds until the page is loaded anew.
fn keep(key: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let name = format!("data-{key}");
        let _ = match value {
            Some(value) => root.set_attribute(&name, value),
            None => root.remove_attribute(&name),
        };
    }
    if let Ok(Some(storage)) = window().local_storage() {
        let key = format!("gantry-{key}");
        let _ = match value {
            Some(value) => storage.set_item(&key, value),
            None => storage.remove_item(&key),
        };
    }
}
