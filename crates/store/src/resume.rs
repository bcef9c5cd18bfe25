//! Where a device that names its connection goes on after a break (design §4 "Resume").

use crate::{
    error::Result,
    journal::{JournalEntry, NODE},
    limits,
    scope::PartnerScope,
    sqlite::{Store, Tx},
};
use model::{PartnerId, StreamId, WallTime};
use std::collections::HashMap;

/// The stored read that the first line after `start~location~sequence` must equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumePoint {
    pub location: String,
    pub sequence: u64,
    pub tag: String,
    pub reader: String,
    pub antenna: String,
    pub wall: WallTime,
}

/// The newest read of a connection at a location.
pub(crate) struct LastRead<'a> {
    pub(crate) partner: PartnerId,
    pub(crate) stream_key: i64,
    pub(crate) connection_key: i64,
    pub(crate) location: &'a str,
    pub(crate) sequence: Option<u64>,
    pub(crate) position: i64,
}

type ResumeRow = (String, i64, String, String, String, i64);

impl Store {
    /// Per location, the last new read by arrival of the connection of that name. Duplicates do
    /// not count: a rewind that breaks off goes on where the new reads ended.
    pub async fn resume_points(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        connection_name: &str,
    ) -> Result<Vec<ResumePoint>> {
        let rows: Vec<ResumeRow> = sqlx::query_as(
            "SELECT p.location, p.sequence, r.tag, r.reader, r.antenna, r.wall
             FROM stream s
             JOIN connection c ON c.stream_key = s.key AND c.partner_id = s.partner_id
             JOIN resume_point p ON p.stream_key = s.key AND p.connection_key = c.key
             JOIN read r ON r.node = p.node AND r.position = p.position
             WHERE s.partner_id = $1 AND s.id = $2 AND c.name = $3 AND c.name <> ''
                   AND p.sequence IS NOT NULL
             ORDER BY p.location",
        )
        .bind(scope.partner().0)
        .bind(stream.0)
        .bind(connection_name)
        .fetch_all(self.reader())
        .await?;
        Ok(rows
            .into_iter()
            .map(
                |(location, sequence, tag, reader, antenna, wall)| ResumePoint {
                    location,
                    sequence: sequence.cast_unsigned(),
                    tag,
                    reader,
                    antenna,
                    wall: WallTime(wall),
                },
            )
            .collect())
    }
}

/// The key of each entry's connection; `streams` has the entries' stream keys in their order.
pub(crate) async fn connection_keys(
    tx: &mut Tx,
    entries: &[JournalEntry],
    streams: &[i64],
) -> Result<Vec<i64>> {
    let mut known: HashMap<(i64, &str), i64> = HashMap::new();
    let mut keys = Vec::with_capacity(entries.len());
    for (entry, stream_key) in entries.iter().zip(streams) {
        let name = entry.read.connection_name.as_deref().unwrap_or("");
        let key = match known.get(&(*stream_key, name)) {
            Some(key) => *key,
            None => {
                let key = connection_key(tx, entry.scope.partner(), *stream_key, name).await?;
                known.insert((*stream_key, name), key);
                key
            }
        };
        keys.push(key);
    }
    Ok(keys)
}

async fn connection_key(
    tx: &mut Tx,
    partner: PartnerId,
    stream_key: i64,
    name: &str,
) -> Result<i64> {
    if let Some(key) = named(tx, stream_key, name).await? {
        return Ok(key);
    }
    let names: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM connection WHERE stream_key = $1")
        .bind(stream_key)
        .fetch_one(&mut **tx)
        .await?;
    let mut name = name;
    if names > limits::CONNECTIONS_PER_STREAM_MAX {
        name = "";
        if let Some(key) = named(tx, stream_key, name).await? {
            return Ok(key);
        }
    }
    let key: i64 = sqlx::query_scalar(
        "INSERT INTO connection (key, partner_id, stream_key, name)
         SELECT COALESCE(MAX(key), 0) + 1, $1, $2, $3 FROM connection RETURNING key",
    )
    .bind(partner.0)
    .bind(stream_key)
    .bind(name)
    .fetch_one(&mut **tx)
    .await?;
    Ok(key)
}

async fn named(tx: &mut Tx, stream_key: i64, name: &str) -> Result<Option<i64>> {
    Ok(
        sqlx::query_scalar("SELECT key FROM connection WHERE stream_key = $1 AND name = $2")
            .bind(stream_key)
            .bind(name)
            .fetch_optional(&mut **tx)
            .await?,
    )
}

pub(crate) async fn remember(tx: &mut Tx, last: &LastRead<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO resume_point (partner_id, stream_key, connection_key, location, sequence,
                                   node, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (stream_key, connection_key, location) DO UPDATE SET
             sequence = excluded.sequence, node = excluded.node, position = excluded.position",
    )
    .bind(last.partner.0)
    .bind(last.stream_key)
    .bind(last.connection_key)
    .bind(last.location)
    .bind(last.sequence.map(u64::cast_signed))
    .bind(NODE)
    .bind(last.position)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
