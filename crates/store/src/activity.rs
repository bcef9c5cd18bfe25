//! What tags were read, and where: what a list of unknown chips is made from.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{EventId, StreamId, UnixMicros, WallTime};

/// The reads of one tag at one location of one stream, all or those since the last look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagActivity {
    pub stream: StreamId,
    pub location: String,
    /// As the device wrote it.
    pub tag: String,
    pub reads: u64,
    /// On the device's clock.
    pub first_wall: WallTime,
    pub last_wall: WallTime,
    pub last_received_at: UnixMicros,
    /// Whether any of them was simulated.
    pub simulated: bool,
}

/// What one look through the journal found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// By stream, location and tag; guns are not among them.
    pub tags: Vec<TagActivity>,
    /// The last position that was looked at: where to go on.
    pub upto: u64,
    /// Whether there was more than `limits::ACTIVITY_POSITIONS_MAX` to look through.
    pub more: bool,
}

#[async_trait]
pub trait Activities {
    /// What an event's tags did after a position of the journal. Once a reader has all, each
    /// further look costs what is new.
    async fn tag_activity(
        &self,
        scope: &PartnerScope,
        event: EventId,
        after_position: u64,
    ) -> Result<Activity>;
}
