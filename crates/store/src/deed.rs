//! What was done to an event by hand: by whom, in which edits, and how it is undone.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{DeedId, Edit, EventId, GunId, PointId, TagRange, UnixMicros};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDeed {
    pub at: UnixMicros,
    /// As the list of deeds names them: an address of a person, or what stands for the shell.
    pub by: String,
    /// One line, such as "bib 101 is now 205".
    pub summary: String,
    /// All of them or none, in this order.
    pub edits: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub id: DeedId,
    pub at: UnixMicros,
    pub by: String,
    pub summary: String,
    /// The deed that took it back.
    pub undone_by: Option<DeedId>,
}

#[async_trait]
pub trait Deeds {
    /// `Stale` where an edit does not find what it says was there, `Taken` where a bib, chip or
    /// registration is somebody else's at the end of it, `Foreign` where it points elsewhere,
    /// `InUse` where a gun goes that a wave still has.
    ///
    /// Participants are compared as they are kept: chips in the order of their folded tags.
    async fn do_deed(&self, scope: &PartnerScope, event: EventId, new: NewDeed) -> Result<DeedId>;

    /// Does the inverse of its edits, last one first, as a deed that can be undone in its turn.
    /// `Stale` where something of it was altered since, or it is undone already.
    async fn undo(
        &self,
        scope: &PartnerScope,
        event: EventId,
        deed: DeedId,
        at: UnixMicros,
        by: &str,
    ) -> Result<DeedId>;

    /// The newest first, at most `limit`.
    async fn deeds(&self, scope: &PartnerScope, event: EventId, limit: u32) -> Result<Vec<Deed>>;

    /// From when on reads at a point count, where somebody said so.
    async fn zero_counts(
        &self,
        scope: &PartnerScope,
        event: EventId,
    ) -> Result<Vec<(PointId, UnixMicros)>>;

    async fn ignored_tags(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<TagRange>>;
}

/// For a gun that a deed brings in.
pub fn new_gun_id() -> GunId {
    GunId(Uuid::now_v7())
}
