//! What lies over the canvas, made of the editor's state; and which handle a pointer is at.

use crate::geometry::{Point, Quad, Rect, Turn, Turned, point};
use crate::gesture::{Gesture, box_of};
use crate::input::PointerKind;
use crate::overlay::{Gap, GuideMark, Handle, HandleMark, Label, Line, Outline, Overlay};
use crate::snap::{Distance, Match};
use crate::tree::{room_of, turned};
use crate::{Editor, Tool};
use model::document::{Draw, Element, Picture};

/// Above the upper edge, in pixels of the viewport.
const ROTATE_PX: f64 = 24.0;
/// On a side that is shorter, only the corners have handles.
const EDGE_PX_MIN: f64 = 40.0;
/// Where both are, there is one corner only.
const CORNERS_PX_MIN: f64 = 16.0;
/// Below the box.
const LABEL_PX: f64 = 20.0;

impl Editor {
    pub fn overlay(&self) -> Overlay {
        let selected = self.selected();
        let mut overlay = Overlay {
            outlines: selected.iter().map(|it| self.outline(it)).collect(),
            hover: self.hovered(),
            inside: self.inside_quad(),
            empties: self.empty_quads(),
            guides: self.guide_marks(),
            ..Overlay::default()
        };
        if selected.len() > 1 {
            overlay.bounds = Self::around(&selected).map(|rect| self.quad(rect.into()));
        }
        match &self.gesture {
            Gesture::None | Gesture::Pressed(_) | Gesture::Spent | Gesture::Pinching(_) => {
                overlay.handles = self.handles();
            }
            Gesture::Panning(_) => overlay.handles = self.handles(),
            Gesture::Moving(moving) => {
                self.lines(&mut overlay, &moving.matches, &moving.distances);
                overlay.label = self.label(|rect| pair(rect.left, ", ", rect.top));
            }
            Gesture::Resizing(resizing) => {
                overlay.handles = self.handles();
                self.lines(&mut overlay, &resizing.matches, &[]);
                overlay.label = self.size_label();
            }
            Gesture::Drawing(drawing) => {
                let drawn = self.list().iter().find(|it| it.id == drawing.id);
                overlay.bounds = None;
                overlay.outlines = drawn.map(|it| self.outline(it)).into_iter().collect();
                self.lines(&mut overlay, &drawing.matches, &[]);
                overlay.label = drawn.map(|it| Label {
                    at: self.below(turned(it).bounds()),
                    text: pair(it.at.width_px.into(), " × ", it.at.height_px.into()),
                });
            }
            Gesture::Turning(_) => {
                let deg = selected.first().map_or(0, |it| it.rotation_deg);
                overlay.label = self.label(|_| number(deg.into()) + "°");
            }
            Gesture::Marquee(from) => {
                let from = self.view.to_viewport(*from);
                overlay.marquee = Some(Rect::between(from, self.held.at));
            }
            Gesture::Guide(drag) => {
                let guides = self.guides();
                let held = guides.iter().enumerate();
                let mut held = held.filter(|(index, _)| drag.is(*index, guides.len()));
                overlay.label = self.trial.is_some().then_some(()).and_then(|()| {
                    let (_, guide) = held.next()?;
                    Some(Label {
                        at: self.held.at + point(12.0, 12.0),
                        text: number(guide.at_px),
                    })
                });
            }
        }
        overlay
    }

    fn outline(&self, element: &Element) -> Outline {
        Outline {
            id: element.id.clone(),
            quad: self.quad(turned(element)),
        }
    }

    /// In the viewport.
    fn quad(&self, of: Turned) -> Quad {
        let on_canvas = self.frame().out_box(of);
        on_canvas.corners().map(|at| self.view.to_viewport(at))
    }

    fn hovered(&self) -> Option<Outline> {
        let id = self.hover.as_ref()?;
        let is_idle = matches!(self.gesture, Gesture::None);
        if !is_idle || self.selection.contains(id) {
            return None;
        }
        // From the layers it may be anywhere.
        let on_canvas = self.on_canvas(id)?;
        Some(Outline {
            id: id.clone(),
            quad: on_canvas.corners().map(|at| self.view.to_viewport(at)),
        })
    }

    fn empty_quads(&self) -> Vec<Quad> {
        if self.document.theme.logo.is_some() {
            return Vec::new();
        }
        let is_logo = |picture: &Picture| *picture == Picture::Logo;
        let mut empty = Vec::new();
        let mut lists = vec![self.place.top(&self.document)];
        while let Some(list) = lists.pop() {
            for it in list.iter().filter(|it| !it.hidden) {
                let shows_none = match &it.draw {
                    Draw::Image(image) => is_logo(&image.picture),
                    Draw::Sponsors(reel) => reel.pictures.iter().all(is_logo),
                    _ => false,
                };
                if shows_none && let Some(there) = self.on_canvas(&it.id) {
                    empty.push(there.corners().map(|at| self.view.to_viewport(at)));
                }
                lists.push(it.draw.children());
            }
        }
        empty
    }

    fn inside_quad(&self) -> Option<Quad> {
        let trail = self.place.trail(&self.document);
        let room = room_of(trail.last()?);
        Some(self.quad(room.into()))
    }

    fn guide_marks(&self) -> Vec<GuideMark> {
        if !self.settings.guides {
            return Vec::new();
        }
        let guides = self.guides();
        let mark = |(index, guide): (usize, &model::document::Guide)| GuideMark {
            index,
            axis: guide.axis,
            at: self.guide_px(*guide),
            is_active: match &self.gesture {
                Gesture::Guide(drag) => drag.is(index, guides.len()),
                Gesture::None => self.hover_guide == Some(index),
                _ => false,
            },
        };
        guides.iter().enumerate().map(mark).collect()
    }

    /// The box that handles are on, in the viewport.
    fn handle_box(&self) -> Option<Turned> {
        if self.tool != Tool::Select {
            return None;
        }
        let around = self.frame().out_box(box_of(&self.free())?);
        Some(Turned {
            center: self.view.to_viewport(around.center),
            width: around.width * self.view.scale,
            height: around.height * self.view.scale,
            turn: around.turn,
        })
    }

    fn handles(&self) -> Vec<HandleMark> {
        let Some(of) = self.handle_box() else {
            return Vec::new();
        };
        let is_tiny = of.width < CORNERS_PX_MIN && of.height < CORNERS_PX_MIN;
        let is_shown = |(x, y): &(i8, i8)| match (x, y) {
            (0, _) => of.width >= EDGE_PX_MIN,
            (_, 0) => of.height >= EDGE_PX_MIN,
            corner => !is_tiny || corner == (&1, &1),
        };
        let mark = |handle, at| HandleMark {
            handle,
            at,
            turn_deg: of.turn.deg,
        };
        let edges = Handle::EDGES.into_iter().filter(is_shown).map(|(x, y)| {
            let at = of.place(x.into(), y.into());
            mark(Handle::Edge { x, y }, at)
        });
        let above = of.place(0.0, -1.0) + of.turn.of_point(point(0.0, -ROTATE_PX));
        let rotate = mark(Handle::Rotate, above);
        std::iter::once(rotate).chain(edges).collect()
    }

    /// And how it is turned.
    pub(crate) fn handle_at(&self, at: Point, kind: PointerKind) -> Option<(Handle, i32)> {
        let reach = match kind {
            PointerKind::Mouse => 6.0,
            PointerKind::Pen => 8.0,
            PointerKind::Touch => 16.0,
        };
        let of = self.handle_box()?;
        // What is small stays something to take hold of by its middle.
        let reach = match of.holds(at) {
            true => (of.width.min(of.height) / 4.0).min(reach),
            false => reach,
        };
        let handles = self.handles();
        let near = handles
            .iter()
            .filter(|mark| mark.at.distance(at) <= reach)
            .min_by(|a, b| a.at.distance(at).total_cmp(&b.at.distance(at)));
        if let Some(mark) = near {
            return Some((mark.handle, mark.turn_deg));
        }
        // A whole edge is taken where it has its handle, as in slides. Fingers need the room.
        if kind == PointerKind::Touch {
            return None;
        }
        let own = of.own(at);
        let edge = handles.iter().find(|mark| {
            let Handle::Edge { x, y } = mark.handle else {
                return false;
            };
            let (half_x, half_y) = (of.width / 2.0, of.height / 2.0);
            let is_at = |own: f64, edge: f64| (own - edge).abs() <= reach.min(3.0);
            match (x, y) {
                (0, y) => is_at(own.y, f64::from(y) * half_y) && own.x.abs() < half_x,
                (x, 0) => is_at(own.x, f64::from(x) * half_x) && own.y.abs() < half_y,
                _ => false,
            }
        });
        edge.map(|mark| (mark.handle, mark.turn_deg))
    }

    fn lines(&self, overlay: &mut Overlay, matches: &[Match], distances: &[Distance]) {
        let frame = self.frame();
        let shown = |at: Point| self.view.to_viewport(frame.out(at));
        overlay.lines = matches
            .iter()
            .map(|it| Line {
                from: shown(it.from),
                to: shown(it.to),
            })
            .collect();
        overlay.gaps = distances
            .iter()
            .map(|it| Gap {
                line: Line {
                    from: shown(it.from),
                    to: shown(it.to),
                },
                text: number(it.px.round() as i32),
            })
            .collect();
    }

    fn label(&self, text: impl Fn(Rect) -> String) -> Option<Label> {
        let rect = Self::around(&self.free())?;
        Some(Label {
            at: self.below(rect),
            text: text(rect),
        })
    }

    fn size_label(&self) -> Option<Label> {
        let free = self.free();
        let of = box_of(&free)?;
        self.label(|_| pair(of.width, " × ", of.height))
    }

    fn below(&self, rect: Rect) -> Point {
        let frame = self.frame();
        let on_canvas = frame.out_box(Turned {
            turn: Turn::NONE,
            ..Turned::from(rect)
        });
        let bounds = on_canvas.bounds();
        let bottom = point(bounds.center().x, bounds.bottom);
        self.view.to_viewport(bottom) + point(0.0, LABEL_PX)
    }
}

fn number(px: i32) -> String {
    px.to_string()
}

fn pair(first: f64, between: &str, second: f64) -> String {
    [
        &*number(first.round() as i32),
        between,
        &*number(second.round() as i32),
    ]
    .concat()
}
