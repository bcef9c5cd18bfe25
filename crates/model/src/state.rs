//! What a screen shows: the bound state of a scene. It holds only what the template binds.

use crate::document::{DataField, Subject, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The scenes every template has (design §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scene {
    /// Nobody to show.
    Resting,
    /// Somebody is shown.
    Runner,
}

impl Scene {
    /// As templates call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resting => "resting",
            Self::Runner => "runner",
        }
    }
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
    /// Along the race, from its start to the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// What else the template binds, by the names of its fields.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub more: Texts,
    /// The event's wall clock at the crossing, `2026-03-06T20:27:47.39`: a time of day, by which
    /// crossings are told apart. It never stands in for a race time.
    pub read_time: String,
    /// Whether the read came too late to be shown as it happened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// Texts by name; an object in JSON. Few enough to be looked through: a map would be a share of the
/// kiosk's bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<(String, String)>);

impl Texts {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| &**text)
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts: BTreeMap<String, String> = BTreeMap::deserialize(deserializer)?;
        Ok(Self(texts.into_iter().collect()))
    }
}

/// A race, as clocks need it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaceClock {
    pub name: String,
    /// The gun, on the server's clock, microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gun_at_us: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_at_us: Option<i64>,
}

/// What the scene of a display binds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardState {
    /// The event's name.
    pub event: String,
    /// `2026-03-06`; empty where it is not bound.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub event_date: String,
    /// The names of the bound points, in course order.
    pub points: Vec<String>,
    /// Who is featured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner: Option<Arrival>,
    /// By read time, newest first; at most `limits::ARRIVALS_MAX`.
    pub arrivals: Vec<Arrival>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub races: Vec<RaceClock>,
    /// The event's wall clock less UTC, where a clock shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utc_offset_s: Option<i32>,
    /// Whether the race times shown are unofficial.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unofficial: bool,
    /// Whether a crossing shown is the simulator's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
}

impl BoardState {
    /// Which scene a template of that subject shows.
    pub fn scene(&self, subject: Subject) -> Scene {
        let somebody = match subject {
            Subject::Runner => self.runner.is_some(),
            Subject::Arrivals => !self.arrivals.is_empty(),
            Subject::Nobody => false,
        };
        if somebody {
            Scene::Runner
        } else {
            Scene::Resting
        }
    }

    /// What a field says, of that crossing where it is one's own.
    pub fn value(&self, of: Option<&Arrival>, field: &DataField) -> Value {
        match field {
            DataField::Event => Value::Text(self.event.clone()),
            DataField::EventDate => Value::Date(self.event_date.clone()),
            DataField::Points => Value::Text(self.points.join(" · ")),
            DataField::SeveralPoints => Value::truth(self.points.len() > 1),
            DataField::Races => match self.races.len() {
                0 => Value::NOTHING,
                races => Value::Number(races as u64),
            },
            DataField::Unofficial => Value::truth(self.unofficial),
            DataField::Demo => Value::truth(self.demo),
            _ => of.map_or(Value::NOTHING, |of| of.value(field)),
        }
    }
}

impl Arrival {
    fn time_ms(&self) -> Option<u64> {
        self.chip_time_ms.or(self.gun_time_ms)
    }

    fn value(&self, field: &DataField) -> Value {
        let time = |ms: Option<u64>| ms.map_or(Value::NOTHING, Value::TimeMs);
        match field {
            DataField::Bib => Value::Text(self.bib.clone()),
            DataField::Name => Value::Text(self.name.clone()),
            DataField::City => Value::Text(self.city.clone()),
            DataField::Point => Value::Text(self.point.clone()),
            DataField::Race => Value::Text(self.race.clone()),
            DataField::GunTime => time(self.gun_time_ms),
            DataField::ChipTime => time(self.chip_time_ms),
            DataField::Time => time(self.time_ms()),
            DataField::Distance => self.distance_m.map_or(Value::NOTHING, Value::DistanceM),
            DataField::Pace => match (self.time_ms(), self.distance_m) {
                (Some(ms), Some(distance_m)) if distance_m > 0 => Value::Pace { ms, distance_m },
                _ => Value::NOTHING,
            },
            DataField::Late => Value::truth(self.late),
            field => {
                let text = self.more.get(&field.name());
                text.map_or(Value::NOTHING, |text| Value::Text(text.to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Binding, Format, Letters, Pattern, Piece};

    #[test]
    fn the_formats_of_a_field_are_those_that_alter_what_it_says() {
        let state = |text: &str| {
            let text = || text.to_owned();
            let more = DataField::plain().map(|field| (field.name().into_owned(), text()));
            BoardState {
                event: text(),
                event_date: "2026-03-06".to_owned(),
                points: vec![text()],
                races: vec![RaceClock::default(); 1_000],
                runner: Some(Arrival {
                    bib: text(),
                    name: text(),
                    city: text(),
                    point: text(),
                    race: text(),
                    chip_time_ms: Some(9_753_300),
                    gun_time_ms: Some(9_753_300),
                    distance_m: Some(42_195),
                    more: Texts(more.chain([("custom.a".to_owned(), text())]).collect()),
                    ..Arrival::default()
                }),
                ..BoardState::default()
            }
        };
        let states = [state("zoë Ångström"), state("41234")];
        for field in DataField::plain().chain([DataField::Custom("a".to_owned())]) {
            let written = |state: &BoardState, formats: Vec<Format>| {
                let pattern = Pattern {
                    pieces: vec![Piece::Bound(Binding {
                        field: field.clone(),
                        formats,
                        fallback: None,
                    })],
                };
                let value = state.value(state.runner.as_ref(), &field);
                pattern.filled(Letters::STD, &|_| value.clone())
            };
            let alters = |format: Format| {
                let other = |state| written(state, vec![format]) != written(state, Vec::new());
                states.iter().any(other)
            };
            for format in field.formats() {
                // Per km and km are how they are written without.
                let is_usual = matches!(format, Format::PerKm | Format::Km);
                assert!(is_usual || alters(*format), "{field} {}", format.name());
            }
        }
    }

    #[test]
    fn an_event_tells_how_many_races_and_points_it_has() {
        let check = |count: usize, races: &str, several: &str| {
            let state = BoardState {
                points: vec![String::new(); count],
                races: vec![RaceClock::default(); count],
                ..BoardState::default()
            };
            let text = |field| state.value(None, &field).plain();
            assert_eq!(text(DataField::Races), races);
            assert_eq!(text(DataField::SeveralPoints), several);
        };
        check(0, "", "");
        check(1, "1", "");
        check(2, "2", "yes");
        check(6, "6", "yes");
    }
}
