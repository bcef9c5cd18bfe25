//! Waiting for something to become true, with an end.

use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What is waited for takes milliseconds on a quiet machine; this is for a busy one.
pub const SOON_S: u64 = 20;

/// Looks again and again until there is something to see.
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> impl Future<Output = T> {
    let caller = std::panic::Location::caller();
    within(SOON_S, what, caller, look)
}

/// Waits longer than `until` does.
#[track_caller]
pub fn until_within<T>(
    seconds: u64,
    what: &str,
    look: impl FnMut() -> Option<T>,
) -> impl Future<Output = T> {
    within(seconds, what, std::panic::Location::caller(), look)
}

/// Looks in a way that takes time itself.
pub async fn until_async<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            began.elapsed() < Duration::from_secs(SOON_S),
            "not within {SOON_S} s: {what}"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn within<T>(
    seconds: u64,
    what: &str,
    caller: &std::panic::Location<'_>,
    mut look: impl FnMut() -> Option<T>,
) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        let waited = began.elapsed();
        assert!(
            waited < Duration::from_secs(seconds),
            "{caller}: not within {seconds} s: {what}"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
