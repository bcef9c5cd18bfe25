use crate::{
    database::Database,
    world::{World, runner},
};
use store::{ChipConflict, Imported, NewParticipant, StoreError, limits};

on_both! {
    rows_are_added_changed_or_left,
    ids_stay_when_a_roster_is_imported_again,
    a_chip_is_never_taken_from_its_owner,
    of_two_rows_with_one_bib_the_last_counts,
    bad_rows_import_nothing,
    a_long_roster_arrives_whole,
}

async fn rows_are_added_changed_or_left(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let import = async |rows: &[NewParticipant]| {
        let done = store
            .import_roster(&harbour.scope, harbour.event, rows)
            .await
            .unwrap();
        assert!(done.conflicts.is_empty());
        (done.imported, done.updated, done.unchanged)
    };
    // Bib 101 is there already, with the same data.
    let mut rows = vec![
        runner("101", "Ada"),
        runner("102", "Bo"),
        runner("A7", "Cy"),
    ];
    assert_eq!(import(&rows).await, (2, 0, 1));
    assert_eq!(import(&rows).await, (0, 0, 3));
    rows[1].city = "Graz".to_owned();
    rows[2].age = None;
    assert_eq!(import(&rows[1..]).await, (0, 2, 0));
    rows[1].bib = "0102".to_owned();
    rows[2].chips = vec!["beef".to_owned()];
    assert_eq!(import(&rows).await, (0, 2, 1));
    assert_eq!(import(&rows).await, (0, 0, 3));

    let stored = store
        .participants(&harbour.scope, harbour.event)
        .await
        .unwrap();
    let seen: Vec<_> = stored
        .iter()
        .map(|row| {
            (
                row.bib.as_str(),
                row.first_name.as_str(),
                row.age,
                row.city.as_str(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("101", "Ada", Some(34), "Linz"),
            ("0102", "Bo", Some(34), "Graz"),
            ("A7", "Cy", None, "Linz")
        ]
    );
    assert_eq!(stored[0].chips, ["F00D"]);
    assert_eq!(stored[2].chips, ["beef"]);
}

async fn ids_stay_when_a_roster_is_imported_again(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let ids = async || {
        store
            .participants(&harbour.scope, harbour.event)
            .await
            .unwrap()
            .iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
    let before = ids().await;
    store
        .import_roster(&harbour.scope, harbour.event, &[runner("00101", "Eve")])
        .await
        .unwrap();
    assert_eq!(ids().await, before);
}

async fn a_chip_is_never_taken_from_its_owner(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let with_chips = |bib, chips: &[&str]| NewParticipant {
        chips: chips.iter().map(|chip| (*chip).to_owned()).collect(),
        ..runner(bib, "Bo")
    };
    let conflict = |chip: &str, bib: &str, owner_bib: &str| ChipConflict {
        chip: chip.to_owned(),
        bib: bib.to_owned(),
        owner_bib: owner_bib.to_owned(),
    };
    let rows = [
        with_chips("102", &["00f00d", "c1", "C2"]),
        with_chips("103", &["c2", "c3", "C3", ""]),
    ];
    let done = store
        .import_roster(&harbour.scope, harbour.event, &rows)
        .await
        .unwrap();
    assert_eq!(
        done,
        Imported {
            imported: 2,
            updated: 0,
            unchanged: 0,
            conflicts: vec![
                conflict("00f00d", "102", "101"),
                conflict("c2", "103", "102")
            ],
        }
    );
    let stored = store
        .participants(&harbour.scope, harbour.event)
        .await
        .unwrap();
    let chips: Vec<&[String]> = stored.iter().map(|row| row.chips.as_slice()).collect();
    assert_eq!(
        chips,
        [vec!["F00D"], vec!["c1", "C2"], vec!["c3"]]
            .map(|chips| chips.into_iter().map(str::to_owned).collect::<Vec<_>>())
    );
}

async fn of_two_rows_with_one_bib_the_last_counts(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let rows = [
        runner("102", "Bo"),
        runner("103", "Cy"),
        runner("0102", "Di"),
    ];
    let done = store
        .import_roster(&harbour.scope, harbour.event, &rows)
        .await
        .unwrap();
    assert_eq!((done.imported, done.updated, done.unchanged), (2, 0, 0));
    let stored = store
        .participants(&harbour.scope, harbour.event)
        .await
        .unwrap();
    assert_eq!(stored[1].first_name, "Di");
}

async fn bad_rows_import_nothing(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let import = |rows: Vec<NewParticipant>| async move {
        store
            .import_roster(&harbour.scope, harbour.event, &rows)
            .await
            .unwrap_err()
    };
    let error = import(vec![runner("102", "Bo"), runner(" ", "Cy")]).await;
    assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
    let many_chips = NewParticipant {
        chips: vec!["c".to_owned(); limits::CHIPS_PER_PARTICIPANT_MAX + 1],
        ..runner("103", "Cy")
    };
    let error = import(vec![runner("102", "Bo"), many_chips]).await;
    assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
    let stored = store
        .participants(&harbour.scope, harbour.event)
        .await
        .unwrap();
    assert_eq!(stored.len(), 1);
}

async fn a_long_roster_arrives_whole(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let rows: Vec<_> = (0..3_001)
        .map(|number| NewParticipant {
            chips: vec![format!("E2{number:06}"), format!("E3{number:06}")],
            ..runner(&format!("{}", 1_000 + number), "Ada")
        })
        .collect();
    let done = store
        .import_roster(&harbour.scope, harbour.event, &rows)
        .await
        .unwrap();
    assert_eq!((done.imported, done.conflicts.len()), (3_001, 0));
    let stored = store
        .participants(&harbour.scope, harbour.event)
        .await
        .unwrap();
    assert_eq!(stored.len(), 3_002);
    assert!(stored[1..].iter().zip(&rows).all(|(stored, row)| {
        stored.bib == row.bib && stored.chips == row.chips && stored.last_name == row.last_name
    }));
}
