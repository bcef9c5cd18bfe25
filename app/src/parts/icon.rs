//! Symbols. The drawings stay in the page that the server sends (`icons.svg`), once; the bundle
//! knows their names only.

use leptos::prelude::*;

/// The sheet of drawings, for the end of the body.
#[cfg(feature = "ssr")]
pub const SPRITE: &str = include_str!("icons.svg");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Account,
    AlignBottom,
    AlignCenter,
    AlignLeft,
    AlignMiddle,
    AlignRight,
    AlignTop,
    Archive,
    /// Half dark: follows the system.
    Auto,
    Bold,
    Calendar,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Clock,
    Close,
    Copy,
    Cursor,
    /// As far from the one as from the other.
    DistributeX,
    DistributeY,
    Download,
    Edit,
    Ellipse,
    External,
    Eye,
    EyeOff,
    Filter,
    Group,
    /// A flag: a gun, a start.
    Gun,
    Hand,
    Image,
    Info,
    Layers,
    List,
    Lock,
    /// An antenna: mats, readers, streams.
    Mat,
    Menu,
    Message,
    Minus,
    Moon,
    /// Three dots: further actions.
    More,
    Pause,
    People,
    Play,
    Plus,
    Qr,
    Rectangle,
    Redo,
    Refresh,
    Screen,
    Search,
    Settings,
    Shadow,
    SoundOff,
    SoundOn,
    /// A picture with others beside it.
    Sponsors,
    Sun,
    Swap,
    /// A page with its parts.
    Template,
    Text,
    /// Lines of words, as they stand in their box.
    TextCenter,
    TextLeft,
    TextRight,
    /// Words that run past.
    Ticker,
    Trash,
    Undo,
    Unlock,
    Upload,
    Warning,
}

impl Glyph {
    /// Every one, by name.
    pub const ALL: [Glyph; 71] = [
        Glyph::Account,
        Glyph::AlignBottom,
        Glyph::AlignCenter,
        Glyph::AlignLeft,
        Glyph::AlignMiddle,
        Glyph::AlignRight,
        Glyph::AlignTop,
        Glyph::Archive,
        Glyph::Auto,
        Glyph::Bold,
        Glyph::Calendar,
        Glyph::Check,
        Glyph::ChevronDown,
        Glyph::ChevronLeft,
        Glyph::ChevronRight,
        Glyph::ChevronUp,
        Glyph::Clock,
        Glyph::Close,
        Glyph::Copy,
        Glyph::Cursor,
        Glyph::DistributeX,
        Glyph::DistributeY,
        Glyph::Download,
        Glyph::Edit,
        Glyph::Ellipse,
        Glyph::External,
        Glyph::Eye,
        Glyph::EyeOff,
        Glyph::Filter,
        Glyph::Group,
        Glyph::Gun,
        Glyph::Hand,
        Glyph::Image,
        Glyph::Info,
        Glyph::Layers,
        Glyph::List,
        Glyph::Lock,
        Glyph::Mat,
        Glyph::Menu,
        Glyph::Message,
        Glyph::Minus,
        Glyph::Moon,
        Glyph::More,
        Glyph::Pause,
        Glyph::People,
        Glyph::Play,
        Glyph::Plus,
        Glyph::Qr,
        Glyph::Rectangle,
        Glyph::Redo,
        Glyph::Refresh,
        Glyph::Screen,
        Glyph::Search,
        Glyph::Settings,
        Glyph::Shadow,
        Glyph::SoundOff,
        Glyph::SoundOn,
        Glyph::Sponsors,
        Glyph::Sun,
        Glyph::Swap,
        Glyph::Template,
        Glyph::Text,
        Glyph::TextCenter,
        Glyph::TextLeft,
        Glyph::TextRight,
        Glyph::Ticker,
        Glyph::Trash,
        Glyph::Undo,
        Glyph::Unlock,
        Glyph::Upload,
        Glyph::Warning,
    ];

    /// Where its drawing is in the page.
    pub const fn href(self) -> &'static str {
        match self {
            Glyph::Account => "#i-account",
            Glyph::AlignBottom => "#i-align-bottom",
            Glyph::AlignCenter => "#i-align-center",
            Glyph::AlignLeft => "#i-align-left",
            Glyph::AlignMiddle => "#i-align-middle",
            Glyph::AlignRight => "#i-align-right",
            Glyph::AlignTop => "#i-align-top",
            Glyph::Archive => "#i-archive",
            Glyph::Auto => "#i-auto",
            Glyph::Bold => "#i-bold",
            Glyph::Calendar => "#i-calendar",
            Glyph::Check => "#i-check",
            Glyph::ChevronDown => "#i-chevron-down",
            Glyph::ChevronLeft => "#i-chevron-left",
            Glyph::ChevronRight => "#i-chevron-right",
            Glyph::ChevronUp => "#i-chevron-up",
            Glyph::Clock => "#i-clock",
            Glyph::Close => "#i-close",
            Glyph::Copy => "#i-copy",
            Glyph::Cursor => "#i-cursor",
            Glyph::DistributeX => "#i-distribute-x",
            Glyph::DistributeY => "#i-distribute-y",
            Glyph::Download => "#i-download",
            Glyph::Edit => "#i-edit",
            Glyph::Ellipse => "#i-ellipse",
            Glyph::External => "#i-external",
            Glyph::Eye => "#i-eye",
            Glyph::EyeOff => "#i-eye-off",
            Glyph::Filter => "#i-filter",
            Glyph::Group => "#i-group",
            Glyph::Gun => "#i-gun",
            Glyph::Hand => "#i-hand",
            Glyph::Image => "#i-image",
            Glyph::Info => "#i-info",
            Glyph::Layers => "#i-layers",
            Glyph::List => "#i-list",
            Glyph::Lock => "#i-lock",
            Glyph::Mat => "#i-mat",
            Glyph::Menu => "#i-menu",
            Glyph::Message => "#i-message",
            Glyph::Minus => "#i-minus",
            Glyph::Moon => "#i-moon",
            Glyph::More => "#i-more",
            Glyph::Pause => "#i-pause",
            Glyph::People => "#i-people",
            Glyph::Play => "#i-play",
            Glyph::Plus => "#i-plus",
            Glyph::Qr => "#i-qr",
            Glyph::Rectangle => "#i-rectangle",
            Glyph::Redo => "#i-redo",
            Glyph::Refresh => "#i-refresh",
            Glyph::Screen => "#i-screen",
            Glyph::Search => "#i-search",
            Glyph::Settings => "#i-settings",
            Glyph::Shadow => "#i-shadow",
            Glyph::SoundOff => "#i-sound-off",
            Glyph::SoundOn => "#i-sound-on",
            Glyph::Sponsors => "#i-sponsors",
            Glyph::Sun => "#i-sun",
            Glyph::Swap => "#i-swap",
            Glyph::Template => "#i-template",
            Glyph::Text => "#i-text",
            Glyph::TextCenter => "#i-text-center",
            Glyph::TextLeft => "#i-text-left",
            Glyph::TextRight => "#i-text-right",
            Glyph::Ticker => "#i-ticker",
            Glyph::Trash => "#i-trash",
            Glyph::Undo => "#i-undo",
            Glyph::Unlock => "#i-unlock",
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
