//! Open files: nine thousand screens need as many on either side.
//! Owns nothing but the question to the system; the children inherit what was raised.

use crate::limits;

/// Asks for as many as this user may have.
pub fn raise() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        // Without leave to raise it, fewer sockets are opened: `sockets_max` asks what holds.
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: limit.maximum,
                ..limit
            },
        );
    }
}

/// How many sockets one process can hold now.
pub fn sockets_max() -> u64 {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let current = getrlimit(Resource::Nofile).current;
        current
            .unwrap_or(1_000_000)
            .saturating_sub(limits::SPARE_HANDLES)
    }
    #[cfg(not(unix))]
    {
        16_000 - limits::SPARE_HANDLES
    }
}
