//! How the canvas lies in the viewport.
//!
//! Owns scale and offset, zoom and pan. Knows no document and no pointer.

use crate::geometry::{Point, Rect, point};
use crate::limits::{OFFSET_PX_MAX, SCALE_MAX, SCALE_MIN};
use model::document::Canvas;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Viewport pixels to one of the canvas.
    pub scale: f64,
    /// Where in the viewport the canvas has its top left corner.
    pub offset: Point,
    pub width_px: f64,
    pub height_px: f64,
}

/// Where zooming by steps stops on its way.
const STEPS: [f64; 17] = [
    0.02, 0.03, 0.06, 0.125, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 16.0, 32.0, 64.0,
];

/// Left free around what is fitted.
const MARGIN_PX: f64 = 32.0;

impl View {
    pub(crate) const UNSEEN: Self = Self {
        scale: 1.0,
        offset: point(0.0, 0.0),
        width_px: 0.0,
        height_px: 0.0,
    };

    pub fn to_canvas(&self, at: Point) -> Point {
        (at - self.offset) * (1.0 / self.scale)
    }

    pub fn to_viewport(&self, at: Point) -> Point {
        at * self.scale + self.offset
    }

    /// What of the canvas and around it can be seen.
    pub fn visible(&self) -> Rect {
        let corner = point(self.width_px, self.height_px);
        Rect::between(self.to_canvas(Point::default()), self.to_canvas(corner))
    }

    pub(crate) fn center(&self) -> Point {
        point(self.width_px / 2.0, self.height_px / 2.0)
    }

    pub(crate) fn panned(self, by: Point) -> Self {
        let offset = self.offset + by;
        let bounded = |px: f64| px.clamp(-OFFSET_PX_MAX, OFFSET_PX_MAX);
        Self {
            offset: point(bounded(offset.x), bounded(offset.y)),
            ..self
        }
    }

    /// What lies at a place of the viewport stays there.
    pub(crate) fn zoomed(self, scale: f64, at: Point) -> Self {
        let under = self.to_canvas(at);
        let scale = scale.clamp(SCALE_MIN, SCALE_MAX);
        let zoomed = Self { scale, ..self };
        zoomed.panned(at - zoomed.to_viewport(under))
    }

    pub(crate) fn stepped(self, is_closer: bool) -> Self {
        // What a fit left a hair beside a step is that step.
        let beyond = |step: &f64| match is_closer {
            true => *step > self.scale * 1.01,
            false => *step < self.scale * 0.99,
        };
        let step = match is_closer {
            true => STEPS.into_iter().find(beyond),
            false => STEPS.into_iter().rev().find(beyond),
        };
        self.zoomed(step.unwrap_or(self.scale), self.center())
    }

    /// All of it in the middle, with some room around.
    pub(crate) fn fitted(self, rect: Rect) -> Self {
        let room = |px: f64| (px - 2.0 * MARGIN_PX).max(px / 2.0).max(1.0);
        let wide = room(self.width_px) / rect.width().max(1.0);
        let high = room(self.height_px) / rect.height().max(1.0);
        let scale = wide.min(high).clamp(SCALE_MIN, SCALE_MAX);
        let fitted = Self {
            scale,
            offset: Point::default(),
            ..self
        };
        fitted.panned(self.center() - fitted.to_viewport(rect.center()))
    }
}

pub(crate) fn canvas_rect(canvas: Canvas) -> Rect {
    let corner = point(canvas.width_px.into(), canvas.height_px.into());
    Rect::between(Point::default(), corner)
}
