//! A database that is damaged, or of a newer Gantry: `gantry serve` ends with one line that says
//! what to do, and leaves the file as it was for whoever can save it.

use crate::{
    database,
    device::NewDevice,
    race::{Race, Session},
    site::Site,
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::Stdio,
};

const PAGE_BYTES: usize = 4096;
const READS: u64 = 300;
/// What no page of a database begins with.
const JUNK: u8 = 0xa5;

/// A database with reads in it, all in the one file.
async fn stored() -> (Race, Vec<u8>) {
    let race = Race::on(Site::new());
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    device.read(&Session::default().burst(&["FINISH"], 1, READS));
    race.stored(READS as usize).await;
    server.kill();
    run_sql(&race.site.database(), "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let bytes = fs::read(race.site.database()).unwrap();
    (race, bytes)
}

async fn run_sql(file: &Path, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The database is these bytes and nothing else.
fn put(site: &Site, bytes: &[u8]) {
    let file = site.database();
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", file.display()));
    }
    fs::write(file, bytes).unwrap();
}

/// Starts a server on the database: it comes up, and is ended again, or says one line.
fn start(site: &Site) -> Result<(), String> {
    let mut command = site.command();
    let any = "127.0.0.1:0";
    command.args(["serve", "--http-addr", any, "--timing-addr", any]);
    command.env("GANTRY_LOG", "off");
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut first = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut first).unwrap();
    if !first.is_empty() {
        child.kill().unwrap();
        child.wait().unwrap();
        return Ok(());
    }
    let status = child.wait().unwrap();
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("gantry: ") && said.lines().count() == 1,
        "not one line but: {said}"
    );
    Err(said)
}

/// The server refuses the database with a line that has all these parts, as often as it is
/// started, and commands do too; the file stays as it is.
#[track_caller]
fn assert_refused(race: &Race, bytes: &[u8], parts: &[&str]) {
    put(&race.site, bytes);
    for _ in 0..2 {
        let said = start(&race.site).unwrap_err();
        for part in parts {
            assert!(said.contains(part), "not {part:?} but: {said}");
        }
    }
    race.site
        .fails(&["partner", "create", "--name", "Beech Timing"]);
    race.site.fails(&["stream", "list", "--event", &race.event]);
    let after = fs::read(race.site.database()).unwrap();
    assert!(after == bytes, "the file was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_refused_and_left_as_it_is() {
    let (race, good) = stored().await;
    let damaged = |damage: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        damage(&mut bytes);
        bytes
    };
    let header = damaged(&|bytes| bytes[..100].fill(JUNK));
    assert_refused(&race, &header, &["gantry.sqlite", "not a gantry database"]);
    let schema = damaged(&|bytes| bytes[100..PAGE_BYTES].fill(JUNK));
    assert_refused(&race, &schema, &["damaged", "restore a backup"]);
    let all_but_the_first = damaged(&|bytes| bytes[PAGE_BYTES..].fill(JUNK));
    assert_refused(&race, &all_but_the_first, &["damaged", "restore a backup"]);
    for length in [PAGE_BYTES, good.len() / 2, good.len() - PAGE_BYTES] {
        let cut = damaged(&|bytes| bytes.truncate(length));
        assert_refused(&race, &cut, &["damaged", "restore a backup"]);
    }
    put(&race.site, &good);
    start(&race.site).unwrap();
    assert_eq!(database::assert_sound(&race.site.database()).await, READS);
}

/// Each page in its turn. Where the server needs it, it is refused; where it comes up all the same,
/// nobody is told wrong reads.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_page_is_told_or_does_not_matter() {
    let (race, good) = stored().await;
    let expected = race.export();
    let export = ["export", "reads", "--event", &race.event];
    let export = [&["--json"], &export[..], &["--format", "json"]].concat();
    let (mut refused, mut up) = (0, 0);
    for page in 1..good.len() / PAGE_BYTES {
        let mut bytes = good.clone();
        bytes[page * PAGE_BYTES..][..PAGE_BYTES].fill(JUNK);
        put(&race.site, &bytes);
        match start(&race.site) {
            Err(said) => {
                let tells = said.contains("damaged") && said.contains("restore a backup");
                assert!(tells, "page {page}: {said}");
                let after = fs::read(race.site.database()).unwrap();
                assert!(after == bytes, "page {page}: the file was changed");
                refused += 1;
            }
            Ok(()) => {
                let output = race.site.run(&export);
                if output.status.success() {
                    let reads: Vec<serde_json::Value> =
                        serde_json::from_slice(&output.stdout).unwrap();
                    assert_eq!(reads, expected, "page {page}");
                } else {
                    let said = String::from_utf8(output.stderr).unwrap();
                    assert!(said.contains("damaged"), "page {page}: {said}");
                }
                up += 1;
            }
        }
    }
    eprintln!("{refused} pages were missed, {up} were not");
    assert!(refused > 0, "no page was missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_gantry_is_refused_and_left_as_it_is() {
    let (race, _) = stored().await;
    run_sql(
        &race.site.database(),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0);
         PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .await;
    let bytes = fs::read(race.site.database()).unwrap();
    assert_refused(&race, &bytes, &["newer", "9999", "use the newer one"]);
}
