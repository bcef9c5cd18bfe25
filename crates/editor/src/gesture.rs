//! Pointers: from pressing through dragging to letting go.
//!
//! Owns which gesture is in progress and how it begins, goes on and ends. What a gesture does to
//! elements is in the modules below; what it comes to is tried out and kept by `Editor`.

mod drawing;
mod guide;
mod moving;
mod press;
mod resizing;
mod turning;
mod wheel;

pub(crate) use resizing::{box_of, resized_area};

use crate::geometry::{Point, Rect};
use crate::input::{Button, Modifiers, Phase, Pointer, PointerKind, Target};
use crate::limits::FINGERS_MAX;
use crate::outcome::{Cursor, Effect, Redraw};
use crate::overlay::Handle;
use crate::tree::Place;
use crate::{Editor, Tool};
use drawing::Drawing;
use guide::GuideDrag;
use model::document::Axis;
use moving::Moving;
use press::Press;
use resizing::Resizing;
use turning::Turning;
use wheel::Pinch;

#[derive(Debug)]
pub(crate) enum Gesture {
    None,
    /// Down, and not dragged yet.
    Pressed(Press),
    Moving(Moving),
    Resizing(Resizing),
    Turning(Turning),
    /// From this place of the canvas.
    Marquee(Point),
    Drawing(Drawing),
    Guide(GuideDrag),
    /// From this place of the viewport.
    Panning(Point),
    Pinching(Pinch),
    /// Over, though something is still down.
    Spent,
}

/// The pointer that a gesture is of, and how things were when it went down.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) pointer: i32,
    pub(crate) kind: PointerKind,
    pub(crate) at: Point,
    pub(crate) from: Point,
    pub(crate) modifiers: Modifiers,
    pub(crate) selection: Vec<String>,
    is_deep: bool,
    place: Option<Place>,
    fingers: Vec<(i32, Point)>,
}

impl Default for Held {
    fn default() -> Self {
        Self {
            pointer: 0,
            kind: PointerKind::Mouse,
            at: Point::default(),
            from: Point::default(),
            modifiers: Modifiers::default(),
            selection: Vec::new(),
            is_deep: false,
            place: None,
            fingers: Vec::new(),
        }
    }
}

impl Held {
    /// Viewport pixels until a press is a drag.
    fn is_dragged(&self) -> bool {
        let slack_px = match self.kind {
            PointerKind::Mouse | PointerKind::Pen => 3.0,
            PointerKind::Touch => 8.0,
        };
        self.at.distance(self.from) >= slack_px
    }
}

impl Editor {
    pub(crate) fn pointer(&mut self, pointer: Pointer) {
        if !pointer.at.is_finite() {
            return;
        }
        if pointer.kind == PointerKind::Touch && self.finger(pointer) {
            return;
        }
        let is_ours = self.held.pointer == pointer.id;
        match pointer.phase {
            Phase::Down => {
                if matches!(self.gesture, Gesture::None) || is_ours {
                    // Where it went up was never told.
                    self.finish();
                    self.down(pointer);
                }
            }
            Phase::Move => {
                if matches!(self.gesture, Gesture::None) {
                    self.held.modifiers = pointer.modifiers;
                    self.hover(pointer);
                } else if is_ours {
                    self.held.at = pointer.at;
                    self.held.modifiers = pointer.modifiers;
                    self.go_on();
                }
            }
            Phase::Up => {
                if is_ours {
                    self.held.at = pointer.at;
                    self.held.modifiers = pointer.modifiers;
                    self.go_on();
                    self.finish();
                }
            }
            Phase::Cancel => {
                if is_ours {
                    self.cancel();
                    self.gesture = Gesture::None;
                }
            }
        }
    }

    /// Whether that is all there is to a finger: with another it pinches, and then does nothing
    /// until all are away.
    fn finger(&mut self, pointer: Pointer) -> bool {
        let fingers = &mut self.held.fingers;
        let known = fingers.iter().position(|(id, _)| *id == pointer.id);
        match (pointer.phase, known) {
            (Phase::Down, None) if fingers.len() < FINGERS_MAX => {
                fingers.push((pointer.id, pointer.at));
                match fingers.len() {
                    1 => false,
                    2 => {
                        self.cancel();
                        self.pinch();
                        true
                    }
                    _ => true,
                }
            }
            (Phase::Move, Some(index)) => {
                if let Some(finger) = fingers.get_mut(index) {
                    finger.1 = pointer.at;
                }
                if let Gesture::Pinching(pinch) = &self.gesture {
                    let view = pinch.view(self.view, &self.held.fingers);
                    self.look(view);
                }
                matches!(self.gesture, Gesture::Pinching(_) | Gesture::Spent)
            }
            (Phase::Up | Phase::Cancel, Some(index)) => {
                fingers.remove(index);
                let is_last = fingers.is_empty();
                let is_over = matches!(self.gesture, Gesture::Pinching(_) | Gesture::Spent);
                if is_over {
                    self.gesture = if is_last {
                        Gesture::None
                    } else {
                        Gesture::Spent
                    };
                }
                is_over
            }
            _ => false,
        }
    }

    fn down(&mut self, pointer: Pointer) {
        self.held = Held {
            pointer: pointer.id,
            kind: pointer.kind,
            at: pointer.at,
            from: pointer.at,
            modifiers: pointer.modifiers,
            selection: self.selection.clone(),
            is_deep: self.is_deep,
            place: Some(self.place.clone()),
            fingers: std::mem::take(&mut self.held.fingers),
        };
        self.history.settle();
        let is_hand = self.tool == Tool::Hand || pointer.modifiers.space;
        self.gesture = match (pointer.button, pointer.over) {
            (Button::Primary, Target::Ruler(axis)) => Gesture::Guide(GuideDrag::new(axis)),
            (Button::Middle, _) => Gesture::Panning(pointer.at),
            (Button::Primary, _) if is_hand => Gesture::Panning(pointer.at),
            (Button::Primary, Target::Viewport) => self.press(pointer),
            (Button::Secondary, _) => {
                self.menu(pointer.at);
                Gesture::Spent
            }
        };
    }

    /// A finger that rests does what the second button of a mouse does.
    pub(crate) fn long_press(&mut self) {
        if matches!(self.gesture, Gesture::Pressed(_)) {
            self.gesture = Gesture::Spent;
            self.menu(self.held.at);
        }
    }

    fn menu(&mut self, at: Point) {
        match self.hit(at) {
            Some(hit) if !self.selection.contains(&hit.id) => {
                let is_within = self.is_deep && self.selected_at(at);
                if !is_within {
                    self.take(hit);
                }
            }
            None if !self.selected_at(at) => self.select(Vec::new()),
            _ => {}
        }
        self.out.effects.push(Effect::OpenMenu(at));
    }

    /// The pointer, the keys that are held, or the view have changed.
    pub(crate) fn go_on(&mut self) {
        let gesture = std::mem::replace(&mut self.gesture, Gesture::None);
        self.gesture = match gesture {
            Gesture::Pressed(press) if self.held.is_dragged() => {
                let drag = self.drag(press);
                self.gesture = drag;
                return self.go_on_dragging();
            }
            other => other,
        };
        self.go_on_dragging();
    }

    fn go_on_dragging(&mut self) {
        let mut gesture = std::mem::replace(&mut self.gesture, Gesture::None);
        match &mut gesture {
            Gesture::Moving(moving) => self.go_on_moving(moving),
            Gesture::Resizing(resizing) => self.go_on_resizing(resizing),
            Gesture::Turning(turning) => self.go_on_turning(turning),
            Gesture::Drawing(drawing) => self.go_on_drawing(drawing),
            Gesture::Guide(guide) => self.go_on_with_guide(guide),
            Gesture::Marquee(from) => self.go_on_marking(*from),
            Gesture::Panning(last) => {
                let by = self.held.at - *last;
                *last = self.held.at;
                self.look(self.view.panned(by));
            }
            Gesture::None | Gesture::Pressed(_) | Gesture::Pinching(_) | Gesture::Spent => {}
        }
        self.gesture = gesture;
    }

    /// Lets go of what is in the hand where it is.
    pub(crate) fn finish(&mut self) {
        match std::mem::replace(&mut self.gesture, Gesture::None) {
            Gesture::Pressed(press) => self.click(press),
            Gesture::Moving(moving) => self.finish_moving(&moving),
            Gesture::Resizing(resizing) => {
                self.keep(resizing.label());
            }
            Gesture::Turning(turning) => {
                self.keep(turning.label());
            }
            Gesture::Drawing(drawing) => self.finish_drawing(drawing),
            Gesture::Guide(guide) => {
                self.keep(guide.label());
            }
            Gesture::None
            | Gesture::Marquee(_)
            | Gesture::Panning(_)
            | Gesture::Pinching(_)
            | Gesture::Spent => {}
        }
        // What a gesture has shown over the canvas goes.
        self.out.redraw(Redraw::Overlay);
    }

    /// Takes back what is in the hand: nothing of it stays.
    pub(crate) fn cancel(&mut self) {
        if matches!(self.gesture, Gesture::None | Gesture::Spent) {
            return;
        }
        self.gesture = Gesture::Spent;
        self.try_out(None);
        if let Some(place) = self.held.place.take() {
            self.go(place);
        }
        self.select(self.held.selection.clone());
        self.is_deep = self.held.is_deep;
        self.out.redraw(Redraw::Overlay);
    }

    fn hover(&mut self, pointer: Pointer) {
        self.held.at = pointer.at;
        let is_selecting = self.tool == Tool::Select && pointer.over == Target::Viewport;
        let guide = is_selecting
            .then(|| self.guide_at(pointer.at))
            .flatten()
            .filter(|_| self.handle_at(pointer.at, pointer.kind).is_none());
        let hit = (is_selecting && guide.is_none())
            .then(|| self.hit(pointer.at))
            .flatten();
        // What stands further out has no outline where one works.
        let hover = hit.filter(|hit| hit.inside == self.place.inside);
        let hover = hover.map(|hit| hit.id);
        if hover != self.hover || guide != self.hover_guide {
            self.hover = hover;
            self.hover_guide = guide;
            self.out.redraw(Redraw::Overlay);
        }
    }

    fn go_on_marking(&mut self, from: Point) {
        let rect = Rect::between(from, self.view.to_canvas(self.held.at));
        let mut ids = match self.held.modifiers.shift {
            true => self.held.selection.clone(),
            false => Vec::new(),
        };
        for id in self.within(rect, self.held.modifiers.alt) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        self.select(ids);
        self.out.redraw(Redraw::Overlay);
    }

    pub(crate) fn cursor(&self) -> Cursor {
        match &self.gesture {
            Gesture::Panning(_) => return Cursor::Fist,
            Gesture::Moving(moving) if moving.is_copy() => return Cursor::Copy,
            Gesture::Moving(_) => return Cursor::Move,
            Gesture::Resizing(resizing) => return resizing.cursor(),
            Gesture::Turning(_) => return Cursor::Rotate,
            Gesture::Drawing(_) => return Cursor::Cross,
            Gesture::Guide(guide) => return guide_cursor(guide.axis()),
            Gesture::None
            | Gesture::Pressed(_)
            | Gesture::Marquee(_)
            | Gesture::Pinching(_)
            | Gesture::Spent => {}
        }
        let at = self.held.at;
        match self.tool {
            Tool::Hand => Cursor::Hand,
            _ if self.held.modifiers.space => Cursor::Hand,
            Tool::Insert(_) => Cursor::Cross,
            Tool::Select => {
                if let Some((handle, turn_deg)) = self.handle_at(at, self.held.kind) {
                    return handle_cursor(handle, turn_deg);
                }
                if let Some(index) = self.hover_guide {
                    let guide = self.guides().get(index);
                    return guide.map_or(Cursor::Arrow, |guide| guide_cursor(guide.axis));
                }
                match self.selected_at(at) || self.hover.is_some() {
                    true => Cursor::Move,
                    false => Cursor::Arrow,
                }
            }
        }
    }
}

fn guide_cursor(axis: Axis) -> Cursor {
    match axis {
        Axis::X => Cursor::Resize(0),
        Axis::Y => Cursor::Resize(90),
    }
}

fn handle_cursor(handle: Handle, turn_deg: i32) -> Cursor {
    let Handle::Edge { x, y } = handle else {
        return Cursor::Rotate;
    };
    let own_deg = match (x, y) {
        (_, 0) => 0,
        (0, _) => 90,
        (x, y) if x == y => 45,
        _ => 135,
    };
    let deg = (own_deg + turn_deg).rem_euclid(180);
    match deg {
        23..68 => Cursor::Resize(45),
        68..113 => Cursor::Resize(90),
        113..158 => Cursor::Resize(135),
        _ => Cursor::Resize(0),
    }
}
