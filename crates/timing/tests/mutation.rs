//! Valid conversations with bytes and segments changed at random, on a virtual clock.
//!
//! Whatever comes: no panic, no timer in a loop, memory and answers bounded by what was sent, and
//! every line left whole between damaged ones comes through as it would alone.
//! `TIMING_MUTATION_SEED=<seed>` runs one seed alone, as a failure prints it;
//! `TIMING_MUTATION_SEEDS=<count>` runs more of them.

use model::{MonoMs, WallTime};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{collections::BTreeMap, panic::AssertUnwindSafe};
use timing::{
    ctp01::{
        ClientConfig, ClientInput, ClientOutput, ClientSession, DeviceRead, DeviceTime, Input,
        Layout, Output, ServerSession, StartPlan, StoredRead, TimeFormat,
    },
    limits,
};

/// About half a minute of one core in a development build.
const SEEDS: u64 = 50_000;

/// A line, and whether it was left alone.
struct Sent {
    bytes: Vec<u8>,
    whole: bool,
}

fn valid_line(rng: &mut StdRng, sequence: u64) -> String {
    const LOCATIONS: [&str; 4] = ["START", "FINISH", "10K", "ZÜRICH"];
    let location = LOCATIONS[rng.random_range(0..LOCATIONS.len())];
    match rng.random_range(0..20u32) {
        0 => "ping".to_owned(),
        1 => "ack~ping".to_owned(),
        2 => "ack~getlocations~START~FINISH".to_owned(),
        3 => "err~start~invalid location".to_owned(),
        4 => format!("CT01_33~{sequence}~{location}~newlocation~09:15:21.00~0~ED932A~0"),
        5 => "ack~getconnectionid~0123456789abcdef".to_owned(),
        _ => {
            let cs = rng.random_range(0..253_402_300_800i64 * 100);
            let time = DeviceTime::Dated(WallTime(cs));
            // No two are the same, so that each can be found again.
            let read = DeviceRead::new(sequence, location, &format!("T{sequence}"), time);
            let layout = if rng.random_bool(0.5) {
                Layout::Ct01_33
            } else {
                Layout::Ct01_13
            };
            read.write(layout, TimeFormat::ALL[rng.random_range(0..4)])
        }
    }
}

/// Damages a line, never adding or taking away a line end, so that its neighbors stay whole.
fn damage(rng: &mut StdRng, line: &mut Vec<u8>) {
    const SIGNS: &[u8] = b"~~~=\0\r\xff\xc3\x80:.-09Zguntimestart";
    for _ in 0..rng.random_range(1..6) {
        let at = rng.random_range(0..=line.len());
        let sign = match rng.random_range(0..3) {
            0 => rng.random::<u8>(),
            _ => SIGNS[rng.random_range(0..SIGNS.len())],
        };
        let sign = if sign == b'\n' { b'~' } else { sign };
        match rng.random_range(0..6) {
            0 => line.insert(at, sign),
            1 if at < line.len() => line[at] = sign,
            2 if at < line.len() => drop(line.remove(at)),
            3 => line.truncate(at),
            4 => line.extend_from_within(..at),
            5 if rng.random_bool(0.1) => {
                let length = rng.random_range(1..20_000);
                line.splice(at..at, std::iter::repeat_n(sign, length));
            }
            _ => {}
        }
    }
}

fn conversation(rng: &mut StdRng) -> Vec<Sent> {
    let greeting = [
        "SimpleClient~0.6.0~CTP01",
        "ack~getconnectionid~c1",
        "ack~geteventinfo~~~",
    ];
    let count = rng.random_range(1..40u64);
    let lines = greeting.iter().map(|line| (*line).to_owned());
    let lines: Vec<String> = lines
        .chain((1..=count).map(|sequence| valid_line(rng, sequence)))
        .collect();
    let often = rng.random_range(0.0..0.5);
    let mut all = Vec::new();
    for (n, line) in lines.into_iter().enumerate() {
        let mut bytes = line.into_bytes();
        // A damaged greeting ends the conversation, so that is tried in a few of them only.
        let whole = !rng.random_bool(if n == 0 { 0.02 } else { often });
        if !whole {
            damage(rng, &mut bytes);
        }
        bytes.extend_from_slice(if rng.random_bool(0.5) { b"\r\n" } else { b"\n" });
        all.push(Sent { bytes, whole });
    }
    all
}

fn plan(rng: &mut StdRng) -> StartPlan {
    let mut resume = BTreeMap::new();
    for location in ["START", "FINISH", "nowhere"] {
        if rng.random_bool(0.5) {
            let stored = StoredRead {
                sequence: rng.random_range(0..50),
                location: location.to_owned(),
                tag: "T1".to_owned(),
                reader: "0F2A38".to_owned(),
                antenna: "1".to_owned(),
                wall: WallTime(rng.random_range(0..1_000_000_000_000)),
            };
            resume.insert(location.to_owned(), stored);
        }
    }
    StartPlan { resume }
}

/// What came out, and how much of it.
#[derive(Default)]
struct Seen {
    reads: Vec<Vec<u8>>,
    greeted: bool,
    closed: bool,
    bytes: usize,
}

impl Seen {
    fn take(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            assert!(!self.closed, "{output:?} after the end");
            match output {
                Output::Send(bytes) => {
                    assert!(bytes.ends_with(b"\r\n"));
                    for line in bytes.split(|byte| *byte == b'\n') {
                        let text = line.strip_suffix(b"\r").unwrap_or(line);
                        assert!(!text.iter().any(u8::is_ascii_control), "{line:?}");
                    }
                    self.bytes += bytes.len();
                }
                Output::Read(read) => {
                    self.bytes += read.raw.len();
                    self.reads.push(read.raw);
                }
                Output::Unknown { raw, .. } => {
                    assert!(raw.len() <= limits::LINE_BYTES_MAX);
                    self.bytes += raw.len();
                }
                Output::Locations(names) => assert!(names.len() <= limits::LOCATIONS_MAX),
                Output::Greeted { .. } => self.greeted = true,
                Output::Close(_) => self.closed = true,
                Output::Identified(_) | Output::Stale | Output::Heard => {}
            }
        }
    }
}

/// Fires timers up to `until`. Each has to move on: a timer that stays due is a busy loop.
fn fire_timers(session: &mut ServerSession, seen: &mut Seen, until: MonoMs) {
    for _ in 0..10_000 {
        match session.next_timer().filter(|at| *at <= until) {
            Some(at) => seen.take(session.apply(at, Input::Timer)),
            None => return,
        }
    }
    panic!("the timer never stops");
}

fn run(seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let sent = conversation(&mut rng);
    let bytes: Vec<u8> = sent.iter().flat_map(|line| &line.bytes).copied().collect();
    let mut now = MonoMs(rng.random_range(0..1_000_000));
    let mut session = ServerSession::new(now);
    let mut seen = Seen::default();
    let mut rest = &bytes[..];
    let mut given = bytes.len();
    while !rest.is_empty() {
        let (segment, after) = rest.split_at(rng.random_range(1..=rest.len().min(600)));
        rest = after;
        seen.take(session.apply(now, Input::Bytes(segment)));
        match rng.random_range(0..20u32) {
            0 => {
                let plan = plan(&mut rng);
                given += 1_000;
                seen.take(session.apply(now, Input::Start(plan)));
            }
            1 => {
                given += 10;
                seen.take(session.apply(now, Input::Hold));
            }
            2..=5 => {
                // Below the greeting's timeout, so that whole lines are not cut off by it.
                now = now.plus_ms(rng.random_range(0..if seen.greeted { 30_000 } else { 10 }));
                given += 1_000;
                fire_timers(&mut session, &mut seen, now);
            }
            _ => {}
        }
    }
    // Each line can cause a few short lines of ours, never a flood.
    assert!(
        seen.bytes <= 20 * given + 2_000,
        "{} bytes for {given}",
        seen.bytes
    );
    fire_timers(
        &mut session,
        &mut seen,
        now.plus_ms(2 * limits::IDLE_MS_MAX),
    );
    assert!(seen.closed, "in the end the silence ends it");

    if sent[0].whole {
        let is_read = |line: &&Sent| line.whole && line.bytes.starts_with(b"CT01_");
        for line in sent.iter().filter(is_read) {
            let text = line.bytes.trim_ascii_end();
            if text.windows(12).any(|part| part == b"~newlocation") {
                continue;
            }
            let came = seen
                .reads
                .iter()
                .filter(|raw| raw.as_slice() == text)
                .count();
            assert!(came >= 1, "{:?} was lost", String::from_utf8_lossy(text));
        }
    }
    run_client(&mut rng);
}

/// The device's end, against damaged lines of a server.
fn run_client(rng: &mut StdRng) {
    let mut lines: Vec<Vec<u8>> = [
        "Gantry~1~2",
        "time-format=iso",
        "guntimes=true",
        "getconnectionid",
        "geteventinfo",
        "getlocations",
        "start",
        "start~FINISH~12",
        "stop~FINISH",
        "stop",
        "ping",
        "start~FINISH",
    ]
    .iter()
    .map(|line| line.as_bytes().to_vec())
    .collect();
    for line in &mut lines {
        if rng.random_bool(0.2) {
            damage(rng, line);
        }
        line.extend_from_slice(b"\r\n");
    }
    let bytes = lines.concat();
    let config = ClientConfig {
        locations: vec!["FINISH".to_owned()],
        ..ClientConfig::default()
    };
    let mut client = ClientSession::new(config, MonoMs(0));
    let time = DeviceTime::TimeOfDay { cs: 0 };
    let reads = [
        DeviceRead::new(1, "FINISH", "1", time),
        DeviceRead::new(2, "x", "guntime", time),
    ];
    let mut rest = &bytes[..];
    let mut ended = false;
    while !rest.is_empty() {
        let (segment, after) = rest.split_at(rng.random_range(1..=rest.len().min(40)));
        rest = after;
        let outputs = client
            .apply(MonoMs(1), ClientInput::Bytes(segment))
            .into_iter()
            .chain(client.apply(MonoMs(1), ClientInput::Reads(&reads)));
        for output in outputs {
            assert!(!ended, "{output:?} after giving up");
            ended |= matches!(output, ClientOutput::GaveUp(_));
        }
    }
}

#[test]
fn damaged_conversations_harm_nothing() {
    let number = |name: &str| {
        let text = std::env::var(name).ok()?;
        Some(
            text.parse::<u64>()
                .unwrap_or_else(|_| panic!("{name} must be a number, not {text:?}")),
        )
    };
    let seeds = match number("TIMING_MUTATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("TIMING_MUTATION_SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| run(seed)));
        assert!(
            outcome.is_ok(),
            "seed {seed} fails; replay it with TIMING_MUTATION_SEED={seed}"
        );
    }
}
