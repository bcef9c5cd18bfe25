//! What the live path is told: reads, and its picture of events, streams and shows.
//!
//! Holds only what others loaded. Knows no store.

use crate::roster::RosterIndex;
use model::{
    Design, DisplayCode, EventId, Gun, PointId, PoolMessage, Race, Read, ReadKey, RundownOverrides,
    ShowId, StreamId, TagRange, UnixMicros,
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
    /// `2026-03-06`.
    pub date: String,
    /// The event's own clock, by which crossings are told apart on public screens.
    pub clock: StreamClock,
    pub roster: Arc<RosterIndex>,
    /// In course order.
    pub points: Vec<(PointId, String)>,
    pub setup: RaceSetup,
    /// Those of the event and of its shows: `model::message::choose` takes one for a runner.
    pub messages: Arc<[PoolMessage]>,
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
    pub design: Arc<Design>,
    /// How it takes its turns, where that is not as the template does.
    pub rundown: RundownOverrides,
}

/// Who is featured on a show, as a public screen may name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnScreen {
    pub bib: String,
    /// Empty where it is hidden or not known.
    pub name: String,
    /// Whether an operator keeps them there.
    pub held: bool,
}

impl EventView {
    /// Whether the other says the same. Rosters are compared by whether they are the same one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let facts = |view: &Self| {
            (
                &view.name,
                &view.date,
                &view.clock,
                &view.points,
                &view.setup,
            ) == (
                &self.name,
                &self.date,
                &self.clock,
                &self.points,
                &self.setup,
            )
        };
        facts(other) && self.messages == other.messages && Arc::ptr_eq(&self.roster, &other.roster)
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
