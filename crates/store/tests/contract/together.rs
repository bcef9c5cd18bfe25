//! Two processes' worth of stores on one database.

use crate::{
    database::Database,
    world::{World, new_event, runner},
};
use model::ParticipantId;
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{Appended, PartnerScope, RosterWrite, Store, StoreError};

on_both! {
    threads
    two_journals_on_one_database_keep_each_read_once_and_no_gap,
    all_kinds_of_writes_from_two_sides_are_all_kept,
    the_journal_gets_in_between_the_steps_of_an_import,
}

async fn two_journals_on_one_database_keep_each_read_once_and_no_gap(on: Database) {
    let world = Arc::new(World::new(on).await);
    let other = world.home.open().await;
    let append = |store: Arc<dyn Store>| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let mut positions = Vec::new();
            // Both send the same reads, as two servers fed by one device would.
            for batch in 0..40 {
                let batch: Vec<_> = (0..25)
                    .map(|number| {
                        let tag = (batch * 25 + number).to_string();
                        world.harbour.entry("FINISH", &tag, 1 + batch * 25 + number)
                    })
                    .collect();
                for answer in store.append_reads(&batch).await.unwrap() {
                    if let Appended::New { position } = answer {
                        positions.push(position);
                    }
                }
            }
            positions
        })
    };
    let (one, two) = (append(world.store.clone()), append(other));
    let mut positions = one.await.unwrap();
    positions.extend(two.await.unwrap());
    positions.sort_unstable();
    assert_eq!(positions, (3..=1_002).collect::<Vec<u64>>());
    let totals = world
        .store
        .stream_totals(&world.harbour.scope, world.harbour.stream)
        .await
        .unwrap();
    assert_eq!((totals.reads, totals.duplicates), (1_001, 1_000));
}

async fn all_kinds_of_writes_from_two_sides_are_all_kept(on: Database) {
    let world = Arc::new(World::new(on).await);
    let other = world.home.open().await;
    let make = |store: Arc<dyn Store>, scope: PartnerScope, half: usize| {
        tokio::spawn(async move {
            for number in 0..30 {
                let name = format!("Event {half} {number}");
                let event = store.create_event(&scope, new_event(&name)).await.unwrap();
                store.ensure_point(&scope, event, "Start").await.unwrap();
            }
        })
    };
    let one = make(world.store.clone(), world.harbour.scope, 1);
    let two = make(other, world.harbour.scope, 2);
    one.await.unwrap();
    two.await.unwrap();
    let events = world.store.events(&world.harbour.scope).await.unwrap();
    let names: BTreeSet<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names.len(), 61);
}

async fn the_journal_gets_in_between_the_steps_of_an_import(on: Database) {
    const ROWS: usize = 6_000;
    const STEPS: usize = ROWS / store::limits::IMPORT_CHUNK_ROWS;
    let world = Arc::new(World::new(on).await);
    let command_line = world.home.open().await;
    let (mut imports, mut between) = (0, 0);
    // On a machine with much else to do the journal may hardly get to work while one import runs.
    while between < STEPS / 2 {
        let bibs = (0..ROWS).map(|row| (1_000 + imports * ROWS + row).to_string());
        let runners: Vec<_> = bibs.map(|bib| runner(&bib, "Ada")).collect();
        let ends = [runners[0].id, runners[ROWS - 1].id];
        let rows = runners.into_iter().map(Box::new).map(RosterWrite::Add);
        let rows: Vec<_> = rows.collect();
        let importing = Arc::new(AtomicBool::new(true));
        let journal = {
            let (world, importing) = (Arc::clone(&world), Arc::clone(&importing));
            tokio::spawn(async move { append_while(&world, imports, ends, &importing).await })
        };
        let done = command_line
            .import_roster(&world.harbour.scope, world.harbour.event, &rows)
            .await
            .unwrap();
        importing.store(false, Ordering::Relaxed);
        between += journal.await.unwrap();
        assert_eq!(done.added, ROWS as u64);
        imports += 1;
    }
}

/// Gives how often the journal got in after the first row of the import and before the last.
async fn append_while(
    world: &World,
    import: usize,
    [first, last]: [ParticipantId; 2],
    going: &AtomicBool,
) -> usize {
    let (mut appended, mut between) = (0, 0);
    while going.load(Ordering::Relaxed) {
        let tag = format!("{import}/{appended}");
        let entry = world.harbour.entry("FINISH", &tag, 1 + appended);
        let has_begun = is_in(world, first).await;
        world.store.append_reads(&[entry]).await.unwrap();
        between += usize::from(has_begun && !is_in(world, last).await);
        appended += 1;
    }
    between
}

async fn is_in(world: &World, id: ParticipantId) -> bool {
    let harbour = &world.harbour;
    let found = world.store.participant(&harbour.scope, harbour.event, id);
    match found.await {
        Ok(_) => true,
        Err(StoreError::NotFound { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}
