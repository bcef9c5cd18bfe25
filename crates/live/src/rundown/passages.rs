//! Reads taken together as passages over a mat, and the newest of them as a list.
//!
//! The order in which reads come does not matter: a passage is all reads of one participant at one
//! point with no gap above the window. Knows nothing of dwell, queues or screens.

use super::Crossing;
use crate::limits::{ENTRIES_MAX, PASSAGES_MAX};
use model::{ParticipantId, PointId, UnixMicros};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

pub(super) struct Passages {
    pub(super) window_ms: u64,
    /// Never overlapping, nor within a window of one another, for the same participant and point.
    spans: BTreeMap<SpanKey, Span>,
    /// The same spans, those to be forgotten first leading.
    by_last: BTreeSet<(UnixMicros, SpanKey)>,
    /// The newest passages with their texts. A passage may have outlived its entry.
    entries: BTreeMap<EntryKey, Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SpanKey {
    participant: ParticipantId,
    point: PointId,
    first: UnixMicros,
}

#[derive(Clone, Copy)]
struct Span {
    last: UnixMicros,
    /// Whether a read of it came live.
    live: bool,
    featured: bool,
}

/// Where an entry stands in the list. The ids settle ties, so that every order of arrival gives
/// the same list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryKey {
    first: UnixMicros,
    participant: ParticipantId,
    point: PointId,
}

/// One line of the list: a passage as its earliest read tells it.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) crossing: Arc<Crossing>,
    /// Of the read that last changed the entry.
    pub(super) received_at: UnixMicros,
    /// Whether every read of it came late.
    pub(super) late: bool,
}

/// What a read did.
#[derive(Clone, Copy)]
pub(super) struct Noted {
    /// Whether an entry appeared, changed or went.
    pub(super) changed: bool,
    /// Whether it was the first live read of its passage: the only moment to feature somebody.
    pub(super) first_live: bool,
    /// The passage's entry, where it has one.
    pub(super) entry: EntryKey,
}

impl Crossing {
    fn span_key(&self) -> SpanKey {
        SpanKey {
            participant: self.participant,
            point: self.point,
            first: self.read_at,
        }
    }
}

impl SpanKey {
    fn entry(self) -> EntryKey {
        let Self {
            participant,
            point,
            first,
        } = self;
        EntryKey {
            first,
            participant,
            point,
        }
    }

    fn is_of(&self, participant: ParticipantId, point: PointId) -> bool {
        self.participant == participant && self.point == point
    }
}

impl Passages {
    pub(super) fn new(window_ms: u64) -> Self {
        Self {
            window_ms,
            spans: BTreeMap::new(),
            by_last: BTreeSet::new(),
            entries: BTreeMap::new(),
        }
    }

    pub(super) fn note(&mut self, crossing: &Arc<Crossing>, late: bool) -> Noted {
        let Crossing {
            read_at,
            received_at,
            ..
        } = **crossing;
        let at = crossing.span_key();
        let before = self
            .before(at)
            .filter(|(_, span)| self.joins(span.last, read_at));
        let after = self
            .after(at)
            .filter(|(key, _)| self.joins(read_at, key.first));

        // A read within a known span is a repeated one, or adds nothing to see. Whether it came
        // live does not matter: a read sent again must not make a late passage a live one.
        if let Some((key, span)) = before
            && read_at <= span.last
        {
            return Noted {
                changed: false,
                first_live: false,
                entry: key.entry(),
            };
        }

        let joined = || [before, after].into_iter().flatten().map(|(_, span)| span);
        let was_live = joined().any(|span| span.live);
        let featured = joined().any(|span| span.featured);
        let live = was_live || !late;
        let key = before.map_or(at, |(key, _)| key);
        let last = after.map_or(read_at, |(_, span)| span.last);
        let changed = before.is_none() || after.is_some() || live != was_live;

        if let Some((key, span)) = after {
            self.remove(key, span.last);
        }
        let entry = match before {
            None => Some(Entry {
                crossing: Arc::clone(crossing),
                received_at,
                late: !live,
            }),
            Some((key, span)) => self.remove(key, span.last).map(|mut known| {
                if changed {
                    known.received_at = known.received_at.max(received_at);
                }
                known.late = !live;
                known
            }),
        };
        self.insert(
            key,
            Span {
                last,
                live,
                featured,
            },
            entry,
        );
        Noted {
            changed,
            first_live: live && !was_live,
            entry: key.entry(),
        }
    }

    /// The newest entries, newest first.
    pub(super) fn newest(&self, count_max: usize) -> impl Iterator<Item = &Entry> {
        self.entries.values().rev().take(count_max)
    }

    pub(super) fn is_among_newest(&self, key: EntryKey, count_max: usize) -> bool {
        self.entries
            .keys()
            .rev()
            .take(count_max)
            .any(|newest| *newest == key)
    }

    /// The entry of the passage that this read belongs to.
    pub(super) fn entry_of(&self, read: &Crossing) -> Option<&Entry> {
        let (key, _) = self
            .before(read.span_key())
            .filter(|(_, span)| read.read_at <= span.last)?;
        self.entries.get(&key.entry())
    }

    /// The newest passage of a participant at a point, whatever its time.
    pub(super) fn newest_of(&self, participant: ParticipantId, point: PointId) -> Option<&Entry> {
        let end = SpanKey {
            participant,
            point,
            first: UnixMicros(i64::MAX),
        };
        let (key, _) = self.before(end)?;
        self.entries.get(&key.entry())
    }

    /// Whether the passage of this read is featured for the first time.
    pub(super) fn mark_featured(&mut self, read: &Crossing) -> bool {
        let at = read.span_key();
        match self
            .before(at)
            .filter(|(_, span)| read.read_at <= span.last)
        {
            Some((_, span)) if span.featured => false,
            Some((key, span)) => {
                self.spans.insert(
                    key,
                    Span {
                        featured: true,
                        ..span
                    },
                );
                true
            }
            // Forgotten while it waited, which is past the limit.
            None => true,
        }
    }

    fn joins(&self, earlier: UnixMicros, later: UnixMicros) -> bool {
        let window_us = i64::try_from(self.window_ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
        later.0.saturating_sub(earlier.0) <= window_us
    }

    /// The last passage that begins no later than this.
    fn before(&self, at: SpanKey) -> Option<(SpanKey, Span)> {
        let (key, span) = self.spans.range(..=at).next_back()?;
        key.is_of(at.participant, at.point).then_some((*key, *span))
    }

    /// The first passage that begins later than this.
    fn after(&self, at: SpanKey) -> Option<(SpanKey, Span)> {
        let (key, span) = self
            .spans
            .range((Bound::Excluded(at), Bound::Unbounded))
            .next()?;
        key.is_of(at.participant, at.point).then_some((*key, *span))
    }

    fn insert(&mut self, key: SpanKey, span: Span, entry: Option<Entry>) {
        self.spans.insert(key, span);
        self.by_last.insert((span.last, key));
        if let Some(entry) = entry {
            self.entries.insert(key.entry(), entry);
        }
        if self.entries.len() > ENTRIES_MAX {
            self.entries.pop_first();
        }
        // Forgetting by the last read, and not the first, is what keeps a rewind silent: every
        // read of a forgotten passage is older than all that is remembered, so it goes again.
        if self.spans.len() > PASSAGES_MAX
            && let Some((last, key)) = self.by_last.first().copied()
        {
            self.remove(key, last);
        }
    }

    fn remove(&mut self, key: SpanKey, last: UnixMicros) -> Option<Entry> {
        self.spans.remove(&key);
        self.by_last.remove(&(last, key));
        self.entries.remove(&key.entry())
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        assert_eq!(self.spans.len(), self.by_last.len());
        assert!(self.entries.len() <= self.spans.len());
        self.spans.len()
    }
}
