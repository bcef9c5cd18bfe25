//! The disk of PostgreSQL is full, and has room again: the screens go on, and afterwards everything
//! is stored once.

use crate::{
    device::NewDevice,
    load::Load,
    race::{Race, Session, now},
    screen::Screen,
    server::Server,
    site::Site,
    small_cluster::SmallCluster,
    studio::Studio,
    wait::until_async,
};

/// Where a table has no room, only the statement fails.
#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_to_the_screens_while_tables_cannot_grow() {
    let small = SmallCluster::start(48);
    let race = Race::on(Site::on_database(small.database_on_disk().await));
    check(race, &small, async |server| {
        let (_, why) = server.readiness().await;
        assert!(why.contains("the disk is full; free some space"), "{why}");
    })
    .await;
    assert!(small.cluster.is_running(), "only statements failed");
}

/// Where its log has no room, PostgreSQL ends itself, and does not start before there is some.
#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_to_the_screens_while_the_log_cannot_grow() {
    let small = SmallCluster::start(160);
    let race = Race::on(Site::on_database(small.database_with_log_on_disk()));
    check(race, &small, async |server| {
        until_async("PostgreSQL has ended, and the server says so", async || {
            let (ready, why) = server.readiness().await;
            let is_told = !ready && why.contains("the database does not answer");
            (is_told && !small.cluster.is_running()).then_some(())
        })
        .await;
    })
    .await;
}

/// `at_its_worst` waits until the database is.
async fn check(race: Race, small: &SmallCluster, at_its_worst: impl AsyncFnOnce(&Server)) {
    let server = race.site.serve().await;
    let mut studio = Studio::open(&race, &server).await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let mats = NewDevice::named("mat-1", &["START"]).dial(server.ports.timing);
    let load = Load::start(mats, &["START"], 1_000, 10);
    let finish = NewDevice::named("mat-2", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("FINISH", 1, now())];
    finish.read(&sent);
    screen.shows("1").await;
    race.stored(1_000).await;

    small.disk.fill();
    // What is left of the present piece of the log would last for some seconds more.
    small.cluster.run("SELECT pg_switch_wal()").await;
    server.trouble().await;
    at_its_worst(&server).await;
    for bib in 2..=9 {
        let read = session.read("FINISH", bib, now());
        finish.read(std::slice::from_ref(&read));
        let shown = screen.shows(&bib.to_string()).await;
        assert!(!shown.late, "{shown:?}");
        sent.push(read);
    }
    assert_eq!(server.get("/healthz").await.0, 200);
    studio.hears("journal-refused").await;
    // A device that comes now loses nothing either, though it may have to wait for its stream.
    let third = NewDevice::named("mat-3", &["10K"]).dial(server.ports.timing);
    let late_comer = Session::default().read("10K", 1, now());
    third.read(std::slice::from_ref(&late_comer));
    sent.push(late_comer);
    assert!(!server.readiness().await.0);

    small.disk.free();
    until_async("the journal writes again", async || {
        // Whoever frees the disk starts the database where it has ended.
        if !small.cluster.is_running() {
            small.cluster.start_again();
        }
        server.log().contains("writes again").then_some(())
    })
    .await;
    let (mats, reads) = load.stop().await;
    sent.extend(reads);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    for device in [&*mats, &finish, &third] {
        device.heard_out().await;
        assert_eq!(device.known().connections, 1);
    }
    assert_eq!(screen.connections(), 1);
    server.says_ready().await;
    let words = ["partner", "create", "--name", "Beech Timing"];
    race.site.ok(&words);
}
