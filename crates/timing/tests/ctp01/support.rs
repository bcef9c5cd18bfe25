//! A server session with a clock and a socket that are only numbers and bytes.

use model::{MonoMs, WallTime};
use std::collections::BTreeMap;
use timing::ctp01::{
    DeviceRead, DeviceTime, Identity, Input, Output, Record, ServerSession, StartPlan, StoredRead,
    record, time,
};

pub const GREETING: &str = "SimpleClient~0.6.0~CTP01\r\n";

pub struct Server {
    pub session: ServerSession,
    pub now: MonoMs,
}

impl Server {
    pub fn new() -> Self {
        let now = MonoMs(1_000_000);
        Self {
            session: ServerSession::new(now),
            now,
        }
    }

    /// Greeted, and all queries answered.
    pub fn identified(locations: &str) -> Self {
        let mut server = Self::new();
        let replies = format!(
            "{GREETING}ack~getconnectionid~c1\r\nack~geteventinfo~~~\r\nack~getlocations{locations}\r\n"
        );
        let out = server.bytes(replies.as_bytes());
        assert!(
            out.iter()
                .any(|output| matches!(output, Output::Identified(_))),
            "{out:?}"
        );
        server
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> Vec<Output> {
        self.session.apply(self.now, Input::Bytes(bytes))
    }

    pub fn line(&mut self, line: &str) -> Vec<Output> {
        self.bytes(format!("{line}\r\n").as_bytes())
    }

    pub fn start(&mut self, resume: &[StoredRead]) -> Vec<Output> {
        let resume: BTreeMap<_, _> = resume
            .iter()
            .map(|read| (read.location.clone(), read.clone()))
            .collect();
        self.session
            .apply(self.now, Input::Start(StartPlan { resume }))
    }

    /// Lets time pass, firing the timer whenever it is due.
    pub fn wait(&mut self, ms: u64) -> Vec<Output> {
        let until = self.now.plus_ms(ms);
        let mut out = Vec::new();
        while let Some(at) = self.session.next_timer().filter(|at| *at <= until) {
            self.now = at.max(self.now);
            out.extend(self.session.apply(self.now, Input::Timer));
        }
        self.now = until;
        out
    }
}

/// What is sent, as lines with `|` between.
pub fn sent(out: &[Output]) -> String {
    let bytes = out.iter().filter_map(|output| match output {
        Output::Send(bytes) => Some(&bytes[..]),
        _ => None,
    });
    let text =
        String::from_utf8(bytes.flatten().copied().collect()).expect("these tests send UTF-8");
    assert!(text.is_empty() || text.ends_with("\r\n"), "{text:?}");
    text.trim_end().replace("\r\n", "|")
}

/// The tags of the reads.
pub fn tags(out: &[Output]) -> Vec<&str> {
    let reads = out.iter().filter_map(|output| match output {
        Output::Read(read) => Some(read.tag.as_str()),
        _ => None,
    });
    reads.collect()
}

pub fn identity(out: &[Output]) -> Option<&Identity> {
    out.iter().find_map(|output| match output {
        Output::Identified(identity) => Some(identity),
        _ => None,
    })
}

pub fn wall(iso: &str) -> WallTime {
    match time::parse(iso) {
        Ok(DeviceTime::Dated(wall)) => wall,
        other => panic!("{iso:?} is {other:?}"),
    }
}

pub fn read(line: &str) -> DeviceRead {
    match record::parse(line.as_bytes()) {
        Some(Ok(Record::Read(read))) => read,
        other => panic!("{line:?} is {other:?}"),
    }
}

/// The stored form of a read that came as `line`, dated `iso`.
pub fn stored(line: &str, iso: &str) -> StoredRead {
    let DeviceRead {
        location,
        tag,
        reader,
        antenna,
        sequence,
        ..
    } = read(line);
    let sequence = sequence.expect("the line has one");
    StoredRead {
        sequence,
        location,
        tag,
        reader,
        antenna,
        wall: wall(iso),
    }
}
