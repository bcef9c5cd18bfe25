//! What an operator does with the screen, past the turns that the rundown takes by itself.

use super::{Crossing, OnScreen, Rundown, Turned};
use crate::limits;
use model::MonoMs;
use std::sync::Arc;

/// Without turns there is nobody to do it with, and nothing happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperatorCommand {
    /// Whoever is featured stays, for `limits::HOLD_MS_MAX` at most. Those who wait grow older
    /// meanwhile. Where nobody is featured there is nobody to keep.
    Hold,
    /// Takes it back.
    Release,
    /// Whoever is featured leaves now, held or not, and the next in turn follows.
    Skip,
    /// Shows this one now, whatever the age, and also where they were shown before. Their passage
    /// has had its turn with it.
    Feature(Arc<Crossing>),
    /// Whoever is featured leaves, and nobody who waits now follows.
    Clear,
}

impl Rundown {
    pub(super) fn operate(&mut self, now: MonoMs, command: OperatorCommand) -> Turned {
        if !self.settings.takes_turns {
            return Turned::Same;
        }
        match command {
            OperatorCommand::Hold => {
                if let Some(shown) = &mut self.on_screen {
                    shown.held_until = Some(now.plus_ms(limits::HOLD_MS_MAX));
                }
                Turned::Same
            }
            OperatorCommand::Release => {
                if let Some(shown) = &mut self.on_screen {
                    shown.held_until = None;
                }
                self.turn(now)
            }
            OperatorCommand::Skip => {
                let was_shown = self.on_screen.take().is_some();
                match self.turn(now) {
                    Turned::Same if was_shown => Turned::Rested,
                    turned => turned,
                }
            }
            OperatorCommand::Feature(crossing) => {
                self.passages.mark_featured(&crossing);
                self.on_screen = Some(OnScreen {
                    crossing: Arc::clone(&crossing),
                    since: now,
                    held_until: None,
                    chosen: true,
                });
                Turned::Featured(crossing)
            }
            OperatorCommand::Clear => {
                self.queue.clear();
                match self.on_screen.take() {
                    Some(_) => Turned::Rested,
                    None => Turned::Same,
                }
            }
        }
    }

    /// Whether an operator keeps whoever is featured there.
    pub fn is_held(&self) -> bool {
        let shown = self.on_screen.as_ref();
        shown.is_some_and(|shown| shown.held_until.is_some())
    }
}
