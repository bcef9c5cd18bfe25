//! `Resume`.

use super::{
    Backend, Tx,
    journal::{NODE, NewRow},
    keys,
};
use crate::{
    error::Result,
    limits,
    resume::{Resume, ResumePoint},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{PartnerId, StreamId, WallTime};
use std::collections::HashMap;

type ResumeRow = (String, i64, String, String, String, i64);

#[async_trait]
impl Resume for Backend {
    async fn resume_points(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        connection_name: &str,
    ) -> Result<Vec<ResumePoint>> {
        let mut tx = self.reading(scope).await?;
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
        .fetch_all(&mut *tx)
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

/// The key of the connection of that name, made where there is none.
pub(super) async fn connection_key(
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
    let key = keys::next_connection(tx).await?;
    sqlx::query(
        "INSERT INTO connection (key, partner_id, stream_key, name) VALUES ($1, $2, $3, $4)",
    )
    .bind(key)
    .bind(partner.0)
    .bind(stream_key)
    .bind(name)
    .execute(&mut **tx)
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

/// Notes the last of these reads for each connection and location.
pub(super) async fn remember(tx: &mut Tx, partner: PartnerId, rows: &[&NewRow<'_>]) -> Result<()> {
    let mut last: HashMap<(i64, i64, &str), &NewRow<'_>> = HashMap::new();
    for row in rows {
        let location = row.read.location.as_str();
        last.insert((row.slot.stream_key, row.connection_key, location), row);
    }
    for ((stream_key, connection_key, location), row) in last {
        sqlx::query(
            "INSERT INTO resume_point (partner_id, stream_key, connection_key, location, sequence,
                                       node, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (stream_key, connection_key, location) DO UPDATE SET
                 sequence = excluded.sequence, node = excluded.node, position = excluded.position",
        )
        .bind(partner.0)
        .bind(stream_key)
        .bind(connection_key)
        .bind(location)
        .bind(row.read.sequence.map(u64::cast_signed))
        .bind(NODE)
        .bind(row.position)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
