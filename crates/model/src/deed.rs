//! What somebody does to an event by hand, as edits that have an exact inverse.

use crate::{Gun, GunId, Participant, ParticipantId, PointId, UnixMicros, WaveId, fold_tag};
use serde::{Deserialize, Serialize};

/// One alteration: from what was there to what is there afterwards; `None` is nothing. It fits only
/// where it finds just what it says was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "kebab-case")]
pub enum Edit {
    Participant {
        id: ParticipantId,
        before: Option<Box<Participant>>,
        after: Option<Box<Participant>>,
    },
    Gun {
        id: GunId,
        before: Option<Gun>,
        after: Option<Gun>,
    },
    /// Which gun started a wave.
    WaveGun {
        wave: WaveId,
        before: Option<GunId>,
        after: Option<GunId>,
    },
    /// From when on reads at a point count.
    ZeroCount {
        point: PointId,
        before: Option<UnixMicros>,
        after: Option<UnixMicros>,
    },
    /// Whether tags are to be nobody's.
    IgnoredTags {
        tags: TagRange,
        before: bool,
        after: bool,
    },
    /// Before when the simulator's reads are put aside.
    SimulatedUntil {
        before: Option<UnixMicros>,
        after: Option<UnixMicros>,
    },
}

/// Tags from the first to the last, folded as `fold_tag` does it; equal for a single one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TagRange {
    pub first: String,
    pub last: String,
}

impl Edit {
    /// What takes it back.
    pub fn inverse(self) -> Self {
        match self {
            Self::Participant { id, before, after } => Self::Participant {
                id,
                before: after,
                after: before,
            },
            Self::Gun { id, before, after } => Self::Gun {
                id,
                before: after,
                after: before,
            },
            Self::WaveGun {
                wave,
                before,
                after,
            } => Self::WaveGun {
                wave,
                before: after,
                after: before,
            },
            Self::ZeroCount {
                point,
                before,
                after,
            } => Self::ZeroCount {
                point,
                before: after,
                after: before,
            },
            Self::IgnoredTags {
                tags,
                before,
                after,
            } => Self::IgnoredTags {
                tags,
                before: after,
                after: before,
            },
            Self::SimulatedUntil { before, after } => Self::SimulatedUntil {
                before: after,
                after: before,
            },
        }
    }
}

impl TagRange {
    pub fn one(folded: String) -> Self {
        Self {
            first: folded.clone(),
            last: folded,
        }
    }

    /// Numbers are compared as numbers; others are in no range but that of their own.
    pub fn contains(&self, folded: &str) -> bool {
        let number = |text: &str| text.parse::<u64>().ok();
        match (number(&self.first), number(&self.last), number(folded)) {
            (Some(first), Some(last), Some(tag)) => (first..=last).contains(&tag),
            _ => folded == self.first || folded == self.last,
        }
    }
}

/// Whether a tag, as a device says it, lies in one of the ranges.
pub fn is_ignored(ranges: &[TagRange], tag: &str) -> bool {
    !ranges.is_empty() && {
        let folded = fold_tag(tag);
        ranges.iter().any(|range| range.contains(&folded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_numbers_between_and_others_only_as_they_are() {
        let check = |first: &str, last: &str, tag: &str, expected| {
            let range = TagRange {
                first: first.to_owned(),
                last: last.to_owned(),
            };
            assert_eq!(range.contains(tag), expected, "{tag} in {first} to {last}");
        };
        check("9001", "9020", "9001", true);
        check("9001", "9020", "9020", true);
        check("9001", "9020", "9021", false);
        check("9001", "9020", "901", false);
        check("F00D", "F00D", "F00D", true);
        check("F00D", "F00F", "F00E", false);
        check("1", "20", "F00E", false);
    }
}
