//! From what a device said to a read that can be journalled: dated and judged. Pure.

use model::{Read, StreamId, UnixMicros};
use std::collections::HashMap;
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

    /// Dates and judges one read.
    pub fn take(
        &mut self,
        device: DeviceRead,
        connection_name: Option<&str>,
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
