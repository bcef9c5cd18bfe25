//! Where elements stand: in a scene, in groups and in rows.
//!
//! Owns finding them and the frames that they lie in. Changes nothing.

use crate::Editor;
use crate::geometry::{Frame, Rect, Turned};
use crate::view::canvas_rect;
use model::document::{Area, Document, Draw, Element, Guide, Layout, SceneLayout, ScenePath};

/// Where one works: what is selected and moved stands right in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub scene: ScenePath,
    /// The group or row that was entered.
    pub inside: Option<String>,
}

impl Place {
    pub(crate) fn layout<'a>(&self, document: &'a Document) -> Option<&'a Layout> {
        document.layouts.get(self.scene.layout)
    }

    pub(crate) fn scene<'a>(&self, document: &'a Document) -> Option<&'a SceneLayout> {
        document.scene_at(&self.scene).ok()
    }

    /// The elements of the scene itself.
    pub(crate) fn top<'a>(&self, document: &'a Document) -> &'a [Element] {
        self.scene(document).map_or(&[], |scene| &scene.elements)
    }

    /// Those one works on.
    pub(crate) fn list<'a>(&self, document: &'a Document) -> &'a [Element] {
        let top = self.top(document);
        match &self.inside {
            None => top,
            Some(id) => trail(top, id).last().map_or(&[], |it| it.draw.children()),
        }
    }

    /// From the outermost to the one entered.
    pub(crate) fn trail<'a>(&self, document: &'a Document) -> Vec<&'a Element> {
        match &self.inside {
            None => Vec::new(),
            Some(id) => trail(self.top(document), id),
        }
    }

    pub(crate) fn frame(&self, document: &Document) -> Frame {
        frame_of(&self.trail(document))
    }

    /// What things line up with in place of the canvas, in its own coordinates.
    pub(crate) fn room(&self, document: &Document) -> Rect {
        match self.trail(document).last() {
            None => self
                .layout(document)
                .map_or(Rect::from(Area::from([0; 4])), |it| canvas_rect(it.canvas)),
            Some(parent) => room_of(parent),
        }
    }
}

impl Editor {
    pub(crate) fn list(&self) -> &[Element] {
        self.place.list(&self.document)
    }

    pub(crate) fn frame(&self) -> Frame {
        self.place.frame(&self.document)
    }

    /// Those that may be moved.
    pub(crate) fn free(&self) -> Vec<&Element> {
        let selected = self.selected().into_iter();
        selected.filter(|element| !element.locked).collect()
    }

    /// Around elements, in the coordinates of where they stand.
    pub(crate) fn around(elements: &[&Element]) -> Option<Rect> {
        let bounds = elements.iter().map(|element| turned(element).bounds());
        bounds.reduce(Rect::and)
    }

    /// Those that are selected, in the order in which they lie.
    pub(crate) fn chosen(&self) -> Vec<&Element> {
        let list = self.list().iter();
        list.filter(|element| self.selection.contains(&element.id))
            .collect()
    }

    /// One of the scene with its place on the canvas.
    pub(crate) fn on_canvas(&self, id: &str) -> Option<Turned> {
        let trail = trail(self.place.top(&self.document), id);
        let (element, around) = trail.split_last()?;
        Some(frame_of(around).out_box(turned(element)))
    }

    pub(crate) fn guides(&self) -> &[Guide] {
        self.layout().map_or(&[], |layout| &layout.guides)
    }
}

/// Of a list it is its first row.
pub(crate) fn room_of(parent: &Element) -> Rect {
    let height_px = match &parent.draw {
        Draw::Arrivals(rows) | Draw::Races(rows) => rows.pitch_px.into(),
        _ => parent.at.height_px,
    };
    Rect::from(Area::from([0, 0, parent.at.width_px, height_px]))
}

pub(crate) fn frame_of(trail: &[&Element]) -> Frame {
    let within = |frame: Frame, element: &&Element| frame.within(turned(element));
    trail.iter().fold(Frame::CANVAS, within)
}

pub(crate) fn turned(element: &Element) -> Turned {
    Turned::of(element.at, element.rotation_deg)
}

/// From the outermost element to the one with the id. Empty where it is not there.
pub(crate) fn trail<'a>(elements: &'a [Element], id: &str) -> Vec<&'a Element> {
    fn look<'a>(elements: &'a [Element], id: &str, trail: &mut Vec<&'a Element>) -> bool {
        elements.iter().any(|element| {
            trail.push(element);
            let is_there = element.id == id || look(element.draw.children(), id, trail);
            if !is_there {
                trail.pop();
            }
            is_there
        })
    }
    let mut found = Vec::new();
    look(elements, id, &mut found);
    found
}

/// All of them, also those within others.
pub(crate) fn each<'a>(elements: &'a [Element], to: &mut dyn FnMut(&'a Element)) {
    for element in elements {
        to(element);
        each(element.draw.children(), to);
    }
}
