//! What genuine devices write in different ways: layouts, time formats, unknown tags, locations
//! that appear, guns.

use crate::{
    device::NewDevice,
    race::{Race, Session, now, seconds_ago},
    screen::Screen,
};
use timing::ctp01::{Layout, TimeFormat};

#[tokio::test(flavor = "multi_thread")]
async fn every_layout_and_time_format_is_the_same_read() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let wall = now();
    let mut session = Session::default();
    let mut sent = Vec::new();
    let formats = TimeFormat::ALL.map(|format| (Layout::Ct01_33, format));
    let all = formats
        .into_iter()
        .chain([(Layout::Ct01_13, TimeFormat::Iso)]);
    for (bib, (layout, format)) in (1..).zip(all) {
        let name = format!("mat-{bib}");
        let device = NewDevice::named(&name, &["FINISH"]).writing(layout, format);
        let device = device.dial(server.ports.timing);
        let read = session.read("FINISH", bib, wall);
        device.read(std::slice::from_ref(&read));
        sent.push(read);
        let arrival = screen.shows(&bib.to_string()).await;
        assert_eq!(arrival.read_time, wall.to_string(), "{layout:?} {format:?}");
    }
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);

    // The same controller in another format says the same thing again.
    let again = NewDevice::unnamed(&["FINISH"]).writing(Layout::Ct01_33, TimeFormat::Msecs);
    let again = again.dial(server.ports.timing);
    again.read(&sent);
    race.lines(2 * sent.len()).await;
    race.assert_stored_once(&sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_tags_and_guns_are_stored_and_shown_to_nobody() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["START"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::unnamed(&["START"]).dial(server.ports.timing);
    let mut session = Session::default();
    let sent = [
        session.read("START", "UNKNOWN", seconds_ago(2)),
        session.gun("START", seconds_ago(1)),
        session.read("START", "UNKNOWN", seconds_ago(1)),
        session.read("START", 1, now()),
    ];
    device.read(&sent);
    screen.shows("1").await;
    race.stored(4).await;
    race.assert_stored_once(&sent);
    assert_eq!(race.count("unknown"), 2);
    let kinds: Vec<_> = race
        .export()
        .iter()
        .map(|row| row["kind"].clone())
        .collect();
    assert_eq!(kinds, ["tag", "gun", "tag", "tag"]);
    let ever = screen.ever();
    assert!(ever.iter().all(|arrival| arrival.bib == "1"), "{ever:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_location_that_appears_is_started_too() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["30K"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["START"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("START", 1, now())];
    device.read(&sent);
    race.stored(1).await;
    device.announce("30K");
    let more = [session.read("30K", 1, now()), session.read("30K", 2, now())];
    device.read(&more);
    sent.extend(more);
    screen.shows("2").await;
    race.stored(3).await;
    race.assert_stored_once(&sent);
    let started = device
        .known()
        .starts
        .into_iter()
        .map(|(location, _)| location);
    assert_eq!(
        started.collect::<Vec<_>>(),
        ["START", "30K"].map(|name| Some(name.to_owned()))
    );
}
