//! From reads to race times: who started when, and how long it took to a timing point.
//!
//! Owns the rules of gun time and chip time, and which wave a gun can only be of.
//! Pure: instants come in, durations come out. Knows no tag, no roster, no store and no clock.

pub mod book;
pub mod gun;
pub mod limits;
pub mod start;
pub mod time;

pub use book::{Entry, RaceBook};
pub use gun::wave_for_gun;
pub use start::{Passage, start_of};
pub use time::{RaceTime, race_time};
