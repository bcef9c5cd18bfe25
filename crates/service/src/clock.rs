//! The server's clock: set once from the system's, then monotonic.

use model::{MonoMs, UnixMicros};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall and monotonic time from one anchor, so that a step of the system's clock while the server
/// runs changes no dwell, no lateness and no running clock (design §4).
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    anchor: Instant,
    anchor_at: UnixMicros,
}

impl Clock {
    pub fn start() -> Self {
        Self {
            anchor: Instant::now(),
            anchor_at: system_now().expect("a computer's clock stands after 1970"),
        }
    }

    pub fn now(&self) -> UnixMicros {
        let elapsed = i64::try_from(self.anchor.elapsed().as_micros()).unwrap_or(i64::MAX);
        UnixMicros(self.anchor_at.0.saturating_add(elapsed))
    }

    /// Now by this clock or by the system's, whichever is earlier: for what a command, which goes
    /// by the system's, said how long it lives. Setting that clock then ends nothing too soon.
    pub fn earliest(&self) -> UnixMicros {
        let now = self.now();
        system_now().map_or(now, |system| system.min(now))
    }

    pub fn mono(&self) -> MonoMs {
        MonoMs(u64::try_from(self.anchor.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// The tokio instant of a monotonic one, to sleep until.
    pub fn instant_of(&self, mono: MonoMs) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.anchor + std::time::Duration::from_millis(mono.0))
    }

    /// When it was started: the epoch of what this process publishes.
    pub fn started_at(&self) -> UnixMicros {
        self.anchor_at
    }
}

/// `None` where the clock stands before 1970.
fn system_now() -> Option<UnixMicros> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let micros = i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX);
    Some(UnixMicros(micros))
}
