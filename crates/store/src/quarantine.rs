//! Where lines wait whose partner is not proved: global, capped, expiring, seen by count only.

use crate::error::Result;
use async_trait::async_trait;
use model::UnixMicros;
use std::net::IpAddr;

/// What became of some lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quarantined {
    pub kept: u64,
    /// Past a cap; counted and gone.
    pub dropped: u64,
}

/// What waits from one address at one port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerCount {
    /// `None` stands for all the peers that came after `limits::QUARANTINE_PEERS_MAX` others.
    pub peer: Option<IpAddr>,
    pub listener_port: u16,
    pub kept: u64,
    pub dropped: u64,
    pub last_at: UnixMicros,
}

#[async_trait]
pub trait Quarantine {
    /// Keeps raw lines of a peer as far as the caps allow, and lets go of what is too old.
    /// The peer is its address without its port, so that dialling anew is no way round the cap.
    async fn quarantine(
        &self,
        peer: IpAddr,
        listener_port: u16,
        lines: &[&[u8]],
        received_at: UnixMicros,
    ) -> Result<Quarantined>;

    /// What waits, by peer and port.
    async fn quarantine_counts(&self) -> Result<Vec<PeerCount>>;
}
