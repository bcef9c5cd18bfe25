//! All sockets that receive: screens of a display, NATS subscribers, sockets of the relay.
//!
//! One thread, one poll, one buffer: the client is to cost as little as it can of the machine that
//! it measures. A read counts as received when the bytes of a whole message with it are there.

use super::{
    Delivered, Round, Side, Turn,
    wire::{self, Frame, find},
};
use crate::{limits, stats};
use anyhow::{Context, bail};
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use model::socket::{ClientMessage, Echo, Screen};
use std::{
    io::{ErrorKind, Read, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};

pub struct Screens {
    poll: Poll,
    events: Events,
    sockets: Vec<Option<Socket>>,
    /// Sockets that are not ready yet.
    opening: usize,
    buffer: Vec<u8>,
    /// The newest frame of Gantry's, so that others can send the same bytes.
    last_frame: Vec<u8>,
    tally: Tally,
}

struct Socket {
    stream: TcpStream,
    side: Side,
    turn: Turn,
    stage: Stage,
    /// Bytes of a frame that is not whole yet.
    pending: Vec<u8>,
    /// What frames brought of a message that is not whole yet; of NATS, in its own protocol.
    inner: Vec<u8>,
    /// The read it waits for.
    next: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    /// Open; its first message is awaited.
    Greeting,
    Ready,
}

/// What one round has brought so far.
#[derive(Default)]
struct Tally {
    ages_us: Vec<u64>,
    /// Reads times sockets that are still to come.
    missing: u64,
    messages: u64,
}

/// Opening at a time, so that no server's queue of new ones runs over.
const OPENING_MAX: usize = 128;
const BUFFER_BYTES: usize = 256 * 1_024;

impl Screens {
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1_024),
            sockets: Vec::new(),
            opening: 0,
            buffer: vec![0; BUFFER_BYTES],
            last_frame: Vec::new(),
            tally: Tally::default(),
        })
    }

    pub fn last_frame(&self) -> &[u8] {
        &self.last_frame
    }

    /// Opens `count` sockets and waits until each is ready.
    pub fn open(
        &mut self,
        address: SocketAddr,
        path: &str,
        side: Side,
        turn: Turn,
        count: usize,
    ) -> anyhow::Result<()> {
        let request = wire::opening(&address.to_string(), path);
        let until = Instant::now() + Duration::from_millis(limits::OPEN_MS_MAX);
        for number in 0..count {
            let mut stream = std::net::TcpStream::connect(address)
                .with_context(|| format!("connect socket {number} to {address}"))?;
            stream.set_nodelay(true)?;
            stream.write_all(request.as_bytes())?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            let token = Token(self.sockets.len());
            self.poll
                .registry()
                .register(&mut stream, token, Interest::READABLE)?;
            let (pending, inner) = (Vec::new(), Vec::new());
            let stage = Stage::Opening;
            let socket = Socket {
                stream,
                side,
                turn,
                stage,
                pending,
                inner,
                next: u32::MAX,
            };
            self.sockets.push(Some(socket));
            self.opening += 1;
            self.until_opening(OPENING_MAX, until)?;
        }
        self.until_opening(0, until)
    }

    /// Waits until so few are not ready yet.
    fn until_opening(&mut self, few: usize, until: Instant) -> anyhow::Result<()> {
        while self.opening > few {
            if Instant::now() > until {
                bail!("{} sockets got no answer in time", self.opening);
            }
            self.turn(Duration::from_millis(20), None)?;
        }
        Ok(())
    }

    pub fn close(&mut self, side: Side) {
        for slot in &mut self.sockets {
            if slot.as_ref().is_some_and(|socket| socket.side == side) {
                *slot = None;
            }
        }
    }

    /// From now on every socket of the side waits for its reads of the round.
    pub fn begin(&mut self, side: Side, round: &Round) {
        self.tally = Tally::default();
        let reads = round.reads();
        for socket in self.sockets.iter_mut().flatten() {
            let Turn { this, of } = socket.turn;
            if socket.side != side {
                socket.next = u32::MAX;
                continue;
            }
            let after = (this + of - reads.start % of) % of;
            socket.next = reads.start + after;
            if socket.next < reads.end {
                self.tally.missing += u64::from((reads.end - socket.next).div_ceil(of));
            }
        }
    }

    /// Receives until everything is there or the time is over.
    pub fn watch(&mut self, round: &Round, over: Instant) -> anyhow::Result<()> {
        while self.tally.missing > 0 && Instant::now() < over {
            self.turn(Duration::from_millis(20), Some(round))?;
        }
        Ok(())
    }

    pub fn delivered(&self) -> Delivered {
        let ages = &self.tally.ages_us;
        Delivered {
            p50_us: stats::percentile(ages, 0.5),
            p99_us: stats::percentile(ages, 0.99),
            max_us: stats::percentile(ages, 1.0),
            shown: ages.len() as u64,
            missing: self.tally.missing,
            messages: self.tally.messages,
        }
    }

    /// One look at what came.
    fn turn(&mut self, wait: Duration, round: Option<&Round>) -> anyhow::Result<()> {
        match self.poll.poll(&mut self.events, Some(wait)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            polled => polled?,
        }
        for event in &self.events {
            let Some(Some(socket)) = self.sockets.get_mut(event.token().0) else {
                continue;
            };
            let mut heard = Heard {
                round,
                tally: &mut self.tally,
                last_frame: &mut self.last_frame,
            };
            loop {
                let length = match socket.stream.read(&mut self.buffer) {
                    Ok(0) => bail!("a server closed a socket of {:?}", socket.side),
                    Ok(length) => length,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => {
                        return Err(error).context(format!("a socket of {:?}", socket.side));
                    }
                };
                let was_ready = socket.stage == Stage::Ready;
                socket.take(&self.buffer[..length], &mut heard)?;
                self.opening -= usize::from(!was_ready && socket.stage == Stage::Ready);
                // A short read has emptied the socket: an edge tells of more (epoll(7)).
                if length < self.buffer.len() {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Where what a socket hears goes.
struct Heard<'a> {
    round: Option<&'a Round>,
    tally: &'a mut Tally,
    last_frame: &'a mut Vec<u8>,
}

impl Socket {
    fn take(&mut self, bytes: &[u8], heard: &mut Heard<'_>) -> anyhow::Result<()> {
        if self.pending.is_empty() {
            let used = self.take_whole(bytes, heard)?;
            self.pending.extend_from_slice(&bytes[used..]);
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            pending.extend_from_slice(bytes);
            let used = self.take_whole(&pending, heard)?;
            pending.drain(..used);
            self.pending = pending;
        }
        Ok(())
    }

    /// Takes every whole message, and returns how many bytes they were.
    fn take_whole(&mut self, bytes: &[u8], heard: &mut Heard<'_>) -> anyhow::Result<usize> {
        let mut used = 0;
        if self.stage == Stage::Opening {
            match wire::opened(bytes) {
                Ok(Some(length)) => used = length,
                Ok(None) => return Ok(0),
                Err(answer) => bail!("the server answered {answer}"),
            }
            self.stage = Stage::Greeting;
            self.greet()?;
        }
        while let Some(frame) = wire::frame(&bytes[used..]) {
            used += frame.length;
            self.on_frame(&frame, heard)?;
        }
        Ok(used)
    }

    fn greet(&mut self) -> anyhow::Result<()> {
        match self.side {
            Side::Gantry => {
                let screen = Screen {
                    width: 1_920,
                    height: 1_080,
                    ..Screen::default()
                };
                let hello = ClientMessage::Hello {
                    epoch: None,
                    seq: None,
                    screen,
                };
                self.send(&wire::masked(wire::TEXT, &serde_json::to_vec(&hello)?))
            }
            Side::Nats => {
                let lines = b"CONNECT {\"verbose\":false}\r\nSUB board 1\r\nPING\r\n";
                self.send(&wire::masked(wire::BINARY, lines))
            }
            Side::Relay => {
                self.stage = Stage::Ready;
                Ok(())
            }
        }
    }

    fn on_frame(&mut self, frame: &Frame<'_>, heard: &mut Heard<'_>) -> anyhow::Result<()> {
        match (frame.opcode, self.side) {
            (wire::CLOSE, side) => {
                let reason = frame.payload.get(2..).unwrap_or_default();
                bail!(
                    "a server closed a socket of {side:?}: {}",
                    String::from_utf8_lossy(reason)
                )
            }
            (wire::TEXT, Side::Gantry) if frame.is_last => self.on_message(frame.payload, heard),
            (wire::TEXT | wire::CONTINUATION, Side::Gantry) => {
                self.inner.extend_from_slice(frame.payload);
                if frame.is_last {
                    let message = std::mem::take(&mut self.inner);
                    self.on_message(&message, heard)?;
                }
                Ok(())
            }
            (wire::BINARY | wire::CONTINUATION, Side::Nats) => {
                if self.inner.is_empty() {
                    let used = self.on_nats(frame.payload, heard)?;
                    self.inner.extend_from_slice(&frame.payload[used..]);
                } else {
                    let mut inner = std::mem::take(&mut self.inner);
                    inner.extend_from_slice(frame.payload);
                    let used = self.on_nats(&inner, heard)?;
                    inner.drain(..used);
                    self.inner = inner;
                }
                Ok(())
            }
            (wire::TEXT, Side::Relay) => {
                self.shown(frame.payload, heard);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A message of the display socket (design §5.4).
    fn on_message(&mut self, message: &[u8], heard: &mut Heard<'_>) -> anyhow::Result<()> {
        if message.starts_with(br#"{"type":"frame""#) {
            self.shown(message, heard);
            if heard.round.is_none() || heard.last_frame.len() != message.len() {
                heard.last_frame.clear();
                heard.last_frame.extend_from_slice(message);
            }
        } else if message.starts_with(br#"{"type":"snapshot""#) {
            self.stage = Stage::Ready;
        } else if let Some(sent_at) = message.strip_prefix(br#"{"type":"ping","sent_at_us":"#) {
            let digits = sent_at.iter().take_while(|sign| sign.is_ascii_digit());
            let text = std::str::from_utf8(&sent_at[..digits.count()])?;
            let sent_at_us = text.parse().context("a ping says when it was sent")?;
            let echo = Echo::default();
            let pong = ClientMessage::Pong {
                sent_at_us,
                screen_at_us: sent_at_us,
                echo,
            };
            self.send(&wire::masked(wire::TEXT, &serde_json::to_vec(&pong)?))?;
        }
        Ok(())
    }

    /// Lines of the NATS client protocol, and the payloads that follow some of them.
    fn on_nats(&mut self, bytes: &[u8], heard: &mut Heard<'_>) -> anyhow::Result<usize> {
        let mut used = 0;
        while let Some(end) = find(&bytes[used..], b"\r\n") {
            let line = &bytes[used..used + end];
            let body = used + end + 2;
            if line.starts_with(b"MSG ") {
                let length = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
                let length: usize = std::str::from_utf8(length)?.parse()?;
                let Some(payload) = bytes.get(body..body + length + 2) else {
                    break;
                };
                self.shown(&payload[..length], heard);
                used = body + length + 2;
                continue;
            }
            if line == b"PONG" {
                self.stage = Stage::Ready;
            } else if line == b"PING" {
                self.send(&wire::masked(wire::BINARY, b"PONG\r\n"))?;
            } else if line.starts_with(b"-ERR") {
                bail!("nats-server: {}", String::from_utf8_lossy(line));
            }
            used = body;
        }
        Ok(used)
    }

    /// A board came. It shows its newest read, and those before it that had no frame of their own.
    fn shown(&mut self, board: &[u8], heard: &mut Heard<'_>) {
        let Some(round) = heard.round else { return };
        let Some(read) = newest_read(board).filter(|read| round.reads().contains(read)) else {
            return;
        };
        heard.tally.messages += 1;
        let now_us = round.elapsed_us();
        while self.next <= read {
            heard.tally.ages_us.push(round.age_us(self.next, now_us));
            heard.tally.missing = heard.tally.missing.saturating_sub(1);
            self.next += self.turn.of;
        }
    }

    /// Small enough to fit whatever is free in the socket.
    fn send(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let written = self.stream.write(bytes)?;
        if written < bytes.len() {
            bail!("a server takes no bytes");
        }
        Ok(())
    }
}

/// What stands before the newest runner's bib on a board.
pub const BIB: &[u8] = br#""bib":""#;

/// Where on a board the digits of the newest runner's bib are.
pub fn newest_bib(board: &[u8]) -> Option<std::ops::Range<usize>> {
    let start = find(board, BIB)? + BIB.len();
    let digits = limits::FIRST_BIB.ilog10() as usize + 1;
    (start + digits <= board.len()).then_some(start..start + digits)
}

fn newest_read(board: &[u8]) -> Option<u32> {
    let bib = std::str::from_utf8(&board[newest_bib(board)?]).ok()?;
    bib.parse::<u32>().ok()?.checked_sub(limits::FIRST_BIB)
}
