//! Tags of a stream that were nobody's when they were read.
//!
//! Whether they still are is asked of the roster when they are shown, so that an entry or a chip
//! that somebody has added takes its reads off the list at once.

use crate::limits;
use model::{Read, UnixMicros, fold_tag};
use std::{collections::HashMap, sync::Arc};

#[derive(Clone, Debug)]
pub struct Unknown {
    /// As the device wrote it first.
    pub tag: Arc<str>,
    pub reads: u64,
    pub places: Vec<Arc<str>>,
    pub first_at: UnixMicros,
    pub last_at: UnixMicros,
}

/// By folded tag.
#[derive(Debug, Default)]
pub struct UnknownTags {
    tags: HashMap<String, Unknown>,
    /// Reads of tags for which there was no room.
    pub others: u64,
}

impl UnknownTags {
    pub fn came(&mut self, tag: &Arc<str>, place: &Arc<str>, instant: UnixMicros) {
        let folded = fold_tag(tag);
        if self.tags.len() >= limits::UNKNOWN_TAGS_MAX && !self.tags.contains_key(&folded) {
            self.others += 1;
            return;
        }
        let known = self.tags.entry(folded).or_insert_with(|| Unknown {
            tag: Arc::clone(tag),
            reads: 0,
            places: Vec::new(),
            first_at: instant,
            last_at: instant,
        });
        known.reads += 1;
        known.first_at = known.first_at.min(instant);
        known.last_at = known.last_at.max(instant);
        let room = known.places.len() < limits::POINTS_PER_UNKNOWN_TAG_MAX;
        if room && !known.places.contains(place) {
            known.places.push(Arc::clone(place));
        }
    }

    /// It was stored already.
    pub fn take_back(&mut self, read: &Read) {
        let folded = fold_tag(&read.tag);
        let Some(known) = self.tags.get_mut(&folded) else {
            return;
        };
        known.reads = known.reads.saturating_sub(1);
        if known.reads == 0 {
            self.tags.remove(&folded);
        }
    }

    pub fn list(&self) -> impl Iterator<Item = (&str, &Unknown)> {
        self.tags.iter().map(|(folded, tag)| (folded.as_str(), tag))
    }
}
