//! Live flows from wrong clocks are told from backfills and rewinds.

use super::*;
use proptest::prelude::*;

/// 2025-06-01T12:00:00Z.
const NOON_MS: i64 = 1_748_779_200_000;

/// (arrival, time on the device's clock), both in milliseconds from noon.
type Sent = (i64, i64);

fn us(ms: i64) -> UnixMicros {
    UnixMicros((NOON_MS + ms) * 1_000)
}

/// The arrival at which a verdict first stood, and the verdict at the end.
fn run(sent: &[Sent]) -> (Option<i64>, Option<WrongClock>) {
    let mut detector = WrongClockDetector::new("FINISH".to_owned());
    let mut spoke_at = None;
    for (arrival, read) in sent {
        detector.observe(us(*read), us(*arrival));
        if spoke_at.is_none() && detector.verdict(us(*arrival)).is_some() {
            spoke_at = Some(*arrival);
        }
    }
    (
        spoke_at,
        detector.verdict(us(sent.last().map_or(0, |sent| sent.0))),
    )
}

#[test]
fn a_live_flow_from_a_wrong_clock_is_named_within_ten_seconds() {
    let check = |sent: &[Sent], sentence: &str, cause: Cause| {
        let (spoke_at, found) = run(sent);
        let found = found.unwrap_or_else(|| panic!("nothing was said of {sent:?}"));
        assert_eq!(
            (found.to_string().as_str(), found.cause),
            (sentence, cause),
            "{sent:?}"
        );
        assert!(spoke_at.unwrap() - sent[0].0 <= 10_000);
    };
    let hour = 3_600_000;
    check(
        &[(0, -hour - 3_000), (4_000, 1_000 - hour)],
        "FINISH is 1 h 00 m 03 s behind this computer; nothing is shown",
        Cause::Zone,
    );
    check(
        &[
            (0, 2 * hour),
            (2_000, 2 * hour + 1_500),
            (5_000, 2 * hour + 4_000),
        ],
        "FINISH is 2 h 00 m 00 s ahead of this computer; its reads are shown with a warning",
        Cause::Zone,
    );
    check(
        &[(0, -125_000), (9_000, -116_000)],
        "FINISH is 2 m 05 s behind this computer; nothing is shown",
        Cause::NotSet,
    );
    check(
        &[(0, -26_000), (3_000, -29_000), (6_000, -22_000)],
        "FINISH is 26 s behind this computer; some of its reads come too late to be shown",
        Cause::NotSet,
    );
    check(
        &[(0, 8_000), (3_500, 6_000), (6_000, 14_000)],
        "FINISH is 8 s ahead of this computer; its reads are shown with a warning",
        Cause::NotSet,
    );
    check(
        &[(0, -20_700_000), (4_000, 4_000 - 20_700_000)],
        "FINISH is 5 h 45 m 00 s behind this computer; nothing is shown",
        Cause::Zone,
    );
    check(
        &[(0, -24 * hour), (4_000, 4_000 - 24 * hour)],
        "FINISH is 1 d 00 h 00 m 00 s behind this computer; nothing is shown",
        Cause::NotSet,
    );
    // Never set: 1980.
    check(
        &[(0, -1_432_000_000_000), (4_000, 4_000 - 1_432_000_000_000)],
        "FINISH is about 45 years behind this computer; nothing is shown",
        Cause::NotSet,
    );
}

#[test]
fn the_correction_is_whole_quarter_hours_for_a_zone() {
    let check = |difference_ms: i64, correction_ms: i64| {
        let wrong = WrongClock::new("FINISH".to_owned(), difference_ms);
        assert_eq!(wrong.correction_ms(), correction_ms, "{difference_ms}");
    };
    check(3_603_000, 3_600_000);
    check(-3_598_000, -3_600_000);
    check(20_702_000, 20_700_000);
    check(3_640_000, 3_640_000);
    check(-8_000, -8_000);
    check(25_000, 25_000);
    check(86_400_000, 86_400_000);
}

#[test]
fn bursts_and_rewinds_are_not_wrong_clocks() {
    let check = |name: &str, sent: &[Sent]| {
        let (spoke_at, _) = run(sent);
        assert_eq!(spoke_at, None, "{name}");
    };
    let hour = 3_600_000;
    // An hour's reads, one a second, in two seconds; then live ones.
    let mut backfill: Vec<Sent> = (0..3_600)
        .map(|n| (n * 2_000 / 3_600, n * 1_000 - hour))
        .collect();
    check("backfill", &backfill);
    backfill.extend((0..20).map(|n| (2_000 + n * 1_000, n * 1_000 + 500)));
    check("backfill, then live", &backfill);
    // A few reads of one minute, an hour late, all at once; the next segment brings the rest.
    check(
        "two lumps",
        &[
            (0, -hour),
            (1, 4_000 - hour),
            (2, 40_000 - hour),
            (3_100, 55_000 - hour),
            (3_101, 90_000 - hour),
        ],
    );
    check("one late read", &[(0, -hour)]);
    check(
        "one late read among live ones",
        &[(0, -2_000), (4_000, -hour), (8_000, 7_000)],
    );
    check(
        "the same late read, sent again and again",
        &[(0, -hour), (5_000, -hour), (9_000, -hour)],
    );
    let test_session = [-hour, 1_000 - hour, 2_500 - hour];
    let again = |at: i64| test_session.map(|read| (at, read));
    check(
        "a short session, sent twice",
        &[again(0), again(4_000)].concat(),
    );
    // 60 times its speed, reads of a busy finish.
    let fast: Vec<Sent> = (0..6_000).map(|n| (n * 5, n * 300 - 5 * hour)).collect();
    check("sixty times as fast", &fast);
    // A slow line: six times as fast, some three reads a second.
    let slow: Vec<Sent> = (0..90).map(|n| (n * 300, n * 1_800 - hour)).collect();
    check("six times as fast", &slow);
    // Asleep for a minute with the line open: what came meanwhile comes at once.
    let mut asleep: Vec<Sent> = (0..60).map(|n| (60_000 + n, n * 1_000)).collect();
    asleep.extend((0..20).map(|n| (61_000 + n * 1_000, 60_500 + n * 1_000)));
    check("woken up", &asleep);
}

#[test]
fn a_right_clock_is_left_alone() {
    let (spoke_at, _) = run(&[(0, -4_000), (3_000, 3_000), (6_000, 100), (30_000, 35_000)]);
    assert_eq!(spoke_at, None);
    // 20 s late, steadily: shown, so nothing to say.
    let (spoke_at, _) = run(&[(0, -20_000), (4_000, -16_000), (8_000, -12_000)]);
    assert_eq!(spoke_at, None);
}

#[test]
fn a_verdict_goes_away_with_its_difference_and_outlasts_a_rewind() {
    let hour = 3_600_000;
    let mut detector = WrongClockDetector::new("FINISH".to_owned());
    let mut observe = |arrival: i64, read: i64| {
        detector.observe(us(read), us(arrival));
        detector
            .verdict(us(arrival))
            .map(|found| found.difference_ms)
    };
    assert_eq!(observe(0, -hour), None);
    assert_eq!(observe(4_000, 4_000 - hour), Some(hour));
    for n in 0..1_000 {
        assert_eq!(
            observe(5_000 + n, n * 4_000 - 3 * hour),
            Some(hour),
            "rewind {n}"
        );
    }
    assert_eq!(observe(20_000, 19_900 - hour), Some(hour));
    // The clock was set, or the offset was.
    assert_eq!(observe(25_000, 24_000), None);
    assert_eq!(observe(30_000, 29_000), None);
    // And back: named anew.
    assert_eq!(observe(40_000, 40_000 - hour), None);
    assert_eq!(observe(44_000, 44_000 - hour), Some(hour));
    // Set to something else that is wrong.
    assert_eq!(observe(50_000, 50_000 - 2 * hour), Some(hour));
    assert_eq!(observe(54_000, 54_000 - 2 * hour), Some(2 * hour));
    assert!(
        detector
            .verdict(us(54_000 + WRONG_CLOCK_VERDICT_MS_MAX))
            .is_some()
    );
    assert!(
        detector
            .verdict(us(54_001 + WRONG_CLOCK_VERDICT_MS_MAX))
            .is_none()
    );
}

#[test]
fn sparse_reads_minutes_apart_are_evidence_too() {
    let (spoke_at, _) = run(&[(0, -100_000), (60_000, -40_000)]);
    assert_eq!(spoke_at, Some(60_000));
}

proptest! {
    /// Any rate from two reads in 10 s to 200 a second, each read held back for up to 6 s.
    #[test]
    fn wrong_clocks_are_found_whatever_the_flow(
        difference_s in prop_oneof![37i64..200_000, -200_000i64..-12],
        gap_ms in prop_oneof![5i64..100, 100i64..5_000],
        held_back in prop::collection::vec(0i64..6_000, 1..200),
        seed in 0usize..1000,
    ) {
        let sent: Vec<Sent> = (0..=10_000 / gap_ms)
            .map(|n| {
                let held = held_back[(n as usize * 7 + seed) % held_back.len()];
                let arrival = n * gap_ms;
                (arrival, arrival - held - difference_s * 1_000)
            })
            .collect();
        let (spoke_at, found) = run(&sent);
        prop_assert!(spoke_at.is_some_and(|at| at <= 10_000), "{sent:?}");
        let found = found.expect("still there");
        prop_assert!((found.difference_ms - difference_s * 1_000).abs() <= 7_000);
    }

    /// Read times running at least 12 times as fast as they arrive.
    #[test]
    fn backfills_are_not_wrong_clocks(
        speed in 12i64..5_000,
        gap_ms in 1i64..4_000,
        age_s in 3_600i64..36_000,
        held_back in prop::collection::vec(0i64..6_000, 1..50),
    ) {
        let sent: Vec<Sent> = (0..200)
            .map(|n| (n * gap_ms, n * gap_ms * speed - age_s * 1_000))
            .enumerate()
            .map(|(n, (arrival, read))| (arrival, read - held_back[n % held_back.len()]))
            // Until it has caught up; then it is a live flow.
            .take_while(|(arrival, read)| read < arrival)
            .collect();
        prop_assert_eq!(run(&sent).0, None);
    }

    /// Read times of a right clock, up to 6 s out of order and 3 s under way.
    #[test]
    fn right_clocks_are_left_alone(
        gap_ms in 1i64..4_000,
        held_back in prop::collection::vec(0i64..9_000, 1..50),
    ) {
        let sent: Vec<Sent> = (0..200i64)
            .map(|n| (n * gap_ms, n * gap_ms - held_back[n as usize % held_back.len()]))
            .collect();
        prop_assert_eq!(run(&sent).0, None);
    }

    #[test]
    fn nothing_panics_and_memory_is_bounded(
        sent in prop::collection::vec((any::<i64>(), any::<i64>()), 0..300),
    ) {
        let mut detector = WrongClockDetector::new("FINISH".to_owned());
        for (read, arrival) in sent {
            detector.observe(UnixMicros(read), UnixMicros(arrival));
            if let Some(found) = detector.verdict(UnixMicros(arrival)) {
                let _ = (found.to_string(), found.correction_ms());
            }
            prop_assert!(detector.lots.len() <= WRONG_CLOCK_LOTS_MAX);
            prop_assert!(detector.instants.len() <= WRONG_CLOCK_INSTANTS_MAX);
        }
    }
}
