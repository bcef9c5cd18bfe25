//! Resizing by the eight handles: one element in its own axes, several as one box.

use super::Gesture;
use crate::Editor;
use crate::geometry::{Point, Rect, Turn, Turned, area_about, place_px, point, size_px};
use crate::outcome::{Cursor, Redraw};
use crate::overlay::Handle;
use crate::snap::{Match, Snapper};
use crate::step::label;
use crate::tree::turned;
use model::document::{Area, Axis, Edit, Element};
use model::limits::PLACE_PX_MAX;

#[derive(Debug)]
pub(crate) struct Resizing {
    /// On the canvas.
    from: Point,
    /// Of the handle: `-1`, `0` or `1`.
    x: f64,
    y: f64,
    starts: Vec<Element>,
    around: Turned,
    snapper: Snapper,
    label: String,
    turn_deg: i32,
    pub(crate) matches: Vec<Match>,
}

impl Resizing {
    pub(super) fn label(self) -> String {
        self.label
    }

    pub(super) fn cursor(&self) -> Cursor {
        let (x, y) = (self.x as i8, self.y as i8);
        super::handle_cursor(Handle::Edge { x, y }, self.turn_deg)
    }
}

impl Editor {
    pub(super) fn begin_resizing(&mut self, x: i8, y: i8) -> Gesture {
        let free = self.free();
        let Some(around) = box_of(&free) else {
            return Gesture::Spent;
        };
        let ids: Vec<String> = free.iter().map(|it| it.id.clone()).collect();
        Gesture::Resizing(Resizing {
            from: self.view.to_canvas(self.held.from),
            x: x.into(),
            y: y.into(),
            label: label("Resize", &free),
            starts: free.into_iter().cloned().collect(),
            around,
            snapper: self.snapper(&ids),
            turn_deg: self.frame().turn.and(around.turn).deg,
            matches: Vec::new(),
        })
    }

    pub(super) fn go_on_resizing(&mut self, resizing: &mut Resizing) {
        let held = self.held.modifiers;
        let (x, y) = (resizing.x, resizing.y);
        let around = resizing.around;
        let by = self.view.to_canvas(self.held.at) - resizing.from;
        let by = self.frame().turn.back().of_point(by);
        let mut by = around.turn.back().of_point(by);
        // What is turned has no edges along the lines.
        let is_snapping = self.is_snapping() && around.turn == Turn::NONE;
        if is_snapping {
            let reach = self.reach();
            let at = around.place(x, y) + by;
            if x != 0.0 {
                by.x += resizing.snapper.edge(Axis::X, at.x, reach);
            }
            if y != 0.0 {
                by.y += resizing.snapper.edge(Axis::Y, at.y, reach);
            }
        }
        let twice = if held.alt { 2.0 } else { 1.0 };
        let size = sized(around, (x, y), by * twice, held.shift);
        let edits = self.resized_edits(&resizing.starts, around, (x, y), size, held.alt);
        self.try_out(Some(Edit::All(edits)));
        resizing.matches.clear();
        if is_snapping && let Some(rect) = Self::around(&self.free()) {
            resizing.matches = resizing.snapper.matches(rect);
        }
        self.out.redraw(Redraw::Overlay);
    }

    /// `handle` says what moves: the opposite stands still, or the middle.
    pub(crate) fn resized_edits(
        &self,
        starts: &[Element],
        around: Turned,
        handle: (f64, f64),
        size: (i32, i32),
        is_from_center: bool,
    ) -> Vec<Edit> {
        let edits = starts.iter().flat_map(|start| {
            let at = match starts.len() {
                1 => resized_area(start, handle, size, is_from_center),
                _ => scaled_area(start, around, handle, size, is_from_center),
            };
            self.area_edits(start, at)
        });
        edits.collect()
    }
}

/// One in its own axes; several upright.
pub(crate) fn box_of(elements: &[&Element]) -> Option<Turned> {
    match elements {
        [one] => Some(turned(one)),
        several => Editor::around(several).map(Turned::from),
    }
}

/// Whole pixels, at least one.
fn sized(around: Turned, (x, y): (f64, f64), by: Point, is_proportional: bool) -> (i32, i32) {
    let (width, height) = (around.width.max(1.0), around.height.max(1.0));
    let mut size = point(around.width + x * by.x, around.height + y * by.y);
    if is_proportional {
        let least = (1.0 / width).max(1.0 / height).min(1.0);
        let by_width = size.x / width;
        let by_height = size.y / height;
        let scale = match (x == 0.0, y == 0.0) {
            (false, true) => by_width,
            (true, false) => by_height,
            // The side that was drawn further leads.
            _ if (by_width - 1.0).abs() >= (by_height - 1.0).abs() => by_width,
            _ => by_height,
        };
        let scale = scale.max(least);
        size = point(width * scale, height * scale);
    }
    (size_px(size.x), size_px(size.y))
}

/// In its own axes, however it is turned.
pub(crate) fn resized_area(
    start: &Element,
    (x, y): (f64, f64),
    (width_px, height_px): (i32, i32),
    is_from_center: bool,
) -> Area {
    let before = turned(start);
    let after = Turned {
        width: width_px.into(),
        height: height_px.into(),
        ..before
    };
    let center = match is_from_center {
        true => before.center,
        false => before.place(-x, -y) + (after.center - after.place(-x, -y)),
    };
    area_about(center, (width_px, height_px))
}

/// Its share of a box that becomes another size.
fn scaled_area(
    start: &Element,
    around: Turned,
    (x, y): (f64, f64),
    (width_px, height_px): (i32, i32),
    is_from_center: bool,
) -> Area {
    let still = match is_from_center {
        true => around.center,
        false => around.place(-x, -y),
    };
    let scale = point(
        f64::from(width_px) / around.width.max(1.0),
        f64::from(height_px) / around.height.max(1.0),
    );
    let scaled = |at: Point| {
        let from = at - still;
        still + point(from.x * scale.x, from.y * scale.y)
    };
    if start.rotation_deg == 0 {
        // Edges, so that what lies side by side still does.
        let rect = Rect::from(start.at);
        let first = scaled(point(rect.left, rect.top));
        let last = scaled(point(rect.right, rect.bottom));
        let (x_px, y_px) = (place_px(first.x), place_px(first.y));
        return Area {
            x_px,
            y_px,
            width_px: (place_px(last.x) - x_px).clamp(1, PLACE_PX_MAX),
            height_px: (place_px(last.y) - y_px).clamp(1, PLACE_PX_MAX),
        };
    }
    let before = turned(start);
    let (longer, higher) = before.turn.stretch(scale.x, scale.y);
    let size = (
        size_px(before.width * longer),
        size_px(before.height * higher),
    );
    area_about(scaled(before.center), size)
}
