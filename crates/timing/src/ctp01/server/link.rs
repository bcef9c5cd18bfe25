//! What every state after the greeting has in common: the locations known, and the answers that
//! need no state.

use super::Output;
use crate::{
    ctp01::{
        UnknownReason,
        message::{Message, Name},
    },
    limits,
};
use model::MonoMs;

pub(super) struct Link {
    pub(super) greeted_at: MonoMs,
    names: Vec<Name>,
}

/// What became of a name the client gave.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Learned {
    Known,
    New,
    /// There are too many; it is left out.
    Full,
}

impl Link {
    pub(super) fn new(greeted_at: MonoMs) -> Self {
        Self {
            greeted_at,
            names: Vec::new(),
        }
    }

    pub(super) fn names(&self) -> &[Name] {
        &self.names
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.names.iter().map(|name| name.text.clone()).collect()
    }

    pub(super) fn find(&self, text: &str) -> Option<&Name> {
        self.names.iter().find(|name| name.text == text)
    }

    pub(super) fn learn(&mut self, name: Name) -> Learned {
        if self.find(&name.text).is_some() {
            Learned::Known
        } else if self.names.len() >= limits::LOCATIONS_MAX {
            Learned::Full
        } else {
            self.names.push(name);
            Learned::New
        }
    }

    /// Learns all names of a `getlocations` reply; `raw` is that reply, reported where a name of
    /// it cannot be used. The names that are new.
    pub(super) fn learn_all(
        &mut self,
        names: Vec<Name>,
        unusable: bool,
        raw: Vec<u8>,
        out: &mut Vec<Output>,
    ) -> Vec<String> {
        let (mut new, mut full) = (Vec::new(), false);
        for name in names {
            let text = name.text.clone();
            match self.learn(name) {
                Learned::Known => {}
                Learned::New => new.push(text),
                Learned::Full => full = true,
            }
        }
        if unusable {
            out.push(Output::Unknown {
                raw,
                reason: UnknownReason::UnusableName,
            });
        } else if full {
            out.push(Output::Unknown {
                raw,
                reason: UnknownReason::TooManyLocations,
            });
        }
        new
    }
}

/// Messages that mean the same in every state.
pub(super) fn answer(message: Message, raw: Vec<u8>, out: &mut Vec<Output>) {
    let reason = match message {
        Message::Ping => return send(out, b"ack~ping"),
        // Nobody waits for them, or no longer.
        Message::Ack
        | Message::ConnectionName(_)
        | Message::EventInfo(_)
        | Message::NewLocation(_)
        | Message::Locations { .. } => return,
        Message::Read(read) => return out.push(Output::Read(read)),
        Message::QueryRefused(_) | Message::StartRefused => UnknownReason::Refused,
        Message::Unknown(reason) => reason,
    };
    out.push(Output::Unknown { raw, reason });
}

/// Lines sent one after the other go out in one piece.
pub(super) fn send(out: &mut Vec<Output>, line: &[u8]) {
    if !matches!(out.last(), Some(Output::Send(_))) {
        out.push(Output::Send(Vec::new()));
    }
    if let Some(Output::Send(bytes)) = out.last_mut() {
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(b"\r\n");
    }
}
