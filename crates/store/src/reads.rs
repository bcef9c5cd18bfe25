//! Questions to the journal: windows, totals, pages.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{EventId, Read, ReadKey, StreamId, UnixMicros, WallTime};

/// A read as it was journalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRead {
    pub position: u64,
    pub read: Read,
}

/// By what a line that came without a date is known again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Undated {
    pub location: String,
    pub sequence: Option<u64>,
    pub tag: String,
    pub time_text: String,
    pub reader: String,
    /// What the text says: hundredths since midnight.
    pub time_of_day_cs: i64,
}

/// The date that such a line was given when it first came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UndatedDay {
    pub of: Undated,
    /// Days since 1970-01-01.
    pub day: i64,
}

/// How many reads of each tag a stream has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagCounts {
    /// The last position in the journal that was counted.
    pub upto: u64,
    /// In the order of the tags.
    pub tags: Vec<(String, u64)>,
}

/// Reads of a tag at a location with less than `limits::PASSAGE_BUCKET_CS` between the first and
/// the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPassage {
    pub tag: String,
    pub first: WallTime,
    pub last: WallTime,
    /// Of the read that was received last.
    pub received_at: UnixMicros,
    pub simulated: bool,
}

/// What is known of a stream without looking at its reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamTotals {
    /// Stored.
    pub reads: u64,
    /// Came again, and were not stored again.
    pub duplicates: u64,
    /// Of those stored.
    pub late: u64,
    /// Per location, the sequence of its last new read by arrival, over all connections.
    pub last: Vec<(String, Option<u64>)>,
}

#[async_trait]
pub trait Reads {
    /// The keys of a stream's reads from some wall time on: the live path's duplicate window.
    async fn read_keys_since(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        since: WallTime,
    ) -> Result<Vec<ReadKey>>;

    /// What dates the undated lines of a stream were given, so that one that comes again gets the
    /// same (design §4 "Undated times"): the newest by wall time, at most `limit`, oldest first.
    async fn undated_days(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        limit: u32,
    ) -> Result<Vec<UndatedDay>>;

    /// The same for lines that come, whatever their age: those of them that are stored. Looks at
    /// the newest `limits::UNDATED_DAYS_MAX` days that have any.
    async fn undated_days_of(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        lines: &[Undated],
    ) -> Result<Vec<UndatedDay>>;

    /// The newest reads by wall time of a location, newest first; at most
    /// `limits::RECENT_READS_MAX`.
    async fn recent_reads(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
        limit: u32,
    ) -> Result<Vec<StoredRead>>;

    /// The passages of a location since a wall time, in no order; where there are more than
    /// `limits::PASSAGES_MAX`, the newest. A passage may be told in several parts. Guns are not
    /// among them.
    async fn passages(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
        since: WallTime,
    ) -> Result<Vec<StoredPassage>>;

    /// The reads of an event after a position, in the order in which they were stored; at most
    /// `limits::PAGE_READS_MAX`. An empty page is the end.
    async fn reads_page(
        &self,
        scope: &PartnerScope,
        event: EventId,
        after_position: u64,
        limit: u32,
    ) -> Result<Vec<StoredRead>>;

    async fn stream_totals(&self, scope: &PartnerScope, stream: StreamId) -> Result<StreamTotals>;

    /// How many reads each tag of a stream has; guns are not among them. Looks at every read.
    async fn tag_counts(&self, scope: &PartnerScope, stream: StreamId) -> Result<TagCounts>;
}
