//! Medians and percentiles, and how durations are written.

use std::time::Duration;

/// The value below which `share` of all lie; zero of none.
pub fn percentile<T: Copy + Ord + Default>(values: &[T], share: f64) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let last = sorted.len().saturating_sub(1);
    let idx = (last as f64 * share).round() as usize;
    sorted.get(idx).copied().unwrap_or_default()
}

pub fn median<T: Copy + Ord + Default>(values: &[T]) -> T {
    percentile(values, 0.5)
}

/// Three digits, in the unit that suits.
pub fn shown(time: Duration) -> String {
    let us = time.as_secs_f64() * 1e6;
    match us {
        ..1_000.0 => format!("{us:.0} µs"),
        ..10_000.0 => format!("{:.2} ms", us / 1e3),
        ..100_000.0 => format!("{:.1} ms", us / 1e3),
        ..1_000_000.0 => format!("{:.0} ms", us / 1e3),
        _ => format!("{:.2} s", us / 1e6),
    }
}

pub fn shown_us(us: u64) -> String {
    shown(Duration::from_micros(us))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let check = |values: &[u32], share, expected| {
            assert_eq!(percentile(values, share), expected, "{values:?} {share}");
        };
        check(&[], 0.5, 0);
        check(&[7], 0.99, 7);
        check(&[3, 1, 2], 0.5, 2);
        check(&(1..=100).collect::<Vec<_>>(), 0.99, 99);
    }

    #[test]
    fn a_duration_is_written_with_three_digits() {
        let check = |us, text: &str| assert_eq!(shown_us(us), text);
        check(0, "0 µs");
        check(999, "999 µs");
        check(1_500, "1.50 ms");
        check(31_000, "31.0 ms");
        check(310_000, "310 ms");
        check(4_200_000, "4.20 s");
    }
}
