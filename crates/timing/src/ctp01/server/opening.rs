//! The states before a stream: greeting, identifying, waiting.
//!
//! The client must have our whole answer within 10 s or it hangs up, so all of it goes at once.

use super::{
    CloseReason, Identity, Output, StartPlan, State, close,
    link::{Learned, Link, answer, send},
    streaming::Streaming,
};
use crate::{
    ctp01::{
        EventInfo, PROTOCOL, UnknownReason,
        message::{Message, Name, Query},
        text::{self, shown},
    },
    limits,
};
use model::MonoMs;

/// Sent as they are, in this order, after a greeting that says how many they are.
const INIT_LINES: [&str; 6] = [
    "location=multi",
    "guntimes=true",
    "newlocations=true",
    "authentication=none",
    "stream-mode=push",
    "time-format=iso",
];

const QUERIES: [&str; 3] = ["getconnectionid", "geteventinfo", "getlocations"];

/// Nothing is known yet.
pub(super) struct Greeting {
    since: MonoMs,
    plan: Option<StartPlan>,
}

impl Greeting {
    pub(super) fn new(now: MonoMs) -> Self {
        Self {
            since: now,
            plan: None,
        }
    }

    pub(super) fn keep_plan(self, plan: Option<StartPlan>) -> Self {
        Self { plan, ..self }
    }

    pub(super) fn deadline(&self) -> MonoMs {
        self.since.plus_ms(limits::GREETING_MS_MAX)
    }

    pub(super) fn on_timer(self, now: MonoMs, out: &mut Vec<Output>) -> State {
        if now >= self.deadline() {
            close(CloseReason::GreetingTimeout, out)
        } else {
            State::Greeting(self)
        }
    }

    /// A program's name and version may hold blanks; only `~` parts the fields.
    pub(super) fn on_line(self, now: MonoMs, raw: &[u8], out: &mut Vec<Output>) -> State {
        let line = text::decode(raw);
        let mut fields = line.split('~');
        let (program, version, protocol) = (fields.next(), fields.next(), fields.next());
        let (Some(program), Some(version), Some(protocol)) = (program, version, protocol) else {
            return refuse(&line, out);
        };
        if !protocol.trim().eq_ignore_ascii_case(PROTOCOL) {
            return refuse(&line, out);
        }
        let cut = |text: &str| shown(text.trim(), limits::SHOWN_TEXT_CHARS_MAX);
        out.push(Output::Greeted {
            program: cut(program),
            version: cut(version),
        });
        let version = env!("CARGO_PKG_VERSION");
        send(
            out,
            format!("Gantry~{version}~{}", INIT_LINES.len()).as_bytes(),
        );
        for line in INIT_LINES.iter().chain(&QUERIES) {
            send(out, line.as_bytes());
        }
        State::Identifying(Identifying {
            link: Link::new(now),
            connection_name: None,
            event: None,
            locations_came: false,
            plan: self.plan,
        })
    }
}

fn refuse(line: &str, out: &mut Vec<Output>) -> State {
    let greeting = shown(line, limits::LINE_BEGINNING_BYTES);
    close(CloseReason::WrongProtocol { greeting }, out)
}

/// Waiting for the replies to our queries. The outer `Option`s tell whether a reply came.
pub(super) struct Identifying {
    link: Link,
    connection_name: Option<Option<String>>,
    event: Option<Option<EventInfo>>,
    locations_came: bool,
    plan: Option<StartPlan>,
}

impl Identifying {
    pub(super) fn keep_plan(self, plan: Option<StartPlan>) -> Self {
        Self { plan, ..self }
    }

    pub(super) fn deadline(&self) -> MonoMs {
        self.link.greeted_at.plus_ms(limits::IDENTIFY_MS_MAX)
    }

    pub(super) fn on_message(
        mut self,
        now: MonoMs,
        message: Message,
        raw: Vec<u8>,
        out: &mut Vec<Output>,
    ) -> State {
        match message {
            Message::ConnectionName(name) => self.connection_name = Some(name),
            Message::EventInfo(event) => self.event = Some(Some(event)),
            Message::Locations { names, unusable } => {
                self.link.learn_all(names, unusable, raw, out);
                self.locations_came = true;
            }
            message => {
                match &message {
                    Message::QueryRefused(Query::ConnectionName) => {
                        self.connection_name = Some(None);
                    }
                    Message::QueryRefused(Query::EventInfo) => self.event = Some(None),
                    Message::QueryRefused(Query::Locations) => self.locations_came = true,
                    _ => {}
                }
                receive(&mut self.link, message, raw, out);
            }
        }
        self.settle(now, out)
    }

    /// Goes on once all replies are there, or their time is over.
    pub(super) fn settle(self, now: MonoMs, out: &mut Vec<Output>) -> State {
        let complete =
            self.connection_name.is_some() && self.event.is_some() && self.locations_came;
        if !complete && now < self.deadline() {
            return State::Identifying(self);
        }
        out.push(Output::Identified(Identity {
            connection_name: self.connection_name.flatten(),
            event: self.event.flatten(),
            locations: self.link.texts(),
        }));
        match self.plan {
            Some(plan) => Streaming::begin(self.link, plan, now, out),
            None => State::Waiting(Waiting { link: self.link }),
        }
    }
}

/// Identified, and no stream to send its reads to.
pub(super) struct Waiting {
    pub(super) link: Link,
}

impl Waiting {
    pub(super) fn on_message(
        mut self,
        message: Message,
        raw: Vec<u8>,
        out: &mut Vec<Output>,
    ) -> State {
        let known = self.link.names().len();
        match message {
            Message::Locations { names, unusable } => {
                self.link.learn_all(names, unusable, raw, out);
            }
            message => receive(&mut self.link, message, raw, out),
        }
        if self.link.names().len() > known {
            out.push(Output::Locations(self.link.texts()));
        }
        State::Waiting(self)
    }
}

/// A message while nothing is started: locations are learned, reads passed on.
fn receive(link: &mut Link, message: Message, raw: Vec<u8>, out: &mut Vec<Output>) {
    match message {
        Message::NewLocation(name) => match link.learn(name) {
            Learned::Known => {}
            // The line may come before its location is in the list; the list has the order.
            Learned::New => send(out, b"getlocations"),
            Learned::Full => {
                out.push(Output::Unknown {
                    raw,
                    reason: UnknownReason::TooManyLocations,
                });
            }
        },
        Message::Read(read) => {
            if link.find(&read.location).is_none()
                && let Some(name) = Name::of(&read)
            {
                link.learn(name);
            }
            out.push(Output::Read(read));
        }
        message => answer(message, raw, out),
    }
}
