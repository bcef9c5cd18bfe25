//! Zoom and pan by wheel, trackpad and two fingers.

use super::Gesture;
use crate::Editor;
use crate::geometry::{Point, point};
use crate::input::Wheel;
use crate::view::View;

/// A notch of a wheel comes as a hundred pixels and more, a pinch as single ones.
const NOTCH_PX_MAX: f64 = 24.0;
const SCALE_PER_PX: f64 = 0.01;

#[derive(Debug)]
pub(crate) struct Pinch {
    fingers: [(i32, Point); 2],
    view: View,
}

impl Pinch {
    /// The canvas stays under both fingers, also while a tablet is turned below them: the room is
    /// that of `current`.
    pub(super) fn view(&self, current: View, now: &[(i32, Point)]) -> View {
        let [first, second] = self.fingers.map(|(id, before)| {
            let now = now.iter().find(|(other, _)| *other == id);
            (before, now.map_or(before, |(_, at)| *at))
        });
        let middle = |a: Point, b: Point| (a + b) * 0.5;
        let before = middle(first.0, second.0);
        let apart = |a: Point, b: Point| a.distance(b).max(1.0);
        let scale = self.view.scale * apart(first.1, second.1) / apart(first.0, second.0);
        let zoomed = self.view.zoomed(scale, before);
        View {
            width_px: current.width_px,
            height_px: current.height_px,
            ..zoomed.panned(middle(first.1, second.1) - before)
        }
    }
}

impl Editor {
    pub(super) fn pinch(&mut self) {
        if let [first, second, ..] = *self.held.fingers {
            self.gesture = Gesture::Pinching(Pinch {
                fingers: [first, second],
                view: self.view,
            });
        }
    }

    pub(crate) fn wheel(&mut self, wheel: Wheel) {
        if !wheel.at.is_finite() || !wheel.by.is_finite() {
            return;
        }
        let by = wheel.by;
        if wheel.modifiers.is_command() {
            let px = by.y.clamp(-NOTCH_PX_MAX, NOTCH_PX_MAX);
            let scale = self.view.scale * (-px * SCALE_PER_PX).exp();
            self.look(self.view.zoomed(scale, wheel.at));
        } else {
            // A wheel that has one direction goes across with Shift.
            let by = match wheel.modifiers.shift && by.x == 0.0 {
                true => point(by.y, 0.0),
                false => by,
            };
            self.look(self.view.panned(by * -1.0));
        }
        self.go_on();
    }
}
