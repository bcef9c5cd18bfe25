//! Ports: one that other software holds, and a stream with a port of its own.

use crate::{
    device::NewDevice,
    race::{Race, Session, now},
    server::{Ports, Server},
    studio::Studio,
    wait::until,
};
use serde_json::Value;
use std::net::{SocketAddr, TcpListener};

fn held_port() -> (TcpListener, SocketAddr) {
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = held.local_addr().unwrap();
    (held, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_timing_port_is_said_and_taken_once_it_is_free() {
    let race = Race::new();
    let (held, timing) = held_port();
    let ports = Ports {
        timing,
        ..Ports::any()
    };
    let server = race.site.serve_at(ports).await;
    let port = timing.port().to_string();
    assert_eq!(server.ready["timing"], Value::Null);
    let said = format!("timing port {port} is taken");
    until("the log says so", || {
        server.log().contains(&said).then_some(())
    })
    .await;
    let mut studio = Studio::open(&race, &server).await;
    let alarm = studio.hears("taken").await;
    assert!(alarm.contains(&port), "{alarm}");
    server.says_ready().await;

    drop(held);
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(timing);
    let mut session = Session::default();
    device.read(&[session.read("FINISH", 1, now())]);
    race.stored(1).await;
    studio.hears_no_more("taken").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_says_so_too_and_sends_its_race_once_it_can() {
    let site = crate::site::Site::new();
    let (held, timing) = held_port();
    let mut command = site.command();
    command.args(["--json", "demo", "--runners", "40", "--speed", "200"]);
    let ports = Ports {
        timing,
        ..Ports::any()
    };
    let server = Server::start(command, ports).await;
    let login = |what: &str| server.ready["login"][what].as_str().unwrap().to_owned();
    let mut studio = Studio::log_in(&server, &login("email"), &login("password")).await;
    let alarm = studio.hears("is taken").await;
    assert!(alarm.contains(&timing.port().to_string()), "{alarm}");
    let displays = server.ready["displays"].as_array().unwrap();
    for display in displays {
        let url = display.as_str().unwrap();
        let (status, _) = server.get(&url[url.find("/d/").unwrap()..]).await;
        assert_eq!(status, 200, "{url}");
    }
    drop(held);
    let log = || {
        server
            .log()
            .contains("timing connection opened")
            .then_some(())
    };
    until("the demo's race is sent", log).await;
    assert!(server.terminate().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_with_a_port_of_its_own_takes_what_comes_there() {
    let race = Race::new();
    let server = race.site.serve().await;
    let (held, own) = held_port();
    drop(held);
    let second = race.add_stream("Own", &["--port", &own.port().to_string()]);
    let shared = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let apart = NewDevice::named("mat-1", &["FINISH"]).dial(own);
    let mut session = Session::default();
    let reads = session.burst(&["FINISH"], 1, 30);
    shared.read(&reads[..10]);
    apart.read(&reads[10..]);
    race.stored(10).await;
    let own_reads = || race.summary_of(&second)["reads"].as_u64();
    until("the own port's reads are stored", || {
        own_reads().filter(|reads| *reads == 20)
    })
    .await;

    // Paused, its port is closed and its device keeps what it reads.
    let paused = |paused| {
        let words = ["stream", "update", "--stream", &second, "--paused", paused];
        race.site.ok(&words);
    };
    paused("true");
    until("the port is closed", || TcpListener::bind(own).ok()).await;
    apart.read(&session.burst(&["FINISH"], 100, 5));
    apart.heard_out().await;
    assert_eq!(own_reads(), Some(20));
    paused("false");
    until("what was held back came", || {
        own_reads().filter(|reads| *reads == 25)
    })
    .await;
    let third = NewDevice::named("mat-2", &["FINISH"]).dial(own);
    third.started().await;
    assert_eq!(race.count("reads"), 10);
}

/// Last year's stream keeps its port's number and sleeps; the port is this year's.
#[tokio::test(flavor = "multi_thread")]
async fn a_port_leads_to_the_stream_that_is_not_paused() {
    let race = Race::new();
    let _server = race.site.serve().await;
    let (held, own) = held_port();
    drop(held);
    let port = own.port().to_string();
    let old = race.add_stream("Last year", &["--port", &port]);
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(own);
    device.started().await;
    let pause = ["stream", "update", "--stream", &old, "--paused", "true"];
    race.site.ok(&pause);
    until("the device is told to stop", || {
        (device.known().stops > 0).then_some(())
    })
    .await;
    let new = race.add_stream("This year", &["--port", &port]);

    device.read(&Session::default().burst(&["FINISH"], 1, 5));
    let other = NewDevice::named("mat-2", &["START"]).dial(own);
    other.read(&Session::default().burst(&["START"], 1, 5));
    let reads = |stream| race.summary_of(stream)["reads"].as_u64();
    until("this year's stream has the reads", || {
        (reads(&new) == Some(10)).then_some(())
    })
    .await;
    assert_eq!(reads(&old), Some(0));
}

/// What helps with the shared port does not help with a stream's own.
#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_of_a_stream_is_said_with_what_helps_there() {
    let race = Race::new();
    let server = race.site.serve().await;
    let (_held, own) = held_port();
    let port = own.port().to_string();
    race.add_stream("Own", &["--port", &port]);
    let said = format!("timing port {port} is taken");
    server.logs(&said).await;
    let log = server.log();
    let line = log.lines().find(|line| line.contains(&said)).unwrap();
    assert!(line.contains("--port"), "{line}");
    assert!(!line.contains("GANTRY_TIMING_ADDR"), "{line}");
}
