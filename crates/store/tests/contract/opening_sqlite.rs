use crate::{
    database::{Database, raw},
    world::World,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{Location, OpenMode, Store, StoreError};

async fn open(file: &Path, mode: OpenMode) -> Result<Arc<dyn Store>, StoreError> {
    store::open(&Location::Sqlite(file.to_owned()), mode).await
}

#[tokio::test]
async fn opening_makes_a_database_once_and_finds_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gantry.db");
    let store = open(&file, OpenMode::Migrate).await.unwrap();
    let partner = store.create_partner("Harbour Timing").await.unwrap();
    store.close().await;

    for mode in [OpenMode::AsIs, OpenMode::Migrate] {
        let store = open(&file, mode).await.unwrap();
        assert_eq!(store.partners().await.unwrap()[0].id, partner);
        store.close().await;
    }
}

#[tokio::test]
async fn an_empty_file_becomes_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gantry.db");
    std::fs::write(&file, b"").unwrap();
    let store = open(&file, OpenMode::Migrate).await.unwrap();
    assert!(store.partners().await.unwrap().is_empty());
}

#[tokio::test]
async fn without_migration_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gantry.db");
    let error = open(&file, OpenMode::AsIs).await.unwrap_err();
    assert!(matches!(error, StoreError::NoDatabase { .. }), "{error}");
    assert!(!file.exists());
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none").join("gantry.db");
    let error = open(&file, OpenMode::Migrate).await.unwrap_err();
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gantry.db");

    for content in ["short".to_owned(), "bib,name\n101,Ada\n".repeat(1_000)] {
        std::fs::write(&file, &content).unwrap();
        let error = open(&file, OpenMode::Migrate).await.unwrap_err();
        assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
    }

    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, b"").unwrap();
    let mut other = raw(file.clone()).await;
    sqlx::raw_sql("CREATE TABLE scores (bib TEXT)")
        .execute(&mut other)
        .await
        .unwrap();
    drop(other);
    let before = std::fs::read(&file).unwrap();
    let error = open(&file, OpenMode::Migrate).await.unwrap_err();
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_newer_schema_is_refused_untouched() {
    let world = World::new(Database::Sqlite).await;
    world.store.close().await;
    let mut raw = raw(world.home.file()).await;
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0); PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .execute(&mut raw)
    .await
    .unwrap();
    let before = std::fs::read(world.home.file()).unwrap();
    for mode in [OpenMode::AsIs, OpenMode::Migrate] {
        let error = open(&world.home.file(), mode).await.unwrap_err();
        assert!(
            matches!(error, StoreError::TooNew { found: 9999, .. }),
            "{error}"
        );
        assert_eq!(error.to_string().lines().count(), 1);
    }
    assert_eq!(std::fs::read(world.home.file()).unwrap(), before);
}

/// A copy that broke off is not taken for somebody else's file: what it says, people do.
#[tokio::test]
async fn a_file_that_was_cut_off_is_damaged_and_not_foreign() {
    let world = World::new(Database::Sqlite).await;
    world.store.close().await;
    let bytes = std::fs::read(world.home.file()).unwrap();
    for length in [1_024, 4_096, bytes.len() / 2, bytes.len() - 4_096] {
        std::fs::write(world.home.file(), &bytes[..length]).unwrap();
        let error = match open(&world.home.file(), OpenMode::Migrate).await {
            Err(error) => error,
            Ok(_) => panic!("one of {length} bytes was taken"),
        };
        assert!(
            matches!(error, StoreError::Corrupt { .. }),
            "{length}: {error}"
        );
        assert_eq!(std::fs::read(world.home.file()).unwrap(), bytes[..length]);
    }
}

#[tokio::test]
async fn a_damaged_file_says_so() {
    let world = World::new(Database::Sqlite).await;
    world.store.close().await;
    let mut bytes = std::fs::read(world.home.file()).unwrap();
    for byte in &mut bytes[4_096..] {
        *byte = 0xa5;
    }
    std::fs::write(world.home.file(), &bytes).unwrap();
    let error = match open(&world.home.file(), OpenMode::AsIs).await {
        Err(error) => error,
        Ok(store) => store.partners().await.unwrap_err(),
    };
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert_eq!(std::fs::read(world.home.file()).unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_make_one_database_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gantry.db");
    let opening: Vec<_> = (0..8)
        .map(|number| tokio::spawn(open_and_write(file.clone(), number)))
        .collect();
    for opened in opening {
        opened.await.unwrap();
    }
    let store = open(&file, OpenMode::AsIs).await.unwrap();
    assert_eq!(store.partners().await.unwrap().len(), 8);
}

async fn open_and_write(file: PathBuf, number: u8) {
    let store = open(&file, OpenMode::Migrate).await.unwrap();
    store
        .create_partner(&format!("Partner {number}"))
        .await
        .unwrap();
}
