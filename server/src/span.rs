//! Spans of time as people type them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr, time::Duration};

/// A span of whole seconds, written as `90s`, `15m`, `24h` or `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

/// The units with their seconds, longest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no span of time like 90s, 15m, 24h or 7d");
    let text = text.trim();
    let unit = |(unit, unit_s): &(char, u64)| Some((text.strip_suffix(*unit)?, *unit_s));
    let (digits, unit_s) = UNITS.iter().find_map(unit).ok_or_else(wrong)?;
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    count
        .checked_mul(unit_s)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

/// As `parse`, and `2500ms` too.
pub fn parse_ms(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is no span of time like 4s, 2500ms or 1m");
    match text.trim().strip_suffix("ms") {
        Some(digits) => digits.parse().map_err(|_| wrong()),
        None => {
            let span = parse(text).map_err(|_| wrong())?;
            u64::try_from(span.as_millis()).map_err(|_| wrong())
        }
    }
}

impl FromStr for Span {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        parse(text).map(Self)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let fits = |(_, unit_s): &&(char, u64)| seconds.is_multiple_of(*unit_s) && seconds > 0;
        let (unit, unit_s) = UNITS.iter().find(fits).unwrap_or(&('s', 1));
        write!(f, "{}{unit}", seconds / unit_s)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read_and_written() {
        let check = |text: &str, seconds: Option<u64>, written: &str| {
            let span: Option<Span> = text.parse().ok();
            assert_eq!(span, seconds.map(Duration::from_secs).map(Span), "{text:?}");
            let back = span.map_or_else(String::new, |span| span.to_string());
            assert_eq!(back, written, "{text:?}");
        };
        check("90s", Some(90), "90s");
        check("15m", Some(900), "15m");
        check("24h", Some(86_400), "1d");
        check("7d", Some(604_800), "7d");
        check(" 120m ", Some(7_200), "2h");
        check("0h", Some(0), "0s");
        assert_eq!(parse_ms("2500ms"), Ok(2_500));
        assert_eq!(parse_ms(" 4s"), Ok(4_000));
        for wrong in ["4", "ms", "-1ms", "2.5s", "99999999999999999999ms"] {
            assert!(parse_ms(wrong).is_err(), "{wrong:?}");
        }
        for wrong in ["7", "", "h", "-1h", "99999999999999999999d", "1é"] {
            check(wrong, None, "");
        }
    }
}
