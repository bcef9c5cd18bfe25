//! What a rundown goes by: the show's settings, as its template understands them.

use model::{RundownOverrides, RundownSettings, document::Subject};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether one runner is shown at a time. Else there is only the list, on which everybody is at
    /// once.
    pub takes_turns: bool,
    /// Whoever is featured stays for at least this long. Zero: everybody is featured at once.
    pub dwell_ms: u64,
    /// Whoever is featured, and is followed by nobody, leaves after this long, or after the dwell
    /// where that is longer. Of no use without turns.
    pub stay_ms_max: u64,
    /// Nobody is first featured later than this after the read. Without turns the read's own way
    /// here does not count.
    pub age_ms_max: u64,
    /// Reads of a participant at a point no further apart than this are one passage.
    pub window_ms: u64,
    /// Crossings waiting to be featured. Past it, the oldest by read time is only listed.
    pub queue_max: usize,
    /// Entries of the list, `1..=limits::ENTRIES_MAX`.
    pub arrivals_max: usize,
}

impl Settings {
    /// Those of a template with that subject.
    pub fn for_subject(subject: Subject) -> Self {
        Self::for_show(subject, &RundownOverrides::default())
    }

    pub fn for_show(subject: Subject, set: &RundownOverrides) -> Self {
        let RundownSettings {
            dwell_ms,
            stay_ms_max,
            age_ms_max,
            window_ms,
            queue_max,
        } = set.over(subject);
        Self {
            takes_turns: subject.takes_turns(),
            dwell_ms,
            stay_ms_max,
            age_ms_max,
            window_ms,
            queue_max,
            arrivals_max: model::limits::ARRIVALS_MAX,
        }
    }
}
