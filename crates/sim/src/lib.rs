//! The race simulator: a made-up or given field of runners, what a mat reports of it, and the
//! controller that sends it over CTP01.
//!
//! Everything here is pure and seeded: bytes, virtual milliseconds and a seed in, bytes out. It
//! knows no socket, no clock and no store; `gantry sim` is the shell that gives it those.

pub mod course;
pub mod device;
pub mod field;
pub mod knobs;
pub mod limits;
pub mod script;

mod clock;
mod feed;
mod names;
mod roster;
mod segment;

pub use course::{Course, CourseError};
pub use device::{Device, DeviceConfig, DeviceInput, DeviceOutput, DeviceStats, connection_name};
pub use field::{Field, FieldError, Rejected, Runner};
pub use knobs::{Disconnects, Knobs, PlainStart, Resume, Stamp};
pub use script::{Script, ScriptRead, Tag};
