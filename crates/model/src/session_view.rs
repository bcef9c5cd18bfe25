//! The timing sessions of a partner and their reads, as the builder's timing window shows them.
//!
//! Owns the shape only; the service fills it. Every list has its limit in `limits`.

use crate::{EventId, PointId, StreamId, UnixMicros, WallTime, timing_view::ReadStatus};
use serde::{Deserialize, Serialize};

/// Which session: the reads of a stream in a span of days on its device's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionKey {
    pub stream: StreamId,
    /// A midnight.
    pub from: WallTime,
    /// The midnight after the last day.
    pub until: WallTime,
}

/// The newest sessions that fit what was searched for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionList {
    /// At most `limits::SESSIONS_LISTED_MAX`: those that go on first, then by their last read.
    pub rows: Vec<SessionRow>,
    /// Whether some were left out.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    pub key: SessionKey,
    pub event: EventId,
    pub event_name: String,
    /// The stream's name.
    pub stream: String,
    pub state: SessionState,
    /// What the devices call themselves; the program where one gives no name that can be read. At
    /// most `limits::SESSION_NAMES_MAX`.
    pub devices: Vec<String>,
    /// What the devices call the event: known while they are connected. As many at most.
    pub device_events: Vec<String>,
    /// In the order of the course. At most `limits::SESSION_PLACES_MAX`.
    pub places: Vec<SessionPlace>,
    /// Its first and last read on the device's clock; `None` before anything is read.
    pub walls: Option<(WallTime, WallTime)>,
    /// The same by the event's wall clock, `2026-03-06T20:27:47.39`; empty before anything is read.
    pub first: String,
    pub last: String,
    /// New reads in the last minute.
    pub per_minute: u32,
    /// Whether Gantry's own simulator sent it.
    pub simulated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionState {
    /// A device is connected, and reads come from it.
    Live,
    /// Devices are connected, and each of them is quiet, as the Timing page says, or does not
    /// answer or is held.
    Silent,
    /// No device is connected.
    Ended,
}

/// Where a session reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPlace {
    /// As the device calls it.
    pub location: String,
    /// `None` while it is mapped to no timing point.
    pub point: Option<PointId>,
    /// The point's name, or the location where there is none.
    pub name: String,
}

/// A place in the order of a stream's stored reads, which is that of the device's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReadMark {
    pub wall: WallTime,
    /// These two tell reads of one hundredth apart.
    pub hash: i64,
    pub salt: i64,
}

impl ReadMark {
    /// Before all reads of that time.
    pub const fn before(wall: WallTime) -> Self {
        Self {
            wall,
            hash: i64::MIN,
            salt: i64::MIN,
        }
    }
}

/// Which reads of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadsFrom {
    /// The last ones.
    Last,
    /// From that time of the device's clock on.
    At(WallTime),
    /// After one that was given before.
    After(ReadMark),
    /// What came since, by the `coming` of the page before.
    Coming(u64),
}

/// One read of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRead {
    /// On the device's clock.
    pub wall: WallTime,
    pub at: UnixMicros,
    /// By the event's wall clock, `2026-03-06T20:27:47.39`.
    pub time: String,
    /// The timing point's name, or the location where there is none.
    pub place: String,
    /// Bib and name of whose it is as the roster is now, else the tag.
    pub who: String,
    pub status: ReadStatus,
    pub simulated: bool,
    /// Which of the page's crossings it is, where a screen could show it.
    pub crossing: Option<u32>,
}
