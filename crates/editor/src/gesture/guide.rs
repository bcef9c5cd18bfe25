//! Guides: out of a ruler, along, and away again over the edge of the viewport.

use crate::Editor;
use crate::geometry::{Point, place_px};
use crate::outcome::Redraw;
use model::document::{Axis, Edit, Guide};

/// In pixels of the viewport.
const NEAR_PX: f64 = 3.0;

#[derive(Debug)]
pub(crate) struct GuideDrag {
    /// Among the layout's. `None` where it is a new one.
    index: Option<usize>,
    axis: Axis,
    is_away: bool,
}

impl GuideDrag {
    pub(super) fn new(axis: Axis) -> Self {
        Self {
            index: None,
            axis,
            is_away: true,
        }
    }

    pub(super) fn of(editor: &Editor, index: usize) -> Option<Self> {
        let guide = editor.layout()?.guides.get(index)?;
        Some(Self {
            index: Some(index),
            axis: guide.axis,
            is_away: false,
        })
    }

    pub(super) fn axis(&self) -> Axis {
        self.axis
    }

    pub(super) fn label(self) -> String {
        let label = match (self.index, self.is_away) {
            (None, _) => "Add guide",
            (Some(_), false) => "Move guide",
            (Some(_), true) => "Remove guide",
        };
        label.to_owned()
    }

    /// Which of the guides that are there is in the hand.
    pub(crate) fn is(&self, index: usize, count: usize) -> bool {
        match self.index {
            Some(own) => own == index,
            None => index + 1 == count,
        }
    }
}

impl Editor {
    pub(super) fn guide_at(&self, at: Point) -> Option<usize> {
        if !self.settings.guides || self.selected_at(at) {
            return None;
        }
        let guides = self.layout()?.guides.iter();
        guides
            .map(|guide| (self.guide_px(*guide) - along(guide.axis, at)).abs())
            .enumerate()
            .filter(|(_, distance)| *distance <= NEAR_PX)
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(index, _)| index)
    }

    /// In the viewport.
    pub(crate) fn guide_px(&self, guide: Guide) -> f64 {
        let px = f64::from(guide.at_px) * self.view.scale;
        match guide.axis {
            Axis::X => px + self.view.offset.x,
            Axis::Y => px + self.view.offset.y,
        }
    }

    pub(super) fn go_on_with_guide(&mut self, drag: &mut GuideDrag) {
        self.try_out(None);
        let Some(layout) = self.layout() else {
            return;
        };
        let at = self.held.at;
        let end = match drag.axis {
            Axis::X => self.view.width_px,
            Axis::Y => self.view.height_px,
        };
        let px = along(drag.axis, at);
        drag.is_away = px < 0.0 || px > end;
        let on_canvas = along(drag.axis, self.view.to_canvas(at));
        let guide = Guide {
            axis: drag.axis,
            at_px: place_px(on_canvas),
        };
        let mut guides = layout.guides.clone();
        match (drag.index, drag.is_away) {
            (Some(index), true) if index < guides.len() => {
                guides.remove(index);
            }
            (Some(index), false) => {
                if let Some(own) = guides.get_mut(index) {
                    *own = guide;
                }
            }
            (None, false) => guides.push(guide),
            (_, true) => {}
        }
        if guides != layout.guides {
            let layout = self.place.scene.layout;
            self.try_out(Some(Edit::Guides { layout, guides }));
        }
        self.out.redraw(Redraw::Overlay);
    }
}

fn along(axis: Axis, at: Point) -> f64 {
    match axis {
        Axis::X => at.x,
        Axis::Y => at.y,
    }
}
