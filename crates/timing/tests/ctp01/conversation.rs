//! Both ends talking, with segments split anywhere: all reads arrive, in order, once per start.

use crate::support::{stored, wall};
use model::{MonoMs, WallTime};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use timing::ctp01::{
    ClientConfig, ClientInput, ClientOutput, ClientSession, DeviceRead, DeviceTime, EventInfo,
    Input, Layout, Output, ServerSession, StartPlan, StoredRead, TimeFormat,
};

/// A controller with its session of reads, and a server, joined by two pipes.
struct Pair {
    client: ClientSession,
    server: ServerSession,
    history: Vec<DeviceRead>,
    plan: StartPlan,
    /// Segment lengths, used in turn.
    cuts: Vec<usize>,
    cut: usize,
    now: MonoMs,
    to_server: VecDeque<u8>,
    to_client: VecDeque<u8>,
    reads: Vec<DeviceRead>,
    started: Vec<(Option<String>, Option<u64>)>,
    problems: Vec<String>,
}

impl Pair {
    fn new(
        config: ClientConfig,
        history: Vec<DeviceRead>,
        plan: StartPlan,
        cuts: Vec<usize>,
    ) -> Self {
        let now = MonoMs(5);
        Self {
            client: ClientSession::new(config, now),
            server: ServerSession::new(now),
            history,
            plan,
            cuts,
            cut: 0,
            now,
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            reads: Vec::new(),
            started: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn segment(&mut self, to_server: bool) -> Vec<u8> {
        self.cut += 1;
        let length = self.cuts[self.cut % self.cuts.len()];
        let pipe = if to_server {
            &mut self.to_server
        } else {
            &mut self.to_client
        };
        let length = length.min(pipe.len());
        pipe.drain(..length).collect()
    }

    fn client(&mut self, input: ClientInput<'_>) {
        for output in self.client.apply(self.now, input) {
            match output {
                ClientOutput::Send(bytes) => self.to_server.extend(bytes),
                ClientOutput::Start {
                    location,
                    from_sequence,
                } => {
                    let wanted: Vec<DeviceRead> = self
                        .history
                        .iter()
                        .filter(|read| location.as_ref().is_none_or(|at| *at == read.location))
                        .filter(|read| read.sequence >= from_sequence)
                        .cloned()
                        .collect();
                    self.started.push((location, from_sequence));
                    self.client(ClientInput::Reads(&wanted));
                }
                ClientOutput::Ready | ClientOutput::Stop { .. } => {}
                other => self.problems.push(format!("{other:?}")),
            }
        }
    }

    fn server(&mut self, input: Input<'_>) {
        for output in self.server.apply(self.now, input) {
            match output {
                Output::Send(bytes) => self.to_client.extend(bytes),
                Output::Read(read) => self.reads.push(read),
                Output::Identified(_) => {
                    let plan = self.plan.clone();
                    self.server(Input::Start(plan));
                }
                Output::Greeted { .. } | Output::Locations(_) => {}
                other => self.problems.push(format!("{other:?}")),
            }
        }
    }

    /// Carries all bytes, one segment each way at a time, and lets time pass when none is left.
    fn run(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        self.client(ClientInput::Timer);
        loop {
            let (up, down) = (self.segment(true), self.segment(false));
            if !up.is_empty() {
                self.server(Input::Bytes(&up));
            }
            if !down.is_empty() {
                self.client(ClientInput::Bytes(&down));
            }
            if !self.to_server.is_empty() || !self.to_client.is_empty() {
                continue;
            }
            let due = [self.server.next_timer(), self.client.next_timer()];
            match due.into_iter().flatten().min().filter(|at| *at <= until) {
                Some(at) => self.now = at.max(self.now),
                None => break,
            }
            self.server(Input::Timer);
            self.client(ClientInput::Timer);
        }
        self.now = until;
    }
}

fn config(locations: &[&str]) -> ClientConfig {
    ClientConfig {
        connection_name: Some("c1".to_owned()),
        event: EventInfo {
            name: "RACE2024".to_owned(),
            ..EventInfo::default()
        },
        locations: locations.iter().map(|text| (*text).to_owned()).collect(),
        ..ClientConfig::default()
    }
}

const FIRST: WallTime = WallTime(174_876_662_204);

fn history(count: u64) -> Vec<DeviceRead> {
    let read = |n: u64| {
        let location = ["start", "finish"][n as usize % 2];
        let time = DeviceTime::Dated(WallTime(FIRST.0 + n as i64 * 37));
        DeviceRead::new(n + 1, location, &(100 + n % 7).to_string(), time)
    };
    (0..count).map(read).collect()
}

/// What identifies a read, in any time format.
fn essence(reads: &[DeviceRead]) -> Vec<(Option<u64>, String, String, i64)> {
    let one = |read: &DeviceRead| {
        (
            read.sequence,
            read.location.clone(),
            read.tag.clone(),
            read.time.time_of_day_cs(),
        )
    };
    reads.iter().map(one).collect()
}

/// By location, as the server asks for one after the other.
fn by_location(mut reads: Vec<DeviceRead>) -> Vec<DeviceRead> {
    reads.sort_by_key(|read| (read.location != "start", read.sequence));
    reads
}

fn plan(reads: &[StoredRead]) -> StartPlan {
    let resume: BTreeMap<_, _> = reads
        .iter()
        .map(|read| (read.location.clone(), read.clone()))
        .collect();
    StartPlan { resume }
}

fn store(read: &DeviceRead) -> StoredRead {
    stored(
        &read.write(Layout::Ct01_33, TimeFormat::Iso),
        &TimeFormat::Iso.write(read.time),
    )
}

/// The bytes of a whole conversation, cut into two at each place in turn.
#[test]
fn a_conversation_may_be_split_at_every_byte() {
    let greeting = "SimpleClient~0.6.0~CTP01\r\nack~getconnectionid~c1\r\nack~geteventinfo~~~\r\n\
                    ack~getlocations~start~finish\n";
    let reads: String = history(4)
        .iter()
        .map(|read| read.write(Layout::Ct01_33, TimeFormat::Iso) + "\r\n")
        .collect();
    let bytes = [greeting.as_bytes(), reads.as_bytes(), b"ping\r\n"].concat();
    let outputs = |segments: &[&[u8]]| {
        let mut session = ServerSession::new(MonoMs(0));
        let mut all: Vec<Output> = Vec::new();
        for segment in segments {
            all.extend(session.apply(MonoMs(0), Input::Bytes(segment)));
        }
        all
    };
    let whole = outputs(&[&bytes]);
    assert_eq!(
        whole
            .iter()
            .filter(|output| matches!(output, Output::Read(_)))
            .count(),
        4
    );
    for cut in 0..=bytes.len() {
        assert_eq!(
            outputs(&[&bytes[..cut], &bytes[cut..]]),
            whole,
            "cut at {cut}"
        );
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(outputs(&single), whole);
}

#[test]
fn a_resume_that_holds_sends_only_what_is_new() {
    let history = history(20);
    let last = [store(&history[8]), store(&history[9])];
    let mut pair = Pair::new(
        config(&["start", "finish"]),
        history.clone(),
        plan(&last),
        vec![7],
    );
    pair.run(60_000);
    assert_eq!(pair.problems, [""; 0]);
    assert_eq!(
        essence(&pair.reads),
        essence(&by_location(history[8..].to_vec()))
    );
}

#[test]
fn restarted_numbers_lose_nothing() {
    // The controller was switched off and on: its new session counts from 1, and is shorter than
    // what is stored at the start, longer at the finish.
    let old = history(40);
    let last = [store(&old[38]), store(&old[1])];
    let mut new = history(20);
    for read in &mut new {
        read.time = DeviceTime::Dated(wall("2025-06-01T09:00:00.00"));
    }
    let mut pair = Pair::new(
        config(&["start", "finish"]),
        new.clone(),
        plan(&last),
        vec![100],
    );
    pair.run(60_000);
    assert_eq!(pair.problems, [""; 0]);
    for read in essence(&new) {
        assert!(essence(&pair.reads).contains(&read), "{read:?} was lost");
    }
    let wanted: Vec<_> = pair
        .started
        .iter()
        .map(|(at, from)| (at.as_deref().unwrap(), from.unwrap()))
        .collect();
    assert_eq!(
        wanted,
        [("start", 39), ("finish", 2), ("finish", 1), ("start", 1)]
    );
}

#[test]
fn a_location_that_appears_is_announced_and_its_reads_come() {
    let mut pair = Pair::new(
        config(&["start"]),
        history(10),
        StartPlan::default(),
        vec![50],
    );
    pair.run(5_000);
    assert_eq!(pair.reads.len(), 5);
    pair.client(ClientInput::NewLocation("finish".to_owned()));
    pair.run(5_000);
    assert_eq!(pair.problems, [""; 0]);
    assert_eq!(pair.reads.len(), 10);
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let mut client = ClientSession::new(config(&["start"]), MonoMs(0));
    client.apply(MonoMs(0), ClientInput::Timer);
    client.apply(
        MonoMs(100),
        ClientInput::Bytes(b"Slow~1~2\r\nstream-mode=push\r\n"),
    );
    assert_eq!(client.next_timer(), Some(MonoMs(10_000)));
    assert_eq!(client.apply(MonoMs(9_999), ClientInput::Timer), []);
    let out = client.apply(MonoMs(10_000), ClientInput::Timer);
    assert!(matches!(
        out[..],
        [ClientOutput::GaveUp(timing::ctp01::GaveUp::InitTimeout)]
    ));
    assert_eq!(
        client.apply(MonoMs(10_001), ClientInput::Bytes(b"time-format=iso\r\n")),
        []
    );
    assert_eq!(client.next_timer(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_read_arrives_however_segments_are_cut(
        count in 0u64..60,
        cuts in prop::collection::vec(1usize..200, 1..8),
        format in prop::option::of(0usize..4),
        layout in prop::bool::ANY,
    ) {
        let layout = if layout { Layout::Ct01_33 } else { Layout::Ct01_13 };
        let config = ClientConfig {
            layout,
            time_format: format.map(|format| TimeFormat::ALL[format]),
            ..config(&["start", "finish"])
        };
        let mut pair = Pair::new(config, history(count), StartPlan::default(), cuts);
        pair.run(60_000);
        prop_assert_eq!(&pair.problems, &Vec::<String>::new());
        prop_assert_eq!(essence(&pair.reads), essence(&by_location(history(count))));
    }
}
