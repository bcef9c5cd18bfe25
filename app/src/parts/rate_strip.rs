//! Counts per minute as a strip of bars.

use leptos::prelude::*;
use std::fmt::Write as _;

const HEIGHT: u32 = 24;

/// The newest count is last, at the right. Give it always as many, zeros at first: a strip that
/// grows would jump. `<RateStrip label="Reads per minute at FINISH" counts=rates/>`
#[component]
pub fn RateStrip(
    /// What is counted; the newest and highest counts are said after it.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] counts: Signal<Vec<u32>>,
) -> impl IntoView {
    let view_box =
        Signal::derive(move || format!("0 0 {} {HEIGHT}", counts.with(|all| all.len().max(1)) * 4));
    let spoken = Signal::derive(move || {
        let (last, peak) = counts.with(|all| {
            let last = all.last().copied().unwrap_or_default();
            (last, all.iter().copied().max().unwrap_or_default())
        });
        format!("{}: {last} now, {peak} at most", label.get())
    });
    view! {
        <svg class="rate-strip" role="img" aria-label=spoken viewBox=view_box
            preserveAspectRatio="none">
            <path class="rate-ground" d=move || counts.with(|all| ground(all.len()))></path>
            <path class="rate-bars" d=move || counts.with(|all| bars(all))></path>
        </svg>
    }
    .into_any()
}

fn ground(count: usize) -> String {
    format!("M0 {HEIGHT}h{}", count * 4)
}

/// One path for all bars: a strip is drawn anew every second, on twenty points.
/// One read is seen, however high the others are.
fn bars(counts: &[u32]) -> String {
    let peak = u64::from(counts.iter().copied().max().unwrap_or_default().max(1));
    let mut path = String::with_capacity(counts.len() * 16);
    for (at, &count) in counts.iter().enumerate() {
        if count > 0 {
            let height = (u64::from(count) * u64::from(HEIGHT) / peak).max(2);
            write!(path, "M{} {HEIGHT}v-{height}h3v{height}z", at * 4)
                .expect("a String takes whatever is written");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_within_the_strip() {
        let check = |counts: &[u32], path| assert_eq!(bars(counts), path);
        check(&[], "");
        check(&[0, 0], "");
        check(&[7], "M0 24v-24h3v24z");
        check(&[0, 1, 2], "M4 24v-12h3v12zM8 24v-24h3v24z");
        check(&[1, u32::MAX], "M0 24v-2h3v2zM4 24v-24h3v24z");
    }
}
