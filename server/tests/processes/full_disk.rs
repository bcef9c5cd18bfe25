//! The disk is full, and has room again: screens go on, and afterwards everything is stored once.

use crate::{
    device::NewDevice,
    load::Load,
    race::{Race, Session, now, runners},
    screen::Screen,
    site::Site,
    studio::Studio,
};

const DISK_MIB: u32 = 24;

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_to_the_screens_while_the_disk_is_full() {
    check(Race::on(Site::on_small_disk(DISK_MIB))).await;
}

async fn check(race: Race) {
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
    // Many rows: a few may find room in the log, which is as large as it was.
    let roster = race.site.file("many.csv", runners(20_000));

    race.site.disk().fill();
    let why = server.trouble().await;
    assert!(why.contains("the disk is full; free some space"), "{why}");
    let held = server.counted("gantry_reads_total").await;
    for bib in 2..=9 {
        let read = session.read("FINISH", bib, now());
        finish.read(std::slice::from_ref(&read));
        let shown = screen.shows(&bib.to_string()).await;
        assert!(!shown.late, "{shown:?}");
        sent.push(read);
    }
    assert_eq!(server.get("/healthz").await.0, 200);
    studio.hears("the disk is full").await;
    let refused = race
        .site
        .fails(&["roster", "import", "--event", &race.event, &roster]);
    assert!(refused.contains("the disk is full"), "{refused}");
    // A device that comes now is taken as well.
    let third = NewDevice::named("mat-3", &["10K"]).dial(server.ports.timing);
    let more = [session.read("10K", 1, now())];
    third.read(&more);
    sent.extend(more);
    third.started().await;
    assert_eq!(server.counted("gantry_reads_total").await, held);
    assert!(!server.readiness().await.0);

    race.site.disk().free();
    server.logs("writes again").await;
    studio.hears_no_more("the disk is full").await;
    let (mats, reads) = load.stop().await;
    sent.extend(reads);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    assert_eq!(race.count("duplicates"), 0);
    server.says_ready().await;
    for device in [&*mats, &finish, &third] {
        device.heard_out().await;
        assert_eq!(device.known().connections, 1);
    }
    assert_eq!(screen.connections(), 1);
    race.site
        .ok(&["partner", "create", "--name", "Beech Timing"]);
}

/// Killed and started again on the full disk: the server is up, says what is wrong, and stores all
/// once there is room.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_a_full_disk_loses_nothing() {
    check_start(Race::on(Site::on_small_disk(DISK_MIB))).await;
}

async fn check_start(race: Race) {
    let server = race.site.serve().await;
    let code = race.display(&["START"]);
    let mats = NewDevice::named("mat-1", &["START"]).dial(server.ports.timing);
    let load = Load::start(mats, &["START"], 1_000, 10);
    race.stored(1_000).await;
    race.site.disk().fill();
    server.trouble().await;
    let ports = server.kill();
    let server = race.site.serve_at(ports).await;
    assert!(server.trouble().await.contains("the disk is full"));
    let screen = Screen::open(server.ports.http, &code).await;
    let finish = NewDevice::named("mat-2", &["START"]).dial(server.ports.timing);
    let mut sent = vec![Session::default().read("START", 1, now())];
    finish.read(&sent);
    assert!(!screen.shows("1").await.late);

    race.site.disk().free();
    server.logs("writes again").await;
    let (mats, reads) = load.stop().await;
    sent.extend(reads);
    race.stored(sent.len()).await;
    mats.heard_out().await;
    race.assert_stored_once(&sent);
}
