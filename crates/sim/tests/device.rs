//! The device against a small server of its own kind, on a virtual clock, with connections that
//! break anywhere: nothing is ever missing.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use model::{MonoMs, WallTime};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sim::{
    Course, Device, DeviceConfig, DeviceInput, DeviceOutput, Disconnects, Field, Knobs, PlainStart,
    Resume, Script, Stamp, Tag, connection_name,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use timing::ctp01::ClientConfig;

/// Keeps each read it saw; knows a returning controller and resumes it from the last read of each
/// location, and takes everything again where that turns out to be another session.
#[derive(Default)]
struct Server {
    partial: Vec<u8>,
    name: Option<String>,
    /// Key of a read to how often it came.
    stored: HashMap<String, usize>,
    /// By connection name and location: the last line and its sequence.
    last: HashMap<(String, String), (u64, String)>,
    /// Resumed locations that have not shown their first line, and what it should be.
    unproved: BTreeMap<String, (String, MonoMs)>,
    announced: Vec<String>,
}

const OPENING: &str =
    "Test~1~3\r\nguntimes=true\r\nnewlocations=true\r\ntime-format=iso\r\ngetconnectionid\r\n";

impl Server {
    fn connected(&mut self) {
        self.partial.clear();
        self.name = None;
        self.unproved.clear();
    }

    fn bytes(&mut self, now: MonoMs, bytes: &[u8]) -> String {
        self.partial.extend_from_slice(bytes);
        let mut reply = String::new();
        while let Some(end) = self.partial.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.partial.drain(..=end).collect();
            let line = String::from_utf8(line).unwrap().trim_end().to_owned();
            self.line(now, &line, &mut reply);
        }
        reply
    }

    fn line(&mut self, now: MonoMs, line: &str, reply: &mut String) {
        let fields: Vec<&str> = line.split('~').collect();
        match fields[..] {
            [_, _, "CTP01"] => reply.push_str(OPENING),
            ["ack", "getconnectionid", name] => {
                self.name = Some(name.to_owned());
                reply.push_str("getlocations\r\n");
            }
            ["ack", "getlocations", ref locations @ ..] => {
                for location in locations {
                    self.start(now, location, reply);
                }
            }
            ["err", "start", ..] => {
                self.unproved.clear();
                reply.push_str("start\r\n");
            }
            ["CT01_33", _, location, "newlocation", ..] => {
                self.announced.push(location.to_owned());
                self.start(now, location, reply);
            }
            ["CT01_33", sequence, location, tag, time, _, reader, antenna] => {
                if let Some((expected, _)) = self.unproved.remove(location)
                    && expected != line
                {
                    reply.push_str(&format!("start~{location}~1\r\n"));
                }
                let key = [location, tag, time, reader, antenna].join("~");
                *self.stored.entry(key).or_default() += 1;
                let of = (self.name.clone().unwrap(), location.to_owned());
                self.last
                    .insert(of, (sequence.parse().unwrap(), line.to_owned()));
            }
            _ => panic!("the device said {line:?}"),
        }
    }

    fn start(&mut self, now: MonoMs, location: &str, reply: &mut String) {
        let of = (self.name.clone().unwrap(), location.to_owned());
        let from = match self.last.get(&of) {
            Some((sequence, line)) => {
                self.unproved
                    .insert(location.to_owned(), (line.clone(), now));
                *sequence
            }
            None => 1,
        };
        reply.push_str(&format!("start~{location}~{from}\r\n"));
    }

    /// A resumed location that stays silent for three seconds is taken from its first read.
    fn timer(&self) -> Option<MonoMs> {
        self.unproved
            .values()
            .map(|(_, since)| since.plus_ms(3_000))
            .min()
    }

    fn silent(&mut self, now: MonoMs) -> String {
        let silent: Vec<String> = self
            .unproved
            .iter()
            .filter(|(_, (_, since))| now >= since.plus_ms(3_000))
            .map(|(location, _)| location.clone())
            .collect();
        let mut reply = String::new();
        for location in silent {
            self.unproved.remove(&location);
            reply.push_str(&format!("start~{location}~1\r\n"));
        }
        reply
    }
}

/// Runs to the end, first playing everything again where that is wanted; the link breaks by chance
/// and loses what is on it.
fn run(
    device: &mut Device,
    server: &mut Server,
    breaks: f64,
    seed: u64,
    rewind: Option<MonoMs>,
) -> MonoMs {
    let mut link = StdRng::seed_from_u64(seed);
    let (mut now, mut steps) = (rewind.unwrap_or(MonoMs(0)), 0);
    let mut pending: Option<String> = None;
    while !device.is_done() || (rewind.is_some() && steps == 0) {
        steps += 1;
        assert!(steps < 200_000, "the device never gets done");
        let outputs = if rewind.is_some() && steps == 1 {
            device.apply(now, DeviceInput::Rewind)
        } else if !device.is_connected() {
            now = now.plus_ms(10_000);
            server.connected();
            pending = None;
            device.apply(now, DeviceInput::Connected)
        } else if link.random_bool(breaks) {
            device.apply(now, DeviceInput::Disconnected)
        } else if let Some(reply) = pending.take() {
            device.apply(now, DeviceInput::Bytes(reply.as_bytes()))
        } else {
            let timers = [device.next_timer(), server.timer()];
            now = now.max(timers.into_iter().flatten().min().unwrap_or(now));
            pending = Some(server.silent(now)).filter(|reply| !reply.is_empty());
            device.apply(now, DeviceInput::Timer)
        };
        for output in outputs {
            let DeviceOutput::Send(segment) = output else {
                continue;
            };
            assert!(!segment.is_empty());
            if link.random_bool(breaks) {
                // The rest is lost, in the middle of a segment.
                let reached = link.random_range(0..=segment.len());
                server.bytes(now, &segment[..reached]);
                device.apply(now, DeviceInput::Disconnected);
                break;
            }
            let reply = server.bytes(now, &segment);
            pending.get_or_insert_default().push_str(&reply);
        }
        pending = pending.filter(|reply| !reply.is_empty());
    }
    now
}

fn script(runners: usize, knobs: &Knobs, seed: u64) -> Arc<Script> {
    let course = Course::parse(&["START", "5K", "FINISH"]).unwrap();
    let field = Field::made_up(runners, course, seed).unwrap();
    Arc::new(Script::new(&field, knobs, seed))
}

fn device(script: &Arc<Script>, knobs: &Knobs, seed: u64) -> Device {
    let client = ClientConfig {
        connection_name: Some(connection_name(seed)),
        ..ClientConfig::default()
    };
    let wall_start = WallTime::from_day(20_000, 23 * 360_000);
    Device::new(
        script.clone(),
        DeviceConfig {
            knobs: knobs.clone(),
            wall_start,
            client,
        },
        seed,
    )
}

prop_compose! {
    fn any_knobs()(
        speed in prop_oneof![Just(0.0), Just(60.0), Just(1_000.0)],
        stamp in prop_oneof![Just(Stamp::Now), Just(Stamp::Recorded)],
        segment_lines_max in 1_usize..30,
        partial_share in 0.0..0.5_f64,
        hangups in proptest::option::of(500_u64..60_000),
        late_points in 0_usize..3,
        gap_share in 0.0..0.1_f64,
        resume in prop_oneof![Just(Resume::Honored), Just(Resume::Unnamed), Just(Resume::Refused)],
        clock_jump_ms in -5_000_i64..5_000,
        bare_lf: bool,
    ) -> Knobs {
        Knobs {
            speed, stamp, segment_lines_max, partial_share, late_points, gap_share, resume,
            clock_jump_ms, clock_jump_at_ms: 60_000, bare_lf,
            disconnects: hangups.map(|every_ms| Disconnects { every_ms }),
            ..Knobs::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_breaks_every_read_arrives(knobs in any_knobs(), seed: u64) {
        let disconnects = knobs.disconnects.filter(|_| knobs.resume == Resume::Honored);
        let knobs = Knobs { disconnects, ..knobs };
        let script = script(40, &knobs, seed);
        let (mut device, mut server) = (device(&script, &knobs, seed), Server::default());
        // Where nothing is resumed, a link that breaks all the time never gets through.
        let breaks = if knobs.resume == Resume::Honored { 0.02 } else { 0.002 };
        run(&mut device, &mut server, breaks, seed, None);
        prop_assert_eq!(server.stored.len() as u64, device.stats().distinct);
        let wanted: HashSet<(u16, Tag)> = script
            .reads()
            .iter()
            .filter(|read| read.tag != Tag::NewLocation)
            .map(|read| (read.point, read.tag))
            .collect();
        for (point, tag) in wanted {
            let begin = format!(
                "{}~{}~", script.points()[usize::from(point)].location, script.tag_text(tag)
            );
            prop_assert!(server.stored.keys().any(|key| key.starts_with(&begin)), "{}", begin);
        }
    }

    #[test]
    fn a_new_session_loses_nothing_that_a_rewind_does_not_bring(
        knobs in any_knobs(),
        seed: u64,
        new_session_at_ms in 0_u32..6_000_000,
    ) {
        let knobs = Knobs {
            new_session_at_ms: Some(new_session_at_ms), disconnects: None, ..knobs
        };
        let script = script(30, &knobs, seed);
        let (mut device, mut server) = (device(&script, &knobs, seed), Server::default());
        let now = run(&mut device, &mut server, 0.002, seed, None);
        if script.sessions().len() > 1 {
            prop_assert!(device.stats().hangups >= 1);
        }
        run(&mut device, &mut server, 0.0, seed, Some(now));
        prop_assert_eq!(server.stored.len() as u64, device.stats().distinct);
    }

    #[test]
    fn a_device_is_a_function_of_its_seed(knobs in any_knobs(), seed: u64) {
        let script = script(20, &knobs, seed);
        let trace = || {
            let mut device = device(&script, &knobs, seed);
            let mut out = device.apply(MonoMs(7), DeviceInput::Connected);
            let opening = format!("{OPENING}start\r\n");
            out.extend(device.apply(MonoMs(9), DeviceInput::Bytes(opening.as_bytes())));
            for _ in 0..300 {
                let Some(at) = device.next_timer() else { break };
                out.extend(device.apply(at, DeviceInput::Timer));
            }
            (out, device.stats())
        };
        prop_assert_eq!(trace(), trace());
    }
}

fn text(outputs: &[DeviceOutput]) -> String {
    let mut text = String::new();
    for output in outputs {
        match output {
            DeviceOutput::Send(segment) => text.push_str(std::str::from_utf8(segment).unwrap()),
            DeviceOutput::Hangup => text.push_str("(hangs up)"),
        }
    }
    text
}

#[test]
fn the_wire_looks_as_it_should() {
    let knobs = Knobs {
        late_points: 1,
        test_tags: false,
        window_ms: 0,
        ..Knobs::default()
    };
    let script = script(1, &knobs, 1);
    let mut device = device(&script, &knobs, 1);
    assert_eq!(
        text(&device.apply(MonoMs(100), DeviceInput::Connected)),
        "SimpleClient~0.6.0~CTP01\r\n"
    );
    let name = connection_name(1);
    assert_eq!(
        text(&device.apply(MonoMs(100), DeviceInput::Bytes(OPENING.as_bytes()))),
        format!("ack~getconnectionid~{name}\r\n")
    );
    let asks = b"getlocations\r\nstart\r\nping\r\n";
    assert_eq!(
        text(&device.apply(MonoMs(100), DeviceInput::Bytes(asks))),
        "ack~getlocations~START~5K\r\nack~ping\r\n"
    );
    assert_eq!(device.next_timer(), Some(MonoMs(5_100)));
    let gun = text(&device.apply(MonoMs(5_100), DeviceInput::Timer));
    let reader = &script.points()[0].readers[0];
    assert_eq!(
        gun,
        format!("CT01_33~1~START~guntime~2024-10-04T23:00:05.00~0~{reader}~0\r\n")
    );
    let mut after = String::new();
    while !device.is_done() {
        let at = device.next_timer().unwrap();
        after.push_str(&text(&device.apply(at, DeviceInput::Timer)));
    }
    let lines: Vec<&str> = after.lines().collect();
    assert!(
        lines[0].starts_with("CT01_33~2~START~1~2024-10-04T23:00:0"),
        "{after}"
    );
    assert!(after.contains("~FINISH~newlocation~"), "{after}");
    assert!(
        lines.last().unwrap().contains("~FINISH~1~2024-10-0"),
        "{after}"
    );
    let last = device.stats();
    assert_eq!((last.guns, last.new_locations, last.hangups), (1, 1, 0));
}

#[test]
fn a_bare_start_may_go_on_where_it_was() {
    let check = |plain_start, repeats: bool| {
        let knobs = Knobs {
            plain_start,
            speed: 0.0,
            ..Knobs::default()
        };
        let script = script(20, &knobs, 2);
        let mut device = device(&script, &knobs, 2);
        for _ in 0..2 {
            device.apply(MonoMs(0), DeviceInput::Connected);
            let opening = format!("{OPENING}start\r\n");
            device.apply(MonoMs(0), DeviceInput::Bytes(opening.as_bytes()));
            while !device.is_done() {
                device.apply(MonoMs(0), DeviceInput::Timer);
            }
            device.apply(MonoMs(0), DeviceInput::Disconnected);
        }
        assert_eq!(device.stats().repeated_lines > 0, repeats);
    };
    check(PlainStart::FromFirst, true);
    check(PlainStart::FromUnsent, false);
}

#[test]
fn a_server_that_says_nothing_is_given_up_after_ten_seconds() {
    let knobs = Knobs::default();
    let mut device = device(&script(5, &knobs, 3), &knobs, 3);
    device.apply(MonoMs(0), DeviceInput::Connected);
    assert_eq!(device.next_timer(), Some(MonoMs(10_000)));
    assert_eq!(
        device.apply(MonoMs(10_000), DeviceInput::Timer),
        [DeviceOutput::Hangup]
    );
    assert!(device.gave_up().is_some() && !device.is_connected());
}
