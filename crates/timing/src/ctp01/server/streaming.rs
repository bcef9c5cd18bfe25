//! The state in which reads are asked for: starting, resuming and adding locations.
//!
//! A resume checks itself: `start~location~sequence` is inclusive, so the first read back must be
//! the one that is stored. Where it is not, or nothing comes, that location is asked for from its
//! first read. Sending too much is harmless, as reads are stored once; sending too little is not.

use super::{
    Output, StartPlan, State, StoredRead,
    link::{Learned, Link, answer, send},
};
use crate::{
    ctp01::{
        UnknownReason,
        message::{Message, Name},
        record::DeviceRead,
    },
    limits,
};
use model::MonoMs;
use std::collections::BTreeMap;

pub(super) struct Streaming {
    link: Link,
    plan: StartPlan,
    flows: BTreeMap<String, Flow>,
    bare: Bare,
    /// `err~start` lines since the last start of a location.
    refusals: usize,
}

/// How far one location is.
enum Flow {
    /// It was announced: `start~location~1` is due then.
    Announced {
        start_at: MonoMs,
    },
    /// `start~location~sequence` is sent, and the first read back not yet there.
    Resuming {
        stored: StoredRead,
        silent_at: MonoMs,
    },
    /// `start~location~1` is sent, and no read came yet.
    Asked,
    Flowing,
    /// The client knows no start of this location; it comes with the bare start.
    Refused,
}

/// What a read asks for, beside being passed on.
enum Next {
    Nothing,
    FromFirst(String),
    Unlisted(Name),
}

/// The start without a location.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    /// No location is known. It is sent then, unless one gets known.
    Due(MonoMs),
    /// It may be sent if a start is refused.
    Possible,
    Sent,
}

impl Streaming {
    pub(super) fn begin(link: Link, plan: StartPlan, now: MonoMs, out: &mut Vec<Output>) -> State {
        let texts = link.texts();
        let bare = if texts.is_empty() {
            Bare::Due(link.greeted_at.plus_ms(limits::IDENTIFY_MS_MAX))
        } else {
            Bare::Possible
        };
        let mut streaming = Self {
            link,
            plan,
            flows: BTreeMap::new(),
            bare,
            refusals: 0,
        };
        for text in texts {
            streaming.start(now, &text, out);
        }
        State::Streaming(streaming)
    }

    pub(super) fn into_link(self) -> Link {
        self.link
    }

    pub(super) fn next_timer(&self) -> Option<MonoMs> {
        let bare = match self.bare {
            Bare::Due(at) => Some(at),
            Bare::Possible | Bare::Sent => None,
        };
        self.flows
            .values()
            .filter_map(Flow::due_at)
            .chain(bare)
            .min()
    }

    pub(super) fn on_message(
        mut self,
        now: MonoMs,
        message: Message,
        raw: Vec<u8>,
        out: &mut Vec<Output>,
    ) -> State {
        match message {
            Message::Read(read) => self.on_read(now, read, out),
            Message::Locations { names, unusable } => {
                let new = self.link.learn_all(names, unusable, raw, out);
                if !new.is_empty() {
                    out.push(Output::Locations(self.link.texts()));
                }
                for text in new {
                    self.start(now, &text, out);
                }
            }
            Message::NewLocation(name) => self.on_new_location(now, name, raw, out),
            Message::StartRefused => self.on_refusal(raw, out),
            message => answer(message, raw, out),
        }
        State::Streaming(self)
    }

    pub(super) fn on_timer(mut self, now: MonoMs, out: &mut Vec<Output>) -> State {
        if matches!(self.bare, Bare::Due(at) if now >= at) {
            send(out, b"start");
            self.bare = Bare::Sent;
        }
        let is_due = |flow: &Flow| flow.due_at().is_some_and(|at| now >= at);
        if self.flows.values().any(is_due) {
            let due = self.flows.iter().filter(|(_, flow)| is_due(flow));
            let due: Vec<String> = due.map(|(text, _)| text.clone()).collect();
            for text in due {
                self.start_from_first(&text, out);
            }
        }
        State::Streaming(self)
    }

    /// Resumes a location where something of it is stored, else asks for all of it.
    fn start(&mut self, now: MonoMs, text: &str, out: &mut Vec<Output>) {
        let Some(stored) = self.plan.resume.get(text).cloned() else {
            return self.start_from_first(text, out);
        };
        self.send_start(text, stored.sequence, out);
        let silent_at = now.plus_ms(limits::RESUME_SILENCE_MS_MAX);
        self.flows
            .insert(text.to_owned(), Flow::Resuming { stored, silent_at });
    }

    fn start_from_first(&mut self, text: &str, out: &mut Vec<Output>) {
        self.send_start(text, 1, out);
        self.flows.insert(text.to_owned(), Flow::Asked);
    }

    fn send_start(&mut self, text: &str, sequence: u64, out: &mut Vec<Output>) {
        let name = self
            .link
            .find(text)
            .expect("only learned locations are started");
        let mut line = b"start~".to_vec();
        line.extend_from_slice(&name.wire);
        line.extend_from_slice(format!("~{sequence}").as_bytes());
        send(out, &line);
        self.bare = Bare::Possible;
        self.refusals = 0;
    }

    fn on_read(&mut self, now: MonoMs, read: DeviceRead, out: &mut Vec<Output>) {
        let next = match self.flows.get_mut(&read.location) {
            Some(Flow::Flowing | Flow::Announced { .. } | Flow::Refused) => Next::Nothing,
            // The controller counts anew: what it has now must all come.
            Some(Flow::Resuming { stored, .. }) if !stored.is(&read) => {
                Next::FromFirst(read.location.clone())
            }
            Some(flow @ (Flow::Resuming { .. } | Flow::Asked)) => {
                *flow = Flow::Flowing;
                Next::Nothing
            }
            None => Name::of(&read).map_or(Next::Nothing, Next::Unlisted),
        };
        out.push(Output::Read(read));
        match next {
            Next::Nothing => {}
            Next::FromFirst(text) => self.start_from_first(&text, out),
            Next::Unlisted(name) => self.on_unlisted(now, name, out),
        }
    }

    /// A read from a location that was never listed: what it read before is wanted too. Not from
    /// clients that refused a start, which would refuse this one and send all again each time.
    fn on_unlisted(&mut self, now: MonoMs, name: Name, out: &mut Vec<Output>) {
        let text = name.text.clone();
        if self.link.learn(name) != Learned::New {
            return;
        }
        out.push(Output::Locations(self.link.texts()));
        if self
            .flows
            .values()
            .any(|flow| matches!(flow, Flow::Refused))
        {
            self.flows.insert(text, Flow::Refused);
        } else {
            self.start(now, &text, out);
        }
    }

    /// Only one that is not started yet is: the line is part of the session that a start sends
    /// again, and would otherwise ask for that session for ever.
    fn on_new_location(&mut self, now: MonoMs, name: Name, raw: Vec<u8>, out: &mut Vec<Output>) {
        let text = name.text.clone();
        match self.link.learn(name) {
            Learned::Known => {}
            Learned::New => {
                out.push(Output::Locations(self.link.texts()));
                send(out, b"getlocations");
                let start_at = now.plus_ms(limits::NEW_LOCATION_MS);
                self.flows.insert(text, Flow::Announced { start_at });
                if let Bare::Due(_) = self.bare {
                    self.bare = Bare::Possible;
                }
            }
            Learned::Full => {
                out.push(Output::Unknown {
                    raw,
                    reason: UnknownReason::TooManyLocations,
                });
            }
        }
    }

    /// The line does not say which start it is about. Answers come in order, so when there are as
    /// many refusals as starts without a read, it is all of those.
    fn on_refusal(&mut self, raw: Vec<u8>, out: &mut Vec<Output>) {
        self.refusals += 1;
        let waiting = |flow: &&mut Flow| matches!(flow, Flow::Resuming { .. } | Flow::Asked);
        if self.refusals >= self.flows.values_mut().filter(waiting).count() {
            for flow in self.flows.values_mut().filter(waiting) {
                *flow = Flow::Refused;
            }
        }
        if self.bare == Bare::Possible {
            send(out, b"start");
            self.bare = Bare::Sent;
        } else if self.refusals > self.flows.len() {
            // Even the bare start.
            out.push(Output::Unknown {
                raw,
                reason: UnknownReason::Refused,
            });
        }
    }
}

impl Flow {
    fn due_at(&self) -> Option<MonoMs> {
        match self {
            Self::Announced { start_at } => Some(*start_at),
            Self::Resuming { silent_at, .. } => Some(*silent_at),
            Self::Asked | Self::Flowing | Self::Refused => None,
        }
    }
}
