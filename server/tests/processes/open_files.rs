//! A server that is started where few files may be open takes as many as the system lets it.

use crate::{race::Race, site::Site, wait::until_async};
use serde_json::Value;
use std::fs;
use tokio::net::TcpStream;

const SOFT: usize = 64;
const HARD: usize = 700;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_takes_more_connections_than_its_shell_lets_it() {
    let limit = format!("--nofile={SOFT}:{HARD}");
    let race = Race::on(Site::new().behind(&["prlimit", &limit]));
    let server = race.site.serve().await;
    server.logs("up to 700 files and connections").await;
    let mut idle = Vec::new();
    for _ in 0..4 * SOFT {
        idle.push(TcpStream::connect(server.ports.http).await.unwrap());
    }
    // It may take a moment until all of them are taken.
    until_async("it still answers", async || {
        (server.get("/healthz").await.0 == 200).then_some(())
    })
    .await;
    let pid = fs::read_to_string(race.site.database().with_file_name("gantry.lock")).unwrap();
    let open = || fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count();
    until_async("all are taken", async || {
        (open() > idle.len()).then_some(())
    })
    .await;

    // The doctor tells of the running server, and of the next one where there is none.
    let finding = |site: &Site| -> String {
        let words = ["--http-addr", "127.0.0.1:0", "--timing-addr", "127.0.0.1:0"];
        let output = site.run(&[&["--json", "doctor"], &words[..]].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|found| found["check"] == "open files");
        found.unwrap()["found"].as_str().unwrap().to_owned()
    };
    let running = "the running server may have 700 at once";
    assert!(
        finding(&race.site).contains(running),
        "{}",
        finding(&race.site)
    );
    server.kill();
    let next = "a server that is started here may have 700 at once";
    assert!(
        finding(&race.site).contains(next),
        "{}",
        finding(&race.site)
    );
}
