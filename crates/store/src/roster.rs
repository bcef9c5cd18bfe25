//! Participants and their chips.
//!
//! An import merges in short transactions with gaps between them, so that the journal of a running
//! server, in this process or another, gets in between (design §4). The rows stay in the caller's
//! memory until then: a staging table would write each of them twice and hold the write lock for
//! longer in all.

mod order;

pub(crate) use order::chunks;

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{EventId, Participant, ParticipantId};
use uuid::Uuid;

/// One row of an import, planned from the participants as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RosterWrite {
    /// Somebody new, with an id of `new_participant_id`.
    Add(Box<Participant>),
    Update {
        id: ParticipantId,
        /// As they were when it was planned.
        from: Box<Participant>,
        to: Box<Participant>,
    },
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterWritten {
    pub added: u64,
    pub updated: u64,
    /// Whose row was left as it is: somebody altered it since it was planned, or its bib or
    /// registration id is another's.
    pub stale: Vec<ParticipantId>,
    /// Chips that belong to somebody else and were left there; the rest of the row went in.
    pub conflicts: Vec<ChipConflict>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipConflict {
    pub chip: String,
    /// Who was to get it.
    pub participant: ParticipantId,
    pub bib: String,
    /// Who has it.
    pub owner_bib: String,
}

#[async_trait]
pub trait Rosters {
    /// Brings in what was planned. Nobody else waits for more than a few rows of it, so it is
    /// several transactions, and told once at the end.
    ///
    /// People may change bibs among each other. An import that fails half way keeps what it wrote;
    /// planned anew, it does the rest. `Foreign` where a wave is not of the event.
    async fn import_roster(
        &self,
        scope: &PartnerScope,
        event: EventId,
        writes: &[RosterWrite],
    ) -> Result<RosterWritten>;

    /// In the order in which they were made.
    async fn participants(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Participant>>;

    async fn participant(
        &self,
        scope: &PartnerScope,
        event: EventId,
        id: ParticipantId,
    ) -> Result<Participant>;

    /// How the columns of the event's last roster file were understood; empty before the first.
    async fn roster_mapping(&self, scope: &PartnerScope, event: EventId) -> Result<String>;

    /// At most `limits::ROSTER_MAPPING_BYTES_MAX`.
    async fn set_roster_mapping(
        &self,
        scope: &PartnerScope,
        event: EventId,
        mapping: &str,
    ) -> Result<()>;
}

/// For somebody who is to be added by an import or a deed.
pub fn new_participant_id() -> ParticipantId {
    ParticipantId(Uuid::now_v7())
}

impl RosterWrite {
    pub(crate) fn id(&self) -> ParticipantId {
        match self {
            Self::Add(new) => new.id,
            Self::Update { id, .. } => *id,
        }
    }

    pub(crate) fn to(&self) -> &Participant {
        match self {
            Self::Add(new) => new,
            Self::Update { to, .. } => to,
        }
    }
}
