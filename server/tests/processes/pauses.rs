//! A server that stands still for a while, as on a laptop whose lid was closed, and goes on.

use crate::{
    device::NewDevice,
    race::{Race, Session, now, seconds_ago},
    screen::Screen,
};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Over the 30 s past which a read is late, with room for a slow machine on both sides.
const FROZEN: Duration = Duration::from_secs(40);

/// The pause is what is tested, so here time has to pass.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_pause_nothing_is_lost_and_nothing_late_is_featured() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("FINISH", 1, now())];
    device.read(&sent);
    screen.shows("1").await;

    server.freeze().await;
    let began = Instant::now();
    for (after_s, bib) in [(0, 2), (1, 3), (2, 4), (36, 5), (38, 6)] {
        sleep_until(began + Duration::from_secs(after_s)).await;
        let read = session.read("FINISH", bib, now());
        device.read(std::slice::from_ref(&read));
        sent.push(read);
    }
    sleep_until(began + FROZEN).await;
    let connections = screen.connections();
    server.go_on();

    let board = screen
        .becomes("all six are shown", |board| board.arrivals.len() == 6)
        .await;
    let shown: Vec<_> = board
        .arrivals
        .into_iter()
        .map(|arrival| (arrival.bib, arrival.late))
        .collect();
    let expected = [
        ("6", false),
        ("5", false),
        ("4", true),
        ("3", true),
        ("2", true),
        ("1", false),
    ];
    assert_eq!(shown, expected.map(|(bib, late)| (bib.to_owned(), late)));
    let ever = screen.ever();
    for bib in ["2", "3", "4"] {
        let mut of_bib = ever.iter().filter(|arrival| arrival.bib == bib);
        assert!(
            of_bib.all(|arrival| arrival.late),
            "bib {bib} was shown as live"
        );
    }
    assert_eq!(screen.connections(), connections, "the screen was let go");

    let after = session.read("FINISH", 7, now());
    device.read(std::slice::from_ref(&after));
    sent.push(after);
    assert!(!screen.shows("7").await.late);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    assert_eq!(device.known().connections, 1, "the device was let go");
}

/// A connection that broke while reads waited: they come late, and are listed where they belong.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_cut_off_sends_what_waited() {
    let race = Race::new();
    let code = race.display(&["FINISH"]);
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("FINISH", 1, seconds_ago(120))];
    device.read(&sent);
    race.stored(1).await;
    let ports = server.kill();
    for (bib, ago) in [(2, 100), (3, 60), (4, 1)] {
        sent.push(session.read("FINISH", bib, seconds_ago(ago)));
    }
    device.read(&sent[1..]);
    let server = race.site.serve_at(ports).await;
    let screen = Screen::open(server.ports.http, &code).await;
    let board = screen
        .becomes("all four are shown", |board| board.arrivals.len() == 4)
        .await;
    let shown: Vec<_> = board
        .arrivals
        .into_iter()
        .map(|arrival| (arrival.bib, arrival.late))
        .collect();
    let expected = [("4", false), ("3", true), ("2", true), ("1", true)];
    assert_eq!(shown, expected.map(|(bib, late)| (bib.to_owned(), late)));
    race.assert_stored_once(&sent);
}
