//! The database is locked by another program: reads go on to the screens, and are stored later.

use crate::{
    device::NewDevice,
    race::{Race, Session, now},
    screen::Screen,
    wait::{until, until_within},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::Path;

/// Holds the write lock, as a backup tool or a stuck process does.
struct Lock(SqliteConnection);

impl Lock {
    async fn hold(database: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(database);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut connection)
            .await
            .unwrap();
        Self(connection)
    }

    async fn release(mut self) {
        sqlx::query("ROLLBACK").execute(&mut self.0).await.unwrap();
        self.0.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_to_the_screens_while_the_database_is_locked() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("FINISH", 1, now())];
    device.read(&sent);
    race.stored(1).await;
    assert_eq!(server.readiness().await, (true, "ok".to_owned()));

    let lock = Lock::hold(&race.site.database()).await;
    // A second device comes while nothing can be written.
    let second = NewDevice::named("mat-2", &["START"]).dial(server.ports.timing);
    for bib in 2..=9 {
        let read = session.read("FINISH", bib, now());
        device.read(std::slice::from_ref(&read));
        screen.shows(&bib.to_string()).await;
        sent.push(read);
    }
    second.read(&[session.read("START", 1, now())]);
    second.started().await;
    assert_eq!(race.count("reads"), 1);

    let unready = async {
        loop {
            let (ready, journal) = server.readiness().await;
            if !ready {
                return journal;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let why = tokio::time::timeout(std::time::Duration::from_secs(30), unready)
        .await
        .unwrap();
    assert!(why.contains("busy") || why.contains("locked"), "{why}");
    let (_, page) = server.get("/").await;
    assert!(page.contains("database"), "{page}");
    // People at the shell are told, and wait no longer than that.
    let refused = race
        .site
        .fails(&["partner", "create", "--name", "Beech Timing"]);
    assert!(
        refused.contains("busy") || refused.contains("locked"),
        "{refused}"
    );

    lock.release().await;
    race.stored(sent.len() + 1).await;
    let ready = until_ready(&server);
    ready.await;
    assert!(!screen.arrival("9").unwrap().late);
}

/// The very first connection needs a rule to be written down before it is started.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_connection_is_started_once_the_lock_is_gone() {
    let race = Race::new();
    let server = race.site.serve().await;
    let lock = Lock::hold(&race.site.database()).await;
    let device = NewDevice::unnamed(&["FINISH"]).dial(server.ports.timing);
    let sent = Session::default().burst(&["FINISH"], 1, 20);
    device.read(&sent);
    until_within(30, "the server gives up the first try", || {
        server.log().contains("looked up").then_some(())
    })
    .await;
    lock.release().await;
    device.started().await;
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
}

async fn until_ready(server: &crate::server::Server) {
    let again = || {
        server
            .log()
            .contains("the journal writes again")
            .then_some(())
    };
    until("the journal writes again", again).await;
    assert_eq!(server.readiness().await, (true, "ok".to_owned()));
}
