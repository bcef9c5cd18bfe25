//! Our end of CTP01: greeting, identifying, waiting for a stream, streaming.
//!
//! Each state is a type that a message turns into the next one; [`ServerSession`] holds whichever
//! there is for the loop that owns the socket. Knows no socket, no clock and no stream: the loop
//! says when to start, and what of each location is stored.

mod link;
mod liveness;
mod opening;
mod streaming;

use super::{
    EventInfo, UnknownReason,
    lines::{Line, Lines},
    message,
    record::DeviceRead,
};
use crate::limits;
use link::send;
use liveness::Liveness;
use model::{MonoMs, WallTime};
use opening::{Greeting, Identifying, Waiting};
use std::collections::BTreeMap;
use streaming::Streaming;

pub enum Input<'a> {
    Bytes(&'a [u8]),
    /// The time of `next_timer` has come.
    Timer,
    /// The host knows the stream now: ask for reads. Before the client is identified it is kept
    /// until then.
    Start(StartPlan),
    /// The stream is paused or gone: no more reads, but keep the connection.
    Hold,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    Send(Vec<u8>),
    /// What the client calls itself.
    Greeted {
        program: String,
        version: String,
    },
    /// Once: all replies are there, or 2 s passed.
    Identified(Identity),
    /// Also before `Start`, from clients that push unasked.
    Read(DeviceRead),
    /// The locations known changed; all of them.
    Locations(Vec<String>),
    /// A line that is kept and counted, and otherwise does nothing.
    Unknown {
        raw: Vec<u8>,
        reason: UnknownReason,
    },
    /// Three pings went unanswered. Show it; the connection stays.
    Stale,
    /// Something came after `Stale`.
    Heard,
    /// Hang up. No further input has any effect.
    Close(CloseReason),
}

/// What the client said of itself by the end of the opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    pub connection_name: Option<String>,
    pub event: Option<EventInfo>,
    /// In the client's order.
    pub locations: Vec<String>,
}

/// What is stored of each location, by its name. Empty where the identity is unsure or nothing is
/// stored: every location is then asked for from its first read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartPlan {
    pub resume: BTreeMap<String, StoredRead>,
}

/// The stored read a location goes on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRead {
    pub sequence: u64,
    pub location: String,
    pub tag: String,
    pub reader: String,
    pub antenna: String,
    pub wall: WallTime,
}

impl StoredRead {
    /// Whether the device sent this very read. An undated time is compared by time of day.
    fn is(&self, read: &DeviceRead) -> bool {
        read.sequence == Some(self.sequence)
            && read.location == self.location
            && read.tag == self.tag
            && read.reader == self.reader
            && read.antenna == self.antenna
            && read.time.matches(self.wall)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseReason {
    #[error("no greeting came within {} s; choose the protocol CTP01 in the timing software", limits::GREETING_MS_MAX / 1_000)]
    GreetingTimeout,
    #[error(
        "the first line {greeting:?} is no greeting such as SimpleClient~0.6.0~CTP01; choose the protocol CTP01 in the timing software"
    )]
    WrongProtocol { greeting: String },
    #[error("nothing came for {} minutes; the timing software dials again when it is back", limits::IDLE_MS_MAX / 60_000)]
    Idle,
}

/// One state of the session. Only `apply` ever replaces it.
enum State {
    Greeting(Greeting),
    Identifying(Identifying),
    Waiting(Waiting),
    Streaming(Streaming),
    Closed,
}

/// Our end of one connection.
pub struct ServerSession {
    lines: Lines,
    liveness: Liveness,
    state: State,
}

impl ServerSession {
    pub fn new(now: MonoMs) -> Self {
        Self {
            lines: Lines::default(),
            liveness: Liveness::new(now),
            state: State::Greeting(Greeting::new(now)),
        }
    }

    /// When to `apply` `Input::Timer`. Later is no harm; earlier does nothing.
    pub fn next_timer(&self) -> Option<MonoMs> {
        let of_state = match &self.state {
            State::Greeting(greeting) => return Some(greeting.deadline()),
            State::Closed => return None,
            State::Identifying(identifying) => Some(identifying.deadline()),
            State::Waiting(_) => None,
            State::Streaming(streaming) => streaming.next_timer(),
        };
        let of_liveness = self.liveness.next_timer();
        Some(of_state.map_or(of_liveness, |at| at.min(of_liveness)))
    }

    pub fn apply(&mut self, now: MonoMs, input: Input<'_>) -> Vec<Output> {
        let mut out = Vec::new();
        if matches!(self.state, State::Closed) {
            return out;
        }
        match input {
            Input::Bytes(mut bytes) => {
                if !bytes.is_empty() {
                    self.liveness.hear(now, &mut out);
                }
                while let Some(line) = self.lines.next(&mut bytes) {
                    self.step(&mut out, |state, out| state.on_line(now, line, out));
                }
            }
            Input::Timer => {}
            Input::Start(plan) => self.step(&mut out, |state, out| state.start(now, plan, out)),
            Input::Hold => self.step(&mut out, |state, out| state.hold(out)),
        }
        // After the input, so that what came in time counts even when the loop was busy.
        self.step(&mut out, |state, out| state.on_timer(now, out));
        let greeted = !matches!(self.state, State::Greeting(_) | State::Closed);
        if greeted && self.liveness.on_timer(now, &mut out) {
            self.state = close(CloseReason::Idle, &mut out);
        }
        out
    }

    fn step(&mut self, out: &mut Vec<Output>, next: impl FnOnce(State, &mut Vec<Output>) -> State) {
        let state = std::mem::replace(&mut self.state, State::Closed);
        self.state = next(state, out);
    }
}

fn close(reason: CloseReason, out: &mut Vec<Output>) -> State {
    out.push(Output::Close(reason));
    State::Closed
}

impl State {
    fn on_line(self, now: MonoMs, line: Line, out: &mut Vec<Output>) -> Self {
        match (self, line) {
            (Self::Closed, _) => Self::Closed,
            // Some clients keep a connection open with empty lines.
            (state, Line::Whole(raw)) if raw.is_empty() => state,
            (Self::Greeting(state), Line::Whole(raw) | Line::TooLong { beginning: raw }) => {
                state.on_line(now, &raw, out)
            }
            (state, Line::TooLong { beginning: raw }) => {
                out.push(Output::Unknown {
                    raw,
                    reason: UnknownReason::TooLong,
                });
                state
            }
            (state, Line::Whole(raw)) => state.on_message(now, raw, out),
        }
    }

    fn on_message(self, now: MonoMs, raw: Vec<u8>, out: &mut Vec<Output>) -> Self {
        let message = message::parse(&raw);
        match self {
            Self::Identifying(state) => state.on_message(now, message, raw, out),
            Self::Waiting(state) => state.on_message(message, raw, out),
            Self::Streaming(state) => state.on_message(now, message, raw, out),
            state @ (Self::Greeting(_) | Self::Closed) => state,
        }
    }

    fn on_timer(self, now: MonoMs, out: &mut Vec<Output>) -> Self {
        match self {
            Self::Greeting(state) => state.on_timer(now, out),
            Self::Identifying(state) => state.settle(now, out),
            Self::Streaming(state) => state.on_timer(now, out),
            state @ (Self::Waiting(_) | Self::Closed) => state,
        }
    }

    fn start(self, now: MonoMs, plan: StartPlan, out: &mut Vec<Output>) -> Self {
        match self {
            Self::Greeting(state) => Self::Greeting(state.keep_plan(Some(plan))),
            Self::Identifying(state) => Self::Identifying(state.keep_plan(Some(plan))),
            Self::Waiting(Waiting { link }) => Streaming::begin(link, plan, now, out),
            Self::Streaming(state) => Streaming::begin(state.into_link(), plan, now, out),
            Self::Closed => Self::Closed,
        }
    }

    fn hold(self, out: &mut Vec<Output>) -> Self {
        match self {
            Self::Greeting(state) => Self::Greeting(state.keep_plan(None)),
            Self::Identifying(state) => Self::Identifying(state.keep_plan(None)),
            Self::Streaming(state) => {
                send(out, b"stop");
                Self::Waiting(Waiting {
                    link: state.into_link(),
                })
            }
            state @ (Self::Waiting(_) | Self::Closed) => state,
        }
    }
}
