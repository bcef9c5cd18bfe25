//! The fields that a template can bind, and the formats of their values.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// What a display can say. In a row it is the row's own, else that of the featured runner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataField {
    Bib,
    /// As public screens may say it; empty where it is hidden.
    Name,
    FirstName,
    LastName,
    City,
    State,
    Country,
    Division,
    Team,
    Gender,
    Age,
    /// From the message pool.
    Message,
    /// Of the runner, or of the row.
    Race,
    /// Where the read was.
    Point,
    GunTime,
    ChipTime,
    /// Chip time, else gun time.
    Time,
    /// Of `Time` over the distance to the point.
    Pace,
    /// From the start to the point.
    Distance,
    /// Whether the read came late.
    Late,
    /// Whether the row has just come.
    Fresh,
    Event,
    EventDate,
    /// All bound points.
    Points,
    /// Whether more than one point is bound, so that each row has to tell its own.
    SeveralPoints,
    /// How many races the event has; nothing where it has none.
    Races,
    /// Whether the clock `elapsed` runs there.
    Started,
    /// Whether the clock `countdown` runs there.
    Awaited,
    /// Whether the times shown are unofficial.
    Unofficial,
    /// Whether something shown is the simulator's.
    Demo,
    /// A column of the roster that Gantry has no word for.
    Custom(String),
}

/// How a value is written. One that does not fit the value leaves it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Upper,
    Lower,
    Title,
    /// `1st`.
    Ordinal,
    /// `12,345`.
    Number,
    /// Of a pace: `4:35 /km`.
    PerKm,
    PerMile,
    /// Of a distance: `21.1 km`.
    Km,
    Miles,
    /// Of a date: `Friday 6 March 2026`.
    Date,
    /// `6 March`.
    Day,
    Weekday,
    /// The first letter with a dot.
    Initial,
}

impl DataField {
    const PLAIN: [(Self, &'static str); 30] = [
        (Self::Bib, "bib"),
        (Self::Name, "name"),
        (Self::FirstName, "first_name"),
        (Self::LastName, "last_name"),
        (Self::City, "city"),
        (Self::State, "state"),
        (Self::Country, "country"),
        (Self::Division, "division"),
        (Self::Team, "team"),
        (Self::Gender, "gender"),
        (Self::Age, "age"),
        (Self::Message, "message"),
        (Self::Race, "race"),
        (Self::Point, "point"),
        (Self::GunTime, "gun_time"),
        (Self::ChipTime, "chip_time"),
        (Self::Time, "time"),
        (Self::Pace, "pace"),
        (Self::Distance, "distance"),
        (Self::Late, "late"),
        (Self::Fresh, "fresh"),
        (Self::Event, "event"),
        (Self::EventDate, "event_date"),
        (Self::Points, "points"),
        (Self::SeveralPoints, "several_points"),
        (Self::Races, "races"),
        (Self::Started, "started"),
        (Self::Awaited, "awaited"),
        (Self::Unofficial, "unofficial"),
        (Self::Demo, "demo"),
    ];

    /// All but the custom ones, as they are written in bindings.
    pub fn names() -> String {
        Self::PLAIN.map(|(_, name)| name).join(", ")
    }

    /// All but the custom ones.
    pub fn plain() -> impl Iterator<Item = Self> {
        Self::PLAIN.into_iter().map(|(field, _)| field)
    }

    /// As it is written in bindings.
    pub fn name(&self) -> Cow<'static, str> {
        let known = Self::PLAIN.iter().find(|(field, _)| field == self);
        match (known, self) {
            (Some((_, name)), _) => Cow::Borrowed(name),
            (None, Self::Custom(name)) => Cow::Owned(["custom.", name].concat()),
            (None, _) => Cow::Borrowed(""),
        }
    }
}

impl DataField {
    /// Those that fit what it says; any other would leave it as it is.
    pub const fn formats(&self) -> &'static [Format] {
        use Format::{
            Date, Day, Initial, Km, Lower, Miles, Number, Ordinal, PerKm, PerMile, Title, Upper,
            Weekday,
        };
        match self {
            Self::Name
            | Self::FirstName
            | Self::LastName
            | Self::City
            | Self::State
            | Self::Country
            | Self::Division
            | Self::Team
            | Self::Gender
            | Self::Message
            | Self::Race
            | Self::Point
            | Self::Event
            | Self::Points => &[Upper, Lower, Title, Initial],
            Self::Bib | Self::Custom(_) => &[Upper, Lower, Title, Initial, Number, Ordinal],
            Self::Age | Self::Races => &[Number, Ordinal],
            Self::Pace => &[PerKm, PerMile],
            Self::Distance => &[Km, Miles],
            Self::EventDate => &[Date, Day, Weekday],
            Self::GunTime
            | Self::ChipTime
            | Self::Time
            | Self::Late
            | Self::Fresh
            | Self::SeveralPoints
            | Self::Started
            | Self::Awaited
            | Self::Unofficial
            | Self::Demo => &[],
        }
    }
}

/// No field has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no field `{0}`; use one of: {names}, or custom.NAME", names = DataField::names())]
pub struct NoField(pub String);

impl FromStr for DataField {
    type Err = NoField;

    fn from_str(name: &str) -> Result<Self, NoField> {
        if let Some((field, _)) = Self::PLAIN.iter().find(|(_, known)| *known == name) {
            return Ok(field.clone());
        }
        match name.strip_prefix("custom.") {
            // What has a meaning in a binding cannot be part of a name in it.
            Some(custom) if !custom.trim().is_empty() && !custom.contains(['{', '}', ':', '|']) => {
                Ok(Self::Custom(custom.trim().to_owned()))
            }
            _ => Err(NoField(name.to_owned())),
        }
    }
}

impl fmt::Display for DataField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl Serialize for DataField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for DataField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name: Cow<'de, str> = Cow::deserialize(deserializer)?;
        name.parse().map_err(de::Error::custom)
    }
}

impl Format {
    const ALL: [(Self, &'static str); 13] = [
        (Self::Upper, "upper"),
        (Self::Lower, "lower"),
        (Self::Title, "title"),
        (Self::Ordinal, "ordinal"),
        (Self::Number, "number"),
        (Self::PerKm, "per-km"),
        (Self::PerMile, "per-mile"),
        (Self::Km, "km"),
        (Self::Miles, "miles"),
        (Self::Date, "date"),
        (Self::Day, "day"),
        (Self::Weekday, "weekday"),
        (Self::Initial, "initial"),
    ];

    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().map(|(format, _)| format)
    }

    pub fn names() -> String {
        Self::ALL.map(|(_, name)| name).join(", ")
    }

    pub fn named(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(_, known)| *known == name);
        known.map(|(format, _)| *format)
    }

    pub fn name(self) -> &'static str {
        let known = Self::ALL.iter().find(|(format, _)| *format == self);
        known.map_or("", |(_, name)| name)
    }
}
