//! Moving what is selected, or copies of it.

use crate::Editor;
use crate::geometry::{Point, Rect, bounded_by, moved, point, whole};
use crate::outcome::Redraw;
use crate::snap::{Distance, Match, Snapper};
use crate::step::label;
use model::document::{Area, Element};

#[derive(Debug)]
pub(crate) struct Moving {
    /// On the canvas.
    from: Point,
    selection: Vec<String>,
    /// What is moved, and where it was.
    starts: Vec<(String, Area)>,
    bounds: Rect,
    snapper: Snapper,
    /// Copies line up with their originals too.
    copy_snapper: Snapper,
    label: String,
    /// Made when they are first asked for, where the originals were.
    copies: Vec<Element>,
    is_copy: bool,
    pub(crate) matches: Vec<Match>,
    pub(crate) distances: Vec<Distance>,
}

impl Moving {
    pub(super) fn of(editor: &Editor) -> Option<Self> {
        let free = editor.free();
        let bounds = Editor::around(&free)?;
        let starts = free.iter().map(|it| (it.id.clone(), it.at));
        let starts: Vec<_> = starts.collect();
        let ids: Vec<String> = free.iter().map(|it| it.id.clone()).collect();
        Some(Self {
            from: editor.view.to_canvas(editor.held.from),
            selection: editor.selection.clone(),
            snapper: editor.snapper(&ids),
            copy_snapper: Snapper::default(),
            label: label("Move", &free),
            starts,
            bounds,
            copies: Vec::new(),
            is_copy: false,
            matches: Vec::new(),
            distances: Vec::new(),
        })
    }

    pub(crate) fn is_copy(&self) -> bool {
        self.is_copy
    }

    fn areas(&self) -> impl Iterator<Item = Area> {
        self.starts.iter().map(|(_, at)| *at)
    }
}

impl Editor {
    pub(super) fn go_on_moving(&mut self, moving: &mut Moving) {
        let held = self.held.modifiers;
        let frame = self.frame();
        let by = self.view.to_canvas(self.held.at) - moving.from;
        let mut by = frame.turn.back().of_point(by);
        let (mut free_x, mut free_y) = (1.0, 1.0);
        if held.shift {
            match by.x.abs() >= by.y.abs() {
                true => free_y = 0.0,
                false => free_x = 0.0,
            }
        }
        by = point(by.x * free_x, by.y * free_y);
        moving.is_copy = held.alt;
        if moving.is_copy && moving.copies.is_empty() {
            self.try_out(None);
            moving.copies = self.copies_of(&moving.starts);
            moving.copy_snapper = self.snapper(&[]);
        }
        let snapper = match moving.is_copy {
            true => &moving.copy_snapper,
            false => &moving.snapper,
        };
        let is_snapping = self.is_snapping();
        if is_snapping {
            let on = snapper.moved(moving.bounds.moved(by), self.reach());
            by = by + point(on.x * free_x, on.y * free_y);
        }
        let (x, y) = bounded_by(moving.areas(), (whole(by.x), whole(by.y)));
        let rect = moving.bounds.moved(point(x.into(), y.into()));
        moving.matches.clear();
        moving.distances.clear();
        if is_snapping {
            moving.matches = snapper.matches(rect);
            moving.distances = snapper.distances(rect);
        }
        let edit = match moving.is_copy {
            true => self.copies_at(&moving.copies, &moving.selection, (x, y)),
            false => {
                let areas = moving.starts.iter();
                let areas = areas.map(|(id, at)| (id.clone(), moved(*at, (x, y))));
                let is_moved = (x, y) != (0, 0);
                self.set_areas(areas.filter(|_| is_moved))
            }
        };
        self.try_out(Some(edit));
        let selection = match moving.is_copy {
            true => moving.copies.iter().map(|it| it.id.clone()).collect(),
            false => moving.selection.clone(),
        };
        self.select(selection);
        self.out.redraw(Redraw::Overlay);
    }

    pub(super) fn finish_moving(&mut self, moving: &Moving) {
        let after = std::mem::take(&mut self.selection);
        self.select(moving.selection.clone());
        let label = match moving.is_copy {
            true => moving.label.replacen("Move", "Duplicate", 1),
            false => moving.label.clone(),
        };
        if self.keep(label) {
            if moving.is_copy {
                self.clipboard.repeat(after.clone(), moving.areas().next());
            }
            self.select(after);
        }
    }

    fn copies_of(&self, starts: &[(String, Area)]) -> Vec<Element> {
        let list = self.list().iter();
        let those = list.filter(|element| starts.iter().any(|(id, _)| *id == element.id));
        self.renamed(those.cloned().collect())
    }
}
