//! The server's clock: set once from the system's, then monotonic.

use model::{MonoMs, UnixMicros};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Wall and monotonic time from one anchor, so that a step of the system's clock while the server
/// runs changes no dwell, no lateness and no running clock (design §4). It goes on while the
/// computer sleeps: after an hour with the lid closed, an hour has passed at the mats too.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Of `uptime`.
    anchor: Duration,
    anchor_at: UnixMicros,
}

impl Clock {
    pub fn start() -> Self {
        Self {
            anchor: uptime(),
            anchor_at: system_now().expect("a computer's clock stands after 1970"),
        }
    }

    pub fn now(&self) -> UnixMicros {
        let elapsed = i64::try_from(self.elapsed().as_micros()).unwrap_or(i64::MAX);
        UnixMicros(self.anchor_at.0.saturating_add(elapsed))
    }

    /// Now by this clock or by the system's, whichever is earlier: for what a command, which goes
    /// by the system's, said how long it lives. Setting that clock then ends nothing too soon.
    pub fn earliest(&self) -> UnixMicros {
        let now = self.now();
        system_now().map_or(now, |system| system.min(now))
    }

    pub fn mono(&self) -> MonoMs {
        MonoMs(u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// The tokio instant of a monotonic one, to sleep until. Tokio's stand still while the computer
    /// sleeps, so it is asked for anew whenever something happened.
    pub fn instant_of(&self, mono: MonoMs) -> tokio::time::Instant {
        let left = Duration::from_millis(mono.0).saturating_sub(self.elapsed());
        tokio::time::Instant::now() + left
    }

    fn elapsed(&self) -> Duration {
        uptime().saturating_sub(self.anchor)
    }

    /// When it was started: the epoch of what this process publishes.
    pub fn started_at(&self) -> UnixMicros {
        self.anchor_at
    }
}

/// Time since some moment before the start, that of sleep included. `Instant` leaves sleep out on
/// Linux and macOS.
#[cfg(unix)]
fn uptime() -> Duration {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const COUNTS_SLEEP: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    // On macOS this one counts it; elsewhere it is the best there is.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const COUNTS_SLEEP: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

    let now = rustix::time::clock_gettime(COUNTS_SLEEP);
    let seconds = Duration::from_secs(u64::try_from(now.tv_sec).unwrap_or_default());
    seconds + Duration::from_nanos(u64::try_from(now.tv_nsec).unwrap_or_default())
}

#[cfg(not(unix))]
fn uptime() -> Duration {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed()
}

/// `None` where the clock stands before 1970.
fn system_now() -> Option<UnixMicros> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let micros = i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX);
    Some(UnixMicros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn its_times_run_together_and_a_sleep_ends_when_it_is_due() {
        let clock = Clock::start();
        let due = clock.mono().plus_ms(30);
        tokio::time::sleep_until(clock.instant_of(due)).await;
        assert!(clock.mono() >= due);
        let since_start_ms = clock.now().ms_since(clock.started_at());
        let mono_ms = i64::try_from(clock.mono().0).unwrap();
        assert!((0..1_000).contains(&(mono_ms - since_start_ms)));
        let over = clock.instant_of(MonoMs(0));
        assert!(over <= tokio::time::Instant::now());
    }
}
