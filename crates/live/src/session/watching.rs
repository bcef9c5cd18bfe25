//! A display socket after its hello: states, pings and what the screen says of itself.

use super::{Acked, CloseReason, ScreenStatus, SessionInput, SessionOutput, parse, showing};
use crate::limits::{
    CLIENT_MESSAGES_PER_PING_MAX, HTML_MS, PING_SOON_MS, PINGS_SOON, PINGS_UNANSWERED_MAX,
    SCREEN_TEXT_CHARS_MAX,
};
use crate::{Published, Shown, frame};
use model::socket::{ClientMessage, Echo, Level, Screen, ServerMessage};
use model::{MonoMs, UnixMicros, limits::PING_MS};
use std::sync::Arc;

pub(super) struct Watching {
    pub(super) status: ScreenStatus,
    /// Of the state the screen has, or was last sent.
    seq: u64,
    drawing: Drawing,
    ping_at: MonoMs,
    /// Of those that come soon.
    pings_left: usize,
    /// Oldest first.
    unanswered: Vec<Ping>,
    messages_since_ping: u32,
}

/// Who draws the screen.
enum Drawing {
    Screen,
    /// The server, at its own pace.
    Server {
        html_at: MonoMs,
    },
}

struct Ping {
    sent_at: UnixMicros,
    sent: MonoMs,
}

impl Watching {
    /// Answers a hello. `has` is the sequence of what the screen already shows of this epoch.
    pub(super) fn greet(
        now: MonoMs,
        shown: &Arc<Shown>,
        has: Option<u64>,
        screen: Screen,
        outputs: &mut Vec<SessionOutput>,
    ) -> Self {
        let current = has == Some(shown.seq);
        let behind = has.is_some_and(|seq| shown.template_seq <= seq && seq < shown.seq);
        let drawing = match screen.level {
            Level::Full => Drawing::Screen,
            Level::Lite => Drawing::Server {
                html_at: now.plus_ms(HTML_MS),
            },
        };
        if !current {
            outputs.push(match drawing {
                Drawing::Screen if behind => SessionOutput::Send(shown.replay()),
                Drawing::Screen => SessionOutput::Send(shown.snapshot()),
                Drawing::Server { .. } => SessionOutput::SendHtml(Arc::clone(shown)),
            });
        }
        let screen = Screen {
            version: cut(screen.version),
            ..screen
        };
        Self {
            status: ScreenStatus {
                screen,
                echo: None,
                round_trip_ms: None,
                clock_offset_ms: None,
                acked: None,
            },
            seq: shown.seq,
            drawing,
            ping_at: now.plus_ms(PING_MS),
            pings_left: PINGS_SOON,
            unanswered: Vec::new(),
            messages_since_ping: 0,
        }
    }

    pub(super) fn apply(
        mut self,
        now: MonoMs,
        wall: UnixMicros,
        (latest, software): (&Published, &str),
        input: SessionInput<'_>,
        outputs: &mut Vec<SessionOutput>,
    ) -> Result<Self, CloseReason> {
        let shown = showing(latest, outputs)?;
        match input {
            SessionInput::Text(text) => self.hear(now, text)?,
            SessionInput::Binary => return Err(CloseReason::NotJson),
            SessionInput::Command(command) => outputs.push(SessionOutput::Send(command.clone())),
            SessionInput::Published(_) => outputs.extend(self.show(now, shown)),
            SessionInput::Timer => {
                outputs.extend(self.show(now, shown));
                if self.ping_at <= now {
                    outputs.push(self.ping(now, wall, software)?);
                }
            }
        }
        Ok(self)
    }

    pub(super) fn next_timer(&self, latest: &Published) -> MonoMs {
        match (&self.drawing, latest) {
            (Drawing::Server { html_at }, Published::Showing(shown)) if self.seq < shown.seq => {
                self.ping_at.min(*html_at)
            }
            _ => self.ping_at,
        }
    }

    /// What the screen lacks, unless it is too early for it.
    fn show(&mut self, now: MonoMs, shown: &Arc<Shown>) -> Option<SessionOutput> {
        if shown.seq <= self.seq {
            return None;
        }
        let output = match &mut self.drawing {
            Drawing::Screen if self.seq < shown.template_seq => {
                SessionOutput::Send(shown.snapshot())
            }
            Drawing::Screen => SessionOutput::Send(shown.frame()),
            Drawing::Server { html_at } if now < *html_at => return None,
            Drawing::Server { html_at } => {
                *html_at = now.plus_ms(HTML_MS);
                SessionOutput::SendHtml(Arc::clone(shown))
            }
        };
        self.seq = shown.seq;
        Some(output)
    }

    pub(super) fn ping(
        &mut self,
        now: MonoMs,
        wall: UnixMicros,
        software: &str,
    ) -> Result<SessionOutput, CloseReason> {
        // Counted by pings and not by time: a server that was stopped for a minute finds the
        // answers waiting, and must not let every screen go.
        if PINGS_UNANSWERED_MAX <= self.unanswered.len() {
            return Err(CloseReason::Silent);
        }
        self.unanswered.push(Ping {
            sent_at: wall,
            sent: now,
        });
        self.ping_at = now.plus_ms(PING_MS);
        self.messages_since_ping = 0;
        Ok(SessionOutput::Send(frame::encode(&ServerMessage::Ping {
            sent_at_us: wall.0,
            software: software.to_owned(),
        })))
    }

    fn hear(&mut self, now: MonoMs, text: &str) -> Result<(), CloseReason> {
        self.messages_since_ping += 1;
        if CLIENT_MESSAGES_PER_PING_MAX < self.messages_since_ping {
            return Err(CloseReason::TooMany);
        }
        match parse(text)? {
            Some(ClientMessage::Pong {
                sent_at_us,
                screen_at_us,
                echo,
            }) => {
                self.pong(now, UnixMicros(sent_at_us), UnixMicros(screen_at_us), echo);
            }
            Some(ClientMessage::Ack { id, done }) => self.status.acked = Some(Acked { id, done }),
            // Once more: it was turned, or its window is of another size. How it is drawn stays.
            Some(ClientMessage::Hello { screen, .. }) => {
                self.status.screen.width = screen.width;
                self.status.screen.height = screen.height;
            }
            // Other types are for later versions.
            None => {}
        }
        Ok(())
    }

    /// An answer to a ping that is not awaited says nothing.
    fn pong(&mut self, now: MonoMs, sent_at: UnixMicros, screen_at: UnixMicros, echo: Echo) {
        let Some(idx) = self
            .unanswered
            .iter()
            .position(|ping| ping.sent_at == sent_at)
        else {
            return;
        };
        let round_trip_ms = now.ms_since(self.unanswered[idx].sent);
        self.unanswered.drain(..=idx);
        if let Some(left) = self.pings_left.checked_sub(1) {
            self.pings_left = left;
            self.ping_at = self.ping_at.min(now.plus_ms(PING_SOON_MS));
        }
        // The screen took its time half-way there and back, as far as anybody can tell.
        let half_way = sent_at.plus_ms(i64::try_from(round_trip_ms / 2).unwrap_or(i64::MAX));
        self.status.round_trip_ms = Some(round_trip_ms);
        self.status.clock_offset_ms = Some(screen_at.ms_since(half_way));
        self.status.echo = Some(Echo {
            top: cut(echo.top),
            ..echo
        });
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(SCREEN_TEXT_CHARS_MAX) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}
