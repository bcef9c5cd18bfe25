//! From every earlier schema to the newest, with data in it. Each older one is made from the newest
//! by the way back that `migrations/README.md` writes down, so that this is tried too.

use crate::{
    database::{Database, Home},
    world::World,
};
use store::{Appended, OpenMode, StoreError};

const WRITTEN: &str = include_str!("../../../../migrations/README.md");

/// Of the versions after the first, newest first: what takes each off again.
fn ways_back(on: Database) -> Vec<(u32, String)> {
    let mut ways = Vec::new();
    for section in WRITTEN.split("\n### ").skip(1) {
        let version: u32 = section[..4].parse().unwrap();
        let its_own = match on {
            Database::Sqlite => "SQLite:\n",
            Database::Postgres => "PostgreSQL:\n",
        };
        let is_of_both = !section.contains("SQLite:\n") && !section.contains("PostgreSQL:\n");
        let has_it = matches!(on, Database::Sqlite) || !section.contains("SQLite only");
        let block = match section.split_once(its_own) {
            Some((_, rest)) => rest,
            None if is_of_both && has_it => section,
            None => continue,
        };
        if let Some((_, block)) = block.split_once("```sql\n") {
            let (sql, _) = block.split_once("```").unwrap();
            ways.push((version, sql.to_owned()));
        }
    }
    ways.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    ways
}

async fn every_older_schema_asks_for_migration_and_keeps_its_data(on: Database) {
    let world = World::new(on).await;
    world.store.close().await;
    let indexes = indexes(&world.home).await;
    let ways = ways_back(on);
    let newest = ways.first().unwrap().0;
    for (version, sql) in ways {
        world.home.execute(format!("BEGIN; {sql} COMMIT;")).await;
        let before = world.home.dump().await;
        let error = store::open(&world.home.location(), OpenMode::AsIs).await;
        let error = error.unwrap_err();
        let StoreError::TooOld { found, known, .. } = error else {
            panic!("{error}");
        };
        assert!(
            found < i64::from(version) && known == i64::from(newest),
            "{error}"
        );
        assert_eq!(world.home.dump().await, before);
        goes_on(&world.home, &world).await;
        assert_eq!(self::indexes(&world.home).await, indexes);
        // And back to where it was, for the next one.
        for (later, sql) in ways_back(on) {
            if later >= version {
                world.home.execute(format!("BEGIN; {sql} COMMIT;")).await;
            }
        }
    }
}

async fn indexes(home: &Home) -> Vec<String> {
    let named = match home {
        Home::File(_) => {
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY sql"
        }
        Home::Server(_) => {
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef"
        }
    };
    home.texts(named.to_owned()).await
}

/// What is stored is known again, and what is new goes on behind it.
async fn goes_on(home: &Home, world: &World) {
    let store = home.open().await;
    let known = store.last_position().await.unwrap();
    let again = [world.harbour.entry("FINISH", "101", 0)];
    let answer = store.append_reads(&again).await.unwrap();
    assert!(!matches!(answer[0], Appended::New { .. }), "{answer:?}");
    let new = [world.harbour.entry("FINISH", &format!("9{known}"), 1)];
    let answer = store.append_reads(&new).await.unwrap();
    assert_eq!(
        answer,
        [Appended::New {
            position: known + 1
        }]
    );
    let people = store
        .participants(&world.harbour.scope, world.harbour.event)
        .await
        .unwrap();
    assert!(!people.is_empty());
    store.close().await;
}

on_both!(every_older_schema_asks_for_migration_and_keeps_its_data);
