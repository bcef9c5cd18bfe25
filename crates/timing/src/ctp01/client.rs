//! The device's end of CTP01: what timing software does, for the simulator and for tests.
//!
//! Owns the greeting, the initialization, the answers to queries, and which locations are started.
//! Knows no field, no history of reads: whoever drives it sends the reads that a `Start` asks for.

use super::{
    EventInfo, PROTOCOL, UnknownReason,
    lines::{Line, Lines},
    record::{DeviceRead, Layout, NEW_LOCATION_TAG, TimeFormat},
    text,
    time::DeviceTime,
};
use crate::limits;
use model::{MonoMs, ReadKind};
use std::collections::BTreeSet;

/// Who the client is and how it writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    pub program: String,
    pub version: String,
    /// The answer to `getconnectionid`; without one that command is unknown to it.
    pub connection_name: Option<String>,
    pub event: EventInfo,
    pub locations: Vec<String>,
    pub layout: Layout,
    /// Writes times so, whatever the server asks for.
    pub time_format: Option<TimeFormat>,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            program: "SimpleClient".to_owned(),
            version: "0.6.0".to_owned(),
            connection_name: None,
            event: EventInfo::default(),
            locations: Vec::new(),
            layout: Layout::default(),
            time_format: None,
        }
    }
}

pub enum ClientInput<'a> {
    Bytes(&'a [u8]),
    /// The time of `next_timer` has come.
    Timer,
    /// A location appeared. Announced where the server asked for that.
    NewLocation(String),
    /// Written as the server asked. Those of locations that are not started are left out, and
    /// guns where the server wants none; all go in one `Send`.
    Reads(&'a [DeviceRead]),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientOutput {
    Send(Vec<u8>),
    /// Reads are wanted, of one location or of all, from a sequence on (inclusive) where one is
    /// named. Without one it is for the device to choose; a genuine one sends its session.
    Start {
        location: Option<String>,
        from_sequence: Option<u64>,
    },
    Stop {
        location: Option<String>,
    },
    /// The initialization is complete.
    Ready,
    /// Nothing more comes of this session: hang up.
    GaveUp(GaveUp),
    /// A line from the server that the client does not know.
    Unknown {
        raw: Vec<u8>,
        reason: UnknownReason,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GaveUp {
    #[error("the server did not finish the initialization within {} s", limits::CLIENT_INIT_MS_MAX / 1_000)]
    InitTimeout,
    #[error("the server's first line is no greeting such as Gantry~1.0~6: {0:?}")]
    NoGreeting(String),
}

enum State {
    /// Ours is not yet sent.
    Greeting,
    AwaitingGreeting {
        since: MonoMs,
    },
    Initializing {
        since: MonoMs,
        lines_left: usize,
    },
    Ready,
    GaveUp,
}

/// What the server asked for by initialization lines.
#[derive(Default)]
struct Asked {
    time_format: Option<TimeFormat>,
    guns: bool,
    new_locations: bool,
    acknowledge: bool,
}

pub struct ClientSession {
    config: ClientConfig,
    lines: Lines,
    state: State,
    asked: Asked,
    /// Started by name.
    started: BTreeSet<String>,
    /// Started by a `start` without location, which holds for later ones too.
    all_started: bool,
    created_at: MonoMs,
    /// Of the last read sent, for the announcement of a location.
    last: Option<(u64, DeviceTime)>,
}

impl ClientSession {
    /// The greeting is sent by the first `apply`, for which `next_timer` asks at once.
    pub fn new(config: ClientConfig, now: MonoMs) -> Self {
        Self {
            config,
            lines: Lines::default(),
            state: State::Greeting,
            asked: Asked::default(),
            started: BTreeSet::new(),
            all_started: false,
            created_at: now,
            last: None,
        }
    }

    /// When to `apply` `ClientInput::Timer`.
    pub fn next_timer(&self) -> Option<MonoMs> {
        match self.state {
            State::Greeting => Some(self.created_at),
            State::AwaitingGreeting { since } | State::Initializing { since, .. } => {
                Some(since.plus_ms(limits::CLIENT_INIT_MS_MAX))
            }
            State::Ready | State::GaveUp => None,
        }
    }

    /// Whether reads of this location are wanted.
    pub fn is_started(&self, location: &str) -> bool {
        self.all_started || self.started.contains(location)
    }

    pub fn apply(&mut self, now: MonoMs, input: ClientInput<'_>) -> Vec<ClientOutput> {
        let mut out = Vec::new();
        if matches!(self.state, State::GaveUp) {
            return out;
        }
        if matches!(self.state, State::Greeting) {
            let ClientConfig {
                program, version, ..
            } = &self.config;
            send(&mut out, &format!("{program}~{version}~{PROTOCOL}"));
            self.state = State::AwaitingGreeting { since: now };
        }
        match input {
            ClientInput::Bytes(mut bytes) => {
                while let Some(line) = self.lines.next(&mut bytes) {
                    match line {
                        _ if matches!(self.state, State::GaveUp) => break,
                        Line::Whole(raw) if raw.is_empty() => {}
                        Line::Whole(raw) => self.on_line(raw, &mut out),
                        Line::TooLong { beginning: raw } => {
                            out.push(ClientOutput::Unknown {
                                raw,
                                reason: UnknownReason::TooLong,
                            });
                        }
                    }
                }
            }
            ClientInput::Timer => {}
            ClientInput::NewLocation(location) => self.announce(location, &mut out),
            ClientInput::Reads(reads) => self.send_reads(reads, &mut out),
        }
        if let State::AwaitingGreeting { since } | State::Initializing { since, .. } = self.state
            && now.ms_since(since) >= limits::CLIENT_INIT_MS_MAX
        {
            self.give_up(GaveUp::InitTimeout, &mut out);
        }
        out
    }

    fn give_up(&mut self, why: GaveUp, out: &mut Vec<ClientOutput>) {
        self.state = State::GaveUp;
        out.push(ClientOutput::GaveUp(why));
    }

    fn on_line(&mut self, raw: Vec<u8>, out: &mut Vec<ClientOutput>) {
        let line = text::decode(&raw);
        match self.state {
            State::Greeting | State::GaveUp => {}
            State::AwaitingGreeting { since } => {
                let lines = greeted_lines(&line);
                match lines.filter(|lines| *lines <= limits::INIT_LINES_MAX) {
                    Some(lines_left) => self.initialize(since, lines_left, out),
                    None => {
                        let line = text::shown(&line, limits::LINE_BEGINNING_BYTES);
                        self.give_up(GaveUp::NoGreeting(line), out);
                    }
                }
            }
            State::Initializing { since, lines_left } => {
                if let Some((key, value)) = line.split_once('=') {
                    self.set(key.trim(), value.trim());
                    self.initialize(since, lines_left - 1, out);
                } else {
                    out.push(unknown(&raw));
                    self.initialize(since, lines_left - 1, out);
                }
            }
            State::Ready => self.on_command(&raw, &line, out),
        }
    }

    fn initialize(&mut self, since: MonoMs, lines_left: usize, out: &mut Vec<ClientOutput>) {
        if lines_left == 0 {
            self.state = State::Ready;
            out.push(ClientOutput::Ready);
        } else {
            self.state = State::Initializing { since, lines_left };
        }
    }

    /// Keys that mean nothing to it are left alone, as genuine clients do.
    fn set(&mut self, key: &str, value: &str) {
        let is_true = value.eq_ignore_ascii_case("true");
        match key {
            "time-format" => self.asked.time_format = value.parse().ok(),
            "guntimes" => self.asked.guns = is_true,
            "newlocations" => self.asked.new_locations = is_true,
            "pushmode-ack" => self.asked.acknowledge = is_true,
            "tagevent-format" => {
                if let Some(layout) = Layout::named(value) {
                    self.config.layout = layout;
                }
            }
            _ => {}
        }
    }

    fn on_command(&mut self, raw: &[u8], line: &str, out: &mut Vec<ClientOutput>) {
        let mut fields = line.split('~');
        let command = fields
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let fields: Vec<&str> = fields.collect();
        match (command.as_str(), &fields[..]) {
            ("ping", []) => send(out, "ack~ping"),
            // The server's answer to a ping of ours.
            ("ack", _) | ("ping", ["ack"]) => {}
            ("getconnectionid", []) if self.config.connection_name.is_some() => {
                let name = self.config.connection_name.as_deref().unwrap_or_default();
                send(out, &format!("ack~getconnectionid~{name}"));
            }
            ("geteventinfo", []) => {
                let EventInfo {
                    name,
                    id,
                    description,
                } = &self.config.event;
                send(out, &format!("ack~geteventinfo~{name}~{id}~{description}"));
            }
            ("getlocations", []) => {
                let names = self.config.locations.iter().map(|name| format!("~{name}"));
                send(
                    out,
                    &format!("ack~getlocations{}", names.collect::<String>()),
                );
            }
            ("start", []) => self.start(None, None, out),
            ("start", [location]) => self.start(Some(location), None, out),
            ("start", [location, sequence]) => match sequence.trim().parse() {
                Ok(sequence) => self.start(Some(location), Some(sequence), out),
                Err(_) => send(out, "err~start~invalid sequence"),
            },
            ("stop", []) => {
                self.all_started = false;
                self.started.clear();
                self.stopped(None, out);
            }
            ("stop", [location]) => {
                if self.all_started {
                    self.all_started = false;
                    self.started.extend(self.config.locations.iter().cloned());
                }
                self.started.remove(*location);
                self.stopped(Some(location), out);
            }
            _ => {
                send(out, "err~~unknown command");
                out.push(unknown(raw));
            }
        }
    }

    fn start(
        &mut self,
        location: Option<&str>,
        from_sequence: Option<u64>,
        out: &mut Vec<ClientOutput>,
    ) {
        match location {
            None => self.all_started = true,
            Some(location) if self.config.locations.iter().any(|known| known == location) => {
                self.started.insert(location.to_owned());
            }
            Some(_) => return send(out, "err~start~invalid location"),
        }
        if self.asked.acknowledge {
            send(out, &with_location("ack~start", location));
        }
        out.push(ClientOutput::Start {
            location: location.map(str::to_owned),
            from_sequence,
        });
    }

    fn stopped(&mut self, location: Option<&str>, out: &mut Vec<ClientOutput>) {
        if self.asked.acknowledge {
            send(out, &with_location("ack~stop", location));
        }
        out.push(ClientOutput::Stop {
            location: location.map(str::to_owned),
        });
    }

    fn format(&self) -> TimeFormat {
        self.config
            .time_format
            .or(self.asked.time_format)
            .unwrap_or(TimeFormat::Normal)
    }

    fn announce(&mut self, location: String, out: &mut Vec<ClientOutput>) {
        if self.config.locations.contains(&location) {
            return;
        }
        if matches!(self.state, State::Ready) && self.asked.new_locations {
            let (sequence, time) = self.last.unwrap_or((0, DeviceTime::TimeOfDay { cs: 0 }));
            let mut line = DeviceRead::new(sequence, &location, NEW_LOCATION_TAG, time);
            line.occurrence = "0".to_owned();
            line.antenna = "0".to_owned();
            send(out, &line.write(self.config.layout, self.format()));
        }
        self.config.locations.push(location);
    }

    fn send_reads(&mut self, reads: &[DeviceRead], out: &mut Vec<ClientOutput>) {
        if !matches!(self.state, State::Ready) {
            return;
        }
        for read in reads {
            let wanted =
                self.is_started(&read.location) && (self.asked.guns || read.kind != ReadKind::Gun);
            if wanted {
                send(out, &read.write(self.config.layout, self.format()));
                self.last = Some((read.sequence.unwrap_or(0), read.time));
            }
        }
    }
}

/// The number of initialization lines that a server's greeting announces.
fn greeted_lines(line: &str) -> Option<usize> {
    let mut fields = line.split('~');
    let (_, _, lines) = (fields.next()?, fields.next()?, fields.next()?);
    lines.trim().parse().ok()
}

fn with_location(command: &str, location: Option<&str>) -> String {
    match location {
        Some(location) => format!("{command}~{location}"),
        None => command.to_owned(),
    }
}

fn unknown(raw: &[u8]) -> ClientOutput {
    ClientOutput::Unknown {
        raw: raw.to_vec(),
        reason: UnknownReason::Unrecognized,
    }
}

/// Lines sent one after the other are one piece.
fn send(out: &mut Vec<ClientOutput>, line: &str) {
    if !matches!(out.last(), Some(ClientOutput::Send(_))) {
        out.push(ClientOutput::Send(Vec::new()));
    }
    if let Some(ClientOutput::Send(bytes)) = out.last_mut() {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
}
