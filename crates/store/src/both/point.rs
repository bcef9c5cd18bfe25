//! `Points`.

use super::{Backend, Connected, Tx, changes};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    limits,
    name::Name,
    point::{Point, Points},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, PointId, StreamId};
use uuid::Uuid;

#[async_trait]
impl Points for Backend {
    async fn ensure_point(
        &self,
        scope: &PartnerScope,
        event: EventId,
        name: &str,
    ) -> Result<PointId> {
        let name = Name::given("point's name", name)?;
        let mut tx = self.begin(scope).await?;
        if let Some(point) = point_named(&mut tx, scope, event, &name).await? {
            return Ok(point);
        }
        let point = insert_point(&mut tx, scope, event, &name).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Point, event.0).await?;
        tx.commit().await?;
        Ok(point)
    }

    async fn points(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Point>> {
        let mut tx = self.reading(scope).await?;
        let rows: Vec<(Uuid, String, i64)> = sqlx::query_as(
            "SELECT id, name, position FROM timing_point
             WHERE partner_id = $1 AND event_id = $2 ORDER BY position",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name, position)| Point {
                id: PointId(id),
                name,
                position: u32::try_from(position).unwrap_or(u32::MAX),
            })
            .collect())
    }

    async fn rename_point(&self, scope: &PartnerScope, point: PointId, name: &str) -> Result<()> {
        let name = Name::given("point's name", name)?;
        let mut tx = self.begin(scope).await?;
        let event: Option<Uuid> = sqlx::query_scalar(
            "UPDATE timing_point SET name = $1, name_folded = $2
             WHERE partner_id = $3 AND id = $4 RETURNING event_id",
        )
        .bind(name.shown)
        .bind(name.folded)
        .bind(scope.partner().0)
        .bind(point.0)
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::taken("point's name"))?;
        let event = event.ok_or(StoreError::NotFound { what: "point" })?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Point, event).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn order_points(
        &self,
        scope: &PartnerScope,
        event: EventId,
        points: &[PointId],
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let known: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM timing_point WHERE partner_id = $1 AND event_id = $2
             ORDER BY position",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        let mut order: Vec<Uuid> = Vec::with_capacity(known.len());
        for point in points {
            if !known.contains(&point.0) {
                return Err(StoreError::Foreign { what: "point" });
            }
            if !order.contains(&point.0) {
                order.push(point.0);
            }
        }
        let rest = known.into_iter().filter(|point| !order.contains(point));
        let rest: Vec<Uuid> = rest.collect();
        for (position, point) in (1_i64..).zip(order.into_iter().chain(rest)) {
            sqlx::query("UPDATE timing_point SET position = $1 WHERE partner_id = $2 AND id = $3")
                .bind(position)
                .bind(scope.partner().0)
                .bind(point)
                .execute(&mut *tx)
                .await?;
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Point, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn remove_point(&self, scope: &PartnerScope, point: PointId) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        // What no longer holds it: a mark at it, and displays that are over for good.
        for forgotten in [
            "DELETE FROM zero_count WHERE partner_id = $1 AND point_id = $2",
            "DELETE FROM show_point WHERE partner_id = $1 AND point_id = $2 AND NOT EXISTS (
                 SELECT 1 FROM display d WHERE d.partner_id = $1
                 AND d.show_id = show_point.show_id AND NOT d.ended)",
        ] {
            sqlx::query(forgotten)
                .bind(scope.partner().0)
                .bind(point.0)
                .execute(&mut *tx)
                .await?;
        }
        let event: Option<Uuid> = sqlx::query_scalar(
            "DELETE FROM timing_point WHERE partner_id = $1 AND id = $2 RETURNING event_id",
        )
        .bind(scope.partner().0)
        .bind(point.0)
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::in_use("point"))?;
        let event = event.ok_or(StoreError::NotFound { what: "point" })?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Point, event).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn map_location(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
        point: PointId,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let event = event_of_stream(&mut tx, scope, stream).await?;
        write_location(&mut tx, scope, event, stream, location, point).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Point, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn locations(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
    ) -> Result<Vec<(String, PointId)>> {
        let mut tx = self.reading(scope).await?;
        let rows: Vec<(String, Uuid)> = sqlx::query_as(
            "SELECT location, point_id FROM stream_location
             WHERE partner_id = $1 AND stream_id = $2 ORDER BY location",
        )
        .bind(scope.partner().0)
        .bind(stream.0)
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(location, point)| (location, PointId(point)))
            .collect())
    }

    async fn ensure_location(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
    ) -> Result<PointId> {
        let mut tx = self.begin(scope).await?;
        let event = event_of_stream(&mut tx, scope, stream).await?;
        let mapped: Option<Uuid> = sqlx::query_scalar(
            "SELECT point_id FROM stream_location
             WHERE partner_id = $1 AND stream_id = $2 AND location = $3",
        )
        .bind(scope.partner().0)
        .bind(stream.0)
        .bind(location)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(point) = mapped {
            return Ok(PointId(point));
        }
        let name = Name::of_location(location);
        let point = match point_named(&mut tx, scope, event, &name).await? {
            Some(point) => point,
            None => insert_point(&mut tx, scope, event, &name).await?,
        };
        write_location(&mut tx, scope, event, stream, location, point).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Point, event.0).await?;
        tx.commit().await?;
        Ok(point)
    }
}

async fn event_of_stream(
    connection: &mut Connected,
    scope: &PartnerScope,
    stream: StreamId,
) -> Result<EventId> {
    let event: Option<Uuid> =
        sqlx::query_scalar("SELECT event_id FROM stream WHERE partner_id = $1 AND id = $2")
            .bind(scope.partner().0)
            .bind(stream.0)
            .fetch_optional(connection)
            .await?;
    event
        .map(EventId)
        .ok_or(StoreError::NotFound { what: "stream" })
}

async fn point_named(
    connection: &mut Connected,
    scope: &PartnerScope,
    event: EventId,
    name: &Name,
) -> Result<Option<PointId>> {
    let point: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM timing_point
         WHERE partner_id = $1 AND event_id = $2 AND name_folded = $3",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(&name.folded)
    .fetch_optional(connection)
    .await?;
    Ok(point.map(PointId))
}

async fn insert_point(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    name: &Name,
) -> Result<PointId> {
    let (points, last): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COALESCE(MAX(position), 0) FROM timing_point
         WHERE partner_id = $1 AND event_id = $2",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .fetch_one(&mut **tx)
    .await?;
    StoreError::unless_room(points, limits::POINTS_PER_EVENT_MAX, "points of the event")?;
    let id = PointId(Uuid::now_v7());
    sqlx::query(
        "INSERT INTO timing_point (id, partner_id, event_id, name, name_folded, position)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.0)
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(&name.shown)
    .bind(&name.folded)
    .bind(last + 1)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::missing("event"))?;
    Ok(id)
}

async fn write_location(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    stream: StreamId,
    location: &str,
    point: PointId,
) -> Result<()> {
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM stream_location
         WHERE partner_id = $1 AND stream_id = $2 AND location <> $3",
    )
    .bind(scope.partner().0)
    .bind(stream.0)
    .bind(location)
    .fetch_one(&mut **tx)
    .await?;
    StoreError::unless_room(
        others,
        limits::LOCATIONS_PER_STREAM_MAX,
        "locations of the stream",
    )?;
    sqlx::query(
        "INSERT INTO stream_location (partner_id, event_id, stream_id, location, point_id)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (partner_id, stream_id, location) DO UPDATE SET point_id = excluded.point_id",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(stream.0)
    .bind(location)
    .bind(point.0)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::foreign("point"))?;
    Ok(())
}
