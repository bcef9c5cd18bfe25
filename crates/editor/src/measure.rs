//! Place, size and rotation as numbers: what fields show, and what they set. Also by keys.

use crate::Editor;
use crate::command::{Amount, Direction, Measure};
use crate::geometry::{Rect, Turned, bounded_by, moved, normal_deg, point, size_px, whole};
use crate::gesture::box_of;
use crate::history::Join;
use crate::step::label;
use model::document::{Area, Edit, Element, Property};

/// Of what is selected; of several, of the box around them. Where one works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures {
    pub x_px: i32,
    pub y_px: i32,
    pub width_px: i32,
    pub height_px: i32,
    /// `None` where they differ.
    pub rotation_deg: Option<i16>,
}

impl Measures {
    pub fn get(&self, measure: Measure) -> Option<i32> {
        match measure {
            Measure::X => Some(self.x_px),
            Measure::Y => Some(self.y_px),
            Measure::Width => Some(self.width_px),
            Measure::Height => Some(self.height_px),
            Measure::RotationDeg => self.rotation_deg.map(i32::from),
        }
    }
}

impl Editor {
    /// `None` where nothing is selected.
    pub fn measures(&self) -> Option<Measures> {
        let selected = self.selected();
        let first = selected.first()?;
        let same = |it: &&Element| it.rotation_deg == first.rotation_deg;
        let rotation_deg = selected.iter().all(same).then_some(first.rotation_deg);
        let at = area_around(&selected)?;
        Some(Measures {
            x_px: at.x_px,
            y_px: at.y_px,
            width_px: at.width_px,
            height_px: at.height_px,
            rotation_deg,
        })
    }

    pub(crate) fn set_number(&mut self, measure: Measure, to: i32) {
        let free = self.free();
        let Some(at) = area_around(&free) else {
            return;
        };
        let join = Some(Join::Number(measure));
        match measure {
            Measure::X => self.move_by((to.saturating_sub(at.x_px), 0), join),
            Measure::Y => self.move_by((0, to.saturating_sub(at.y_px)), join),
            Measure::Width => self.size_to((size_px(to.into()), at.height_px), join),
            Measure::Height => self.size_to((at.width_px, size_px(to.into())), join),
            Measure::RotationDeg => {
                let deg = normal_deg(to);
                let label = label("Rotate", &free);
                let turned = free.iter().filter(|it| it.rotation_deg != deg);
                let set = turned.map(|it| self.set(&it.id, Property::RotationDeg(deg)));
                let edit = Edit::All(set.collect());
                self.commit(label, edit, join);
            }
        }
    }

    pub(crate) fn nudge(&mut self, direction: Direction, amount: Amount) {
        let (x, y) = direction.step();
        // As it looks on the canvas, also in a group that is turned.
        let by = point((x * amount.px()).into(), (y * amount.px()).into());
        let by = self.frame().turn.back().of_point(by);
        self.move_by((whole(by.x), whole(by.y)), Some(Join::Nudge));
    }

    fn move_by(&mut self, by: (i32, i32), join: Option<Join>) {
        let free = self.free();
        let by = bounded_by(free.iter().map(|it| it.at), by);
        if by == (0, 0) {
            return;
        }
        let areas = free.iter().map(|it| (it.id.clone(), moved(it.at, by)));
        let edit = self.set_areas(areas);
        let label = label("Move", &free);
        self.commit(label, edit, join);
    }

    pub(crate) fn grow(&mut self, direction: Direction, amount: Amount) {
        let (x, y) = direction.step();
        let Some(at) = area_around(&self.free()) else {
            return;
        };
        let size = (
            size_px((at.width_px + x * amount.px()).into()),
            size_px((at.height_px + y * amount.px()).into()),
        );
        self.size_to(size, Some(Join::Grow));
    }

    /// The left and top edges stand still.
    fn size_to(&mut self, size: (i32, i32), join: Option<Join>) {
        let free = self.free();
        let Some(around) = box_of(&free) else {
            return;
        };
        let starts: Vec<Element> = free.iter().copied().cloned().collect();
        let label = label("Resize", &free);
        let edits = self.resized_edits(&starts, around, (1.0, 1.0), size, false);
        self.commit(label, Edit::All(edits), join);
    }

    pub(crate) fn rotate(&mut self, by_deg: i16) {
        let free = self.free();
        let Some(Turned { center, .. }) = box_of(&free) else {
            return;
        };
        let starts: Vec<Element> = free.iter().copied().cloned().collect();
        let label = label("Rotate", &free);
        let edits = self.turned_edits(&starts, center, by_deg.into());
        self.commit(label, Edit::All(edits), Some(Join::Rotate));
    }
}

/// One's own, however it is turned; of several the upright box.
fn area_around(elements: &[&Element]) -> Option<Area> {
    if let [one] = elements {
        return Some(one.at);
    }
    let rect = Editor::around(elements)?;
    Some(area_of(rect))
}

fn area_of(rect: Rect) -> Area {
    let of = Turned::from(rect);
    Area {
        x_px: whole(rect.left),
        y_px: whole(rect.top),
        width_px: size_px(of.width),
        height_px: size_px(of.height),
    }
}
