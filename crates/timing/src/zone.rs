//! Names of time zones as people type them.
//!
//! Owns the error that suggests what to type. The zones themselves are the IANA database's.

use chrono_tz::{TZ_VARIANTS, Tz};

/// What is no usable zone, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; type {suggestion}")]
pub struct UnknownZone {
    problem: String,
    suggestion: String,
}

/// Abbreviations people type, with a zone that is meant. Some are names of zones of their own,
/// which have no summer time: on race morning in June they would be an hour off.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("ET", "America/New_York"),
    ("CST", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("CT", "America/Chicago"),
    (
        "MST",
        "America/Denver (or America/Phoenix, which has no summer time)",
    ),
    ("MDT", "America/Denver"),
    ("MT", "America/Denver"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("PT", "America/Los_Angeles"),
    ("AKST", "America/Anchorage"),
    ("AKDT", "America/Anchorage"),
    ("HST", "Pacific/Honolulu"),
    ("BST", "Europe/London"),
    ("CEST", "Europe/Berlin"),
    ("MEZ", "Europe/Berlin"),
    ("MESZ", "Europe/Berlin"),
    ("EEST", "Europe/Helsinki"),
    ("WEST", "Europe/Lisbon"),
    ("IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"),
    ("JST", "Asia/Tokyo"),
    ("SAST", "Africa/Johannesburg"),
    (
        "AEST",
        "Australia/Sydney (or Australia/Brisbane, which has no summer time)",
    ),
    ("AEDT", "Australia/Sydney"),
    ("NZST", "Pacific/Auckland"),
    ("NZDT", "Pacific/Auckland"),
];

/// A zone by its IANA name, such as `Europe/Berlin`. Case does not matter, and blanks stand for
/// underscores.
pub fn parse_zone(text: &str) -> Result<Tz, UnknownZone> {
    let name = text.trim().replace(' ', "_");
    let unknown = |suggestion: String| UnknownZone {
        problem: format!("there is no time zone {text:?}"),
        suggestion,
    };
    if name.is_empty() {
        return Err(UnknownZone {
            problem: "the time zone is empty".to_owned(),
            suggestion: examples(),
        });
    }
    let abbreviation = ABBREVIATIONS
        .iter()
        .find(|(short, _)| short.eq_ignore_ascii_case(&name));
    if let Some((short, zone)) = abbreviation {
        return Err(UnknownZone {
            problem: format!("{short} is no time zone with its summer time"),
            suggestion: (*zone).to_owned(),
        });
    }
    if let Some(zone) = TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(&name))
    {
        return Ok(*zone);
    }
    if let Some(zone) = fixed_offset(&name) {
        return Err(unknown(format!(
            "a place such as Europe/Berlin, or {zone} (there the sign is the other way round)"
        )));
    }
    let near = nearest(&name);
    Err(unknown(if near.is_empty() {
        examples()
    } else {
        near.join(" or ")
    }))
}

fn examples() -> String {
    "a name such as Europe/Berlin, America/New_York or UTC".to_owned()
}

/// `Etc/GMT-2` for `+02:00`, `UTC+2` and the like, whole hours only.
fn fixed_offset(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let offset = upper
        .trim_start_matches("UTC")
        .trim_start_matches("GMT")
        .trim_start_matches('_');
    let (sign, hours) = match offset.split_at_checked(1)? {
        ("+", hours) => ('-', hours),
        ("-", hours) => ('+', hours),
        _ => return None,
    };
    let hours = hours
        .strip_suffix(":00")
        .or(hours.strip_suffix("00"))
        .unwrap_or(hours);
    let hours: u8 = hours
        .parse()
        .ok()
        .filter(|hours| (1..=12).contains(hours))?;
    Some(format!("Etc/GMT{sign}{hours}"))
}

/// Up to three zones whose city (or whose name) is like the text: it contains it, or differs from
/// it by a typing slip.
fn nearest(name: &str) -> Vec<&'static str> {
    let wanted = name.to_lowercase();
    let wanted_city = wanted.rsplit('/').next().unwrap_or_default();
    let slips_max = wanted_city.chars().count() / 4;
    let mut found: Vec<(usize, &str)> = TZ_VARIANTS
        .iter()
        .filter(|zone| zone.name().contains('/') && !zone.name().starts_with("Etc/"))
        .filter_map(|zone| {
            let full = zone.name().to_lowercase();
            let city = full.rsplit('/').next().unwrap_or_default();
            let slips = slips(city, wanted_city);
            let like = slips <= slips_max || (wanted_city.len() >= 4 && full.contains(wanted_city));
            like.then_some((slips, zone.name()))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().take(3).map(|(_, zone)| zone).collect()
}

/// Letters to insert, leave out or change to make one text the other.
fn slips(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let changed = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_what_people_type() {
        let check = |text: &str, name: &str| {
            assert_eq!(
                parse_zone(text).map(|zone| zone.name()),
                Ok(name),
                "{text:?}"
            );
        };
        check("Europe/Berlin", "Europe/Berlin");
        check(" europe/berlin ", "Europe/Berlin");
        check("America/New York", "America/New_York");
        check("UTC", "UTC");
        check("utc", "UTC");
        check("Etc/GMT-2", "Etc/GMT-2");
        check("Asia/Kathmandu", "Asia/Kathmandu");
    }

    #[test]
    fn an_unknown_zone_says_what_to_type() {
        let check = |text: &str, message: &str| {
            assert_eq!(
                parse_zone(text).unwrap_err().to_string(),
                message,
                "{text:?}"
            );
        };
        check(
            "Berlin",
            "there is no time zone \"Berlin\"; type Europe/Berlin",
        );
        check(
            "Europe/Berln",
            "there is no time zone \"Europe/Berln\"; type Europe/Berlin",
        );
        check(
            "Auckland",
            "there is no time zone \"Auckland\"; type Pacific/Auckland",
        );
        check(
            "EST",
            "EST is no time zone with its summer time; type America/New_York",
        );
        check(
            "",
            "the time zone is empty; type a name such as Europe/Berlin, America/New_York or UTC",
        );
        check(
            "xyzzy",
            "there is no time zone \"xyzzy\"; \
             type a name such as Europe/Berlin, America/New_York or UTC",
        );
        check(
            "UTC+2",
            "there is no time zone \"UTC+2\"; type a place such as Europe/Berlin, \
             or Etc/GMT-2 (there the sign is the other way round)",
        );
    }

    #[test]
    fn a_parsed_zone_is_parsed_from_its_name() {
        for zone in &TZ_VARIANTS {
            let is_refused = ["EST", "HST", "MST"].contains(&zone.name());
            assert_eq!(parse_zone(zone.name()).ok(), (!is_refused).then_some(*zone));
        }
    }

    #[test]
    fn every_suggestion_is_a_zone() {
        for (_, suggestion) in ABBREVIATIONS {
            let names = suggestion
                .split([' ', ',', '('])
                .filter(|word| word.contains('/'));
            assert!(names.clone().count() > 0);
            for name in names {
                assert!(parse_zone(name).is_ok(), "{name}");
            }
        }
    }
}
