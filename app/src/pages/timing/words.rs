//! What the Timing page says of states, clocks and offsets. Pure.

use crate::{
    format::{clock_difference, count, counted},
    parts::Tone,
};
use model::timing_view::{ConnectionLive, ConnectionWord, StreamState, TimingView};

/// Below the title.
pub(super) fn lead(view: &TimingView) -> String {
    let live = view.connections.iter();
    let live = live.filter(|it| it.state != ConnectionWord::Gone && it.stream.is_some());
    let reads: u64 = view.streams.iter().map(|stream| stream.reads).sum();
    format!(
        "{} · {} · {}",
        counted(live.count() as u64, "connection", "connections"),
        counted(reads, "read", "reads"),
        counted(view.people, "participant", "participants")
    )
}

pub(super) fn connection_state(word: ConnectionWord) -> (Tone, &'static str) {
    match word {
        ConnectionWord::Connecting => (Tone::Wait, "connecting"),
        ConnectionWord::Unclaimed => (Tone::Bad, "unclaimed"),
        ConnectionWord::Held => (Tone::Wait, "held, its stream is paused"),
        ConnectionWord::Streaming => (Tone::Good, "reading"),
        ConnectionWord::Quiet => (Tone::Good, "connected, no read for a while"),
        ConnectionWord::Stale => (Tone::Bad, "does not answer"),
        ConnectionWord::Gone => (Tone::Bad, "gone"),
    }
}

pub(super) fn stream_state(state: StreamState) -> (Tone, &'static str) {
    match state {
        StreamState::Active => (Tone::Good, "takes reads"),
        StreamState::Paused => (Tone::Wait, "paused"),
        StreamState::Asleep => (Tone::Wait, "asleep since 14 days without a read"),
        StreamState::Archived => (Tone::Neutral, "archived"),
    }
}

/// Client and version, as it greeted.
pub(super) fn program(connection: &ConnectionLive) -> String {
    let name = match connection.program.as_str() {
        "" => "Timing device",
        name => name,
    };
    format!("{name} {}", connection.version)
        .trim_end()
        .to_owned()
}

/// Of this computer's clock less the device's, as the model counts it: how the device is.
pub(super) fn clock(difference_ms: Option<i64>) -> (Tone, String) {
    match difference_ms {
        None => (Tone::Neutral, "–".to_owned()),
        Some(ms) => {
            let tone = match ms.unsigned_abs() {
                0..2_000 => Tone::Good,
                2_000..5_000 => Tone::Wait,
                _ => Tone::Bad,
            };
            (tone, clock_difference(ms.saturating_neg()))
        }
    }
}

/// A count that is trouble if it is any.
pub(super) fn or_none(number: u64) -> String {
    match number {
        0 => "–".to_owned(),
        _ => count(number),
    }
}

/// `1:00:03`, `-0:00:02.500`, `0`: what is added to a device's times.
pub(super) fn offset(offset_ms: i64) -> String {
    if offset_ms == 0 {
        return "0".to_owned();
    }
    let sign = if offset_ms < 0 { "-" } else { "" };
    let ms = offset_ms.unsigned_abs();
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    let rest = match ms % 1_000 {
        0 => String::new(),
        rest => format!(".{rest:03}"),
    };
    format!("{sign}{hours}:{minutes:02}:{seconds:02}{rest}")
}

/// An offset as somebody types it: seconds, or minutes or hours before them. Empty is none.
pub(super) fn offset_of(text: &str) -> Option<i64> {
    /// A year: no clock is wrong by more, unless it lost its date.
    const HOURS_MAX: u64 = 24 * 366 * 60;
    let text = text.trim();
    if text.is_empty() {
        return Some(0);
    }
    let (sign, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let parts: Vec<_> = text.trim().split(':').collect();
    let (last, before) = parts.split_last()?;
    if before.len() > 2 {
        return None;
    }
    let (seconds, fraction) = last.split_once(['.', ',']).unwrap_or((last, ""));
    let whole = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().ok()).flatten()
    };
    let fraction_ms = match fraction {
        "" => 0,
        digits if digits.len() <= 3 => {
            whole(digits)? * 10_u64.pow(3 - u32::try_from(digits.len()).ok()?)
        }
        _ => return None,
    };
    let mut total = 0_u64;
    for (at, part) in before.iter().copied().chain([seconds]).enumerate() {
        let number = whole(part)?;
        if number > HOURS_MAX || (at > 0 && number > 59) {
            return None;
        }
        total = total * 60 + number;
    }
    if total > HOURS_MAX * 3_600 {
        return None;
    }
    let ms = i64::try_from(total * 1_000 + fraction_ms).ok()?;
    Some(sign * ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_read_as_it_is_written() {
        for ms in [
            0,
            1,
            -1,
            999,
            1_000,
            -60_000,
            3_603_000,
            -86_400_000,
            12_345_678,
        ] {
            assert_eq!(offset_of(&offset(ms)), Some(ms), "{ms}");
        }
    }

    #[test]
    fn an_offset_is_typed_in_many_ways() {
        let check = |text, ms| assert_eq!(offset_of(text), ms, "{text}");
        check("", Some(0));
        check("90", Some(90_000));
        check("+1:30", Some(90_000));
        check("−1:00:03", Some(-3_603_000));
        check("-2,5", Some(-2_500));
        check("1:60", None);
        check("1:2:3:4", None);
        check("an hour", None);
        check("-", None);
        check(":", None);
        check("1.2345", None);
        check("99999999999999999999", None);
    }
}
