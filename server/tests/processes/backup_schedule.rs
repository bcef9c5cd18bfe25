//! Backups that the server makes by itself, and the alarm where there is none.

use crate::{
    backups::{ask, elsewhere, names_in},
    race::Race,
    site::Site,
    wait::until_async,
};
use serde_json::Value;
use std::fs;

/// A server that backs up to `stick` by itself, every second.
async fn serve_with_stick(site: &Site, keep: u32) -> crate::server::Server {
    let mut command = site.command();
    command
        .args(["--json", "serve"])
        .env("GANTRY_BACKUP_DIR", site.folder().join("stick"))
        .env("GANTRY_BACKUP_EVERY", "1s")
        .env("GANTRY_BACKUP_KEEP", keep.to_string());
    crate::server::Server::start(command, crate::server::Ports::any()).await
}

async fn backup_state(server: &crate::server::Server) -> String {
    let (status, body) = server.get("/readyz").await;
    assert_eq!(status, 200, "a backup is no reason not to be ready: {body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["backup"].as_str().unwrap().to_owned()
}

async fn backup_says(server: &crate::server::Server, words: &str) {
    until_async(&format!("the alarm says {words:?}"), async || {
        let state = backup_state(server).await;
        state.contains(words).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_made_by_themselves_and_the_oldest_go() {
    let race = Race::new();
    let stick = race.site.folder().join("stick");
    fs::create_dir(&stick).unwrap();
    // Of another install, of a person, and one that only looks like ours.
    let others = [
        "gantry-00000000-20200101T000000Z.zip",
        "gantry-00000000-20200102T000000Z.zip",
        "gantry-00000000-20200103T000000Z.zip",
        "holiday.jpg",
    ];
    for other in others {
        fs::write(stick.join(other), b"not ours").unwrap();
    }
    let server = serve_with_stick(&race.site, 2).await;
    let ours = || {
        let names = names_in(&stick).into_iter();
        let ours = |name: &String| name.ends_with(".zip") && !others.contains(&name.as_str());
        names.filter(ours).collect::<Vec<_>>()
    };
    let first = until_async("one is made", async || ours().into_iter().next()).await;
    until_async("the oldest is gone", async || {
        assert!(ours().len() <= 3, "{:?}", ours());
        (!ours().contains(&first) && ours().len() == 2).then_some(())
    })
    .await;
    backup_says(&server, "ok").await;
    let (_, metrics) = server.get("/metrics").await;
    assert!(metrics.contains("\ngantry_backup_works 1\n"), "{metrics}");
    assert!(
        metrics.contains("\ngantry_backup_age_seconds "),
        "{metrics}"
    );
    server.kill();
    for other in others {
        assert_eq!(fs::read(stick.join(other)).unwrap(), b"not ours");
    }
    let newest = ours().pop().unwrap();
    let newest = stick.join(newest);
    let data = elsewhere(&race, "restored");
    let restored = ask(&race, &data, &["restore", newest.to_str().unwrap()]);
    assert_eq!(restored["participants"], 9);

    // What was cut off is taken away by the next run of the same install, and nobody else's is.
    let id = ours()[0].split('-').nth(1).unwrap().to_owned();
    let (cut_off, another) = (format!(".gantry-{id}-cut"), ".gantry-00000000-cut");
    for name in [cut_off.as_str(), another] {
        fs::create_dir(stick.join(name)).unwrap();
        fs::write(stick.join(name).join("backup.zip"), b"half").unwrap();
    }
    let _server = serve_with_stick(&race.site, 2).await;
    until_async("nothing unfinished is left", async || {
        (!stick.join(&cut_off).exists()).then_some(())
    })
    .await;
    assert!(stick.join(another).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_that_is_gone_raises_an_alarm_until_it_is_back() {
    let race = Race::new();
    let (stick, pocket) = (race.site.folder().join("stick"), elsewhere(&race, "pocket"));
    // It is not there at the start, either.
    let server = serve_with_stick(&race.site, 100).await;
    backup_says(&server, "there is no").await;
    assert!(!stick.exists(), "the place of the stick was made");
    server.logs("no backup: there is no").await;
    let (_, metrics) = server.get("/metrics").await;
    assert!(metrics.contains("\ngantry_backup_works 0\n"), "{metrics}");
    assert!(
        metrics.contains("\ngantry_backup_age_seconds inf\n"),
        "{metrics}"
    );

    fs::create_dir(&stick).unwrap();
    backup_says(&server, "ok").await;
    fs::rename(&stick, &pocket).unwrap();
    backup_says(&server, "there is no").await;
    let before = names_in(&pocket).len();
    fs::rename(&pocket, &stick).unwrap();
    backup_says(&server, "ok").await;
    until_async("further ones are made", async || {
        (names_in(&stick).len() > before + 1).then_some(())
    })
    .await;
    server.says_ready().await;
}
