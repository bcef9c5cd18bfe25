//! `Rosters`.

use super::{
    Backend, changes,
    roster_merge::{self, Known},
};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    event::Events as _,
    limits,
    roster::{Imported, NewParticipant, Rosters},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, Participant, ParticipantId, fold_tag};
use std::collections::HashMap;
use uuid::Uuid;

#[async_trait]
impl Rosters for Backend {
    async fn import_roster(
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

    async fn participants(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Participant>> {
        let mut tx = self.reading(scope).await?;
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
        let mut chips_of: HashMap<Uuid, Vec<String>> = HashMap::new();
        for (participant, chip) in chips {
            chips_of.entry(participant).or_default().push(chip);
        }
        rows.iter()
            .map(|row| {
                let known = Known::from_row(row)?;
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
}

impl Backend {
    async fn merge_in_chunks(
        &self,
        scope: &PartnerScope,
        event: EventId,
        rows: &[(String, &NewParticipant)],
    ) -> Result<Imported> {
        let mut done = Imported::default();
        for chunk in rows.chunks(limits::IMPORT_CHUNK_ROWS) {
            let mut tx = self.begin(scope).await?;
            roster_merge::merge(&mut tx, scope, event, chunk, &mut done).await?;
            tx.commit().await?;
            tokio::time::sleep(limits::IMPORT_GAP).await;
        }
        Ok(done)
    }

    async fn tell_of_roster(&self, scope: &PartnerScope, event: EventId) -> Result<()> {
        let mut tx = self.begin(scope).await?;
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
