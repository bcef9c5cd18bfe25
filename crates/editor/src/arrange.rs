//! Aligning, distributing, and making the same size.

use crate::Editor;
use crate::command::{Edge, Same};
use crate::geometry::{Point, Rect, moved, point, whole};
use crate::gesture::resized_area;
use crate::sort::sort;
use crate::step::label;
use crate::tree::turned;
use model::document::{Axis, Edit, Element};
use model::limits::PLACE_PX_MAX;

impl Editor {
    /// One to the canvas, or the group or row that it stands in; several to the box around them.
    pub(crate) fn align(&mut self, edge: Edge) {
        let free = self.free();
        let to = match free.len() {
            1 => Some(self.place.room(&self.document)),
            _ => Self::around(&free),
        };
        let Some(to) = to else {
            return;
        };
        let bounds = free.iter().map(|element| turned(element).bounds());
        let bounds: Vec<Rect> = bounds.collect();
        let middle = middle_of(&bounds, to);
        let areas = free.iter().zip(&bounds).map(|(element, own)| {
            let (x, y) = match edge {
                Edge::Left => (to.left - own.left, 0.0),
                Edge::Center => (middle.x - own.center().x, 0.0),
                Edge::Right => (to.right - own.right, 0.0),
                Edge::Top => (0.0, to.top - own.top),
                Edge::Middle => (0.0, middle.y - own.center().y),
                Edge::Bottom => (0.0, to.bottom - own.bottom),
            };
            (*element, (near(x), near(y)))
        });
        let edit = self.moves(areas);
        let label = label("Align", &free);
        self.commit(label, edit, None);
    }

    /// Equal gaps from one end to the other. Where there is no room for gaps, the middles are as
    /// far from each other.
    pub(crate) fn distribute(&mut self, axis: Axis) {
        let free = self.free();
        let mut spans: Vec<Span<'_>> = free.iter().map(|it| Span::of(it, axis)).collect();
        sort(&mut spans, |a, b| {
            let middle = a.middle().total_cmp(&b.middle());
            middle.then(a.start.total_cmp(&b.start))
        });
        let ends = spans.iter().map(|span| (span.start, span.end));
        let ends = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let (Some((start, end)), [first, .., last]) = (ends, &*spans) else {
            return;
        };
        let count = (spans.len() - 1) as f64;
        let lengths: f64 = spans.iter().map(|span| span.end - span.start).sum();
        let gap = (end - start - lengths) / count;
        let between = (last.middle() - first.middle()) / count;
        let mut at = start;
        let mut middle = first.middle();
        let mut moves = Vec::with_capacity(spans.len());
        for span in &spans {
            let by = match gap >= 0.0 {
                true => near(at - span.start),
                // Less than a pixel is left as it is: rounding must not change who is the last.
                false => (middle - span.middle()).trunc() as i32,
            };
            at += span.end - span.start + gap;
            middle += between;
            let by = match axis {
                Axis::X => (by, 0),
                Axis::Y => (0, by),
            };
            moves.push((span.element, by));
        }
        let edit = self.moves(moves.into_iter());
        let label = label("Distribute", &free);
        self.commit(label, edit, None);
    }

    fn moves<'a>(&self, by: impl Iterator<Item = (&'a Element, (i32, i32))>) -> Edit {
        let clamp = |px: i32| px.clamp(-PLACE_PX_MAX, PLACE_PX_MAX);
        let areas = by.filter_map(|(element, by)| {
            let mut at = moved(element.at, by);
            (at.x_px, at.y_px) = (clamp(at.x_px), clamp(at.y_px));
            (at != element.at).then(|| (element.id.clone(), at))
        });
        self.set_areas(areas)
    }

    /// As the one that was selected first. Left and top edges stay.
    pub(crate) fn make_same(&mut self, same: Same) {
        let selected = self.selected();
        let Some(first) = selected.first() else {
            return;
        };
        let size = first.at;
        let mut edits = Vec::new();
        for element in selected.iter().skip(1).filter(|it| !it.locked) {
            let (width_px, height_px) = match same {
                Same::Width => (size.width_px, element.at.height_px),
                Same::Height => (element.at.width_px, size.height_px),
                Same::Size => (size.width_px, size.height_px),
            };
            if (width_px, height_px) == (element.at.width_px, element.at.height_px) {
                continue;
            }
            let at = resized_area(element, (1.0, 1.0), (width_px, height_px), false);
            edits.extend(self.area_edits(element, at));
        }
        let label = label("Resize", &selected);
        self.commit(label, Edit::All(edits), None);
    }
}

/// Where the largest comes to stand in whole pixels: the others go by it, so that all of them
/// together have their middle there again.
fn middle_of(bounds: &[Rect], to: Rect) -> Point {
    let widest = bounds.iter().max_by(|a, b| a.width().total_cmp(&b.width()));
    let highest = bounds
        .iter()
        .max_by(|a, b| a.height().total_cmp(&b.height()));
    let stands = |middle: f64, own: f64| own + f64::from(near(middle - own));
    let center = to.center();
    point(
        widest.map_or(center.x, |it| stands(center.x, it.center().x)),
        highest.map_or(center.y, |it| stands(center.y, it.center().y)),
    )
}

/// An element as one axis sees it.
struct Span<'a> {
    element: &'a Element,
    start: f64,
    end: f64,
}

impl<'a> Span<'a> {
    fn of(element: &'a Element, axis: Axis) -> Self {
        let rect = turned(element).bounds();
        let (start, end) = match axis {
            Axis::X => (rect.left, rect.right),
            Axis::Y => (rect.top, rect.bottom),
        };
        Self {
            element,
            start,
            end,
        }
    }

    fn middle(&self) -> f64 {
        f64::midpoint(self.start, self.end)
    }
}

/// Halves stay where they are, so that aligning again moves nothing.
fn near(px: f64) -> i32 {
    match px.abs() <= 0.5 {
        true => 0,
        false => whole(px),
    }
}
