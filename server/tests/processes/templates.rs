//! `gantry template`, and displays that draw with one that somebody made.

use crate::race::Race;
use model::{BuiltIn, UnixMicros};
use serde_json::json;
use service::{
    Caller,
    template::{self, NewTemplate, Publish, Source},
};
use store::{Location, OpenMode};

#[tokio::test(flavor = "multi_thread")]
async fn a_display_takes_a_template_that_somebody_made() {
    let race = Race::new();
    let (site, event) = (&race.site, race.event.as_str());
    let list = || site.ok(&["template", "list", "--event", event])["templates"].clone();
    assert_eq!(list(), json!([]));

    // Only the studio makes them.
    let location = Location::Sqlite(site.database());
    let store = store::open(&location, OpenMode::AsIs).await.unwrap();
    let (shell, now) = (&Caller::Shell, UnixMicros(1_800_000_000_000_000));
    let new = NewTemplate {
        name: "Finish 2026".to_owned(),
        from: Source::BuiltIn(BuiltIn::FinishWide),
    };
    let of = event.parse().unwrap();
    let id = template::create_template(&*store, shell, of, new, now).await;
    let id = id.unwrap();
    let words = ["display", "create", "--event", event, "--mode", "results"];
    let create = [&words[..], &["--point", "FINISH", "--template"]].concat();
    let too_early = site.fails(&[&create[..], &["Finish 2026"]].concat());
    assert!(too_early.contains("publish it first"), "{too_early}");
    let publish = Publish {
        revision: 1,
        ..Publish::default()
    };
    let published = template::publish_template(&*store, shell, id, publish, now).await;
    assert_eq!(published.unwrap(), 1);
    store.close().await;

    let display = site.id(&[&create[..], &["finish 2026"]].concat());
    let pin = format!("{id}@1");
    let said = site.ok(&["display", "settings", "--display", &display]);
    assert_eq!(
        (&said["template"], &said["takes_turns"]),
        (&json!(pin), &json!(true))
    );
    let known = json!([{
        "id": id, "name": "Finish 2026", "made_from": "finish-wide", "archived": false,
        "edited_at_us": now.0, "published": 1, "displays": 1,
    }]);
    assert_eq!(list(), known);
    let set = [
        "display",
        "set-template",
        "--display",
        &display,
        "--template",
    ];
    let id_alone = id.to_string();
    let cases = [
        ("big-type", "big-type"),
        (&*pin, &*pin),
        (&*id_alone, &*pin),
    ];
    for (named, expected) in cases {
        let said = site.ok(&[&set[..], &[named]].concat());
        assert_eq!(said["template"], expected);
    }
    let none = site.fails(&[&set[..], &[&format!("{id}@2")]].concat());
    assert!(none.contains(&format!("{id}@2")), "{none}");
}
