//! `ChangeLog`.

use super::{Backend, Connected, Follower, Tx, announce};
use crate::{
    changes::{Change, ChangeFollower, ChangeKind, ChangeLog, Changes},
    error::{Result, StoreError},
    limits,
};
use async_trait::async_trait;
use model::PartnerId;
use uuid::Uuid;

#[async_trait]
impl ChangeLog for Backend {
    async fn changes_after(&self, seq: u64) -> Result<Changes> {
        let mut tx = self.reading_global().await?;
        after(&mut tx, seq).await
    }

    async fn last_change(&self) -> Result<u64> {
        let mut tx = self.reading_global().await?;
        let last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM change")
            .fetch_one(&mut *tx)
            .await?;
        Ok(last.cast_unsigned())
    }

    async fn follow_changes(&self, seq: u64) -> Result<Box<dyn ChangeFollower>> {
        Ok(Box::new(Follower::start(self, seq).await?))
    }
}

/// See `ChangeLog::changes_after`.
pub(crate) async fn after(connection: &mut Connected, seq: u64) -> Result<Changes> {
    let rows: Vec<(i64, Uuid, String, Uuid)> = sqlx::query_as(
        "SELECT seq, partner_id, kind, subject FROM change WHERE seq > $1 ORDER BY seq",
    )
    .bind(seq.cast_signed())
    .fetch_all(connection)
    .await?;
    match rows.last() {
        Some((last, ..)) if last.cast_unsigned() - seq > limits::CHANGES_KEPT_MAX => {
            Ok(Changes::Missed {
                last: last.cast_unsigned(),
            })
        }
        _ => rows
            .into_iter()
            .map(|(seq, partner, kind, subject)| {
                Ok(Change {
                    seq: seq.cast_unsigned(),
                    partner: PartnerId(partner),
                    kind: ChangeKind::ALL
                        .into_iter()
                        .find(|known| known.name() == kind)
                        .ok_or_else(|| StoreError::Corrupt {
                            detail: format!("unknown change {kind:?}"),
                        })?,
                    subject,
                })
            })
            .collect::<Result<_>>()
            .map(Changes::Listed),
    }
}

/// Goes into the transaction of what it tells of, so that neither is ever there alone.
pub(super) async fn append(
    tx: &mut Tx,
    partner: PartnerId,
    kind: ChangeKind,
    subject: Uuid,
) -> Result<()> {
    let seq: i64 = sqlx::query_scalar(
        "INSERT INTO change (partner_id, kind, subject) VALUES ($1, $2, $3) RETURNING seq",
    )
    .bind(partner.0)
    .bind(kind.name())
    .bind(subject)
    .fetch_one(&mut **tx)
    .await?;
    announce(tx).await?;
    sqlx::query("DELETE FROM change WHERE seq <= $1")
        .bind(seq - limits::CHANGES_KEPT_MAX.cast_signed())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
