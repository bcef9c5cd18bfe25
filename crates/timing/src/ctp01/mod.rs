//! CTP01, "ChronoTrack Socket Protocol 1": tilde-separated text lines over TCP 61611.
//!
//! The timing software connects and speaks first; we answer, and it pushes reads.
//! [`server`] is our end, [`client`] the device's; both are made of [`lines`] and [`record`].
//! There is no public specification: the facts come from independent implementations and captures.

pub mod client;
pub mod lines;
mod message;
pub mod record;
pub mod server;
pub mod text;
pub mod time;

pub use client::{ClientConfig, ClientInput, ClientOutput, ClientSession, GaveUp};
pub use lines::{Line, Lines};
pub use record::{DeviceRead, Layout, Record, RecordError};
pub use server::{CloseReason, Identity, Input, Output, ServerSession, StartPlan, StoredRead};
pub use time::{DeviceTime, TimeFormat};

/// The port the timing software dials unless told otherwise.
pub const PORT: u16 = 61611;

/// The third field of a client's greeting.
pub const PROTOCOL: &str = "CTP01";

/// What the simulator calls itself in its greeting, so that its reads are never taken for those of
/// a mat.
pub const SIMULATOR_PROGRAM: &str = "Gantry simulator";

/// Whether the program of a greeting is the simulator.
pub fn is_simulator(program: &str) -> bool {
    program.trim().eq_ignore_ascii_case(SIMULATOR_PROGRAM)
}

/// What a controller says of the race it is set to. Fields may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventInfo {
    pub name: String,
    pub id: String,
    pub description: String,
}

/// Why a line is none that the session can use. It is kept and counted by the host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownReason {
    #[error("no command or record is known by this first field")]
    Unrecognized,
    #[error(transparent)]
    Malformed(#[from] RecordError),
    #[error(
        "the line is longer than {} bytes; only its beginning is kept",
        crate::limits::LINE_BYTES_MAX
    )]
    TooLong,
    #[error("the other end reports an error")]
    Refused,
    #[error("the name is too long or holds control characters")]
    UnusableName,
    #[error(
        "more than {} locations on one connection",
        crate::limits::LOCATIONS_MAX
    )]
    TooManyLocations,
}
