//! Memory of the server for each idle display socket that has had its snapshot and a frame, beside
//! nats-server's for each subscriber that has had the same frame. The kernel's part is not in it.

use crate::{
    client::{Order, Side, Turn},
    figures::Row,
    process::{Client, Gantry, NO_NATS, Nats, Running},
    world::{World, roster_csv},
};
use anyhow::Context;
use std::{path::Path, time::Duration};

const SOCKETS: usize = 2_000;
/// Opened before, so that what the first ones need is not counted.
const WARM: usize = 100;
const BUDGET_BYTES: u64 = 12 * 1_024;

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let world = World::new(gantry).await?;
    world.import(&roster_csv()?).await?;
    let code = world.display("FINISH").await?;
    let server = Gantry::start(gantry, world.folder.path())?;
    let mut client = Client::start()?;
    let locations = vec![vec!["FINISH".to_owned()]];
    client.order(&Order::Devices {
        timing: server.timing,
        locations,
    })?;
    let screens = |count| Order::Screens {
        http: server.http,
        code: code.clone(),
        count,
        turn: Turn { this: 0, of: 1 },
    };
    client.order(&screens(WARM))?;
    send(&mut client, Side::Gantry, 0, 20)?;
    let before = rss(&server.running)?;
    client.order(&screens(SOCKETS))?;
    send(&mut client, Side::Gantry, 20, 1)?;
    let ours = (rss(&server.running)?.saturating_sub(before)) / SOCKETS as u64;

    let row = Row::new("memory", "an idle screen after a frame", kib(ours));
    let kept = ours < BUDGET_BYTES;
    let Some(nats) = Nats::start()? else {
        let row = row.budget("< 12 KiB", kept);
        return Ok(vec![
            row,
            Row::left_out("memory", "a NATS subscriber", NO_NATS),
        ]);
    };
    client.order(&Order::Subscribers {
        ws: nats.ws,
        count: WARM,
    })?;
    client.order(&Order::Publisher { tcp: nats.tcp })?;
    send(&mut client, Side::Nats, 21, 20)?;
    let before = rss(&nats.running)?;
    client.order(&Order::Subscribers {
        ws: nats.ws,
        count: SOCKETS,
    })?;
    send(&mut client, Side::Nats, 41, 1)?;
    let theirs = rss(&nats.running)?.saturating_sub(before) / SOCKETS as u64;
    let ratio = ours as f64 / theirs as f64;
    Ok(vec![
        row.beside(format!("NATS {}", kib(theirs)), ratio)
            .budget("< 12 KiB", kept),
    ])
}

fn send(client: &mut Client, by: Side, first: u32, count: u32) -> anyhow::Result<()> {
    client.order(&Order::Send {
        by,
        first,
        count,
        interval_us: 10_000,
    })?;
    Ok(())
}

fn rss(running: &Running) -> anyhow::Result<u64> {
    // What is on its way to be freed has gone by then.
    std::thread::sleep(Duration::from_millis(500));
    running
        .rss_bytes()
        .context("this system does not tell how much memory a process holds")
}

fn kib(bytes: u64) -> String {
    format!("{:.1} KiB", bytes as f64 / 1_024.0)
}
