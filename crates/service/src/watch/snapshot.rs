//! All that alarms are judged by, at one moment.

use super::{HostReport, place::Pace};
use crate::ingest::ConnectionStatus;
use model::{EventId, PartnerId, StreamId, UnixMicros};
use timing::WrongClock;

#[derive(Clone, Debug)]
pub struct Snapshot {
    pub now: UnixMicros,
    /// Those that are active.
    pub streams: Vec<StreamSnapshot>,
    /// The live ones, then those that have gone and not come back.
    pub connections: Vec<ConnectionStatus>,
    /// Whose an unclaimed connection would be: the partner who may claim it, if anybody may.
    pub claimant: Option<PartnerId>,
    pub journal: JournalSnapshot,
    pub host: HostReport,
}

#[derive(Clone, Debug)]
pub struct StreamSnapshot {
    pub id: StreamId,
    pub partner: PartnerId,
    pub event: EventId,
    pub event_name: String,
    pub name: String,
    /// Fed from the shared listener.
    pub shared: bool,
    pub offset_ms: i64,
    /// In the event's roster.
    pub people: u64,
    pub places: Vec<PlaceSnapshot>,
    pub wrong_clocks: Vec<WrongClock>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PlaceSnapshot {
    pub location: String,
    /// The timing point's name, or the location.
    pub point: String,
    pub heard_at: Option<UnixMicros>,
    /// Whether it empties by nature: a start.
    pub is_start: bool,
    pub pace: Option<Pace>,
    pub tags: Tags,
    pub readers: Vec<ReaderSnapshot>,
}

/// Of the last tags of a place, ignored ones left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    pub of: u32,
    pub unknown: u32,
    /// The newest unknown ones.
    pub newest: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderSnapshot {
    pub reader: String,
    pub least_ms: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalSnapshot {
    pub trouble: Option<String>,
    pub is_full: bool,
    /// For how long the oldest read that is not stored has waited.
    pub delay_ms: i64,
}
