//! `Streams`.

use super::{Backend, Connected, Row, Tx, changes, enter, keys, partner};
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
use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
};
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
        StoreError::unless_room(
            streams,
            limits::STREAMS_PER_EVENT_MAX,
            "streams of the event",
        )?;
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
        let stream = load(&mut tx, scope.partner(), None, Some(id)).await?;
        let stream = stream.into_iter().next();
        let stream = stream.ok_or(StoreError::NotFound { what: "stream" })?;
        let name = change.name.unwrap_or(stream.name);
        let name = Name::given("stream's name", &name)?;
        let archived = change.archived.unwrap_or(stream.archived);
        let paused = archived || change.paused.unwrap_or(stream.paused);
        let port = change.port.unwrap_or(stream.port);
        if let Some(port) = port
            && !paused
        {
            port_is_free(&mut tx, port, id).await?;
        }
        sqlx::query(
            "UPDATE stream SET name = $1, name_folded = $2, port = $3, timezone = $4,
                               offset_ms = $5, paused = $6, archived = $7, woken_at = $8
             WHERE partner_id = $9 AND id = $10",
        )
        .bind(name.shown)
        .bind(name.folded)
        .bind(port.map(i64::from))
        .bind(change.timezone.unwrap_or(stream.timezone))
        .bind(change.offset_ms.unwrap_or(stream.offset_ms))
        .bind(paused)
        .bind(archived)
        .bind(change.woken_at.or(stream.woken_at).map(|at| at.0))
        .bind(scope.partner().0)
        .bind(id.0)
        .execute(&mut *tx)
        .await
        .map_err(refused)?;
        if let Some(addresses) = change.addresses {
            set_addresses(&mut tx, scope, id, &addresses).await?;
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Stream, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn streams(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Stream>> {
        let mut tx = self.reading(scope).await?;
        load(&mut tx, scope.partner(), Some(event), None).await
    }

    async fn all_streams(&self) -> Result<Vec<Stream>> {
        let mut tx = self.reading_global().await?;
        let mut streams = Vec::new();
        for partner in partner::all(&mut tx).await? {
            enter(&mut tx, partner).await?;
            streams.extend(load(&mut tx, partner, None, None).await?);
        }
        Ok(streams)
    }

    async fn owner_of_stream(&self, id: StreamId) -> Result<Option<PartnerId>> {
        let mut tx = self.reading_global().await?;
        let lookup = "SELECT id FROM stream WHERE partner_id = $1 AND id = $2";
        partner::owner_of(&mut tx, lookup, id.0).await
    }
}

/// A partner's streams, or those of the event, or the one; in the order in which they were made.
async fn load(
    tx: &mut Tx,
    partner: PartnerId,
    event: Option<EventId>,
    id: Option<StreamId>,
) -> Result<Vec<Stream>> {
    let rows = sqlx::query(
        "SELECT s.id, s.partner_id, s.event_id, s.name, s.protocol, s.port, s.timezone,
                s.offset_ms, s.paused, s.archived, s.woken_at, c.last_read_at
         FROM stream s LEFT JOIN stream_count c ON c.stream_key = s.key
         WHERE s.partner_id = $1 AND ($2 IS NULL OR s.event_id = $2) AND ($3 IS NULL OR s.id = $3)
         ORDER BY s.key",
    )
    .bind(partner.0)
    .bind(event.map(|event| event.0))
    .bind(id.map(|id| id.0))
    .fetch_all(&mut **tx)
    .await?;
    let listed: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT a.stream_id, a.address FROM stream_address a
         JOIN stream s ON s.id = a.stream_id AND s.partner_id = a.partner_id
         WHERE a.partner_id = $1 AND ($2 IS NULL OR s.event_id = $2) AND ($3 IS NULL OR s.id = $3)
         ORDER BY a.stream_id, a.address",
    )
    .bind(partner.0)
    .bind(event.map(|event| event.0))
    .bind(id.map(|id| id.0))
    .fetch_all(&mut **tx)
    .await?;
    let mut addresses: HashMap<Uuid, Vec<IpAddr>> = HashMap::new();
    for (stream, address) in listed {
        let address = address.parse().map_err(|_| StoreError::Corrupt {
            detail: format!("unusable address {address:?} of a stream"),
        })?;
        addresses.entry(stream).or_default().push(address);
    }
    rows.iter()
        .map(|row| {
            let mut stream = from_row(row)?;
            stream.addresses = addresses.remove(&stream.id.0).unwrap_or_default();
            Ok(stream)
        })
        .collect()
}

async fn set_addresses(
    tx: &mut Tx,
    scope: &PartnerScope,
    stream: StreamId,
    addresses: &[IpAddr],
) -> Result<()> {
    // One computer has one form, whatever the socket makes of it.
    let addresses: BTreeSet<_> = addresses.iter().map(IpAddr::to_canonical).collect();
    StoreError::unless_fits(
        addresses.len(),
        limits::ADDRESSES_PER_STREAM_MAX,
        "addresses of the stream",
    )?;
    sqlx::query("DELETE FROM stream_address WHERE partner_id = $1 AND stream_id = $2")
        .bind(scope.partner().0)
        .bind(stream.0)
        .execute(&mut **tx)
        .await?;
    for address in addresses {
        sqlx::query(
            "INSERT INTO stream_address (partner_id, stream_id, address) VALUES ($1, $2, $3)",
        )
        .bind(scope.partner().0)
        .bind(stream.0)
        .bind(address.to_string())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
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
        archived: row.try_get("archived")?,
        woken_at: row.try_get::<Option<i64>, _>("woken_at")?.map(UnixMicros),
        addresses: Vec::new(),
    })
}
