//! The editor: a document, what is done to it, and what comes of each input.
//!
//! Owns the state and the way of a change through it: tried out, kept as a step, taken back. What
//! inputs mean is `gesture`'s and `run`'s.

use crate::clipboard::Clipboard;
use crate::command::Tool;
use crate::geometry::Point;
use crate::gesture::{Gesture, Held};
use crate::history::{History, Join, Situation, Step};
use crate::input::{Input, Modifiers};
use crate::limits::{GRID_PX_MAX, GRID_PX_MIN};
use crate::outcome::{Effect, Outcome, Redraw};
use crate::refusal::Refusal;
use crate::sort::sort;
use crate::tree::Place;
use crate::view::{View, canvas_rect};
use model::Document;
use model::document::{Edit, Element, Layout, Property, ScenePath};

pub struct Editor {
    pub(crate) document: Document,
    pub(crate) place: Place,
    /// In the order in which they were selected.
    pub(crate) selection: Vec<String>,
    /// It was chosen beneath others, by a key or in the layers: a drag within it moves it.
    pub(crate) is_deep: bool,
    pub(crate) view: View,
    pub(crate) tool: Tool,
    pub(crate) settings: Settings,
    pub(crate) history: History,
    pub(crate) clipboard: Clipboard,
    pub(crate) hover: Option<String>,
    pub(crate) hover_guide: Option<usize>,
    pub(crate) gesture: Gesture,
    pub(crate) held: Held,
    pub(crate) trial: Option<Trial>,
    pub(crate) off: Vec<String>,
    pub(crate) out: Outcome,
    is_new_step: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    pub snapping: bool,
    pub grid: bool,
    pub grid_px: i32,
    pub guides: bool,
}

/// A change that is seen and not yet committed: a gesture in progress.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) forth: Edit,
    back: Edit,
}

impl Editor {
    /// Of a document without fault. Where the scene is not there, it is the first layout's resting
    /// one.
    pub fn new(document: Document, scene: ScenePath) -> Self {
        let is_there = document.scene_at(&scene).is_ok();
        let first = || ScenePath {
            layout: 0,
            scene: "resting".to_owned(),
        };
        Self {
            place: Place {
                scene: if is_there { scene } else { first() },
                inside: None,
            },
            document,
            selection: Vec::new(),
            is_deep: false,
            view: View::UNSEEN,
            tool: Tool::Select,
            settings: Settings {
                snapping: true,
                grid: false,
                grid_px: 10,
                guides: true,
            },
            history: History::default(),
            clipboard: Clipboard::default(),
            hover: None,
            hover_guide: None,
            gesture: Gesture::None,
            held: Held::default(),
            trial: None,
            off: Vec::new(),
            out: Outcome::default(),
            is_new_step: false,
        }
    }

    /// The elements whose conditions do not hold for whom the template is tried with: as they are
    /// not drawn, pointers go through them. Layers and keys still reach them.
    pub fn set_off(&mut self, ids: Vec<String>) {
        self.off = ids;
    }

    pub fn input(&mut self, input: Input) -> Outcome {
        match input {
            Input::Pointer(pointer) => self.pointer(pointer),
            Input::LongPress => self.long_press(),
            Input::Wheel(wheel) => self.wheel(wheel),
            Input::Resized {
                width_px,
                height_px,
            } => self.resized(width_px, height_px),
            Input::Modifiers(modifiers) => self.modifiers(modifiers),
            Input::Command(command) => self.run(command),
        }
        self.mend();
        if std::mem::take(&mut self.is_new_step) {
            self.history.arrive(self.situation());
        }
        if self.trial.is_none() {
            self.history.fold(&self.document);
        }
        self.out.cursor = self.cursor();
        std::mem::take(&mut self.out)
    }

    /// With a gesture in progress, as it would become.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Whose elements are selected and moved.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Ids, in the order in which they were selected. All have the same parent.
    pub fn selection(&self) -> &[String] {
        &self.selection
    }

    /// The elements, in the same order.
    pub fn selected(&self) -> Vec<&Element> {
        let list = self.list();
        let of = |id: &String| list.iter().find(|element| element.id == *id);
        self.selection.iter().filter_map(of).collect()
    }

    pub fn view(&self) -> &View {
        &self.view
    }

    pub fn tool(&self) -> Tool {
        self.tool
    }

    pub fn settings(&self) -> Settings {
        self.settings
    }

    pub fn layout(&self) -> Option<&Layout> {
        self.place.layout(&self.document)
    }

    /// Whether a pointer is at work.
    pub fn is_busy(&self) -> bool {
        !matches!(self.gesture, Gesture::None)
    }

    /// Committed changes that were not told to be saved, the oldest first; at most
    /// `limits::SAVE_EDITS_MAX` at once. A step that still goes on is not among them: `Settle` it
    /// first.
    pub fn unsaved(&self) -> &[Edit] {
        self.history.unsaved()
    }

    /// The step that still goes on, as it is now: `Settle` puts it among `unsaved`.
    pub fn going_on(&self) -> Option<&Edit> {
        self.history.going_on()
    }

    /// The first so many of `unsaved` are saved.
    pub fn saved(&mut self, count: usize) {
        self.history.saved(count);
    }

    /// Whether there is anything to save, be it after `Settle`.
    pub fn is_unsaved(&self) -> bool {
        !self.history.unsaved().is_empty() || self.history.is_open()
    }

    /// In words, the oldest first.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.history.labels()
    }

    /// How many of the steps are made; those after them can be redone.
    pub fn steps_made(&self) -> usize {
        self.history.made()
    }

    pub(crate) fn situation(&self) -> Situation {
        Situation {
            place: self.place.clone(),
            selection: self.selection.clone(),
        }
    }

    pub(crate) fn select(&mut self, ids: Vec<String>) {
        self.is_deep = false;
        if self.selection != ids {
            self.selection = ids;
            self.out.panels = true;
            self.out.redraw(Redraw::Overlay);
        }
    }

    pub(crate) fn go(&mut self, place: Place) {
        if self.place != place {
            let is_other = self.place.scene != place.scene;
            let redraw = if is_other {
                Redraw::Scene
            } else {
                Redraw::Overlay
            };
            self.out.redraw(redraw);
            self.out.panels = true;
            self.place = place;
            self.hover = None;
        }
    }

    /// Into a group or row of the scene, or out to the scene itself.
    pub(crate) fn go_into(&mut self, inside: Option<String>) {
        self.go(Place {
            inside,
            ..self.place.clone()
        });
    }

    pub(crate) fn refuse(&mut self, why: Refusal) {
        self.out.effects.push(Effect::Refuse(why));
    }

    /// Shows a change in place of the one that was shown before.
    pub(crate) fn try_out(&mut self, edit: Option<Edit>) {
        let is_same = match (&self.trial, &edit) {
            (Some(trial), Some(edit)) => trial.forth == *edit,
            (None, None) => true,
            _ => false,
        };
        if is_same {
            return;
        }
        if let Some(trial) = self.trial.take() {
            self.draw_anew(&trial.back);
            let taken_back = self.document.apply(trial.back);
            debug_assert!(taken_back.is_ok(), "nothing else changes the document");
        }
        if let Some(edit) = edit {
            self.draw_anew(&edit);
            // What cannot be done is not shown; at the end it is refused.
            if let Ok(back) = self.document.apply(edit.clone()) {
                self.trial = Some(Trial { forth: edit, back });
            }
        }
    }

    /// Takes the change that is shown for good, as one step. The selection is to be the one of
    /// before it.
    pub(crate) fn keep(&mut self, label: String) -> bool {
        let Some(trial) = &self.trial else {
            return false;
        };
        let edit = trial.forth.clone();
        self.try_out(None);
        self.commit(label, edit, None)
    }

    /// Makes a step of a change, or says why not.
    pub(crate) fn commit(&mut self, label: String, edit: Edit, join: Option<Join>) -> bool {
        let before = self.situation();
        let back = match self.document.edited(edit.clone()) {
            Ok(back) => back,
            Err(error) => {
                self.refuse(error.into());
                return false;
            }
        };
        if is_nothing(&edit, &back) {
            return true;
        }
        self.draw_anew(&edit);
        self.out.panels = true;
        let step = Step {
            label,
            forth: edit,
            back,
            after: before.clone(),
            before,
        };
        self.history.push(step, join);
        self.is_new_step = true;
        true
    }

    pub(crate) fn draw_anew(&mut self, edit: &Edit) {
        match edit {
            Edit::Guides { .. } => self.out.redraw(Redraw::Overlay),
            Edit::Set { to, id, .. } if !matches!(to, Property::Id(_)) => {
                self.out.redraw(Redraw::Elements(vec![id.clone()]));
            }
            Edit::All(edits) => match set_ids(edits) {
                Some(ids) => self.out.redraw(Redraw::Elements(ids)),
                None => edits.iter().for_each(|edit| self.draw_anew(edit)),
            },
            _ => self.out.redraw(Redraw::Scene),
        }
    }

    /// Puts right what a change has taken away below it: the scene, the group, what is selected.
    pub(crate) fn mend(&mut self) {
        if self.document.scene_at(&self.place.scene).is_err() {
            let layouts = self.document.layouts.len();
            let layout = self.place.scene.layout.min(layouts.saturating_sub(1));
            let scene = "resting".to_owned();
            self.go(Place {
                scene: ScenePath { layout, scene },
                inside: None,
            });
        }
        if self.place.inside.is_some() && self.place.trail(&self.document).is_empty() {
            self.go_into(None);
        }
        let list = self.place.list(&self.document);
        let is_there = |id: &String| list.iter().any(|element| element.id == *id);
        let gone = self.selection.iter().any(|id| !is_there(id));
        if gone {
            let left = self.selection.iter().filter(|id| is_there(id));
            let left = left.cloned().collect();
            self.select(left);
        }
        let guides = self.guides().len();
        self.hover_guide = self.hover_guide.filter(|index| *index < guides);
    }

    pub(crate) fn look(&mut self, view: View) {
        if self.view != view {
            self.view = view;
            self.out.redraw(Redraw::Overlay);
            self.out.panels = true;
        }
    }

    fn resized(&mut self, width_px: f64, height_px: f64) {
        let usable = |px: f64| {
            if px.is_finite() {
                px.clamp(0.0, 1e6)
            } else {
                0.0
            }
        };
        let before = self.view;
        let view = View {
            width_px: usable(width_px),
            height_px: usable(height_px),
            ..before
        };
        let canvas = self.layout().map(|layout| canvas_rect(layout.canvas));
        match canvas {
            Some(canvas) if before.width_px == 0.0 || before == before.fitted(canvas) => {
                self.look(view.fitted(canvas));
            }
            // What was in the middle stays there.
            _ => self.look(view.panned(view.center() - before.center())),
        }
    }

    fn modifiers(&mut self, modifiers: Modifiers) {
        self.held.modifiers = modifiers;
        self.go_on();
    }

    pub(crate) fn set_grid(&mut self, px: i32) {
        self.settings.grid_px = px.clamp(GRID_PX_MIN, GRID_PX_MAX);
        self.out.panels = true;
        self.out.redraw(Redraw::Overlay);
    }

    /// A place of the viewport in the coordinates of where one works.
    pub(crate) fn local(&self, at: Point) -> Point {
        self.frame().into(self.view.to_canvas(at))
    }
}

/// What was there is put in its own place.
fn is_nothing(edit: &Edit, back: &Edit) -> bool {
    match (edit, back) {
        (Edit::All(edits), Edit::All(backs)) => edits.iter().eq(backs.iter().rev()),
        (edit, back) => edit == back,
    }
}

/// Where all are of single elements.
fn set_ids(edits: &[Edit]) -> Option<Vec<String>> {
    let mut ids = Vec::with_capacity(edits.len());
    for edit in edits {
        match edit {
            Edit::Set { id, to, .. } if !matches!(to, Property::Id(_)) => ids.push(id.clone()),
            _ => return None,
        }
    }
    sort(&mut ids, Ord::cmp);
    ids.dedup();
    Some(ids)
}
