//! Work that waits for a disk, on a thread of its own.
//!
//! Not on the runtime's blocking threads: the end of the process would wait for those, and waits
//! for no thread but the first.

use std::{thread, time::Duration};
use tokio::{sync::oneshot, time::timeout};

/// Does what takes long. `None` where it ended by a mistake in the program.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (tell, told) = oneshot::channel();
    thread::spawn(move || {
        // Nobody waits for it any more where the limit is past, or the server ends.
        let _ = tell.send(work());
    });
    told.await.ok()
}

/// Does what may hang, such as a look at a network drive that is gone. Past the limit it is left
/// behind.
pub async fn within_ms<T: Send + 'static>(
    limit_ms: u64,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let limit = Duration::from_millis(limit_ms);
    timeout(limit, apart(work)).await.ok()?
}
