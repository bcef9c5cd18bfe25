//! Whose a connection is (design §4): what nobody has claimed is not started, and loses nothing.

use crate::{
    device::NewDevice,
    race::{Race, Session, add_event},
    site::Site,
    wait::until,
};

on_both!(
    a_connection_waits_for_the_first_stream,
    of_two_streams_neither_is_guessed,
    a_claim_starts_a_waiting_device,
    with_two_partners_nothing_is_claimed_by_default,
    a_paused_stream_takes_nothing_and_loses_nothing,
);

async fn a_connection_waits_for_the_first_stream(site: Site) {
    let mut race = Race::without_stream_on(site);
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = session.burst(&["FINISH"], 1, 20);
    device.read(&sent);
    device.heard_out().await;
    assert_eq!(device.known().starts, []);

    race.stream = race.add_stream("Mats", &[]);
    device.started().await;
    let more = session.burst(&["FINISH"], 100, 20);
    device.read(&more);
    sent.extend(more);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    assert_eq!(device.known().connections, 1);
}

async fn of_two_streams_neither_is_guessed(site: Site) {
    let race = Race::on(site);
    let second = race.add_stream("Spare", &[]);
    let server = race.site.serve().await;
    let device = NewDevice::unnamed(&["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let sent = session.burst(&["FINISH"], 1, 20);
    device.read(&sent);
    device.heard_out().await;
    assert_eq!(device.known().starts, []);

    race.site
        .ok(&["stream", "update", "--stream", &second, "--paused", "true"]);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);

    // What was found by default is a rule from then on, whoever else comes.
    race.site
        .ok(&["stream", "update", "--stream", &second, "--paused", "false"]);
    race.site
        .id(&["partner", "create", "--name", "Beech Timing"]);
    let event = add_event(&race.site, "Beech Timing", "Oak Marathon");
    race.site
        .id(&["stream", "create", "--event", &event, "--name", "Theirs"]);
    let other = NewDevice::named("mat-2", &["START"]).dial(server.ports.timing);
    other.read(&session.burst(&["START"], 100, 5));
    race.stored(sent.len() + 5).await;
}

/// Somebody says which of two streams it is, and the device that waits is started.
async fn a_claim_starts_a_waiting_device(site: Site) {
    let race = Race::on(site);
    let second = race.add_stream("Spare", &[]);
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let sent = Session::default().burst(&["FINISH"], 1, 20);
    device.read(&sent);
    device.heard_out().await;
    server.logs("(FINISH) belongs to no stream yet").await;
    assert_eq!(device.known().starts, []);

    race.site.ok(&["stream", "claim", "--stream", &second]);
    until("all of it is stored", || {
        (race.summary_of(&second)["reads"] == 20).then_some(())
    })
    .await;
    server.logs("alarm over: SimpleClient").await;
    assert_eq!(device.known().connections, 1);
    assert_eq!(race.count("reads"), 0);
}

async fn with_two_partners_nothing_is_claimed_by_default(site: Site) {
    let race = Race::on(site);
    race.site
        .id(&["partner", "create", "--name", "Beech Timing"]);
    let server = race.site.serve().await;
    let device = NewDevice::unnamed(&["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    device.read(&[session.read("FINISH", 1, crate::race::now())]);
    device.heard_out().await;
    assert_eq!(device.known().starts, []);
    assert_eq!(race.count("reads"), 0);
}

/// A paused stream's device keeps its connection and its reads, and sends them when it goes on.
async fn a_paused_stream_takes_nothing_and_loses_nothing(site: Site) {
    let race = Race::on(site);
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = session.burst(&["FINISH"], 1, 10);
    device.read(&sent);
    race.stored(10).await;
    race.site.ok(&[
        "stream",
        "update",
        "--stream",
        &race.stream,
        "--paused",
        "true",
    ]);
    until("the device is told to stop", || {
        (device.known().stops > 0).then_some(())
    })
    .await;
    let held = session.burst(&["FINISH"], 100, 10);
    device.read(&held);
    sent.extend(held);
    device.heard_out().await;
    assert_eq!(race.count("reads"), 10);
    // Another connection is held too.
    let other = NewDevice::named("mat-2", &["START"]).dial(server.ports.timing);
    other.heard_out().await;
    assert_eq!(other.known().starts, []);
    race.site.ok(&[
        "stream",
        "update",
        "--stream",
        &race.stream,
        "--paused",
        "false",
    ]);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    assert_eq!(device.known().connections, 1);
}
