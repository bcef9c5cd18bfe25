//! From mat to screen: what a screen shows of reads, rosters and displays, and how soon.

use crate::{
    device::NewDevice,
    race::{Race, Session, now, seconds_ago},
    screen::{Screen, hello},
    site::Site,
    wait::until,
};
use futures_util::{SinkExt as _, StreamExt as _};
use model::socket::ServerMessage;
use std::time::Instant;
use tokio_tungstenite::{
    connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

on_both!(
    what_the_command_line_does_reaches_the_screen,
    a_display_that_is_over_says_so_and_is_a_404,
    a_screen_comes_back_after_a_restart,
);

#[tokio::test(flavor = "multi_thread")]
async fn a_read_is_on_the_socket_and_in_the_page() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let (status, page) = server.get(&format!("/d/{code}")).await;
    assert_eq!(status, 200);
    assert!(!page.contains("Number 7"), "{page}");

    let device = NewDevice::named("mat-1", &["START", "FINISH"]).dial(server.ports.timing);
    device.started().await;
    let mut session = Session::default();
    let wall = now();
    let sent_at = Instant::now();
    device.read(&[
        session.read("START", 5, wall),
        session.read("FINISH", "4711", wall),
        session.read("FINISH", "007", wall),
    ]);
    let arrival = screen.shows("7").await;
    let took = screen.first_shown("7").unwrap() - sent_at;
    eprintln!(
        "from the device to the screen: {:.1} ms",
        took.as_secs_f64() * 1e3
    );
    assert_eq!(arrival.name, "Runner Number 7");
    assert_eq!(arrival.city, "Alderton");
    assert_eq!(arrival.point, "FINISH");
    assert_eq!(arrival.read_time, wall.to_string());
    assert!(!arrival.late);
    let (_, page) = server.get(&format!("/d/{code}")).await;
    assert!(page.contains("Number 7"), "{page}");

    // A mat that is not bound and a tag that is nobody's are on no screen; nor is a replay.
    race.stored(3).await;
    assert_eq!(race.count("unknown"), 1);
    let board = screen.board().unwrap();
    let bibs: Vec<_> = board
        .arrivals
        .iter()
        .map(|arrival| arrival.bib.as_str())
        .collect();
    assert_eq!(bibs, ["7"]);
    assert_eq!(
        (board.event.as_str(), board.points),
        ("Willow 10K", vec!["FINISH".to_owned()])
    );
}

/// Each socket keeps a buffer for the largest frame it ever sent: nine thousand of them do not keep
/// a whole template each.
#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_comes_whole_in_small_frames() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let url = format!("ws://{}/d/{code}/live", server.ports.http);
    let largest = 4 * 1_024;
    let config = WebSocketConfig::default().max_frame_size(Some(largest));
    let (mut socket, _) = connect_async_with_config(url, Some(config), false)
        .await
        .unwrap();
    socket.send(hello(None, None)).await.unwrap();
    loop {
        let Message::Text(json) = socket.next().await.unwrap().unwrap() else {
            continue;
        };
        if let ServerMessage::Snapshot { state, .. } = serde_json::from_str(&json).unwrap() {
            assert!(json.len() > 2 * largest, "{} bytes", json.len());
            assert_eq!(state.event, "Willow 10K");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_read_is_listed_at_its_own_time_and_marked() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::unnamed(&["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    device.read(&[
        session.read("FINISH", 1, seconds_ago(5)),
        session.read("FINISH", 2, seconds_ago(3_600)),
        session.read("FINISH", 3, now()),
    ]);
    screen.shows("2").await;
    screen.shows("3").await;
    let board = screen.board().unwrap();
    let shown: Vec<_> = board
        .arrivals
        .iter()
        .map(|arrival| (arrival.bib.as_str(), arrival.late))
        .collect();
    assert_eq!(shown, [("3", false), ("1", false), ("2", true)]);
    assert_eq!(race.count("late"), 1);
}

async fn what_the_command_line_does_reaches_the_screen(site: Site) {
    let race = Race::on(site);
    let server = race.site.serve().await;
    let finish = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &finish).await;
    let device = NewDevice::named("mat-1", &["START", "FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    device.read(&[
        session.read("FINISH", 7, now()),
        session.read("FINISH", 42, now()),
    ]);
    screen.shows("7").await;
    race.stored(2).await;

    // The time is from the end of the command, by which its change is made.
    let measure = |what: &'static str, done: Instant, shown: Option<Instant>| {
        let took = shown.unwrap().saturating_duration_since(done);
        eprintln!("{what}: {} ms after the command", took.as_millis());
    };
    race.import("bib,first_name,last_name,city\n7,Zoë,Ångström,Malmö\n42,Ana,Sol,Pau\n");
    let done = Instant::now();
    screen.shows("42").await;
    assert_eq!(screen.arrival("7").unwrap().name, "Zoë Ångström");
    measure("a roster import", done, screen.first_shown("42"));

    race.site.ok(&[
        "point",
        "rename",
        "--event",
        &race.event,
        "--from",
        "FINISH",
        "--to",
        "Goal",
    ]);
    let done = Instant::now();
    let renamed = || screen.first(|board| board.points == ["Goal"]);
    let shown = until("the new name is shown", renamed).await;
    measure("a renamed point", done, Some(shown));
    assert_eq!(screen.arrival("7").unwrap().point, "Goal");

    // A display opens as soon as its URL is printed, page and socket, on what was read before.
    let start = race.display(&["START", "Goal"]);
    let (status, page) = server.get(&format!("/d/{start}")).await;
    assert_eq!(status, 200);
    assert!(page.contains("Ångström"), "{page}");
    let all = race.display(&["START", "Goal"]);
    let done = Instant::now();
    let opened = Screen::open(server.ports.http, &all).await;
    measure("a display", done, opened.first(|_| true));
    assert_eq!(opened.connections(), 1);
    assert!(opened.arrival("7").is_some());
    device.read(&[session.read("START", 9, now())]);
    opened.shows("9").await;
    assert_eq!(screen.arrival("9"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn once_chips_are_loaded_only_chips_count() {
    let race = Race::new();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::unnamed(&["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let gone = |bib: &'static str| {
        until("the bib is off the screen", || {
            screen.arrival(bib).is_none().then_some(())
        })
    };
    device.read(&[
        session.read("FINISH", 1, now()),
        session.read("FINISH", "00a7", now()),
    ]);
    screen.shows("1").await;
    // What is counted is what is stored, and a screen does not wait for that.
    race.stored(2).await;
    assert_eq!(race.count("unknown"), 1);

    race.import("bib,first_name,last_name,chip\n2,Bo,Ek,A7\n");
    screen.shows("2").await;
    gone("1").await;
    device.read(&[session.read("FINISH", 3, now())]);
    race.stored(3).await;
    assert_eq!(race.count("unknown"), 2);
    assert_eq!(screen.arrival("3"), None);

    race.site.ok(&[
        "event",
        "bib-rule",
        "--event",
        &race.event,
        "--rule",
        "always",
    ]);
    screen.shows("1").await;
    screen.shows("3").await;
    race.site.ok(&[
        "event",
        "bib-rule",
        "--event",
        &race.event,
        "--rule",
        "auto",
    ]);
    gone("1").await;
    assert_eq!(screen.arrival("2").unwrap().name, "Bo Ek");
}

async fn a_display_that_is_over_says_so_and_is_a_404(site: Site) {
    // No screen takes so long to open it, on a machine with much else to do either.
    const TTL_S: u64 = 15;
    let ttl = format!("{TTL_S}s");
    let race = Race::on(site);
    let server = race.site.serve().await;
    let words = [
        "display",
        "create",
        "--event",
        &race.event,
        "--mode",
        "results",
    ];
    let more = ["--template", "arrivals", "--point", "FINISH", "--ttl", &ttl];
    let display = race.site.ok(&[words, more].concat());
    let code = display["code"].as_str().unwrap();
    let screen = Screen::open(server.ports.http, code).await;
    screen.ended(TTL_S).await;
    let unknown = server.get("/d/2345678a").await;
    assert_eq!(unknown.0, 404);
    assert_eq!(server.get(&format!("/d/{code}")).await, unknown);
    assert_eq!(server.get("/d/no-such").await, unknown);
    let socket = |code: &str| format!("ws://{}/d/{code}/live", server.ports.http);
    for code in [code, "2345678a", "no-such"] {
        let refused = tokio_tungstenite::connect_async(socket(code))
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("404"), "{refused}");
    }
}

/// The board is built anew from what is stored, and the screen finds its way back by itself.
async fn a_screen_comes_back_after_a_restart(site: Site) {
    let race = Race::on(site);
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    device.read(&[
        session.read("FINISH", 1, seconds_ago(20)),
        session.read("FINISH", 2, now()),
    ]);
    screen.shows("2").await;
    race.stored(2).await;
    let before = screen.board();
    let ports = server.kill();
    let server = race.site.serve_at(ports).await;
    until("the screen is back", || {
        (screen.connections() == 2).then_some(())
    })
    .await;
    device.read(&[session.read("FINISH", 3, now())]);
    screen.shows("3").await;
    let mut board = screen.board().unwrap();
    board.arrivals.remove(0);
    assert_eq!(Some(board), before);
    assert!(server.terminate().await);
}
