use crate::{
    database::{Database, Home},
    scratch::{Scratch, location, run, url},
    world::World,
};
use store::{Location, OpenMode, StoreError};

async fn relations(scratch: &Scratch) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    )
    .fetch_all(&mut scratch.raw().await)
    .await
    .unwrap()
}

async fn refusal(location: &Location, mode: OpenMode) -> StoreError {
    let error = store::open(location, mode).await.unwrap_err();
    let text = error.to_string();
    assert_eq!(text.lines().count(), 1, "{text}");
    error
}

#[tokio::test]
async fn opening_makes_a_schema_once_and_finds_it_again() {
    let home = Home::Server(Scratch::empty().await);
    let store = home.open().await;
    let partner = store.create_partner("Harbour Timing").await.unwrap();
    store.close().await;
    for mode in [OpenMode::AsIs, OpenMode::Migrate] {
        let store = store::open(&home.location(), mode).await.unwrap();
        assert_eq!(store.partners().await.unwrap()[0].id, partner);
        store.close().await;
    }
}

#[tokio::test]
async fn without_migration_nothing_is_made() {
    let scratch = Scratch::empty().await;
    let error = refusal(&scratch.location(), OpenMode::AsIs).await;
    assert!(matches!(error, StoreError::NoDatabase { .. }), "{error}");
    assert!(relations(&scratch).await.is_empty());
}

#[tokio::test]
async fn a_missing_database_and_a_wrong_user_are_named() {
    let error = refusal(&location("there_is_none"), OpenMode::Migrate).await;
    assert!(matches!(&error, StoreError::CannotOpen { .. }), "{error}");
    assert!(error.to_string().contains("createdb"), "{error}");

    let stranger = url("postgres").replace("gantry@", "stranger:s3cret@");
    let stranger = Location::Postgres(stranger.parse().unwrap());
    let error = refusal(&stranger, OpenMode::Migrate).await;
    assert!(matches!(&error, StoreError::CannotOpen { .. }), "{error}");
    assert!(error.to_string().contains("user and password"), "{error}");
    assert!(!error.to_string().contains("s3cret"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().display().to_string().replace('/', "%2F");
    for url in [
        format!("postgres://ada:s3cret@{socket}/gantry"),
        // The port of nobody: "discard" (RFC 863).
        "postgres://ada:s3cret@127.0.0.1:9/gantry".to_owned(),
    ] {
        let error = refusal(&Location::Postgres(url.parse().unwrap()), OpenMode::Migrate).await;
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains("ada@"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_refused_untouched() {
    for foreign in [
        "CREATE TABLE scores (bib TEXT)",
        "CREATE VIEW scores AS SELECT 1 AS bib",
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, checksum BYTEA NOT NULL);
         INSERT INTO _sqlx_migrations VALUES (1, '\\x00'), (20240101, '\\x01')",
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, checksum BYTEA NOT NULL)",
    ] {
        let scratch = Scratch::empty().await;
        run(&mut scratch.raw().await, foreign.to_owned()).await;
        let before = relations(&scratch).await;
        for mode in [OpenMode::AsIs, OpenMode::Migrate] {
            let error = refusal(&scratch.location(), mode).await;
            assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
        }
        assert_eq!(relations(&scratch).await, before);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_untouched() {
    let world = World::new(Database::Postgres).await;
    world.store.close().await;
    world
        .home
        .execute(
            "INSERT INTO _sqlx_migrations
                 (version, description, success, checksum, execution_time)
             VALUES (9999, 'from the future', true, '\\x00', 0)"
                .to_owned(),
        )
        .await;
    let before = world.home.dump().await;
    for mode in [OpenMode::AsIs, OpenMode::Migrate] {
        let error = refusal(&world.home.location(), mode).await;
        assert!(
            matches!(error, StoreError::TooNew { found: 9999, .. }),
            "{error}"
        );
    }
    assert_eq!(world.home.dump().await, before);
}

/// Each earlier schema, made from the newest by the written ways back, with data in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_may_make_one_schema_at_once() {
    let scratch = Scratch::empty().await;
    let opening: Vec<_> = (0..8)
        .map(|number| tokio::spawn(open_and_write(scratch.location(), number)))
        .collect();
    for opened in opening {
        opened.await.unwrap();
    }
    let store = store::open(&scratch.location(), OpenMode::AsIs)
        .await
        .unwrap();
    assert_eq!(store.partners().await.unwrap().len(), 8);
}

async fn open_and_write(location: Location, number: u8) {
    let store = store::open(&location, OpenMode::Migrate).await.unwrap();
    store
        .create_partner(&format!("Partner {number}"))
        .await
        .unwrap();
    store.close().await;
}

/// What the role may not, the store cannot, though its login owns every table.
#[tokio::test]
async fn the_store_works_as_the_role_that_passes_no_wall() {
    let world = World::new(Database::Postgres).await;
    let revoke = "REVOKE SELECT, INSERT ON partner, node FROM gantry_app".to_owned();
    world.home.execute(revoke).await;
    let refused = |error: StoreError| assert!(error.to_string().contains("permission"), "{error}");
    refused(world.store.partners().await.unwrap_err());
    refused(world.store.create_partner("Third").await.unwrap_err());
    let entry = world.harbour.entry("FINISH", "102", 1);
    refused(world.store.append_reads(&[entry]).await.unwrap_err());
}

/// As after a restart of the server: every connection that was at rest is gone.
#[tokio::test]
async fn connections_that_were_ended_are_made_anew() {
    let world = World::new(Database::Postgres).await;
    for number in 0..5 {
        world.home.end_connections("TRUE").await;
        let entry = world.harbour.entry("FINISH", "102", 1 + number);
        world.store.append_reads(&[entry]).await.unwrap();
        world.home.end_connections("TRUE").await;
        assert_eq!(world.store.partners().await.unwrap().len(), 2);
    }
    assert_eq!(world.store.last_position().await.unwrap(), 7);
}
