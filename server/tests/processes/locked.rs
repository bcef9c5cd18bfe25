//! The database is locked by another program: reads go on to the screens, and are stored later.

use crate::{
    database,
    device::{Device, NewDevice},
    race::{Race, Session, now},
    screen::Screen,
    server::Server,
    site::Site,
    studio::Studio,
    wait::{until, until_within},
};
use service::limits::UNJOURNALLED_BYTES_MAX;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::{
    process::Stdio,
    time::{Duration, Instant},
};
use timing::ctp01::DeviceRead;
use tokio::time::sleep;

on_both!(
    reads_go_on_to_the_screens_while_the_database_is_locked,
    a_first_connection_is_started_once_the_lock_is_gone,
    a_full_queue_makes_devices_wait_and_loses_nothing,
);

/// The store waits for the lock for 10 s before it says so.
const WAIT_MAX: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Keeps everybody from writing, as a backup tool or a stuck process does. Reading goes on.
enum Lock {
    File(SqliteConnection),
    Postgres(PgConnection),
}

impl Lock {
    async fn hold(site: &Site) -> Self {
        let Some(database) = site.postgres() else {
            let mut file = database::open(&site.database()).await;
            file.execute("BEGIN IMMEDIATE").await.unwrap();
            return Self::File(file);
        };
        let mut connection = database.connect().await;
        let tables: String = sqlx::query_scalar(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
             WHERE schemaname = current_schema()",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        let lock = format!("BEGIN; LOCK TABLE {tables} IN EXCLUSIVE MODE");
        connection.execute(AssertSqlSafe(lock)).await.unwrap();
        Self::Postgres(connection)
    }

    async fn release(self) {
        match self {
            Self::File(mut file) => {
                file.execute("ROLLBACK").await.unwrap();
                file.close().await.unwrap();
            }
            Self::Postgres(mut connection) => {
                connection.execute("ROLLBACK").await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }
}

async fn reads_go_on_to_the_screens_while_the_database_is_locked(site: Site) {
    let race = Race::on(site);
    let server = race.site.serve().await;
    let mut studio = Studio::open(&race, &server).await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("FINISH", 1, now())];
    device.read(&sent);
    race.stored(1).await;
    server.says_ready().await;

    let lock = Lock::hold(&race.site).await;
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
    studio.hears("journal-refused").await;
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
    server.says_ready().await;
    assert!(!screen.arrival("9").unwrap().late);
}

/// The very first connection needs a rule to be written down before it is started.
async fn a_first_connection_is_started_once_the_lock_is_gone(site: Site) {
    let race = Race::on(site);
    let server = race.site.serve().await;
    let lock = Lock::hold(&race.site).await;
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

/// More reads than may wait in memory: the server stops reading the socket, hangs up on nobody,
/// and stores every read once the lock is gone. The screens go on all the while.
async fn a_full_queue_makes_devices_wait_and_loses_nothing(site: Site) {
    // As long as a line may be, so that few fill the queue; the system's own buffers hold some.
    const READS: usize = 14_000;
    const FILLER_BYTES: usize = 3_900;
    let race = Race::on(site);
    let server = race.site.serve().await;
    let mut studio = Studio::open(&race, &server).await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["START"]).dial(server.ports.timing);
    let other = NewDevice::named("mat-2", &["FINISH"]).dial(server.ports.timing);
    device.started().await;
    other.started().await;
    let memory_before = server.memory_bytes();

    let lock = Lock::hold(&race.site).await;
    let mut session = Session::default();
    let long = |bib: usize| DeviceRead {
        occurrence: "1".repeat(FILLER_BYTES),
        ..session.read("START", bib, now())
    };
    let sent: Vec<_> = (1..=READS).map(long).collect();
    assert!(sent.iter().map(size_queued).sum::<usize>() > UNJOURNALLED_BYTES_MAX * 3 / 2);
    device.read(&sent);
    let written = stalled(&mut studio, &device).await;
    assert!(written < READS, "all {written} reads were taken");
    let (ready, why) = server.readiness().await;
    assert!(!ready, "it says that it is ready: {why}");
    let memory_full = server.memory_bytes();

    // What is read at another mat is shown, though it can be stored as little.
    other.read(&[session.read("FINISH", 7, now())]);
    screen.shows("7").await;
    // Nobody is let go, and nothing more is taken.
    assert_eq!(stalled(&mut studio, &device).await, written);
    assert_eq!(race.count("reads"), 0);

    lock.release().await;
    race.stored(READS + 1).await;
    assert_eq!(database::tags_stored(&race.site).await, (READS + 1, READS));
    assert_eq!(race.count("duplicates"), 0);
    for device in [device, other] {
        assert_eq!(device.known().connections, 1);
        device.heard_out().await;
    }
    server.says_ready().await;
    eprintln!("{written} of {READS} reads were on their way");
    if let (Some(before), Some(full)) = (memory_before, memory_full) {
        let grown = full.saturating_sub(before);
        eprintln!("memory grew by {} MiB", grown / 1024 / 1024);
        assert!(
            grown < 2 * UNJOURNALLED_BYTES_MAX,
            "it grew by {grown} bytes"
        );
    }
}

/// As the queue counts it: the read, with its text once more in the line it came in.
fn size_queued(read: &DeviceRead) -> usize {
    2 * read.occurrence.len()
}

/// Waits until the server says that its queue is full and takes nothing more of the device, and
/// gives how many reads the device has written by then.
async fn stalled(studio: &mut Studio, device: &Device) -> usize {
    let began = Instant::now();
    loop {
        let before = device.known().written;
        // That nothing moves shows only in time.
        sleep(Duration::from_millis(500)).await;
        let alarms = studio.alarms().await;
        let written = device.known().written;
        if written == before && alarms.iter().any(|alarm| alarm.contains("journal-full")) {
            return written;
        }
        assert!(began.elapsed() < WAIT_MAX, "{written} reads, and no end");
    }
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
