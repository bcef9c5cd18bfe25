//! How a race time is written, the same wherever it is shown.

/// `h:mm:ss`, or `m:ss` below an hour. A part of a second counts as a whole one: times on the road
/// are recorded to the next longer whole second, 2:09:44.3 as 2:09:45 (World Athletics Technical
/// Rules, rule on transponder timing; before 2020 IAAF Competition Rules 165.24).
///
/// Made without the formatting machinery, which would be a share of the kiosk's bundle.
pub fn race_time_text(ms: u64) -> String {
    let seconds = ms.div_ceil(1_000);
    let mut text = String::new();
    if seconds >= 3_600 {
        digits(&mut text, seconds / 3_600, 1);
        text.push(':');
        digits(&mut text, seconds / 60 % 60, 2);
    } else {
        digits(&mut text, seconds / 60, 1);
    }
    text.push(':');
    digits(&mut text, seconds % 60, 2);
    text
}

/// Of a running clock: only what has gone by whole counts, as a clock shows it.
pub fn clock_text(ms: u64) -> String {
    race_time_text(ms / 1_000 * 1_000)
}

/// In decimal, with zeros before it up to `least` digits.
pub(crate) fn digits(text: &mut String, number: u64, least: u32) {
    if number > 9 || least > 1 {
        digits(text, number / 10, least.saturating_sub(1));
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::race_time_text;

    #[test]
    fn race_times_are_written_to_the_next_whole_second() {
        let check = |ms, text| assert_eq!(race_time_text(ms), text);
        check(0, "0:00");
        check(1, "0:01");
        check(59_000, "0:59");
        check(59_001, "1:00");
        check(754_300, "12:35");
        check(3_599_000, "59:59");
        check(3_599_010, "1:00:00");
        check(7_784_300, "2:09:45");
        check(360_000_000, "100:00:00");
        check(450_061_000, "125:01:01");
    }
}
