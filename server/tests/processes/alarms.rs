//! What is wrong is said by itself, also to whoever has no page open.

use crate::{
    device::NewDevice,
    race::{Race, Session, seconds_ago},
    server::Ports,
    wait::{until, until_within},
};
use std::net::TcpListener;

/// Design §4: named within ten seconds of reads, with what it is, and over once it is made right.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_an_hour_behind_is_named_and_right_with_an_offset() {
    let race = Race::new();
    let server = race.site.serve().await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    device.started().await;
    let mut session = Session::default();
    // Runners come until it is said.
    until_within(10, "the clock is named", || {
        device.read(&[session.read("FINISH", 1, seconds_ago(3_600))]);
        let named = "alarm: FINISH is 1 h 00 m 00 s behind this computer; nothing is shown";
        server.log().contains(named).then_some(())
    })
    .await;
    assert!(server.log().contains("time zone is probably wrong"));

    let update = ["stream", "update", "--stream", &race.stream];
    race.site
        .ok(&[&update[..], &["--offset-ms", "3600000"]].concat());
    server.logs("alarm over: FINISH").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_an_alarm_until_it_is_free() {
    let race = Race::new();
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let ports = Ports {
        timing: held.local_addr().unwrap(),
        ..Ports::any()
    };
    let server = race.site.serve_at(ports).await;
    server.logs("alarm: A timing port is not open").await;
    drop(held);
    server.logs("alarm over: A timing port is not open").await;
    until("nothing else is said", || {
        (server.log().matches("alarm:").count() == 1).then_some(())
    })
    .await;
}
