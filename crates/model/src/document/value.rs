//! What a field says, and how its formats write it.
//!
//! Made without the formatting machinery, like `race_time_text`: a display's bundle has it.

use super::{Binding, Format, Pattern, Piece};
use crate::race_time::{digits, race_time_text};

/// What a field says for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(u64),
    /// A race time.
    TimeMs(u64),
    /// A race time over a distance.
    Pace {
        ms: u64,
        distance_m: u32,
    },
    DistanceM(u32),
    /// `2026-03-06`.
    Date(String),
}

/// Large and small letters. The tables for it are a share of the kiosk's bundle: a browser has its
/// own.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    pub upper: fn(&str) -> String,
    pub lower: fn(&str) -> String,
}

impl Letters {
    /// Not for the kiosk.
    pub const STD: Self = Self {
        upper: |text| text.to_uppercase(),
        lower: |text| text.to_lowercase(),
    };
}

const METERS_PER_MILE: f64 = 1_609.344;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

impl Value {
    pub const NOTHING: Self = Self::Text(String::new());

    /// A truth says `yes` or nothing.
    pub fn truth(holds: bool) -> Self {
        Self::Text(if holds { "yes" } else { "" }.to_owned())
    }

    /// As it is written where no format is asked for.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Date(text) => text.clone(),
            Self::Number(number) => number_text(*number, ""),
            Self::TimeMs(ms) => race_time_text(*ms),
            Self::Pace { .. } => self.written(Format::PerKm).unwrap_or_default(),
            Self::DistanceM(_) => self.written(Format::Km).unwrap_or_default(),
        }
    }

    /// `None` where the format is not for such a value.
    fn written(&self, format: Format) -> Option<String> {
        match (self, format) {
            (Self::Number(number), Format::Ordinal) => Some(ordinal(*number)),
            (Self::Number(number), Format::Number) => Some(number_text(*number, ",")),
            (Self::Pace { ms, distance_m }, Format::PerKm) => {
                pace(*ms, *distance_m, 1_000.0, " /km")
            }
            (Self::Pace { ms, distance_m }, Format::PerMile) => {
                pace(*ms, *distance_m, METERS_PER_MILE, " /mi")
            }
            (Self::DistanceM(meters), Format::Km) => {
                Some(tenths(f64::from(*meters) / 1_000.0, " km"))
            }
            (Self::DistanceM(meters), Format::Miles) => {
                Some(tenths(f64::from(*meters) / METERS_PER_MILE, " mi"))
            }
            (Self::Date(date), Format::Date | Format::Day | Format::Weekday) => {
                date_text(date, format)
            }
            // A number of a roster comes as text.
            (Self::Text(text), Format::Ordinal | Format::Number) => {
                let is_number = !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
                let number = text.parse().ok().filter(|_| is_number)?;
                Self::Number(number).written(format)
            }
            _ => None,
        }
    }
}

impl Pattern {
    /// The text that it says. `value_of` gives what a field says, or nothing.
    pub fn filled(&self, letters: Letters, value_of: &dyn Fn(&Binding) -> Value) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Bound(binding) => {
                    text.push_str(&binding.filled(letters, &value_of(binding)));
                }
            }
        }
        text
    }
}

impl Binding {
    fn filled(&self, letters: Letters, value: &Value) -> String {
        if value.plain().is_empty() {
            return self.fallback.clone().unwrap_or_default();
        }
        let typed = self
            .formats
            .iter()
            .find_map(|format| value.written(*format));
        let text = typed.unwrap_or_else(|| value.plain());
        self.formats.iter().fold(text, |text, format| match format {
            Format::Upper => (letters.upper)(&text),
            Format::Lower => (letters.lower)(&text),
            Format::Title => title(&text, letters),
            Format::Initial => match text.chars().next() {
                Some(first) => {
                    let mut initial = (letters.upper)(first.encode_utf8(&mut [0; 4]));
                    initial.push('.');
                    initial
                }
                None => text,
            },
            _ => text,
        })
    }
}

/// Each word with a large letter before small ones.
fn title(text: &str, letters: Letters) -> String {
    let mut titled = String::new();
    for word in text.split_inclusive([' ', '-', '.', '/', '(', '\u{a0}']) {
        let mut rest = word.chars();
        if let Some(first) = rest.next() {
            titled.push_str(&(letters.upper)(first.encode_utf8(&mut [0; 4])));
        }
        titled.push_str(&(letters.lower)(rest.as_str()));
    }
    titled
}

fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    [&*number_text(number, ""), ending].concat()
}

fn number_text(number: u64, between_thousands: &str) -> String {
    let mut text = String::new();
    digits(&mut text, number, 1);
    let mut at = text.len();
    while at > 3 {
        at -= 3;
        text.insert_str(at, between_thousands);
    }
    text
}

/// `4:35 /km`, to the nearest second.
fn pace(ms: u64, distance_m: u32, unit_m: f64, unit: &str) -> Option<String> {
    if distance_m == 0 {
        return None;
    }
    let seconds = (ms as f64 / f64::from(distance_m) * unit_m / 1_000.0).round() as u64;
    Some([&*race_time_text(seconds * 1_000), unit].concat())
}

/// With one digit after the point, or none where that is zero.
fn tenths(number: f64, unit: &str) -> String {
    let tenths = (number * 10.0).round() as u64;
    let mut text = String::new();
    digits(&mut text, tenths / 10, 1);
    if !tenths.is_multiple_of(10) {
        text.push('.');
        digits(&mut text, tenths % 10, 1);
    }
    text.push_str(unit);
    text
}

fn date_text(date: &str, format: Format) -> Option<String> {
    let mut parts = date.splitn(3, '-').map(str::parse::<u32>);
    let mut next = || parts.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let name = *MONTHS.get(month.checked_sub(1)? as usize)?;
    let mut text = String::new();
    if matches!(format, Format::Date | Format::Weekday) {
        text.push_str(WEEKDAYS[weekday(year, month, day)]);
    }
    if format == Format::Weekday {
        return Some(text);
    }
    if !text.is_empty() {
        text.push(' ');
    }
    digits(&mut text, day.into(), 1);
    text.push(' ');
    text.push_str(name);
    if format == Format::Date {
        text.push(' ');
        digits(&mut text, year.into(), 1);
    }
    Some(text)
}

/// Sunday is 0. By Sakamoto's rule for the Gregorian calendar.
fn weekday(year: u32, month: u32, day: u32) -> usize {
    const SHIFTS: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let year = if month < 3 {
        year.saturating_sub(1)
    } else {
        year
    };
    let shift = SHIFTS[(month as usize - 1) % 12];
    ((year + year / 4 - year / 100 + year / 400 + shift + day) % 7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_by_their_formats() {
        let check = |pattern: &str, value: Value, expected: &str| {
            let pattern: Pattern = pattern.parse().unwrap();
            assert_eq!(pattern.filled(Letters::STD, &|_| value.clone()), expected);
        };
        let text = |text: &str| Value::Text(text.to_owned());
        check("{name}", text("Zoë Ångström"), "Zoë Ångström");
        check("{name:upper}", text("Zoë"), "ZOË");
        check(
            "{name:title}",
            text("ANNE-MARIE o'neil"),
            "Anne-Marie O'neil",
        );
        check("{name:initial}", text("åsa"), "Å.");
        check("{name:initial:lower}", text("Åsa"), "å.");
        check("from {city|your town}", text(""), "from your town");
        check("{city}", text(""), "");
        check("{age:ordinal}", text("41"), "41st");
        check("{age:ordinal}", text("forty"), "forty");
        check("{age:ordinal}", Value::Number(112), "112th");
        check("{age:number}", Value::Number(31_984), "31,984");
        check("{time}", Value::TimeMs(9_753_300), "2:42:34");
        let pace = Value::Pace {
            ms: 9_753_300,
            distance_m: 42_195,
        };
        check("{pace}", pace.clone(), "3:51 /km");
        check("{pace:per-mile}", pace, "6:12 /mi");
        let nowhere = Value::Pace {
            ms: 1,
            distance_m: 0,
        };
        check("{pace|–}", nowhere, "–");
        check("{distance:miles}", Value::DistanceM(21_098), "13.1 mi");
        check("{distance}", Value::DistanceM(10_000), "10 km");
        let date = |day: &str| Value::Date(day.to_owned());
        check(
            "{event_date:date}",
            date("2026-03-06"),
            "Friday 6 March 2026",
        );
        check("{event_date:day}", date("2024-02-29"), "29 February");
        check("{event_date:weekday}", date("2000-01-01"), "Saturday");
        check("{event_date:date}", date("soon"), "soon");
        check("{event_date:date}", date("2026-13-01"), "2026-13-01");
        check("{late}", Value::truth(true), "yes");
    }
}
