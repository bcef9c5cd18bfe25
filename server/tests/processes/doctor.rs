//! `gantry doctor`: on installs that are well, and on such as are not. It changes nothing.

use crate::{
    race::Race,
    server::{Ports, Server},
    site::Site,
    wait::until_async,
};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    net::TcpListener,
    path::Path,
    time::{Duration, Instant},
};

const ANY_PORTS: [&str; 4] = ["--http-addr", "127.0.0.1:0", "--timing-addr", "127.0.0.1:0"];

/// All its limits together, with time to spare on a computer that does other things too.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// What the doctor said, by check.
struct Report(BTreeMap<String, Value>);

impl Report {
    /// Asks it for a site, and holds what is true of every report.
    #[track_caller]
    fn of(site: &Site, words: &[&str]) -> Self {
        let before = contents(site.folder());
        let started = Instant::now();
        let output = site.run(&[&["--json", "doctor"], words].concat());
        assert!(
            started.elapsed() < ANSWER_MAX,
            "it took {:?}",
            started.elapsed()
        );
        assert_eq!(contents(site.folder()), before, "something changed");

        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.success(), report["ok"] == true, "{report}");
        let findings = report["findings"].as_array().unwrap();
        let bad = findings.iter().any(|finding| finding["state"] == "bad");
        assert_eq!(report["ok"], !bad, "{report}");
        for finding in findings {
            let well = finding["state"] == "ok";
            assert_eq!(finding["advice"].is_null(), well, "{finding}");
        }
        let name = |finding: &Value| finding["check"].as_str().unwrap().to_owned();
        Self(
            findings
                .iter()
                .map(|finding| (name(finding), finding.clone()))
                .collect(),
        )
    }

    #[track_caller]
    fn says(&self, check: &str, state: &str, part: &str) {
        let finding = &self.0[check];
        assert_eq!(finding["state"], state, "{finding}");
        assert!(
            finding.to_string().contains(part),
            "{part:?} is not in {finding}"
        );
    }
}

/// Every file with a number for what is in it, but for SQLite's shared memory, where readers leave
/// marks.
fn contents(folder: &Path) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(contents(&path));
            found.insert(name, 0);
        } else if name.ends_with("-shm") {
            found.insert(name, 0);
        } else {
            let mut hasher = DefaultHasher::new();
            fs::read(&path).unwrap().hash(&mut hasher);
            found.insert(name, hasher.finish());
        }
    }
    found
}

fn flags<'a>(http: &'a str, timing: &'a str) -> [&'a str; 4] {
    ["--http-addr", http, "--timing-addr", timing]
}

fn ports_of(server: &Server) -> (String, String) {
    (
        server.ports.http.to_string(),
        server.ports.timing.to_string(),
    )
}

fn with_database() -> Site {
    let site = Site::new();
    site.id(&["partner", "create", "--name", "Alder Timing"]);
    site
}

async fn change_database(site: &Site, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(site.database());
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(statement)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

#[test]
fn a_new_install_is_well() {
    let site = Site::new();
    let report = Report::of(&site, &ANY_PORTS);
    report.says("settings", "ok", "GANTRY_DATA_DIR");
    report.says("data folder", "ok", "not there yet");
    report.says("database", "warning", "gantry serve");
    report.says("clock", "ok", "timing box");
    report.says("backup folder", "warning", "gantry backup FILE");
    assert!(
        !report.0.contains_key("backup programs"),
        "a file takes none"
    );
    report.says("screens", "warning", "gantry serve --lan");
    report.says("timing software", "warning", "127.0.0.1 port");
    for check in [
        "disk space",
        "disk speed",
        "web port",
        "timing port",
        "open files",
    ] {
        assert!(report.0.contains_key(check), "{check}");
    }
    fs::create_dir(site.folder().join("data")).unwrap();
    let report = Report::of(&site, &ANY_PORTS);
    report.says("data folder", "ok", "no server works in it");
    report.says("database", "warning", "none yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_lines_that_can_be_read_aloud() {
    let site = with_database();
    let output = site.run(&[&["doctor"], &ANY_PORTS[..]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "nothing in between");
    let database = text
        .lines()
        .find(|line| line.starts_with("database "))
        .unwrap();
    assert!(database.contains(" ok "), "{database}");
    assert!(text.contains("What to do: "), "{text}");
    assert!(text.lines().last().unwrap().ends_with('.'), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_running_server_all_is_well_and_stays_so() {
    let race = Race::new();
    let server = race.site.serve().await;
    let (http, timing) = ports_of(&server);
    let report = Report::of(&race.site, &flags(&http, &timing));
    report.says("data folder", "ok", "a server works in it (process ");
    report.says("database", "ok", "0 reads stored");
    report.says("web port", "ok", "is ready");
    report.says("timing port", "ok", "the running Gantry");
    server.says_ready().await;

    // Somebody asks with other flags than those of the server.
    let report = Report::of(&race.site, &flags(&timing, "127.0.0.1:0"));
    report.says("web port", "bad", "another program");
    // Somebody asks in another folder.
    let other = Site::new();
    let report = Report::of(&other, &flags(&http, &timing));
    report.says("web port", "warning", "another data folder");
    assert!(server.terminate().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_is_told_and_not_waited_for() {
    let race = Race::new();
    let server = race.site.serve().await;
    let (http, timing) = ports_of(&server);
    server.freeze().await;
    let report = Report::of(&race.site, &flags(&http, &timing));
    report.says("web port", "bad", "does not answer");
    report.says("database", "ok", "up to date");
    server.go_on();
    let report = Report::of(&race.site, &flags(&http, &timing));
    report.says("web port", "ok", "is ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_of_another_program_is_told() {
    let held = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (web, timing) = (held(), held());
    let address = |held: &TcpListener| held.local_addr().unwrap().to_string();
    let (web, timing) = (address(&web), address(&timing));
    let site = with_database();
    let report = Report::of(&site, &flags(&web, &timing));
    report.says("web port", "bad", "taken by another program");
    report.says("timing port", "bad", "taken by another program");

    // The server runs all the same without its timing port, and says so.
    let ports = Ports {
        timing: timing.parse().unwrap(),
        ..Ports::any()
    };
    let server = site.serve_at(ports).await;
    let (http, _) = ports_of(&server);
    let report = Report::of(&site, &flags(&http, &timing));
    report.says("web port", "ok", "is ready");
    report.says("timing port", "bad", "taken by another program");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_none_is_told_and_left_alone() {
    let site = Site::new();
    fs::create_dir(site.folder().join("data")).unwrap();
    site.file("data/gantry.sqlite", "this is a letter and no database");
    Report::of(&site, &ANY_PORTS).says("database", "bad", "no Gantry database");

    // The beginning is whole, and what follows is not.
    let site = with_database();
    let mut bytes = fs::read(site.database()).unwrap();
    bytes[100..].fill(0xA5);
    fs::write(site.database(), bytes).unwrap();
    Report::of(&site, &ANY_PORTS).says("database", "bad", "damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_another_gantry_is_told_and_left_alone() {
    let site = with_database();
    change_database(
        &site,
        "DELETE FROM _sqlx_migrations
         WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
    )
    .await;
    let report = Report::of(&site, &ANY_PORTS);
    report.says("database", "warning", "brings the database up to date");

    let site = with_database();
    change_database(
        &site,
        "UPDATE _sqlx_migrations SET version = 99999999999999
         WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
    )
    .await;
    let report = Report::of(&site, &ANY_PORTS);
    report.says("database", "bad", "newer Gantry");
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let site = Site::new();
    let below = site.file("flat", "x") + "/data";
    let report = Report::of(&site, &[&["--data-dir", &below], &ANY_PORTS[..]].concat());
    report.says("data folder", "bad", "is a file and no folder");
    // What cannot be looked at is not made up.
    assert!(!report.0.contains_key("database"));
    assert!(!report.0.contains_key("disk speed"));
}

#[test]
fn settings_that_cannot_be_read_are_told() {
    let site = Site::new();
    site.file("gantry.toml", "http_adr = 1");
    let report = Report::of(&site, &[]);
    report.says("settings", "bad", "http_adr");
    assert_eq!(report.0.len(), 1);

    let site = Site::new();
    let report = Report::of(&site, &[&["--log", "=,="], &ANY_PORTS[..]].concat());
    report.says("settings", "bad", "log filter");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_of_the_backups_is_looked_at() {
    let race = Race::new();
    let stick = race.site.folder().join("stick");
    let words = |every| {
        let stick = stick.to_str().unwrap();
        let backups = ["--backup-dir", stick, "--backup-every", every];
        [&ANY_PORTS[..], &backups].concat()
    };
    let says = |every, state, part: &str| {
        Report::of(&race.site, &words(every)).says("backup folder", state, part);
    };
    says("1h", "bad", "there is no ");
    fs::write(&stick, "x").unwrap();
    says("1h", "bad", "there is no ");
    fs::remove_file(&stick).unwrap();
    fs::create_dir(&stick).unwrap();
    says("1h", "ok", "no backup of this install in it yet");

    let mut command = race.site.command();
    command.args(["--json", "serve"]).args(words("1h"));
    let server = Server::start(command, Ports::any()).await;
    until_async("a backup is made", async || {
        let (_, body) = server.get("/readyz").await;
        body.contains("\"backup\":\"ok\"").then_some(())
    })
    .await;
    says("1h", "ok", "the newest backup is ");
    // Of another install, with another folder of data.
    let other = Site::new();
    let report = Report::of(&other, &words("1h"));
    report.says("backup folder", "ok", "no backup of this install in it yet");
    // By a setting of seconds the next one is late soon.
    until_async("it is late", async || {
        let report = Report::of(&race.site, &words("1s"));
        (report.0["backup folder"]["state"] == "warning").then_some(())
    })
    .await;
    says("1s", "warning", "/readyz");
    assert!(server.terminate().await);
    says("1s", "ok", "the newest backup is ");
}
