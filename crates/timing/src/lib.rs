//! Timing hardware, understood: bytes from a mat in, reads with a wall time out.
//!
//! Owns the wire protocols as sans-I/O machines (both ends of each), and what a read's time means:
//! zones, offsets, dates of undated times, lateness, clocks that are wrong.
//! Knows no socket, no clock, no store: time and bytes are handed in, outputs are returned.
//! Facts about the protocols are those of ChronoTrack's "Socket Protocol 1" as seen on the wire.

pub mod clock;
pub mod ctp01;
pub mod dating;
pub mod lateness;
pub mod limits;
pub mod wrong_clock;
mod zone;

pub use clock::{StreamClock, UnknownZone, parse_zone};
pub use dating::DateBook;
pub use lateness::{Timeliness, judge};
pub use wrong_clock::{Cause, WrongClock, WrongClockDetector};
