//! What a rundown does with given inputs. Laws over all inputs stand in `laws.rs`.

use super::*;
use crate::limits::{OVERTAKEN_MS, PASSAGES_MAX};
use model::document::Subject;
use uuid::Uuid;

/// A read of a bib at the second `at_s`, at point 1.
pub(super) fn read(bib: u32, at_s: i64) -> Arc<Crossing> {
    read_at_point(bib, 1, at_s * 1_000)
}

pub(super) fn read_at_point(bib: u32, point: u32, at_ms: i64) -> Arc<Crossing> {
    Arc::new(Crossing {
        participant: ParticipantId(Uuid::from_u128(u128::from(bib))),
        point: PointId(Uuid::from_u128(u128::from(point))),
        read_at: UnixMicros(at_ms * 1_000),
        received_at: UnixMicros(at_ms * 1_000 + 500),
        bib: bib.to_string(),
        name: format!("Runner {bib}"),
        city: "Tallinn".to_owned(),
        point_name: format!("Point {point}"),
        race: String::new(),
        gun_time_ms: None,
        chip_time_ms: None,
        distance_m: None,
        read_time: format!("{at_ms}"),
        simulated: false,
    })
}

/// With turns where there is a dwell.
pub(super) fn settings(dwell_ms: u64) -> Settings {
    Settings {
        takes_turns: dwell_ms > 0,
        dwell_ms,
        queue_max: 3,
        arrivals_max: 5,
        ..Settings::for_subject(Subject::Arrivals)
    }
}

/// The list as `bib@seconds`, late ones starred.
fn listed(rundown: &Rundown) -> String {
    let entry = |arrival: &Arrival| {
        let at_s = arrival.read_time.parse::<i64>().unwrap() / 1_000;
        format!(
            "{}@{at_s}{}",
            arrival.bib,
            if arrival.late { "*" } else { "" }
        )
    };
    rundown
        .arrivals()
        .iter()
        .map(entry)
        .collect::<Vec<_>>()
        .join(" ")
}

fn shown(rundown: &Rundown) -> Option<&str> {
    rundown.featured().map(|crossing| crossing.bib.as_str())
}

fn featured(update: Option<Update>) -> Option<String> {
    update
        .and_then(|update| update.featured)
        .map(|crossing| crossing.bib.clone())
}

#[test]
fn inputs_make_a_list() {
    use Input::{Late, Live};
    let check = |inputs: Vec<Input>, list: &str| {
        let mut rundown = Rundown::new(settings(0));
        for input in inputs {
            rundown.apply(MonoMs(1_000), input);
        }
        assert_eq!(listed(&rundown), list);
    };
    check(vec![], "");
    check(vec![Live(read(1, 10)), Live(read(2, 12))], "2@12 1@10");
    // Out of order: in its place.
    check(
        vec![Live(read(1, 10)), Live(read(2, 7)), Live(read(3, 8))],
        "1@10 3@8 2@7",
    );
    check(vec![Live(read(1, 10)), Late(read(2, 5))], "1@10 2@5*");
    // Several reads of one passage, the window sliding from each to the next.
    check(
        vec![Live(read(1, 0)), Live(read(1, 60)), Live(read(1, 120))],
        "1@0",
    );
    check(vec![Live(read(1, 0)), Live(read(1, 61))], "1@61 1@0");
    // A read between two passages makes one of them.
    check(
        vec![Live(read(1, 0)), Live(read(1, 100)), Late(read(1, 50))],
        "1@0",
    );
    // A correction: an earlier read of somebody who was seen live.
    check(vec![Live(read(1, 10)), Late(read(1, 8))], "1@8");
    check(vec![Late(read(1, 8)), Live(read(1, 10))], "1@8");
    // A late read that comes again stays late.
    check(vec![Late(read(1, 8)), Live(read(1, 8))], "1@8*");
    // Bounded; what leaves by the bottom comes back when two entries above become one.
    check(
        (0..8)
            .map(|bib| Live(read(bib, 10 + i64::from(bib))))
            .collect(),
        "7@17 6@16 5@15 4@14 3@13",
    );
    let mut inputs: Vec<Input> = (0..4).map(|bib| Late(read(bib, i64::from(bib)))).collect();
    inputs.extend([Late(read(9, 100)), Late(read(9, 200))]);
    check(inputs.clone(), "9@200* 9@100* 3@3* 2@2* 1@1*");
    inputs.push(Late(read(9, 150)));
    check(inputs, "9@100* 3@3* 2@2* 1@1* 0@0*");
    // The same participant at another point is another passage.
    check(
        vec![
            Live(read_at_point(1, 1, 10_000)),
            Live(read_at_point(1, 2, 11_000)),
        ],
        "1@11 1@10",
    );
}

#[test]
fn without_dwell_every_new_live_crossing_is_featured_at_once() {
    let mut rundown = Rundown::new(settings(0));
    let now = MonoMs(5_000);
    assert_eq!(
        featured(rundown.apply(now, Input::Live(read(1, 10)))).as_deref(),
        Some("1")
    );
    assert_eq!(
        featured(rundown.apply(now, Input::Live(read(2, 10)))).as_deref(),
        Some("2")
    );
    assert_eq!(rundown.next_timer(), None);

    let update = rundown.apply(now, Input::Late(read(3, 11))).unwrap();
    assert_eq!(update.featured, None);
    assert_eq!(update.received_at, read(3, 11).received_at);

    let overtaken = rundown.apply(now, Input::Live(read(4, 9))).unwrap();
    assert_eq!(overtaken.featured, None, "not over a newer one");
    assert_eq!(
        rundown.apply(now, Input::Live(read(1, 11))),
        None,
        "the same passage"
    );
    assert_eq!(
        rundown.apply(now, Input::Live(read(4, 9))),
        None,
        "the same read"
    );
    assert_eq!(
        rundown.featured().map(|crossing| crossing.bib.as_str()),
        Some("2")
    );
}

#[test]
fn a_clock_that_is_ahead_blocks_others_for_a_while_only() {
    let mut rundown = Rundown::new(settings(0));
    rundown.apply(MonoMs(0), Input::Live(read(1, 3_600)));
    let soon = rundown.apply(MonoMs(OVERTAKEN_MS - 1), Input::Live(read(2, 10)));
    assert_eq!(featured(soon), None);
    let later = rundown.apply(MonoMs(OVERTAKEN_MS), Input::Live(read(3, 11)));
    assert_eq!(featured(later).as_deref(), Some("3"));
}

#[test]
fn a_dwell_makes_others_wait_in_order_of_their_reads() {
    let mut rundown = Rundown::new(settings(3_000));
    assert_eq!(
        featured(rundown.apply(MonoMs(0), Input::Live(read(1, 10)))).as_deref(),
        Some("1")
    );
    for (bib, at_s) in [(2, 13), (3, 12), (4, 11), (5, 14)] {
        assert_eq!(
            featured(rundown.apply(MonoMs(100), Input::Live(read(bib, at_s)))),
            None
        );
    }
    assert_eq!(
        listed(&rundown),
        "5@14 2@13 3@12 4@11 1@10",
        "all are listed"
    );
    assert_eq!(rundown.apply(MonoMs(2_999), Input::Timer), None);

    // The queue holds three, so 4, the oldest, got no turn.
    for (now, bib) in [(3_000, "3"), (6_000, "2"), (9_000, "5")] {
        assert_eq!(rundown.next_timer(), Some(MonoMs(now)));
        assert_eq!(
            featured(rundown.apply(MonoMs(now), Input::Timer)).as_deref(),
            Some(bib)
        );
    }
    // Nobody follows: 5 stays until the stay is over, and then the screen rests.
    assert_eq!(rundown.next_timer(), Some(MonoMs(29_000)));
    assert_eq!(rundown.apply(MonoMs(28_999), Input::Timer), None);
    let rested = rundown.apply(MonoMs(29_000), Input::Timer).unwrap();
    assert_eq!(rested.featured, None);
    assert_eq!(shown(&rundown), None);
    assert_eq!(rundown.next_timer(), None);
    assert_eq!(
        rundown.apply(MonoMs(29_001), Input::Live(read(5, 16))),
        None,
        "the same passage"
    );
}

#[test]
fn who_waited_too_long_is_not_featured() {
    let check = |timer_ms: u64, bib: Option<&str>| {
        let mut rundown = Rundown::new(settings(10_000));
        rundown.apply(MonoMs(0), Input::Live(read(1, 10)));
        rundown.apply(MonoMs(1_000), Input::Live(read(2, 11)));
        let update = rundown.apply(MonoMs(timer_ms), Input::Timer);
        assert_eq!(featured(update).as_deref(), bib);
        let turn_began_ms = if bib.is_some() { timer_ms } else { 0 };
        let stay_ends = MonoMs(turn_began_ms + 20_000);
        assert_eq!(rundown.next_timer(), Some(stay_ends));
    };
    check(16_000, Some("2"));
    check(16_001, None);
}

#[test]
fn a_read_that_was_long_on_its_way_waits_no_longer_for_it() {
    let check = |delay_ms: i64, wait_ms: u64, bib: &str| {
        let mut rundown = Rundown::new(settings(4_000));
        rundown.apply(MonoMs(0), Input::Live(read(1, 10)));
        let delayed = Arc::new(Crossing {
            received_at: UnixMicros(11_000_000).plus_ms(delay_ms),
            ..(*read(2, 11)).clone()
        });
        rundown.apply(MonoMs(0), Input::Live(delayed));
        rundown.apply(MonoMs(wait_ms), Input::Timer);
        assert_eq!(shown(&rundown), Some(bib));
    };
    check(0, 15_000, "2");
    check(0, 15_001, "1");
    check(11_000, 4_000, "2");
    check(11_001, 4_000, "1");
    // Its clock is ahead.
    check(-4_000, 15_000, "2");

    // On a list everybody is at once.
    let mut list = Rundown::new(settings(0));
    let slow = Arc::new(Crossing {
        received_at: UnixMicros(40_000_000),
        ..(*read(2, 11)).clone()
    });
    let update = list.apply(MonoMs(0), Input::Live(slow));
    assert_eq!(featured(update).as_deref(), Some("2"));
}

#[test]
fn a_correction_reaches_who_is_featured_or_waits() {
    let mut rundown = Rundown::new(settings(3_000));
    rundown.apply(MonoMs(0), Input::Live(read(1, 10)));
    rundown.apply(MonoMs(0), Input::Live(read(2, 12)));
    let update = rundown.apply(MonoMs(1), Input::Late(read(1, 9))).unwrap();
    assert_eq!(update.featured, None);
    assert_eq!(rundown.featured().unwrap().read_time, "9000");

    rundown.apply(MonoMs(2), Input::Late(read(2, 11)));
    rundown.apply(MonoMs(3_000), Input::Timer);
    assert_eq!(rundown.featured().unwrap().read_time, "11000");
}

#[test]
fn two_passages_that_become_one_are_featured_once() {
    let mut rundown = Rundown::new(settings(3_000));
    rundown.apply(MonoMs(0), Input::Live(read(1, 0)));
    rundown.apply(MonoMs(0), Input::Live(read(1, 100)));
    rundown.apply(MonoMs(0), Input::Late(read(1, 50)));
    assert_eq!(rundown.apply(MonoMs(3_000), Input::Timer), None);
}

#[test]
fn a_rebuild_replaces_the_list_and_features_nobody() {
    let mut rundown = Rundown::new(settings(0));
    rundown.apply(MonoMs(0), Input::Live(read(1, 10)));
    rundown.apply(MonoMs(0), Input::Late(read(2, 8)));
    let same = vec![(read(2, 8), true), (read(1, 10), false)];
    assert_eq!(rundown.apply(MonoMs(1), Input::Rebuilt(same)), None);

    let corrected = Arc::new(Crossing {
        name: "Õie Ülgekütt".to_owned(),
        ..(*read(1, 10)).clone()
    });
    let update = rundown
        .apply(MonoMs(2), Input::Rebuilt(vec![(corrected.clone(), false)]))
        .unwrap();
    assert_eq!(update.featured, None);
    assert_eq!(listed(&rundown), "1@10");
    assert_eq!(rundown.arrivals()[0].name, "Õie Ülgekütt");

    // All that was handed in has had its turn.
    assert_eq!(rundown.apply(MonoMs(3), Input::Live(corrected)), None);
    let older = rundown.apply(MonoMs(4), Input::Live(read(3, 9))).unwrap();
    assert_eq!(older.featured, None);
    let newer = rundown.apply(MonoMs(5), Input::Live(read(4, 11)));
    assert_eq!(featured(newer).as_deref(), Some("4"));

    let emptied = rundown.apply(MonoMs(6), Input::Rebuilt(vec![])).unwrap();
    assert_eq!(emptied.featured, None);
    assert!(rundown.arrivals().is_empty());
}

#[test]
fn a_rebuild_takes_a_wrong_person_off_the_screen_and_lets_the_others_wait_on() {
    let mut rundown = Rundown::new(settings(3_000));
    rundown.apply(MonoMs(0), Input::Live(read(1, 10)));
    rundown.apply(MonoMs(0), Input::Live(read(2, 11)));
    rundown.apply(MonoMs(0), Input::Live(read(3, 12)));
    // The tag of 1 is in truth that of 7, and 2 is nobody's; an hour was wrong in the zone.
    let rebuilt = vec![(read(7, 3_610), false), (read(3, 3_612), false)];
    let update = rundown.apply(MonoMs(1), Input::Rebuilt(rebuilt)).unwrap();
    assert_eq!(update.featured, None);
    assert_eq!(rundown.featured(), None);
    assert!(rundown.next_timer().unwrap() <= MonoMs(1));
    let next = rundown.apply(MonoMs(1), Input::Timer).unwrap();
    assert_eq!(next.featured.unwrap().read_time, "3612000");
    assert_eq!(rundown.next_timer(), Some(MonoMs(20_001)), "the stay");
}

#[test]
fn a_rebuild_that_makes_one_passage_of_two_features_it_once() {
    let mut rundown = Rundown::new(settings(3_000));
    rundown.apply(MonoMs(0), Input::Live(read(1, 0)));
    rundown.apply(MonoMs(0), Input::Live(read(1, 100)));
    let rebuilt = [0, 50, 100].map(|at_s| (read(1, at_s), false)).into();
    rundown.apply(MonoMs(1), Input::Rebuilt(rebuilt));
    assert_eq!(rundown.apply(MonoMs(3_000), Input::Timer), None);
    assert_eq!(
        rundown.featured().map(|crossing| crossing.bib.as_str()),
        Some("1")
    );
}

#[test]
fn a_template_without_turns_empties_the_queue() {
    let mut rundown = Rundown::new(settings(3_000));
    rundown.apply(MonoMs(0), Input::Live(read(1, 10)));
    rundown.apply(MonoMs(0), Input::Live(read(2, 11)));
    assert_eq!(rundown.apply(MonoMs(1), Input::Settings(settings(0))), None);
    assert_eq!(rundown.next_timer(), None);
    let update = rundown.apply(MonoMs(2), Input::Live(read(3, 12)));
    assert_eq!(featured(update).as_deref(), Some("3"));
}

#[test]
fn memory_is_bounded_and_a_whole_race_sent_again_changes_nothing() {
    let mut rundown = Rundown::new(settings(0));
    let race: Vec<Arc<Crossing>> = (0..PASSAGES_MAX as u32 + 500)
        // Some linger on the mat, so that first and last reads are in different orders.
        .flat_map(|bib| {
            [
                read(bib, i64::from(bib)),
                read(bib, i64::from(bib + bib % 50)),
            ]
        })
        .collect();
    for crossing in &race {
        rundown.apply(MonoMs(0), Input::Live(crossing.clone()));
    }
    assert_eq!(rundown.passages.len(), PASSAGES_MAX);
    for crossing in race {
        assert_eq!(rundown.apply(MonoMs(1), Input::Late(crossing)), None);
    }
    assert_eq!(rundown.passages.len(), PASSAGES_MAX);
}
