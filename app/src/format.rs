//! Numbers, ages and clock differences as people read them. The same on both sides: no locale,
//! no clock.

use model::Unit;

/// `12,345`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of a picture or a style, with so many digits behind the point: at most 6, for lengths
/// of screens. By whole numbers: how the library writes any other would be a part of the bundle.
pub fn fixed(number: f64, digits: u32) -> String {
    let ten = 10_i64.pow(digits);
    let whole = (number * ten as f64).round() as i64;
    let sign = if whole < 0 { "-" } else { "" };
    let (before, behind) = (whole.abs() / ten, whole.abs() % ten);
    format!("{sign}{before}.{behind:0width$}", width = digits as usize)
}

/// `12.3`, in pixels.
pub fn tenths(number: f64) -> String {
    fixed(number, 1)
}

/// With a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(signs).collect()
}

/// `12,345 reads`, `1 read`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// How long ago, in one or two units.
pub fn ago(age_ms: u64) -> String {
    match age_ms / 1_000 {
        0 => "just now".to_owned(),
        _ => format!("{} ago", span(age_ms)),
    }
}

/// A time that lies ahead, in one unit or two: `2 d 3 h`, `5 h 12 m`, `40 s`.
pub fn roughly(seconds: u64) -> String {
    match (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} m"),
        (0, hours, minutes) => format!("{hours} h {minutes:02} m"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// `1 h 00 m 03 s behind`. Below a second the clocks agree as far as anybody cares.
pub fn clock_difference(difference_ms: i64) -> String {
    let apart_ms = difference_ms.unsigned_abs();
    if apart_ms < 1_000 {
        return "in step".to_owned();
    }
    let side = if difference_ms < 0 { "behind" } else { "ahead" };
    format!("{} {side}", span(apart_ms))
}

/// `08:00:03.2`: a time of day to the tenth, which is left out where it is none.
pub fn time_of_day(time_cs: u32) -> String {
    let (seconds, tenths) = (time_cs / 100, time_cs % 100 / 10);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if tenths == 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}.{tenths}")
    }
}

/// A clock that runs, `1:02:03`: a second is shown once it is full. Before the start it counts
/// down.
pub fn race_clock(since_ms: i64) -> String {
    let sign = if since_ms < 0 { "−" } else { "" };
    let seconds = since_ms.unsigned_abs() / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{sign}{hours}:{minutes:02}:{seconds:02}")
}

/// `21.0975 km`, `13.1 mi`.
pub fn distance(distance_m: u32, unit: Unit) -> String {
    format!("{} {}", distance_number(distance_m, unit), unit.name())
}

/// Only the number, as somebody may have typed it: no more digits than the meters need.
pub fn distance_number(distance_m: u32, unit: Unit) -> String {
    let exact = f64::from(distance_m) / unit.meters();
    for digits in 0..4 {
        let text = format!("{exact:.digits$}");
        if meters_of(&text, unit) == Some(distance_m) {
            return text;
        }
    }
    format!("{exact:.4}")
}

/// A distance that somebody typed, to the meter; with a comma or a point.
pub fn meters_of(text: &str, unit: Unit) -> Option<u32> {
    let number: f64 = text.trim().replace(',', ".").parse().ok()?;
    let meters = (number * unit.meters()).round();
    (number > 0.0 && meters < f64::from(u32::MAX)).then_some(meters as u32)
}

/// Whether an address, with or without `http://` before it, leads to the asker's own computer:
/// another one would reach itself with it.
pub fn is_this_computer(address: &str) -> bool {
    let host = address.split_once("//").map_or(address, |(_, host)| host);
    let end = host.find('/').unwrap_or(host.len());
    let host = &host[..end];
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.starts_with("127.") || matches!(name, "localhost" | "[::1]" | "")
}

fn span(ms: u64) -> String {
    let seconds = ms / 1_000;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} m {seconds:02} s"),
        (hours, minutes, seconds) => format!("{hours} h {minutes:02} m {seconds:02} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_pictures_have_as_many_digits_as_asked_for() {
        let check = |number: f64, digits: u32, expected: &str| {
            assert_eq!(fixed(number, digits), expected);
        };
        check(0.0, 1, "0.0");
        check(-0.04, 1, "0.0");
        check(-0.06, 1, "-0.1");
        check(12.349, 1, "12.3");
        check(1_919.96, 1, "1920.0");
        check(0.333_333_3, 6, "0.333333");
        check(-1.05, 3, "-1.050");
    }

    #[test]
    fn a_distance_is_read_as_it_was_written() {
        let check = |text: &str, unit, meters, shown: &str| {
            assert_eq!(meters_of(text, unit), Some(meters));
            assert_eq!(distance(meters, unit), shown);
        };
        check("10", Unit::Km, 10_000, "10 km");
        check("21,0975", Unit::Km, 21_098, "21.098 km");
        check("42.195", Unit::Km, 42_195, "42.195 km");
        check("1", Unit::Mi, 1_609, "1 mi");
        check("13.1", Unit::Mi, 21_082, "13.1 mi");
        check("26.2", Unit::Mi, 42_165, "26.2 mi");
        for text in ["", "ten", "-5", "0", "1e99"] {
            assert_eq!(meters_of(text, Unit::Km), None, "{text}");
        }
    }

    #[test]
    fn a_race_clock_shows_full_seconds() {
        let check = |ms, text: &str| assert_eq!(race_clock(ms), text);
        check(0, "0:00:00");
        check(999, "0:00:00");
        check(3_723_000, "1:02:03");
        check(-5_000, "−0:00:05");
    }

    #[test]
    fn a_time_ahead_is_told_roughly() {
        let check = |seconds, text: &str| assert_eq!(roughly(seconds), text);
        check(0, "0 s");
        check(59, "59 s");
        check(3_599, "59 m");
        check(3_600, "1 h 00 m");
        check(86_399, "23 h 59 m");
        check(86_400, "1 d");
        check(2 * 86_400 + 3 * 3_600, "2 d 3 h");
    }

    #[test]
    fn a_time_of_day_has_a_tenth_only_where_it_is_one() {
        let check = |cs, text: &str| assert_eq!(time_of_day(cs), text);
        check(0, "00:00:00");
        check(8 * 360_000 + 320, "08:00:03.2");
        check(8_639_999, "23:59:59.9");
    }

    #[test]
    fn counts_have_thousands() {
        let check = |number, text| assert_eq!(count(number), text);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(31_984, "31,984");
        check(1_234_567, "1,234,567");
        assert_eq!(counted(1, "screen", "screens"), "1 screen");
        assert_eq!(counted(1_000, "screen", "screens"), "1,000 screens");
    }

    #[test]
    fn an_address_of_this_computer_is_told_from_others() {
        let check =
            |address, expected| assert_eq!(is_this_computer(address), expected, "{address}");
        check("http://127.0.0.1:3000/d/abcdefgh", true);
        check("http://localhost:3000/d/abcdefgh", true);
        check("http://localhost/d/abcdefgh", true);
        check("http://[::1]:3000/d/abcdefgh", true);
        check("/d/abcdefgh", true);
        check("127.0.0.1:61611", true);
        check("http://192.0.2.1:3000/d/abcdefgh", false);
        check("https://screens.example/d/abcdefgh", false);
        check("http://localhost.example/d/127.0.0.1:80", false);
        check("192.0.2.1:61611", false);
    }

    #[test]
    fn ages_grow_their_units() {
        let check = |ms, text| assert_eq!(ago(ms), text);
        check(999, "just now");
        check(1_000, "1 s ago");
        check(61_000, "1 m 01 s ago");
        check(3_600_000, "1 h 00 m 00 s ago");
    }

    #[test]
    fn a_clock_is_in_step_behind_or_ahead() {
        let check = |ms, text| assert_eq!(clock_difference(ms), text);
        check(0, "in step");
        check(-999, "in step");
        check(-3_603_000, "1 h 00 m 03 s behind");
        check(5_200, "5 s ahead");
        check(i64::MIN, &clock_difference(i64::MIN + 1));
    }
}
