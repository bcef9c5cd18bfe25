//! The screen's end of the display socket (design §5.4) as a pure machine.
//!
//! Owns when to connect, what to say and what to show. Knows no browser: a thin shell feeds it
//! inputs with the time and a random number, and does what it answers.

mod told;

pub use told::Overlay;

use crate::limits::{
    BACKOFF_FIRST_MS, BACKOFF_MS_MAX, CONNECT_MS_MAX, ENDED_RETRY_MS, JITTER_PERCENT,
    LEAVE_AFTER_MS, NOTICE_AFTER_MS, SILENCE_MS_MAX, UPDATE_SPREAD_MS, UPDATE_WAIT_MS_MAX,
    WOKE_MS_MAX,
};
use model::{
    BoardState, DisplayCode, MonoMs,
    document::Packed,
    socket::{ClientMessage, Command, Echo, Screen, ServerMessage},
};
use told::Told;

/// When an input came, and a random number to spread waits by.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub mono: MonoMs,
    /// The screen's own clock, microseconds since 1970.
    pub unix_us: i64,
    pub random: u32,
}

/// All that can happen to a link.
#[expect(clippy::large_enum_variant, reason = "one at a time, and never kept")]
#[derive(Clone, Debug)]
pub enum Input {
    Opened,
    /// A message, or `None` for one that this screen does not understand: a newer server may
    /// say more, and that is no reason to stop.
    Heard(Option<ServerMessage>),
    /// Also an error of the socket: it always ends in a close.
    Closed,
    /// What the last look at a page found.
    Looked(Page),
    /// Width and height of the screen, after each ping: it may have been turned.
    Measured(u32, u32),
    /// Several times a second.
    Tick,
    /// The screen slept, or its main loop hung: nobody knows what became of the socket.
    Woke,
}

/// A display's page, as the server answers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Here,
    /// The server says itself that there is no such display.
    Gone,
    /// No answer, or one of somebody else: a proxy whose server is down.
    Unknown,
}

/// Where a screen goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The page it is on.
    Own,
    Other(DisplayCode),
}

/// What the shell has to do, in order.
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "a few at a time, and never kept")
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Connect,
    /// Drop the socket and hear nothing more from it.
    Disconnect,
    Send(ClientMessage),
    Show {
        /// Where the template is another one than before.
        document: Option<Packed>,
        state: BoardState,
        animate: bool,
    },
    /// What the server's clock said when it sent the ping that is heard now, microseconds since
    /// 1970; or the frame, which may have waited.
    Time {
        sent_at_us: i64,
        is_ping: bool,
    },
    ShowEnded,
    /// Ask the server for that page, and say what it answered. A second look takes the place of
    /// the first.
    Look(Target),
    /// Load that page in place of this one.
    Leave(Target),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting { until: MonoMs },
    Connecting { since: MonoMs },
    Open,
}

/// On the way to another page, or to the same one anew. A screen never leaves a picture for a page
/// that might not come, so it looks first.
#[derive(Debug)]
enum Leaving {
    Looking {
        /// Of the command. `None`: for another version of the software, which nobody commanded.
        id: Option<u64>,
        target: Target,
    },
    Ready {
        at: MonoMs,
        /// It waits so long for nobody to be featured.
        at_latest: MonoMs,
        target: Target,
    },
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
    /// Somebody has the screen now.
    featured: bool,
    /// Of the software that the page came with, as pings say it. Empty where no server drew it.
    software: String,
    screen: Screen,
    ended: bool,
    told: Told,
    leaving: Option<Leaving>,
    heard_at: MonoMs,
    /// It slept, and has heard nothing since.
    woke_at: Option<MonoMs>,
    shown_at: MonoMs,
    lost_at: Option<MonoMs>,
}

impl Link {
    /// Knows what the page was served with, or nothing, and when the server said so. Connects at
    /// the first tick.
    pub fn new(
        screen: Screen,
        (epoch, seq): (Option<u64>, Option<u64>),
        software: String,
        state: &BoardState,
        (now, heard_at): (MonoMs, MonoMs),
    ) -> Self {
        Self {
            phase: Phase::Waiting { until: now },
            failures: 0,
            epoch,
            seq,
            top: top_of(state),
            featured: state.runner.is_some(),
            software,
            screen,
            ended: false,
            told: Told::default(),
            leaving: None,
            heard_at,
            woke_at: None,
            shown_at: now,
            lost_at: Some(now),
        }
    }

    pub fn step(&mut self, moment: Moment, input: Input) -> Vec<Action> {
        let now = moment.mono;
        if let (
            Input::Tick,
            Some(Leaving::Ready {
                at,
                at_latest,
                target,
            }),
        ) = (&input, &self.leaving)
            && *at <= now
            && (!self.featured || *at_latest <= now)
        {
            let target = target.clone();
            self.leaving = None;
            return vec![Action::Leave(target)];
        }
        match (input, self.phase) {
            (Input::Looked(page), _) => self.looked(moment, page),
            (Input::Measured(width, height), Phase::Open)
                if (self.screen.width, self.screen.height) != (width, height) =>
            {
                self.screen.width = width;
                self.screen.height = height;
                self.hello()
            }
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
            (Input::Woke, Phase::Open) => {
                self.woke_at.get_or_insert(now);
                Vec::new()
            }
            (Input::Tick, Phase::Open)
                if self
                    .woke_at
                    .is_some_and(|woke_at| now.ms_since(woke_at) > WOKE_MS_MAX) =>
            {
                self.lose(moment)
            }
            (Input::Woke, Phase::Waiting { .. }) if !self.ended => {
                self.phase = Phase::Waiting { until: now };
                Vec::new()
            }
            (Input::Opened, Phase::Connecting { .. }) => {
                self.phase = Phase::Open;
                self.heard_at = now;
                self.lost_at = None;
                self.hello()
            }
            (Input::Heard(message), Phase::Open) => {
                self.heard_at = now;
                self.woke_at = None;
                self.failures = 0;
                message.map_or_else(Vec::new, |message| self.hear(moment, message))
            }
            (Input::Closed, Phase::Connecting { .. }) => {
                let mut actions = self.lose(moment);
                // A browser does not tell why it could not connect: the display may be over.
                actions.push(Action::Look(Target::Own));
                actions
            }
            (Input::Closed, Phase::Open) => self.lose(moment),
            _ => Vec::new(),
        }
    }

    /// How long the server has been silent, once that is worth telling the staff.
    pub fn silent_ms(&self, now: MonoMs) -> Option<u64> {
        let lost_at = self.lost_at.filter(|_| !self.ended)?;
        (now.ms_since(lost_at) >= NOTICE_AFTER_MS).then(|| now.ms_since(self.heard_at))
    }

    /// What lies over the board now.
    pub fn overlay(&self, now: MonoMs) -> Overlay {
        self.told.overlay(now)
    }

    fn hello(&self) -> Vec<Action> {
        vec![Action::Send(ClientMessage::Hello {
            epoch: self.epoch,
            seq: self.seq,
            screen: self.screen.clone(),
        })]
    }

    fn hear(&mut self, moment: Moment, message: ServerMessage) -> Vec<Action> {
        match message {
            ServerMessage::Snapshot {
                epoch,
                seq,
                document,
                state,
                ..
            } => {
                self.epoch = Some(epoch);
                self.show(moment, seq, Some(document), state, false)
            }
            // Within an epoch `seq` only rises: an equal or lower one brings nothing new.
            ServerMessage::Frame { seq, .. }
                if !self.ended && self.seq.is_some_and(|shown| seq <= shown) =>
            {
                Vec::new()
            }
            ServerMessage::Frame {
                seq,
                state,
                replay,
                sent_at_us,
                ..
            } => {
                let mut actions = self.show(moment, seq, None, state, !replay);
                if !replay {
                    let is_ping = false;
                    actions.insert(
                        0,
                        Action::Time {
                            sent_at_us,
                            is_ping,
                        },
                    );
                }
                actions
            }
            ServerMessage::Ping {
                sent_at_us,
                software,
            } => self.answer(moment, sent_at_us, &software),
            ServerMessage::Command { id, command } => self.obey(moment.mono, id, command),
            ServerMessage::Ended => {
                self.end(moment);
                vec![Action::ShowEnded, Action::Disconnect]
            }
            // Only for screens that said they are `lite`.
            ServerMessage::Html { .. } => Vec::new(),
        }
    }

    fn answer(&mut self, moment: Moment, sent_at_us: i64, software: &str) -> Vec<Action> {
        let is_ping = true;
        let mut actions = vec![
            Action::Time {
                sent_at_us,
                is_ping,
            },
            Action::Send(ClientMessage::Pong {
                sent_at_us,
                screen_at_us: moment.unix_us,
                echo: Echo {
                    seq: self.seq,
                    top: self.top.clone(),
                    age_ms: moment.mono.ms_since(self.shown_at),
                },
            }),
        ];
        // A page that is not there now is looked for again at the next ping.
        let other = !self.software.is_empty() && self.software != software;
        if other && self.leaving.is_none() {
            actions.extend(self.look_before(None, Target::Own));
        }
        actions
    }

    fn obey(&mut self, now: MonoMs, id: u64, command: Command) -> Vec<Action> {
        match command {
            Command::Identify => self.told.identify(now),
            Command::Blank { on } => self.told.blank = on,
            Command::Message { text } => self.told.message = text,
            Command::Reload => return self.look_before(Some(id), Target::Own),
            Command::Redirect { code } => return self.look_before(Some(id), Target::Other(code)),
        }
        vec![Action::Send(ClientMessage::Ack { id, done: true })]
    }

    fn look_before(&mut self, id: Option<u64>, target: Target) -> Vec<Action> {
        let looking = Leaving::Looking {
            id,
            target: target.clone(),
        };
        let mut actions = Vec::new();
        if let Some(Leaving::Looking { id: Some(id), .. }) = self.leaving.replace(looking) {
            actions.push(Action::Send(ClientMessage::Ack { id, done: false }));
        }
        actions.push(Action::Look(target));
        actions
    }

    fn looked(&mut self, moment: Moment, page: Page) -> Vec<Action> {
        match self.leaving.take() {
            Some(Leaving::Looking { id, target }) => {
                let done = page == Page::Here;
                let (wait_ms, latest_ms) = match id {
                    Some(_) => (LEAVE_AFTER_MS, 0),
                    None => (share(moment, UPDATE_SPREAD_MS), UPDATE_WAIT_MS_MAX),
                };
                let at = moment.mono.plus_ms(wait_ms);
                self.leaving = done.then(|| Leaving::Ready {
                    at,
                    at_latest: at.plus_ms(latest_ms),
                    target,
                });
                let ack = |id| Action::Send(ClientMessage::Ack { id, done });
                id.map(ack).into_iter().collect()
            }
            leaving => {
                self.leaving = leaving;
                // A connection that is under way or stands knows better than an answer before it.
                let over = page == Page::Gone && matches!(self.phase, Phase::Waiting { .. });
                if !over || self.ended {
                    return Vec::new();
                }
                self.end(moment);
                vec![Action::ShowEnded]
            }
        }
    }

    fn end(&mut self, moment: Moment) {
        self.ended = true;
        self.phase = Phase::Waiting {
            until: spread(moment, ENDED_RETRY_MS),
        };
    }

    fn show(
        &mut self,
        moment: Moment,
        seq: u64,
        document: Option<Packed>,
        state: BoardState,
        animate: bool,
    ) -> Vec<Action> {
        self.seq = Some(seq);
        self.top = top_of(&state);
        self.featured = state.runner.is_some();
        self.shown_at = moment.mono;
        self.ended = false;
        vec![Action::Show {
            document,
            state,
            animate,
        }]
    }

    fn lose(&mut self, moment: Moment) -> Vec<Action> {
        let wait_ms = if self.ended {
            ENDED_RETRY_MS
        } else {
            (BACKOFF_FIRST_MS << self.failures.min(16)).min(BACKOFF_MS_MAX)
        };
        self.failures = self.failures.saturating_add(1);
        self.lost_at.get_or_insert(moment.mono);
        self.woke_at = None;
        self.phase = Phase::Waiting {
            until: spread(moment, wait_ms),
        };
        vec![Action::Disconnect]
    }
}

fn top_of(state: &BoardState) -> String {
    let top = state.runner.as_ref().or_else(|| state.arrivals.first());
    top.map(|arrival| arrival.bib.clone()).unwrap_or_default()
}

/// The end of a wait that begins now, spread evenly by `JITTER_PERCENT` either way.
fn spread(moment: Moment, wait_ms: u64) -> MonoMs {
    let shift = share(moment, wait_ms * 2 * JITTER_PERCENT / 100);
    moment
        .mono
        .plus_ms(wait_ms - wait_ms * JITTER_PERCENT / 100 + shift)
}

/// A part of so much, by chance.
fn share(moment: Moment, ms: u64) -> u64 {
    ms * u64::from(moment.random) / u64::from(u32::MAX)
}

#[cfg(test)]
mod tests;
