//! `Races`.

mod gun;
mod wave;

pub(super) use gun::{gun, insert_gun, update_gun};

use super::{Backend, Tx, changes};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    limits,
    name::Name,
    race::{DeviceGun, NewRace, NewWave, RaceChange, Races, WaveChange},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{CoursePoint, EventId, Gun, GunId, PointId, Race, RaceId, Unit, WaveId};
use std::collections::HashMap;
use uuid::Uuid;

#[async_trait]
impl Races for Backend {
    async fn create_race(&self, scope: &PartnerScope, new: NewRace) -> Result<RaceId> {
        let name = Name::given("race's name", &new.name)?;
        let id = RaceId(Uuid::now_v7());
        let mut tx = self.begin(scope).await?;
        let (races, last): (i64, i64) = sqlx::query_as(
            "SELECT COUNT(*), COALESCE(MAX(position), 0) FROM race
             WHERE partner_id = $1 AND event_id = $2",
        )
        .bind(scope.partner().0)
        .bind(new.event.0)
        .fetch_one(&mut *tx)
        .await?;
        StoreError::unless_room(races, limits::RACES_PER_EVENT_MAX, "races in the event")?;
        name_is_free(&mut tx, scope, new.event, &name, id).await?;
        sqlx::query(
            "INSERT INTO race (id, partner_id, event_id, name, name_folded, distance_m, unit,
                               position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id.0)
        .bind(scope.partner().0)
        .bind(new.event.0)
        .bind(name.shown)
        .bind(name.folded)
        .bind(i64::from(new.distance_m))
        .bind(new.unit.name())
        .bind(last + 1)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::missing("event"))?;
        let only = NewWave {
            race: id,
            name: String::new(),
            scheduled_at: None,
        };
        wave::insert(&mut tx, scope, new.event, &only).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Race, new.event.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn update_race(
        &self,
        scope: &PartnerScope,
        race: RaceId,
        change: RaceChange,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let (event, name, distance_m, unit) = race_row(&mut tx, scope, race).await?;
        let name = Name::given("race's name", change.name.as_deref().unwrap_or(&name))?;
        name_is_free(&mut tx, scope, event, &name, race).await?;
        sqlx::query(
            "UPDATE race SET name = $1, name_folded = $2, distance_m = $3, unit = $4
             WHERE partner_id = $5 AND id = $6",
        )
        .bind(name.shown)
        .bind(name.folded)
        .bind(change.distance_m.map_or(distance_m, i64::from))
        .bind(change.unit.map_or(unit, |unit| unit.name().to_owned()))
        .bind(scope.partner().0)
        .bind(race.0)
        .execute(&mut *tx)
        .await?;
        if let Some(course) = change.course {
            remove_course(&mut tx, scope, race).await?;
            insert_course(&mut tx, scope, event, race, &course).await?;
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Race, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn remove_race(&self, scope: &PartnerScope, race: RaceId) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let (event, ..) = race_row(&mut tx, scope, race).await?;
        remove_course(&mut tx, scope, race).await?;
        sqlx::query("DELETE FROM wave WHERE partner_id = $1 AND race_id = $2")
            .bind(scope.partner().0)
            .bind(race.0)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::in_use("race"))?;
        sqlx::query("DELETE FROM race WHERE partner_id = $1 AND id = $2")
            .bind(scope.partner().0)
            .bind(race.0)
            .execute(&mut *tx)
            .await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Race, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn create_wave(&self, scope: &PartnerScope, new: NewWave) -> Result<WaveId> {
        let mut tx = self.begin(scope).await?;
        let (event, ..) = race_row(&mut tx, scope, new.race).await?;
        let id = wave::insert(&mut tx, scope, event, &new).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Race, event.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn update_wave(
        &self,
        scope: &PartnerScope,
        wave: WaveId,
        change: WaveChange,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let event = wave::update(&mut tx, scope, wave, change).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Race, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn remove_wave(&self, scope: &PartnerScope, wave: WaveId) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let event = wave::remove(&mut tx, scope, wave).await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Race, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn races(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Race>> {
        let mut tx = self.reading(scope).await?;
        let rows: Vec<(Uuid, String, i64, String)> = sqlx::query_as(
            "SELECT id, name, distance_m, unit FROM race
             WHERE partner_id = $1 AND event_id = $2 ORDER BY position",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        let mut courses = courses(&mut tx, scope, event).await?;
        let mut waves = wave::of_event(&mut tx, scope, event).await?;
        rows.into_iter()
            .map(|(id, name, distance_m, unit)| {
                Ok(Race {
                    id: RaceId(id),
                    name,
                    distance_m: u32::try_from(distance_m).unwrap_or(u32::MAX),
                    unit: Unit::ALL
                        .into_iter()
                        .find(|known| known.name() == unit)
                        .ok_or_else(|| StoreError::Corrupt {
                            detail: format!("unknown unit {unit:?} of a race"),
                        })?,
                    course: courses.remove(&id).unwrap_or_default(),
                    waves: waves.remove(&id).unwrap_or_default(),
                })
            })
            .collect()
    }

    async fn guns(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Gun>> {
        let mut tx = self.reading(scope).await?;
        gun::of_event(&mut tx, scope, event).await
    }

    async fn note_device_gun(&self, scope: &PartnerScope, new: DeviceGun) -> Result<Option<GunId>> {
        let mut tx = self.begin(scope).await?;
        let event = new.event;
        let Some(id) = gun::note(&mut tx, scope, new).await? else {
            return Ok(None);
        };
        changes::append(&mut tx, scope.partner(), ChangeKind::Race, event.0).await?;
        tx.commit().await?;
        Ok(Some(id))
    }
}

/// Event, name, distance and unit.
async fn race_row(
    tx: &mut Tx,
    scope: &PartnerScope,
    race: RaceId,
) -> Result<(EventId, String, i64, String)> {
    let row: Option<(Uuid, String, i64, String)> = sqlx::query_as(
        "SELECT event_id, name, distance_m, unit FROM race WHERE partner_id = $1 AND id = $2",
    )
    .bind(scope.partner().0)
    .bind(race.0)
    .fetch_optional(&mut **tx)
    .await?;
    let (event, name, distance_m, unit) = row.ok_or(StoreError::NotFound { what: "race" })?;
    Ok((EventId(event), name, distance_m, unit))
}

async fn name_is_free(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    name: &Name,
    user: RaceId,
) -> Result<()> {
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM race
         WHERE partner_id = $1 AND event_id = $2 AND name_folded = $3 AND id <> $4",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(&name.folded)
    .bind(user.0)
    .fetch_one(&mut **tx)
    .await?;
    if others > 0 {
        return Err(StoreError::Taken {
            what: "race's name",
        });
    }
    Ok(())
}

async fn remove_course(tx: &mut Tx, scope: &PartnerScope, race: RaceId) -> Result<()> {
    sqlx::query("DELETE FROM race_point WHERE partner_id = $1 AND race_id = $2")
        .bind(scope.partner().0)
        .bind(race.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn insert_course(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    race: RaceId,
    course: &[CoursePoint],
) -> Result<()> {
    StoreError::unless_fits(
        course.len(),
        limits::COURSE_POINTS_PER_RACE_MAX,
        "points on the course",
    )?;
    for (position, passed) in (1_i64..).zip(course) {
        sqlx::query(
            "INSERT INTO race_point (partner_id, event_id, race_id, position, point_id, distance_m)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .bind(race.0)
        .bind(position)
        .bind(passed.point.0)
        .bind(passed.distance_m.map(i64::from))
        .execute(&mut **tx)
        .await
        .map_err(StoreError::foreign("point"))?;
    }
    Ok(())
}

/// By race.
async fn courses(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
) -> Result<HashMap<Uuid, Vec<CoursePoint>>> {
    let rows: Vec<(Uuid, Uuid, Option<i64>)> = sqlx::query_as(
        "SELECT race_id, point_id, distance_m FROM race_point
         WHERE partner_id = $1 AND event_id = $2 ORDER BY race_id, position",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .fetch_all(&mut **tx)
    .await?;
    let mut courses: HashMap<Uuid, Vec<CoursePoint>> = HashMap::new();
    for (race, point, distance_m) in rows {
        courses.entry(race).or_default().push(CoursePoint {
            point: PointId(point),
            distance_m: distance_m.and_then(|meters| u32::try_from(meters).ok()),
        });
    }
    Ok(courses)
}
