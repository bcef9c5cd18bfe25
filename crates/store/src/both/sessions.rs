//! `Sessions`.

use super::{
    Backend, Row,
    reads::{from_row, stream_key},
};
use crate::{
    error::Result,
    limits,
    reads::StoredRead,
    scope::PartnerScope,
    sessions::{SessionDay, SessionDays, SessionLocation, SessionStream, Sessions},
};
use async_trait::async_trait;
use model::{
    EventId, PointId, StreamId, UnixMicros, WallTime, session_view::ReadMark, time::DAY_CS,
};
use sqlx::Row as _;
use std::collections::HashMap;
use uuid::Uuid;

/// The days on which streams were read, by one look at `read_once` for each: from the last read to
/// the last one before its midnight. Takes the partner, how many streams, a day in hundredths, how
/// many days of each, and of all.
macro_rules! days {
    () => {
        "WITH RECURSIVE heard AS (
             SELECT s.key FROM stream s
             JOIN stream_count c ON c.stream_key = s.key AND c.partner_id = s.partner_id
             WHERE s.partner_id = $1 ORDER BY c.last_read_at DESC LIMIT $2
         ),
         day (stream_key, last, number) AS (
             SELECT h.key,
                    (SELECT r.wall FROM read r
                     WHERE r.partner_id = $1 AND r.stream_key = h.key
                     ORDER BY r.wall DESC LIMIT 1),
                    1
             FROM heard h
             UNION ALL
             SELECT d.stream_key,
                    (SELECT r.wall FROM read r
                     WHERE r.partner_id = $1 AND r.stream_key = d.stream_key
                           AND r.wall < d.last - (d.last % $3 + $3) % $3
                     ORDER BY r.wall DESC LIMIT 1),
                    d.number + 1
             FROM day d WHERE d.last IS NOT NULL AND d.number < $4
         ),
         picked AS (
             SELECT stream_key, last, last - (last % $3 + $3) % $3 AS midnight
             FROM day WHERE last IS NOT NULL
             ORDER BY last DESC, stream_key LIMIT $5
         ) "
    };
}

/// A cross join is done by SQLite in the order in which it is written: otherwise it may look at all
/// reads for the days.
const DAYS: &str = concat!(
    days!(),
    "SELECT p.stream_key, s.id, s.name, s.timezone, s.offset_ms, e.id AS event_id,
            e.name AS event_name, e.timezone AS event_timezone,
            p.last, r.received_at, r.simulated,
            c.name AS connection_name,
            (SELECT f.wall FROM read f
             WHERE f.partner_id = $1 AND f.stream_key = p.stream_key AND f.wall >= p.midnight
             ORDER BY f.wall LIMIT 1) AS first_wall
     FROM picked p CROSS JOIN read r
     JOIN stream s ON s.key = p.stream_key AND s.partner_id = $1
     JOIN event e ON e.id = s.event_id AND e.partner_id = $1
     JOIN connection c ON c.key = r.connection_key AND c.partner_id = $1
     WHERE r.stream_key = p.stream_key AND r.wall = p.last AND r.partner_id = $1
     ORDER BY p.last DESC, p.stream_key, r.key_hash, r.salt"
);

/// By where reads are, not by which locations are mapped: a crash may come between the two.
/// The first read from a place of `read_by_location` on, in an order that no other index has:
/// otherwise all reads of a day may be looked at for a location that it does not have.
const LOCATIONS: &str = concat!(
    days!(),
    "SELECT p.stream_key, p.last, l.location, t.id, t.name, t.position FROM picked p
     JOIN stream s ON s.key = p.stream_key AND s.partner_id = $1
     JOIN (SELECT DISTINCT stream_key, location FROM resume_point
           WHERE partner_id = $1 AND stream_key IN (SELECT key FROM heard)) l
         ON l.stream_key = p.stream_key
     LEFT JOIN stream_location m
         ON m.partner_id = $1 AND m.stream_id = s.id AND m.location = l.location
     LEFT JOIN timing_point t ON t.id = m.point_id AND t.partner_id = $1
     WHERE EXISTS (
         SELECT 1 FROM (
             SELECT r.location, r.wall FROM read r
             WHERE r.partner_id = $1 AND r.stream_key = p.stream_key
                   AND (r.location, r.wall) >= (l.location, p.midnight)
             ORDER BY r.location, r.wall LIMIT 1) first
         WHERE first.location = l.location AND first.wall <= p.last)
     ORDER BY l.location"
);

macro_rules! reads {
    ($order:literal) => {
        concat!(
            "SELECT s.id AS stream_id, c.name AS connection_name, r.position, r.kind, r.location,
                    r.tag, r.wall, r.time_text, r.dated, r.sequence, r.occurrence, r.reader,
                    r.antenna, r.raw, r.received_at, r.late, r.simulated, r.key_hash, r.salt
             FROM read r
             JOIN stream s ON s.key = r.stream_key AND s.partner_id = r.partner_id
             JOIN connection c ON c.key = r.connection_key
             WHERE r.partner_id = $1 AND r.stream_key = $2
                   AND (r.wall, r.key_hash, r.salt) > ($3, $4, $5) AND r.wall < $6
             ORDER BY ",
            $order,
            " LIMIT $7"
        )
    };
}

const FIRST: &str = reads!("r.wall, r.key_hash, r.salt");
const LAST: &str = reads!("r.wall DESC, r.key_hash DESC, r.salt DESC");

#[async_trait]
impl Sessions for Backend {
    async fn session_days(&self, scope: &PartnerScope) -> Result<SessionDays> {
        let mut tx = self.reading(scope).await?;
        // One more than are given: whether there are more.
        let wanted = limits::SESSION_DAYS_MAX + 1;
        let rows = sqlx::query(DAYS)
            .bind(scope.partner().0)
            .bind(limits::SESSION_STREAMS_MAX)
            .bind(DAY_CS)
            .bind(limits::SESSION_DAYS_PER_STREAM_MAX)
            .bind(wanted)
            .fetch_all(&mut *tx)
            .await?;
        let places: Vec<LocationRow> = sqlx::query_as(LOCATIONS)
            .bind(scope.partner().0)
            .bind(limits::SESSION_STREAMS_MAX)
            .bind(DAY_CS)
            .bind(limits::SESSION_DAYS_PER_STREAM_MAX)
            .bind(wanted)
            .fetch_all(&mut *tx)
            .await?;
        let mut locations: HashMap<(i64, i64), Vec<SessionLocation>> = HashMap::new();
        for (stream, last, location, id, name, position) in places {
            let point = id.zip(name).zip(position);
            let point = point.map(|((id, name), position)| {
                let along = u32::try_from(position).unwrap_or(u32::MAX);
                (PointId(id), name, along)
            });
            let known = locations.entry((stream, last)).or_default();
            known.push(SessionLocation { location, point });
        }
        let mut days: Vec<SessionDay> = Vec::with_capacity(rows.len());
        for row in &rows {
            let key = (row.try_get("stream_key")?, row.try_get("last")?);
            // Several reads of one hundredth: the first of them tells of the day.
            if let Some(locations) = locations.remove(&key) {
                days.push(day(row, locations)?);
            }
        }
        let max = usize::try_from(limits::SESSION_DAYS_MAX).unwrap_or(usize::MAX);
        let more = days.len() > max;
        days.truncate(max);
        Ok(SessionDays { days, more })
    }

    async fn reads_between(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        after: ReadMark,
        until: WallTime,
        limit: u32,
    ) -> Result<Vec<(ReadMark, StoredRead)>> {
        self.between(FIRST, scope, stream, (after, until), limit)
            .await
    }

    async fn last_reads_between(
        &self,
        scope: &PartnerScope,
        stream: StreamId,
        after: ReadMark,
        until: WallTime,
        limit: u32,
    ) -> Result<Vec<(ReadMark, StoredRead)>> {
        let span = (after, until);
        let mut reads = self.between(LAST, scope, stream, span, limit).await?;
        reads.reverse();
        Ok(reads)
    }
}

/// Stream, last read, location; id, name and position of its point.
type LocationRow = (i64, i64, String, Option<Uuid>, Option<String>, Option<i64>);

impl Backend {
    async fn between(
        &self,
        statement: &'static str,
        scope: &PartnerScope,
        stream: StreamId,
        (after, until): (ReadMark, WallTime),
        limit: u32,
    ) -> Result<Vec<(ReadMark, StoredRead)>> {
        let mut tx = self.reading(scope).await?;
        let Some(stream_key) = stream_key(&mut tx, scope, stream).await? else {
            return Ok(Vec::new());
        };
        let rows = sqlx::query(statement)
            .bind(scope.partner().0)
            .bind(stream_key)
            .bind(after.wall.0)
            .bind(after.hash)
            .bind(after.salt)
            .bind(until.0)
            .bind(i64::from(limit.min(limits::PAGE_READS_MAX)))
            .fetch_all(&mut *tx)
            .await?;
        rows.iter()
            .map(|row| Ok((mark(row)?, from_row(row)?)))
            .collect()
    }
}

fn mark(row: &Row) -> Result<ReadMark> {
    Ok(ReadMark {
        wall: WallTime(row.try_get("wall")?),
        hash: row.try_get("key_hash")?,
        salt: row.try_get("salt")?,
    })
}

fn day(row: &Row, locations: Vec<SessionLocation>) -> Result<SessionDay> {
    Ok(SessionDay {
        stream: SessionStream {
            id: StreamId(row.try_get("id")?),
            name: row.try_get("name")?,
            timezone: row.try_get("timezone")?,
            offset_ms: row.try_get("offset_ms")?,
            event: EventId(row.try_get("event_id")?),
            event_name: row.try_get("event_name")?,
            event_timezone: row.try_get("event_timezone")?,
        },
        first: WallTime(row.try_get("first_wall")?),
        last: WallTime(row.try_get("last")?),
        received_at: UnixMicros(row.try_get("received_at")?),
        connection: row.try_get("connection_name")?,
        simulated: row.try_get("simulated")?,
        locations,
    })
}
