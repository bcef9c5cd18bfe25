//! What lies over the canvas while one works on it, in pixels of the viewport: the view only
//! paints.

use crate::geometry::{Point, Quad, Rect};
use model::document::Axis;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Each selected element, turned as it is.
    pub outlines: Vec<Outline>,
    /// Around several.
    pub bounds: Option<Quad>,
    pub handles: Vec<HandleMark>,
    /// What a click would select.
    pub hover: Option<Outline>,
    /// Images and reels with nothing but a logo, where the theme has none.
    pub empties: Vec<Quad>,
    /// The group or row that one works in.
    pub inside: Option<Quad>,
    pub marquee: Option<Rect>,
    /// Where what is moved lines up with something.
    pub lines: Vec<Line>,
    /// Distances, each with what it measures in pixels of the canvas.
    pub gaps: Vec<Gap>,
    pub guides: Vec<GuideMark>,
    /// The size, place or angle of what is in the hand.
    pub label: Option<Label>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    pub id: String,
    pub quad: Quad,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandleMark {
    pub handle: Handle,
    /// Its middle.
    pub at: Point,
    /// How it is turned.
    pub turn_deg: i32,
}

/// What a selection is taken hold of by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handle {
    /// `-1` is the left or top, `1` the right or bottom, `0` between; never both `0`.
    Edge {
        x: i8,
        y: i8,
    },
    Rotate,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub from: Point,
    pub to: Point,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    pub line: Line,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GuideMark {
    /// Among the layout's guides.
    pub index: usize,
    pub axis: Axis,
    /// An x or y of the viewport.
    pub at: f64,
    /// Under the pointer, or in the hand.
    pub is_active: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub at: Point,
    pub text: String,
}

impl Handle {
    /// Corners last: where they lie on edges, they are what is taken.
    pub const EDGES: [(i8, i8); 8] = [
        (0, -1),
        (1, 0),
        (0, 1),
        (-1, 0),
        (-1, -1),
        (1, -1),
        (1, 1),
        (-1, 1),
    ];
}
