//! `Activities`.

use super::{
    Backend, Row,
    journal::{NODE, kind_number, last_position},
};
use crate::{
    activity::{Activities, Activity, TagActivity},
    error::Result,
    limits,
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, ReadKind, StreamId, UnixMicros, WallTime};
use sqlx::Row as _;

#[async_trait]
impl Activities for Backend {
    async fn tag_activity(
        &self,
        scope: &PartnerScope,
        event: EventId,
        after_position: u64,
    ) -> Result<Activity> {
        let mut tx = self.reading(scope).await?;
        let last = last_position(&mut tx).await?.cast_unsigned();
        let upto = last.min(after_position.saturating_add(limits::ACTIVITY_POSITIONS_MAX));
        // CROSS JOIN keeps the planner of a file to this order: along the journal, once.
        let rows = sqlx::query(
            "SELECT s.id, r.location, r.tag, COUNT(*) AS reads, MIN(r.wall) AS first_wall,
                    MAX(r.wall) AS last_wall, MAX(r.received_at) AS last_received_at,
                    COUNT(CASE WHEN r.simulated THEN 1 END) AS simulated
             FROM read r CROSS JOIN stream s
             WHERE s.key = r.stream_key AND s.partner_id = r.partner_id AND r.partner_id = $1
                   AND s.event_id = $2 AND r.node = $3 AND r.position > $4 AND r.position <= $5
                   AND r.kind = $6
             GROUP BY r.tag, r.location, s.id",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .bind(NODE)
        .bind(after_position.cast_signed())
        .bind(upto.cast_signed())
        .bind(kind_number(ReadKind::Tag))
        .fetch_all(&mut *tx)
        .await?;
        let mut tags: Vec<_> = rows.iter().map(from_row).collect::<Result<_>>()?;
        // Sorted here: the database groups faster by what differs most.
        tags.sort_by(|a, b| (a.stream, &a.location, &a.tag).cmp(&(b.stream, &b.location, &b.tag)));
        Ok(Activity {
            tags,
            upto: upto.max(after_position),
            more: upto < last,
        })
    }
}

fn from_row(row: &Row) -> Result<TagActivity> {
    Ok(TagActivity {
        stream: StreamId(row.try_get("id")?),
        location: row.try_get("location")?,
        tag: row.try_get("tag")?,
        reads: row.try_get::<i64, _>("reads")?.cast_unsigned(),
        first_wall: WallTime(row.try_get("first_wall")?),
        last_wall: WallTime(row.try_get("last_wall")?),
        last_received_at: UnixMicros(row.try_get("last_received_at")?),
        simulated: row.try_get::<i64, _>("simulated")? > 0,
    })
}
