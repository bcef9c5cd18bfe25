//! A controller with its timing software: bytes in, segments out, on a clock that is handed in.
//!
//! It joins the feed (what is due), the clock (what time a read says) and CTP01's client machine
//! (how it is said). It knows no socket: a shell or an in-memory simulation drives it.

use crate::{
    clock::DeviceClock,
    feed::Feed,
    knobs::{Knobs, Resume},
    limits::{BATCH_READS_MAX, SETTLE_MS, WAITING_BYTES_MAX},
    script::{Script, Tag},
    segment::Segmenter,
};
use model::{MonoMs, WallTime};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{collections::HashSet, sync::Arc};
use timing::ctp01::{
    ClientConfig, ClientInput, ClientOutput, ClientSession, DeviceRead, DeviceTime, GaveUp,
};

#[derive(Clone, Debug)]
pub struct DeviceConfig {
    pub knobs: Knobs,
    /// The true local wall time at the first connection, when the script begins.
    pub wall_start: WallTime,
    /// Its locations are those of the script.
    pub client: ClientConfig,
}

pub enum DeviceInput<'a> {
    /// A connection is there. It speaks first.
    Connected,
    Bytes(&'a [u8]),
    /// The time of `next_timer` has come.
    Timer,
    /// The connection is gone, and whatever was on it.
    Disconnected,
    /// The operator plays everything again from the first read.
    Rewind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceOutput {
    /// One segment.
    Send(Vec<u8>),
    /// The device breaks the connection after what it sent; it wants no `Disconnected` for it.
    Hangup,
}

/// What went out so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceStats {
    pub connections: u64,
    /// Broken by the device.
    pub hangups: u64,
    /// Lines that were reads, each as often as it was sent.
    pub read_lines: u64,
    /// Of those, lines sent before.
    pub repeated_lines: u64,
    /// Reads that differ in location, tag, time, reader or antenna: what a store should hold.
    pub distinct: u64,
    /// Of the reads sent, each counted once: those of a passage read before.
    pub duplicates: u64,
    /// Chips that nobody has, staff tags and `UNKNOWN`.
    pub strays: u64,
    pub guns: u64,
    pub new_locations: u64,
    /// Lines from the server that the device does not know.
    pub unknown_lines: u64,
}

struct Connection {
    session: ClientSession,
    hangup_at: Option<MonoMs>,
    /// Until then the server may still want more, even if all it asked for is sent.
    unsettled_until: MonoMs,
    /// What may make it want more is not on the wire yet.
    unsettled: bool,
}

pub struct Device {
    config: DeviceConfig,
    script: Arc<Script>,
    feed: Feed,
    clock: DeviceClock,
    segmenter: Segmenter,
    rng: StdRng,
    connection: Option<Connection>,
    gave_up: Option<GaveUp>,
    now: MonoMs,
    stats: DeviceStats,
    /// By place in the script.
    sent: Vec<bool>,
    /// Of the reads sent, what tells them apart.
    distinct: HashSet<(WallTime, u16, Tag, u8, u8)>,
}

/// The name by which a server knows a controller of this seed again: 40 hexadecimal digits.
pub fn connection_name(seed: u64) -> String {
    fresh_name(&mut StdRng::seed_from_u64(seed ^ 0x636f_6e6e_6563_7421))
}

fn fresh_name(rng: &mut StdRng) -> String {
    (0..5)
        .map(|_| format!("{:08x}", rng.random::<u32>()))
        .collect()
}

impl Device {
    pub fn new(script: impl Into<Arc<Script>>, config: DeviceConfig, seed: u64) -> Self {
        let script = script.into();
        let knobs = &config.knobs;
        let segments = StdRng::seed_from_u64(seed ^ 0x7365_676d_656e_7421);
        Self {
            feed: Feed::new(script.clone(), knobs),
            clock: DeviceClock::new(config.wall_start, knobs),
            segmenter: Segmenter::new(segments, knobs),
            rng: StdRng::seed_from_u64(seed ^ 0x6465_7669_6365_2121),
            connection: None,
            gave_up: None,
            now: MonoMs(0),
            stats: DeviceStats::default(),
            sent: vec![false; script.reads().len()],
            distinct: HashSet::new(),
            script,
            config,
        }
    }

    pub fn stats(&self) -> DeviceStats {
        DeviceStats {
            distinct: self.distinct.len() as u64,
            ..self.stats
        }
    }

    pub fn is_connected(&self) -> bool {
        self.connection.is_some()
    }

    /// Why the last connection ended before anything could be sent on it.
    pub fn gave_up(&self) -> Option<&GaveUp> {
        self.gave_up.as_ref()
    }

    /// Whether the server has asked for reads on this connection.
    pub fn is_started(&self) -> bool {
        self.connection.is_some() && self.feed.is_started()
    }

    /// Whether the race is over and all that the server asked for is sent. A rewind makes it
    /// undone again.
    pub fn is_done(&self) -> bool {
        let Some(connection) = &self.connection else {
            return false;
        };
        self.has_sent_all() && self.now >= connection.unsettled_until
    }

    /// When to apply `Timer`; it may be past already.
    pub fn next_timer(&self) -> Option<MonoMs> {
        let connection = self.connection.as_ref()?;
        if self.has_sent_all() {
            return Some(connection.unsettled_until).filter(|until| self.now < *until);
        }
        // Behind a cut line nothing else can be sent.
        let due = self
            .segmenter
            .next_timer()
            .or_else(|| self.feed.due(self.now));
        [due, connection.hangup_at, connection.session.next_timer()]
            .into_iter()
            .flatten()
            .min()
    }

    pub fn apply(&mut self, now: MonoMs, input: DeviceInput<'_>) -> Vec<DeviceOutput> {
        self.now = self.now.max(now);
        self.feed.release(self.now);
        match input {
            DeviceInput::Connected => self.connect(),
            DeviceInput::Disconnected => self.connection = None,
            DeviceInput::Bytes(bytes) => self.tell(ClientInput::Bytes(bytes)),
            DeviceInput::Timer => self.tell(ClientInput::Timer),
            DeviceInput::Rewind => self.feed.rewind(),
        }
        let mut out = Vec::new();
        if self.connection.is_some() {
            self.pump();
            let segments = self.segmenter.segments(self.now);
            out.extend(segments.into_iter().map(DeviceOutput::Send));
            self.settle();
        }
        if self.connection.is_some() && self.wants_to_hang_up(&mut out) {
            out.push(DeviceOutput::Hangup);
            self.stats.hangups += 1;
            self.connection = None;
        }
        out
    }

    fn has_sent_all(&self) -> bool {
        self.feed.is_done() && self.segmenter.waiting_bytes() == 0
    }

    fn connect(&mut self) {
        self.segmenter.clear();
        self.gave_up = None;
        self.stats.connections += 1;
        self.feed.connected(self.now);
        let mut client = self.config.client.clone();
        client.locations = self.feed.locations().map(str::to_owned).collect();
        if self.config.knobs.resume == Resume::Unnamed {
            client.connection_name = Some(fresh_name(&mut self.rng));
        }
        let every_ms = self
            .config
            .knobs
            .disconnects
            .map(|disconnects| disconnects.every_ms);
        self.connection = Some(Connection {
            session: ClientSession::new(client, self.now),
            hangup_at: every_ms.map(|every_ms| {
                self.now.plus_ms(
                    self.rng
                        .random_range(every_ms / 2..=every_ms + every_ms / 2),
                )
            }),
            unsettled_until: self.now,
            unsettled: false,
        });
        self.tell(ClientInput::Timer);
    }

    /// Hands something to the client machine and does what it says.
    fn tell(&mut self, input: ClientInput<'_>) {
        let Some(connection) = &mut self.connection else {
            return;
        };
        for output in connection.session.apply(self.now, input) {
            match output {
                ClientOutput::Send(bytes) => self.push(&bytes),
                ClientOutput::Start {
                    location,
                    from_sequence,
                } => {
                    self.start(location.as_deref(), from_sequence);
                }
                ClientOutput::Stop { location } => {
                    let point = location.and_then(|location| self.feed.point_named(&location));
                    self.feed.stop(point);
                }
                ClientOutput::Ready => {}
                ClientOutput::GaveUp(why) => self.gave_up = Some(why),
                ClientOutput::Unknown { .. } => self.stats.unknown_lines += 1,
            }
        }
    }

    fn start(&mut self, location: Option<&str>, from_sequence: Option<u64>) {
        if from_sequence.is_some() && self.config.knobs.resume == Resume::Refused {
            self.push(b"err~start~no such start\r\n");
            return;
        }
        if matches!(from_sequence, Some(2..)) {
            self.unsettle();
        }
        match location {
            None => self.feed.start_all(),
            // The machine has refused a location that the controller does not have.
            Some(location) => {
                if let Some(point) = self.feed.point_named(location) {
                    self.feed.start(point, from_sequence);
                }
            }
        }
    }

    fn push(&mut self, lines: &[u8]) {
        if self.config.knobs.bare_lf {
            let bytes: Vec<u8> = lines
                .iter()
                .copied()
                .filter(|byte| *byte != b'\r')
                .collect();
            self.segmenter.push(&bytes);
        } else {
            self.segmenter.push(lines);
        }
    }

    /// Writes the reads that are due, one batch at most.
    fn pump(&mut self) {
        let mut batch = Vec::new();
        for _ in 0..BATCH_READS_MAX {
            if self.segmenter.waiting_bytes() > WAITING_BYTES_MAX {
                break;
            }
            let Some(place) = self.feed.peek(self.now) else {
                break;
            };
            self.feed.advance(place);
            match self.script.reads()[place].tag {
                Tag::NewLocation => {
                    self.write_chips(&mut batch);
                    self.announce(place);
                }
                Tag::Gun => {
                    self.write_chips(&mut batch);
                    self.write_gun(place);
                }
                _ => {
                    batch.push(self.device_read(place));
                    self.count(place);
                }
            }
        }
        self.write_chips(&mut batch);
    }

    fn write_chips(&mut self, batch: &mut Vec<DeviceRead>) {
        if !batch.is_empty() {
            self.tell(ClientInput::Reads(batch));
            batch.clear();
        }
    }

    fn announce(&mut self, place: usize) {
        let point = usize::from(self.script.reads()[place].point);
        let before = self.segmenter.waiting_bytes();
        self.tell(ClientInput::NewLocation(
            self.script.points()[point].location.clone(),
        ));
        self.stats.new_locations += u64::from(self.segmenter.waiting_bytes() > before);
        self.unsettle();
    }

    fn settle(&mut self) {
        if let Some(connection) = &mut self.connection
            && connection.unsettled
            && self.segmenter.waiting_bytes() == 0
        {
            connection.unsettled = false;
            connection.unsettled_until = self.now.plus_ms(SETTLE_MS);
        }
    }

    fn unsettle(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.unsettled = true;
        }
    }

    /// Not every server wants guns.
    fn write_gun(&mut self, place: usize) {
        let before = self.segmenter.waiting_bytes();
        let gun = self.device_read(place);
        self.tell(ClientInput::Reads(&[gun]));
        if self.segmenter.waiting_bytes() > before {
            self.count(place);
        }
    }

    fn device_read(&self, place: usize) -> DeviceRead {
        let read = self.script.reads()[place];
        let point = &self.script.points()[usize::from(read.point)];
        let wall = self.clock.wall(self.feed.stamp_ms(place));
        let tag = self.script.tag_text(read.tag);
        DeviceRead {
            occurrence: read.occurrence.to_string(),
            reader: point.readers[usize::from(read.reader)].clone(),
            antenna: read.antenna.to_string(),
            ..DeviceRead::new(
                read.sequence.into(),
                &point.location,
                tag,
                DeviceTime::Dated(wall),
            )
        }
    }

    fn count(&mut self, place: usize) {
        let read = self.script.reads()[place];
        self.stats.read_lines += 1;
        if std::mem::replace(&mut self.sent[place], true) {
            self.stats.repeated_lines += 1;
            return;
        }
        let wall = self.clock.wall(self.feed.stamp_ms(place));
        self.distinct
            .insert((wall, read.point, read.tag, read.reader, read.antenna));
        match read.tag {
            Tag::Runner(_) => self.stats.duplicates += u64::from(read.again),
            Tag::Stray(_) | Tag::Test(_) | Tag::Unknown => self.stats.strays += 1,
            Tag::Gun => self.stats.guns += 1,
            Tag::NewLocation => {}
        }
    }

    /// It breaks the connection when it gave up, when a new session begins, and where a knob says
    /// so: then often within a line.
    fn wants_to_hang_up(&mut self, out: &mut Vec<DeviceOutput>) -> bool {
        if self.gave_up.is_some() {
            return true;
        }
        if self.segmenter.waiting_bytes() == 0 && self.feed.session_is_over(self.now) {
            self.feed.next_session();
            return true;
        }
        let hangup_at = self
            .connection
            .as_ref()
            .and_then(|connection| connection.hangup_at);
        if self.has_sent_all() || hangup_at.is_none_or(|at| self.now < at) {
            return false;
        }
        if self.segmenter.waiting_bytes() == 0
            && let Some(place) = self.feed.peek(self.now)
        {
            let read = self.device_read(place);
            self.tell(ClientInput::Reads(&[read]));
            let mut cut = self.segmenter.segments(self.now).concat();
            // Without its last sign at least, and so without its line end.
            cut.truncate(self.rng.random_range(0..cut.len().max(1)));
            if !cut.is_empty() {
                out.push(DeviceOutput::Send(cut));
            }
        }
        true
    }
}
