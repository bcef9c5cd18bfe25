//! Guns as rows. One that was taken back stays, so that a device's is known when it comes again.

use super::super::{Row, Tx};
use crate::{
    error::{Result, StoreError, violation},
    limits,
    name::Name,
    race::DeviceGun,
    scope::PartnerScope,
};
use model::{EventId, Gun, GunId, GunSource, UnixMicros};
use sqlx::{Row as _, error::ErrorKind};
use uuid::Uuid;

pub(in super::super) struct KnownGun {
    pub(in super::super) gun: Gun,
    pub(in super::super) taken_back: bool,
}

pub(in super::super) async fn gun(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    id: GunId,
) -> Result<Option<KnownGun>> {
    let row = sqlx::query(
        "SELECT id, name, fired_at, source, device_key, taken_back FROM gun
         WHERE partner_id = $1 AND event_id = $2 AND id = $3",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(KnownGun {
        gun: from_row(&row)?,
        taken_back: row.try_get("taken_back")?,
    }))
}

/// `Taken` where the event has another gun that the device speaks of so.
pub(in super::super) async fn insert_gun(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    gun: &Gun,
) -> Result<()> {
    check(gun)?;
    key_is_free(tx, scope, event, gun).await?;
    let guns: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM gun WHERE partner_id = $1 AND event_id = $2")
            .bind(scope.partner().0)
            .bind(event.0)
            .fetch_one(&mut **tx)
            .await?;
    StoreError::unless_room(guns, limits::GUNS_PER_EVENT_MAX, "guns in the event")?;
    sqlx::query(
        "INSERT INTO gun (id, partner_id, event_id, name, fired_at, source, device_key, taken_back)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(gun.id.0)
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(&gun.name)
    .bind(gun.fired_at.0)
    .bind(gun.source.name())
    .bind(gun.device_key.as_deref())
    .bind(false)
    .execute(&mut **tx)
    .await
    .map_err(|error| match violation(&error) {
        // An id that a gun has elsewhere.
        Some(ErrorKind::UniqueViolation) => StoreError::Foreign { what: "gun" },
        _ => StoreError::missing("event")(error),
    })?;
    Ok(())
}

/// One of the event, taken back or not; it is not so afterwards.
pub(in super::super) async fn update_gun(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    gun: &Gun,
) -> Result<()> {
    check(gun)?;
    key_is_free(tx, scope, event, gun).await?;
    sqlx::query(
        "UPDATE gun SET name = $1, fired_at = $2, source = $3, device_key = $4, taken_back = $5
         WHERE partner_id = $6 AND event_id = $7 AND id = $8",
    )
    .bind(&gun.name)
    .bind(gun.fired_at.0)
    .bind(gun.source.name())
    .bind(gun.device_key.as_deref())
    .bind(false)
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(gun.id.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// `None` where the device's gun is known.
pub(super) async fn note(
    tx: &mut Tx,
    scope: &PartnerScope,
    new: DeviceGun,
) -> Result<Option<GunId>> {
    let gun = Gun {
        id: GunId(Uuid::now_v7()),
        name: new.name,
        fired_at: new.fired_at,
        source: GunSource::Device,
        device_key: Some(new.device_key),
    };
    match insert_gun(tx, scope, new.event, &gun).await {
        Ok(()) => Ok(Some(gun.id)),
        Err(StoreError::Taken { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The earliest first.
pub(super) async fn of_event(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
) -> Result<Vec<Gun>> {
    let rows = sqlx::query(
        "SELECT id, name, fired_at, source, device_key FROM gun
         WHERE partner_id = $1 AND event_id = $2 AND taken_back = $3 ORDER BY fired_at, id",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(false)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(from_row).collect()
}

fn check(gun: &Gun) -> Result<()> {
    Name::given_or_none("gun's name", &gun.name)?;
    let is_odd = |key: &str| {
        key.is_empty() || key.contains('\0') || key.chars().count() > limits::DEVICE_KEY_CHARS_MAX
    };
    if gun.device_key.as_deref().is_some_and(is_odd) {
        return Err(StoreError::Invalid {
            what: "gun of the device",
            rule: "be named by it in 1 to 500 characters",
        });
    }
    Ok(())
}

const _: () = assert!(
    limits::DEVICE_KEY_CHARS_MAX == 500,
    "the rule in the error says so"
);

async fn key_is_free(tx: &mut Tx, scope: &PartnerScope, event: EventId, gun: &Gun) -> Result<()> {
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM gun
         WHERE partner_id = $1 AND event_id = $2 AND device_key = $3 AND id <> $4",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(gun.device_key.as_deref())
    .bind(gun.id.0)
    .fetch_one(&mut **tx)
    .await?;
    if others > 0 {
        return Err(StoreError::Taken {
            what: "gun of the device",
        });
    }
    Ok(())
}

fn from_row(row: &Row) -> Result<Gun> {
    let source: String = row.try_get("source")?;
    Ok(Gun {
        id: GunId(row.try_get("id")?),
        name: row.try_get("name")?,
        fired_at: UnixMicros(row.try_get("fired_at")?),
        source: GunSource::ALL
            .into_iter()
            .find(|known| known.name() == source)
            .ok_or_else(|| StoreError::Corrupt {
                detail: format!("unknown source {source:?} of a gun"),
            })?,
        device_key: row.try_get("device_key")?,
    })
}
