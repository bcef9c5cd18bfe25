//! The screen's end of the display socket (design §5.4) as a pure machine.
//!
//! Owns when to connect, what to say and what to show. Knows no browser: a thin shell feeds it
//! inputs with the time and a random number, and does what it answers.

use crate::limits::{
    BACKOFF_FIRST_MS, BACKOFF_MS_MAX, CONNECT_MS_MAX, ENDED_RETRY_MS, JITTER_PERCENT,
    NOTICE_AFTER_MS, SILENCE_MS_MAX,
};
use model::{
    BoardState, MonoMs,
    socket::{ClientMessage, Echo, Screen, ServerMessage},
};

/// When an input came, and a random number to spread waits by.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub mono: MonoMs,
    /// The screen's own clock, microseconds since 1970.
    pub unix_us: i64,
    pub random: u32,
}

/// All that can happen to a link.
#[derive(Clone, Debug)]
pub enum Input {
    Opened,
    /// A message, or `None` for one that this screen does not understand: a newer server may
    /// say more, and that is no reason to stop.
    Heard(Option<ServerMessage>),
    /// Also an error of the socket: it always ends in a close.
    Closed,
    /// Several times a second.
    Tick,
}

/// What the shell has to do, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Connect,
    /// Drop the socket and hear nothing more from it.
    Disconnect,
    Send(ClientMessage),
    Show {
        state: BoardState,
        animate: bool,
    },
    ShowEnded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting { until: MonoMs },
    Connecting { since: MonoMs },
    Open,
}

/// One screen's link to its display.
#[derive(Debug)]
pub struct Link {
    phase: Phase,
    /// Connections lost in a row without a word from the server.
    failures: u32,
    epoch: Option<u64>,
    seq: Option<u64>,
    /// The bib on top, for the echo.
    top: String,
    screen: Screen,
    ended: bool,
    heard_at: MonoMs,
    shown_at: MonoMs,
    lost_at: Option<MonoMs>,
}

impl Link {
    /// Knows what the page was served with, or nothing. Connects at the first tick.
    pub fn new(
        screen: Screen,
        epoch: Option<u64>,
        seq: Option<u64>,
        state: &BoardState,
        now: MonoMs,
    ) -> Self {
        Self {
            phase: Phase::Waiting { until: now },
            failures: 0,
            epoch,
            seq,
            top: top_of(state),
            screen,
            ended: false,
            heard_at: now,
            shown_at: now,
            lost_at: Some(now),
        }
    }

    pub fn step(&mut self, moment: Moment, input: Input) -> Vec<Action> {
        let now = moment.mono;
        match (input, self.phase) {
            (Input::Tick, Phase::Waiting { until }) if until <= now => {
                self.phase = Phase::Connecting { since: now };
                vec![Action::Connect]
            }
            (Input::Tick, Phase::Connecting { since }) if now.ms_since(since) > CONNECT_MS_MAX => {
                self.lose(moment)
            }
            (Input::Tick, Phase::Open) if now.ms_since(self.heard_at) > SILENCE_MS_MAX => {
                self.lose(moment)
            }
            (Input::Opened, Phase::Connecting { .. }) => {
                self.phase = Phase::Open;
                self.heard_at = now;
                self.lost_at = None;
                vec![Action::Send(ClientMessage::Hello {
                    epoch: self.epoch,
                    seq: self.seq,
                    screen: self.screen.clone(),
                })]
            }
            (Input::Heard(message), Phase::Open) => {
                self.heard_at = now;
                self.failures = 0;
                message.map_or_else(Vec::new, |message| self.hear(moment, message))
            }
            (Input::Closed, Phase::Connecting { .. } | Phase::Open) => self.lose(moment),
            _ => Vec::new(),
        }
    }

    /// How long the server has been silent, once that is worth telling the staff.
    pub fn silent_ms(&self, now: MonoMs) -> Option<u64> {
        let lost_at = self.lost_at.filter(|_| !self.ended)?;
        (now.ms_since(lost_at) >= NOTICE_AFTER_MS).then(|| now.ms_since(self.heard_at))
    }

    fn hear(&mut self, moment: Moment, message: ServerMessage) -> Vec<Action> {
        match message {
            ServerMessage::Snapshot {
                epoch, seq, state, ..
            } => {
                self.epoch = Some(epoch);
                self.show(moment, seq, state, false)
            }
            // Within an epoch `seq` only rises: an equal or lower one brings nothing new.
            ServerMessage::Frame { seq, .. }
                if !self.ended && self.seq.is_some_and(|shown| seq <= shown) =>
            {
                Vec::new()
            }
            ServerMessage::Frame {
                seq, state, replay, ..
            } => self.show(moment, seq, state, !replay),
            ServerMessage::Ping { sent_at_us } => vec![Action::Send(ClientMessage::Pong {
                sent_at_us,
                screen_at_us: moment.unix_us,
                echo: Echo {
                    seq: self.seq,
                    top: self.top.clone(),
                    age_ms: moment.mono.ms_since(self.shown_at),
                },
            })],
            ServerMessage::Ended => {
                self.ended = true;
                self.phase = Phase::Waiting {
                    until: spread(moment, ENDED_RETRY_MS),
                };
                vec![Action::ShowEnded, Action::Disconnect]
            }
            // Only for screens that said they are `lite`.
            ServerMessage::Html { .. } => Vec::new(),
        }
    }

    fn show(&mut self, moment: Moment, seq: u64, state: BoardState, animate: bool) -> Vec<Action> {
        self.seq = Some(seq);
        self.top = top_of(&state);
        self.shown_at = moment.mono;
        self.ended = false;
        vec![Action::Show { state, animate }]
    }

    fn lose(&mut self, moment: Moment) -> Vec<Action> {
        let wait_ms = if self.ended {
            ENDED_RETRY_MS
        } else {
            (BACKOFF_FIRST_MS << self.failures.min(16)).min(BACKOFF_MS_MAX)
        };
        self.failures = self.failures.saturating_add(1);
        self.lost_at.get_or_insert(moment.mono);
        self.phase = Phase::Waiting {
            until: spread(moment, wait_ms),
        };
        vec![Action::Disconnect]
    }
}

fn top_of(state: &BoardState) -> String {
    state
        .arrivals
        .first()
        .map(|arrival| arrival.bib.clone())
        .unwrap_or_default()
}

/// The end of a wait that begins now, spread evenly by `JITTER_PERCENT` either way.
fn spread(moment: Moment, wait_ms: u64) -> MonoMs {
    let width = wait_ms * 2 * JITTER_PERCENT / 100;
    let shift = width * u64::from(moment.random) / u64::from(u32::MAX);
    moment
        .mono
        .plus_ms(wait_ms - wait_ms * JITTER_PERCENT / 100 + shift)
}

#[cfg(test)]
mod tests;
