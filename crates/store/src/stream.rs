//! Streams: configured sources of reads.

use crate::{
    changes::{self, ChangeKind},
    error::{Result, StoreError, violation},
    limits,
    name::Name,
    scope::PartnerScope,
    sqlite::{Connected, Row, Store},
};
use model::{EventId, PartnerId, StreamId, UnixMicros};
use sqlx::{Row as _, error::ErrorKind};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// What a stream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// ChronoTrack's line protocol.
    Ctp01,
}

impl Protocol {
    pub const ALL: [Self; 1] = [Self::Ctp01];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ctp01 => "ctp01",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Protocol {
    type Err = StoreError;
    fn from_str(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.name() == name)
            .ok_or(StoreError::Invalid {
                what: "protocol",
                rule: "be one of: ctp01",
            })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStream {
    pub event: EventId,
    pub name: String,
    pub protocol: Protocol,
    /// A listener of its own; else it is fed from the shared one.
    pub port: Option<u16>,
}

/// What to alter; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamChange {
    /// `Some(None)` takes the event's time zone again.
    pub timezone: Option<Option<String>>,
    pub offset_ms: Option<i64>,
    pub paused: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    pub id: StreamId,
    pub partner: PartnerId,
    pub event: EventId,
    pub name: String,
    pub protocol: Protocol,
    pub port: Option<u16>,
    /// Where it differs from the event's.
    pub timezone: Option<String>,
    /// Added to the device's time to get the true one.
    pub offset_ms: i64,
    /// By somebody's hand. See `active`.
    pub paused: bool,
    /// When a line of it last came, duplicates too.
    pub last_read_at: Option<UnixMicros>,
}

impl Stream {
    /// Neither paused by hand nor silent for 14 days. One that never had a read is active.
    pub fn active(&self, now: UnixMicros) -> bool {
        let silent = self
            .last_read_at
            .is_some_and(|last| now.ms_since(last) > limits::ACTIVE_MS);
        !self.paused && !silent
    }
}

impl Store {
    /// `Taken` where the event has a stream of that name, or a stream that is not paused has that
    /// port.
    pub async fn create_stream(&self, scope: &PartnerScope, new: NewStream) -> Result<StreamId> {
        let name = Name::given("stream's name", &new.name)?;
        let id = StreamId(Uuid::now_v7());
        let mut tx = self.begin().await?;
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
        let key: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(key), 0) + 1 FROM stream")
            .fetch_one(&mut *tx)
            .await?;
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
        .map_err(|error| match violation(&error) {
            Some(ErrorKind::UniqueViolation) => StoreError::Taken {
                what: "stream's name",
            },
            _ => StoreError::missing("event")(error),
        })?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Stream, id.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A stream that runs again may find its port `Taken`.
    pub async fn update_stream(
        &self,
        scope: &PartnerScope,
        id: StreamId,
        change: StreamChange,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
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
        .await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Stream, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// In the order in which they were made.
    pub async fn streams(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Stream>> {
        let rows = sqlx::query(
            "SELECT s.id, s.partner_id, s.event_id, s.name, s.protocol, s.port, s.timezone,
                    s.offset_ms, s.paused, c.last_read_at
             FROM stream s LEFT JOIN stream_count c ON c.stream_key = s.key
             WHERE s.partner_id = $1 AND s.event_id = $2 ORDER BY s.key",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(from_row).collect()
    }

    /// Of all partners: for the server, which opens their listeners.
    pub async fn all_streams(&self) -> Result<Vec<Stream>> {
        let rows = sqlx::query(
            "SELECT s.id, s.partner_id, s.event_id, s.name, s.protocol, s.port, s.timezone,
                    s.offset_ms, s.paused, c.last_read_at
             FROM stream s LEFT JOIN stream_count c ON c.stream_key = s.key ORDER BY s.key",
        )
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(from_row).collect()
    }
}

/// Asked for before it is set, so that the error can name the port and not the index.
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
