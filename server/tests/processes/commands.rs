//! What the commands promise to scripts (design §5.1): ids as JSON on standard output, one clear
//! line on standard error where something is wrong, and an exit status that says which.

use crate::{
    device::NewDevice,
    race::{Race, Session, add_event, now, runners},
    site::{Site, gantry},
    wait::until,
};
use serde_json::{Value, json};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// The words fail, and the one line they say has all these parts in it.
#[track_caller]
fn check_fails(site: &Site, words: &[&str], parts: &[&str]) {
    let line = site.fails(words);
    for part in parts {
        assert!(line.contains(part), "{words:?} says: {line}");
    }
}

#[test]
fn created_things_print_their_ids() {
    let race = Race::new();
    let is_id = |text: &str| text.len() == 36 && text.as_bytes()[14] == b'7';
    assert!(is_id(&race.event), "{}", race.event);
    assert!(is_id(&race.stream), "{}", race.stream);
    let words = [
        "display",
        "create",
        "--event",
        &race.event,
        "--mode",
        "pre-race",
    ];
    let more = [
        "--template",
        "arrivals",
        "--point",
        "FINISH",
        "--ttl",
        "90s",
    ];
    let display = race.site.ok(&[words, more].concat());
    assert!(is_id(display["id"].as_str().unwrap()), "{display}");
    let code = display["code"].as_str().unwrap();
    assert_eq!(display["url"], format!("http://127.0.0.1:3000/d/{code}"));

    let list = race.site.ok(&["stream", "list", "--event", &race.event]);
    let summary = json!({
        "id": race.stream, "name": "Mats", "reads": 0, "duplicates": 0, "late": 0,
        "unknown": 0, "last": {},
    });
    assert_eq!(list, json!({ "streams": [summary] }));
}

#[test]
fn people_get_text_and_machines_get_json() {
    let site = Site::new();
    let text = site.run(&["partner", "create", "--name", "Alder Timing"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.starts_with("partner ") && text.lines().count() == 1,
        "{text}"
    );
    let failed = site.run(&["--json", "partner", "create", "--name", "alder timing"]);
    let value: Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert!(
        value["error"].as_str().unwrap().contains("taken"),
        "{value}"
    );
    assert_eq!(failed.status.code(), Some(1));
}

#[test]
fn wrong_words_are_told_in_one_line() {
    let site = Site::new();
    check_fails(&site, &["partner", "create"], &["--name"]);
    check_fails(&site, &["partner", "make", "--name", "X"], &["make"]);
    check_fails(
        &site,
        &["stream", "list", "--event", "seven"],
        &["seven", "--event"],
    );
    check_fails(
        &site,
        &["--timing-addr", "61611", "serve"],
        &["61611", "--timing-addr"],
    );
    check_fails(
        &site,
        &["sim", "--to", "127.0.0.1:1", "--rate", "fast"],
        &["fast", "--rate"],
    );
    assert_eq!(site.run(&["partner", "create"]).status.code(), Some(2));
    let json = site.run(&["--json", "partner", "create"]);
    let value: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(
        value["error"].as_str().unwrap().contains("--name"),
        "{value}"
    );

    let help = gantry()
        .args(["stream", "create", "--help"])
        .output()
        .unwrap();
    assert!(help.status.success());
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("--protocol")
    );
}

#[test]
fn names_dates_and_zones_are_looked_at() {
    let site = Site::new();
    check_fails(
        &site,
        &["partner", "create", "--name", "  "],
        &["name", "empty"],
    );
    let long = "x".repeat(121);
    check_fails(
        &site,
        &["partner", "create", "--name", &long],
        &["name", "120"],
    );
    site.id(&["partner", "create", "--name", "Alder Timing"]);
    check_fails(
        &site,
        &["partner", "create", "--name", "ALDER timing"],
        &["partner", "taken", "another"],
    );

    let event = |partner, date, zone| {
        let words = [
            "event",
            "create",
            "--name",
            "Willow 10K",
            "--partner",
            partner,
        ];
        [&words[..], &["--date", date, "--timezone", zone]].concat()
    };
    let good = event("Alder Timing", "2026-05-31", "Europe/Madrid");
    check_fails(
        &site,
        &event("Nobody", "2026-05-31", "UTC"),
        &["Nobody", "gantry partner create"],
    );
    check_fails(
        &site,
        &event("Alder Timing", "31.05.2026", "UTC"),
        &["date", "31.05.2026", "2026-05-31"],
    );
    check_fails(
        &site,
        &event("Alder Timing", "2026-05-31", "Madrid"),
        &["timezone", "Madrid"],
    );
    site.id(&good);
}

#[test]
fn streams_are_looked_at() {
    let race = Race::new();
    let site = &race.site;
    let create = ["stream", "create", "--event", &race.event, "--name"];
    check_fails(
        site,
        &[&create[..], &["mats"]].concat(),
        &["stream", "taken"],
    );
    let with = |more: &[&'static str]| [&create[..], &["Second"], more].concat();
    check_fails(site, &with(&["--protocol", "llrp"]), &["llrp", "ctp01"]);
    check_fails(site, &with(&["--port", "0"]), &["port"]);
    check_fails(site, &with(&["--port", "99999"]), &["--port"]);
    check_fails(
        site,
        &["stream", "list", "--event", NOBODY],
        &["event", NOBODY],
    );
    let update = ["stream", "update", "--stream", &race.stream];
    check_fails(
        site,
        &[&update[..], &["--timezone", "Mars"]].concat(),
        &["timezone", "Mars"],
    );
    let nobody = ["stream", "update", "--stream", NOBODY, "--paused", "true"];
    check_fails(site, &nobody, &["stream", NOBODY]);
    site.ok(&[
        &update[..],
        &["--timezone", "Asia/Tokyo", "--offset-ms", "-1500"],
    ]
    .concat());
    site.ok(&[&update[..], &["--timezone", "", "--paused", "true"]].concat());
}

#[test]
fn points_are_mapped_and_renamed() {
    let race = Race::new();
    let site = &race.site;
    let map = [
        "point",
        "map",
        "--stream",
        &race.stream,
        "--location",
        "MAT-3",
        "--point",
    ];
    let finish = site.id(&[&map[..], &["Finish"]].concat());
    let again = site.id(&[&map[..], &["FINISH"]].concat());
    assert_eq!(finish, again, "a point's name is the same in capitals");
    let rename = |from, to| {
        [
            "point",
            "rename",
            "--event",
            &race.event,
            "--from",
            from,
            "--to",
            to,
        ]
    };
    assert_eq!(site.id(&rename("finish", "Goal")), finish);
    check_fails(site, &rename("Finish", "Arch"), &["Finish"]);
    check_fails(site, &rename("Goal", ""), &["to", "empty"]);
    site.id(&[
        "point",
        "map",
        "--stream",
        &race.stream,
        "--location",
        "5",
        "--point",
        "5K",
    ]);
    check_fails(site, &rename("5K", "goal"), &["point", "taken"]);
    let nobody = [
        "point",
        "map",
        "--stream",
        NOBODY,
        "--location",
        "A",
        "--point",
        "B",
    ];
    check_fails(site, &nobody, &["stream", NOBODY]);
}

#[test]
fn a_roster_goes_in_but_for_the_rows_that_cannot() {
    let race = Race::without_stream();
    let csv = "bib,first_name,last_name,age,chip\n\
               1,Ana,Sol,30,A1\n\
               2,Bo,Ek,shifted,\n\
               ,Cy,Fir,20,\n\
               1,Di,Oak,20,\n\
               3,Ed,Yew,44,A1\n";
    let done = race.import(csv);
    assert_eq!(done["imported"], 2, "{done}");
    assert_eq!(done["updated"], 0, "{done}");
    let rejected = done["rejected"].as_array().unwrap();
    let lines: Vec<_> = rejected
        .iter()
        .map(|row| row["line"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [3, 4, 5, 6], "{done}");
    let reason = |place: usize| rejected[place]["reason"].as_str().unwrap();
    assert!(reason(0).contains("age"), "{done}");
    assert!(reason(1).contains("bib"), "{done}");
    assert!(reason(2).contains("line 2"), "{done}");
    assert!(
        reason(3).contains("A1") && reason(3).contains("bib 1"),
        "{done}"
    );

    let done = race.import("bib,first_name,last_name,age,chip\n1,Anna,Sol,30,A1\n");
    assert_eq!(
        (&done["imported"], &done["updated"]),
        (&json!(0), &json!(1)),
        "{done}"
    );
}

#[test]
fn a_file_that_is_no_roster_is_refused_whole() {
    let race = Race::without_stream();
    let refused = |name: &str, content: &[u8], part: &str| {
        let file = race.site.file(name, content);
        let words = ["roster", "import", "--event", &race.event, &file];
        check_fails(&race.site, &words, &[part]);
    };
    refused("empty.csv", b"", "empty.csv");
    refused("header.csv", b"name,city\nAna,Pau\n", "bib");
    refused(
        "rows.csv",
        b"7,Ana,Sol\n8,Bo,Ek\n",
        "no row names its columns",
    );
    refused("page.xls", b"<html><table></table></html>", "web page");
    let gone = race.site.folder().join("gone.csv");
    let gone = gone.to_str().unwrap();
    let words = ["roster", "import", "--event", &race.event, gone];
    check_fails(&race.site, &words, &["gone.csv"]);
    let file = race.site.file("good.csv", runners(1));
    check_fails(
        &race.site,
        &["roster", "import", "--event", NOBODY, &file],
        &["event", NOBODY],
    );
}

#[test]
fn a_display_is_refused_with_what_to_do_instead() {
    let race = Race::without_stream();
    let other = add_event(&race.site, "Alder Timing", "Birch Mile");
    let site = &race.site;
    let create = [
        "display",
        "create",
        "--event",
        &race.event,
        "--mode",
        "results",
    ];
    let with = |more: &[&str]| {
        let mut words = create.map(str::to_owned).to_vec();
        words.extend(["--template", "arrivals"].map(str::to_owned));
        words.extend(more.iter().map(|&word| word.to_owned()));
        words
    };
    let check = |words: Vec<String>, parts: &[&str]| {
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        check_fails(site, &words, parts);
    };
    check(
        with(&["--point", "FINISH"]),
        &["stream", "gantry stream create"],
    );
    let stream = race.add_stream("Mats", &[]);
    check(with(&[]), &["point", "none is known", "--point"]);

    let map = |stream: &str, name: &str| {
        let words = [
            "point",
            "map",
            "--stream",
            stream,
            "--location",
            name,
            "--point",
            name,
        ];
        site.ok(&words);
    };
    map(&stream, "FINISH");
    let words = with(&[]);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    site.id(&words);
    map(&stream, "START");
    check(with(&[]), &["point", "several", "FINISH", "START"]);

    let second = race.add_stream("Spare", &[]);
    check(
        with(&["--point", "FINISH"]),
        &["stream", "several", "Mats", &second],
    );
    check(
        with(&["--stream", NOBODY, "--point", "FINISH"]),
        &["stream", "Mats", "Spare"],
    );
    let words = ["stream", "create", "--event", &other, "--name", "Elsewhere"];
    let foreign = site.id(&words);
    check(
        with(&["--stream", &foreign, "--point", "FINISH"]),
        &["stream", "Mats"],
    );

    let known = ["--stream", &stream, "--point", "FINISH"];
    check(
        with(&[&known[..], &["--ttl", "soon"]].concat()),
        &["soon", "24h"],
    );
    check(with(&[&known[..], &["--ttl", "0s"]].concat()), &["ttl"]);
    check(
        with(&[&known[..], &["--point", " "]].concat()),
        &["point", "empty"],
    );
    let with = |mode: &str, template: &str| {
        let words = ["display", "create", "--event", &race.event, "--mode", mode];
        [&words[..], &["--template", template]]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    check(with("results", "fireworks"), &["fireworks", "arrivals"]);
    check(
        with("after-race", "arrivals"),
        &["after-race", "pre-race, results"],
    );
    let words = ["display", "create", "--event", NOBODY, "--mode", "results"];
    check_fails(
        site,
        &[&words[..], &["--template", "arrivals"]].concat(),
        &["event", NOBODY],
    );
}

#[test]
fn a_display_keeps_what_was_set_of_its_turns() {
    let race = Race::new();
    let create = ["display", "create", "--event", &race.event, "--mode"];
    let shows = ["results", "--template", "arrivals", "--point", "FINISH"];
    let create = [&create[..], &shows].concat();
    let words = ["--dwell", "2500ms", "--window", "2m", "--queue", "3"];
    let id = race.site.id(&[&create[..], &words].concat());
    let settings = |turns: &[&str]| {
        let words = ["display", "settings", "--display", &id];
        race.site.ok(&[&words[..], turns].concat())
    };
    let check = |said: Value, window_ms: u64, set: Value| {
        assert_eq!(said["id"], id);
        assert_eq!(said["template"], "arrivals");
        assert_eq!(said["window_ms"], window_ms);
        // It lists everybody at once, and keeps the rest for another template.
        assert_eq!(said["dwell_ms"], 0);
        let turns = said["set"].as_object().unwrap().iter();
        let given: serde_json::Map<_, _> = turns
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        assert_eq!(Value::from(given), set);
    };
    let first = json!({ "dwell_ms": 2_500, "window_ms": 120_000, "queue_max": 3 });
    check(settings(&[]), 120_000, first);
    let some = settings(&["--stay", "30s", "--max-age", "20s", "--queue", "default"]);
    let mut set = json!({
        "dwell_ms": 2_500, "stay_ms_max": 30_000, "age_ms_max": 20_000, "window_ms": 120_000,
    });
    check(some, 120_000, set.clone());
    let own = settings(&["--window", "default"]);
    set.as_object_mut().unwrap().remove("window_ms");
    check(own, 60_000, set.clone());
    let words = ["display", "set-template", "--display", &id, "--template"];
    let same = race.site.ok(&[&words[..], &["arrivals"]].concat());
    check(same, 60_000, set);

    let fails = |words: &[&str], expected: &[&str]| check_fails(&race.site, words, expected);
    let with = |name, value| [&create[..], &[name, value]].concat();
    fails(&with("--dwell", "61s"), &["dwell", "0 s to 60 s"]);
    fails(&with("--dwell", "4"), &["--dwell", "4s, 2500ms"]);
    fails(&with("--queue", "many"), &["--queue", "16"]);
    let change = ["display", "settings", "--display"];
    let stay = [&change[..], &[&id, "--stay", "2s"]].concat();
    fails(&stay, &["stay", "2.5 s at least"]);
    fails(&[&change[..], &[NOBODY]].concat(), &["display", NOBODY]);
    fails(
        &[&words[..], &["fireworks"]].concat(),
        &["fireworks", "arrivals"],
    );
    let text = race.site.run(&[&change[..], &[&id]].concat());
    let text = String::from_utf8(text.stdout).unwrap();
    assert_eq!(text, "arrivals\n  window   60 s  (the template's own)\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_exported_in_both_formats() {
    let race = Race::new();
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH", "Zürich, Süd"]).dial(server.ports.timing);
    let mut session = Session::default();
    let wall = now();
    let known = session.read("FINISH", 1, wall);
    let mut comma = session.read("Zürich, Süd", "\"7\"", wall);
    comma.reader = "R,1".to_owned();
    device.read(&[known, comma, session.read("FINISH", 99, wall)]);
    race.stored(3).await;
    assert_eq!(race.count("unknown"), 2);
    let last = race.summary()["last"].clone();
    assert_eq!(last, json!({ "FINISH": 3, "Zürich, Süd": 2 }));

    let rows = race.export();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1]["location"], "Zürich, Süd");
    assert_eq!(rows[0]["time"], wall.to_string());
    assert_eq!(rows[0]["stream"], race.stream);
    assert_eq!(rows[0]["simulated"], false);
    let export = ["export", "reads", "--event", &race.event];
    let csv = race.site.run(&[&export[..], &["--format", "csv"]].concat());
    let csv = String::from_utf8(csv.stdout).unwrap();
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines.len(), 4, "{csv}");
    assert!(
        lines[0].starts_with("position,stream,kind,sequence,location,tag,time,"),
        "{csv}"
    );
    assert!(
        lines[2].contains(",\"Zürich, Süd\",\"\"\"7\"\"\","),
        "{csv}"
    );

    let out = race.site.folder().join("reads.csv");
    let written = race
        .site
        .ok(&[&export[..], &["--out", out.to_str().unwrap()]].concat());
    assert_eq!(written, json!({ "exported": 3 }));
    assert_eq!(std::fs::read_to_string(out).unwrap(), csv);
    check_fails(
        &race.site,
        &[&export[..], &["--format", "xml"]].concat(),
        &["xml", "csv, json"],
    );
    check_fails(
        &race.site,
        &["export", "reads", "--event", NOBODY],
        &["event", NOBODY],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulator_sends_what_it_says() {
    let race = Race::new();
    let server = race.site.serve().await;
    let to = server.ports.timing.to_string();
    let words = [
        "sim",
        "--to",
        &to,
        "--runners",
        "40",
        "--speed",
        "0",
        "--rewind",
    ];
    let report = race.site.ok(&words);
    let sent = report["distinct"].as_u64().unwrap() as usize;
    until("all reads are stored", || {
        (race.count("reads") == sent).then_some(())
    })
    .await;
    assert!(race.export().iter().all(|row| row["simulated"] == true));
    assert!(sent > 120, "{report}");
    assert!(server.terminate().await);
}

#[test]
fn an_install_is_told_what_it_lacks() {
    let site = Site::new();
    check_fails(&site, &["serve", "--no-migrate"], &["gantry migrate"]);
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap().to_string();
    check_fails(
        &site,
        &["--http-addr", &address, "serve"],
        &[&address, "GANTRY_HTTP_ADDR"],
    );
    let file = site.file("flat", "x");
    check_fails(
        &site,
        &["--data-dir", &file, "migrate"],
        &["flat", "--data-dir"],
    );
    std::fs::create_dir_all(site.folder().join("data")).unwrap();
    site.file("data/gantry.sqlite", "this is a letter and no database");
    check_fails(&site, &["migrate"], &["gantry.sqlite"]);
    let config = site.ok(&["serve", "--print-config"]);
    assert_eq!(config["timing_addr"], "127.0.0.1:61611");
}
