//! Streams: configured sources of reads.

use crate::{
    error::{Result, StoreError},
    limits,
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, PartnerId, StreamId, UnixMicros};
use std::{fmt, str::FromStr};

/// What a stream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// ChronoTrack's line protocol.
    Ctp01,
}

impl Protocol {
    pub const ALL: [Self; 1] = [Self::Ctp01];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ctp01 => "ctp01",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Protocol {
    type Err = StoreError;
    fn from_str(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.name() == name)
            .ok_or(StoreError::Invalid {
                what: "protocol",
                rule: "be one of: ctp01",
            })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStream {
    pub event: EventId,
    pub name: String,
    pub protocol: Protocol,
    /// A listener of its own; else it is fed from the shared one.
    pub port: Option<u16>,
}

/// What to alter; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamChange {
    /// `Some(None)` takes the event's time zone again.
    pub timezone: Option<Option<String>>,
    pub offset_ms: Option<i64>,
    pub paused: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    pub id: StreamId,
    pub partner: PartnerId,
    pub event: EventId,
    pub name: String,
    pub protocol: Protocol,
    pub port: Option<u16>,
    /// Where it differs from the event's.
    pub timezone: Option<String>,
    /// Added to the device's time to get the true one.
    pub offset_ms: i64,
    /// By somebody's hand. See `active`.
    pub paused: bool,
    /// When a line of it last came, duplicates too.
    pub last_read_at: Option<UnixMicros>,
}

impl Stream {
    /// Neither paused by hand nor silent for 14 days. One that never had a read is active.
    pub fn active(&self, now: UnixMicros) -> bool {
        let silent = self
            .last_read_at
            .is_some_and(|last| now.ms_since(last) > limits::ACTIVE_MS);
        !self.paused && !silent
    }
}

#[async_trait]
pub trait Streams {
    /// `Taken` where the event has a stream of that name, or a stream that is not paused has that
    /// port.
    async fn create_stream(&self, scope: &PartnerScope, new: NewStream) -> Result<StreamId>;

    /// A stream that runs again may find its port `Taken`.
    async fn update_stream(
        &self,
        scope: &PartnerScope,
        id: StreamId,
        change: StreamChange,
    ) -> Result<()>;

    /// In the order in which they were made.
    async fn streams(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Stream>>;

    /// Of all partners, one after the other: for the server, which opens their listeners.
    async fn all_streams(&self) -> Result<Vec<Stream>>;

    /// Whose stream it is: for the authority, which has no scope yet.
    async fn owner_of_stream(&self, id: StreamId) -> Result<Option<PartnerId>>;
}
