//! Whether the other end is still there: pings, staleness, the idle limit.

use super::{Output, link::send};
use crate::limits;
use model::MonoMs;

pub(super) struct Liveness {
    heard_at: MonoMs,
    ping_at: MonoMs,
    /// Since the last byte heard.
    pings_unanswered: u32,
    stale: bool,
}

impl Liveness {
    pub(super) fn new(now: MonoMs) -> Self {
        Self {
            heard_at: now,
            ping_at: now.plus_ms(limits::PING_MS),
            pings_unanswered: 0,
            stale: false,
        }
    }

    pub(super) fn next_timer(&self) -> MonoMs {
        self.ping_at.min(self.heard_at.plus_ms(limits::IDLE_MS_MAX))
    }

    /// Anything that comes answers a ping: a busy client may be late with the answer itself.
    pub(super) fn hear(&mut self, now: MonoMs, out: &mut Vec<Output>) {
        self.heard_at = now;
        self.pings_unanswered = 0;
        if std::mem::take(&mut self.stale) {
            out.push(Output::Heard);
        }
    }

    /// Whether the idle limit is over.
    pub(super) fn on_timer(&mut self, now: MonoMs, out: &mut Vec<Output>) -> bool {
        if now.ms_since(self.heard_at) >= limits::IDLE_MS_MAX {
            return true;
        }
        if now >= self.ping_at {
            if self.pings_unanswered >= limits::PINGS_MISSED_MAX && !self.stale {
                self.stale = true;
                out.push(Output::Stale);
            }
            send(out, b"ping");
            self.pings_unanswered += 1;
            // From now on and not from when it was due: after a pause of this process a client
            // gets one ping, not one for each that was missed.
            self.ping_at = now.plus_ms(limits::PING_MS);
        }
        false
    }
}
