//! What is known live of one location of a stream.

use super::{differences::Differences, minutes::Minutes};
use crate::limits;
use model::{Read, ReadKind, UnixMicros, limits::READERS_PER_PLACE_MAX};
use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// Since the server was started.
#[derive(Debug, Default)]
pub struct PlaceWatch {
    /// New ones: a duplicate is taken back when the journal has found it to be one.
    pub reads: u64,
    pub late: u64,
    pub duplicates: u64,
    pub unknown: u64,
    /// The newest read's own time.
    pub last_instant: Option<UnixMicros>,
    /// When the newest read came.
    pub heard_at: Option<UnixMicros>,
    /// The same of those that were live.
    live_at: Option<UnixMicros>,
    gun_at: Option<UnixMicros>,
    pub minutes: Minutes,
    /// Live reads of tags that were not among the last ones: runners, more or less.
    passages: Minutes,
    /// The last tags, each once, newest last; with a hash of each, as all of them are compared at
    /// each read.
    tags: VecDeque<(u64, Arc<str>)>,
    pub differences: Differences,
    pub readers: Vec<ReaderWatch>,
}

#[derive(Debug)]
pub struct ReaderWatch {
    pub reader: Arc<str>,
    pub reads: u64,
    pub differences: Differences,
}

/// How a place read before it fell silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// New tags in the quietest of the last minutes.
    pub per_minute: u32,
    /// Since the last live read.
    pub silent_ms: i64,
}

impl Pace {
    /// For how long it may be silent at that pace before something must be wrong.
    pub fn patience_ms(self) -> i64 {
        let expected_ms = limits::SILENT_TAGS * 60_000 / i64::from(self.per_minute.max(1));
        expected_ms.max(limits::SILENT_MS_MIN)
    }
}

impl PlaceWatch {
    pub fn came(&mut self, read: &Read, tag: &Arc<str>, instant: UnixMicros, known: bool) {
        let received_at = read.received_at;
        self.reads += 1;
        self.late += u64::from(read.late);
        self.last_instant = self.last_instant.max(Some(instant));
        self.heard_at = self.heard_at.max(Some(received_at));
        self.minutes.add(received_at);
        if !read.late {
            self.live_at = self.live_at.max(Some(received_at));
        }
        if read.kind == ReadKind::Gun {
            self.gun_at = self.gun_at.max(Some(received_at));
            return;
        }
        self.unknown += u64::from(!known);
        let is_passage = self.is_other_tag(tag);
        if is_passage && !read.late {
            self.passages.add(received_at);
        }
        self.differences.add(received_at, instant);
        if let Some(reader) = self.reader(&read.reader) {
            reader.reads += 1;
            reader.differences.add(received_at, instant);
        }
    }

    /// It was stored already.
    pub fn take_back(&mut self, read: &Read, known: bool) {
        self.duplicates += 1;
        self.reads = self.reads.saturating_sub(1);
        self.late = self.late.saturating_sub(u64::from(read.late));
        self.unknown = self.unknown.saturating_sub(u64::from(!known));
        self.minutes.take_back(read.received_at);
    }

    /// What was learnt of the clock under another zone or offset says nothing now.
    pub fn forget_clock(&mut self) {
        self.differences = Differences::default();
        for reader in &mut self.readers {
            reader.differences = Differences::default();
        }
    }

    /// Newest last.
    pub fn tags(&self) -> impl DoubleEndedIterator<Item = &Arc<str>> {
        self.tags.iter().map(|(_, tag)| tag)
    }

    /// Whether it read steadily until its last live read: each of the five minutes before that
    /// one's minute had several new tags. Packs with gaps between them, tails that thin out and
    /// reads that come in lots do not do that.
    pub fn pace(&self, now: UnixMicros) -> Option<Pace> {
        let last_at = self.live_at?;
        let before = 1..=limits::PACE_MINUTES;
        let quietest = before.map(|minutes| self.passages.before(last_at, minutes));
        let per_minute = quietest.min().unwrap_or(0);
        (per_minute >= limits::PACE_PER_MINUTE_MIN).then_some(Pace {
            per_minute,
            silent_ms: now.ms_since(last_at),
        })
    }

    /// Whether a gun was fired here so lately that all that comes is a start.
    pub fn is_starting(&self, now: UnixMicros) -> bool {
        self.gun_at
            .is_some_and(|gun| now.ms_since(gun) < limits::START_MS)
    }

    /// Puts the tag among the last ones; whether it was not there.
    fn is_other_tag(&mut self, tag: &Arc<str>) -> bool {
        let mut hasher = DefaultHasher::new();
        tag.hash(&mut hasher);
        let hash = hasher.finish();
        let is_tag = |(known, text): &(u64, Arc<str>)| *known == hash && text == tag;
        let seen = self.tags.iter().rposition(is_tag);
        if let Some(seen) = seen {
            self.tags.remove(seen);
        } else if self.tags.len() >= limits::LAST_TAGS {
            self.tags.pop_front();
        }
        self.tags.push_back((hash, Arc::clone(tag)));
        seen.is_none()
    }

    fn reader(&mut self, name: &str) -> Option<&mut ReaderWatch> {
        let known = self.readers.iter().position(|known| &*known.reader == name);
        let at = match known {
            Some(at) => at,
            None if self.readers.len() < READERS_PER_PLACE_MAX => {
                self.readers.push(ReaderWatch {
                    reader: name.into(),
                    reads: 0,
                    differences: Differences::default(),
                });
                self.readers.len() - 1
            }
            None => return None,
        };
        self.readers.get_mut(at)
    }
}
