//! What the live path is told: reads, and its picture of events, streams and shows.
//!
//! Holds only what others loaded. Knows no store.

use crate::roster::RosterIndex;
use model::{
    DisplayCode, EventId, Gun, PointId, Race, Read, ReadKey, ShowId, StreamId, TagRange, Template,
    UnixMicros,
};
use std::{collections::HashMap, sync::Arc};
use timing::StreamClock;

/// A read as the live path needs it.
#[derive(Clone, Debug)]
pub struct LiveRead {
    pub key: ReadKey,
    pub received_at: UnixMicros,
    pub late: bool,
    /// Whether the simulator sent it.
    pub simulated: bool,
}

impl LiveRead {
    pub fn of(read: &Read) -> Self {
        Self {
            key: read.key(),
            received_at: read.received_at,
            late: read.late,
            simulated: read.simulated,
        }
    }
}

/// An event as the live path needs it. Replaced whole when anything of it changes.
#[derive(Clone, Debug)]
pub struct EventView {
    pub event: EventId,
    pub name: String,
    /// The event's own clock, by which crossings are told apart on public screens.
    pub clock: StreamClock,
    pub roster: Arc<RosterIndex>,
    /// In course order.
    pub points: Vec<(PointId, String)>,
    pub setup: RaceSetup,
}

/// What somebody set up of an event's races, and which reads they said do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RaceSetup {
    pub races: Vec<Race>,
    pub guns: Vec<Gun>,
    /// Reads at a point before that instant feed no display, counter or list.
    pub zero_counts: Vec<(PointId, UnixMicros)>,
    /// Reads of these tags neither, and they are nobody's unknown chips.
    pub ignored_tags: Vec<TagRange>,
    /// Nor does what the simulator sent before then.
    pub simulated_until: Option<UnixMicros>,
}

/// A stream as the live path needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamView {
    pub stream: StreamId,
    pub event: EventId,
    pub clock: StreamClock,
    /// Locations mapped by hand or at first sight; others map to the point of their name.
    pub locations: HashMap<String, PointId>,
}

/// A show as the live path needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowView {
    pub show: ShowId,
    pub code: DisplayCode,
    pub event: EventId,
    pub stream: StreamId,
    pub points: Vec<PointId>,
    pub template: Template,
}

impl EventView {
    /// Whether the other says the same. Rosters are compared by whether they are the same one.
    pub(super) fn is(&self, other: &Self) -> bool {
        (&self.name, &self.clock, &self.points, &self.setup)
            == (&other.name, &other.clock, &other.points, &other.setup)
            && Arc::ptr_eq(&self.roster, &other.roster)
    }

    /// The timing point of a device's location.
    pub(super) fn point_of(
        &self,
        stream: &StreamView,
        location: &str,
    ) -> Option<&(PointId, String)> {
        let mut points = self.points.iter();
        match stream.locations.get(location) {
            Some(mapped) => points.find(|(point, _)| point == mapped),
            None => {
                let name = location.to_lowercase();
                points.find(|(_, point)| point.to_lowercase() == name)
            }
        }
    }
}
