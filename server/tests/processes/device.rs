//! A timing device on a real socket: it remembers its session, dials again when the connection is
//! lost, and answers `start` as a controller does.
//!
//! CTP01 itself is `timing`'s client machine; here are the socket and the memory.

use crate::wait::until;
use model::MonoMs;
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use timing::ctp01::{
    ClientConfig, ClientInput, ClientOutput, ClientSession, DeviceRead, EventInfo, Layout,
    TimeFormat,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
    time::sleep,
};

const DIAL_AGAIN: Duration = Duration::from_millis(20);
/// Bytes on their way to the socket, past which no read is written out.
const OUT_BYTES_MAX: usize = 16 * 1024;
const READS_AT_ONCE: usize = 64;

/// A device to be plugged in.
pub struct NewDevice {
    config: ClientConfig,
}

impl NewDevice {
    /// One that the server cannot know again.
    pub fn unnamed(locations: &[&str]) -> Self {
        let config = ClientConfig {
            event: EventInfo {
                name: "WILLOW10K".to_owned(),
                ..EventInfo::default()
            },
            locations: locations.iter().map(|&name| name.to_owned()).collect(),
            ..ClientConfig::default()
        };
        Self { config }
    }

    pub fn named(name: &str, locations: &[&str]) -> Self {
        let mut device = Self::unnamed(locations);
        device.config.connection_name = Some(name.to_owned());
        device
    }

    /// Writes times so, whatever the server asks for.
    pub fn writing(mut self, layout: Layout, format: TimeFormat) -> Self {
        self.config.layout = layout;
        self.config.time_format = Some(format);
        self
    }

    pub fn dial(self, address: SocketAddr) -> Device {
        let (commands, orders) = mpsc::unbounded_channel();
        let known = Arc::new(Mutex::new(Known::default()));
        let memory = Memory {
            config: self.config,
            session: Vec::new(),
            known: Arc::clone(&known),
        };
        tokio::spawn(memory.run(address, orders));
        Device { commands, known }
    }
}

pub struct Device {
    commands: mpsc::UnboundedSender<Command>,
    known: Arc<Mutex<Known>>,
}

/// What has happened to it so far.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub connections: u32,
    /// Each `start` of the present connection: location and sequence, where they were named.
    pub starts: Vec<(Option<String>, Option<u64>)>,
    /// How often it was told to stop.
    pub stops: u32,
    /// Reads written to a socket, each as often as it was.
    pub written: usize,
    /// Answers to our own pings.
    pub answers: u32,
}

enum Command {
    Reads(Vec<DeviceRead>),
    Locations(String),
    Rewind,
    /// A new session: what was read before is gone, and the connection is made anew.
    NewSession,
    Ping,
}

impl Device {
    /// Reads happen. They are sent as far as they are asked for.
    pub fn read(&self, reads: &[DeviceRead]) {
        self.tell(Command::Reads(reads.to_vec()));
    }

    /// A location appears while the device runs.
    pub fn announce(&self, location: &str) {
        self.tell(Command::Locations(location.to_owned()));
    }

    /// The operator plays everything again.
    pub fn rewind(&self) {
        self.tell(Command::Rewind);
    }

    pub fn new_session(&self) {
        self.tell(Command::NewSession);
    }

    pub fn known(&self) -> Known {
        self.known.lock().unwrap().clone()
    }

    /// Waits until the server has asked for reads on the present connection.
    pub async fn started(&self) {
        until("the device is started", || {
            (!self.known().starts.is_empty()).then_some(())
        })
        .await;
    }

    /// Waits until the server has handled all that the device has said by now, and said what it
    /// had to say of it. The first answer may come in the middle of that, the second not.
    pub async fn heard_out(&self) {
        for _ in 0..2 {
            let before = self.known().answers;
            self.tell(Command::Ping);
            let answered = || (self.known().answers > before).then_some(());
            until("the server answers a ping", answered).await;
        }
    }

    fn tell(&self, command: Command) {
        self.commands.send(command).unwrap();
    }
}

/// What outlives a connection.
struct Memory {
    config: ClientConfig,
    session: Vec<DeviceRead>,
    known: Arc<Mutex<Known>>,
}

type Orders = mpsc::UnboundedReceiver<Command>;

/// One connection, and what waits to go out on it.
struct Line {
    ctp01: ClientSession,
    began: Instant,
    waiting: VecDeque<DeviceRead>,
    out: VecDeque<u8>,
    heard: Vec<u8>,
}

impl Memory {
    async fn run(mut self, address: SocketAddr, mut orders: Orders) {
        loop {
            if let Ok(socket) = TcpStream::connect(address).await {
                {
                    let mut known = self.known.lock().unwrap();
                    known.connections += 1;
                    known.starts.clear();
                }
                if self.talk(socket, &mut orders).await.is_none() {
                    return;
                }
            }
            sleep(DIAL_AGAIN).await;
        }
    }

    /// Runs until the connection is lost; `None` where the test has let go of the device.
    async fn talk(&mut self, mut socket: TcpStream, orders: &mut Orders) -> Option<()> {
        socket.set_nodelay(true).ok()?;
        let mut line = Line {
            ctp01: ClientSession::new(self.config.clone(), MonoMs(0)),
            began: Instant::now(),
            waiting: VecDeque::new(),
            out: VecDeque::new(),
            heard: Vec::new(),
        };
        self.tell(&mut line, ClientInput::Timer);
        let (mut reader, mut writer) = socket.split();
        let mut buffer = vec![0; 4096];
        loop {
            self.fill(&mut line);
            tokio::select! {
                heard = reader.read(&mut buffer) => match heard {
                    Ok(0) | Err(_) => return Some(()),
                    Ok(length) => {
                        self.hear(&mut line, &buffer[..length]);
                    }
                },
                written = writer.write(line.out.as_slices().0), if !line.out.is_empty() => {
                    let Ok(length) = written else { return Some(()) };
                    line.out.drain(..length);
                }
                order = orders.recv() => match order? {
                    Command::Reads(reads) => {
                        for read in reads {
                            self.session.push(read.clone());
                            if line.ctp01.is_started(&read.location) {
                                line.waiting.push_back(read);
                            }
                        }
                    }
                    Command::Locations(name) => {
                        self.tell(&mut line, ClientInput::NewLocation(name.clone()));
                        self.config.locations.push(name);
                    }
                    Command::Rewind => line.waiting.extend(self.session.iter().cloned()),
                    Command::NewSession => {
                        self.session.clear();
                        return Some(());
                    }
                    Command::Ping => line.out.extend(b"ping\r\n"),
                }
            }
        }
    }

    fn fill(&mut self, line: &mut Line) {
        while line.out.len() < OUT_BYTES_MAX && !line.waiting.is_empty() {
            let count = line.waiting.len().min(READS_AT_ONCE);
            let reads: Vec<_> = line.waiting.drain(..count).collect();
            self.known.lock().unwrap().written += reads.len();
            self.tell(line, ClientInput::Reads(&reads));
        }
    }

    fn hear(&mut self, line: &mut Line, bytes: &[u8]) {
        self.tell(line, ClientInput::Bytes(bytes));
        line.heard.extend_from_slice(bytes);
        while let Some(end) = line.heard.iter().position(|byte| *byte == b'\n') {
            let said: Vec<u8> = line.heard.drain(..=end).collect();
            if said.trim_ascii_end() == b"ack~ping" {
                self.known.lock().unwrap().answers += 1;
            }
        }
    }

    fn tell(&mut self, line: &mut Line, input: ClientInput<'_>) {
        let now = MonoMs(line.began.elapsed().as_millis() as u64);
        for output in line.ctp01.apply(now, input) {
            match output {
                ClientOutput::Send(bytes) => line.out.extend(bytes),
                ClientOutput::Start {
                    location,
                    from_sequence,
                } => self.start(line, location, from_sequence),
                ClientOutput::Stop { location } => {
                    line.waiting.retain(|read| {
                        let stopped = location.as_ref();
                        stopped.is_some_and(|stopped| *stopped != read.location)
                    });
                    self.known.lock().unwrap().stops += 1;
                }
                ClientOutput::Ready => {}
                ClientOutput::GaveUp(why) => panic!("the device gave up: {why}"),
                // Without a name it does not know what it is asked for.
                ClientOutput::Unknown { raw, .. } => assert_eq!(
                    (raw.as_slice(), &self.config.connection_name),
                    (&b"getconnectionid"[..], &None),
                ),
            }
        }
    }

    /// From the sequence on, inclusive; without one, the whole session.
    fn start(&mut self, line: &mut Line, location: Option<String>, from: Option<u64>) {
        let wanted = |read: &DeviceRead| {
            location
                .as_ref()
                .is_none_or(|location| *location == read.location)
        };
        line.waiting.retain(|read| !wanted(read));
        let from_here = |read: &&DeviceRead| wanted(read) && read.sequence >= from;
        line.waiting
            .extend(self.session.iter().filter(from_here).cloned());
        // A controller sends what several locations read in the order in which it was read.
        line.waiting
            .make_contiguous()
            .sort_by_key(|read| read.sequence);
        self.known.lock().unwrap().starts.push((location, from));
    }
}
