//! Steps back and forth through the history, and the words they are called by.

use crate::Editor;
use crate::history::Situation;
use crate::layers::called;
use crate::refusal::Refusal;
use model::document::{Edit, Element};

/// `Move Name`, or `Move 3 elements`.
pub(crate) fn label(verb: &str, elements: &[&Element]) -> String {
    match elements {
        [one] => [verb, " ", &*called(one)].concat(),
        several => [verb, " ", &*several.len().to_string(), " elements"].concat(),
    }
}

impl Editor {
    pub(crate) fn undo(&mut self) {
        self.history.settle();
        let Some(step) = self.history.to_undo().cloned() else {
            return self.refuse(Refusal::NothingToUndo);
        };
        if self.apply_step(step.back, step.before) {
            self.history.undone();
        }
    }

    pub(crate) fn redo(&mut self) {
        self.history.settle();
        let Some(step) = self.history.to_redo().cloned() else {
            return self.refuse(Refusal::NothingToRedo);
        };
        if self.apply_step(step.forth, step.after) {
            self.history.redone();
        }
    }

    pub(crate) fn jump(&mut self, made: usize) {
        while self.history.made() > made {
            self.undo();
        }
        while self.history.made() < made.min(self.history.count()) {
            self.redo();
        }
    }

    fn apply_step(&mut self, edit: Edit, to: Situation) -> bool {
        self.draw_anew(&edit);
        self.out.panels = true;
        match self.document.apply(edit) {
            Ok(_) => {
                self.go(to.place);
                self.select(to.selection);
                true
            }
            Err(error) => {
                self.refuse(error.into());
                false
            }
        }
    }
}
