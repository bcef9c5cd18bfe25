use super::*;
use crate::limits::MESSAGE_WEIGHT_MAX;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

const DAY: &str = "2026-05-31";

fn show(number: u128) -> ShowId {
    ShowId(Uuid::from_u128(number))
}

fn person(number: u128) -> Participant {
    Participant {
        city: "Port Nowhere".to_owned(),
        division: "F 35-39".to_owned(),
        birth_date: "1987-05-31".to_owned(),
        custom: BTreeMap::from([("First-Timer".to_owned(), "Yes".to_owned())]),
        ..Participant::new(ParticipantId(Uuid::from_u128(number)))
    }
}

fn message(number: u128, conditions: Conditions) -> PoolMessage {
    PoolMessage {
        id: MessageId(Uuid::from_u128(number)),
        show: None,
        text: format!("message {number}"),
        weight: 1,
        conditions,
    }
}

fn for_all(number: u128) -> PoolMessage {
    message(number, Conditions::default())
}

fn division(name: &str) -> Conditions {
    Conditions {
        division: name.to_owned(),
        ..Conditions::default()
    }
}

fn city(name: &str) -> Conditions {
    Conditions {
        city: name.to_owned(),
        ..Conditions::default()
    }
}

fn birthday() -> Conditions {
    Conditions {
        birthday: true,
        ..Conditions::default()
    }
}

fn first_timer() -> Conditions {
    Conditions {
        first_timer: true,
        ..Conditions::default()
    }
}

#[track_caller]
fn check(person: &Participant, conditions: Conditions, holds: bool) {
    let pool = [message(1, conditions.clone())];
    let chosen = choose(&pool, show(1), person, DAY).is_some();
    assert_eq!(chosen, holds, "{conditions:?} of {person:?}");
}

#[test]
fn conditions_hold_in_any_case_and_all_of_them_together() {
    let ada = &person(1);
    check(ada, Conditions::default(), true);
    check(ada, division(" f 35-39 "), true);
    check(ada, division("F 40-44"), false);
    check(ada, division("F 35"), false);
    check(ada, city("PORT NOWHERE"), true);
    check(ada, city("Port"), false);
    check(ada, birthday(), true);
    check(ada, first_timer(), true);
    let all = Conditions {
        division: "F 35-39".to_owned(),
        city: "Port Nowhere".to_owned(),
        birthday: true,
        first_timer: true,
    };
    check(ada, all.clone(), true);
    let one_fails = Conditions {
        city: "Lower Heath".to_owned(),
        ..all
    };
    check(ada, one_fails, false);
    let nobody = &Participant::new(ada.id);
    for conditions in [division("x"), city("x"), birthday(), first_timer()] {
        check(nobody, conditions, false);
    }
    let umlauts = &Participant {
        city: "ÖDLAND".to_owned(),
        ..person(1)
    };
    check(umlauts, city("ödland"), true);
}

#[test]
fn a_birthday_is_the_same_day_and_month() {
    let check = |birth_date: &str, day: &str, expected: bool| {
        assert_eq!(is_birthday(birth_date, day), expected, "{birth_date} {day}");
    };
    check("1987-05-31", "2026-05-31", true);
    check("1987-05-31", "2026-05-30", false);
    check("1987-05-31", "2026-06-31", false);
    check("1988-02-29", "2026-02-28", true);
    check("1988-02-29", "2028-02-28", false);
    check("1988-02-29", "2028-02-29", true);
    check("1988-02-29", "2100-02-28", true);
    check("1988-02-29", "2000-02-28", false);
    check("1988-02-28", "2026-02-28", true);
    check("", "2026-02-28", false);
    check("31 May", "2026-05-31", false);
}

#[test]
fn a_column_of_the_roster_says_who_is_there_for_the_first_time() {
    let check = |column: &str, value: &str, expected: bool| {
        let custom = BTreeMap::from([(column.to_owned(), value.to_owned())]);
        let person = Participant {
            custom,
            ..person(1)
        };
        assert_eq!(is_first_timer(&person), expected, "{column:?} {value:?}");
    };
    for column in [
        "first timer",
        "First-Timer",
        "FIRST_TIMER",
        "firsttimer",
        "First marathon?",
        "first race",
    ] {
        check(column, "yes", true);
    }
    for value in ["Y", "true", " 1 ", "X"] {
        check("First timer", value, true);
    }
    for value in ["no", "", "0", "2", "yess"] {
        check("First timer", value, false);
    }
    check("First name", "yes", false);
    check("First race year", "1", false);
}

#[test]
fn what_somebody_hides_no_message_gives_away() {
    let hidden = &Participant {
        private: true,
        ..person(1)
    };
    let kinds = [division("F 35-39"), city("Port Nowhere"), birthday()];
    for conditions in kinds.into_iter().chain([first_timer()]) {
        check(hidden, conditions, false);
    }
    check(hidden, Conditions::default(), true);
    // By the age that was asked, and by the date.
    let by_age = Participant {
        age: Some(17),
        ..person(1)
    };
    let by_date = Participant {
        birth_date: "2014-05-31".to_owned(),
        ..person(1)
    };
    for child in [&by_age, &by_date] {
        check(child, city("Port Nowhere"), false);
        check(child, birthday(), false);
        check(child, division("F 35-39"), true);
        check(child, first_timer(), true);
    }
}

#[test]
fn a_shows_own_messages_take_the_place_of_the_events() {
    let own = PoolMessage {
        show: Some(show(1)),
        ..message(3, city("Lower Heath"))
    };
    let pool = [for_all(1), message(2, city("Port Nowhere")), own];
    let number = |of: u128| {
        let chosen = choose(&pool, show(of), &person(1), DAY);
        chosen.map(|message| message.id.0.as_u128())
    };
    assert_eq!(number(2), Some(2), "for some comes before for all");
    assert_eq!(number(1), None, "of its own none fits, and it has no other");
    assert_eq!(choose(&[], show(1), &person(1), DAY), None);
}

#[test]
fn shares_follow_weights() {
    let weights = [1, 3, 6];
    let pool: Vec<_> = (1_u128..)
        .zip(weights)
        .map(|(number, weight)| PoolMessage {
            weight,
            ..for_all(number)
        })
        .collect();
    let mut won: HashMap<MessageId, u32> = HashMap::new();
    for number in 0..10_000 {
        let chosen = choose(&pool, show(1), &person(number), DAY).unwrap();
        *won.entry(chosen.id).or_default() += 1;
    }
    for message in &pool {
        let (won, due) = (won[&message.id], message.weight * 1_000);
        assert!(won.abs_diff(due) < 150, "{won} of {due}");
    }
}

#[test]
fn one_more_message_takes_its_share_and_leaves_the_rest() {
    let pool: Vec<_> = (1..=10).map(for_all).collect();
    let more: Vec<_> = (1..=11).map(for_all).collect();
    let mut moved = 0;
    for number in 0..2_000 {
        let person = person(number);
        let before = choose(&pool, show(1), &person, DAY).unwrap();
        let after = choose(&more, show(1), &person, DAY).unwrap();
        if before != after {
            assert_eq!(after.id.0.as_u128(), 11);
            moved += 1;
        }
    }
    assert!((130..=240).contains(&moved), "{moved} of 182");
}

/// What is stored today has to be chosen tomorrow: by the next release, too.
#[test]
fn the_choice_is_the_same_in_every_release() {
    let pool: Vec<_> = (1..=9).map(for_all).collect();
    let chosen = (1..=12).map(|number| {
        let chosen = choose(&pool, show(1), &person(number), DAY).unwrap();
        chosen.id.0.as_u128()
    });
    assert_eq!(
        chosen.collect::<Vec<_>>(),
        [7, 4, 9, 2, 7, 7, 3, 6, 4, 7, 9, 4]
    );
}

fn some_conditions() -> impl Strategy<Value = Conditions> {
    let places = prop_oneof![Just(""), Just("Port Nowhere"), Just("Lower Heath")];
    let divisions = prop_oneof![Just(""), Just("F 35-39"), Just("M 20-24")];
    (divisions, places, any::<bool>(), any::<bool>()).prop_map(
        |(division, city, birthday, first_timer)| Conditions {
            division: division.to_owned(),
            city: city.to_owned(),
            birthday,
            first_timer,
        },
    )
}

prop_compose! {
    fn some_message()(
        id in any::<u128>(),
        show_number in proptest::option::of(1_u128..3),
        weight in 1..=MESSAGE_WEIGHT_MAX,
        conditions in prop_oneof![Just(Conditions::default()), some_conditions()],
    ) -> PoolMessage {
        PoolMessage {
            show: show_number.map(show),
            weight,
            ..message(id, conditions)
        }
    }
}

prop_compose! {
    fn somebody()(
        id in any::<u128>(),
        age in proptest::option::of(8_u16..60),
        private in any::<bool>(),
        is_first in any::<bool>(),
        born in prop_oneof![Just("1987-05-31"), Just("2014-05-31"), Just("1990-01-01"), Just("")],
        city in prop_oneof![Just("PORT NOWHERE "), Just("Lower Heath"), Just("")],
    ) -> Participant {
        let known = person(id);
        Participant {
            age,
            private,
            birth_date: born.to_owned(),
            city: city.to_owned(),
            custom: if is_first { known.custom } else { BTreeMap::new() },
            ..known
        }
    }
}

proptest! {
    #[test]
    fn the_order_of_the_pool_decides_nothing(
        pool in proptest::collection::vec(some_message(), 0..20),
        person in somebody(),
        turns in 0_usize..20,
    ) {
        let mut turned = pool.clone();
        turned.rotate_left(turns.min(pool.len()));
        let mut reversed = pool.clone();
        reversed.reverse();
        let chosen = choose(&pool, show(1), &person, DAY);
        prop_assert_eq!(chosen, choose(&turned, show(1), &person, DAY));
        prop_assert_eq!(chosen, choose(&reversed, show(1), &person, DAY));
    }

    #[test]
    fn what_is_chosen_fits_and_nothing_that_fits_better_is_left(
        pool in proptest::collection::vec(some_message(), 0..20),
        person in somebody(),
    ) {
        let has_own = pool.iter().any(|message| message.show == Some(show(1)));
        let fits = |message: &&PoolMessage| {
            let Conditions { division, city, birthday, first_timer } = &message.conditions;
            let grown = !person.is_under_age(DAY);
            message.show == has_own.then(|| show(1))
                && (division.is_empty() || division == "F 35-39")
                && (city.is_empty()
                    || grown && person.city.trim().eq_ignore_ascii_case(city))
                && (!birthday || grown && person.birth_date.ends_with("-05-31"))
                && (!first_timer || !person.custom.is_empty())
                && (message.conditions.are_none() || !person.private)
        };
        let fitting: Vec<_> = pool.iter().filter(fits).collect();
        let chosen = choose(&pool, show(1), &person, DAY);
        prop_assert_eq!(chosen.is_none(), fitting.is_empty());
        if let Some(chosen) = chosen {
            prop_assert!(fits(&chosen));
            let is_for_some = |message: &PoolMessage| !message.conditions.are_none();
            let any_for_some = fitting.iter().any(|message| is_for_some(message));
            prop_assert_eq!(is_for_some(chosen), any_for_some);
        }
    }
}
