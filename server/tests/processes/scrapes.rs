//! What Prometheus gets of a server that works.

use crate::{
    device::NewDevice,
    race::{Race, Session, now},
    wait::until_async,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_scrape_counts_reads_and_tells_nothing_of_anybody() {
    let race = Race::new();
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let read = session.read("FINISH", 1, now());
    device.read(&[read.clone(), read, session.read("FINISH", "ZZTOP7", now())]);
    race.stored(2).await;
    let expected = [
        "gantry_reads_total 2",
        "gantry_duplicates_total 1",
        "gantry_unknown_total 1",
        "gantry_late_total 0",
        "gantry_journal_delay_seconds_count 3",
        "gantry_journal_writes 1",
        "gantry_connections 1",
        "gantry_connections_unclaimed 0",
        "gantry_sockets 0",
    ];
    let text = until_async("all is counted", async || {
        let (status, text) = server.get("/metrics").await;
        assert_eq!(status, 200);
        let all = expected
            .iter()
            .all(|line| text.lines().any(|found| found == *line));
        all.then_some(text)
    })
    .await;
    // Neither names nor bibs nor places: a scrape is for whoever watches the machine.
    for secret in ["FINISH", "mat-1", "ZZTOP7", "Alderton"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
