//! The system's clock is set by hours while the server runs, as an operator or a time server does:
//! nothing is late for it, nothing jumps on a screen.

use crate::{
    device::NewDevice,
    preload,
    race::{Race, Session, now},
    screen::Screen,
    server::{Ports, Server},
    site::Site,
    studio::Studio,
    wait::until,
};
use model::WallTime;
use std::{
    fs::OpenOptions,
    io::Write,
    path::PathBuf,
    process::{Command, Output},
};

const HOUR_S: i64 = 60 * 60;

/// The system's clock, as a server and the commands see it.
struct SystemClock {
    library: PathBuf,
    step: PathBuf,
}

impl SystemClock {
    fn of(site: &Site) -> Self {
        let clock = Self {
            library: preload::library(site.folder(), "clock", include_str!("preload/clock.c")),
            step: site.folder().join("step"),
        };
        clock.step_to(0);
        clock
    }

    /// So many seconds from the true time. Written over, not anew: the server has it mapped.
    fn step_to(&self, seconds: i64) {
        let ns = seconds * 1_000_000_000;
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(false);
        let mut file = options.open(&self.step).unwrap();
        file.write_all(&ns.to_ne_bytes()).unwrap();
    }

    fn under(&self, mut command: Command) -> Command {
        command
            .env("LD_PRELOAD", &self.library)
            .env("CLOCK_STEP", &self.step);
        command
    }

    async fn serve(&self, site: &Site) -> Server {
        let mut command = self.under(site.command());
        command.args(["--json", "serve"]);
        Server::start(command, Ports::any()).await
    }

    fn run(&self, site: &Site, words: &[&str]) -> Output {
        let mut command = self.under(site.command());
        command.args(words).output().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_forward_changes_nothing() {
    check(Race::on(Site::new()), 3 * HOUR_S).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_changes_nothing() {
    check(Race::on(Site::new()), -3 * HOUR_S).await;
}

async fn check(race: Race, step_s: i64) {
    let clock = SystemClock::of(&race.site);
    let server = clock.serve(&race.site).await;
    let mut studio = Studio::open(&race, &server).await;
    let code = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &code).await;
    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = vec![session.read("FINISH", 1, now())];
    device.read(&sent);
    screen.shows("1").await;

    clock.step_to(step_s);
    // That the server sees the other time shows in its log.
    let other = NewDevice::named("mat-2", &["START"]).dial(server.ports.timing);
    other.started().await;
    let stepped = WallTime(now().0 + step_s * 100).to_string();
    let hour = &stepped[.."2026-05-31T12:".len()];
    until("the log is written by the other clock", || {
        server.log().contains(hour).then_some(())
    })
    .await;

    for bib in 2..=8 {
        let read = session.read("FINISH", bib, now());
        device.read(std::slice::from_ref(&read));
        let shown = screen.shows(&bib.to_string()).await;
        assert!(!shown.late, "{shown:?}");
        sent.push(read);
    }
    // The operator plays everything again: nothing of it is new.
    device.rewind();
    race.lines(2 * sent.len()).await;
    clock.step_to(0);
    let last = session.read("FINISH", 9, now());
    device.read(std::slice::from_ref(&last));
    assert!(!screen.shows("9").await.late);
    sent.push(last);

    let shown = screen.board().unwrap().arrivals.into_iter();
    let bibs: Vec<_> = shown.map(|arrival| arrival.bib).collect();
    assert_eq!(bibs, ["9", "8", "7", "6", "5", "4", "3", "2", "1"]);
    assert!(screen.ever().iter().all(|arrival| !arrival.late));
    assert_eq!(server.counted("gantry_late_total").await, 0);
    let alarms = studio.alarms().await;
    assert!(
        alarms.iter().all(|alarm| !alarm.contains("clock")),
        "{alarms:?}"
    );
    // What running clocks on the screens are set by.
    let times = screen.server_times_us();
    assert!(times.len() >= 9, "{times:?}");
    let true_us = now().0 * 10_000;
    let far = |time_us: &&i64| (true_us - **time_us).abs() > 60_000_000;
    assert_eq!(times.iter().find(far), None);
    race.stored(sent.len()).await;
    race.assert_stored_once(&sent);
    assert_eq!((screen.connections(), device.known().connections), (1, 1));
}

/// A display made after the clock was set lives as long as it was told to, by either clock.
async fn check_display(race: Race, step_s: i64) {
    let clock = SystemClock::of(&race.site);
    let server = clock.serve(&race.site).await;
    let before = race.display(&["FINISH"]);
    let screen = Screen::open(server.ports.http, &before).await;
    clock.step_to(step_s);
    let create = ["--json", "display", "create", "--event", &race.event];
    let how = ["--mode", "results", "--template", "arrivals", "--ttl", "1h"];
    let point = ["--point", "FINISH"];
    let made = clock.run(&race.site, &[&create[..], &how, &point].concat());
    let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let after = Screen::open(server.ports.http, made["code"].as_str().unwrap()).await;

    let device = NewDevice::named("mat-1", &["FINISH"]).dial(server.ports.timing);
    let sent = [Session::default().read("FINISH", 1, now())];
    device.read(&sent);
    screen.shows("1").await;
    after.shows("1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn displays_live_on_and_can_be_made_with_the_clock_set_forward() {
    check_display(Race::on(Site::new()), 30 * HOUR_S).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn displays_live_on_and_can_be_made_with_the_clock_set_back() {
    check_display(Race::on(Site::new()), -3 * HOUR_S).await;
}
