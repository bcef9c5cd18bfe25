//! `Reads`.

use super::{
    Backend, Row, Tx, bulk,
    journal::{NODE, kind_number, last_position},
};
use crate::{
    error::{Result, StoreError},
    limits,
    reads::{Reads, StoredPassage, StoredRead, StreamTotals, TagCounts, Undated, UndatedDay},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, Read, ReadKey, ReadKind, StreamId, UnixMicros, WallTime};
use sqlx::Row as _;
use std::collections::{BTreeSet, HashSet};
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
        limit: u32,
    ) -> Result<Vec<UndatedDay>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Ok(Vec::new());
        };
        let newest: Vec<UndatedRow> = sqlx::query_as(
            "SELECT location, sequence, tag, time_text, reader, wall FROM read
             WHERE partner_id = $1 AND stream_key = $2 AND NOT dated
             ORDER BY wall DESC LIMIT $3",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        Ok(newest.into_iter().rev().map(day_of).collect())
    }

    async fn undated_days_of(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        lines: &[Undated],
    ) -> Result<Vec<UndatedDay>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Ok(Vec::new());
        };
        let days = days_with_undated(&mut tx, scope, stream_key).await?;
        let on_each = |line: &Undated| {
            let cs = line.time_of_day_cs;
            days.iter().map(move |day| WallTime::from_day(*day, cs).0)
        };
        let walls: BTreeSet<i64> = lines.iter().flat_map(on_each).collect();
        let walls: Vec<i64> = walls.into_iter().collect();
        let wanted: HashSet<&Undated> = lines.iter().collect();
        let stored = bulk::undated_at(&mut tx, scope.partner(), stream_key, &walls).await?;
        let stored = stored.into_iter().map(day_of);
        Ok(stored.filter(|day| wanted.contains(&day.of)).collect())
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
        let rows = sqlx::query(
            "SELECT s.id AS stream_id, c.name AS connection_name, r.position, r.kind, r.location,
                    r.tag, r.wall, r.time_text, r.dated, r.sequence, r.occurrence, r.reader,
                    r.antenna, r.raw, r.received_at, r.late, r.simulated
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

    async fn passages(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        location: &str,
        since: WallTime,
    ) -> Result<Vec<StoredPassage>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Ok(Vec::new());
        };
        let rows: Vec<(String, i64, i64, i64, bool)> = sqlx::query_as(
            "SELECT tag, MIN(wall), MAX(wall) AS last, MAX(received_at), simulated FROM read
             WHERE partner_id = $1 AND stream_key = $2 AND location = $3 AND wall >= $4
                   AND kind = $5
             GROUP BY tag, simulated, wall / $6
             ORDER BY last DESC LIMIT $7",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(location)
        .bind(since.0)
        .bind(kind_number(ReadKind::Tag))
        .bind(limits::PASSAGE_BUCKET_CS)
        .bind(i64::from(limits::PASSAGES_MAX))
        .fetch_all(&mut *tx)
        .await?;
        let passage = |(tag, first, last, received_at, simulated)| StoredPassage {
            tag,
            first: WallTime(first),
            last: WallTime(last),
            received_at: UnixMicros(received_at),
            simulated,
        };
        Ok(rows.into_iter().map(passage).collect())
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

    async fn tag_counts(&self, scope: &PartnerScope, stream: StreamId) -> Result<TagCounts> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Err(StoreError::NotFound { what: "stream" });
        };
        let upto = last_position(&mut tx).await?;
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT tag, COUNT(*) FROM read
             WHERE partner_id = $1 AND stream_key = $2 AND kind = $3 GROUP BY tag ORDER BY tag",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(kind_number(ReadKind::Tag))
        .fetch_all(&mut *tx)
        .await?;
        let tags = rows.into_iter();
        Ok(TagCounts {
            upto: upto.cast_unsigned(),
            tags: tags
                .map(|(tag, count)| (tag, count.cast_unsigned()))
                .collect(),
        })
    }
}

/// The days on which a stream has undated reads, newest first: one look at the index for each.
async fn days_with_undated(tx: &mut Tx, scope: &PartnerScope, stream_key: i64) -> Result<Vec<i64>> {
    let mut days = Vec::new();
    let mut before = i64::MAX;
    while days.len() < limits::UNDATED_DAYS_MAX {
        let newest: Option<i64> = sqlx::query_scalar(
            "SELECT wall FROM read
             WHERE partner_id = $1 AND stream_key = $2 AND NOT dated AND wall < $3
             ORDER BY wall DESC LIMIT 1",
        )
        .bind(scope.partner().0)
        .bind(stream_key)
        .bind(before)
        .fetch_optional(&mut **tx)
        .await?;
        let Some(wall) = newest else { break };
        let day = WallTime(wall).day();
        days.push(day);
        before = WallTime::from_day(day, 0).0;
    }
    Ok(days)
}

/// Location, sequence, tag, time text, reader, wall time.
pub(crate) type UndatedRow = (String, Option<i64>, String, String, String, i64);

fn day_of((location, sequence, tag, time_text, reader, wall): UndatedRow) -> UndatedDay {
    let wall = WallTime(wall);
    UndatedDay {
        of: Undated {
            location,
            sequence: sequence.map(i64::cast_unsigned),
            tag,
            time_text,
            reader,
            time_of_day_cs: wall.time_of_day_cs(),
        },
        day: wall.day(),
    }
}

pub(super) async fn stream_key(
    tx: &mut Tx,
    scope: &PartnerScope,
    stream: StreamId,
) -> Result<Option<i64>> {
    Ok(
        sqlx::query_scalar("SELECT key FROM stream WHERE partner_id = $1 AND id = $2")
            .bind(scope.partner().0)
            .bind(stream.0)
            .fetch_optional(&mut **tx)
            .await?,
    )
}

pub(super) fn from_row(row: &Row) -> Result<StoredRead> {
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
            simulated: row.try_get("simulated")?,
        },
    })
}
