//! Field 5 of a read: the four time formats, read and written.
//!
//! Whatever format was asked for, any of the four is recognized. All of them are the device's own
//! wall clock without a zone; hundredths are kept and finer digits cut off.

use chrono::NaiveDate;
use model::WallTime;
use model::time::DAY_CS;
use std::{fmt, str::FromStr};

/// The time of a read as far as the device said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceTime {
    Dated(WallTime),
    /// Hundredths since the device's midnight, of a day it did not name.
    TimeOfDay {
        cs: i64,
    },
}

impl DeviceTime {
    /// Hundredths since the device's midnight.
    pub fn time_of_day_cs(self) -> i64 {
        match self {
            Self::Dated(wall) => wall.time_of_day_cs(),
            Self::TimeOfDay { cs } => cs,
        }
    }

    /// Whether this may be the time of a read that was dated `wall`: the same where it is dated,
    /// else the same time of day.
    pub fn matches(self, wall: WallTime) -> bool {
        match self {
            Self::Dated(dated) => dated == wall,
            Self::TimeOfDay { cs } => cs == wall.time_of_day_cs(),
        }
    }
}

/// Values of the initialization key `time-format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeFormat {
    /// `14:02:15.31`
    Normal,
    /// `2025-06-01T08:30:22.04`
    Iso,
    /// `1738418535.31`: the wall clock encoded as if it were UTC.
    Unix,
    /// `50535310`: milliseconds since midnight.
    Msecs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time is none of 14:02:15.31, 2025-06-01T08:30:22.04, 1738418535.31 and 50535310")]
pub struct InvalidTime;

/// Seconds until the year 10000, past which a `unix` time is not believed.
const UNIX_SECONDS_MAX: i64 = 253_402_300_800;
const DAY_MS: i64 = DAY_CS * 10;

impl TimeFormat {
    pub const ALL: [Self; 4] = [Self::Normal, Self::Iso, Self::Unix, Self::Msecs];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Iso => "iso",
            Self::Unix => "unix",
            Self::Msecs => "msecs",
        }
    }

    /// The text for field 5. A time without a date cannot be written as `iso` or `unix`, and is
    /// written as `normal`.
    pub fn write(self, time: DeviceTime) -> String {
        match (self, time) {
            (Self::Iso, DeviceTime::Dated(wall)) => wall.to_string(),
            (Self::Unix, DeviceTime::Dated(wall)) => {
                format!("{}.{:02}", wall.0.div_euclid(100), wall.0.rem_euclid(100))
            }
            (Self::Msecs, time) => (time.time_of_day_cs() * 10).to_string(),
            (Self::Normal | Self::Iso | Self::Unix, time) => {
                let cs = time.time_of_day_cs();
                let seconds = cs / 100;
                let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
                format!("{hour:02}:{minute:02}:{second:02}.{:02}", cs % 100)
            }
        }
    }
}

impl fmt::Display for TimeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TimeFormat {
    type Err = InvalidTimeFormat;
    fn from_str(name: &str) -> Result<Self, InvalidTimeFormat> {
        let known = Self::ALL.into_iter().find(|format| format.name() == name);
        known.ok_or_else(|| InvalidTimeFormat(name.to_owned()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time format {0:?}; use one of: normal, iso, unix, msecs")]
pub struct InvalidTimeFormat(String);

/// Any of the four formats. Digits alone are `msecs` as far as a day has milliseconds, and `unix`
/// beyond (1972 on); with a fraction they are `unix`.
pub fn parse(text: &str) -> Result<DeviceTime, InvalidTime> {
    let text = text.trim();
    if !text.is_ascii() {
        return Err(InvalidTime);
    }
    match text.as_bytes() {
        [_, _, _, _, b'-', ..] => parse_iso(text).map(DeviceTime::Dated),
        bytes if bytes.contains(&b':') => {
            parse_time_of_day(text).map(|cs| DeviceTime::TimeOfDay { cs })
        }
        _ => parse_number(text),
    }
}

fn parse_iso(text: &str) -> Result<WallTime, InvalidTime> {
    let (date, time) = text.split_once(['T', 't', ' ']).ok_or(InvalidTime)?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let (Some(year), Some(month), Some(day), None) = (year, month, day, parts.next()) else {
        return Err(InvalidTime);
    };
    let date = NaiveDate::from_ymd_opt(
        number(year, 4..=4)? as i32,
        number(month, 1..=2)? as u32,
        number(day, 1..=2)? as u32,
    );
    let days = date
        .ok_or(InvalidTime)?
        .signed_duration_since(NaiveDate::default())
        .num_days();
    // A zone behind the time is not part of the wall clock, which is what counts here.
    let time = time.strip_suffix(['Z', 'z']).unwrap_or(time);
    let time = match time.rfind(['+', '-']) {
        Some(zone) => &time[..zone],
        None => time,
    };
    Ok(WallTime::from_day(days, parse_time_of_day(time)?))
}

fn parse_time_of_day(text: &str) -> Result<i64, InvalidTime> {
    let (whole, fraction) = split_fraction(text)?;
    let mut parts = whole.split(':');
    let (hour, minute, second) = (parts.next(), parts.next(), parts.next());
    let (Some(hour), Some(minute), Some(second), None) = (hour, minute, second, parts.next())
    else {
        return Err(InvalidTime);
    };
    let (hour, minute, second) = (
        number(hour, 1..=2)?,
        number(minute, 2..=2)?,
        number(second, 2..=2)?,
    );
    if hour > 23 || minute > 59 || second > 59 {
        return Err(InvalidTime);
    }
    Ok(((hour * 60 + minute) * 60 + second) * 100 + fraction.unwrap_or(0))
}

fn parse_number(text: &str) -> Result<DeviceTime, InvalidTime> {
    let (whole, fraction) = split_fraction(text)?;
    let value = number(whole, 1..=12)?;
    match fraction {
        None if value < DAY_MS => Ok(DeviceTime::TimeOfDay { cs: value / 10 }),
        _ if value < UNIX_SECONDS_MAX => Ok(DeviceTime::Dated(WallTime(
            value * 100 + fraction.unwrap_or(0),
        ))),
        _ => Err(InvalidTime),
    }
}

/// Splits off a decimal fraction, as hundredths cut down.
fn split_fraction(text: &str) -> Result<(&str, Option<i64>), InvalidTime> {
    let Some((whole, fraction)) = text.split_once('.') else {
        return Ok((text, None));
    };
    if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(InvalidTime);
    }
    let digit = |place: usize| {
        fraction
            .as_bytes()
            .get(place)
            .map_or(0, |digit| digit - b'0')
    };
    Ok((whole, Some(i64::from(digit(0)) * 10 + i64::from(digit(1)))))
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Result<i64, InvalidTime> {
    let valid = digits.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    if valid {
        text.parse().map_err(|_| InvalidTime)
    } else {
        Err(InvalidTime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dated(text: &str) -> Option<String> {
        match parse(text) {
            Ok(DeviceTime::Dated(wall)) => Some(wall.to_string()),
            _ => None,
        }
    }

    #[test]
    fn all_four_formats_are_recognized() {
        let day = |text: &str, cs: i64| {
            assert_eq!(parse(text), Ok(DeviceTime::TimeOfDay { cs }), "{text:?}");
        };
        day("14:02:15.31", 5_053_531);
        day("14:02:15", 5_053_500);
        day("14:02:15.3", 5_053_530);
        day("14:02:15.319999", 5_053_531);
        day("00:00:00.00", 0);
        day("23:59:59.99", DAY_CS - 1);
        day("9:05:01.00", 3_270_100);
        day("50535310", 5_053_531);
        day("50535319", 5_053_531);
        day("0", 0);
        day("86399999", DAY_CS - 1);
        let check = |text: &str, expected: &str| {
            assert_eq!(dated(text).as_deref(), Some(expected), "{text:?}");
        };
        check("2025-06-01T08:30:22.04", "2025-06-01T08:30:22.04");
        check("2025-06-01 08:30:22", "2025-06-01T08:30:22.00");
        check("2025-06-01T08:30:22.0499", "2025-06-01T08:30:22.04");
        check("2025-06-01T08:30:22.04Z", "2025-06-01T08:30:22.04");
        check("2025-06-01T08:30:22.04+02:00", "2025-06-01T08:30:22.04");
        check("2024-02-29T23:59:59.99", "2024-02-29T23:59:59.99");
        check("1738418535.31", "2025-02-01T14:02:15.31");
        check("1738418535", "2025-02-01T14:02:15.00");
        check("86400000", "1972-09-27T00:00:00.00");
        check("12.5", "1970-01-01T00:00:12.50");
    }

    #[test]
    fn other_texts_are_no_time() {
        for text in [
            "",
            ".",
            "abc",
            "24:00:00",
            "12:60:00",
            "12:00:60",
            "12:00",
            "1:2:3",
            "12:00:00.",
            "12:00:00.x",
            "2025-02-29T00:00:00",
            "2025-13-01T00:00:00",
            "2025-06-01",
            "-5",
            "+5",
            "2025-06-01T",
            "1738418535310",
            "99999999999999999999",
            "12:00:00:00",
            "１2:00:00",
        ] {
            assert_eq!(parse(text), Err(InvalidTime), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(cs in 0..UNIX_SECONDS_MAX * 100, format in 0usize..4) {
            let (wall, format) = (WallTime(cs), TimeFormat::ALL[format]);
            let text = format.write(DeviceTime::Dated(wall));
            let expected = match format {
                TimeFormat::Iso | TimeFormat::Unix => DeviceTime::Dated(wall),
                TimeFormat::Normal | TimeFormat::Msecs => {
                    DeviceTime::TimeOfDay { cs: wall.time_of_day_cs() }
                }
            };
            prop_assert_eq!(parse(&text), Ok(expected), "{}", text);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}|[0-9:.TZ+-]{0,30}") {
            let _ = parse(&text);
        }
    }
}
