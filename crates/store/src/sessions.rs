//! Timing sessions: on which days streams were read, and the reads of such days in their order.

use crate::{error::Result, reads::StoredRead, scope::PartnerScope};
use async_trait::async_trait;
use model::{EventId, PointId, StreamId, UnixMicros, WallTime, session_view::ReadMark};

/// A stream, and what its device's times are told by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionStream {
    pub id: StreamId,
    pub name: String,
    /// `None`: the event's.
    pub timezone: Option<String>,
    pub offset_ms: i64,
    pub event: EventId,
    pub event_name: String,
    pub event_timezone: String,
}

/// Where a device reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLocation {
    /// As the device says it.
    pub location: String,
    /// What it is mapped to: the point, its name and its place along the course.
    pub point: Option<(PointId, String, u32)>,
}

/// What a stream read on one day of its device's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionDay {
    pub stream: SessionStream,
    /// The first and the last read by the device's clock.
    pub first: WallTime,
    pub last: WallTime,
    /// Of the last one.
    pub received_at: UnixMicros,
    /// Of the last one: the name that the device gives its connection, empty where it gives none.
    pub connection: String,
    /// Whether the last one is the simulator's.
    pub simulated: bool,
    /// Where something was read, in the order of their texts.
    pub locations: Vec<SessionLocation>,
}

/// The days of a partner's streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionDays {
    /// By their last read on the device's clock, the newest first.
    pub days: Vec<SessionDay>,
    /// Whether older ones were left out.
    pub more: bool,
}

#[async_trait]
pub trait Sessions {
    /// The newest days of the partner's streams, over all events: of the
    /// `limits::SESSION_STREAMS_MAX` streams that were heard last, at most
    /// `limits::SESSION_DAYS_MAX`. Looks at a few places of an index for each, however many reads
    /// there are.
    async fn session_days(&self, scope: &PartnerScope) -> Result<SessionDays>;

    /// The reads of a stream after a mark and before a time of the device's clock, in the order of
    /// that clock; at most `limits::PAGE_READS_MAX`. An empty page is the end.
    async fn reads_between(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        after: ReadMark,
        until: WallTime,
        limit: u32,
    ) -> Result<Vec<(ReadMark, StoredRead)>>;

    /// The last reads of those that `reads_between` would give, in the same order.
    async fn last_reads_between(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        after: ReadMark,
        until: WallTime,
        limit: u32,
    ) -> Result<Vec<(ReadMark, StoredRead)>>;
}
