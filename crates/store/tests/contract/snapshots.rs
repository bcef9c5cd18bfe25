//! A copy of the whole database, made while others write.

use crate::{
    database::{Database, Home},
    scratch::Scratch,
    world::{World, new_event},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Contents, Location, OpenMode, PostgresAddress, Store, StoreError};

async fn open(file: &Path) -> Arc<dyn Store> {
    let location = Location::Sqlite(file.to_owned());
    store::open(&location, OpenMode::AsIs).await.unwrap()
}

fn in_new_folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy's.sqlite");
    (folder, file)
}

#[tokio::test]
async fn a_copy_is_the_whole_database() {
    let world = World::new(Database::Sqlite).await;
    let (folder, copy) = in_new_folder();
    let contents = store::snapshot(&world.home.location(), &copy)
        .await
        .unwrap();
    let expected = Contents {
        schema: contents.schema,
        partners: 2,
        events: 2,
        participants: 2,
        displays: 2,
        reads: 2,
    };
    assert_eq!(contents, expected);
    assert!(contents.schema > 0);
    assert_eq!(store::check_snapshot(&copy).await.unwrap(), contents);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["copy's.sqlite"], "something lies beside the copy");

    let before = world.home.dump().await;
    let home = Home::File(folder);
    std::fs::rename(&copy, home.file()).unwrap();
    assert_eq!(home.dump().await, before);
    // It is one like any other.
    let store = home.open().await;
    let scope = &world.harbour.scope;
    store.create_event(scope, new_event("Later")).await.unwrap();
    let entry = world.harbour.entry("FINISH", "102", 1);
    store.append_reads(&[entry]).await.unwrap();
    assert_eq!(store.last_position().await.unwrap(), 3);
}

/// What was stored before is in it, nothing is in it in part, and the journal goes on meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_is_of_one_moment() {
    const BATCH: u64 = 25;
    let world = Arc::new(World::new(Database::Sqlite).await);
    let stored = Arc::new(AtomicU64::new(2));
    let writer = tokio::spawn({
        let (world, stored) = (Arc::clone(&world), Arc::clone(&stored));
        async move {
            for batch in 0..400 {
                let from = batch * BATCH as i64;
                let entry = |place: i64| {
                    let place = from + place;
                    world.harbour.entry("FINISH", &place.to_string(), 1 + place)
                };
                let batch: Vec<_> = (0..BATCH as i64).map(entry).collect();
                world.store.append_reads(&batch).await.unwrap();
                stored.fetch_add(BATCH, Ordering::SeqCst);
            }
        }
    });
    let mut copies = 0;
    while !writer.is_finished() {
        let (_folder, copy) = in_new_folder();
        let before = stored.load(Ordering::SeqCst);
        let contents = store::snapshot(&world.home.location(), &copy)
            .await
            .unwrap();
        assert!(contents.reads >= before, "{} of {before}", contents.reads);
        assert_eq!(contents.reads % BATCH, 2, "a transaction is in it in part");
        let store = open(&copy).await;
        assert_eq!(store.last_position().await.unwrap(), contents.reads);
        store.close().await;
        copies += 1;
    }
    writer.await.unwrap();
    assert!(copies > 1, "nothing was copied while the journal wrote");
}

#[tokio::test]
async fn a_copy_that_is_damaged_is_refused() {
    let world = World::new(Database::Sqlite).await;
    let (_folder, copy) = in_new_folder();
    store::snapshot(&world.home.location(), &copy)
        .await
        .unwrap();
    let whole = std::fs::read(&copy).unwrap();
    let check = async |bytes: Vec<u8>| {
        std::fs::write(&copy, &bytes).unwrap();
        let error = store::check_snapshot(&copy).await.unwrap_err();
        assert!(
            matches!(
                error,
                StoreError::Corrupt { .. } | StoreError::NotOurs { .. }
            ),
            "{error}"
        );
    };
    check(Vec::new()).await;
    check(b"bib,name\n".repeat(2_000)).await;
    check(whole[..whole.len() / 2].to_vec()).await;
    // Pages of it zeroed, as a disk that lost them gives them back.
    for page in [0, 3, 7] {
        let mut spoilt = whole.clone();
        spoilt[page * 4_096..(page + 1) * 4_096].fill(0);
        check(spoilt).await;
    }
}

#[tokio::test]
async fn a_copy_of_a_newer_schema_is_refused() {
    let world = World::new(Database::Sqlite).await;
    let (_folder, copy) = in_new_folder();
    store::snapshot(&world.home.location(), &copy)
        .await
        .unwrap();
    let mut raw = crate::database::raw(copy.clone()).await;
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut raw)
    .await
    .unwrap();
    drop(raw);
    let error = store::check_snapshot(&copy).await.unwrap_err();
    assert!(
        matches!(error, StoreError::TooNew { found: 9999, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn where_there_is_no_database_there_is_no_copy() {
    let (folder, copy) = in_new_folder();
    let nothing = Location::Sqlite(folder.path().join("none.sqlite"));
    let error = store::snapshot(&nothing, &copy).await.unwrap_err();
    assert!(matches!(error, StoreError::NoDatabase { .. }), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let world = World::new(Database::Sqlite).await;
    let nowhere = folder.path().join("gone/copy.sqlite");
    let error = store::snapshot(&world.home.location(), &nowhere)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error}");
}

/// A PostgreSQL with two partners, and its copy by a login that sees all rows.
async fn copied_server() -> (World, Contents, tempfile::TempDir, PathBuf) {
    let world = World::new(Database::Postgres).await;
    let (folder, copy) = in_new_folder();
    let Home::Server(scratch) = &world.home else {
        panic!("it is a server");
    };
    let contents = store::snapshot(&scratch.location_of_superuser(), &copy)
        .await
        .unwrap();
    (world, contents, folder, copy)
}

fn address(location: Location) -> PostgresAddress {
    match location {
        Location::Postgres(address) => address,
        Location::Sqlite(file) => panic!("{file:?} is a file"),
    }
}

#[tokio::test]
async fn a_copy_of_a_server_comes_back_whole_with_its_walls() {
    let (world, contents, _folder, copy) = copied_server().await;
    assert_eq!((contents.partners, contents.reads), (2, 2));
    let Home::Server(scratch) = &world.home else {
        panic!("it is a server");
    };
    let all_rows = async |of: &Scratch| {
        let home = of.location_of_superuser();
        let (_folder, again) = in_new_folder();
        store::snapshot(&home, &again).await.unwrap()
    };
    let other = Scratch::empty().await;
    let load = async |into: &Scratch| {
        store::load_snapshot(&address(into.location()), &copy, &contents).await
    };
    let error = load(scratch).await.unwrap_err();
    assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    load(&other).await.unwrap();
    assert_eq!(all_rows(&other).await, contents);
    assert_eq!(all_rows(scratch).await, contents);

    // It is one like any other: it opens, its walls stand, and its journal goes on.
    let home = Home::Server(other);
    let store = home.open().await;
    let found = store.events(&world.harbour.scope).await.unwrap();
    assert_eq!(found.len(), 1);
    let entry = world.harbour.entry("FINISH", "102", 1);
    store.append_reads(&[entry]).await.unwrap();
    assert_eq!(store.last_position().await.unwrap(), 3);
    let seen = home.texts("SELECT id::text FROM event".to_owned()).await;
    assert!(seen.is_empty(), "the login sees rows past the walls");
}

#[tokio::test]
async fn a_server_that_was_only_migrated_counts_as_empty() {
    let (_world, contents, _folder, copy) = copied_server().await;
    let migrated = Scratch::new().await;
    store::load_snapshot(&address(migrated.location()), &copy, &contents)
        .await
        .unwrap();
    // Now it is not.
    let error = store::load_snapshot(&address(migrated.location()), &copy, &contents)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
}

#[tokio::test]
async fn a_login_behind_the_walls_makes_no_copy() {
    let world = World::new(Database::Postgres).await;
    let (folder, copy) = in_new_folder();
    let error = store::snapshot(&world.home.location(), &copy)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Walled { .. }), "{error}");
    assert!(error.to_string().contains("GANTRY_BACKUP_DATABASE_URL"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_copy_that_cannot_be_loaded_leaves_the_server_empty() {
    let (_world, contents, _folder, copy) = copied_server().await;
    let whole = std::fs::read(&copy).unwrap();
    let target = Scratch::empty().await;
    let address = address(target.location());
    std::fs::write(&copy, &whole[..whole.len() * 2 / 3]).unwrap();
    let error = store::load_snapshot(&address, &copy, &contents)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::ToolFailed { .. }), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
    let newer = Contents {
        schema: 9_999,
        ..contents
    };
    let error = store::load_snapshot(&address, &copy, &newer)
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::TooNew { .. }), "{error}");

    std::fs::write(&copy, &whole).unwrap();
    store::load_snapshot(&address, &copy, &contents)
        .await
        .unwrap();
}
