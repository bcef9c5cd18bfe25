//! The database is locked by another program: reads go on to the screens, and are stored later.

use crate::{
    device::NewDevice,
    race::{Race, Session, now},
    screen::Screen,
    server::Server,
    wait::{until, until_within},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// The store waits for the lock for 10 s before it says so.
const WAIT_MAX: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(100);

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
    // Somebody at the shell is told in the end, and nothing is half done.
    let mut asked = race.site.command();
    asked.args(["partner", "create", "--name", "Beech Timing"]);
    let asked = asked.stderr(Stdio::piped()).spawn().unwrap();
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

    let why = unready(&server).await;
    assert!(why.contains("busy") || why.contains("locked"), "{why}");
    let (_, page) = server.get("/").await;
    assert!(page.contains("database"), "{page}");
    let refused = asked.wait_with_output().unwrap();
    assert!(!refused.status.success());
    let refused = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.starts_with("gantry: ") && refused.lines().count() == 1,
        "{refused}"
    );

    lock.release().await;
    race.stored(sent.len() + 1).await;
    until("the journal writes again", || {
        server.log().contains("writes again").then_some(())
    })
    .await;
    assert_eq!(server.readiness().await, (true, "ok".to_owned()));
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

/// Waits until the server says that it is not ready, and gives why.
async fn unready(server: &Server) -> String {
    let began = Instant::now();
    loop {
        let (ready, journal) = server.readiness().await;
        if !ready {
            return journal;
        }
        assert!(began.elapsed() < WAIT_MAX, "it goes on being ready");
        sleep(LOOK_EVERY).await;
    }
}
