//! A race day to test with: one partner, one event, its streams and displays, made by commands;
//! and what must be true of the reads in the end.

use crate::{
    site::Site,
    wait::{until, until_within},
};
use model::{ReadKind, WallTime};
use serde_json::Value;
use std::{
    collections::HashMap,
    time::{SystemTime, UNIX_EPOCH},
};
use timing::ctp01::{DeviceRead, DeviceTime, record::GUN_TAG};

pub struct Race {
    pub site: Site,
    pub event: String,
    pub stream: String,
}

impl Race {
    /// An event in UTC with one stream, and runners 1 to 9 without chips.
    pub fn new() -> Self {
        Self::on(Site::new())
    }

    /// The same on an install of its own kind.
    pub fn on(site: Site) -> Self {
        let mut race = Self::without_stream_on(site);
        race.stream = race.add_stream("Mats", &[]);
        race.import(&runners(9));
        race
    }

    pub fn without_stream() -> Self {
        Self::without_stream_on(Site::new())
    }

    pub fn without_stream_on(site: Site) -> Self {
        site.id(&["partner", "create", "--name", "Alder Timing"]);
        let event = add_event(&site, "Alder Timing", "Willow 10K");
        Self {
            site,
            event,
            stream: String::new(),
        }
    }

    pub fn add_stream(&self, name: &str, more: &[&str]) -> String {
        let words = ["stream", "create", "--event", &self.event, "--name", name];
        self.site.id(&[&words, more].concat())
    }

    pub fn import(&self, csv: &str) -> Value {
        let file = self.site.file("roster.csv", csv);
        self.site
            .ok(&["roster", "import", "--event", &self.event, &file])
    }

    /// Makes a display of these points, and gives its code.
    pub fn display(&self, points: &[&str]) -> String {
        let mut words = vec!["display", "create", "--event", &self.event];
        words.extend(["--mode", "results", "--template", "arrivals"]);
        words.extend(points.iter().flat_map(|point| ["--point", point]));
        let made = self.site.ok(&words);
        made["code"].as_str().unwrap().to_owned()
    }

    /// The line of a stream in `gantry stream list`.
    pub fn summary_of(&self, stream: &str) -> Value {
        let list = self.site.ok(&["stream", "list", "--event", &self.event]);
        let streams = list["streams"].as_array().unwrap();
        let found = streams.iter().find(|summary| summary["id"] == stream);
        found.unwrap().clone()
    }

    pub fn summary(&self) -> Value {
        self.summary_of(&self.stream)
    }

    pub fn count(&self, what: &str) -> usize {
        self.summary()[what].as_u64().unwrap() as usize
    }

    /// Waits until the stream has so many reads.
    pub async fn stored(&self, reads: usize) {
        let what = format!("{reads} reads are stored");
        until_within(60, &what, || (self.count("reads") >= reads).then_some(())).await;
    }

    /// Waits until so many lines came, reads and repeated reads together.
    pub async fn lines(&self, lines: usize) {
        let what = format!("{lines} lines are counted");
        let count = || self.count("reads") + self.count("duplicates");
        until(&what, || (count() >= lines).then_some(())).await;
    }

    pub fn export(&self) -> Vec<Value> {
        let words = [
            "export",
            "reads",
            "--event",
            &self.event,
            "--format",
            "json",
        ];
        let list = self.site.ok(&words);
        list.as_array().unwrap().clone()
    }

    /// Every read that was sent is stored, exactly once, and nothing else is; positions have no
    /// gaps.
    #[track_caller]
    pub fn assert_stored_once(&self, sent: &[DeviceRead]) {
        let stored = self.export();
        for (place, row) in stored.iter().enumerate() {
            assert_eq!(row["position"], place + 1, "a gap in the positions");
        }
        let mut counts: HashMap<Vec<&str>, i64> = HashMap::new();
        for row in &stored {
            let said = ["location", "tag", "time", "reader", "antenna"];
            let said = said.map(|name| row[name].as_str().unwrap());
            *counts.entry(said.to_vec()).or_default() += 1;
        }
        let times: Vec<_> = sent.iter().map(|read| wall_of(read).to_string()).collect();
        for (read, time) in sent.iter().zip(&times) {
            let said: [&str; 5] = [&read.location, &read.tag, time, &read.reader, &read.antenna];
            *counts.entry(said.to_vec()).or_default() -= 1;
        }
        let wrong: Vec<_> = counts
            .iter()
            .filter(|(_, count)| **count != 0)
            .take(5)
            .collect();
        let (sent, stored) = (sent.len(), stored.len());
        assert!(
            wrong.is_empty(),
            "{sent} sent, {stored} stored, such as {wrong:?}"
        );
    }
}

pub fn add_event(site: &Site, partner: &str, name: &str) -> String {
    let words = ["event", "create", "--partner", partner, "--name", name];
    site.id(&[&words[..], &["--date", "2026-05-31", "--timezone", "UTC"]].concat())
}

/// A roster of runners 1 to `count`, without chips.
pub fn runners(count: usize) -> String {
    let mut csv = "bib,first_name,last_name,city\n".to_owned();
    for bib in 1..=count {
        csv.push_str(&format!("{bib},Runner,Number {bib},Alderton\n"));
    }
    csv
}

/// The wall clock of a device whose zone is UTC.
pub fn now() -> WallTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    WallTime((since.as_millis() / 10) as i64)
}

pub fn seconds_ago(seconds: i64) -> WallTime {
    WallTime(now().0 - seconds * 100)
}

/// A session of a controller, which numbers its reads from 1.
#[derive(Default)]
pub struct Session {
    last: u64,
}

impl Session {
    pub fn read(&mut self, location: &str, tag: impl ToString, wall: WallTime) -> DeviceRead {
        self.last += 1;
        let time = DeviceTime::Dated(wall);
        DeviceRead::new(self.last, location, &tag.to_string(), time)
    }

    pub fn gun(&mut self, location: &str, wall: WallTime) -> DeviceRead {
        let gun = self.read(location, GUN_TAG, wall);
        assert_eq!(gun.kind, ReadKind::Gun);
        gun
    }

    /// So many reads of tags from `first` on, one a hundredth, the last one now.
    pub fn burst(&mut self, locations: &[&str], first: u64, count: u64) -> Vec<DeviceRead> {
        let from = now().0 - count as i64;
        let read = |place: u64| {
            let location = locations[place as usize % locations.len()];
            self.read(location, first + place, WallTime(from + place as i64))
        };
        (0..count).map(read).collect()
    }
}

fn wall_of(read: &DeviceRead) -> WallTime {
    match read.time {
        DeviceTime::Dated(wall) => wall,
        DeviceTime::TimeOfDay { .. } => panic!("tests date their reads"),
    }
}
