//! PostgreSQL's own programs are missing or too old: whoever wants a backup is told what to do.

use crate::{
    backups::elsewhere,
    postgres::Database,
    race::Race,
    server::{Ports, Server},
    site::Site,
    small_disk::SmallDisk,
    wait::until_async,
};
use serde_json::Value;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// A folder for the `PATH`, with programs in it that do nothing but tell their release.
fn programs(site: &Site, name: &str, releases: &[(&str, &str)]) -> PathBuf {
    let folder = site.folder().join(name);
    fs::create_dir(&folder).unwrap();
    for (program, release) in releases {
        let file = folder.join(program);
        fs::write(
            &file,
            format!("#!/bin/sh\necho \"{program} (PostgreSQL) {release}\"\n"),
        )
        .unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// Where packages put each release's programs, and the server looks after the `PATH`. They are
/// covered, so that the server sees what a computer without them has.
fn covered(site: &Site) -> SmallDisk {
    let mut folders = vec![site.folder().join("nothing")];
    fs::create_dir(&folders[0]).unwrap();
    let debians = Path::new("/usr/lib/postgresql");
    folders.extend(debians.is_dir().then(|| debians.to_owned()));
    let others = fs::read_dir("/usr").unwrap().map(|entry| entry.unwrap());
    let others = others.filter(|entry| entry.file_name().to_string_lossy().starts_with("pgsql-"));
    folders.extend(others.map(|entry| entry.path()));
    SmallDisk::over(&folders, 1)
}

/// The same install on a computer whose `PATH` leads there and nowhere else.
fn with_only(database: Database, name: &str, releases: &[(&str, &str)]) -> Race {
    let mut site = Site::on_database(database);
    let path = format!("PATH={}", programs(&site, name, releases).display());
    let disk = covered(&site);
    site = site.seeing(disk).behind(&["env", &path]);
    Race::on(site)
}

/// Each says it: the command, the server's alarm with the log, and the doctor.
async fn check(releases: &[(&str, &str)], parts: &[&str]) {
    let database = Database::new();
    let past_walls = database.url_past_walls();
    let race = with_only(database, "programs", releases);
    let says = |by: &str, said: &str| {
        for part in parts {
            assert!(
                said.contains(part),
                "{by} does not say {part:?} but: {said}"
            );
        }
    };
    let login = ["--backup-database-url", &past_walls];
    let file = elsewhere(&race, "saturday.zip");
    says(
        "backup",
        &race.site.fails(&[&["backup", &file], &login[..]].concat()),
    );
    assert!(!Path::new(&file).exists());

    let stick = elsewhere(&race, "stick");
    fs::create_dir(&stick).unwrap();
    let scheduled = [&login[..], &["--backup-dir", &stick]].concat();
    let mut command = race.site.command();
    command.args(["--json", "serve"]).args(&scheduled);
    let server = Server::start(command, Ports::any()).await;
    let alarm = until_async("the alarm is raised", async || {
        let (status, body) = server.get("/readyz").await;
        assert_eq!(status, 200, "a backup is no reason not to be ready: {body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        let backup = body["backup"].as_str().unwrap().to_owned();
        (backup != "ok" && backup != "no backup has been made yet").then_some(backup)
    })
    .await;
    says("the alarm", &alarm);
    server.logs(parts[0]).await;
    let said = server.log();
    let lines: Vec<_> = said
        .lines()
        .filter(|line| line.contains(parts[0]))
        .collect();
    assert_eq!(lines.len(), 1, "{said}");
    says("the log", lines[0]);
    let (_, metrics) = server.get("/metrics").await;
    assert!(metrics.contains("\ngantry_backup_works 0\n"), "{metrics}");

    let (http, timing) = (
        server.ports.http.to_string(),
        server.ports.timing.to_string(),
    );
    let ports = ["--http-addr", &http, "--timing-addr", &timing];
    let output = race
        .site
        .run(&[&["--json", "doctor"], &ports[..], &scheduled].concat());
    assert!(!output.status.success(), "what is relied on does not work");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut findings = report["findings"].as_array().unwrap().iter();
    let found = findings
        .find(|found| found["check"] == "backup programs")
        .unwrap();
    assert_eq!(found["state"], "bad");
    says("the doctor", found["found"].as_str().unwrap());
    let advice = found["advice"].as_str().unwrap();
    assert!(
        advice.contains("install the client programs of PostgreSQL"),
        "{advice}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_are_missing_are_told() {
    check(
        &[],
        &[
            "there is no pg_dump of PostgreSQL ",
            " or newer here; install its client",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_are_too_old_are_told() {
    let old = [("pg_dump", "12.22"), ("pg_restore", "12.22")];
    let parts = [
        "there is no pg_dump of PostgreSQL ",
        "here, only one of PostgreSQL 12; install",
    ];
    check(&old, &parts).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_programs_is_not_enough() {
    let parts = [
        "there is no pg_restore of PostgreSQL ",
        " or newer here; install its client",
    ];
    check(&[("pg_dump", "99.1")], &parts).await;
}
