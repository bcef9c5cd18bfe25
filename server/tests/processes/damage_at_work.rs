//! A database that is damaged while the server works on it: it says so, goes on showing what is
//! read, keeps the reads that it cannot store, and makes nothing worse.

use crate::{
    backups::elsewhere,
    database,
    device::{Device, NewDevice},
    load::Load,
    race::{Race, Session, now},
    screen::Screen,
    server::Server,
    studio::Studio,
    wait::until_async,
};
use sqlx::{Executor, Row};
use std::{fs::OpenOptions, os::unix::fs::FileExt, path::Path, sync::Arc};
use timing::ctp01::DeviceRead;

const PAGE_BYTES: usize = 4096;
/// What no page of a database begins with.
const JUNK: [u8; PAGE_BYTES] = [0xa5; PAGE_BYTES];

/// Pages by number, from 1 as SQLite counts them, with what was in them.
type Pages = Vec<(usize, Vec<u8>)>;

/// A race under load whose database was damaged just now.
struct Damaged {
    race: Race,
    server: Server,
    studio: Studio,
    screen: Screen,
    load: Load,
    finish: Device,
    session: Session,
    /// What was read at the finish.
    sent: Vec<DeviceRead>,
    before: Pages,
}

impl Damaged {
    /// Backed up under way to `saturday.zip`.
    async fn at_work(pages: impl AsyncFn(&Path) -> Vec<usize>) -> Self {
        let race = Race::new();
        let server = race.site.serve().await;
        let studio = Studio::open(&race, &server).await;
        let code = race.display(&["FINISH"]);
        let screen = Screen::open(server.ports.http, &code).await;
        let mats = NewDevice::named("mat-1", &["START"]).dial(server.ports.timing);
        let load = Load::start(mats, &["START"], 1_000, 10);
        let finish = NewDevice::named("mat-2", &["FINISH"]).dial(server.ports.timing);
        let mut session = Session::default();
        let sent = vec![session.read("FINISH", 1, now())];
        finish.read(&sent);
        screen.shows("1").await;
        race.stored(2_000).await;
        race.site.ok(&["backup", &elsewhere(&race, "saturday.zip")]);
        race.stored(4_000).await;

        let file = race.site.database();
        stop_with_an_empty_log(&server, &file).await;
        let pages = pages(&file).await;
        let before = overwrite(&file, pages.iter().map(|page| (*page, &JUNK[..])));
        server.go_on();
        Self {
            race,
            server,
            studio,
            screen,
            load,
            finish,
            session,
            sent,
            before,
        }
    }

    /// What is promised while it is so.
    async fn holds(&mut self) {
        let why = self.server.trouble().await;
        assert!(why.contains("the database is damaged"), "{why}");
        assert!(why.contains("restore a backup"), "{why}");
        let held = self.server.counted("gantry_reads_total").await;
        for bib in 2..=9 {
            let read = self.session.read("FINISH", bib, now());
            self.finish.read(std::slice::from_ref(&read));
            let shown = self.screen.shows(&bib.to_string()).await;
            assert!(!shown.late, "{shown:?}");
            self.sent.push(read);
        }
        until_async("the journal says it", async || {
            (self.server.counted("gantry_journal_writes").await == 0).then_some(())
        })
        .await;
        assert_eq!(self.server.get("/healthz").await.0, 200);
        self.studio.hears("the database is damaged").await;
        // None is stored, and none is forgotten: they wait.
        assert_eq!(self.server.counted("gantry_reads_total").await, held);
        assert!(self.server.counted("gantry_journal_queue_bytes").await > 0);
        assert!(!self.server.readiness().await.0);
        let log = self.server.log();
        let lines = log.lines().filter(|line| line.contains("cannot write"));
        let lines: Vec<_> = lines.collect();
        assert!(
            lines.len() == 1 && lines[0].contains("damaged"),
            "not one line that says it, but {lines:?}"
        );
        assert_eq!(self.finish.known().connections, 1);
        assert_eq!(self.screen.connections(), 1);
    }
}

/// Nothing more is read.
async fn quiet(load: Load, sent: &mut Vec<DeviceRead>) -> Arc<Device> {
    let (mats, reads) = load.stop().await;
    sent.extend(reads);
    mats
}

/// Stops the process in a moment in which all that is stored lies in the one file, so that it has
/// to look there again for whatever it needs.
async fn stop_with_an_empty_log(server: &Server, file: &Path) {
    until_async("the log is empty", async || {
        server.freeze().await;
        let mut connection = database::open(file).await;
        connection
            .execute("PRAGMA busy_timeout = 50")
            .await
            .unwrap();
        let checkpoint = connection
            .fetch_one("PRAGMA wal_checkpoint(TRUNCATE)")
            .await;
        let is_done = checkpoint.is_ok_and(|row| row.get::<i64, _>(0) == 0);
        sqlx::Connection::close(connection).await.unwrap();
        if !is_done {
            server.go_on();
        }
        is_done.then_some(())
    })
    .await;
}

/// Gives what was there.
fn overwrite<'a>(file: &Path, pages: impl Iterator<Item = (usize, &'a [u8])>) -> Pages {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(file)
        .unwrap();
    let put = |(page, bytes): (usize, &[u8])| {
        let place = ((page - 1) * PAGE_BYTES) as u64;
        let mut before = vec![0; PAGE_BYTES];
        file.read_exact_at(&mut before, place).unwrap();
        file.write_all_at(bytes, place).unwrap();
        (page, before)
    };
    pages.map(put).collect()
}

/// Where each index of the reads begins: no read can be stored without them.
async fn roots_of_indexes(file: &Path) -> Vec<usize> {
    let mut connection = database::open(file).await;
    let query = "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'read'";
    let roots: Vec<i64> = sqlx::query_scalar(query)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    assert!(!roots.is_empty());
    roots.into_iter().map(|page| page as usize).collect()
}

async fn all_but_the_first(file: &Path) -> Vec<usize> {
    let pages = file.metadata().unwrap().len() as usize / PAGE_BYTES;
    assert!(pages > 100, "hardly anything is stored");
    (2..=pages).collect()
}

/// The damage can be undone, as by whoever knows the disk. The database is then as sound as if
/// nothing had happened, and the devices send the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_made_no_worse() {
    let mut damaged = Damaged::at_work(roots_of_indexes).await;
    damaged.holds().await;
    let Damaged {
        race,
        server,
        load,
        finish,
        mut sent,
        before,
        ..
    } = damaged;
    let ports = server.kill();
    let put = before.iter().map(|(page, bytes)| (*page, &bytes[..]));
    let found = overwrite(&race.site.database(), put);
    let is_untouched = found.iter().all(|(_, bytes)| bytes[..] == JUNK);
    assert!(is_untouched, "somebody wrote into what is damaged");
    let server = race.site.serve_at(ports).await;
    let mats = quiet(load, &mut sent).await;
    race.stored(sent.len()).await;
    for device in [&*mats, &finish] {
        device.heard_out().await;
    }
    race.assert_stored_once(&sent);
    server.says_ready().await;
    assert!(server.terminate().await);
    let stored = database::assert_sound(&race.site.database()).await;
    assert_eq!(stored as usize, sent.len());
}

/// What `docs/OPERATIONS.md` says to do: stop it, restore the last backup, start it again. The
/// devices send what the backup lacks.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_in_place_of_a_damaged_database_gets_every_read_back() {
    let mut damaged = Damaged::at_work(all_but_the_first).await;
    damaged.holds().await;
    let Damaged {
        race,
        server,
        load,
        finish,
        mut sent,
        ..
    } = damaged;
    let said = race.site.fails(&["stream", "list", "--event", &race.event]);
    assert!(
        said.contains("damaged") && said.contains("restore a backup"),
        "{said}"
    );
    let file = elsewhere(&race, "sunday.zip");
    let said = race.site.fails(&["backup", &file]);
    assert!(said.contains("damaged"), "{said}");
    let mats = quiet(load, &mut sent).await;
    let ports = server.ports;
    assert!(server.terminate().await, "it did not end in order");

    let backup = elsewhere(&race, "saturday.zip");
    let restored = race.site.ok(&["restore", &backup, "--force"]);
    let aside = Path::new(restored["replaced"].as_str().unwrap());
    assert!(
        aside.join("gantry.sqlite").exists(),
        "it is kept for whoever can save it"
    );
    let server = race.site.serve_at(ports).await;
    race.stored(sent.len()).await;
    for device in [&*mats, &finish] {
        device.heard_out().await;
    }
    race.assert_stored_once(&sent);
    server.says_ready().await;
    assert!(server.terminate().await);
    database::assert_sound(&race.site.database()).await;
}
