//! What an operator does with a rundown, and other settings while it runs.

use super::tests::{read, settings};
use super::{OperatorCommand::*, *};
use crate::limits::HOLD_MS_MAX;

/// 1 is on the screen since 0; 2 and 3 wait.
fn begun(dwell_ms: u64) -> Rundown {
    let mut rundown = Rundown::new(settings(dwell_ms));
    for bib in 1..=3 {
        rundown.apply(MonoMs(0), Input::Live(read(bib, 10 + i64::from(bib))));
    }
    rundown
}

/// Hands the commands in one after the other, each at its instant; `timer` stands for the timer.
/// After each the bib on the screen is as expected, and an update is due where it changed.
fn check(rundown: &mut Rundown, steps: &[(u64, Option<OperatorCommand>, Option<&str>)]) {
    for (at_ms, command, expected) in steps {
        let before = rundown.featured().cloned();
        let input = match command {
            Some(command) => Input::Operator(command.clone()),
            None => Input::Timer,
        };
        let update = rundown.apply(MonoMs(*at_ms), input);
        let shown = rundown.featured();
        assert_eq!(
            shown.map(|crossing| crossing.bib.as_str()),
            *expected,
            "{at_ms} ms: {command:?}"
        );
        assert_eq!(update.is_some(), before.as_ref() != shown, "{at_ms} ms");
    }
}

#[test]
fn who_is_skipped_leaves_at_once_and_the_next_in_turn_follows() {
    let mut rundown = begun(3_000);
    check(
        &mut rundown,
        &[
            (1_000, Some(Skip), Some("2")),
            (3_999, None, Some("2")),
            (4_000, None, Some("3")),
            (4_001, Some(Skip), None),
            (4_002, Some(Skip), None),
        ],
    );
    assert_eq!(rundown.next_timer(), None);
    // The one who was taken off does not come back.
    let again = rundown.apply(MonoMs(5_000), Input::Live(read(3, 20)));
    assert_eq!(again, None);
}

#[test]
fn who_is_held_stays_while_the_others_grow_older() {
    let mut rundown = begun(3_000);
    check(
        &mut rundown,
        &[
            (1_000, Some(Hold), Some("1")),
            (14_000, None, Some("1")),
            (14_001, Some(Release), Some("2")),
            (14_002, Some(Hold), Some("2")),
            // 3 waited too long.
            (40_000, Some(Release), None),
        ],
    );
    assert!(!rundown.is_held());
    let mut rundown = begun(3_000);
    check(
        &mut rundown,
        &[
            (0, Some(Hold), Some("1")),
            // Released within the dwell, which counts from the beginning.
            (1_000, Some(Release), Some("1")),
            (1_000, Some(Hold), Some("1")),
            (2_000, Some(Skip), Some("2")),
        ],
    );
    assert!(!rundown.is_held(), "it was another who was held");
}

#[test]
fn nobody_is_held_for_ever() {
    let mut rundown = begun(3_000);
    rundown.apply(MonoMs(5), Input::Operator(Hold));
    assert!(rundown.is_held());
    let end = 5 + HOLD_MS_MAX;
    assert_eq!(rundown.next_timer(), Some(MonoMs(end)));
    check(&mut rundown, &[(end - 1, None, Some("1"))]);
    let update = rundown.apply(MonoMs(end - 1), Input::Live(read(4, 700)));
    assert_eq!(update.unwrap().featured, None);
    check(&mut rundown, &[(end, None, Some("4"))]);
}

#[test]
fn a_screen_that_rests_keeps_nobody() {
    let mut rundown = Rundown::new(settings(3_000));
    check(
        &mut rundown,
        &[
            (0, Some(Hold), None),
            (0, Some(Release), None),
            (0, Some(Clear), None),
        ],
    );
    let update = rundown.apply(MonoMs(1), Input::Live(read(1, 10))).unwrap();
    assert_eq!(update.featured.unwrap().bib, "1");
    assert!(!rundown.is_held());
}

#[test]
fn who_is_cleared_away_leaves_with_all_who_wait() {
    let mut rundown = begun(3_000);
    check(
        &mut rundown,
        &[(1_000, Some(Clear), None), (9_000, None, None)],
    );
    assert_eq!(rundown.next_timer(), None);
    let next = rundown.apply(MonoMs(9_001), Input::Live(read(4, 20)));
    assert_eq!(next.unwrap().featured.unwrap().bib, "4");
}

#[test]
fn who_is_chosen_is_shown_whatever_their_age_and_no_second_time_by_itself() {
    let mut rundown = begun(3_000);
    check(
        &mut rundown,
        &[
            (1_000, Some(Feature(read(3, 13))), Some("3")),
            (3_999, None, Some("3")),
            (4_000, None, Some("2")),
            // Who waited is skipped now: they have been shown.
            (7_000, None, Some("2")),
            (24_000, None, None),
            (60_000, Some(Feature(read(1, 11))), Some("1")),
            (80_000, None, None),
        ],
    );
    // Somebody whose read came late stays when a roster changes, as an operator wants to see them.
    rundown.apply(MonoMs(80_001), Input::Late(read(9, 5)));
    check(
        &mut rundown,
        &[(80_002, Some(Feature(read(9, 5))), Some("9"))],
    );
    rundown.apply(MonoMs(80_003), Input::Rebuilt(vec![(read(9, 5), true)]));
    assert_eq!(rundown.featured().unwrap().bib, "9");
    rundown.apply(MonoMs(80_004), Input::Rebuilt(vec![]));
    assert_eq!(rundown.featured(), None);
}

#[test]
fn without_turns_an_operator_does_nothing() {
    let mut rundown = begun(0);
    for command in [Hold, Skip, Release, Clear, Feature(read(7, 1))] {
        let update = rundown.apply(MonoMs(1), Input::Operator(command));
        assert_eq!(update, None);
    }
    assert_eq!(rundown.arrivals().len(), 3);
    assert_eq!(rundown.next_timer(), None);
}

#[test]
fn other_settings_leave_whoever_is_featured_where_they_are() {
    let mut rundown = begun(10_000);
    let set = |rundown: &mut Rundown, at_ms, settings| {
        let update = rundown.apply(MonoMs(at_ms), Input::Settings(settings));
        (
            update.is_some(),
            rundown.featured().map(|it| it.bib.clone()),
        )
    };
    let (still, one) = (false, Some("1".to_owned()));
    // A shorter dwell: the next comes at the timer.
    let at_4_s = set(&mut rundown, 4_000, settings(3_000));
    assert_eq!(at_4_s, (still, one.clone()));
    assert_eq!(rundown.next_timer(), Some(MonoMs(3_000)));
    // A shorter queue: the oldest of those who wait is only listed.
    let short = Settings {
        queue_max: 1,
        ..settings(3_000)
    };
    assert_eq!(set(&mut rundown, 4_000, short), (still, one));
    check(&mut rundown, &[(4_000, None, Some("3"))]);
    // A shorter stay than they have had.
    let brief = Settings {
        stay_ms_max: 5_000,
        ..settings(3_000)
    };
    assert_eq!(set(&mut rundown, 9_000, brief), (true, None));
}

#[test]
fn a_list_that_becomes_a_screen_with_turns_begins_with_who_came_a_moment_ago() {
    let check = |at_ms, expected: Option<&str>| {
        let mut rundown = Rundown::new(settings(0));
        rundown.apply(MonoMs(0), Input::Live(read(1, 10)));
        rundown.apply(MonoMs(at_ms), Input::Settings(settings(3_000)));
        let shown = rundown.featured();
        assert_eq!(shown.map(|crossing| crossing.bib.as_str()), expected);
    };
    check(19_999, Some("1"));
    check(20_000, None);
}
