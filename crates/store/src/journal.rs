//! The journal: every read stored exactly once, in one order without gaps (design §4).
//!
//! Knows nothing of people, points or shows.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::Read;

/// A read and on whose behalf it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    pub scope: PartnerScope,
    pub read: Read,
}

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Positions count from 1, without gaps.
    New { position: u64 },
    /// Its key is stored already, or came earlier in the same batch.
    Duplicate,
}

#[async_trait]
pub trait Journal {
    /// Stores a batch in one transaction, synced to disk when this returns; one answer per entry.
    ///
    /// On an error nothing of it is stored, or all of it where the database could not say any
    /// more whether it committed; the batch may be handed in again either way. An entry whose
    /// stream is not its scope's is `Foreign` for the whole batch: only a mistake in the program
    /// makes one. U+0000 in a text, which PostgreSQL does not keep, is stored as U+FFFD; the raw
    /// bytes stay as they came.
    async fn append_reads(&self, entries: &[JournalEntry]) -> Result<Vec<Appended>>;

    /// Hands a batch in again whose answer was lost; `answered` is the last position that the
    /// caller, the only one who appends, had known of before it.
    ///
    /// Where the batch turns out to be stored, behind that position, it gets the answers it was to
    /// get, and nothing is stored or counted again. One without a new read leaves no trace of
    /// itself: its duplicates are counted once more.
    async fn append_reads_again(
        &self,
        entries: &[JournalEntry],
        answered: u64,
    ) -> Result<Vec<Appended>>;

    /// The position of the newest read, 0 where there is none.
    async fn last_position(&self) -> Result<u64>;
}
