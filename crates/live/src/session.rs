//! One display socket, from its upgrade to its end (design §5.4): what comes in, what goes out.
//!
//! Sans-I/O: the host owns the socket, the clocks and the timer, does what the outputs say, and
//! hands in the newest state only, once the last output is sent. Knows no HTML.

mod watching;

#[cfg(test)]
mod tests;

use crate::{Published, Shown, frame, limits};
use bytes::Bytes;
use model::socket::{ClientMessage, Echo, Screen, ServerMessage};
use model::{MonoMs, UnixMicros};
use serde_json::Value;
use std::{mem, sync::Arc};
use watching::Watching;

pub struct DisplaySession {
    latest: Published,
    /// Of what the server's pages come with: each ping says it.
    software: Arc<str>,
    stage: Stage,
}

enum Stage {
    Waiting(Waiting),
    Watching(Watching),
    Closed,
}

/// Until the screen says hello.
struct Waiting {
    until: MonoMs,
}

/// All that can happen to a display socket.
#[derive(Clone, Copy, Debug)]
pub enum SessionInput<'a> {
    Text(&'a str),
    /// A binary message, which this contract does not have.
    Binary,
    Published(&'a Published),
    /// From the hub, encoded.
    Command(&'a Bytes),
    /// `next_timer` has come.
    Timer,
}

#[derive(Clone, Debug)]
pub enum SessionOutput {
    /// A JSON text message.
    Send(Bytes),
    /// The host renders this with `Shown::html` and sends that.
    SendHtml(Arc<Shown>),
    /// Nothing comes after it.
    Close(CloseReason),
}

/// What a screen last said of itself, for the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenStatus {
    pub screen: Screen,
    pub echo: Option<Echo>,
    pub round_trip_ms: Option<u64>,
    /// The screen's clock less the server's.
    pub clock_offset_ms: Option<i64>,
    pub acked: Option<Acked>,
}

/// The last command that a screen answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acked {
    pub id: u64,
    /// Whether the screen did it.
    pub done: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseReason {
    #[error("switched off or expired")]
    Ended,
    #[error("no hello within {} ms", model::limits::HELLO_MS)]
    NoHello,
    #[error("no pong to {} pings", limits::PINGS_UNANSWERED_MAX)]
    Silent,
    #[error(
        "a message has at most {} bytes",
        model::limits::CLIENT_MESSAGE_BYTES_MAX
    )]
    TooLong,
    #[error("messages are JSON text")]
    NotJson,
    #[error("a hello, pong or ack is not as docs/asyncapi.yaml says")]
    Malformed,
    #[error(
        "at most {} messages between two pings",
        limits::CLIENT_MESSAGES_PER_PING_MAX
    )]
    TooMany,
}

impl CloseReason {
    /// The WebSocket status code (RFC 6455 §7.4.1). The text of the reason fits a close frame.
    pub fn code(self) -> u16 {
        match self {
            Self::Ended => 1000,
            Self::NotJson | Self::Malformed => 1007,
            Self::NoHello | Self::Silent | Self::TooMany => 1008,
            Self::TooLong => 1009,
        }
    }
}

impl DisplaySession {
    /// `latest` is what the subscription holds at the upgrade.
    pub fn new(now: MonoMs, latest: Published, software: Arc<str>) -> Self {
        let until = now.plus_ms(model::limits::HELLO_MS);
        Self {
            latest,
            software,
            stage: Stage::Waiting(Waiting { until }),
        }
    }

    /// `now` and `wall` are the same moment on the monotonic and on the server's clock.
    pub fn apply(
        &mut self,
        now: MonoMs,
        wall: UnixMicros,
        input: SessionInput<'_>,
    ) -> Vec<SessionOutput> {
        let mut outputs = Vec::new();
        if let SessionInput::Published(latest) = input {
            self.latest = latest.clone();
        }
        let stage = match mem::replace(&mut self.stage, Stage::Closed) {
            Stage::Waiting(waiting) => {
                let told = (&self.latest, &*self.software);
                waiting.apply(now, wall, told, input, &mut outputs)
            }
            Stage::Watching(watching) => watching
                .apply(
                    now,
                    wall,
                    (&self.latest, &*self.software),
                    input,
                    &mut outputs,
                )
                .map(Stage::Watching),
            Stage::Closed => return outputs,
        };
        match stage {
            Ok(stage) => self.stage = stage,
            Err(reason) => outputs.push(SessionOutput::Close(reason)),
        }
        outputs
    }

    /// When to hand in `SessionInput::Timer`, if nothing else comes before.
    pub fn next_timer(&self) -> Option<MonoMs> {
        match &self.stage {
            Stage::Waiting(waiting) => Some(waiting.until),
            Stage::Watching(watching) => Some(watching.next_timer(&self.latest)),
            Stage::Closed => None,
        }
    }

    /// `None` until the screen has said hello, and after the end.
    pub fn status(&self) -> Option<&ScreenStatus> {
        match &self.stage {
            Stage::Watching(watching) => Some(&watching.status),
            Stage::Waiting(_) | Stage::Closed => None,
        }
    }
}

impl Waiting {
    fn apply(
        self,
        now: MonoMs,
        wall: UnixMicros,
        (latest, software): (&Published, &str),
        input: SessionInput<'_>,
        outputs: &mut Vec<SessionOutput>,
    ) -> Result<Stage, CloseReason> {
        match input {
            SessionInput::Text(text) => match parse(text)? {
                Some(ClientMessage::Hello { epoch, seq, screen }) => {
                    let shown = showing(latest, outputs)?;
                    let has = epoch.filter(|epoch| *epoch == shown.epoch).and(seq);
                    let mut watching = Watching::greet(now, shown, has, screen, outputs);
                    // At once, so that the screen knows the server's clock.
                    outputs.push(watching.ping(now, wall, software)?);
                    return Ok(Stage::Watching(watching));
                }
                Some(ClientMessage::Pong { .. } | ClientMessage::Ack { .. }) | None => {}
            },
            SessionInput::Binary => return Err(CloseReason::NotJson),
            // It is told on hello. An end need not wait for one.
            SessionInput::Published(latest) => {
                showing(latest, outputs)?;
            }
            // Who has not said hello shows nothing yet, and could not tell what became of it.
            SessionInput::Command(_) | SessionInput::Timer => {}
        }
        // Also after other messages: a screen that keeps talking must not put its hello off.
        if self.until <= now {
            Err(CloseReason::NoHello)
        } else {
            Ok(Stage::Waiting(self))
        }
    }
}

/// What there is to see, or else the end is said.
fn showing<'a>(
    latest: &'a Published,
    outputs: &mut Vec<SessionOutput>,
) -> Result<&'a Arc<Shown>, CloseReason> {
    match latest {
        Published::Showing(shown) => Ok(shown),
        Published::Ended => {
            outputs.push(SessionOutput::Send(frame::encode(&ServerMessage::Ended)));
            Err(CloseReason::Ended)
        }
    }
}

/// `None` for a message of a type that this version does not know, which is no fault.
fn parse(text: &str) -> Result<Option<ClientMessage>, CloseReason> {
    if text.len() > model::limits::CLIENT_MESSAGE_BYTES_MAX {
        return Err(CloseReason::TooLong);
    }
    let message: Value = serde_json::from_str(text).map_err(|_| CloseReason::NotJson)?;
    match message.get("type").and_then(Value::as_str) {
        Some("hello" | "pong" | "ack") => serde_json::from_value(message)
            .map(Some)
            .map_err(|_| CloseReason::Malformed),
        Some(_) | None => Ok(None),
    }
}
