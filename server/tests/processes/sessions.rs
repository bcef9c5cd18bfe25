//! A controller begins a new session and counts from 1 again: nothing is lost.

use crate::{
    device::NewDevice,
    race::{Race, Session},
};

const BEFORE: u64 = 100;

/// The second session has so many reads. The server asks it to go on after number 100 of the
/// first, and has to find out by itself that this is another session.
async fn check(name: Option<&str>, count: u64) {
    let race = Race::new();
    let server = race.site.serve().await;
    let locations = ["START", "FINISH"];
    let device = match name {
        Some(name) => NewDevice::named(name, &locations),
        None => NewDevice::unnamed(&locations),
    };
    let device = device.dial(server.ports.timing);
    let mut sent = Session::default().burst(&locations, 1, BEFORE);
    device.read(&sent);
    race.stored(sent.len()).await;

    device.new_session();
    let second = Session::default().burst(&locations, 1_000, count);
    device.read(&second);
    sent.extend(second);
    race.stored(sent.len()).await;
    device.heard_out().await;
    race.assert_stored_once(&sent);
    assert_eq!(device.known().connections, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shorter_session_is_asked_for_from_its_first_read() {
    check(Some("mat-1"), 60).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_session_is_asked_for_from_its_first_read() {
    check(Some("mat-1"), 150).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_a_device_without_a_name_comes_whole() {
    check(None, 150).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_may_begin_again_within_a_connection() {
    let race = Race::new();
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut sent = Session::default().burst(&["FINISH"], 1, BEFORE);
    device.read(&sent);
    let second = Session::default().burst(&["FINISH"], 1_000, BEFORE);
    device.read(&second);
    sent.extend(second);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
}
