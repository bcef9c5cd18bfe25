//! What a screen shows: the bound state of a scene. It holds only what the template binds.

use serde::{Deserialize, Serialize};

/// The scenes every template has (design §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scene {
    /// Nobody to show.
    Resting,
    /// Somebody is shown.
    Runner,
}

/// One crossing as a public screen may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    pub bib: String,
    /// Empty where it is hidden or not known.
    pub name: String,
    pub city: String,
    pub point: String,
    /// The name of the race; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub race: String,
    /// From the gun to the crossing. Shown by `race_time_text`, as the chip time is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gun_time_ms: Option<u64>,
    /// From the runner's own start to the crossing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chip_time_ms: Option<u64>,
    /// The event's wall clock at the crossing, `2026-03-06T20:27:47.39`: a time of day, by which
    /// crossings are told apart. It never stands in for a race time.
    pub read_time: String,
    /// Whether the read came too late to be shown as it happened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// The state of the `arrivals` template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardState {
    /// The event's name.
    pub event: String,
    /// The names of the bound points, in course order.
    pub points: Vec<String>,
    /// By read time, newest first; at most `limits::ARRIVALS_MAX`.
    pub arrivals: Vec<Arrival>,
    /// Whether the race times shown are unofficial.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unofficial: bool,
    /// Whether a crossing shown is the simulator's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
}

impl BoardState {
    pub fn scene(&self) -> Scene {
        if self.arrivals.is_empty() {
            Scene::Resting
        } else {
            Scene::Runner
        }
    }
}
