//! What happens to the editor. The view makes these of a browser's events.

use crate::{Command, Point};
use model::document::Axis;

#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Pointer(Pointer),
    /// The finger that went down last has been down for half a second. The view counts it, as for
    /// double clicks; whether the finger has rested, the editor knows.
    LongPress,
    Wheel(Wheel),
    /// The viewport is the area that the canvas is seen in, without rulers. The first one fits the
    /// canvas into it, and a canvas that is fitted stays so.
    Resized {
        width_px: f64,
        height_px: f64,
    },
    /// Keys that are held have changed while the pointer stood.
    Modifiers(Modifiers),
    Command(Command),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pointer {
    pub phase: Phase,
    pub id: i32,
    pub kind: PointerKind,
    /// Of a `Down`. Not looked at else.
    pub button: Button,
    /// CSS pixels from the viewport's top left corner. Outside where the pointer is captured.
    pub at: Point,
    pub over: Target,
    pub modifiers: Modifiers,
    /// Of a `Down`: `2` for the second of a double click. A `pointerdown` does not know it by
    /// itself: the view counts those that come within 400 ms and 5 px.
    pub clicks: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Down,
    Move,
    Up,
    /// It was taken away, as a finger by the browser. What it was doing is taken back.
    Cancel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerKind {
    Mouse,
    Pen,
    Touch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    Primary,
    Middle,
    Secondary,
}

/// What of the view a pointer is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Viewport,
    /// Named by the guides that come out of it: `X` is the upright ruler on the left, whose guides
    /// stand at an x.
    Ruler(Axis),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wheel {
    pub at: Point,
    /// In pixels: the view turns lines and pages into them.
    pub by: Point,
    /// A pinch on a trackpad comes with Ctrl.
    pub modifiers: Modifiers,
}

/// Keys that are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub shift: bool,
    pub alt: bool,
    pub ctrl: bool,
    pub meta: bool,
    /// The space bar, which pans.
    pub space: bool,
}

impl Modifiers {
    /// Ctrl, or Meta of a Mac. A gesture takes either.
    pub fn is_command(self) -> bool {
        self.ctrl || self.meta
    }
}
