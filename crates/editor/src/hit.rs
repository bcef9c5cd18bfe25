//! What lies under a place of the viewport, and what a rectangle touches.
//!
//! Owns which elements a pointer can take. Changes nothing.

use crate::Editor;
use crate::geometry::{Point, Rect, Turned, length, point};
use crate::tree::{frame_of, turned};
use model::document::{Draw, Element, Fill, Form, Shape};

/// An element that a pointer can take, and what it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) inside: Option<String>,
    pub(crate) id: String,
}

/// However thin an element is drawn, so much of the viewport takes it.
const THIN_PX: f64 = 4.0;

impl Editor {
    /// The topmost where one works, else around it.
    pub(crate) fn hit(&self, at: Point) -> Option<Hit> {
        let trail = self.place.trail(&self.document);
        (0..=trail.len()).rev().find_map(|depth| {
            let (around, entered) = trail.split_at(depth);
            let left = entered.first().map(|element| &*element.id);
            let parent = around.last().copied();
            let list = parent.map_or(self.place.top(&self.document), |it| it.draw.children());
            let own = frame_of(around).into(self.view.to_canvas(at));
            let own = in_row(parent, own);
            let element = self.topmost(list, own, left)?;
            Some(Hit {
                inside: parent.map(|parent| parent.id.clone()),
                id: element.id.clone(),
            })
        })
    }

    /// Where one works, from the topmost down.
    pub(crate) fn hits(&self, at: Point) -> Vec<&Element> {
        let own = self.own(at);
        let list = self.list().iter().rev();
        list.filter(|element| self.takes(element, own)).collect()
    }

    /// Whether something selected is under it, be it beneath others.
    pub(crate) fn selected_at(&self, at: Point) -> bool {
        let own = self.own(at);
        let free = self.free();
        free.iter().any(|element| turned(element).holds(own))
    }

    /// A place of the viewport where one works; in a list, in whichever row it is.
    fn own(&self, at: Point) -> Point {
        let trail = self.place.trail(&self.document);
        in_row(trail.last().copied(), self.local(at))
    }

    fn topmost<'a>(
        &self,
        list: &'a [Element],
        at: Point,
        but: Option<&str>,
    ) -> Option<&'a Element> {
        let mut from_top = list.iter().rev();
        from_top.find(|element| but != Some(&*element.id) && self.takes(element, at))
    }

    fn is_off(&self, element: &Element) -> bool {
        self.off.contains(&element.id)
    }

    fn takes(&self, element: &Element, at: Point) -> bool {
        !element.locked
            && !self.is_off(element)
            && is_drawn_at(element, at, THIN_PX / self.view.scale)
    }

    /// Those where one works that an upright rectangle of the canvas touches, or has in it.
    pub(crate) fn within(&self, rect: Rect, is_whole: bool) -> Vec<String> {
        let frame = self.frame();
        let is_in = |element: &&Element| {
            if element.locked || element.hidden || self.is_off(element) {
                return false;
            }
            let on_canvas = frame.out_box(turned(element));
            match is_whole {
                true => on_canvas.corners().into_iter().all(|at| rect.holds(at)),
                false => on_canvas.touches(rect),
            }
        };
        let found = self.list().iter().filter(is_in);
        found.map(|element| element.id.clone()).collect()
    }
}

/// All rows of a list are drawn from the same elements.
fn in_row(parent: Option<&Element>, at: Point) -> Point {
    let Some(Draw::Arrivals(rows) | Draw::Races(rows)) = parent.map(|parent| &parent.draw) else {
        return at;
    };
    let pitch = f64::from(rows.pitch_px.max(1));
    let row = (at.y / pitch).floor();
    match row >= 0.0 && row < f64::from(rows.count_max) {
        true => point(at.x, at.y - row * pitch),
        false => at,
    }
}

fn is_drawn_at(element: &Element, at: Point, thin: f64) -> bool {
    if element.hidden {
        return false;
    }
    let exact = turned(element);
    let of = Turned {
        width: exact.width.max(thin),
        height: exact.height.max(thin),
        ..exact
    };
    match &element.draw {
        Draw::Group(group) => {
            let own = exact.own(at) + point(exact.width / 2.0, exact.height / 2.0);
            let mut children = group.elements.iter();
            children.any(|child| is_drawn_at(child, own, thin))
        }
        Draw::Shape(shape) => of.holds(at) && is_painted_at(shape, of, of.own(at), thin),
        _ => of.holds(at),
    }
}

/// What is hollow is taken by its border only: it lies around others.
fn is_painted_at(shape: &Shape, of: Turned, own: Point, thin: f64) -> bool {
    let band = match (&shape.fill, shape.border) {
        (Fill::None, Some(border)) => Some(f64::from(border.width_px).max(thin)),
        _ => None,
    };
    let half = point(of.width / 2.0, of.height / 2.0);
    let is_inside = |less: f64| {
        let (x, y) = (half.x - less, half.y - less);
        if x <= 0.0 || y <= 0.0 {
            return false;
        }
        match shape.form {
            Form::Rectangle => own.x.abs() <= x && own.y.abs() <= y,
            Form::Ellipse => length(own.x / x, own.y / y) <= 1.0,
        }
    };
    is_inside(0.0) && band.is_none_or(|band| !is_inside(band))
}
