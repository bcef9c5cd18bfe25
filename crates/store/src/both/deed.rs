//! `Deeds`. A deed is one transaction: each edit finds what it says was there, or none is done.

mod mark;
mod participant;

use super::{Backend, Row, Tx, changes};
use crate::{
    changes::ChangeKind,
    deed::{Deed, Deeds, NewDeed},
    error::{Result, StoreError},
    limits,
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{DeedId, Edit, EventId, PointId, TagRange, UnixMicros};
use sqlx::Row as _;
use uuid::Uuid;

#[async_trait]
impl Deeds for Backend {
    async fn do_deed(&self, scope: &PartnerScope, event: EventId, new: NewDeed) -> Result<DeedId> {
        let mut tx = self.begin(scope).await?;
        let id = do_it(&mut tx, scope, event, &new).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn undo(
        &self,
        scope: &PartnerScope,
        event: EventId,
        deed: DeedId,
        at: UnixMicros,
        by: &str,
    ) -> Result<DeedId> {
        let mut tx = self.begin(scope).await?;
        let row: Option<(String, String, Option<Uuid>)> = sqlx::query_as(
            "SELECT summary, edits, undone_by FROM deed
             WHERE partner_id = $1 AND event_id = $2 AND id = $3",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .bind(deed.0)
        .fetch_optional(&mut *tx)
        .await?;
        let (summary, edits, undone_by) = row.ok_or(StoreError::NotFound { what: "deed" })?;
        if undone_by.is_some() {
            return Err(StoreError::Stale { what: "deed" });
        }
        let edits: Vec<Edit> =
            serde_json::from_str(&edits).map_err(|error| StoreError::Corrupt {
                detail: format!("unusable edits of the deed {deed}: {error}"),
            })?;
        let back = NewDeed {
            at,
            by: by.to_owned(),
            summary: cut(&format!("undo: {summary}")),
            edits: edits.into_iter().rev().map(Edit::inverse).collect(),
        };
        let undone_by = do_it(&mut tx, scope, event, &back)
            .await
            .map_err(|error| match error {
                // It was there when it was done.
                StoreError::Foreign { what } => StoreError::Stale { what },
                other => other,
            })?;
        sqlx::query("UPDATE deed SET undone_by = $1 WHERE partner_id = $2 AND id = $3")
            .bind(undone_by.0)
            .bind(scope.partner().0)
            .bind(deed.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(undone_by)
    }

    async fn deeds(&self, scope: &PartnerScope, event: EventId, limit: u32) -> Result<Vec<Deed>> {
        let mut tx = self.reading(scope).await?;
        let rows = sqlx::query(
            "SELECT id, done_at, done_by, summary, undone_by FROM deed
             WHERE partner_id = $1 AND event_id = $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .bind(i64::from(limit.min(limits::DEEDS_LISTED_MAX)))
        .fetch_all(&mut *tx)
        .await?;
        rows.iter().map(from_row).collect()
    }

    async fn zero_counts(
        &self,
        scope: &PartnerScope,
        event: EventId,
    ) -> Result<Vec<(PointId, UnixMicros)>> {
        let mut tx = self.reading(scope).await?;
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(
            "SELECT point_id, counts_from FROM zero_count
             WHERE partner_id = $1 AND event_id = $2 ORDER BY point_id",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|(point, from)| (PointId(point), UnixMicros(from)))
            .collect())
    }

    async fn ignored_tags(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<TagRange>> {
        let mut tx = self.reading(scope).await?;
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT first_folded, last_folded FROM ignored_tag
             WHERE partner_id = $1 AND event_id = $2 ORDER BY first_folded, last_folded",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        let rows = rows.into_iter();
        Ok(rows.map(|(first, last)| TagRange { first, last }).collect())
    }
}

async fn do_it(tx: &mut Tx, scope: &PartnerScope, event: EventId, new: &NewDeed) -> Result<DeedId> {
    check(new)?;
    let edits = serde_json::to_string(&new.edits).expect("edits are JSON");
    StoreError::unless_fits(edits.len(), limits::DEED_BYTES_MAX, "bytes in one deed")?;
    has_room(tx, scope, event).await?;
    participant::apply(tx, scope, event, &new.edits).await?;
    for edit in &new.edits {
        mark::apply(tx, scope, event, edit).await?;
    }
    let id = DeedId(Uuid::now_v7());
    sqlx::query(
        "INSERT INTO deed (id, partner_id, event_id, done_at, done_by, summary, edits, undone_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
    )
    .bind(id.0)
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(new.at.0)
    .bind(&new.by)
    .bind(&new.summary)
    .bind(edits)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::missing("event"))?;
    let is_of_roster = |edit: &Edit| matches!(edit, Edit::Participant { .. });
    for (kind, is_told) in [
        (ChangeKind::Roster, new.edits.iter().any(is_of_roster)),
        (ChangeKind::Race, !new.edits.iter().all(is_of_roster)),
    ] {
        if is_told {
            changes::append(tx, scope.partner(), kind, event.0).await?;
        }
    }
    Ok(id)
}

fn check(new: &NewDeed) -> Result<()> {
    for (what, text) in [("summary", &new.summary), ("name of who did it", &new.by)] {
        let long = text.chars().count() > limits::DEED_CHARS_MAX;
        if long || text.chars().any(char::is_control) {
            return Err(StoreError::Invalid {
                what,
                rule: "be one line of at most 500 characters",
            });
        }
    }
    if new.edits.is_empty() {
        return Err(StoreError::Invalid {
            what: "deed",
            rule: "do something",
        });
    }
    StoreError::unless_fits(
        new.edits.len(),
        limits::EDITS_PER_DEED_MAX,
        "edits in one deed",
    )
}

const _: () = assert!(
    limits::DEED_CHARS_MAX == 500,
    "the rule in the error says so"
);

fn cut(summary: &str) -> String {
    summary.chars().take(limits::DEED_CHARS_MAX).collect()
}

/// The event is there, and can have one more.
async fn has_room(tx: &mut Tx, scope: &PartnerScope, event: EventId) -> Result<()> {
    let deeds: Option<i64> = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM deed d WHERE d.partner_id = e.partner_id
                 AND d.event_id = e.id)
         FROM event e WHERE e.partner_id = $1 AND e.id = $2",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .fetch_optional(&mut **tx)
    .await?;
    match deeds {
        None => Err(StoreError::NotFound { what: "event" }),
        Some(deeds) if deeds >= limits::DEEDS_PER_EVENT_MAX => Err(StoreError::TooMany {
            what: "deeds in the event",
            max: limits::DEEDS_PER_EVENT_MAX.cast_unsigned(),
        }),
        Some(_) => Ok(()),
    }
}

fn from_row(row: &Row) -> Result<Deed> {
    Ok(Deed {
        id: DeedId(row.try_get("id")?),
        at: UnixMicros(row.try_get("done_at")?),
        by: row.try_get("done_by")?,
        summary: row.try_get("summary")?,
        undone_by: row.try_get::<Option<Uuid>, _>("undone_by")?.map(DeedId),
    })
}
