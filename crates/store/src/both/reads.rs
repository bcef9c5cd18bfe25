//! `Reads`.

use super::{
    Backend, Row, Tx, bulk,
    journal::{NODE, kind_number},
};
use crate::{
    error::{Result, StoreError},
    limits,
    reads::{Reads, StoredRead, StreamTotals, UndatedDay},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, Read, ReadKey, ReadKind, StreamId, UnixMicros, WallTime};
use sqlx::Row as _;
use uuid::Uuid;

#[async_trait]
impl Reads for Backend {
    async fn read_keys_since(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        since: WallTime,
    ) -> Result<Vec<ReadKey>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Ok(Vec::new());
        };
        let rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
            "SELECT wall, location, tag, reader, antenna FROM read
             WHERE partner_id = $1 AND stream_key = $2 AND wall >= $3",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(since.0)
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(wall, location, tag, reader, antenna)| ReadKey {
                wall: WallTime(wall),
                location,
                tag,
                reader,
                antenna,
            })
            .collect())
    }

    async fn undated_days(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
    ) -> Result<Vec<UndatedDay>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Ok(Vec::new());
        };
        let rows: Vec<(String, Option<i64>, String, String, String, i64)> = sqlx::query_as(
            "SELECT location, sequence, tag, time_text, reader, wall FROM read
             WHERE partner_id = $1 AND stream_key = $2 AND dated = $3",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(false)
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(
                |(location, sequence, tag, time_text, reader, wall)| UndatedDay {
                    location,
                    sequence: sequence.map(i64::cast_unsigned),
                    tag,
                    time_text,
                    reader,
                    day: WallTime(wall).day(),
                },
            )
            .collect())
    }

    async fn recent_reads(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
        limit: u32,
    ) -> Result<Vec<StoredRead>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Ok(Vec::new());
        };
        // A location that never had a read is asked for on race morning by every display of the
        // finish; without this, each would look through all reads of the stream to find none.
        let reads_there: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM resume_point
             WHERE partner_id = $1 AND stream_key = $2 AND location = $3",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(location)
        .fetch_one(&mut *tx)
        .await?;
        if reads_there == 0 {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT s.id AS stream_id, c.name AS connection_name, r.position, r.kind, r.location,
                    r.tag, r.wall, r.time_text, r.dated, r.sequence, r.occurrence, r.reader,
                    r.antenna, r.raw, r.received_at, r.late
             FROM read r
             JOIN stream s ON s.key = r.stream_key AND s.partner_id = r.partner_id
             JOIN connection c ON c.key = r.connection_key
             WHERE r.partner_id = $1 AND r.stream_key = $2 AND r.location = $3
             ORDER BY r.wall DESC LIMIT $4",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(location)
        .bind(i64::from(limit.min(limits::RECENT_READS_MAX)))
        .fetch_all(&mut *tx)
        .await?;
        rows.iter().map(from_row).collect()
    }

    async fn reads_page(
        &self,
        scope: &PartnerScope,
        event: EventId,
        after_position: u64,
        limit: u32,
    ) -> Result<Vec<StoredRead>> {
        let mut tx = self.reading(scope).await?;
        let rows = sqlx::query(bulk::READS_PAGE)
            .bind(NODE)
            .bind(after_position.cast_signed())
            .bind(scope.partner().0)
            .bind(event.0)
            .bind(i64::from(limit.min(limits::PAGE_READS_MAX)))
            .fetch_all(&mut *tx)
            .await?;
        rows.iter().map(from_row).collect()
    }

    async fn stream_totals(&self, scope: &PartnerScope, stream: StreamId) -> Result<StreamTotals> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Err(StoreError::NotFound { what: "stream" });
        };
        let counts: Option<(i64, i64, i64)> = sqlx::query_as(
            "SELECT reads, duplicates, late FROM stream_count
             WHERE partner_id = $1 AND stream_key = $2",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .fetch_optional(&mut *tx)
        .await?;
        let by_arrival: Vec<(String, Option<i64>)> = sqlx::query_as(
            "SELECT location, sequence FROM resume_point
             WHERE partner_id = $1 AND stream_key = $2 ORDER BY location, position",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .fetch_all(&mut *tx)
        .await?;
        let mut last: Vec<(String, Option<u64>)> = Vec::new();
        for (location, sequence) in by_arrival {
            let sequence = sequence.map(i64::cast_unsigned);
            match last.last_mut() {
                Some(newest) if newest.0 == location => newest.1 = sequence,
                _ => last.push((location, sequence)),
            }
        }
        let (reads, duplicates, late) = counts.unwrap_or_default();
        Ok(StreamTotals {
            reads: reads.cast_unsigned(),
            duplicates: duplicates.cast_unsigned(),
            late: late.cast_unsigned(),
            last,
        })
    }

    async fn tag_counts(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
    ) -> Result<Vec<(String, u64)>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Err(StoreError::NotFound { what: "stream" });
        };
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT tag, COUNT(*) FROM read
             WHERE partner_id = $1 AND stream_key = $2 AND kind = $3 GROUP BY tag ORDER BY tag",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(kind_number(ReadKind::Tag))
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(tag, count)| (tag, count.cast_unsigned()))
            .collect())
    }
}

async fn stream_key(tx: &mut Tx, scope: &PartnerScope, stream: StreamId) -> Result<Option<i64>> {
    Ok(
        sqlx::query_scalar("SELECT key FROM stream WHERE partner_id = $1 AND id = $2")
            .bind(scope.partner().0)
            .bind(stream.0)
            .fetch_optional(&mut **tx)
            .await?,
    )
}

fn from_row(row: &Row) -> Result<StoredRead> {
    let kind: i64 = row.try_get("kind")?;
    let connection: String = row.try_get("connection_name")?;
    let stream: Uuid = row.try_get("stream_id")?;
    Ok(StoredRead {
        position: row.try_get::<i64, _>("position")?.cast_unsigned(),
        read: Read {
            stream: StreamId(stream),
            kind: if kind == kind_number(ReadKind::Gun) {
                ReadKind::Gun
            } else {
                ReadKind::Tag
            },
            location: row.try_get("location")?,
            tag: row.try_get("tag")?,
            wall: WallTime(row.try_get("wall")?),
            time_text: row.try_get("time_text")?,
            dated: row.try_get("dated")?,
            sequence: row
                .try_get::<Option<i64>, _>("sequence")?
                .map(i64::cast_unsigned),
            occurrence: row.try_get("occurrence")?,
            reader: row.try_get("reader")?,
            antenna: row.try_get("antenna")?,
            connection_name: (!connection.is_empty()).then_some(connection),
            raw: row.try_get("raw")?,
            received_at: UnixMicros(row.try_get("received_at")?),
            late: row.try_get("late")?,
        },
    })
}
