//! Steps that were made, those that were undone, and what waits to be saved.
//!
//! Owns which step comes next in either direction. Knows no gestures: it gets whole steps.

use crate::command::Measure;
use crate::limits::{SAVE_EDITS_MAX, STEPS_MAX, UNSAVED_EDITS_MAX};
use crate::tree::Place;
use model::document::{Document, Edit, Property};
use std::mem::{Discriminant, discriminant};

/// What is restored with a step beside the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Situation {
    pub(crate) place: Place,
    pub(crate) selection: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) label: String,
    pub(crate) forth: Edit,
    pub(crate) back: Edit,
    pub(crate) before: Situation,
    pub(crate) after: Situation,
}

/// What makes a step go on in the next change: both are of the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    Nudge,
    Grow,
    Rotate,
    Number(Measure),
    Set(Vec<(String, Discriminant<Property>)>),
    Background,
    Theme,
}

#[derive(Debug, Default)]
pub(crate) struct History {
    steps: Vec<Step>,
    /// So many of them are made.
    made: usize,
    /// The last step can go on.
    open: Option<Join>,
    unsaved: Vec<Edit>,
}

impl History {
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| &*step.label)
    }

    pub(crate) fn made(&self) -> usize {
        self.made
    }

    pub(crate) fn count(&self) -> usize {
        self.steps.len()
    }

    /// A change that the document has taken.
    pub(crate) fn push(&mut self, step: Step, join: Option<Join>) {
        if self.joins(&step, join.as_ref()) {
            if let Some(last) = self.steps.last_mut() {
                last.go_on(step);
            }
            return;
        }
        self.settle();
        self.steps.truncate(self.made);
        if self.steps.len() == STEPS_MAX {
            self.steps.remove(0);
        }
        self.open = join;
        if self.open.is_none() {
            self.unsaved.push(step.forth.clone());
        }
        self.steps.push(step);
        self.made = self.steps.len();
    }

    fn joins(&self, step: &Step, join: Option<&Join>) -> bool {
        let is_last = self.made == self.steps.len();
        let is_same = join.is_some() && self.open.as_ref() == join;
        let last = self.steps.last();
        is_last && is_same && last.is_some_and(|last| last.after == step.before)
    }

    /// Where the last step has left things.
    pub(crate) fn arrive(&mut self, at: Situation) {
        if let Some(step) = self.steps.last_mut() {
            step.after = at;
        }
    }

    /// The last step does not go on.
    pub(crate) fn settle(&mut self) {
        let forth = self.going_on().cloned();
        self.open = None;
        self.unsaved.extend(forth);
    }

    pub(crate) fn going_on(&self) -> Option<&Edit> {
        self.open.as_ref()?;
        self.steps.last().map(|last| &last.forth)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(crate) fn to_undo(&self) -> Option<&Step> {
        self.steps.get(self.made.checked_sub(1)?)
    }

    pub(crate) fn to_redo(&self) -> Option<&Step> {
        self.steps.get(self.made)
    }

    pub(crate) fn undone(&mut self) {
        if let Some(edit) = self.to_undo().map(|step| step.back.clone()) {
            self.made -= 1;
            self.unsaved.push(edit);
        }
    }

    pub(crate) fn redone(&mut self) {
        if let Some(edit) = self.to_redo().map(|step| step.forth.clone()) {
            self.made += 1;
            self.unsaved.push(edit);
        }
    }

    pub(crate) fn unsaved(&self) -> &[Edit] {
        let end = self.unsaved.len().min(SAVE_EDITS_MAX);
        self.unsaved.get(..end).unwrap_or_default()
    }

    pub(crate) fn saved(&mut self, count: usize) {
        self.unsaved.drain(..count.min(self.unsaved.len()));
    }

    /// Of the document with all committed changes in it. One that still goes on may be in it too:
    /// set once more, it stays what it is.
    pub(crate) fn fold(&mut self, document: &Document) {
        if self.unsaved.len() > UNSAVED_EDITS_MAX {
            self.unsaved.truncate(SAVE_EDITS_MAX);
            let whole = Edit::Document(Box::new(document.clone()));
            self.unsaved.push(whole);
        }
    }
}

impl Step {
    /// A property that is set again is set once, to the newer; what takes it back stays the older.
    fn go_on(&mut self, next: Self) {
        self.after = next.after;
        let mut forth = parts(std::mem::replace(&mut self.forth, Edit::All(Vec::new())));
        let mut back = parts(std::mem::replace(&mut self.back, Edit::All(Vec::new())));
        // What takes back comes in the opposite order.
        let newer_back = parts(next.back).into_iter().rev();
        for (newer, takes_back) in parts(next.forth).into_iter().zip(newer_back) {
            match forth.iter_mut().find(|older| sets_same(older, &newer)) {
                Some(older) => *older = newer,
                None => {
                    forth.push(newer);
                    back.insert(0, takes_back);
                }
            }
        }
        self.forth = Edit::All(forth);
        self.back = Edit::All(back);
    }
}

fn parts(edit: Edit) -> Vec<Edit> {
    match edit {
        Edit::All(edits) => edits,
        edit => vec![edit],
    }
}

fn sets_same(a: &Edit, b: &Edit) -> bool {
    match (a, b) {
        (
            Edit::Set { scene, id, to },
            Edit::Set {
                scene: scene_b,
                id: id_b,
                to: to_b,
            },
        ) => scene == scene_b && id == id_b && discriminant(to) == discriminant(to_b),
        (Edit::Background { scene, .. }, Edit::Background { scene: scene_b, .. }) => {
            scene == scene_b
        }
        (Edit::Theme(_), Edit::Theme(_)) => true,
        _ => false,
    }
}
