use crate::{
    database::Database,
    world::{Side, World, runner},
};
use model::{Chip, Field, Participant, ParticipantId, UnixMicros, WaveId};
use std::collections::{BTreeMap, BTreeSet};
use store::{ChipConflict, RosterWrite, RosterWritten, Store, StoreError, limits};
use uuid::Uuid;

on_both! {
    people_are_added_and_altered,
    a_participant_is_kept_whole,
    what_was_altered_since_it_was_planned_stays,
    nobody_gets_a_bib_or_registration_that_another_has,
    people_change_bibs_among_each_other,
    a_chip_is_never_taken_from_its_owner,
    a_chip_is_given_on_at_an_instant,
    chips_come_and_go_with_an_update,
    bad_rows_import_nothing,
    a_wave_of_another_event_is_refused,
    a_long_roster_arrives_whole,
    how_columns_are_understood_is_kept,
}

async fn import(store: &dyn Store, side: &Side, writes: &[RosterWrite]) -> RosterWritten {
    let written = store.import_roster(&side.scope, side.event, writes);
    written.await.unwrap()
}

fn add(new: &[Participant]) -> Vec<RosterWrite> {
    let new = new.iter().cloned().map(Box::new);
    new.map(RosterWrite::Add).collect()
}

fn update(from: &Participant, to: Participant) -> RosterWrite {
    RosterWrite::Update {
        id: from.id,
        from: Box::new(from.clone()),
        to: Box::new(to),
    }
}

fn with_bib(person: &Participant, bib: &str) -> Participant {
    Participant {
        bib: bib.to_owned(),
        ..person.clone()
    }
}

fn chip(tag: &str, from: Option<i64>, to: Option<i64>) -> Chip {
    Chip {
        tag: tag.to_owned(),
        valid_from: from.map(UnixMicros),
        valid_to: to.map(UnixMicros),
    }
}

/// Bibs with the tags of their chips.
fn tags(people: &[Participant]) -> Vec<String> {
    people
        .iter()
        .map(|person| {
            let tags: Vec<_> = person.chips.iter().map(|chip| chip.tag.as_str()).collect();
            format!("{}: {}", person.bib, tags.join(" "))
        })
        .collect()
}

async fn people_are_added_and_altered(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let new = [runner("102", "Bo"), runner("A7", "Cy"), runner("", "Di")];
    let done = import(&**store, harbour, &add(&new)).await;
    let added = RosterWritten {
        added: 3,
        ..RosterWritten::default()
    };
    assert_eq!(done, added);
    let people = harbour.people(&**store).await;
    assert_eq!(people[1..], new);

    let moved = Participant {
        city: "Graz".to_owned(),
        age: None,
        ..with_bib(&new[0], "0102")
    };
    let writes = [
        update(&new[0], moved.clone()),
        update(&new[1], new[1].clone()),
    ];
    let done = import(&**store, harbour, &writes).await;
    let updated = RosterWritten {
        updated: 1,
        ..RosterWritten::default()
    };
    assert_eq!(done, updated);
    assert_eq!(harbour.people(&**store).await[1], moved, "and where it was");
}

async fn a_participant_is_kept_whole(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let whole = Participant {
        id: store::new_participant_id(),
        registration_id: Some("R-77".to_owned()),
        bib: "007".to_owned(),
        first_name: "Zoë".to_owned(),
        last_name: "O'Neill".to_owned(),
        gender: "X".to_owned(),
        age: Some(41),
        birth_date: "1984-11-30".to_owned(),
        city: "Cork".to_owned(),
        state: "Munster".to_owned(),
        country: "IRL".to_owned(),
        division: "W40".to_owned(),
        team: "Lee Harriers".to_owned(),
        note: "pacer,\n3:30".to_owned(),
        say_as: "ZO-ee".to_owned(),
        private: true,
        withdrawn: true,
        wave: Some(harbour.wave),
        custom: BTreeMap::from([
            ("shirt".to_owned(), "M".to_owned()),
            ("a \"quoted\" one".to_owned(), "ä\\b".to_owned()),
        ]),
        chips: vec![chip("A1", None, Some(9)), chip("B2", Some(4), None)],
        hand_edited: BTreeSet::from([Field::City, Field::SayAs]),
    };
    import(&**store, harbour, &add(std::slice::from_ref(&whole))).await;
    assert_eq!(harbour.people(&**store).await[1], whole);
    let one = store.participant(&harbour.scope, harbour.event, whole.id);
    assert_eq!(one.await.unwrap(), whole);
    let nobody = ParticipantId(Uuid::now_v7());
    let error = store.participant(&harbour.scope, harbour.event, nobody);
    let error = error.await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
}

async fn what_was_altered_since_it_was_planned_stays(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let ada = harbour.people(&**store).await.remove(0);
    let renamed = Participant {
        first_name: "Adele".to_owned(),
        ..ada.clone()
    };
    import(&**store, harbour, &[update(&ada, renamed.clone())]).await;

    let moved = Participant {
        city: "Graz".to_owned(),
        ..ada.clone()
    };
    let unknown = runner("300", "Nobody");
    let new = runner("102", "Bo");
    let writes = [
        update(&ada, moved),
        update(&unknown, unknown.clone()),
        RosterWrite::Add(Box::new(new.clone())),
    ];
    let done = import(&**store, harbour, &writes).await;
    assert_eq!(done.stale, [ada.id, unknown.id]);
    assert_eq!((done.added, done.updated), (1, 0));
    assert_eq!(harbour.people(&**store).await, [renamed, new.clone()]);
    // Somebody who is there is not added.
    let again = with_bib(&new, "103");
    let done = import(&**store, harbour, &add(&[again])).await;
    assert_eq!((done.added, done.stale), (0, vec![new.id]));
}

async fn nobody_gets_a_bib_or_registration_that_another_has(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let registered = |bib: &str, id: &str| Participant {
        registration_id: Some(id.to_owned()),
        ..runner(bib, "Bo")
    };
    let first = registered("102", "R1");
    let rows = [
        first.clone(),
        registered("00101", "R2"),
        registered("103", "R1"),
        registered("0102", "R3"),
        registered("104", "R4"),
    ];
    let done = import(&**store, harbour, &add(&rows)).await;
    assert_eq!(done.added, 2);
    assert_eq!(done.stale, [rows[1].id, rows[2].id, rows[3].id]);
    // Who cannot have a bib keeps the own one, and so whoever was to get that cannot either.
    let last = rows[4].clone();
    let writes = [
        update(&first, with_bib(&first, "104")),
        update(&last, with_bib(&last, "101")),
    ];
    let done = import(&**store, harbour, &writes).await;
    assert_eq!(done.updated, 0);
    assert_eq!(
        BTreeSet::from_iter(done.stale),
        BTreeSet::from([first.id, last.id])
    );
}

async fn people_change_bibs_among_each_other(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    // Everybody gets the next one's bib: far more than are written at once. Three go round.
    let line = 2 * limits::IMPORT_CHUNK_ROWS + 3;
    let people: Vec<_> = (0..line + 3)
        .map(|number| runner(&(1_000 + number).to_string(), "Bo"))
        .collect();
    import(&**store, harbour, &add(&people)).await;
    let bib = |number: usize| match number {
        last if last + 1 == line => 9_000,
        ring if ring >= line => 1_000 + line + (ring - line + 1) % 3,
        number => 1_000 + number + 1,
    };
    let writes: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(number, person)| update(person, with_bib(person, &bib(number).to_string())))
        .collect();
    let done = import(&**store, harbour, &writes).await;
    assert_eq!(done.stale, []);
    assert_eq!(done.updated, people.len() as u64);
    let stored = harbour.people(&**store).await;
    for (number, (stored, was)) in stored[1..].iter().zip(&people).enumerate() {
        assert_eq!((stored.id, &stored.bib), (was.id, &bib(number).to_string()));
    }
}

async fn a_chip_is_never_taken_from_its_owner(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let with_chips = |bib, chips: &[&str]| Participant {
        chips: chips.iter().map(|chip| Chip::always(*chip)).collect(),
        ..runner(bib, "Bo")
    };
    let rows = [
        with_chips("102", &["00f00d", " c1 ", "C2"]),
        with_chips("103", &["c2", "c3", "C3"]),
    ];
    let conflict = |chip: &str, person: &Participant, owner_bib: &str| ChipConflict {
        chip: chip.to_owned(),
        participant: person.id,
        bib: person.bib.clone(),
        owner_bib: owner_bib.to_owned(),
    };
    let done = import(&**store, harbour, &add(&rows)).await;
    assert_eq!(
        done,
        RosterWritten {
            added: 2,
            conflicts: vec![
                conflict("00f00d", &rows[0], "101"),
                conflict("c2", &rows[1], "102")
            ],
            ..RosterWritten::default()
        }
    );
    assert_eq!(
        tags(&harbour.people(&**store).await),
        ["101: F00D", "102: c1 C2", "103: c3"]
    );
}

async fn a_chip_is_given_on_at_an_instant(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let with_chip = |bib, chip: Chip| Participant {
        chips: vec![chip],
        ..runner(bib, "Bo")
    };
    let rows = [
        with_chip("102", chip("C1", None, Some(100))),
        with_chip("103", chip("c1", Some(100), Some(200))),
        with_chip("104", chip("C1", Some(199), None)),
        with_chip("105", chip("C1", Some(200), None)),
    ];
    let done = import(&**store, harbour, &add(&rows)).await;
    let [conflict] = &done.conflicts[..] else {
        panic!("{done:?}");
    };
    assert_eq!((&*conflict.bib, &*conflict.owner_bib), ("104", "103"));
    let people = harbour.people(&**store).await;
    assert_eq!(people[2], rows[1]);
    assert_eq!(people[4], rows[3]);
}

async fn chips_come_and_go_with_an_update(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let ada = harbour.people(&**store).await.remove(0);
    let with_chips = |chips: Vec<Chip>| Participant {
        chips,
        ..ada.clone()
    };
    let two = with_chips(vec![chip("F00D", None, Some(50)), Chip::always("beef")]);
    let done = import(&**store, harbour, &[update(&ada, two.clone())]).await;
    assert_eq!((done.updated, done.conflicts.len()), (1, 0));
    let none = with_chips(Vec::new());
    let done = import(&**store, harbour, &[update(&two, none.clone())]).await;
    assert_eq!(done.updated, 1);
    assert_eq!(harbour.people(&**store).await, [none]);
}

async fn bad_rows_import_nothing(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let check = async |bad: Participant, is_too_many: bool| {
        let rows = add(&[runner("102", "Bo"), bad]);
        let error = store.import_roster(&harbour.scope, harbour.event, &rows);
        let error = error.await.unwrap_err();
        let fits = match error {
            StoreError::TooMany { .. } => is_too_many,
            StoreError::Invalid { .. } => !is_too_many,
            _ => false,
        };
        assert!(fits, "{error}");
    };
    let chips = |chips: Vec<Chip>| Participant {
        chips,
        ..runner("103", "Cy")
    };
    let many = (0..=limits::CHIPS_PER_PARTICIPANT_MAX).map(|tag| Chip::always(tag.to_string()));
    check(chips(many.collect()), true).await;
    check(chips(vec![Chip::always("")]), false).await;
    check(chips(vec![chip("C1", Some(7), Some(7))]), false).await;
    let long = Participant {
        note: "x".repeat(limits::FIELD_CHARS_MAX + 1),
        ..runner("103", "Cy")
    };
    check(long, true).await;
    let odd = Participant {
        city: "Li\0nz".to_owned(),
        ..runner("103", "Cy")
    };
    check(odd, false).await;
    let twice = runner("103", "Cy");
    let rows = add(&[twice.clone(), twice]);
    let error = store.import_roster(&harbour.scope, harbour.event, &rows);
    let error = error.await.unwrap_err();
    assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
    assert_eq!(harbour.people(&**store).await.len(), 1);
}

async fn a_wave_of_another_event_is_refused(on: Database) {
    let world = World::new(on).await;
    for wave in [world.meadow.wave, WaveId(Uuid::now_v7())] {
        let rows = add(&[Participant {
            wave: Some(wave),
            ..runner("102", "Bo")
        }]);
        let side = &world.harbour;
        let error = world.store.import_roster(&side.scope, side.event, &rows);
        let error = error.await.unwrap_err();
        assert!(
            matches!(error, StoreError::Foreign { what: "wave" }),
            "{error}"
        );
    }
}

async fn a_long_roster_arrives_whole(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let rows: Vec<_> = (0..3_001)
        .map(|number| Participant {
            chips: vec![
                Chip::always(format!("E2{number:06}")),
                Chip::always(format!("E3{number:06}")),
            ],
            ..runner(&format!("{}", 1_000 + number), "Ada")
        })
        .collect();
    let done = import(&**store, harbour, &add(&rows)).await;
    assert_eq!((done.added, done.conflicts.len()), (3_001, 0));
    assert_eq!(harbour.people(&**store).await[1..], rows);
}

async fn how_columns_are_understood_is_kept(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side { scope, event, .. } = harbour;
    let mapping = async || store.roster_mapping(scope, *event).await.unwrap();
    assert_eq!(mapping().await, "");
    let set = async |text: &str| store.set_roster_mapping(scope, *event, text).await;
    set("{\"bib\":\"Startnummer\"}").await.unwrap();
    assert_eq!(mapping().await, "{\"bib\":\"Startnummer\"}");
    let long = "x".repeat(limits::ROSTER_MAPPING_BYTES_MAX + 1);
    let error = set(&long).await.unwrap_err();
    assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
    assert_eq!(mapping().await, "{\"bib\":\"Startnummer\"}");
}
