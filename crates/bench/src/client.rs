//! The load client: a process of its own that plays screens, timing devices and NATS clients.
//!
//! Orders come in on stdin, one JSON line each; a line on stdout answers when one is done. One
//! thread reads all sockets, another sends, so that a late send never waits for a read.

mod device;
mod screens;
mod sender;
pub mod wire;

use crate::limits;
use anyhow::bail;
use model::DisplayCode;
use screens::Screens;
pub use screens::newest_bib;
use sender::Sender;
use serde::{Deserialize, Serialize};
use std::{
    io::{BufRead, Write},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// All that the load client can be told.
#[derive(Debug, Serialize, Deserialize)]
pub enum Order {
    /// Opens screens, and waits until each has what is on the display now.
    Screens {
        http: SocketAddr,
        code: DisplayCode,
        count: usize,
        turn: Turn,
    },
    /// Opens sockets of the relay.
    RelayScreens {
        relay: SocketAddr,
        count: usize,
        turn: Turn,
    },
    /// Opens NATS subscribers over WebSocket, and waits until each is subscribed.
    Subscribers { ws: SocketAddr, count: usize },
    /// Connects timing devices, each with its locations, and waits until the server wants reads.
    Devices {
        timing: SocketAddr,
        locations: Vec<Vec<String>>,
    },
    /// Connects a NATS publisher, which sends the frame that a screen last got.
    Publisher { tcp: SocketAddr },
    /// Connects to the relay of this program.
    Feed { relay: SocketAddr },
    /// Sends reads one after the other and waits until every socket of that side has them all.
    Send {
        by: Side,
        first: u32,
        count: u32,
        interval_us: u64,
    },
    /// Closes all sockets of a side.
    Close(Side),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Gantry,
    Nats,
    Relay,
}

/// Which reads a socket gets: those whose number leaves `this` when divided by `of`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Turn {
    pub this: u32,
    pub of: u32,
}

#[derive(Debug, Serialize, Deserialize)]
pub enum Report {
    Done,
    Delivered(Delivered),
    Failed(String),
}

/// From just before a read was written until the bytes that show it were received, over all reads
/// and all sockets that are to show them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Delivered {
    pub p50_us: u64,
    pub p99_us: u64,
    pub max_us: u64,
    /// Reads times sockets.
    pub shown: u64,
    pub missing: u64,
    /// Messages received. Fewer than `shown` where one frame brought several reads.
    pub messages: u64,
}

pub fn serve() -> anyhow::Result<()> {
    let mut load = Load {
        screens: Screens::new()?,
        senders: Vec::new(),
    };
    for line in std::io::stdin().lock().lines() {
        let report = match load.carry_out(serde_json::from_str(&line?)?) {
            Ok(report) => report,
            Err(error) => Report::Failed(format!("{error:#}")),
        };
        let mut out = std::io::stdout().lock();
        serde_json::to_writer(&mut out, &report)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

struct Load {
    screens: Screens,
    senders: Vec<(Side, Sender)>,
}

impl Load {
    fn carry_out(&mut self, order: Order) -> anyhow::Result<Report> {
        match order {
            Order::Screens {
                http,
                code,
                count,
                turn,
            } => {
                let path = format!("/d/{code}/live");
                self.screens.open(http, &path, Side::Gantry, turn, count)?;
            }
            Order::RelayScreens { relay, count, turn } => {
                let path = format!("/{}/{}", turn.this, turn.of);
                self.screens.open(relay, &path, Side::Relay, turn, count)?;
            }
            Order::Subscribers { ws, count } => {
                let turn = Turn { this: 0, of: 1 };
                self.screens.open(ws, "/", Side::Nats, turn, count)?;
            }
            Order::Devices { timing, locations } => {
                let devices = Sender::devices(timing, &locations)?;
                self.senders.push((Side::Gantry, devices));
            }
            Order::Publisher { tcp } => {
                let publisher = Sender::publisher(tcp, self.screens.last_frame().to_vec())?;
                self.senders.push((Side::Nats, publisher));
            }
            Order::Feed { relay } => {
                let feed = Sender::feed(relay, self.screens.last_frame())?;
                self.senders.push((Side::Relay, feed));
            }
            Order::Send {
                by,
                first,
                count,
                interval_us,
            } => {
                let interval = Duration::from_micros(interval_us);
                return Ok(Report::Delivered(self.send(by, first, count, interval)?));
            }
            Order::Close(side) => self.screens.close(side),
        }
        Ok(Report::Done)
    }

    fn send(
        &mut self,
        by: Side,
        first: u32,
        count: u32,
        interval: Duration,
    ) -> anyhow::Result<Delivered> {
        let Some((_, sender)) = self.senders.iter_mut().find(|(side, _)| *side == by) else {
            bail!("nobody sends for {by:?}");
        };
        let round = Round::new(first, count);
        self.screens.begin(by, &round);
        let over = round.began + interval * count + Duration::from_millis(limits::DELIVERY_MS_MAX);
        std::thread::scope(|scope| {
            let sending = scope.spawn(|| sender.send(&round, interval));
            let seen = self.screens.watch(&round, over);
            let Ok(sent) = sending.join() else {
                bail!("the sender panicked")
            };
            sent.and(seen)
        })?;
        Ok(self.screens.delivered())
    }
}

/// Reads `first..first + count`, and when each was sent.
pub struct Round {
    pub first: u32,
    pub began: Instant,
    sent_us: Arc<[AtomicU64]>,
}

impl Round {
    fn new(first: u32, count: u32) -> Self {
        Self {
            first,
            began: Instant::now(),
            sent_us: (0..count).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    pub fn reads(&self) -> std::ops::Range<u32> {
        let count = u32::try_from(self.sent_us.len()).unwrap_or(u32::MAX);
        self.first..self.first + count
    }

    /// To be called just before the read is written.
    pub fn sends(&self, read: u32) {
        self.sent_us[(read - self.first) as usize].store(self.elapsed_us(), Ordering::Release);
    }

    /// How long ago the read was sent.
    pub fn age_us(&self, read: u32, now_us: u64) -> u64 {
        now_us.saturating_sub(self.sent_us[(read - self.first) as usize].load(Ordering::Acquire))
    }

    pub fn elapsed_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}
