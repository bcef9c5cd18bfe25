//! Numbers, ages and clock differences as people read them. The same on both sides: no locale,
//! no clock.

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

/// `1 h 00 m 03 s behind`. Below a second the clocks agree as far as anybody cares.
pub fn clock_difference(difference_ms: i64) -> String {
    let apart_ms = difference_ms.unsigned_abs();
    if apart_ms < 1_000 {
        return "in step".to_owned();
    }
    let side = if difference_ms < 0 { "behind" } else { "ahead" };
    format!("{} {side}", span(apart_ms))
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
