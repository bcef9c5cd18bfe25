//! Where a device that names its connection goes on after a break (design §4 "Resume").

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{StreamId, WallTime};

/// The stored read that the first line after `start~location~sequence` must equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumePoint {
    pub location: String,
    pub sequence: u64,
    pub tag: String,
    pub reader: String,
    pub antenna: String,
    pub wall: WallTime,
}

#[async_trait]
pub trait Resume {
    /// Per location, the last new read by arrival of the connection of that name. Duplicates do
    /// not count: a rewind that breaks off goes on where the new reads ended.
    async fn resume_points(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        connection_name: &str,
    ) -> Result<Vec<ResumePoint>>;
}
