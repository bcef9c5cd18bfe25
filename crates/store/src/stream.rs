//! Streams: configured sources of reads.

use crate::{
    error::{Result, StoreError},
    limits,
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, PartnerId, StreamId, UnixMicros};
use std::{fmt, net::IpAddr, str::FromStr};

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
    pub name: Option<String>,
    /// `Some(None)` feeds it from the shared listener.
    pub port: Option<Option<u16>>,
    /// `Some(None)` takes the event's time zone again.
    pub timezone: Option<Option<String>>,
    pub offset_ms: Option<i64>,
    pub paused: Option<bool>,
    /// An archived stream is paused as well, and stays so when it is taken out of the archive until
    /// somebody says otherwise.
    pub archived: Option<bool>,
    /// That it was woken then: it counts as active as if a read had come.
    pub woken_at: Option<UnixMicros>,
    /// The whole list of `Stream::addresses`.
    pub addresses: Option<Vec<IpAddr>>,
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
    /// Put away by somebody's hand, and paused with it.
    pub archived: bool,
    /// When a line of it last came, duplicates too.
    pub last_read_at: Option<UnixMicros>,
    /// When somebody last woke it.
    pub woken_at: Option<UnixMicros>,
    /// From where a connection to the shared listener is this stream's partner's. Others may have
    /// listed the same: that one proves nothing then.
    pub addresses: Vec<IpAddr>,
}

impl Stream {
    /// Neither paused or archived by hand nor silent for 14 days since its last read or since it
    /// was woken. One that never had a read is active.
    pub fn active(&self, now: UnixMicros) -> bool {
        let since = self.last_read_at.max(self.woken_at);
        let silent = self.last_read_at.is_some()
            && since.is_some_and(|since| now.ms_since(since) > limits::ACTIVE_MS);
        !self.paused && !self.archived && !silent
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
