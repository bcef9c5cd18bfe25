//! `gantry message`: added by words and by file, and listed.

use crate::race::Race;
use serde_json::{Value, json};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

#[test]
fn messages_go_in_and_are_listed() {
    let race = Race::new();
    let (site, event) = (&race.site, race.event.as_str());
    let words = ["display", "create", "--event", event, "--mode", "results"];
    let more = ["--template", "arrivals", "--point", "FINISH"];
    let display = site.ok(&[&words[..], &more].concat());
    let show = display["show"].as_str().unwrap();

    let add = ["message", "add", "--event", event];
    let made = site.ok(&[&add[..], &["Go, {first_name}!", "--weight", "3"]].concat());
    assert_eq!(made["added"], 1);
    let more = ["--show", show, "--city", "Lower Heath", "--birthday", "Hi!"];
    site.ok(&[&add[..], &more].concat());
    let file = site.file("cheers.txt", "Go, {first_name}!\r\n\r\nNearly there\r\n");
    let import = ["message", "import", "--event", event];
    let imported = site.ok(&[&import[..], &[&file]].concat());
    assert_eq!(
        (&imported["added"], &imported["known"]),
        (&json!(1), &json!(1))
    );

    let list = site.ok(&["message", "list", "--event", event]);
    let messages = list["messages"].as_array().unwrap();
    let texts: Vec<_> = messages.iter().map(|message| &message["text"]).collect();
    assert_eq!(texts, ["Go, {first_name}!", "Hi!", "Nearly there"]);
    assert_eq!(messages[0]["id"], made["id"]);
    let conditions = json!({
        "division": "", "city": "Lower Heath", "birthday": true, "first_timer": false,
    });
    assert_eq!(messages[1]["conditions"], conditions);
    assert_eq!(
        (&messages[1]["show"], &messages[2]["show"]),
        (&json!(show), &Value::Null)
    );

    let check_fails = |words: &[&str], parts: &[&str]| {
        let line = site.fails(words);
        let has_all = parts.iter().all(|part| line.contains(part));
        assert!(has_all, "{words:?} says: {line}");
    };
    let long = "x".repeat(281);
    let bad = site.file("long.txt", format!("Good\n{long}\n"));
    check_fails(
        &[&import[..], &[&bad]].concat(),
        &["line 2 has 281", "shorten"],
    );
    let latin = site.file("latin.txt", b"caf\xe9\n");
    check_fails(&[&import[..], &[&latin]].concat(), &["latin.txt", "UTF-8"]);
    check_fails(
        &[&add[..], &["--show", NOBODY, "Go!"]].concat(),
        &["show", "same event"],
    );
    check_fails(
        &["message", "add", "--event", NOBODY, "Go!"],
        &["event", NOBODY],
    );
    let list = site.ok(&["message", "list", "--event", event]);
    assert_eq!(list["messages"].as_array().unwrap().len(), 3);
}
