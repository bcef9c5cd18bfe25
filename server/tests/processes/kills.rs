//! SIGKILL again and again at moments that nobody chose, on one database: each start begins
//! with what the kill before it left.

use crate::{
    database,
    device::NewDevice,
    load::Load,
    race::Race,
    seeds,
    server::{Ports, Server},
    site::Site,
    wait::until_async,
};
use rand::{RngExt, rngs::StdRng, seq::SliceRandom};
use std::time::Duration;
use tokio::time::sleep;

/// From the moment the server is ready; a device is back within 20 ms of it.
const ALIVE_MS_MAX: u64 = 250;
/// After a look at what it has stored.
const LOOKED_MS_MAX: u64 = 50;
/// A start takes about 50 ms.
const STARTING_MS_MAX: u64 = 80;
const LOCATIONS: [&str; 2] = ["START", "FINISH"];

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_lose_nothing_and_double_nothing() {
    let race = Race::on(Site::new());
    check(&race, 50).await;
    database::assert_sound(&race.site.database()).await;
}

/// Fewer rounds: the kills meet our part of a commit only, as PostgreSQL lives on.
#[tokio::test(flavor = "multi_thread")]
async fn kills_lose_nothing_and_double_nothing_on_postgres() {
    check(&Race::on(Site::on_postgres()), 15).await;
}

async fn check(race: &Race, rounds: u32) {
    let mut rng = seeds::rng();
    let mut server = race.site.serve().await;
    let timing = server.ports.timing;
    let named = NewDevice::named("mat-1", &LOCATIONS).dial(timing);
    let unnamed = NewDevice::unnamed(&["10K"]).dial(timing);
    // The second sends all it ever read with each connection, so it reads less.
    let loads = [
        Load::start(named, &LOCATIONS, 1, 20),
        Load::start(unnamed, &["10K"], 1_000_000, 1),
    ];
    let (mut at_work, mut cut_short) = (0, 0);
    for is_awaited in half_of(rounds, &mut rng) {
        let has_stored = async || server.counted("gantry_reads_total").await > 0;
        if is_awaited {
            until_async("a read is stored", async || {
                has_stored().await.then_some(())
            })
            .await;
        } else {
            sleep(Duration::from_millis(rng.random_range(0..ALIVE_MS_MAX))).await;
        }
        at_work += u32::from(has_stored().await);
        sleep(Duration::from_millis(rng.random_range(0..LOOKED_MS_MAX))).await;
        server.kill();
        if rng.random_bool(0.3) {
            let alive = Duration::from_millis(rng.random_range(0..STARTING_MS_MAX));
            let mut command = race.site.command();
            command.arg("serve");
            Server::cut_short(command, alive).await;
            cut_short += 1;
        }
        let http = Ports::any().http;
        server = race.site.serve_at(Ports { http, timing }).await;
    }
    let (mut devices, mut sent) = (Vec::new(), Vec::new());
    for load in loads {
        let (device, reads) = load.stop().await;
        devices.push(device);
        sent.extend(reads);
    }
    race.stored(sent.len()).await;
    for device in devices {
        device.heard_out().await;
    }
    race.assert_stored_once(&sent);
    let reads = sent.len();
    eprintln!("{reads} reads; {at_work} of {rounds} kills while storing; {cut_short} more starts");
    assert!(at_work >= rounds / 2, "hardly a kill met a server at work");
}

/// Which kills wait until the server has stored a read: half of them, whichever. A machine with
/// much else to do gets no server so far within `ALIVE_MS_MAX`, and the more is stored already, the
/// later is the first read; so kills at any moment alone can all come before it. The other half
/// still does come at any moment, and before the first read too.
fn half_of(rounds: u32, rng: &mut StdRng) -> Vec<bool> {
    let mut awaited: Vec<_> = (0..rounds).map(|round| round % 2 == 0).collect();
    awaited.shuffle(rng);
    awaited
}
