//! The reads over start mats, kept as passages: what chip times begin with.
//!
//! Owns how much of them is remembered. Knows no person: a tag may become somebody else's.

use super::LiveRead;
use crate::limits;
use model::{UnixMicros, WallTime, fold_tag};
use scoring::limits::PASSAGE_GAP_MS;
use std::collections::HashMap;

/// Of one stream, by location and folded tag.
#[derive(Default)]
pub(super) struct Starts {
    by_location: HashMap<String, HashMap<String, Vec<Span>>>,
    /// In all locations together.
    tags: usize,
}

/// A passage of a tag, or a part of one, at a location over which somebody may start.
#[derive(Clone, Debug, PartialEq)]
pub struct StartPassage {
    pub location: String,
    pub tag: String,
    pub span: Span,
}

impl StartPassage {
    pub fn of(read: &LiveRead) -> Self {
        Self {
            location: read.key.location.clone(),
            tag: read.key.tag.clone(),
            span: Span {
                first: read.key.wall,
                last: read.key.wall,
                received_at: read.received_at,
                simulated: read.simulated,
            },
        }
    }
}

/// Reads of a tag at a location with no gap between them above that of a passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub first: WallTime,
    pub last: WallTime,
    /// Of the last one.
    pub received_at: UnixMicros,
    pub simulated: bool,
}

impl Starts {
    /// In any order, and again.
    pub(super) fn note(&mut self, passage: StartPassage) {
        let locations = self.by_location.len();
        if !self.by_location.contains_key(&passage.location)
            && locations >= limits::LOCATIONS_PER_STREAM_MAX
        {
            return;
        }
        let by_tag = self.by_location.entry(passage.location).or_default();
        let tag = fold_tag(&passage.tag);
        if !by_tag.contains_key(&tag) {
            if self.tags >= limits::START_TAGS_MAX {
                return;
            }
            self.tags += 1;
        }
        let spans = by_tag.entry(tag).or_default();
        let mut joined = passage.span;
        spans.retain(|span| {
            let joins = span.joins(&joined);
            if joins {
                joined = span.with(&joined);
            }
            !joins
        });
        if spans.len() < limits::START_PASSAGES_PER_TAG_MAX {
            spans.push(joined);
        }
    }

    pub(super) fn locations(&self) -> impl Iterator<Item = &str> {
        self.by_location.keys().map(String::as_str)
    }

    /// In no order.
    pub(super) fn spans(&self, location: &str, folded_tag: &str) -> &[Span] {
        let by_tag = self.by_location.get(location);
        let spans = by_tag.and_then(|by_tag| by_tag.get(folded_tag));
        spans.map_or(&[], Vec::as_slice)
    }
}

impl Span {
    fn joins(&self, other: &Self) -> bool {
        let gap_cs = PASSAGE_GAP_MS / 10;
        self.simulated == other.simulated
            && self.first.0.saturating_sub(other.last.0) <= gap_cs
            && other.first.0.saturating_sub(self.last.0) <= gap_cs
    }

    fn with(&self, other: &Self) -> Self {
        let later = if self.last < other.last { other } else { self };
        Self {
            first: self.first.min(other.first),
            ..*later
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str, second: i64) -> StartPassage {
        let wall = WallTime(second * 100);
        StartPassage {
            location: "START".to_owned(),
            tag: tag.to_owned(),
            span: Span {
                first: wall,
                last: wall,
                received_at: UnixMicros(second * 1_000_000),
                simulated: false,
            },
        }
    }

    #[test]
    fn reads_in_any_order_make_passages() {
        let check = |seconds: &[i64], expected: &[(i64, i64)]| {
            let mut starts = Starts::default();
            for second in seconds {
                starts.note(read("0101", *second));
            }
            let spans = starts.spans("START", "101").iter();
            let mut spans: Vec<_> = spans
                .map(|span| {
                    assert_eq!(span.received_at.0, span.last.0 * 10_000);
                    (span.first.0 / 100, span.last.0 / 100)
                })
                .collect();
            spans.sort_unstable();
            assert_eq!(spans, expected, "{seconds:?}");
        };
        check(&[], &[]);
        check(&[10, 70, 130], &[(10, 130)]);
        check(&[10, 130], &[(10, 10), (130, 130)]);
        check(&[130, 10, 70], &[(10, 130)]);
        check(&[130, 10, 70, 10, 200], &[(10, 130), (200, 200)]);
    }

    #[test]
    fn what_is_remembered_of_a_tag_is_bounded() {
        let mut starts = Starts::default();
        let max = limits::START_PASSAGES_PER_TAG_MAX;
        for lap in 0..2 * max as i64 {
            starts.note(read("7", lap * 100));
        }
        let spans = starts.spans("START", "7");
        assert_eq!(spans.len(), max);
        assert!(spans.iter().any(|span| span.first == WallTime(0)));
        // The last of those that are known goes on.
        let last = (max as i64 - 1) * 100;
        starts.note(read("7", last + 30));
        let ends = starts.spans("START", "7").iter().map(|span| span.last);
        assert_eq!(ends.max(), Some(WallTime((last + 30) * 100)));
    }
}
