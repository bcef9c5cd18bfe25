//! Equal distances between neighbors: in the middle between two, or going on at the distance of two
//! that stand beside.

use super::Snapper;
use crate::geometry::{Point, Rect, point};
use model::document::Axis;

/// A distance to be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Distance {
    pub(crate) from: Point,
    pub(crate) to: Point,
    pub(crate) px: f64,
}

/// A box as one axis sees it.
#[derive(Clone, Copy)]
struct Span {
    start: f64,
    end: f64,
    /// Along the other axis.
    low: f64,
    high: f64,
}

impl Span {
    fn of(axis: Axis, rect: Rect) -> Self {
        match axis {
            Axis::X => Self {
                start: rect.left,
                end: rect.right,
                low: rect.top,
                high: rect.bottom,
            },
            Axis::Y => Self {
                start: rect.top,
                end: rect.bottom,
                low: rect.left,
                high: rect.right,
            },
        }
    }

    fn is_beside(self, other: Self) -> bool {
        self.low < other.high && other.low < self.high
    }
}

/// The two next ones on each side.
struct Neighbors {
    before: Option<Span>,
    before_that: Option<Span>,
    after: Option<Span>,
    after_that: Option<Span>,
}

/// A place of equal distances, and what they are between. `None` is the box itself.
struct Spaced {
    start: f64,
    gaps: [(Option<Span>, Option<Span>); 2],
}

impl Snapper {
    /// By how much a box would have to go on for equal distances.
    pub(super) fn spaced(&self, axis: Axis, rect: Rect) -> impl Iterator<Item = f64> {
        let start = Span::of(axis, rect).start;
        let places = self.places(axis, rect);
        places.into_iter().flatten().map(move |it| it.start - start)
    }

    /// The equal distances that a box now has to its neighbors.
    pub(crate) fn distances(&self, rect: Rect) -> Vec<Distance> {
        let mut found = Vec::new();
        for axis in [Axis::X, Axis::Y] {
            let own = Span::of(axis, rect);
            for place in self.places(axis, rect).into_iter().flatten() {
                if (place.start - own.start).abs() <= 0.51 {
                    let gaps = place
                        .gaps
                        .map(|(from, to)| distance(axis, from.unwrap_or(own), to.unwrap_or(own)));
                    found.extend(gaps);
                }
            }
        }
        found.dedup();
        found
    }

    fn places(&self, axis: Axis, rect: Rect) -> [Option<Spaced>; 3] {
        let own = Span::of(axis, rect);
        let length = own.end - own.start;
        let near = self.neighbors(axis, own);
        let between = near.before.zip(near.after).and_then(|(before, after)| {
            let start = f64::midpoint(before.end, after.start - length);
            (start >= before.end).then_some(Spaced {
                start,
                gaps: [(Some(before), None), (None, Some(after))],
            })
        });
        let going_on = near.before_that.zip(near.before).map(|(first, second)| {
            let start = second.end + (second.start - first.end);
            Spaced {
                start,
                gaps: [(Some(first), Some(second)), (Some(second), None)],
            }
        });
        let going_back = near.after.zip(near.after_that).map(|(first, second)| {
            let start = first.start - (second.start - first.end) - length;
            Spaced {
                start,
                gaps: [(None, Some(first)), (Some(first), Some(second))],
            }
        });
        [between, going_on, going_back]
    }

    fn neighbors(&self, axis: Axis, own: Span) -> Neighbors {
        let middle = f64::midpoint(own.start, own.end);
        let beside = || {
            let spans = self.boxes.iter().map(|rect| Span::of(axis, *rect));
            spans.filter(|span| span.is_beside(own))
        };
        // What is around it, as a panel is, is no neighbor.
        let before = |end: f64| {
            let those = beside().filter(|span| span.end <= end);
            those.max_by(|a, b| a.end.total_cmp(&b.end))
        };
        let after = |start: f64| {
            let those = beside().filter(|span| span.start >= start);
            those.min_by(|a, b| a.start.total_cmp(&b.start))
        };
        let first_before = before(middle);
        let first_after = after(middle);
        Neighbors {
            before: first_before,
            before_that: first_before.and_then(|it| before(it.start)),
            after: first_after,
            after_that: first_after.and_then(|it| after(it.end)),
        }
    }
}

/// Drawn where both have something across.
fn distance(axis: Axis, from: Span, to: Span) -> Distance {
    let across = f64::midpoint(from.low.max(to.low), from.high.min(to.high));
    let at = |along: f64| match axis {
        Axis::X => point(along, across),
        Axis::Y => point(across, along),
    };
    Distance {
        from: at(from.end),
        to: at(to.start),
        px: to.start - from.end,
    }
}
