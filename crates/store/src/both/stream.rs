//! `Streams`.

use super::{Backend, Connected, Row, changes, enter, keys, partner};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError, constraint, violation},
    limits,
    name::Name,
    scope::PartnerScope,
    stream::{NewStream, Stream, StreamChange, Streams},
};
use async_trait::async_trait;
use model::{EventId, PartnerId, StreamId, UnixMicros};
use sqlx::{Row as _, error::ErrorKind};
use uuid::Uuid;

#[async_trait]
impl Streams for Backend {
    async fn create_stream(&self, scope: &PartnerScope, new: NewStream) -> Result<StreamId> {
        let name = Name::given("stream's name", &new.name)?;
        let id = StreamId(Uuid::now_v7());
        let mut tx = self.begin(scope).await?;
        let streams: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM stream WHERE partner_id = $1 AND event_id = $2",
        )
        .bind(scope.partner().0)
        .bind(new.event.0)
        .fetch_one(&mut *tx)
        .await?;
        if streams >= limits::STREAMS_PER_EVENT_MAX {
            return Err(StoreError::TooMany {
                what: "streams of the event",
                max: limits::STREAMS_PER_EVENT_MAX.cast_unsigned(),
            });
        }
        if let Some(port) = new.port {
            port_is_free(&mut tx, port, id).await?;
        }
        let key = keys::next_stream(&mut tx).await?;
        sqlx::query(
            "INSERT INTO stream (id, key, partner_id, event_id, name, name_folded, protocol, port,
                                 timezone, offset_ms, paused)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, 0, $9)",
        )
        .bind(id.0)
        .bind(key)
        .bind(scope.partner().0)
        .bind(new.event.0)
        .bind(name.shown)
        .bind(name.folded)
        .bind(new.protocol.name())
        .bind(new.port.map(i64::from))
        .bind(false)
        .execute(&mut *tx)
        .await
        .map_err(refused)?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Stream, id.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn update_stream(
        &self,
        scope: &PartnerScope,
        id: StreamId,
        change: StreamChange,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let stream = sqlx::query(
            "SELECT s.id, s.partner_id, s.event_id, s.name, s.protocol, s.port, s.timezone,
                    s.offset_ms, s.paused, c.last_read_at
             FROM stream s LEFT JOIN stream_count c ON c.stream_key = s.key
             WHERE s.partner_id = $1 AND s.id = $2",
        )
        .bind(scope.partner().0)
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(StoreError::NotFound { what: "stream" })?;
        let stream = from_row(&stream)?;
        let paused = change.paused.unwrap_or(stream.paused);
        if let Some(port) = stream.port
            && !paused
        {
            port_is_free(&mut tx, port, id).await?;
        }
        sqlx::query(
            "UPDATE stream SET timezone = $1, offset_ms = $2, paused = $3
             WHERE partner_id = $4 AND id = $5",
        )
        .bind(change.timezone.unwrap_or(stream.timezone))
        .bind(change.offset_ms.unwrap_or(stream.offset_ms))
        .bind(paused)
        .bind(scope.partner().0)
        .bind(id.0)
        .execute(&mut *tx)
        .await
        .map_err(refused)?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Stream, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn streams(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Stream>> {
        let mut tx = self.reading(scope).await?;
        let rows = sqlx::query(
            "SELECT s.id, s.partner_id, s.event_id, s.name, s.protocol, s.port, s.timezone,
                    s.offset_ms, s.paused, c.last_read_at
             FROM stream s LEFT JOIN stream_count c ON c.stream_key = s.key
             WHERE s.partner_id = $1 AND s.event_id = $2 ORDER BY s.key",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        rows.iter().map(from_row).collect()
    }

    async fn all_streams(&self) -> Result<Vec<Stream>> {
        let mut tx = self.reading_global().await?;
        let mut streams = Vec::new();
        for partner in partner::all(&mut tx).await? {
            enter(&mut tx, partner).await?;
            let rows = sqlx::query(
                "SELECT s.id, s.partner_id, s.event_id, s.name, s.protocol, s.port, s.timezone,
                        s.offset_ms, s.paused, c.last_read_at
                 FROM stream s LEFT JOIN stream_count c ON c.stream_key = s.key
                 WHERE s.partner_id = $1 ORDER BY s.key",
            )
            .bind(partner.0)
            .fetch_all(&mut *tx)
            .await?;
            for row in &rows {
                streams.push(from_row(row)?);
            }
        }
        Ok(streams)
    }

    async fn owner_of_stream(&self, id: StreamId) -> Result<Option<PartnerId>> {
        let mut tx = self.reading_global().await?;
        let lookup = "SELECT id FROM stream WHERE partner_id = $1 AND id = $2";
        partner::owner_of(&mut tx, lookup, id.0).await
    }
}

/// Asked for before it is set, as `SQLite` does not name the index that was broken. PostgreSQL
/// does, and shows no other partner's ports here.
async fn port_is_free(connection: &mut Connected, port: u16, user: StreamId) -> Result<()> {
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM stream WHERE port = $1 AND paused = $2 AND id <> $3",
    )
    .bind(i64::from(port))
    .bind(false)
    .bind(user.0)
    .fetch_one(connection)
    .await?;
    if others > 0 {
        return Err(StoreError::Taken { what: "port" });
    }
    Ok(())
}

fn refused(error: sqlx::Error) -> StoreError {
    match (violation(&error), constraint(&error)) {
        (Some(ErrorKind::UniqueViolation), Some("stream_port_once")) => {
            StoreError::Taken { what: "port" }
        }
        (Some(ErrorKind::UniqueViolation), _) => StoreError::Taken {
            what: "stream's name",
        },
        _ => StoreError::missing("event")(error),
    }
}

fn from_row(row: &Row) -> Result<Stream> {
    let protocol: String = row.try_get("protocol")?;
    Ok(Stream {
        id: StreamId(row.try_get("id")?),
        partner: PartnerId(row.try_get("partner_id")?),
        event: EventId(row.try_get("event_id")?),
        name: row.try_get("name")?,
        protocol: protocol.parse().map_err(|_| StoreError::Corrupt {
            detail: format!("unknown protocol {protocol:?}"),
        })?,
        port: row
            .try_get::<Option<i64>, _>("port")?
            .and_then(|port| u16::try_from(port).ok()),
        timezone: row.try_get("timezone")?,
        offset_ms: row.try_get("offset_ms")?,
        paused: row.try_get("paused")?,
        last_read_at: row
            .try_get::<Option<i64>, _>("last_read_at")?
            .map(UnixMicros),
    })
}
