//! Races of an event with their courses and waves, and the guns that start them.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{CoursePoint, EventId, Gun, GunId, Race, RaceId, Unit, UnixMicros, WaveId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRace {
    pub event: EventId,
    pub name: String,
    pub distance_m: u32,
    pub unit: Unit,
}

/// What to alter; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RaceChange {
    pub name: Option<String>,
    pub distance_m: Option<u32>,
    pub unit: Option<Unit>,
    /// Replaces the whole of it.
    pub course: Option<Vec<CoursePoint>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWave {
    pub race: RaceId,
    pub name: String,
    pub scheduled_at: Option<UnixMicros>,
}

/// What to alter; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaveChange {
    pub name: Option<String>,
    /// `Some(None)`: nobody knows when.
    pub scheduled_at: Option<Option<UnixMicros>>,
}

/// A start that a device told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceGun {
    pub event: EventId,
    /// What the device said, in one form: the same text is the same gun.
    pub device_key: String,
    pub name: String,
    pub fired_at: UnixMicros,
}

#[async_trait]
pub trait Races {
    /// With one wave that has no name. `Taken` where the event has a race of that name.
    async fn create_race(&self, scope: &PartnerScope, new: NewRace) -> Result<RaceId>;

    /// `Taken` as above; `Foreign` where the course goes past a point of another event.
    async fn update_race(
        &self,
        scope: &PartnerScope,
        race: RaceId,
        change: RaceChange,
    ) -> Result<()>;

    /// With its waves and course. `InUse` while somebody is entered in it.
    async fn remove_race(&self, scope: &PartnerScope, race: RaceId) -> Result<()>;

    /// At the end of the race's waves. `Taken` where it has one of that name.
    async fn create_wave(&self, scope: &PartnerScope, new: NewWave) -> Result<WaveId>;

    async fn update_wave(
        &self,
        scope: &PartnerScope,
        wave: WaveId,
        change: WaveChange,
    ) -> Result<()>;

    /// `InUse` while somebody is entered in it, and for a race's last one.
    async fn remove_wave(&self, scope: &PartnerScope, wave: WaveId) -> Result<()>;

    /// In the order of their making, with all that is theirs.
    async fn races(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Race>>;

    /// The earliest first.
    async fn guns(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<Gun>>;

    /// `None` where that gun is known, also where somebody has corrected its time since or has
    /// taken it back.
    async fn note_device_gun(&self, scope: &PartnerScope, gun: DeviceGun) -> Result<Option<GunId>>;
}
