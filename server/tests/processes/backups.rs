//! `gantry backup` and `gantry restore`, beside a server that takes a thousand reads a second.

use crate::{
    database::assert_sound,
    device::NewDevice,
    load::Load,
    race::{Race, Session, runners},
    server::{Server, signal, stands_still},
    site::Site,
    wait::{until, until_async},
};
use serde_json::Value;
use std::{
    fs,
    io::{Read, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

/// The data folder of another install beside this one's.
pub fn elsewhere(race: &Race, name: &str) -> String {
    let path = race.site.folder().join(name);
    path.to_str().unwrap().to_owned()
}

pub fn upload(data: &Path) {
    let fonts = data.join("assets/fonts");
    fs::create_dir_all(&fonts).unwrap();
    fs::write(fonts.join("ä plain.woff2"), b"not really a font").unwrap();
    let logo: Vec<u8> = (0..300_000_u32).map(|place| (place % 251) as u8).collect();
    fs::write(data.join("assets/logo.png"), logo).unwrap();
    fs::write(data.join("assets/empty"), b"").unwrap();
}

pub fn names_in(folder: impl AsRef<Path>) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What another data folder answers to a command.
pub fn ask(race: &Race, data: &str, words: &[&str]) -> Value {
    race.site.ok(&[words, &["--data-dir", data]].concat())
}

fn reads_in(race: &Race, data: &str) -> Vec<Value> {
    let words = ["export", "reads", "--event", &race.event];
    let list = ask(race, data, &[&words[..], &["--format", "json"]].concat());
    list.as_array().unwrap().clone()
}

/// Every row of a table but for reads, by a connection of the test's own.
async fn rows(file: &Path, table: &str) -> Vec<String> {
    use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let columns = format!(
        "SELECT group_concat('quote(\"' || name || '\")', ' || ') FROM pragma_table_info('{table}')"
    );
    let columns: String = sqlx::query_scalar(sqlx::AssertSqlSafe(columns))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let rows = format!("SELECT {columns} FROM \"{table}\" ORDER BY 1");
    sqlx::query_scalar(sqlx::AssertSqlSafe(rows))
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_restores_what_was_stored() {
    let race = Race::new();
    race.import(&runners(2_000));
    let code = race.display(&["FINISH"]);
    upload(race.site.database().parent().unwrap());
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["START", "FINISH"]).dial(server.ports.timing);
    device.started().await;
    // Something to copy, so that the copy takes a while.
    let sent = Session::default().burst(&["START"], 100_000, 20_000);
    let before = NewDevice::named("mat-0", &["START"]).dial(server.ports.timing);
    before.read(&sent);
    race.stored(sent.len()).await;
    let load = Load::start(device, &["START", "FINISH"], 1, 10);
    race.stored(sent.len() + 1_000).await;

    let file = race.site.folder().join("saturday.zip");
    let name = file.to_str().unwrap();
    let stored_before = race.count("reads");
    let backup = StoppedBackup::make(&race, &[name]).await;
    goes_on_storing(&server, &load, sent.len()).await;
    let made = backup.goes_on();
    let stored_after = race.count("reads");
    eprintln!("{stored_before} reads before, {stored_after} after: {made}");
    let reads = made["reads"].as_u64().unwrap() as usize;
    assert!(
        (stored_before..=stored_after).contains(&reads),
        "{reads} reads are in it"
    );
    assert_eq!(made["assets"], 3);
    // The server goes on, and nothing unfinished lies about.
    race.stored(stored_after + 1_000).await;
    server.says_ready().await;
    let (_device, _) = load.stop().await;
    assert_eq!(
        names_in(race.site.folder()),
        ["data", "roster.csv", "saturday.zip"]
    );

    let data = elsewhere(&race, "restored");
    let restored = ask(&race, &data, &["restore", name]);
    assert_eq!(restored["reads"], reads);
    assert_eq!(restored["participants"], 2_000);
    assert_eq!(restored["replaced"], Value::Null);
    assert_eq!(names_in(&data), ["assets", "gantry.lock", "gantry.sqlite"]);

    // The journal up to then: every position, and the same read at each.
    let (then, now) = (reads_in(&race, &data), race.export());
    assert_eq!(then.len(), reads);
    for (place, (then, now)) in then.iter().zip(&now).enumerate() {
        assert_eq!(then["position"], place + 1);
        assert_eq!(then, now);
    }
    let copy = Path::new(&data).join("gantry.sqlite");
    assert_eq!(assert_sound(&copy).await as usize, reads);
    for table in [
        "partner",
        "event",
        "participant",
        "chip",
        "show",
        "display",
        "display_code",
    ] {
        let (then, now) = (
            rows(&copy, table).await,
            rows(&race.site.database(), table).await,
        );
        assert_eq!(then, now, "{table}");
    }
    let assets = |data: &Path| {
        ["fonts/ä plain.woff2", "logo.png", "empty"]
            .map(|name| fs::read(data.join("assets").join(name)).unwrap())
    };
    let original = race.site.database();
    assert_eq!(assets(Path::new(&data)), assets(original.parent().unwrap()));

    // It is served like the one it was made of, and takes the device's reads from there on.
    server.kill();
    let mut command = race.site.command();
    command
        .env("GANTRY_DATA_DIR", &data)
        .args(["--json", "serve"]);
    let server = Server::start(command, crate::server::Ports::any()).await;
    assert_eq!(server.get(&format!("/d/{code}")).await.0, 200);
    let device = NewDevice::named("mat-9", &["FINISH"]).dial(server.ports.timing);
    device.read(&[Session::default().read("FINISH", 7, crate::race::now())]);
    until_async("one more is stored", async || {
        (reads_in(&race, &data).len() > reads).then_some(())
    })
    .await;
}

/// A `gantry backup` that stands still in the middle of its copy, with the programs that it has at
/// work for it: a process group.
pub struct StoppedBackup(Child);

impl StoppedBackup {
    /// The file and further words; a file that is there is replaced.
    pub async fn make(race: &Race, words: &[&str]) -> Self {
        loop {
            let mut command = race.site.command();
            command.args(["--json", "backup", "--force"]).args(words);
            command.stdout(Stdio::piped()).process_group(0);
            let mut backup = Self(command.spawn().unwrap());
            until("a part of the copy is there", || {
                (is_copying(race) || backup.has_ended()).then_some(())
            })
            .await;
            if !backup.has_ended() {
                signal("STOP", &backup.group());
                until("the backup stands still", || {
                    let process = backup.0.id().to_string();
                    (backup.has_ended() || stands_still(&process)).then_some(())
                })
                .await;
            }
            if is_copying(race) && !backup.has_ended() {
                return backup;
            }
            // It was past its copy before anybody looked: it tells nothing, and the next one may.
            backup.goes_on();
        }
    }

    /// What it says in the end.
    pub fn goes_on(mut self) -> Value {
        if !self.has_ended() {
            signal("CONT", &self.group());
        }
        let mut said = String::new();
        let mut stdout = self.0.stdout.take().unwrap();
        stdout.read_to_string(&mut said).unwrap();
        let status = self.0.wait().unwrap();
        assert!(status.success(), "{status}: {said}");
        serde_json::from_str(&said).unwrap()
    }

    fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    fn group(&self) -> String {
        format!("-{}", self.0.id())
    }
}

impl Drop for StoppedBackup {
    fn drop(&mut self) {
        if !self.has_ended() {
            signal("KILL", &self.group());
            self.0.wait().unwrap();
        }
    }
}

/// Whether a part of the database is copied, and nothing is packed yet.
fn is_copying(race: &Race) -> bool {
    let names = names_in(race.site.folder()).into_iter();
    let mut unfinished = names.filter(|name| name.starts_with(".gantry-backup-"));
    unfinished.any(|name| {
        let folder = race.site.folder().join(name);
        let is_begun = |part: &str| fs::metadata(folder.join(part)).is_ok_and(|it| it.len() > 0);
        // SQLite has a journal beside the copy until that is whole.
        let is_copied = is_begun("database.sqlite-journal") || is_begun("database.pgdump");
        is_copied && !folder.join("backup.zip").exists()
    })
}

/// Waits until reads are stored that nobody had sent before. `earlier` are those of other devices.
pub async fn goes_on_storing(server: &Server, load: &Load, earlier: usize) {
    let sent = earlier + load.device.known().written;
    until_async("reads are stored beside a backup", async || {
        let stored = server.counted("gantry_reads_total").await as usize;
        (stored >= sent + 100).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_it_works_as_well() {
    let race = Race::new();
    let name = elsewhere(&race, "quiet.zip");
    let made = race.site.ok(&["backup", &name]);
    assert_eq!(made["reads"], 0);
    assert_eq!(made["participants"], 9);
    assert_eq!(made["assets"], 0);
    let data = elsewhere(&race, "restored");
    ask(&race, &data, &["restore", &name]);
    assert_eq!(names_in(&data), ["gantry.lock", "gantry.sqlite"]);
}

#[test]
fn what_cannot_be_backed_up_is_said_in_a_line() {
    let race = Race::new();
    let check = |words: &[&str], parts: &[&str]| {
        let said = race.site.fails(words);
        for part in parts {
            assert!(said.contains(part), "{words:?}: {said}");
        }
    };
    let name = elsewhere(&race, "saturday.zip");
    race.site.ok(&["backup", &name]);
    let first = fs::read(&name).unwrap();
    check(
        &["backup", &name],
        &["saturday.zip is there already", "--force"],
    );
    assert_eq!(fs::read(&name).unwrap(), first);
    race.site
        .id(&["partner", "create", "--name", "Beech Timing"]);
    let again = race.site.ok(&["backup", &name, "--force"]);
    assert_eq!(again["partners"], 2);

    let gone = elsewhere(&race, "stick/saturday.zip");
    check(&["backup", &gone], &["there is no", "stick"]);
    let folder = elsewhere(&race, "data");
    check(&["backup", &folder, "--force"], &["is a folder"]);
    let empty = elsewhere(&race, "empty");
    let other = elsewhere(&race, "other.zip");
    check(
        &["backup", &other, "--data-dir", &empty],
        &["there is no gantry database"],
    );
    let names = names_in(race.site.folder());
    assert_eq!(names, ["data", "roster.csv", "saturday.zip"]);
}

#[test]
fn what_cannot_be_restored_is_refused_and_changes_nothing() {
    let race = Race::new();
    let name = elsewhere(&race, "saturday.zip");
    race.site.ok(&["backup", &name]);
    let check = |words: &[&str], parts: &[&str]| {
        let said = race.site.fails(words);
        for part in parts {
            assert!(said.contains(part), "{words:?}: {said}");
        }
    };
    let before = fs::read(race.site.database()).unwrap();
    check(
        &["restore", &name],
        &["there is data already", "gantry.sqlite", "--force"],
    );
    let data = elsewhere(&race, "restored");
    let refused = |file: &str, parts: &[&str]| {
        check(&["restore", file, "--data-dir", &data], parts);
        let left = fs::read_dir(&data).map_or(0, Iterator::count);
        // The lock may be there: it is looked at first.
        let lock = Path::new(&data).join("gantry.lock").exists();
        assert_eq!(left, usize::from(lock), "{:?}", names_in(&data));
    };
    refused(
        &elsewhere(&race, "none.zip"),
        &["there is no file", "none.zip"],
    );
    let roster = elsewhere(&race, "roster.csv");
    refused(&roster, &["roster.csv is not a backup"]);
    refused(&race.site.file("empty.zip", ""), &["is not a backup"]);
    refused(
        &race.site.file("other.zip", zip_of(&[("a.txt", b"a")])),
        &["manifest.json"],
    );

    // Names that lead out of the folder, and a manifest of something that is not in it.
    let manifest = |name: &str, format: u32| {
        format!(
            r#"{{"format":{format},"gantry":"9.9.9","made_at":"2026-05-31T10:15:00Z",
            "database":"sqlite","contents":{{"schema":2,"partners":0,"events":0,"participants":0,
            "displays":0,"reads":0}},"entries":[{{"name":"database.sqlite","bytes":3}},
            {{"name":"{name}","bytes":4}}]}}"#
        )
    };
    let backup_with = |name: &str, listed: &str, format: u32| {
        let manifest = manifest(listed, format);
        let entries: [(&str, &[u8]); 3] = [
            ("database.sqlite", b"abc"),
            (name, b"evil"),
            ("manifest.json", manifest.as_bytes()),
        ];
        race.site.file("evil.zip", zip_of(&entries))
    };
    for name in [
        "../evil",
        "assets/../../evil",
        "/tmp/evil",
        "assets/a/../../../evil",
    ] {
        refused(&backup_with(name, name, 1), &["is in no backup"]);
    }
    refused(&backup_with("assets/a", "assets/b", 1), &["damaged"]);
    refused(
        &backup_with("assets/a", "assets/a", 1),
        &["not a gantry database"],
    );
    refused(
        &backup_with("assets/a", "assets/a", 2),
        &["newer gantry (9.9.9)"],
    );
    assert!(!race.site.folder().join("evil").exists());
    assert_eq!(fs::read(race.site.database()).unwrap(), before);
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in entries {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// One byte changed anywhere: either it is refused, or nothing of what is restored depends on it.
#[test]
fn a_damaged_backup_is_refused() {
    let race = Race::new();
    upload(race.site.database().parent().unwrap());
    let name = elsewhere(&race, "saturday.zip");
    race.site.ok(&["backup", &name]);
    let whole = fs::read(&name).unwrap();
    let data = elsewhere(&race, "restored");
    let restore = |bytes: &[u8]| {
        let file = race.site.file("damaged.zip", bytes);
        let output = race.site.run(&["restore", &file, "--data-dir", &data]);
        let there = Path::new(&data).join("gantry.sqlite").exists();
        assert_eq!(output.status.success(), there, "restored in part");
        there
    };
    let mut places: Vec<_> = (0..60).map(|part| part * (whole.len() - 1) / 59).collect();
    // Heads of entries, the list at the end, and its own end.
    places.extend([14, 18, 26, 27, 30, whole.len() - 22, whole.len() - 6]);
    places.extend((1..40).map(|back| whole.len() - 22 - back * 9));
    let mut refused = 0;
    for place in &places {
        let mut damaged = whole.clone();
        damaged[*place] ^= 0x10;
        if restore(&damaged) {
            let again = elsewhere(&race, "again.zip");
            let made = ask(&race, &data, &["backup", &again, "--force"]);
            assert_eq!(
                (&made["participants"], &made["assets"]),
                (&9.into(), &3.into())
            );
            fs::remove_dir_all(&data).unwrap();
        } else {
            refused += 1;
        }
    }
    eprintln!(
        "{refused} of {} refused, the others restored whole",
        places.len()
    );
    assert!(refused > places.len() * 2 / 3);
    for length in [whole.len() - 1, whole.len() - 100, whole.len() / 2, 100, 4] {
        assert!(!restore(&whole[..length]), "cut to {length} bytes");
    }
    assert!(restore(&whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_over_old_data_moves_that_aside() {
    let race = Race::new();
    let name = elsewhere(&race, "saturday.zip");
    race.site.ok(&["backup", &name]);
    race.site
        .id(&["partner", "create", "--name", "Beech Timing"]);
    let data = race.site.database().parent().unwrap().to_owned();
    upload(&data);

    let server = race.site.serve().await;
    let said = race.site.fails(&["restore", &name, "--force"]);
    assert!(
        said.contains("another server works in the data folder"),
        "{said}"
    );
    // Killed, so that its log lies beside the database.
    server.kill();

    let restored = race.site.ok(&["restore", &name, "--force"]);
    assert_eq!(restored["partners"], 1);
    let aside = PathBuf::from(restored["replaced"].as_str().unwrap());
    assert!(aside.starts_with(&data), "{aside:?}");
    let name_of_aside = aside.file_name().unwrap().to_str().unwrap();
    assert_eq!(
        names_in(&data),
        ["gantry.lock", "gantry.sqlite", name_of_aside]
    );
    assert_eq!(names_in(&aside), ["assets", "gantry.sqlite"]);
    // The old data can be looked at, and be backed up, where it is now.
    let old = elsewhere(&race, "old.zip");
    let made = ask(&race, aside.to_str().unwrap(), &["backup", &old]);
    assert_eq!((&made["partners"], &made["assets"]), (&2.into(), &3.into()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_half_a_backup() {
    let large = Race::new();
    large.import(&runners(9_000));
    let data_of = |race: &Race| race.site.folder().join("data").to_str().unwrap().to_owned();
    let file = elsewhere(&large, "saturday.zip");
    large.site.ok(&["backup", &file]);

    // Its data folder is a disk with room for a small database, and not for this one.
    let small = Site::on_small_disk(1);
    let target = small.folder().join("data/saturday.zip");
    let target = target.to_str().unwrap();
    let said = small.fails(&["backup", target, "--data-dir", &data_of(&large)]);
    assert!(said.contains("saturday.zip is full"), "{said}");
    let said = small.fails(&["restore", &file]);
    assert!(said.contains("data is full"), "{said}");
    // What was begun is gone again: there is room for what fits.
    let other = Race::new();
    small.ok(&["backup", target, "--data-dir", &data_of(&other)]);
    small.ok(&["restore", target]);
}
