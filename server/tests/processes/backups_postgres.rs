//! `gantry backup` and `gantry restore` where the database is a server's: by its own programs, and
//! a login that sees every partner's rows.

use crate::{
    backups::{StoppedBackup, ask, elsewhere, goes_on_storing, names_in, upload},
    database,
    device::NewDevice,
    load::Load,
    postgres::Database,
    race::{Race, Session, runners},
    site::Site,
};
use serde_json::Value;
use sqlx::AssertSqlSafe;

/// Every row of a table, past all walls.
async fn rows(database: &Database, table: &str) -> Vec<String> {
    let mut connection = database.connect_past_walls().await;
    let query = format!("SELECT t::text FROM \"{table}\" t ORDER BY 1");
    let rows = sqlx::query_scalar(AssertSqlSafe(query));
    rows.fetch_all(&mut connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_restores_what_was_stored() {
    let race = Race::on(Site::on_postgres());
    race.import(&runners(2_000));
    race.display(&["FINISH"]);
    let server = race.site.serve().await;
    // Something to copy, so that the copy takes a while.
    let before = NewDevice::named("mat-0", &["START"]).dial(server.ports.timing);
    let sent = Session::default().burst(&["START"], 100_000, 20_000);
    before.read(&sent);
    race.stored(sent.len()).await;
    let device = NewDevice::named("mat-1", &["START", "FINISH"]).dial(server.ports.timing);
    let load = Load::start(device, &["START", "FINISH"], 1, 10);
    race.stored(sent.len() + 1_000).await;

    let past_walls = race.site.postgres().unwrap().url_past_walls();
    let file = elsewhere(&race, "saturday.zip");
    let stored_before = race.count("reads");
    let words = [file.as_str(), "--backup-database-url", &past_walls];
    let backup = StoppedBackup::make(&race, &words).await;
    goes_on_storing(&server, &load, sent.len()).await;
    let made = backup.goes_on();
    let stored_after = race.count("reads");
    eprintln!("{stored_before} reads before, {stored_after} after: {made}");
    let reads = made["reads"].as_u64().unwrap() as usize;
    assert!(
        (stored_before..=stored_after).contains(&reads),
        "{reads} reads are in it"
    );
    race.stored(stored_after + 1_000).await;
    server.says_ready().await;
    let (device, later) = load.stop().await;
    race.stored(sent.len() + later.len()).await;
    device.heard_out().await;
    assert_eq!(
        names_in(race.site.folder()),
        ["data", "roster.csv", "saturday.zip"]
    );

    let restored = Database::new();
    let (url, data) = (restored.url(), elsewhere(&race, "restored"));
    let on_restored =
        |words: &[&str]| ask(&race, &data, &[words, &["--database-url", &url]].concat());
    let done = on_restored(&["restore", &file]);
    assert_eq!(
        (&done["reads"], &done["participants"]),
        (&reads.into(), &2_000.into())
    );
    // The journal up to then: every position, and the same read at each.
    let export = [
        "export",
        "reads",
        "--event",
        &race.event,
        "--format",
        "json",
    ];
    let (then, now) = (on_restored(&export), race.export());
    let then = then.as_array().unwrap();
    assert_eq!(then.len(), reads);
    for (place, (then, now)) in then.iter().zip(&now).enumerate() {
        assert_eq!(then["position"], place + 1);
        assert_eq!(then, now);
    }
    let original = race.site.postgres().unwrap();
    for table in [
        "partner",
        "event",
        "participant",
        "chip",
        "show",
        "display",
        "display_code",
    ] {
        let (then, now) = (rows(&restored, table).await, rows(original, table).await);
        assert!(!then.is_empty() || table == "chip", "{table} is empty");
        assert_eq!(then, now, "{table}");
    }
    // What was stored after it comes back from the devices, and nothing twice.
    let ports = server.kill();
    let mut command = race.site.command();
    command
        .args(["--json", "serve"])
        .env("GANTRY_DATABASE_URL", &url)
        .env("GANTRY_DATA_DIR", &data);
    let _server = crate::server::Server::start(command, ports).await;
    let all = sent.len() + later.len();
    let again = Race {
        site: Site::on_database(restored),
        event: race.event.clone(),
        stream: race.stream.clone(),
    };
    again.stored(all).await;
    device.heard_out().await;
    assert_eq!(database::tags_stored(&again.site).await, (all, all));
    again.assert_stored_once(&[sent, later].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_database_is_backed_up_by_a_login_past_its_walls() {
    let (old, new) = (Database::new(), Database::new());
    let site = Site::new();
    let on = |words: &[&str], database: &Database| {
        let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
        [words, vec!["--database-url".to_owned(), database.url()]].concat()
    };
    let words = |words: &[String]| {
        words
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let ok = |typed: Vec<String>| -> Value { site.ok(&words(&typed).lines().collect::<Vec<_>>()) };
    let fails = |typed: Vec<String>, part: &str| {
        let said = site.fails(&words(&typed).lines().collect::<Vec<_>>());
        assert!(said.contains(part), "{typed:?}: {said}");
    };
    ok(on(&["migrate"], &old));
    ok(on(&["partner", "create", "--name", "Alder Timing"], &old));
    upload(site.database().parent().unwrap());

    let file = site.folder().join("server.zip");
    let file = file.to_str().unwrap();
    fails(on(&["backup", file], &old), "GANTRY_BACKUP_DATABASE_URL");
    let past_walls = old.url_past_walls();
    let backup = ["backup", file, "--backup-database-url", &past_walls];
    let made = ok(on(&backup, &old));
    assert_eq!((&made["partners"], &made["assets"]), (&1.into(), &3.into()));
    assert_eq!(names_in(site.folder()), ["data", "server.zip"]);

    let folder = site.folder().join("restored");
    let restore = ["restore", file, "--data-dir", folder.to_str().unwrap()];
    fails(on(&restore, &old), "holds data already");
    site.fails(&restore);
    let restored = ok(on(&restore, &new));
    assert_eq!(restored["partners"], 1);
    assert_eq!(names_in(&folder), ["assets", "gantry.lock"]);
    let past_walls = new.url_past_walls();
    let again = [
        "backup",
        file,
        "--force",
        "--backup-database-url",
        &past_walls,
    ];
    assert_eq!(ok(on(&again, &new))["partners"], 1);
    ok(on(&["partner", "create", "--name", "Beech Timing"], &new));
}
