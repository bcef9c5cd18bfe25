//! Which reads a show shows: its stream and its points.

use super::super::Tx;
use crate::{
    error::{Result, StoreError},
    limits,
    scope::PartnerScope,
};
use model::{EventId, PointId, ShowId, StreamId};

/// In place of what it was bound to before.
pub(super) async fn bind(
    tx: &mut Tx,
    scope: &PartnerScope,
    (event, show): (EventId, ShowId),
    stream: StreamId,
    points: &[PointId],
) -> Result<()> {
    has_room(points)?;
    sqlx::query("UPDATE show SET stream_id = $1 WHERE partner_id = $2 AND id = $3")
        .bind(stream.0)
        .bind(scope.partner().0)
        .bind(show.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::foreign("stream"))?;
    sqlx::query("DELETE FROM show_point WHERE partner_id = $1 AND show_id = $2")
        .bind(scope.partner().0)
        .bind(show.0)
        .execute(&mut **tx)
        .await?;
    insert(tx, scope, (event, show), points).await
}

/// One that is there already stays.
pub(super) async fn insert(
    tx: &mut Tx,
    scope: &PartnerScope,
    (event, show): (EventId, ShowId),
    points: &[PointId],
) -> Result<()> {
    for point in points {
        sqlx::query(
            "INSERT INTO show_point (partner_id, event_id, show_id, point_id)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .bind(show.0)
        .bind(point.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::foreign("point"))?;
    }
    Ok(())
}

pub(super) fn has_room(points: &[PointId]) -> Result<()> {
    let max = limits::POINTS_PER_SHOW_MAX;
    StoreError::unless_fits(points.len(), max, "points of the show")
}
