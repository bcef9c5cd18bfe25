//! PostgreSQL goes away under load and comes back, whole or one connection at a time; and two
//! servers on one database of it.

use crate::{
    device::NewDevice,
    load::Load,
    postgres::Cluster,
    race::{Race, Session, now, runners},
    screen::Screen,
    site::Site,
    wait::until_async,
};
use model::BoardState;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// With reads all the while, and one of them for the screen each second.
const AWAY_S: u64 = 60;

/// It takes longer than any other: `.config/nextest.toml` has it begin first.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_stopped_for_a_minute_loses_nothing() {
    let cluster = Cluster::start();
    let race = Race::on(Site::on_database(cluster.database()));
    race.import(&runners(100));
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let mats = NewDevice::named("mat-1", &["START"]).dial(server.ports.timing);
    let load = Load::start(mats, &["START"], 1_000, 4);
    let finish = NewDevice::named("mat-2", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("FINISH", 1, now())];
    finish.read(&sent);
    screen.shows("1").await;
    race.stored(400).await;

    // A display that the server has not heard of when the database goes.
    server.freeze().await;
    let unheard = race.display(&["START"]);
    cluster.stop();
    server.go_on();
    let began = Instant::now();
    let why = server.trouble().await;
    assert!(why.contains("the database does not answer"), "{why}");
    assert!(why.contains("check that it runs"), "{why}");
    assert_eq!(server.get("/healthz").await.0, 200);
    assert_eq!(server.get(&format!("/d/{code}")).await.0, 200);
    let (status, page) = server.get(&format!("/d/{unheard}")).await;
    assert_eq!(status, 503, "{page}");
    assert!(page.contains("tried again"), "{page}");
    // A device that comes now waits for its stream, and loses nothing.
    let third = NewDevice::named("mat-3", &["10K"]).dial(server.ports.timing);
    let late_comer = Session::default().read("10K", 1, now());
    third.read(std::slice::from_ref(&late_comer));
    sent.push(late_comer);
    let refused = race
        .site
        .fails(&["partner", "create", "--name", "Beech Timing"]);
    assert!(refused.contains("check that it runs"), "{refused}");
    let held = server.counted("gantry_reads_total").await;
    let mut slowest = Duration::ZERO;
    for second in 1..=AWAY_S {
        let bib = second + 1;
        let read = session.read("FINISH", bib, now());
        finish.read(std::slice::from_ref(&read));
        let crossed = Instant::now();
        let shown = screen.shows(&bib.to_string()).await;
        assert!(!shown.late, "{shown:?}");
        slowest = slowest.max(crossed.elapsed());
        sent.push(read);
        sleep_until(began + Duration::from_secs(second)).await;
    }
    eprintln!(
        "the slowest of {AWAY_S} was on the screen within {} ms",
        slowest.as_millis()
    );
    assert_eq!(server.counted("gantry_reads_total").await, held);
    assert!(!server.readiness().await.0);

    let back = Instant::now();
    cluster.start_again();
    server.logs("writes again").await;
    eprintln!("writes {} ms after the start", back.elapsed().as_millis());
    until_async("the display that was made before opens", async || {
        let (status, _) = server.get(&format!("/d/{unheard}")).await;
        (status == 200).then_some(())
    })
    .await;
    // What the command line does reaches the server again.
    let last = AWAY_S + 1;
    race.import(&format!(
        "bib,first_name,last_name,city\n{last},Zoë,Ångström,Malmö\n"
    ));
    let done = Instant::now();
    screen.becomes("the new name is shown", has_new_name).await;
    eprintln!("a change is heard {} ms after", done.elapsed().as_millis());
    let (mats, reads) = load.stop().await;
    sent.extend(reads);
    race.stored(sent.len()).await;
    for device in [&*mats, &finish, &third] {
        device.heard_out().await;
        assert_eq!(device.known().connections, 1);
    }
    race.assert_stored_once(&sent);
    assert_eq!(race.count("duplicates"), 0);
    assert_eq!(screen.connections(), 1);
    server.says_ready().await;
    refused_beside(&race).await;
}

fn has_new_name(board: &BoardState) -> bool {
    let mut arrivals = board.arrivals.iter();
    arrivals.any(|arrival| arrival.name == "Zoë Ångström")
}

/// Before the start no read tells that the database is away.
#[tokio::test(flavor = "multi_thread")]
async fn an_idle_server_tells_that_its_database_is_away() {
    let cluster = Cluster::start();
    let race = Race::on(Site::on_database(cluster.database()));
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    server.says_ready().await;
    cluster.stop();
    let (ready, why) = server.readiness().await;
    assert!(!ready && why.contains("check that it runs"), "{why}");
    cluster.start_again();
    server.says_ready().await;
    race.import("bib,first_name,last_name,city\n1,Zoë,Ångström,Malmö\n");
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    device.read(&[Session::default().read("FINISH", 1, now())]);
    screen.becomes("the new name is shown", has_new_name).await;
    assert_eq!(screen.connections(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_connections_lose_nothing_and_double_nothing() {
    const ROUNDS: usize = 8;
    const MORE_READS: u64 = 1_000;
    let race = Race::on(Site::on_postgres());
    let database = race.site.postgres().unwrap();
    let server = race.site.serve().await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["START", "FINISH"]).dial(server.ports.timing);
    let load = Load::start(device, &["START", "FINISH"], 1, 20);
    let stored = async || server.counted("gantry_reads_total").await;
    let mut before = 0;
    for _ in 0..ROUNDS {
        until_async("journal, follower and lock are at work", async || {
            let writes = stored().await >= before + MORE_READS;
            let is_whole = database.is_held().await && database.connections().await >= 3;
            (writes && is_whole).then_some(())
        })
        .await;
        before = stored().await;
        let ended = database.end_connections().await;
        eprintln!("{ended} connections ended with {before} reads stored");
    }
    let (device, sent) = load.stop().await;
    race.stored(sent.len()).await;
    device.heard_out().await;
    race.assert_stored_once(&sent);
    assert_eq!(device.known().connections, 1);
    assert_eq!(screen.connections(), 1);
    server.says_ready().await;
    race.import("bib,first_name,last_name,city\n1,Zoë,Ångström,Malmö\n");
    let again = Screen::open(server.ports.http, &race.display(&["START"])).await;
    assert!(again.board().is_some());
    refused_beside(&race).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_one_database_is_refused() {
    let race = Race::on(Site::on_postgres());
    let server = race.site.serve().await;
    refused_beside(&race).await;
    // The first goes on, and commands work beside it.
    server.says_ready().await;
    race.site
        .ok(&["partner", "create", "--name", "Beech Timing"]);

    // However it ended, the database is free afterwards.
    server.kill();
    let database = race.site.postgres().unwrap();
    until_async("the database is free", async || {
        (!database.is_held().await).then_some(())
    })
    .await;
    let server = race.site.serve().await;
    server.says_ready().await;
}

/// The lock went to another server while the first was cut off from the database: the first ends
/// with a line that says so, rather than that both go on.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_database_was_taken_ends() {
    let race = Race::on(Site::on_postgres());
    let database = race.site.postgres().unwrap();
    let first = race.site.serve().await;
    // As good as a cut cable.
    first.freeze().await;
    database.end_connections().await;
    let second = race.site.serve_beside().await;
    first.go_on();
    first.logs("another server works on the database").await;
    assert!(!first.ended().await, "it ended as if all was well");
    second.says_ready().await;
}

/// A server with a data folder of its own is refused the database in one line.
async fn refused_beside(race: &Race) {
    let other = race.site.folder().join("other");
    let any = "127.0.0.1:0";
    let words = ["--data-dir", other.to_str().unwrap(), "serve"];
    let more = ["--http-addr", any, "--timing-addr", any];
    let words = [&words[..], &more].concat();
    let database = race.site.postgres().unwrap();
    // Where the database was away, the lock is taken again soon after.
    until_async("the server holds its database", async || {
        database.is_held().await.then_some(())
    })
    .await;
    let refused = tokio::task::block_in_place(|| race.site.fails(&words));
    assert!(
        refused.starts_with("another server works on the database postgres://"),
        "{refused}"
    );
}
