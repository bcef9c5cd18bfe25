//! Waves as rows.

use super::super::Tx;
use crate::{
    error::{Result, StoreError},
    limits,
    name::Name,
    race::{NewWave, WaveChange},
    scope::PartnerScope,
};
use model::{EventId, GunId, UnixMicros, Wave, WaveId};
use std::collections::HashMap;
use uuid::Uuid;

/// At the end of the race's waves.
pub(super) async fn insert(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    new: &NewWave,
) -> Result<WaveId> {
    let name = Name::given_or_none("wave's name", &new.name)?;
    let id = WaveId(Uuid::now_v7());
    let (waves, last): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COALESCE(MAX(position), 0) FROM wave
         WHERE partner_id = $1 AND race_id = $2",
    )
    .bind(scope.partner().0)
    .bind(new.race.0)
    .fetch_one(&mut **tx)
    .await?;
    StoreError::unless_room(waves, limits::WAVES_PER_RACE_MAX, "waves in the race")?;
    sqlx::query(
        "INSERT INTO wave (id, partner_id, event_id, race_id, name, name_folded, position,
                           scheduled_at, gun_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
    )
    .bind(id.0)
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(new.race.0)
    .bind(name.shown)
    .bind(name.folded)
    .bind(last + 1)
    .bind(new.scheduled_at.map(|at| at.0))
    .execute(&mut **tx)
    .await
    .map_err(StoreError::taken("wave's name"))?;
    Ok(id)
}

/// Answers of which event it is.
pub(super) async fn update(
    tx: &mut Tx,
    scope: &PartnerScope,
    wave: WaveId,
    change: WaveChange,
) -> Result<EventId> {
    let row: Option<(Uuid, String, Option<i64>)> = sqlx::query_as(
        "SELECT event_id, name, scheduled_at FROM wave WHERE partner_id = $1 AND id = $2",
    )
    .bind(scope.partner().0)
    .bind(wave.0)
    .fetch_optional(&mut **tx)
    .await?;
    let (event, name, scheduled_at) = row.ok_or(StoreError::NotFound { what: "wave" })?;
    let name = change.name.as_deref().unwrap_or(&name);
    let name = Name::given_or_none("wave's name", name)?;
    let scheduled_at = change
        .scheduled_at
        .map_or(scheduled_at, |at| at.map(|at| at.0));
    sqlx::query(
        "UPDATE wave SET name = $1, name_folded = $2, scheduled_at = $3
         WHERE partner_id = $4 AND id = $5",
    )
    .bind(name.shown)
    .bind(name.folded)
    .bind(scheduled_at)
    .bind(scope.partner().0)
    .bind(wave.0)
    .execute(&mut **tx)
    .await
    .map_err(StoreError::taken("wave's name"))?;
    Ok(EventId(event))
}

/// Answers of which event it was.
pub(super) async fn remove(tx: &mut Tx, scope: &PartnerScope, wave: WaveId) -> Result<EventId> {
    let row: Option<(Uuid, i64)> = sqlx::query_as(
        "SELECT w.event_id, (SELECT COUNT(*) FROM wave o
                             WHERE o.partner_id = w.partner_id AND o.race_id = w.race_id)
         FROM wave w WHERE w.partner_id = $1 AND w.id = $2",
    )
    .bind(scope.partner().0)
    .bind(wave.0)
    .fetch_optional(&mut **tx)
    .await?;
    let (event, waves) = row.ok_or(StoreError::NotFound { what: "wave" })?;
    if waves == 1 {
        return Err(StoreError::InUse {
            what: "race's only wave",
        });
    }
    sqlx::query("DELETE FROM wave WHERE partner_id = $1 AND id = $2")
        .bind(scope.partner().0)
        .bind(wave.0)
        .execute(&mut **tx)
        .await
        .map_err(StoreError::in_use("wave"))?;
    Ok(EventId(event))
}

/// Race, id, name, scheduled at, gun.
type WaveRow = (Uuid, Uuid, String, Option<i64>, Option<Uuid>);

/// By race, each one's in order.
pub(super) async fn of_event(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
) -> Result<HashMap<Uuid, Vec<Wave>>> {
    let rows: Vec<WaveRow> = sqlx::query_as(
        "SELECT race_id, id, name, scheduled_at, gun_id FROM wave
         WHERE partner_id = $1 AND event_id = $2 ORDER BY race_id, position",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .fetch_all(&mut **tx)
    .await?;
    let mut waves: HashMap<Uuid, Vec<Wave>> = HashMap::new();
    for (race, id, name, scheduled_at, gun) in rows {
        waves.entry(race).or_default().push(Wave {
            id: WaveId(id),
            name,
            scheduled_at: scheduled_at.map(UnixMicros),
            gun: gun.map(GunId),
        });
    }
    Ok(waves)
}
