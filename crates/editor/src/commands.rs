//! The one table of commands, from which palette, menus, the sheet of shortcuts and the keys come.
//!
//! Commands that need a value of the view's (a name, a number, a place) are not in it.

use crate::command::{Amount, Command, Direction, Edge, Order, Same, Setting, Tool, Trial};
use crate::keys::Keys;
use crate::{Kind, Modifiers, Panel};
use model::document::Axis;

#[derive(Debug)]
pub struct Entry {
    pub command: Command,
    /// For palette and menu.
    pub words: &'static str,
    pub section: Section,
    /// The first one is shown, all of them work.
    pub keys: &'static [Keys],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Edit,
    Select,
    Arrange,
    Insert,
    Look,
    Help,
}

impl Section {
    pub const ALL: [Self; 6] = [
        Self::Edit,
        Self::Select,
        Self::Arrange,
        Self::Insert,
        Self::Look,
        Self::Help,
    ];

    /// On screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Edit => "Edit",
            Self::Select => "Select",
            Self::Arrange => "Arrange",
            Self::Insert => "Insert",
            Self::Look => "Look",
            Self::Help => "Help",
        }
    }
}

impl Command {
    /// `key` is a `KeyboardEvent`'s.
    pub fn of_key(key: &str, modifiers: Modifiers, is_mac: bool) -> Option<Self> {
        let is_hit = |entry: &&Entry| {
            let mut keys = entry.keys.iter();
            keys.any(|keys| keys.are(key, modifiers, is_mac))
        };
        COMMANDS
            .iter()
            .find(is_hit)
            .map(|entry| entry.command.clone())
    }

    /// `None` where it needs a value of the view's.
    pub fn entry(&self) -> Option<&'static Entry> {
        COMMANDS.iter().find(|entry| entry.command == *self)
    }
}

const fn entry(
    section: Section,
    command: Command,
    words: &'static str,
    keys: &'static [Keys],
) -> Entry {
    Entry {
        command,
        words,
        section,
        keys,
    }
}

use Amount::{Large, Small};
use Direction::{Down, Left, Right, Up};
use Keys as K;
use Section::{Arrange, Edit, Help, Insert, Look, Select};

pub static COMMANDS: [Entry; 93] = [
    entry(Edit, Command::Undo, "Undo", &[K::command("z")]),
    entry(
        Edit,
        Command::Redo,
        "Redo",
        &[K::command_shift("z"), K::command("y")],
    ),
    entry(Edit, Command::Cut, "Cut", &[K::command("x")]),
    entry(Edit, Command::Copy, "Copy", &[K::command("c")]),
    entry(Edit, Command::Paste, "Paste", &[K::command("v")]),
    entry(
        Edit,
        Command::PasteInPlace,
        "Paste in place",
        &[K::command_shift("v")],
    ),
    entry(Edit, Command::Duplicate, "Duplicate", &[K::command("d")]),
    entry(
        Edit,
        Command::Delete,
        "Delete",
        &[K::plain("Delete"), K::plain("Backspace")],
    ),
    entry(
        Edit,
        Command::CopyStyle,
        "Copy style",
        // What Option makes of the letters on a Mac.
        &[K::command_alt("c"), K::command_alt("ç")],
    ),
    entry(
        Edit,
        Command::PasteStyle,
        "Paste style",
        &[K::command_alt("v"), K::command_alt("√")],
    ),
    entry(Edit, Command::EditName, "Rename", &[K::plain("F2")]),
    entry(
        Edit,
        Command::Open(Panel::Numbers),
        "Type place and size",
        &[K::plain("n")],
    ),
    entry(Select, Command::SelectAll, "Select all", &[K::command("a")]),
    entry(
        Select,
        Command::SelectNext,
        "Select next",
        &[K::plain("Tab")],
    ),
    entry(
        Select,
        Command::SelectPrevious,
        "Select previous",
        &[K::shift("Tab")],
    ),
    entry(
        Select,
        Command::Enter,
        "Enter group or edit text",
        &[K::plain("Enter")],
    ),
    entry(
        Select,
        Command::Leave,
        "Leave group or deselect",
        &[K::plain("Escape")],
    ),
    entry(
        Select,
        Command::Open(Panel::LayerSearch),
        "Find element",
        &[K::command("f")],
    ),
    entry(
        Arrange,
        Command::Nudge(Left, Small),
        "Move left",
        &[K::plain("ArrowLeft")],
    ),
    entry(
        Arrange,
        Command::Nudge(Right, Small),
        "Move right",
        &[K::plain("ArrowRight")],
    ),
    entry(
        Arrange,
        Command::Nudge(Up, Small),
        "Move up",
        &[K::plain("ArrowUp")],
    ),
    entry(
        Arrange,
        Command::Nudge(Down, Small),
        "Move down",
        &[K::plain("ArrowDown")],
    ),
    entry(
        Arrange,
        Command::Nudge(Left, Large),
        "Move left by 10",
        &[K::shift("ArrowLeft")],
    ),
    entry(
        Arrange,
        Command::Nudge(Right, Large),
        "Move right by 10",
        &[K::shift("ArrowRight")],
    ),
    entry(
        Arrange,
        Command::Nudge(Up, Large),
        "Move up by 10",
        &[K::shift("ArrowUp")],
    ),
    entry(
        Arrange,
        Command::Nudge(Down, Large),
        "Move down by 10",
        &[K::shift("ArrowDown")],
    ),
    entry(
        Arrange,
        Command::Grow(Left, Small),
        "Make narrower",
        &[K::command("ArrowLeft")],
    ),
    entry(
        Arrange,
        Command::Grow(Right, Small),
        "Make wider",
        &[K::command("ArrowRight")],
    ),
    entry(
        Arrange,
        Command::Grow(Up, Small),
        "Make lower",
        &[K::command("ArrowUp")],
    ),
    entry(
        Arrange,
        Command::Grow(Down, Small),
        "Make higher",
        &[K::command("ArrowDown")],
    ),
    entry(
        Arrange,
        Command::Grow(Left, Large),
        "Make narrower by 10",
        &[K::command_shift("ArrowLeft")],
    ),
    entry(
        Arrange,
        Command::Grow(Right, Large),
        "Make wider by 10",
        &[K::command_shift("ArrowRight")],
    ),
    entry(
        Arrange,
        Command::Grow(Up, Large),
        "Make lower by 10",
        &[K::command_shift("ArrowUp")],
    ),
    entry(
        Arrange,
        Command::Grow(Down, Large),
        "Make higher by 10",
        &[K::command_shift("ArrowDown")],
    ),
    entry(
        Arrange,
        Command::Rotate(-1),
        "Rotate left by 1°",
        &[K::alt("ArrowLeft")],
    ),
    entry(
        Arrange,
        Command::Rotate(1),
        "Rotate right by 1°",
        &[K::alt("ArrowRight")],
    ),
    entry(
        Arrange,
        Command::Rotate(-15),
        "Rotate left by 15°",
        &[K::alt_shift("ArrowLeft")],
    ),
    entry(
        Arrange,
        Command::Rotate(15),
        "Rotate right by 15°",
        &[K::alt_shift("ArrowRight")],
    ),
    entry(
        Arrange,
        Command::Order(Order::Front),
        "Bring to front",
        &[K::command_shift("]"), K::command("}")],
    ),
    entry(
        Arrange,
        Command::Order(Order::Forward),
        "Bring forward",
        &[K::command("]"), K::plain("]")],
    ),
    entry(
        Arrange,
        Command::Order(Order::Backward),
        "Send backward",
        &[K::command("["), K::plain("[")],
    ),
    entry(
        Arrange,
        Command::Order(Order::Back),
        "Send to back",
        &[K::command_shift("["), K::command("{")],
    ),
    entry(Arrange, Command::Group, "Group", &[K::command("g")]),
    entry(
        Arrange,
        Command::Ungroup,
        "Ungroup",
        &[K::command_shift("g")],
    ),
    entry(
        Arrange,
        Command::ToggleLocked,
        "Lock or unlock",
        &[K::command_shift("l")],
    ),
    entry(
        Arrange,
        Command::ToggleHidden,
        "Hide or show",
        &[K::command_shift("h")],
    ),
    entry(Arrange, Command::Align(Edge::Left), "Align left", &[]),
    entry(
        Arrange,
        Command::Align(Edge::Center),
        "Align to the center",
        &[],
    ),
    entry(Arrange, Command::Align(Edge::Right), "Align right", &[]),
    entry(Arrange, Command::Align(Edge::Top), "Align to the top", &[]),
    entry(
        Arrange,
        Command::Align(Edge::Middle),
        "Align to the middle",
        &[],
    ),
    entry(
        Arrange,
        Command::Align(Edge::Bottom),
        "Align to the bottom",
        &[],
    ),
    entry(
        Arrange,
        Command::Distribute(Axis::X),
        "Distribute horizontally",
        &[],
    ),
    entry(
        Arrange,
        Command::Distribute(Axis::Y),
        "Distribute vertically",
        &[],
    ),
    entry(
        Arrange,
        Command::Same(Same::Width),
        "Make the same width",
        &[],
    ),
    entry(
        Arrange,
        Command::Same(Same::Height),
        "Make the same height",
        &[],
    ),
    entry(
        Arrange,
        Command::Same(Same::Size),
        "Make the same size",
        &[],
    ),
    entry(
        Insert,
        Command::Choose(Tool::Select),
        "Selection tool",
        &[K::plain("v")],
    ),
    entry(
        Insert,
        Command::Choose(Tool::Hand),
        "Hand tool",
        &[K::plain("h")],
    ),
    insert(Kind::Text, "Text", &[K::plain("t")]),
    insert(Kind::Message, "Message", &[K::plain("m")]),
    insert(Kind::Image, "Image", &[K::plain("i")]),
    insert(Kind::Rectangle, "Rectangle", &[K::plain("r")]),
    insert(Kind::Ellipse, "Ellipse", &[K::plain("o")]),
    insert(Kind::Arrivals, "Arrivals", &[K::plain("a")]),
    insert(Kind::Races, "Races", &[]),
    insert(Kind::Clock, "Clock", &[K::plain("c")]),
    insert(Kind::QrCode, "QR code", &[K::plain("q")]),
    insert(Kind::Sponsors, "Sponsors", &[K::plain("s")]),
    insert(Kind::Ticker, "Ticker", &[K::plain("k")]),
    entry(
        Look,
        Command::ZoomIn,
        "Zoom in",
        &[
            K::command("+"),
            K::command("="),
            K::plain("+"),
            K::plain("="),
        ],
    ),
    entry(
        Look,
        Command::ZoomOut,
        "Zoom out",
        &[K::command("-"), K::command("_"), K::plain("-")],
    ),
    entry(
        Look,
        Command::ZoomToWhole,
        "Zoom to 100 %",
        &[K::plain("0"), K::command("0")],
    ),
    entry(Look, Command::FitCanvas, "Fit the canvas", &[K::plain("1")]),
    entry(
        Look,
        Command::FitSelection,
        "Fit the selection",
        &[K::plain("2")],
    ),
    entry(
        Look,
        Command::Pan(Up),
        "Look further up",
        &[K::plain("PageUp")],
    ),
    entry(
        Look,
        Command::Pan(Down),
        "Look further down",
        &[K::plain("PageDown")],
    ),
    entry(
        Look,
        Command::Pan(Left),
        "Look further left",
        &[K::shift("PageUp")],
    ),
    entry(
        Look,
        Command::Pan(Right),
        "Look further right",
        &[K::shift("PageDown")],
    ),
    entry(
        Look,
        Command::Toggle(Setting::Snapping),
        "Snapping on or off",
        &[K::command_shift("s")],
    ),
    entry(
        Look,
        Command::Toggle(Setting::Grid),
        "Grid on or off",
        &[K::command("'"), K::plain("#")],
    ),
    entry(
        Look,
        Command::Toggle(Setting::Guides),
        "Guides on or off",
        &[K::command(";")],
    ),
    entry(
        Look,
        Command::Open(Panel::Guides),
        "Guides by number",
        &[K::plain("g")],
    ),
    entry(Look, Command::RemoveGuides, "Remove all guides", &[]),
    entry(Look, Command::Open(Panel::Versions), "Versions", &[]),
    entry(
        Look,
        Command::Open(Panel::Publish),
        "Publish",
        &[K::command("Enter")],
    ),
    entry(
        Look,
        Command::Open(Panel::Check),
        "Check: can it be read?",
        &[],
    ),
    entry(Look, Command::Open(Panel::Timing), "Timing", &[]),
    entry(
        Look,
        Command::Try(Trial::Next),
        "Try with the next runner",
        &[K::plain(".")],
    ),
    entry(
        Look,
        Command::Try(Trial::Previous),
        "Try with the runner before",
        &[K::plain(",")],
    ),
    entry(
        Look,
        Command::Try(Trial::Play),
        "Play the scene",
        &[K::plain("p")],
    ),
    entry(
        Help,
        Command::Open(Panel::Palette),
        "Find a command",
        &[K::command("k"), K::command("/")],
    ),
    entry(
        Help,
        Command::Open(Panel::Shortcuts),
        "Shortcuts",
        &[K::plain("?"), K::plain("F1")],
    ),
];

/// The tool that draws one. `Command::Insert` puts one in the middle at once.
const fn insert(kind: Kind, words: &'static str, keys: &'static [Keys]) -> Entry {
    entry(Insert, Command::Choose(Tool::Insert(kind)), words, keys)
}
