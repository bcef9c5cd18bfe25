//! From what a device said to a read that can be journalled: dated and judged. Pure.

use model::{Read, StreamId, UnixMicros};
use std::collections::HashMap;
use store::{Undated, UndatedDay};
use timing::{
    DateBook, StreamClock, Timeliness, WrongClock, WrongClockDetector,
    ctp01::record::{DeviceRead, DeviceTime},
    judge,
};

use crate::limits;

/// One stream's way in. Its state is what must be remembered from read to read.
pub struct Intake {
    stream: StreamId,
    clock: StreamClock,
    dates: DateBook,
    detectors: HashMap<String, WrongClockDetector>,
}

impl Intake {
    /// `dates` holds the days of the stream's undated reads stored so far.
    pub fn new(stream: StreamId, clock: StreamClock, dates: DateBook) -> Self {
        Self {
            stream,
            clock,
            dates,
            detectors: HashMap::new(),
        }
    }

    /// A new zone or offset. What was learnt of wrong clocks under the old one is forgotten.
    pub fn set_clock(&mut self, clock: StreamClock) {
        if self.clock != clock {
            self.clock = clock;
            self.detectors.clear();
        }
    }

    pub fn clock(&self) -> &StreamClock {
        &self.clock
    }

    /// The read as the store is to be asked for it, where only the store can tell its day.
    pub fn forgotten(&self, device: &DeviceRead) -> Option<Undated> {
        let DeviceTime::TimeOfDay { cs } = device.time else {
            return None;
        };
        self.dates.may_lack(device).then(|| Undated {
            location: device.location.clone(),
            sequence: device.sequence,
            tag: device.tag.clone(),
            time_text: device.time_text.clone(),
            reader: device.reader.clone(),
            time_of_day_cs: cs,
        })
    }

    /// What the store answered.
    pub fn remember(&mut self, stored: &UndatedDay) {
        remember(&mut self.dates, stored);
    }

    /// Whether a read would be late if its day were the one it comes on.
    pub fn comes_late(&self, device: &DeviceRead, received_at: UnixMicros) -> bool {
        let wall = match device.time {
            DeviceTime::Dated(wall) => wall,
            DeviceTime::TimeOfDay { cs } => self.clock.date(cs, received_at),
        };
        let instant = self.clock.instant_of(wall, received_at);
        judge(instant, received_at) == Timeliness::Late
    }

    /// Dates and judges one read. `simulated`: whether the simulator sent it.
    pub fn take(
        &mut self,
        device: DeviceRead,
        connection_name: Option<&str>,
        simulated: bool,
        received_at: UnixMicros,
    ) -> Read {
        let (wall, dated) = match device.time {
            DeviceTime::Dated(wall) => (wall, true),
            DeviceTime::TimeOfDay { .. } => {
                (self.dates.date(&device, &self.clock, received_at), false)
            }
        };
        let instant = self.clock.instant_of(wall, received_at);
        let late = judge(instant, received_at) == Timeliness::Late;
        if let Some(detector) = self.detector(&device.location) {
            detector.observe(instant, received_at);
        }
        Read {
            stream: self.stream,
            kind: device.kind,
            location: device.location,
            tag: device.tag,
            wall,
            time_text: device.time_text,
            dated,
            sequence: device.sequence,
            occurrence: device.occurrence,
            reader: device.reader,
            antenna: device.antenna,
            connection_name: connection_name.map(str::to_owned),
            raw: device.raw,
            received_at,
            late,
            simulated,
        }
    }

    /// The wrong clocks of this stream, by location.
    pub fn wrong_clocks(&self, now: UnixMicros) -> Vec<WrongClock> {
        let mut found: Vec<_> = self
            .detectors
            .values()
            .filter_map(|detector| detector.verdict(now))
            .collect();
        found.sort_by(|a, b| a.location.cmp(&b.location));
        found
    }

    fn detector(&mut self, location: &str) -> Option<&mut WrongClockDetector> {
        let known = self.detectors.contains_key(location);
        if !known && self.detectors.len() >= limits::LOCATIONS_PER_STREAM_MAX {
            return None;
        }
        let new = || WrongClockDetector::new(location.to_owned());
        Some(
            self.detectors
                .entry(location.to_owned())
                .or_insert_with(new),
        )
    }
}

pub fn remember(dates: &mut DateBook, stored: &UndatedDay) {
    let read = &stored.of;
    dates.remember_stored(
        &read.location,
        read.sequence,
        &read.tag,
        &read.time_text,
        &read.reader,
        stored.day,
    );
}
