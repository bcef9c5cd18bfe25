//! Symbols. The drawings stay in the page that the server sends (`icons.svg`), once; the bundle
//! knows their names only.

use leptos::prelude::*;

/// The sheet of drawings, for the end of the body.
#[cfg(feature = "ssr")]
pub const SPRITE: &str = include_str!("icons.svg");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Account,
    Archive,
    /// Half dark: follows the system.
    Auto,
    Calendar,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Clock,
    Close,
    Copy,
    Download,
    Edit,
    External,
    Filter,
    /// A flag: a gun, a start.
    Gun,
    Info,
    /// An antenna: mats, readers, streams.
    Mat,
    Menu,
    Moon,
    /// Three dots: further actions.
    More,
    Pause,
    People,
    Play,
    Plus,
    Refresh,
    Screen,
    Search,
    Settings,
    SoundOff,
    SoundOn,
    Sun,
    Swap,
    Trash,
    Undo,
    Upload,
    Warning,
}

impl Glyph {
    /// Every one, by name.
    pub const ALL: [Glyph; 38] = [
        Glyph::Account,
        Glyph::Archive,
        Glyph::Auto,
        Glyph::Calendar,
        Glyph::Check,
        Glyph::ChevronDown,
        Glyph::ChevronLeft,
        Glyph::ChevronRight,
        Glyph::ChevronUp,
        Glyph::Clock,
        Glyph::Close,
        Glyph::Copy,
        Glyph::Download,
        Glyph::Edit,
        Glyph::External,
        Glyph::Filter,
        Glyph::Gun,
        Glyph::Info,
        Glyph::Mat,
        Glyph::Menu,
        Glyph::Moon,
        Glyph::More,
        Glyph::Pause,
        Glyph::People,
        Glyph::Play,
        Glyph::Plus,
        Glyph::Refresh,
        Glyph::Screen,
        Glyph::Search,
        Glyph::Settings,
        Glyph::SoundOff,
        Glyph::SoundOn,
        Glyph::Sun,
        Glyph::Swap,
        Glyph::Trash,
        Glyph::Undo,
        Glyph::Upload,
        Glyph::Warning,
    ];

    /// Where its drawing is in the page.
    pub const fn href(self) -> &'static str {
        match self {
            Glyph::Account => "#i-account",
            Glyph::Archive => "#i-archive",
            Glyph::Auto => "#i-auto",
            Glyph::Calendar => "#i-calendar",
            Glyph::Check => "#i-check",
            Glyph::ChevronDown => "#i-chevron-down",
            Glyph::ChevronLeft => "#i-chevron-left",
            Glyph::ChevronRight => "#i-chevron-right",
            Glyph::ChevronUp => "#i-chevron-up",
            Glyph::Clock => "#i-clock",
            Glyph::Close => "#i-close",
            Glyph::Copy => "#i-copy",
            Glyph::Download => "#i-download",
            Glyph::Edit => "#i-edit",
            Glyph::External => "#i-external",
            Glyph::Filter => "#i-filter",
            Glyph::Gun => "#i-gun",
            Glyph::Info => "#i-info",
            Glyph::Mat => "#i-mat",
            Glyph::Menu => "#i-menu",
            Glyph::Moon => "#i-moon",
            Glyph::More => "#i-more",
            Glyph::Pause => "#i-pause",
            Glyph::People => "#i-people",
            Glyph::Play => "#i-play",
            Glyph::Plus => "#i-plus",
            Glyph::Refresh => "#i-refresh",
            Glyph::Screen => "#i-screen",
            Glyph::Search => "#i-search",
            Glyph::Settings => "#i-settings",
            Glyph::SoundOff => "#i-sound-off",
            Glyph::SoundOn => "#i-sound-on",
            Glyph::Sun => "#i-sun",
            Glyph::Swap => "#i-swap",
            Glyph::Trash => "#i-trash",
            Glyph::Undo => "#i-undo",
            Glyph::Upload => "#i-upload",
            Glyph::Warning => "#i-warning",
        }
    }
}

/// Decoration beside words: readers of screens skip it. `<Icon glyph=Glyph::Plus/>`
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href=glyph.href()></use>
        </svg>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_glyph_is_drawn_once_and_nothing_else_is() {
        assert_eq!(SPRITE.matches("<symbol").count(), Glyph::ALL.len());
        for glyph in Glyph::ALL {
            let id = format!("id=\"{}\"", &glyph.href()[1..]);
            assert_eq!(SPRITE.matches(&id).count(), 1, "{id}");
        }
    }
}
