//! Exactly once, for every order, every repetition and every split into batches.

use crate::{
    database::Database,
    world::{World, read},
};
use model::Read;
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::{HashMap, HashSet};
use store::{Appended, JournalEntry};

/// Few enough values that keys meet often.
fn reads() -> impl Strategy<Value = Vec<(bool, Read)>> {
    let one = (
        any::<bool>(),
        prop::sample::select(vec!["START", "FINISH"]),
        0..6_u8,
        0..4_i64,
        prop::sample::select(vec!["A", "B"]),
        prop::option::of(0..9_u64),
    );
    let one = one.prop_map(|(second, location, tag, at, reader, sequence)| {
        let mut read = read(
            model::StreamId(uuid::Uuid::nil()),
            location,
            &tag.to_string(),
            at,
        );
        read.reader = reader.to_owned();
        read.sequence = sequence;
        (second, read)
    });
    prop::collection::vec(one, 1..250)
}

fn splits() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1..100_usize, 1..20)
}

/// Fewer where each case makes a database in a server.
fn cases(on: Database) -> ProptestConfig {
    ProptestConfig {
        cases: match on {
            Database::Sqlite => 24,
            Database::Postgres => 8,
        },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn each_key_is_stored_once_at_gapless_positions_on_sqlite() {
    check(Database::Sqlite);
}

#[test]
fn each_key_is_stored_once_at_gapless_positions_on_postgres() {
    check(Database::Postgres);
}

fn check(on: Database) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    TestRunner::new(cases(on))
        .run(&(reads(), splits()), |(reads, splits)| {
            runtime.block_on(each_key_is_stored_once_at_gapless_positions(
                on, reads, splits,
            ))
        })
        .unwrap();
}

async fn each_key_is_stored_once_at_gapless_positions(
    on: Database,
    reads: Vec<(bool, Read)>,
    splits: Vec<usize>,
) -> Result<(), TestCaseError> {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let entries: Vec<JournalEntry> = reads
        .into_iter()
        .map(|(second, mut read)| {
            let side = if second { meadow } else { harbour };
            read.stream = side.stream;
            JournalEntry {
                scope: side.scope,
                read,
            }
        })
        .collect();
    // A read of bib 101 is there for each of the two.
    let mut stored: HashSet<_> = [harbour, meadow]
        .map(|side| (side.stream, side.entry("FINISH", "101", 0).read.key()))
        .into();
    let mut counts: HashMap<_, (u64, u64)> =
        HashMap::from([(harbour.stream, (1, 0)), (meadow.stream, (1, 0))]);
    let mut position = 2;
    let mut rest = entries.as_slice();
    for size in splits.into_iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (batch, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        let answers = store.append_reads(batch).await.unwrap();
        for (entry, answer) in batch.iter().zip(answers) {
            let count = counts.get_mut(&entry.read.stream).unwrap();
            if stored.insert((entry.read.stream, entry.read.key())) {
                position += 1;
                count.0 += 1;
                prop_assert_eq!(answer, Appended::New { position });
            } else {
                count.1 += 1;
                prop_assert_eq!(answer, Appended::Duplicate);
            }
        }
        prop_assert_eq!(store.last_position().await.unwrap(), position);
    }
    for side in [harbour, meadow] {
        let totals = store.stream_totals(&side.scope, side.stream).await.unwrap();
        prop_assert_eq!((totals.reads, totals.duplicates), counts[&side.stream]);
    }
    Ok(())
}
