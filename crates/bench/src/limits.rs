//! How much each bench does, and how long it waits. Past a wait, the bench fails and says for what.

/// The first bib: every bib has the same number of digits, so that every frame has the same size.
pub const FIRST_BIB: u32 = 10_000;

/// People in the roster of a bench, and so the reads it can send: each read is another runner's.
pub const RUNNERS: u32 = 30_000;

/// Until a server says that it is up.
pub const START_MS_MAX: u64 = 10_000;

/// Until all sockets of one order are open.
pub const OPEN_MS_MAX: u64 = 60_000;

/// Until the last message of a round is there, once all are sent. What is missing is reported.
pub const DELIVERY_MS_MAX: u64 = 5_000;

/// Open files that are not sockets of the load: for the program itself.
pub const SPARE_HANDLES: u64 = 400;
