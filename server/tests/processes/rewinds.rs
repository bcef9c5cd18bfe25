//! Rewind of everything, with names and zones changed between: no new read, and no new frame.

use crate::{
    device::NewDevice,
    race::{Race, Session, now, runners, seconds_ago},
    screen::Screen,
    site::Site,
};
use model::{BoardState, BuiltIn, WallTime};
use timing::{StreamClock, parse_zone};

on_both!(a_rewind_adds_nothing_whatever_was_changed_between,);

/// What a clock of this zone shows now.
fn now_in(zone: &str) -> WallTime {
    let clock = StreamClock {
        zone: parse_zone(zone).unwrap(),
        offset_ms: 0,
    };
    clock.wall_at(model::UnixMicros(now().0 * 10_000))
}

async fn a_rewind_adds_nothing_whatever_was_changed_between(site: Site) {
    let race = Race::on(site);
    race.import(&runners(500));
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["START", "FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();

    // Some came late, most live, and one a little ahead.
    let mut reads = Vec::new();
    for bib in 1..=300 {
        reads.push(session.read("FINISH", bib, seconds_ago(400 - bib)));
    }
    reads.extend(session.burst(&["START", "FINISH"], 301, 190));
    reads.push(session.read("FINISH", 491, WallTime(now().0 + 200)));
    device.read(&reads);
    race.stored(reads.len()).await;
    screen.shows("491").await;
    device.heard_out().await;
    let mut lines = reads.len();

    let rows = BuiltIn::Arrivals.document().needs().arrivals_max;
    screen
        .becomes("the board is complete", |board| {
            board.arrivals.len() == rows
        })
        .await;
    // Whoever comes after the rewind is the next to be seen.
    let before = screen.states();
    device.rewind();
    lines += reads.len();
    race.lines(lines).await;
    device.heard_out().await;
    let mut next = async |bib: u64, wall: WallTime| {
        let read = session.read("FINISH", bib, wall);
        device.read(std::slice::from_ref(&read));
        let arrival = screen.shows(&bib.to_string()).await;
        assert!(!arrival.late, "{arrival:?}");
        read
    };
    reads.push(next(492, now()).await);
    lines += 1;
    assert_eq!(screen.states(), before + 1, "a rewind was shown");
    assert_eq!(race.count("reads"), reads.len());

    let rename = ["point", "rename", "--event", &race.event];
    let names = ["--from", "FINISH", "--to", "Goal"];
    race.site.ok(&[rename, names].concat());
    screen
        .becomes("the new name is shown", |board| board.points == ["Goal"])
        .await;
    // Eastwards all of it becomes old, westwards it becomes the future.
    type Wall = fn() -> WallTime;
    let zones: [(&str, Wall); 3] = [
        ("Europe/Madrid", || now_in("Europe/Madrid")),
        ("America/New_York", now),
        ("", now),
    ];
    for (bib, (zone, wall)) in (493..).zip(zones) {
        let newest = screen.board().unwrap().arrivals[0].read_time.clone();
        let update = ["stream", "update", "--stream", &race.stream];
        race.site.ok(&[&update[..], &["--timezone", zone]].concat());
        let changed = |board: &BoardState| board.arrivals[0].read_time != newest;
        screen.becomes("the zone is in force", changed).await;
        let before = screen.states();
        device.rewind();
        lines += reads.len();
        race.lines(lines).await;
        device.heard_out().await;
        reads.push(next(bib, wall()).await);
        lines += 1;
        let states = screen.states() - before;
        assert_eq!(states, 1, "a rewind under {zone:?} was shown");
    }
    race.lines(lines).await;
    race.assert_stored_once(&reads);
    assert_eq!(race.summary()["last"]["Goal"], reads.len());
}
