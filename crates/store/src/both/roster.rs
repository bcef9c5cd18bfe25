//! `Rosters`.

use super::{Backend, Tx, changes, participant::Roster, roster_merge};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    event::Events as _,
    limits, participant,
    roster::{RosterWrite, RosterWritten, Rosters, chunks},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, Participant, ParticipantId};
use std::collections::HashSet;

#[async_trait]
impl Rosters for Backend {
    async fn import_roster(
        &self,
        scope: &PartnerScope,
        event: EventId,
        writes: &[RosterWrite],
    ) -> Result<RosterWritten> {
        self.event(scope, event).await?;
        check(writes)?;
        let new = writes.iter();
        let new = new.filter(|write| matches!(write, RosterWrite::Add(_)));
        is_room_for(&mut self.reading(scope).await?, scope, event, new.count()).await?;
        let merged = self.merge_in_chunks(scope, event, writes).await;
        // Told even where nothing changed or not all was merged: an earlier import of the same
        // file may have been killed before it told.
        let told = self.tell_of_roster(scope, event).await;
        let done = merged?;
        told?;
        Ok(done)
    }

    async fn participants(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Participant>> {
        let mut tx = self.reading(scope).await?;
        Roster::of(scope, event).load(&mut tx, None).await
    }

    async fn participant(
        &self,
        scope: &PartnerScope,
        event: EventId,
        id: ParticipantId,
    ) -> Result<Participant> {
        let mut tx = self.reading(scope).await?;
        let found = Roster::of(scope, event).load(&mut tx, Some(&[id])).await?;
        let mut found = found.into_iter();
        found.next().ok_or(StoreError::NotFound {
            what: "participant",
        })
    }

    async fn roster_mapping(&self, scope: &PartnerScope, event: EventId) -> Result<String> {
        let mut tx = self.reading(scope).await?;
        let mapping: Option<String> = sqlx::query_scalar(
            "SELECT roster_mapping FROM event WHERE partner_id = $1 AND id = $2",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_optional(&mut *tx)
        .await?;
        mapping.ok_or(StoreError::NotFound { what: "event" })
    }

    async fn set_roster_mapping(
        &self,
        scope: &PartnerScope,
        event: EventId,
        mapping: &str,
    ) -> Result<()> {
        StoreError::unless_fits(
            mapping.len(),
            limits::ROSTER_MAPPING_BYTES_MAX,
            "bytes in how the columns are understood",
        )?;
        let mut tx = self.begin(scope).await?;
        let done =
            sqlx::query("UPDATE event SET roster_mapping = $1 WHERE partner_id = $2 AND id = $3")
                .bind(mapping)
                .bind(scope.partner().0)
                .bind(event.0)
                .execute(&mut *tx)
                .await?;
        StoreError::unless_found(done.rows_affected(), "event")?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Event, event.0).await?;
        tx.commit().await?;
        Ok(())
    }
}

impl Backend {
    async fn merge_in_chunks(
        &self,
        scope: &PartnerScope,
        event: EventId,
        writes: &[RosterWrite],
    ) -> Result<RosterWritten> {
        let roster = Roster::of(scope, event);
        let mut done = RosterWritten::default();
        for chunk in chunks(writes) {
            let mut tx = self.begin(scope).await?;
            roster_merge::merge(&mut tx, roster, &chunk, &mut done).await?;
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

/// Nothing is written of an import that could not go in whole.
fn check(writes: &[RosterWrite]) -> Result<()> {
    if writes.len() > limits::ROSTER_ROWS_MAX {
        return Err(too_many_people());
    }
    let mut ids = HashSet::with_capacity(writes.len());
    for write in writes {
        let fits = match write {
            RosterWrite::Add(_) => true,
            RosterWrite::Update { id, from, to } => (from.id, to.id) == (*id, *id),
        };
        if !fits || !ids.insert(write.id()) {
            return Err(StoreError::Invalid {
                what: "roster",
                rule: "be about each participant once",
            });
        }
        participant::check(write.to())?;
    }
    Ok(())
}

fn too_many_people() -> StoreError {
    StoreError::TooMany {
        what: "participants in the event",
        max: limits::ROSTER_ROWS_MAX as u64,
    }
}

/// Whether so many more fit into the event.
pub(super) async fn is_room_for(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    new: usize,
) -> Result<()> {
    if new == 0 {
        return Ok(());
    }
    let people: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM participant WHERE partner_id = $1 AND event_id = $2",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .fetch_one(&mut **tx)
    .await?;
    if people.unsigned_abs() + new as u64 > limits::ROSTER_ROWS_MAX as u64 {
        return Err(too_many_people());
    }
    Ok(())
}
