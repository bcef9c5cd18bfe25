//! Two processes' worth of stores on one database.

use crate::{
    database::Database,
    world::{Side, World, new_event, runner},
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{Appended, PartnerScope, RosterWrite, Store};

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
    let world = Arc::new(World::new(on).await);
    let command_line = world.home.open().await;
    let rows: Vec<_> = (0..6_000)
        .map(|number| RosterWrite::Add(Box::new(runner(&(1_000 + number).to_string(), "Ada"))))
        .collect();
    let importing = Arc::new(AtomicBool::new(true));
    let journal = {
        let (world, importing) = (Arc::clone(&world), Arc::clone(&importing));
        tokio::spawn(async move { append_while(&*world.store, &world.harbour, &importing).await })
    };
    let done = command_line
        .import_roster(&world.harbour.scope, world.harbour.event, &rows)
        .await
        .unwrap();
    importing.store(false, Ordering::Relaxed);
    let appended = journal.await.unwrap();
    assert_eq!(done.added, 6_000);
    let steps = 6_000 / store::limits::IMPORT_CHUNK_ROWS;
    assert!(
        appended >= steps / 2,
        "{appended} commits of the journal during {steps} steps of the import"
    );
}

async fn append_while(store: &dyn Store, side: &Side, going: &AtomicBool) -> usize {
    let mut appended = 0;
    while going.load(Ordering::Relaxed) {
        let entry = side.entry("FINISH", &appended.to_string(), 1 + appended as i64);
        store.append_reads(&[entry]).await.unwrap();
        appended += 1;
    }
    appended
}
