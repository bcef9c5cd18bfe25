//! Everything that can be done without a pointer, and much that can with one.

use crate::{Kind, Panel, Point};
use model::document::{
    Axis, Canvas, Document, Fill, Guide, Pattern, Picture, Property, Subject, Theme,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    ZoomIn,
    ZoomOut,
    /// One pixel of the canvas is one of the viewport.
    ZoomToWhole,
    FitCanvas,
    FitSelection,
    Pan(Direction),

    Choose(Tool),
    Toggle(Setting),
    /// From one line of the grid to the next.
    GridSize(i32),

    /// These, of one parent: one enters it. Of several parents, those of the last one's.
    Select(Vec<String>),
    /// The pointer is over one in a panel.
    Hover(Option<String>),
    SelectAll,
    SelectNext,
    SelectPrevious,
    /// Into a group or row, or to what a text says.
    Enter,
    /// One step back: what is in the hand, the tool, the group, the selection.
    Leave,

    Undo,
    Redo,
    /// As many steps of the history are made then; the others can be redone.
    JumpTo(usize),
    Cut,
    Copy,
    Paste,
    PasteInPlace,
    PasteText {
        text: String,
        in_place: bool,
    },
    Duplicate,
    Delete,
    CopyStyle,
    PasteStyle,

    Nudge(Direction, Amount),
    /// The right or bottom edge moves.
    Grow(Direction, Amount),
    /// Clockwise.
    Rotate(i16),
    Align(Edge),
    Distribute(Axis),
    Same(Same),
    Order(Order),
    Group,
    Ungroup,
    ToggleLocked,
    ToggleHidden,
    EditName,
    MoveLayers {
        ids: Vec<String>,
        to: Drop,
    },

    Insert(Kind),
    /// About that place of the viewport, or in the middle of what is seen.
    Bring(Brought, Option<Point>),

    Number(Measure, i32),
    /// Of all that is selected. Changes of the same follow each other as one step until `Settle`.
    Set(Vec<Property>),
    /// The same, each for the element of an id.
    SetOf(Vec<(String, Property)>),
    Background(Fill),
    /// How long the scene takes to cover the one before it, in milliseconds.
    Fade(u16),
    Theme(Box<Theme>),
    Subject(Subject),
    /// Another document in the place of this one.
    Replace(Box<Document>),
    /// The step that was being made is whole, and can be saved.
    Settle,

    AddGuide(Guide),
    MoveGuide {
        index: usize,
        at_px: i32,
    },
    RemoveGuide(usize),
    RemoveGuides,

    SwitchScene(String),
    SwitchLayout(usize),
    /// In every layout.
    AddScene(String),
    RemoveScene(String),
    RenameScene {
        from: String,
        to: String,
    },
    /// Made from the one that is seen.
    AddLayout(Canvas),
    RemoveLayout(usize),
    /// Of the layout that is seen; its elements follow their constraints.
    ResizeCanvas(Canvas),

    Open(Panel),
    /// The view alone knows whom there is to try it with.
    Try(Trial),
}

/// What comes onto the canvas from outside of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Brought {
    Text(Pattern),
    /// From anywhere; what it names in braces is bound, where there is such a field.
    Words(String),
    Picture(Picture),
}

/// How a template is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// With the next of the roster.
    Next,
    Previous,
    /// The scene comes, changes and goes.
    Play,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Select,
    Hand,
    Insert(Kind),
}

/// What can be on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Snapping,
    Grid,
    /// Whether guides are seen and lined up with.
    Guides,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// 1 px, or 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Small,
    Large,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Left,
    Center,
    Right,
    Top,
    Middle,
    Bottom,
}

/// What is made as it is of the one selected first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    Width,
    Height,
    Size,
}

/// What lies over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Front,
    Forward,
    Backward,
    Back,
}

/// A place among the layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drop {
    /// In front of it.
    Above(String),
    /// Behind it.
    Below(String),
    /// In front of all that is in it.
    Into(String),
}

/// A number of the selection: of several, of the box around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    X,
    Y,
    Width,
    Height,
    /// Of each.
    RotationDeg,
}

impl Direction {
    pub(crate) const fn step(self) -> (i32, i32) {
        match self {
            Self::Left => (-1, 0),
            Self::Right => (1, 0),
            Self::Up => (0, -1),
            Self::Down => (0, 1),
        }
    }
}

impl Amount {
    pub(crate) const fn px(self) -> i32 {
        match self {
            Self::Small => 1,
            Self::Large => 10,
        }
    }
}
