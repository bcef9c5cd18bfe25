//! From mat to screen under a race's load: 100 shows with 10 screens each, 1,000 reads a second
//! over four timing connections; beside a relay that only carries the bytes.

use crate::{
    client::{Delivered, Order, Report, Side, Turn},
    figures::Row,
    process::{Client, Gantry, Relay},
    stats,
    world::{World, roster_csv},
};
use anyhow::{bail, ensure};
use std::path::Path;

const SHOWS: u32 = 100;
const SCREENS: usize = 10;
const CONNECTIONS: usize = 4;
const INTERVAL_US: u64 = 1_000;
const ROUNDS: u32 = 3;
const READS: u32 = 2_500;

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let world = World::new(gantry).await?;
    world.import(&roster_csv()?).await?;
    let points: Vec<String> = (0..SHOWS).map(|show| format!("MAT{show:02}")).collect();
    let mut codes = Vec::new();
    for point in &points {
        codes.push(world.display(point).await?);
    }
    let server = Gantry::start(gantry, world.folder.path())?;
    let mut client = Client::start()?;
    for (this, code) in (0..SHOWS).zip(codes) {
        let turn = Turn { this, of: SHOWS };
        client.order(&Order::Screens {
            http: server.http,
            code,
            count: SCREENS,
            turn,
        })?;
    }
    let locations = points
        .chunks(points.len() / CONNECTIONS)
        .map(<[String]>::to_vec)
        .collect();
    client.order(&Order::Devices {
        timing: server.timing,
        locations,
    })?;

    // The first reads warm both up, and fill the boards for the relay's frame.
    let mut next = 0;
    send(&mut client, Side::Gantry, &mut next)?;
    let relay = Relay::start()?;
    for this in 0..SHOWS {
        let turn = Turn { this, of: SHOWS };
        client.order(&Order::RelayScreens {
            relay: relay.address,
            count: SCREENS,
            turn,
        })?;
    }
    client.order(&Order::Feed {
        relay: relay.address,
    })?;

    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(send(&mut client, Side::Gantry, &mut next)?);
        bare.push(send(&mut client, Side::Relay, &mut next)?);
    }
    let row = |what: &str, of: fn(&Delivered) -> u64, budget_us: u64| {
        let median =
            |rounds: &[Delivered]| stats::median(&rounds.iter().map(of).collect::<Vec<_>>());
        let (took, baseline) = (median(&ours), median(&bare));
        Row::new("mat-to-screen", what, stats::shown_us(took))
            .beside(
                format!("relay {}", stats::shown_us(baseline)),
                took as f64 / baseline.max(1) as f64,
            )
            .budget(
                format!("< {}", stats::shown_us(budget_us)),
                took < budget_us,
            )
    };
    Ok(vec![
        row(
            "1,000 reads/s, 100 shows with 10 screens, p50",
            |d| d.p50_us,
            2_000,
        ),
        row("the same, p99", |d| d.p99_us, 10_000),
    ])
}

fn send(client: &mut Client, by: Side, next: &mut u32) -> anyhow::Result<Delivered> {
    let order = Order::Send {
        by,
        first: *next,
        count: READS,
        interval_us: INTERVAL_US,
    };
    *next += READS;
    let Report::Delivered(delivered) = client.order(&order)? else {
        bail!("the load client did not say what it got");
    };
    ensure!(
        delivered.missing == 0,
        "reads did not reach every screen: {delivered:?}"
    );
    Ok(delivered)
}
