//! Races with their courses, waves and guns.

use crate::{GunId, PointId, RaceId, UnixMicros, WaveId};
use serde::{Deserialize, Serialize};

/// A distance within an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Race {
    pub id: RaceId,
    pub name: String,
    pub distance_m: u32,
    pub unit: Unit,
    /// In the order in which they are passed.
    pub course: Vec<CoursePoint>,
    /// One at least, in the order of their start.
    pub waves: Vec<Wave>,
}

/// In what a distance is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    #[default]
    Km,
    Mi,
}

/// A passage of a timing point. One that is passed twice is there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoursePoint {
    pub point: PointId,
    /// From the start; `None` where nobody said.
    pub distance_m: Option<u32>,
}

/// A start group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    pub id: WaveId,
    /// Empty for the one wave of a race that has no groups.
    pub name: String,
    pub scheduled_at: Option<UnixMicros>,
    /// The one that started it.
    pub gun: Option<GunId>,
}

/// The instant of a start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gun {
    pub id: GunId,
    /// What people call it; may be empty.
    pub name: String,
    pub fired_at: UnixMicros,
    pub source: GunSource,
    /// What the device said of it, which makes it the same one when it is sent again.
    pub device_key: Option<String>,
}

/// Who said when it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GunSource {
    /// The timing device.
    Device,
    /// Somebody pressed it in the studio.
    Studio,
    /// Somebody typed the time.
    Typed,
}

impl Unit {
    pub const ALL: [Self; 2] = [Self::Km, Self::Mi];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Km => "km",
            Self::Mi => "mi",
        }
    }

    /// An international mile has 1,609.344 m.
    pub const fn meters(self) -> f64 {
        match self {
            Self::Km => 1_000.0,
            Self::Mi => 1_609.344,
        }
    }
}

impl GunSource {
    pub const ALL: [Self; 3] = [Self::Device, Self::Studio, Self::Typed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Studio => "studio",
            Self::Typed => "typed",
        }
    }
}
