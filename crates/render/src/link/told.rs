//! What the staff told a screen to lay over its board. It stays so over a lost connection.

use crate::limits::IDENTIFY_MS;
use model::MonoMs;

#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) blank: bool,
    pub(super) message: String,
    identify_until: Option<MonoMs>,
}

/// What lies over the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    #[default]
    None,
    /// Which display this is, for whoever looks for it in a hall of screens.
    Identify,
    Blank,
    Message(String),
}

impl Told {
    pub(super) fn identify(&mut self, now: MonoMs) {
        self.identify_until = Some(now.plus_ms(IDENTIFY_MS));
    }

    pub(super) fn overlay(&self, now: MonoMs) -> Overlay {
        if self.identify_until.is_some_and(|until| now < until) {
            Overlay::Identify
        } else if self.blank {
            Overlay::Blank
        } else if self.message.is_empty() {
            Overlay::None
        } else {
            Overlay::Message(self.message.clone())
        }
    }
}
