//! Drawing a new element with its tool.

use crate::geometry::{Point, Rect, place_px, point, size_px};
use crate::outcome::{Effect, Redraw};
use crate::snap::{Match, Snapper};
use crate::{Editor, Kind, Tool};
use model::document::{Area, Axis, Edit, Element};

#[derive(Debug)]
pub(crate) struct Drawing {
    kind: Kind,
    pub(crate) id: String,
    /// Where one works.
    from: Point,
    snapper: Snapper,
    pub(crate) matches: Vec<Match>,
}

impl Drawing {
    pub(super) fn new(editor: &Editor, kind: Kind) -> Self {
        let snapper = editor.snapper(&[]);
        let mut from = editor.local(editor.held.from);
        if editor.is_snapping() {
            from = lined_up(&snapper, from, editor.reach());
        }
        Self {
            kind,
            id: editor.fresh_id(kind.id()),
            from,
            snapper,
            matches: Vec::new(),
        }
    }
}

fn lined_up(snapper: &Snapper, at: Point, reach: f64) -> Point {
    let on = |axis, at| snapper.edge(axis, at, reach);
    at + point(on(Axis::X, at.x), on(Axis::Y, at.y))
}

impl Editor {
    pub(super) fn go_on_drawing(&mut self, drawing: &mut Drawing) {
        let held = self.held.modifiers;
        let is_snapping = self.is_snapping();
        let mut to = self.local(self.held.at);
        if is_snapping {
            to = lined_up(&drawing.snapper, to, self.reach());
        }
        let mut by = to - drawing.from;
        if held.shift {
            let side = by.x.abs().max(by.y.abs());
            by = point(side.copysign(by.x), side.copysign(by.y));
        }
        let first = match held.alt {
            true => drawing.from - by,
            false => drawing.from,
        };
        let rect = Rect::between(first, drawing.from + by);
        let at = Area {
            x_px: place_px(rect.left),
            y_px: place_px(rect.top),
            width_px: size_px(rect.width()),
            height_px: size_px(rect.height()),
        };
        let element = self.made(drawing.kind, drawing.id.clone(), at);
        let edit = self.insert_edit(element);
        self.try_out(Some(edit));
        drawing.matches.clear();
        if is_snapping {
            drawing.matches = drawing.snapper.matches(at.into());
        }
        self.out.redraw(Redraw::Overlay);
    }

    pub(super) fn finish_drawing(&mut self, drawing: Drawing) {
        if self.keep(["Insert ", drawing.kind.word()].concat()) {
            self.inserted(drawing.kind, drawing.id);
        }
    }

    /// It is selected, the tool has done its work, and a text waits for its words, an image
    /// for its picture.
    pub(crate) fn inserted(&mut self, kind: Kind, id: String) {
        match kind {
            Kind::Text | Kind::Message => self.out.effects.push(Effect::EditText(id.clone())),
            Kind::Image => self.out.effects.push(Effect::ChoosePicture),
            _ => {}
        }
        self.select(vec![id]);
        self.tool = Tool::Select;
        self.out.panels = true;
    }

    pub(crate) fn insert_edit(&self, element: Element) -> Edit {
        let inserted = match self.trial.as_ref().map(|trial| &trial.forth) {
            Some(Edit::Insert { .. }) => 1,
            _ => 0,
        };
        self.insertion(self.list().len() - inserted, element)
    }
}
