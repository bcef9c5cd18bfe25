//! Participants and their chips.
//!
//! An import merges in short transactions with gaps between them, so that the journal of a running
//! server, in this process or another, gets in between (design §4). The rows stay in the caller's
//! memory until then: a staging table would write each of them twice and hold the write lock for
//! longer in all.

mod merge;

use crate::{
    changes::{self, ChangeKind},
    error::{Result, StoreError},
    limits,
    scope::PartnerScope,
    sqlite::{Row, Store},
};
use model::{EventId, Participant, ParticipantId, fold_tag};
use sqlx::Row as _;
use std::collections::HashMap;
use uuid::Uuid;

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

struct Known {
    id: Uuid,
    row: NewParticipant,
}

impl Store {
    /// Adds and updates; never deletes a participant nor takes a chip away.
    ///
    /// Of two rows with one bib the last counts. An import that fails half way keeps what it
    /// merged; importing the same again does the rest.
    pub async fn import_roster(
        &self,
        scope: &PartnerScope,
        event: EventId,
        rows: &[NewParticipant],
    ) -> Result<Imported> {
        self.event(scope, event).await?;
        let rows = by_bib(rows)?;
        let merged = self.merge_in_chunks(scope, event, &rows).await;
        // Told even where nothing changed or not all was merged: an earlier import of the same
        // file may have been killed before it told.
        let told = self.tell_of_roster(scope, event).await;
        let done = merged?;
        told?;
        Ok(done)
    }

    /// In the order in which they were imported.
    pub async fn participants(
        &self,
        scope: &PartnerScope,
        event: EventId,
    ) -> Result<Vec<Participant>> {
        // One snapshot for both, so that no chip lacks its participant.
        let mut tx = self.reader().begin().await?;
        let rows = sqlx::query(
            "SELECT id, bib, first_name, last_name, gender, age, city, state, country
             FROM participant WHERE partner_id = $1 AND event_id = $2 ORDER BY id",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        let chips: Vec<(Uuid, String)> = sqlx::query_as(
            "SELECT participant_id, chip FROM chip
             WHERE partner_id = $1 AND event_id = $2 ORDER BY chip_folded",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        tx.rollback().await?;
        let mut chips_of: HashMap<Uuid, Vec<String>> = HashMap::new();
        for (participant, chip) in chips {
            chips_of.entry(participant).or_default().push(chip);
        }
        rows.iter()
            .map(|row| {
                let known = from_row(row)?;
                Ok(Participant {
                    id: ParticipantId(known.id),
                    bib: known.row.bib,
                    first_name: known.row.first_name,
                    last_name: known.row.last_name,
                    gender: known.row.gender,
                    age: known.row.age,
                    city: known.row.city,
                    state: known.row.state,
                    country: known.row.country,
                    chips: chips_of.remove(&known.id).unwrap_or_default(),
                })
            })
            .collect()
    }

    async fn merge_in_chunks(
        &self,
        scope: &PartnerScope,
        event: EventId,
        rows: &[(String, &NewParticipant)],
    ) -> Result<Imported> {
        let mut done = Imported::default();
        for chunk in rows.chunks(limits::IMPORT_CHUNK_ROWS) {
            let mut tx = self.begin().await?;
            merge::merge(&mut tx, scope, event, chunk, &mut done).await?;
            tx.commit().await?;
            tokio::time::sleep(limits::IMPORT_GAP).await;
        }
        Ok(done)
    }

    async fn tell_of_roster(&self, scope: &PartnerScope, event: EventId) -> Result<()> {
        let mut tx = self.begin().await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Roster, event.0).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The rows by folded bib, each bib once, in order of first mention.
fn by_bib(rows: &[NewParticipant]) -> Result<Vec<(String, &NewParticipant)>> {
    if rows.len() > limits::ROSTER_ROWS_MAX {
        return Err(StoreError::TooMany {
            what: "rows in the roster",
            max: limits::ROSTER_ROWS_MAX as u64,
        });
    }
    let mut at: HashMap<String, usize> = HashMap::with_capacity(rows.len());
    let mut kept: Vec<(String, &NewParticipant)> = Vec::with_capacity(rows.len());
    for row in rows {
        let bib = fold_tag(&row.bib);
        if bib.is_empty() {
            return Err(StoreError::Invalid {
                what: "bib",
                rule: "not be empty",
            });
        }
        if row.chips.len() > limits::CHIPS_PER_PARTICIPANT_MAX {
            return Err(StoreError::TooMany {
                what: "chips of one participant",
                max: limits::CHIPS_PER_PARTICIPANT_MAX as u64,
            });
        }
        match at.get(&bib) {
            Some(index) => kept[*index].1 = row,
            None => {
                at.insert(bib.clone(), kept.len());
                kept.push((bib, row));
            }
        }
    }
    Ok(kept)
}

fn from_row(row: &Row) -> Result<Known> {
    Ok(Known {
        id: row.try_get("id")?,
        row: NewParticipant {
            bib: row.try_get("bib")?,
            first_name: row.try_get("first_name")?,
            last_name: row.try_get("last_name")?,
            gender: row.try_get("gender")?,
            age: row
                .try_get::<Option<i64>, _>("age")?
                .and_then(|age| u16::try_from(age).ok()),
            city: row.try_get("city")?,
            state: row.try_get("state")?,
            country: row.try_get("country")?,
            chips: Vec::new(),
        },
    })
}
