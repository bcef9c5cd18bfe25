//! What is known live of one stream. Pure: reads are handed in with the time they came.

use super::{
    Counter,
    place::PlaceWatch,
    recent::{Came, Recent, RecentRead},
    sequences::Sequences,
    unknown::UnknownTags,
};
use crate::{ingest::ConnectionId, limits};
use model::{Read, ReadKind, UnixMicros};
use std::{collections::HashMap, sync::Arc};

#[derive(Debug)]
pub struct StreamWatch {
    places: HashMap<Arc<str>, PlaceWatch>,
    recent: Recent,
    sequences: Sequences,
    pub unknown: UnknownTags,
}

/// Where reads came from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub connection: ConnectionId,
    /// The name it gives itself.
    pub name: Option<&'a str>,
    pub simulated: bool,
}

impl StreamWatch {
    pub fn new(counter: Arc<Counter>) -> Self {
        Self {
            places: HashMap::new(),
            recent: Recent::new(counter),
            sequences: Sequences::default(),
            unknown: UnknownTags::default(),
        }
    }

    /// Takes reads with their instants, before the journal has told of them. `is_known` tells
    /// whether a tag is somebody's. Gives the number of the first; the others follow it.
    pub fn came(
        &mut self,
        source: Source<'_>,
        reads: &[Read],
        instants: &[UnixMicros],
        is_known: impl Fn(&Read) -> bool,
    ) -> u64 {
        let first = self.recent.numbers(reads.len());
        let unnamed;
        let connection = match source.name {
            Some(name) => name,
            None => {
                unnamed = format!("#{}", source.connection.0);
                &unnamed
            }
        };
        for ((read, instant), id) in reads.iter().zip(instants).zip(first..) {
            let known = read.kind == ReadKind::Gun || is_known(read);
            let tag: Arc<str> = read.tag.as_str().into();
            let place = self.place(&read.location);
            if let Some(watch) = self.places.get_mut(&place) {
                watch.came(read, &tag, *instant, known);
            }
            if let Some(sequence) = read.sequence {
                self.sequences.came(connection, &place, sequence);
            }
            if !known {
                self.unknown.came(&tag, &place, *instant);
            }
            let simulated = source.simulated;
            let came = Came {
                read,
                place,
                tag,
                known,
                simulated,
            };
            self.recent.came(id, came);
        }
        first
    }

    /// The journal has told what became of a read.
    pub fn settled(&mut self, id: u64, read: &Read, duplicate: bool) {
        let known = self.recent.settled(id, duplicate).unwrap_or(true);
        if !duplicate {
            return;
        }
        if let Some(watch) = self.places.get_mut(read.location.as_str()) {
            watch.take_back(read, known);
        }
        if !known {
            self.unknown.take_back(read);
        }
    }

    pub fn forget_clock(&mut self) {
        self.places.values_mut().for_each(PlaceWatch::forget_clock);
    }

    pub fn places(&self) -> impl Iterator<Item = (&Arc<str>, &PlaceWatch)> {
        self.places.iter()
    }

    pub fn missing(&self, place: &str) -> u64 {
        self.sequences.missing(place)
    }

    pub fn reads(&self, after: u64, up_to: u64) -> impl Iterator<Item = &RecentRead> {
        self.recent.between(after, up_to)
    }

    /// The location as it is kept. Past the limit it is shown with its reads and not watched.
    fn place(&mut self, location: &str) -> Arc<str> {
        if let Some((place, _)) = self.places.get_key_value(location) {
            return Arc::clone(place);
        }
        let place: Arc<str> = location.into();
        if self.places.len() < limits::LOCATIONS_PER_STREAM_MAX {
            self.places
                .insert(Arc::clone(&place), PlaceWatch::default());
        }
        place
    }
}

#[cfg(test)]
#[path = "stream/tests.rs"]
mod tests;
