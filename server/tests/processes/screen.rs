//! A screen that watches a display over its socket, and connects again as a kiosk does.

use crate::wait::{SOON_S, until, until_within};
use futures_util::{SinkExt, StreamExt};
use model::{
    Arrival, BoardState,
    socket::{ClientMessage, Echo, Level, Screen as About, ServerMessage},
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::time::sleep;
use tokio_tungstenite::{connect_async, tungstenite::Message};

const CONNECT_AGAIN: Duration = Duration::from_millis(50);

/// It watches until it is dropped.
pub struct Screen {
    seen: Arc<Mutex<Seen>>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    messages: Vec<(Instant, ServerMessage)>,
    /// Of the last state it got.
    epoch: Option<u64>,
    seq: Option<u64>,
    connections: u32,
}

impl Screen {
    /// Opens the display, and waits until it shows something.
    pub async fn open(http: SocketAddr, code: &str) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let url = format!("ws://{http}/d/{code}/live");
        let task = tokio::spawn(watch(url, Arc::clone(&seen)));
        let screen = Self { seen, task };
        until("the display opens", || screen.board()).await;
        screen
    }

    /// What is on it.
    pub fn board(&self) -> Option<BoardState> {
        let seen = self.seen.lock().unwrap();
        let newest = seen.messages.iter().rev();
        newest
            .into_iter()
            .find_map(|(_, message)| board_of(message).cloned())
    }

    /// Snapshots and frames so far.
    pub fn states(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        let states = seen.messages.iter();
        states
            .filter(|(_, message)| board_of(message).is_some())
            .count()
    }

    pub fn connections(&self) -> u32 {
        self.seen.lock().unwrap().connections
    }

    /// Every arrival that was ever on it, with whether it was marked late.
    pub fn ever(&self) -> Vec<Arrival> {
        let seen = self.seen.lock().unwrap();
        let boards = seen
            .messages
            .iter()
            .filter_map(|(_, message)| board_of(message));
        boards
            .flat_map(|board| board.arrivals.iter().cloned())
            .collect()
    }

    /// The server's own clock, as it was told with each frame and ping.
    pub fn server_times_us(&self) -> Vec<i64> {
        let seen = self.seen.lock().unwrap();
        let messages = seen.messages.iter();
        let time = |message: &ServerMessage| match message {
            ServerMessage::Frame { sent_at_us, .. } | ServerMessage::Ping { sent_at_us, .. } => {
                Some(*sent_at_us)
            }
            ServerMessage::Snapshot { .. }
            | ServerMessage::Html { .. }
            | ServerMessage::Command { .. }
            | ServerMessage::Ended => None,
        };
        messages.filter_map(|(_, message)| time(message)).collect()
    }

    pub fn arrival(&self, bib: &str) -> Option<Arrival> {
        let arrivals = self.board()?.arrivals;
        arrivals.into_iter().find(|arrival| arrival.bib == bib)
    }

    /// When the first state came that has this bib on it.
    pub fn first_shown(&self, bib: &str) -> Option<Instant> {
        self.first(|board| board.arrivals.iter().any(|arrival| arrival.bib == bib))
    }

    /// When the first state came that is so.
    pub fn first(&self, is_so: impl Fn(&BoardState) -> bool) -> Option<Instant> {
        let seen = self.seen.lock().unwrap();
        let mut messages = seen.messages.iter();
        messages
            .find(|(_, message)| board_of(message).is_some_and(&is_so))
            .map(|(at, _)| *at)
    }

    /// Waits until the bib is on it.
    pub async fn shows(&self, bib: &str) -> Arrival {
        until(&format!("bib {bib} is shown"), || self.arrival(bib)).await
    }

    /// Waits until what is on it is so.
    pub async fn becomes(&self, what: &str, is_so: impl Fn(&BoardState) -> bool) -> BoardState {
        until(what, || self.board().filter(&is_so)).await
    }

    /// Waits until the display is over, which was made to live for so long.
    pub async fn ended(&self, ttl_s: u64) {
        until_within(ttl_s + SOON_S, "the display ends", || {
            let seen = self.seen.lock().unwrap();
            let last = seen.messages.last().map(|(_, message)| message);
            matches!(last, Some(ServerMessage::Ended)).then_some(())
        })
        .await;
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn board_of(message: &ServerMessage) -> Option<&BoardState> {
    match message {
        ServerMessage::Snapshot { state, .. } | ServerMessage::Frame { state, .. } => Some(state),
        ServerMessage::Html { .. }
        | ServerMessage::Ping { .. }
        | ServerMessage::Command { .. }
        | ServerMessage::Ended => None,
    }
}

/// What a screen says first.
pub fn hello(epoch: Option<u64>, seq: Option<u64>) -> Message {
    let screen = About {
        level: Level::Full,
        width: 1920,
        height: 1080,
        version: "test".to_owned(),
    };
    text(&ClientMessage::Hello { epoch, seq, screen })
}

fn text(message: &ClientMessage) -> Message {
    Message::text(serde_json::to_string(message).unwrap())
}

async fn watch(url: String, seen: Arc<Mutex<Seen>>) {
    loop {
        watch_once(&url, &seen).await;
        sleep(CONNECT_AGAIN).await;
    }
}

/// Until the socket is gone.
async fn watch_once(url: &str, seen: &Mutex<Seen>) -> Option<()> {
    let (mut socket, _) = connect_async(url).await.ok()?;
    let (epoch, seq) = {
        let mut seen = seen.lock().unwrap();
        seen.connections += 1;
        (seen.epoch, seen.seq)
    };
    socket.send(hello(epoch, seq)).await.ok()?;
    loop {
        let message = socket.next().await?.ok()?;
        let Message::Text(json) = message else {
            continue;
        };
        let message: ServerMessage = serde_json::from_str(&json).unwrap();
        if let ServerMessage::Ping { sent_at_us, .. } = message {
            let pong = ClientMessage::Pong {
                sent_at_us,
                screen_at_us: sent_at_us,
                echo: Echo::default(),
            };
            socket.send(text(&pong)).await.ok()?;
        }
        let mut seen = seen.lock().unwrap();
        match &message {
            ServerMessage::Snapshot { epoch, seq, .. } => {
                seen.epoch = Some(*epoch);
                seen.seq = Some(*seq);
            }
            ServerMessage::Frame { seq, .. } => seen.seq = Some(*seq),
            ServerMessage::Html { .. }
            | ServerMessage::Ping { .. }
            | ServerMessage::Command { .. }
            | ServerMessage::Ended => {}
        }
        seen.messages.push((Instant::now(), message));
    }
}
