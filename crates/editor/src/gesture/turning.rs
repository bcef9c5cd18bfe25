//! Rotating: one element about its middle, several about the middle of the box around them.

use super::{Gesture, box_of};
use crate::Editor;
use crate::geometry::{Point, Turn, Turned, area_about, normal_deg, whole};
use crate::outcome::Redraw;
use crate::step::label;
use crate::tree::turned;
use model::document::{Edit, Element, Property};

/// With Shift.
const STEP_DEG: f64 = 15.0;
/// Held without Shift, where it is as near as `NEAR_DEG`.
const DIAGONAL_DEG: f64 = 45.0;
const NEAR_DEG: f64 = 2.0;

#[derive(Debug)]
pub(crate) struct Turning {
    /// Where one works.
    center: Point,
    /// Of the pointer about it, at the begin.
    from_deg: f64,
    starts: Vec<Element>,
    label: String,
}

impl Turning {
    pub(super) fn label(self) -> String {
        self.label
    }
}

impl Editor {
    pub(super) fn begin_turning(&mut self) -> Gesture {
        let free = self.free();
        let Some(Turned { center, .. }) = box_of(&free) else {
            return Gesture::Spent;
        };
        Gesture::Turning(Turning {
            center,
            from_deg: angle_deg(self.local(self.held.from) - center),
            label: label("Rotate", &free),
            starts: free.into_iter().cloned().collect(),
        })
    }

    pub(super) fn go_on_turning(&mut self, turning: &mut Turning) {
        let now_deg = angle_deg(self.local(self.held.at) - turning.center);
        let by_deg = now_deg - turning.from_deg;
        // One comes to stand at whole steps; several turn by them.
        let first_deg = match &*turning.starts {
            [one] => f64::from(one.rotation_deg),
            _ => 0.0,
        };
        let held = self.held.modifiers;
        let mut deg = first_deg + by_deg;
        let diagonal = (deg / DIAGONAL_DEG).round() * DIAGONAL_DEG;
        if held.shift {
            deg = (deg / STEP_DEG).round() * STEP_DEG;
        } else if !held.is_command() && (deg - diagonal).abs() <= NEAR_DEG {
            deg = diagonal;
        }
        let by_deg = whole(deg - first_deg);
        let edits = self.turned_edits(&turning.starts, turning.center, by_deg);
        self.try_out(Some(Edit::All(edits)));
        self.out.redraw(Redraw::Overlay);
    }

    pub(crate) fn turned_edits(&self, starts: &[Element], center: Point, by_deg: i32) -> Vec<Edit> {
        let mut edits = Vec::new();
        if by_deg.rem_euclid(360) == 0 {
            return edits;
        }
        for start in starts {
            let from_center = turned(start).center - center;
            let middle = center + Turn::of(by_deg).of_point(from_center);
            let at = area_about(middle, (start.at.width_px, start.at.height_px));
            let deg = normal_deg(i32::from(start.rotation_deg) + by_deg);
            edits.push(self.set(&start.id, Property::RotationDeg(deg)));
            if at != start.at {
                edits.push(self.set(&start.id, Property::At(at)));
            }
        }
        edits
    }
}

fn angle_deg(from_center: Point) -> f64 {
    from_center.y.atan2(from_center.x).to_degrees()
}
