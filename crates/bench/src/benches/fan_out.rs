//! Fan-out of one show beside nats-server: 1,000 screens at 100 frames a second, and one frame to
//! 9,000. The same bytes to as many sockets over WebSocket, from the same client, in turn.

use crate::{
    client::{Delivered, Order, Report, Side, Turn},
    figures::Row,
    handles,
    process::{Client, Gantry, NO_NATS, Nats, Running},
    stats,
    world::{World, roster_csv},
};
use anyhow::{bail, ensure};
use std::{path::Path, time::Duration};

const SCREENS: usize = 1_000;
const INTERVAL_US: u64 = 10_000;
const ROUNDS: usize = 4;
const READS: u32 = 150;

const CROWD: usize = 9_000;
const SHOTS: usize = 7;

const RATIO_MAX: f64 = 1.25;

struct Bench {
    client: Client,
    server: Gantry,
    nats: Option<Nats>,
    next: u32,
}

/// What each side did in one round, and what the server's processor time was.
struct Measured {
    delivered: Delivered,
    cpu: Duration,
}

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let world = World::new(gantry).await?;
    world.import(&roster_csv()?).await?;
    let code = world.display("FINISH").await?;
    let server = Gantry::start(gantry, world.folder.path())?;
    let mut bench = Bench {
        client: Client::start()?,
        server,
        nats: Nats::start()?,
        next: 0,
    };
    let locations = vec![vec!["FINISH".to_owned()]];
    bench.client.order(&Order::Devices {
        timing: bench.server.timing,
        locations,
    })?;
    let screens = |bench: &mut Bench, count| {
        let turn = Turn { this: 0, of: 1 };
        let http = bench.server.http;
        bench.client.order(&Order::Screens {
            http,
            code: code.clone(),
            count,
            turn,
        })
    };
    screens(&mut bench, SCREENS)?;
    bench.send(Side::Gantry, 50)?;
    if let Some(nats) = &bench.nats {
        bench.client.order(&Order::Subscribers {
            ws: nats.ws,
            count: SCREENS,
        })?;
        bench.client.order(&Order::Publisher { tcp: nats.tcp })?;
        bench.send(Side::Nats, 50)?;
    }
    let (ours, theirs) = bench.rounds(ROUNDS, READS)?;
    let mut rows = steady(&ours, &theirs);

    bench.client.order(&Order::Close(Side::Gantry))?;
    bench.client.order(&Order::Close(Side::Nats))?;
    let sides = if bench.nats.is_some() { 2 } else { 1 };
    let crowd = CROWD.min(usize::try_from(handles::sockets_max())? / sides);
    screens(&mut bench, crowd)?;
    bench.send(Side::Gantry, 1)?;
    if let Some(nats) = &bench.nats {
        bench.client.order(&Order::Subscribers {
            ws: nats.ws,
            count: crowd,
        })?;
        bench.send(Side::Nats, 1)?;
    }
    let (ours, theirs) = bench.rounds(SHOTS, 1)?;
    rows.push(row(
        &format!("one frame to {crowd}, all within"),
        &ours,
        &theirs,
        |m| m.delivered.max_us,
    ));
    if crowd < CROWD {
        let why =
            format!("only {crowd} of {CROWD} sockets may be open; raise the limit of open files");
        rows.push(Row::left_out("fan-out", "the other sockets", &why));
    }
    if bench.nats.is_none() {
        rows.push(Row::left_out("fan-out", "the comparison", NO_NATS));
    }
    Ok(rows)
}

fn steady(ours: &[Measured], theirs: &[Measured]) -> Vec<Row> {
    let messages = |m: &Measured| m.delivered.messages * 100 / m.delivered.shown.max(1);
    let share = stats::median(&ours.iter().map(messages).collect::<Vec<_>>());
    let cpu = |m: &Measured| {
        u64::try_from(m.cpu.as_micros()).unwrap_or(u64::MAX) * 1_000 / m.delivered.shown.max(1)
    };
    let (ours_cpu, theirs_cpu) = (
        stats::median(&ours.iter().map(cpu).collect::<Vec<_>>()),
        stats::median(&theirs.iter().map(cpu).collect::<Vec<_>>()),
    );
    let cpu = Row::new(
        "fan-out",
        format!("server's processor time a read and screen; frames sent: {share} %"),
        format!("{:.1} µs", ours_cpu as f64 / 1_000.0),
    );
    let cpu = match theirs {
        [] => cpu,
        _ => cpu.beside(
            format!("NATS {:.1} µs", theirs_cpu as f64 / 1_000.0),
            ours_cpu as f64 / theirs_cpu.max(1) as f64,
        ),
    };
    vec![
        row("1,000 screens, 100 frames/s, p50", ours, theirs, |m| {
            m.delivered.p50_us
        }),
        row("the same, p99", ours, theirs, |m| m.delivered.p99_us),
        cpu,
    ]
}

fn row(what: &str, ours: &[Measured], theirs: &[Measured], of: fn(&Measured) -> u64) -> Row {
    let median = |rounds: &[Measured]| stats::median(&rounds.iter().map(of).collect::<Vec<_>>());
    let took = median(ours);
    let row = Row::new("fan-out", what, stats::shown_us(took));
    if theirs.is_empty() {
        return row;
    }
    let baseline = median(theirs);
    let ratio = took as f64 / baseline.max(1) as f64;
    row.beside(format!("NATS {}", stats::shown_us(baseline)), ratio)
        .budget("≤ 1.25 of it", ratio <= RATIO_MAX)
}

impl Bench {
    /// Both sides in turn, so that neither has the better minute of the machine.
    fn rounds(
        &mut self,
        rounds: usize,
        reads: u32,
    ) -> anyhow::Result<(Vec<Measured>, Vec<Measured>)> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(self.send(Side::Gantry, reads)?);
            if self.nats.is_some() {
                theirs.push(self.send(Side::Nats, reads)?);
            }
        }
        Ok((ours, theirs))
    }

    fn send(&mut self, by: Side, count: u32) -> anyhow::Result<Measured> {
        let cpu_before = self.cpu(by);
        let order = Order::Send {
            by,
            first: self.next,
            count,
            interval_us: INTERVAL_US,
        };
        self.next += count;
        let Report::Delivered(delivered) = self.client.order(&order)? else {
            bail!("the load client did not say what it got");
        };
        ensure!(
            delivered.missing == 0,
            "reads did not reach every screen of {by:?}: {delivered:?}"
        );
        Ok(Measured {
            delivered,
            cpu: self.cpu(by).saturating_sub(cpu_before),
        })
    }

    fn cpu(&self, by: Side) -> Duration {
        let process = match by {
            Side::Nats => self.nats.as_ref().map(|nats| &nats.running),
            Side::Gantry | Side::Relay => Some(&self.server.running),
        };
        process.and_then(Running::cpu).unwrap_or_default()
    }
}
