//! Devices and screens that behave as none should: each is bounded, and none harms another.

use crate::{
    device::NewDevice,
    race::{Race, Session, now, runners},
    screen::{Screen, hello},
    server::{Ports, Server},
    wire::Wire,
};
use futures_util::SinkExt;
use service::limits::CONNECTIONS_MAX;
use std::time::{Duration, Instant};
use tokio::{net::TcpSocket, time::sleep};

/// After whatever was done to the server, a device that behaves is served as ever.
async fn assert_serves(race: &Race, server: &Server) {
    let before = race.count("reads");
    let device = NewDevice::unnamed(&["START"]).dial(server.ports.timing);
    device.read(&[Session::default().read("START", 1, now())]);
    race.stored(before + 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_greets_wrongly_is_hung_up_on_and_the_log_says_why() {
    let race = Race::new();
    let server = race.site.serve().await;
    let noise: Vec<u8> = (0..9_999_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let greetings: [&[u8]; 5] = [
        b"LTRP hello\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"SimpleClient~0.6.0~CTP02\r\n",
        b"\xff\xfe\0\0~\n",
        &noise,
    ];
    for greeting in greetings {
        let mut wire = Wire::dial(server.ports.timing).await;
        wire.say_bytes(greeting).await;
        wire.say("\r\n").await;
        wire.hung_up().await;
    }
    server.logs("SimpleClient~0.6.0~CTP02").await;
    server.logs("choose the protocol").await;
    assert_serves(&race, &server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_is_hung_up_on() {
    let race = Race::new();
    let server = race.site.serve().await;
    let began = Instant::now();
    let mut silent = Wire::dial(server.ports.timing).await;
    let mut slow = Wire::dial(server.ports.timing).await;
    slow.say("SimpleClient").await;
    silent.hung_up().await;
    slow.hung_up().await;
    assert!(
        began.elapsed() > Duration::from_secs(9),
        "it was given no time"
    );
    server.logs("no greeting came").await;
    assert_serves(&race, &server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_are_none_are_counted_and_the_next_read_comes_through() {
    let race = Race::new();
    let server = race.site.serve().await;
    let mut wire = Wire::dial(server.ports.timing).await;
    wire.open("mat-1", "FINISH").await;
    let mut session = Session::default();
    let mut sent = Vec::new();
    let mut say = async |junk: &[u8]| {
        let read = session.read("FINISH", sent.len() + 1, now());
        let line = read.write(
            timing::ctp01::Layout::Ct01_33,
            timing::ctp01::TimeFormat::Iso,
        );
        wire.say_bytes(junk).await;
        wire.say(&format!("\r\n{line}\r\n")).await;
        sent.push(read);
    };
    say(&[b'x'; 1_000_000]).await;
    say(b"\xff\xfe\xfd\x00\x01\x02").await;
    say(b"CT01_33~1~FINISH").await;
    say(b"CT01_33~1~FINISH~7~25:61:00.00~1~0F2A38~1").await;
    say(b"CT01_33~x~\x07~7~14:02:15.31~1~0F2A38~1").await;
    say("hello\n".repeat(20_000).as_bytes()).await;
    say(b"").await;
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    let told = server
        .log()
        .lines()
        .filter(|line| line.contains("not understood"))
        .count();
    assert!(
        (4..1_000).contains(&told),
        "{told} lines of the log are junk"
    );
    assert_serves(&race, &server).await;
}

/// It pings and never reads the answers. It is let go once it takes none, and what it had read
/// before is stored.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_never_reads_is_let_go_and_its_reads_are_kept() {
    let race = Race::new();
    let server = race.site.serve().await;
    let mut wire = Wire::dial_narrow(server.ports.timing).await;
    wire.open("mat-1", "FINISH").await;
    let mut session = Session::default();
    let mut sent = Vec::new();
    let pings = "ping\r\n".repeat(2_000);
    let began = Instant::now();
    // Each piece has a read and many pings; at last the server takes nothing and hangs up.
    let mut whole = true;
    while whole {
        let read = session.read("FINISH", sent.len(), now());
        let line = read.write(
            timing::ctp01::Layout::Ct01_33,
            timing::ctp01::TimeFormat::Iso,
        );
        let piece = format!("{line}\r\n{pings}");
        let mut left = piece.as_bytes();
        while !left.is_empty() {
            match wire.try_say(left).await {
                Ok(length) => left = &left[length..],
                Err(_) => break,
            }
        }
        whole = left.is_empty();
        if whole {
            sent.push(read);
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it is never let go"
        );
    }
    assert_serves(&race, &server).await;
    // Nobody can tell what of the rest the server still took, so it has it as a device has: to
    // be sent again.
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    device.read(&sent);
    race.stored(sent.len() + 1).await;
    device.heard_out().await;
    assert_eq!(race.count("reads"), sent.len() + 1);
    server.logs("takes no more bytes").await;
}

/// More locations than a stream may have, each again and again: the reads are stored, and the
/// log says once for each what is not.
#[tokio::test(flavor = "multi_thread")]
async fn too_many_locations_are_told_once_and_every_read_is_kept() {
    const LOCATIONS: usize = 300;
    let race = Race::new();
    let server = race.site.serve().await;
    let mut wire = Wire::dial(server.ports.timing).await;
    wire.open("mat-1", "M0").await;
    let mut session = Session::default();
    let mut sent = 0;
    for round in 1..=4 {
        for location in 0..LOCATIONS {
            let read = session.read(&format!("M{location}"), round, now());
            let line = read.write(
                timing::ctp01::Layout::Ct01_33,
                timing::ctp01::TimeFormat::Iso,
            );
            wire.say(&format!("{line}\r\n")).await;
            sent += 1;
        }
        race.stored(sent).await;
        server.logs("be remembered").await;
        // A look at what failed may be had again a quarter of a second later.
        sleep(Duration::from_millis(600)).await;
    }
    let log = server.log();
    let told = log.lines().filter(|line| line.contains("be remembered"));
    let mut locations: Vec<_> = told
        .filter_map(|line| line.split("location=").nth(1))
        .collect();
    let times = locations.len();
    locations.sort_unstable();
    locations.dedup();
    assert_eq!(times, locations.len(), "{locations:?} in {times} lines");
    assert_eq!(race.count("reads"), sent);
}

/// A screen that somebody forgot asks for ever for a display that is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_display_that_is_over_is_not_looked_for_again_and_again() {
    let race = Race::new();
    let mut command = race.site.command();
    command
        .args(["--json", "serve"])
        .env("GANTRY_LOG", "info,service=debug");
    let server = Server::start(command, Ports::any()).await;
    let words = ["display", "create", "--event", &race.event, "--mode"];
    let more = ["results", "--template", "arrivals", "--point", "FINISH"];
    let made = race
        .site
        .ok(&[&words[..], &more, &["--ttl", "1s"]].concat());
    let path = format!("/d/{}", made["code"].as_str().unwrap());
    let over = async || server.get(&path).await.0 == 404;
    while !over().await {
        sleep(Duration::from_millis(50)).await;
    }
    let looked_up = || server.log().matches("a display is looked up").count();
    let before = looked_up();
    for _ in 0..50 {
        assert!(over().await);
    }
    let times = looked_up() - before;
    assert!(times <= 1, "it was looked up {times} times");

    // Others are found as ever.
    let code = race.display(&["FINISH"]);
    assert_eq!(server.get(&format!("/d/{code}")).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_of_one_address_are_kept_apart() {
    let race = Race::new();
    let server = race.site.serve().await;
    let mut session = Session::default();
    let mut sent = Vec::new();
    let devices: Vec<_> = (0..40)
        .map(|number| {
            let location = format!("MAT{number}");
            let name = format!("mat-{number}");
            let device = NewDevice::named(&name, &[&location]).dial(server.ports.timing);
            let reads = session.burst(&[&location], number * 50, 50);
            device.read(&reads);
            sent.extend(reads);
            device
        })
        .collect();
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    assert!(devices.iter().all(|device| device.known().connections == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_have_an_end_and_room_comes_back() {
    let race = Race::new();
    let server = race.site.serve().await;
    let mut wires = Vec::new();
    for number in 0..CONNECTIONS_MAX {
        let mut wire = Wire::dial(server.ports.timing).await;
        wire.say("SimpleClient~0.6.0~CTP01\r\n").await;
        wire.hear("getlocations").await;
        if number == 0 {
            wire.say("ack~getlocations~FINISH\r\n").await;
        }
        wires.push(wire);
    }
    let mut refused = Wire::dial(server.ports.timing).await;
    refused.hung_up().await;
    server.logs("refused").await;
    assert!(wires[0].is_open().await && wires[CONNECTIONS_MAX - 1].is_open().await);
    let (status, _) = server.get("/healthz").await;
    assert_eq!(status, 200);
    drop(wires);
    assert_serves(&race, &server).await;
}

/// Some screens take nothing at all; the other has every read on it while they are still there.
#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_never_reads_slows_no_other() {
    const READS: usize = 3_000;
    let race = Race::new();
    race.import(&runners(READS));
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let mut stuck = Vec::new();
    for _ in 0..3 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(1024).unwrap();
        let socket = socket.connect(server.ports.http).await.unwrap();
        let url = format!("ws://{}/d/{code}/live", server.ports.http);
        let (mut socket, _) = tokio_tungstenite::client_async(url, socket).await.unwrap();
        socket.send(hello(None, None)).await.unwrap();
        stuck.push(socket);
    }
    let device = NewDevice::unnamed(&["FINISH"]).dial(server.ports.timing);
    device.started().await;
    let mut session = Session::default();
    let mut sent_at = Vec::new();
    for bib in 1..=READS {
        sent_at.push(Instant::now());
        device.read(&[session.read("FINISH", bib, now())]);
        // A steady flow, and not one burst, which would be one frame.
        sleep(Duration::from_millis(1)).await;
    }
    screen.shows(&READS.to_string()).await;
    // Who waited for the stuck ones would show it only once they were let go.
    let open = server.counted("gantry_sockets").await;
    let took = |bib: usize| {
        let shown = screen.first_shown(&bib.to_string());
        shown.map(|shown| (shown - sent_at[bib - 1]).as_millis())
    };
    let mut delays: Vec<_> = (1..=READS).filter_map(took).collect();
    delays.sort_unstable();
    let (middle, worst) = (delays[delays.len() / 2], delays[delays.len() - 1]);
    eprintln!(
        "{} of {READS} bibs seen, {} states, shown after {middle} ms, {worst} ms at worst",
        delays.len(),
        screen.states(),
    );
    assert_eq!(screen.connections(), 1);
    assert_eq!(open, stuck.len() as u64 + 1, "it waited for the others");
    drop(stuck);
    assert_serves(&race, &server).await;
}
