//! What a press takes hold of, what a click on it does, and what a drag begins.

use super::{Drawing, Gesture, GuideDrag, Moving};
use crate::geometry::Point;
use crate::hit::Hit;
use crate::input::{Pointer, PointerKind};
use crate::outcome::Effect;
use crate::overlay::Handle;
use crate::{Editor, Kind, Tool};
use model::document::Draw;

#[derive(Debug)]
pub(crate) struct Press {
    /// What a drag takes.
    drags: Drags,
    click: Click,
}

#[derive(Debug)]
enum Drags {
    Handle(Handle),
    Guide(usize),
    /// What is selected then; first this is taken too.
    Selection(Option<(Hit, Also)>),
    /// A rectangle around what is to be selected.
    Marquee,
    New(Kind),
}

/// Whether others stay selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Also {
    Others,
    Alone,
}

/// Up again at the same place.
#[derive(Debug)]
enum Click {
    Nothing,
    Only(Hit),
    Toggle(Hit),
    /// The next below at that place.
    Below,
    /// Out of the group where it was beside it.
    Clear,
    EditText(String),
    New(Kind),
}

impl Editor {
    pub(super) fn press(&mut self, pointer: Pointer) -> Gesture {
        let at = pointer.at;
        if let Tool::Insert(kind) = self.tool {
            return pressed(Drags::New(kind), Click::New(kind));
        }
        let hit = self.hit(at);
        // Two with Control are two steps down.
        if pointer.clicks >= 2 && !pointer.modifiers.is_command() {
            return self.double(at, hit);
        }
        if let Some((handle, _)) = self.handle_at(at, pointer.kind) {
            let tapped = hit.filter(|hit| self.selection.contains(&hit.id));
            let click = tapped.and_then(|hit| self.second_tap(&hit, pointer.kind));
            return pressed(Drags::Handle(handle), click.unwrap_or(Click::Nothing));
        }
        if let Some(index) = self.guide_at(at) {
            return pressed(Drags::Guide(index), Click::Nothing);
        }
        let is_selected = hit
            .as_ref()
            .is_some_and(|hit| self.selection.contains(&hit.id));
        let is_within = self.is_deep && self.selected_at(at);
        let modifiers = pointer.modifiers;
        match hit {
            _ if modifiers.is_command() && !modifiers.shift => {
                let first = hit.filter(|_| !self.selected_at(at));
                let drags = match (&first, self.selected_at(at)) {
                    (None, false) => Drags::Marquee,
                    _ => Drags::Selection(first.map(|hit| (hit, Also::Alone))),
                };
                pressed(drags, Click::Below)
            }
            Some(hit) if modifiers.shift => {
                let added = (!is_selected).then(|| (hit.clone(), Also::Others));
                pressed(Drags::Selection(added), Click::Toggle(hit))
            }
            None if modifiers.shift => pressed(Drags::Marquee, Click::Nothing),
            Some(hit) if is_selected => {
                let click = self.second_tap(&hit, pointer.kind);
                pressed(Drags::Selection(None), click.unwrap_or(Click::Only(hit)))
            }
            hit if is_within => {
                let click = hit.map_or(Click::Nothing, Click::Only);
                pressed(Drags::Selection(None), click)
            }
            Some(hit) => {
                self.take(hit);
                pressed(Drags::Selection(None), Click::Nothing)
            }
            None => pressed(Drags::Marquee, Click::Clear),
        }
    }

    /// With a finger, a text that is selected is opened by another tap.
    fn second_tap(&self, hit: &Hit, kind: PointerKind) -> Option<Click> {
        let is_alone = kind == PointerKind::Touch && self.selection.len() == 1;
        let element = self.list().iter().find(|element| element.id == hit.id)?;
        let says = matches!(
            element.draw,
            Draw::Text(_) | Draw::Message(_) | Draw::Ticker(_)
        );
        (is_alone && says).then(|| Click::EditText(hit.id.clone()))
    }

    /// Into what lies there, down to a text's words.
    fn double(&mut self, at: Point, hit: Option<Hit>) -> Gesture {
        if let Some(hit) = hit {
            let is_deep = self.is_deep && self.selected_at(at);
            if !is_deep {
                self.take(hit);
            }
            self.open(Some(at));
        }
        Gesture::Spent
    }

    /// Into a group or row that is selected, or to what a text says.
    pub(crate) fn open(&mut self, at: Option<Point>) {
        let [id] = &*self.selection else {
            return;
        };
        let id = id.clone();
        let Some(element) = self.list().iter().find(|element| element.id == id) else {
            return;
        };
        match element.draw {
            Draw::Text(_) | Draw::Message(_) | Draw::Ticker(_) => {
                self.out.effects.push(Effect::EditText(id));
            }
            Draw::Group(_) | Draw::Arrivals(_) | Draw::Races(_) => {
                self.go_into(Some(id));
                let inside = match at {
                    Some(at) => self.hits(at).first().map(|element| element.id.clone()),
                    None => self.list().last().map(|element| element.id.clone()),
                };
                self.select(inside.into_iter().collect());
            }
            Draw::Image(_)
            | Draw::Shape(_)
            | Draw::Clock(_)
            | Draw::QrCode(_)
            | Draw::Sponsors(_) => {}
        }
    }

    /// Selects it alone, wherever it stands.
    pub(super) fn take(&mut self, hit: Hit) {
        self.go_into(hit.inside);
        self.select(vec![hit.id]);
    }

    pub(super) fn click(&mut self, press: Press) {
        match press.click {
            Click::Nothing => {}
            Click::Only(hit) => self.take(hit),
            Click::Toggle(hit) => self.toggle(hit),
            Click::Below => self.select_below(self.held.at),
            Click::Clear => {
                let is_beside = self.place.trail(&self.document).last().is_some() && {
                    let room = self.place.room(&self.document);
                    !room.holds(self.local(self.held.at))
                };
                self.select(Vec::new());
                if is_beside {
                    self.go_into(None);
                }
            }
            Click::EditText(id) => self.out.effects.push(Effect::EditText(id)),
            Click::New(kind) => self.insert_from(kind, self.view.to_canvas(self.held.at)),
        }
    }

    fn toggle(&mut self, hit: Hit) {
        if hit.inside != self.place.inside {
            return self.take(hit);
        }
        let mut ids = self.selection.clone();
        match ids.iter().position(|id| *id == hit.id) {
            Some(index) => {
                ids.remove(index);
            }
            None => ids.push(hit.id),
        }
        self.select(ids);
    }

    /// The one below what is selected at that place, and after the lowest the topmost again.
    fn select_below(&mut self, at: Point) {
        let stack = self.hits(at);
        let selected = stack
            .iter()
            .position(|element| self.selection.contains(&element.id));
        let next = selected.map_or(0, |index| index + 1);
        let below = stack.get(next).or(stack.first());
        let id = below.map(|element| element.id.clone());
        match id {
            Some(id) => {
                self.select(vec![id]);
                self.is_deep = true;
            }
            None => self.select(Vec::new()),
        }
    }

    /// A press has moved far enough.
    pub(super) fn drag(&mut self, press: Press) -> Gesture {
        match press.drags {
            Drags::Handle(Handle::Rotate) => self.begin_turning(),
            Drags::Handle(Handle::Edge { x, y }) => self.begin_resizing(x, y),
            Drags::Guide(index) => {
                GuideDrag::of(self, index).map_or(Gesture::Spent, Gesture::Guide)
            }
            Drags::Selection(taken) => {
                match taken {
                    Some((hit, Also::Others)) => self.toggle(hit),
                    Some((hit, Also::Alone)) => self.take(hit),
                    None => {}
                }
                Moving::of(self).map_or(Gesture::Spent, Gesture::Moving)
            }
            Drags::Marquee => Gesture::Marquee(self.view.to_canvas(self.held.from)),
            Drags::New(kind) => Gesture::Drawing(Drawing::new(self, kind)),
        }
    }
}

fn pressed(drags: Drags, click: Click) -> Gesture {
    Gesture::Pressed(Press { drags, click })
}
