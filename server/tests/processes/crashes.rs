//! SIGKILL during a burst of 50,000 reads: after the restart every read is there once.

use crate::{
    device::{Device, NewDevice},
    race::{Race, Session},
    server::Server,
    site::Site,
    wait::{until_async, until_within},
};
use std::time::Instant;
use timing::ctp01::DeviceRead;

on_both!(
    a_named_device_goes_on_where_it_was,
    a_device_without_a_name_sends_all_again,
    undated_times_keep_their_day_over_a_crash,
    a_server_that_is_asked_to_stop_stops_in_order,
);

const READS: u64 = 50_000;
const LOCATIONS: [&str; 2] = ["START", "FINISH"];

/// Sends a burst, ends the server each time so many reads are stored and not all, and waits until
/// all are.
async fn burst_with_kills(race: &Race, device: NewDevice, kills: &[usize]) -> Burst {
    let mut server = race.site.serve().await;
    let device = device.dial(server.ports.timing);
    let mut session = Session::default();
    let mut sent = session.burst(&LOCATIONS, 1, READS);
    device.read(&sent);
    let (mut killed_at, mut stored) = (Instant::now(), 0);
    for kill in kills {
        let lines_before = device.known().written;
        until_async("the server stands still in the middle of it", async || {
            let under_way = device.known().written > lines_before;
            // A command would take so long to count them that the burst could be over.
            let now = stored + server.counted("gantry_reads_total").await as usize;
            if !under_way || now < *kill {
                return None;
            }
            server.freeze().await;
            if race.count("reads") < sent.len() {
                return Some(());
            }
            // It was over before anybody looked: more is read, so that there is something to cut.
            let more = session.burst(&LOCATIONS, sent.len() as u64 + 1, READS);
            device.read(&more);
            sent.extend(more);
            server.go_on();
            None
        })
        .await;
        let ports = server.kill();
        killed_at = Instant::now();
        stored = race.count("reads");
        let lines = device.known().written;
        eprintln!("killed with {lines} lines written and {stored} reads stored");
        server = race.site.serve_at(ports).await;
    }
    race.stored(sent.len()).await;
    let took = killed_at.elapsed().as_millis();
    eprintln!("all stored {took} ms after the last kill");
    device.heard_out().await;
    Burst {
        sent,
        device,
        _server: server,
    }
}

struct Burst {
    sent: Vec<DeviceRead>,
    device: Device,
    _server: Server,
}

async fn a_named_device_goes_on_where_it_was(site: Site) {
    let race = Race::on(site);
    let device = NewDevice::named("mat-1", &LOCATIONS);
    let burst = burst_with_kills(&race, device, &[0, 5_000, 30_000]).await;
    race.assert_stored_once(&burst.sent);

    let known = burst.device.known();
    assert_eq!(known.connections, 4);
    assert_eq!(known.starts.len(), LOCATIONS.len(), "{:?}", known.starts);
    for (location, from) in &known.starts {
        assert!(from.unwrap() > 1, "{location:?} was not resumed");
    }
    let repeated = race.count("duplicates");
    assert!(repeated < burst.sent.len(), "{repeated} reads came again");
}

async fn a_device_without_a_name_sends_all_again(site: Site) {
    let race = Race::on(site);
    let device = NewDevice::unnamed(&LOCATIONS);
    let burst = burst_with_kills(&race, device, &[10_000, 30_000]).await;
    race.assert_stored_once(&burst.sent);
    let known = burst.device.known();
    assert_eq!(known.connections, 3);
    for (location, from) in &known.starts {
        assert_eq!(*from, Some(1), "{location:?} is not known again");
    }
}

/// Undated times are given their day by what is stored: sent again, they are the same reads.
async fn undated_times_keep_their_day_over_a_crash(site: Site) {
    use timing::ctp01::{Layout, TimeFormat};
    let race = Race::on(site);
    let device = NewDevice::unnamed(&LOCATIONS).writing(Layout::Ct01_33, TimeFormat::Normal);
    let burst = burst_with_kills(&race, device, &[20_000]).await;
    race.assert_stored_once(&burst.sent);
}

/// Ctrl-C in the middle of it: what is on its way is written first, and the rest comes again.
async fn a_server_that_is_asked_to_stop_stops_in_order(site: Site) {
    let race = Race::on(site);
    let server = race.site.serve().await;
    let ports = server.ports;
    let device = NewDevice::named("mat-1", &LOCATIONS).dial(ports.timing);
    let sent = Session::default().burst(&LOCATIONS, 1, 20_000);
    device.read(&sent);
    until_within(60, "the burst is under way", || {
        (race.count("reads") > 0).then_some(())
    })
    .await;
    assert!(server.terminate().await, "it did not end in order");
    let stored = race.count("reads");
    eprintln!("stopped with {stored} reads stored");
    let _server = race.site.serve_at(ports).await;
    race.stored(sent.len()).await;
    device.heard_out().await;
    race.assert_stored_once(&sent);
}
