//! Participants and their chips.
//!
//! An import merges in short transactions with gaps between them, so that the journal of a running
//! server, in this process or another, gets in between (design §4). The rows stay in the caller's
//! memory until then: a staging table would write each of them twice and hold the write lock for
//! longer in all.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{EventId, Participant};

/// One row of a roster to import. Its bib, folded, is what it is known by within the event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewParticipant {
    pub bib: String,
    pub first_name: String,
    pub last_name: String,
    pub gender: String,
    pub age: Option<u16>,
    pub city: String,
    pub state: String,
    pub country: String,
    pub chips: Vec<String>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub imported: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// Chips that belong to somebody else and were left there.
    pub conflicts: Vec<ChipConflict>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipConflict {
    pub chip: String,
    /// Who was to get it.
    pub bib: String,
    /// Who has it.
    pub owner_bib: String,
}

#[async_trait]
pub trait Rosters {
    /// Adds and updates; never deletes a participant nor takes a chip away.
    ///
    /// Of two rows with one bib the last counts. An import that fails half way keeps what it
    /// merged; importing the same again does the rest.
    async fn import_roster(
        &self,
        scope: &PartnerScope,
        event: EventId,
        rows: &[NewParticipant],
    ) -> Result<Imported>;

    /// In the order in which they were imported.
    async fn participants(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Participant>>;
}
