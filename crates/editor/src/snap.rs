//! What a moved or resized box lines up with.
//!
//! Owns the lines of a gesture, gathered once at its begin, and which of them is nearest. Works in
//! the coordinates of where one works; knows no viewport.

mod spacing;

pub(crate) use spacing::Distance;

use crate::Editor;
use crate::geometry::{Point, Rect, Turn, point};
use crate::sort::sort;
use crate::tree::turned;
use model::document::Axis;
use std::cmp::Ordering;

/// In pixels of the viewport.
const REACH_PX: f64 = 6.0;

/// Which of two that are as near wins: the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Guide,
    Room,
    Element,
    Spacing,
    Grid,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    at: f64,
    rank: Rank,
    /// How far it reaches along the other axis.
    from: f64,
    to: f64,
}

#[derive(Debug, Default)]
pub(crate) struct Snapper {
    /// Sorted.
    x: Vec<Mark>,
    y: Vec<Mark>,
    /// Other elements.
    boxes: Vec<Rect>,
    grid_px: Option<f64>,
}

/// A line to be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Match {
    pub(crate) from: Point,
    pub(crate) to: Point,
}

/// What is looked for along one axis: the nearest so far.
#[derive(Clone, Copy)]
struct Best {
    by: f64,
    rank: Rank,
    reach: f64,
}

impl Best {
    fn new(reach: f64) -> Self {
        Self {
            by: 0.0,
            // Nothing found yet: anything within reach is nearer.
            rank: Rank::Grid,
            reach: reach + 1e-6,
        }
    }

    fn offer(&mut self, by: f64, rank: Rank) {
        let distance = by.abs();
        let is_nearer = distance < self.reach - 1e-6;
        let is_as_near = (distance - self.reach).abs() <= 1e-6;
        if is_nearer || is_as_near && rank < self.rank {
            *self = Self {
                by,
                rank,
                reach: distance,
            };
        }
    }
}

impl Editor {
    pub(crate) fn is_snapping(&self) -> bool {
        self.settings.snapping && !self.held.modifiers.is_command()
    }

    /// In pixels of the canvas.
    pub(crate) fn reach(&self) -> f64 {
        REACH_PX / self.view.scale
    }

    /// Lines of all but these, which move themselves.
    pub(crate) fn snapper(&self, but: &[String]) -> Snapper {
        if !self.settings.snapping {
            return Snapper::default();
        }
        let room = self.place.room(&self.document);
        let mut marks = Gathered::default();
        marks.rect(room, Rank::Room);
        let others = self.list().iter();
        let others = others.filter(|element| !element.hidden && !but.contains(&element.id));
        let boxes: Vec<Rect> = others.map(|element| turned(element).bounds()).collect();
        for rect in &boxes {
            marks.rect(*rect, Rank::Element);
        }
        let frame = self.frame();
        // Within something turned, guides stand askew.
        if self.settings.guides && frame.turn == Turn::NONE {
            for guide in self.guides() {
                let at = f64::from(guide.at_px);
                match guide.axis {
                    Axis::X => marks.x(at - frame.origin.x, Rank::Guide, room.top, room.bottom),
                    Axis::Y => marks.y(at - frame.origin.y, Rank::Guide, room.left, room.right),
                }
            }
        }
        sort(&mut marks.x, by_place);
        sort(&mut marks.y, by_place);
        Snapper {
            x: marks.x,
            y: marks.y,
            boxes,
            grid_px: self.settings.grid.then(|| self.settings.grid_px.into()),
        }
    }
}

fn by_place(one: &Mark, other: &Mark) -> Ordering {
    let at = one.at.total_cmp(&other.at);
    at.then(one.rank.cmp(&other.rank))
}

#[derive(Default)]
struct Gathered {
    x: Vec<Mark>,
    y: Vec<Mark>,
}

impl Gathered {
    fn rect(&mut self, rect: Rect, rank: Rank) {
        let center = rect.center();
        for at in [rect.left, center.x, rect.right] {
            self.x(at, rank, rect.top, rect.bottom);
        }
        for at in [rect.top, center.y, rect.bottom] {
            self.y(at, rank, rect.left, rect.right);
        }
    }

    fn x(&mut self, at: f64, rank: Rank, from: f64, to: f64) {
        self.x.push(Mark { at, rank, from, to });
    }

    fn y(&mut self, at: f64, rank: Rank, from: f64, to: f64) {
        self.y.push(Mark { at, rank, from, to });
    }
}

impl Snapper {
    /// By how much a moved box is to go on so that it lines up.
    pub(crate) fn moved(&self, rect: Rect, reach: f64) -> Point {
        let center = rect.center();
        point(
            self.along(
                Axis::X,
                &[rect.left, center.x, rect.right],
                Some(rect),
                reach,
            ),
            self.along(
                Axis::Y,
                &[rect.top, center.y, rect.bottom],
                Some(rect),
                reach,
            ),
        )
    }

    /// The same for an edge that is moved by itself.
    pub(crate) fn edge(&self, axis: Axis, at: f64, reach: f64) -> f64 {
        self.along(axis, &[at], None, reach)
    }

    /// With a whole box, spacing counts too.
    fn along(&self, axis: Axis, edges: &[f64], whole: Option<Rect>, reach: f64) -> f64 {
        let mut best = Best::new(reach);
        for edge in edges {
            for mark in near(self.marks(axis), *edge, reach) {
                best.offer(mark.at - edge, mark.rank);
            }
        }
        if let Some(rect) = whole {
            for by in self.spaced(axis, rect) {
                best.offer(by, Rank::Spacing);
            }
        }
        if let (Some(grid_px), Some(edge)) = (self.grid_px, edges.first()) {
            best.offer((edge / grid_px).round() * grid_px - edge, Rank::Grid);
        }
        best.by
    }

    fn marks(&self, axis: Axis) -> &[Mark] {
        match axis {
            Axis::X => &self.x,
            Axis::Y => &self.y,
        }
    }

    /// Lines that a box now stands at, by its edges and its middle.
    pub(crate) fn matches(&self, rect: Rect) -> Vec<Match> {
        let center = rect.center();
        let mut found = Vec::new();
        // Rounded to whole pixels, a middle may be half of one beside.
        for (x, slack) in [(rect.left, 0.01), (center.x, 0.51), (rect.right, 0.01)] {
            if let Some((at, from, to)) = reached(near(&self.x, x, slack), rect.top, rect.bottom) {
                found.push(Match {
                    from: point(at, from),
                    to: point(at, to),
                });
            }
        }
        for (y, slack) in [(rect.top, 0.01), (center.y, 0.51), (rect.bottom, 0.01)] {
            if let Some((at, from, to)) = reached(near(&self.y, y, slack), rect.left, rect.right) {
                found.push(Match {
                    from: point(from, at),
                    to: point(to, at),
                });
            }
        }
        found
    }
}

fn near(marks: &[Mark], at: f64, reach: f64) -> &[Mark] {
    let begin = marks.partition_point(|mark| mark.at < at - reach);
    let rest = marks.get(begin..).unwrap_or_default();
    let end = rest.partition_point(|mark| mark.at <= at + reach);
    rest.get(..end).unwrap_or_default()
}

/// One line for all marks at a place, as far as they and the box reach.
fn reached(marks: &[Mark], from: f64, to: f64) -> Option<(f64, f64, f64)> {
    let at = marks.first()?.at;
    let all = marks.iter().fold((from, to), |(from, to), mark| {
        (from.min(mark.from), to.max(mark.to))
    });
    Some((at, all.0, all.1))
}
