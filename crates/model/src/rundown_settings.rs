//! How a show takes its turns: what its template does by itself, and what somebody set otherwise.
//!
//! Owns the defaults and their ranges. Knows nothing of the queue that goes by them.

use crate::{document::Subject, limits};
use serde::{Deserialize, Serialize};

/// What a rundown goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RundownSettings {
    /// Whoever is featured stays for at least this long. Zero: everybody is featured at once.
    pub dwell_ms: u64,
    /// Whoever is featured, and is followed by nobody, leaves after this long: the screen rests.
    pub stay_ms_max: u64,
    /// Nobody is first featured later than this after the read.
    pub age_ms_max: u64,
    /// Reads of a participant at a point no further apart than this are one passage.
    pub window_ms: u64,
    /// Crossings waiting to be featured. Past it, the oldest by read time is only listed.
    pub queue_max: usize,
}

/// What somebody set of a show. What they did not is as the template has it, also where a later
/// version of the program has it differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RundownOverrides {
    pub dwell_ms: Option<u64>,
    pub stay_ms_max: Option<u64>,
    pub age_ms_max: Option<u64>,
    pub window_ms: Option<u64>,
    pub queue_max: Option<usize>,
}

/// One of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RundownSetting {
    Dwell,
    Stay,
    Age,
    Window,
    Queue,
}

/// A setting that no rundown goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongSetting {
    #[error("choose from {} to {}", Span(*.ms_min), Span(*.ms_max))]
    Span {
        setting: RundownSetting,
        ms_min: u64,
        ms_max: u64,
    },
    #[error("choose from {} to {} runners", limits::QUEUE_MIN, limits::QUEUE_MAX)]
    Queue,
    #[error("choose {} at least, which is how long they stay when others wait", Span(*.dwell_ms))]
    StayUnderDwell { dwell_ms: u64 },
}

impl RundownSettings {
    /// Of templates that show one runner at a time. Four seconds are enough to find a name, read
    /// it and look up; twenty, to take a picture when nobody follows.
    pub const TURNS: Self = Self {
        dwell_ms: 4_000,
        stay_ms_max: 20_000,
        age_ms_max: 15_000,
        window_ms: 60_000,
        queue_max: 16,
    };

    /// Of templates that list everybody at once.
    pub const NO_TURNS: Self = Self {
        dwell_ms: 0,
        ..Self::TURNS
    };

    /// Those of a template with that subject.
    pub const fn for_subject(subject: Subject) -> Self {
        if subject.takes_turns() {
            Self::TURNS
        } else {
            Self::NO_TURNS
        }
    }
}

impl RundownOverrides {
    /// A template without turns keeps nothing of it but the window.
    pub fn over(&self, subject: Subject) -> RundownSettings {
        let own = RundownSettings::for_subject(subject);
        let window_ms = self.window_ms.unwrap_or(own.window_ms);
        if !subject.takes_turns() {
            return RundownSettings { window_ms, ..own };
        }
        let dwell_ms = self.dwell_ms.unwrap_or(own.dwell_ms);
        RundownSettings {
            dwell_ms,
            // One of the two may be set, and the other the template's.
            stay_ms_max: self.stay_ms_max.unwrap_or(own.stay_ms_max).max(dwell_ms),
            age_ms_max: self.age_ms_max.unwrap_or(own.age_ms_max),
            window_ms,
            queue_max: self.queue_max.unwrap_or(own.queue_max),
        }
    }

    /// Whether it can be kept: each in its range, and they fit each other.
    pub fn check(&self) -> Result<(), WrongSetting> {
        use RundownSetting as Of;
        let spans = [
            (Of::Dwell, self.dwell_ms, (0, limits::DWELL_MS_MAX)),
            (
                Of::Stay,
                self.stay_ms_max,
                (limits::STAY_MS_MIN, limits::STAY_MS_MAX),
            ),
            (
                Of::Age,
                self.age_ms_max,
                (limits::AGE_MS_MIN, limits::AGE_MS_MAX),
            ),
            (
                Of::Window,
                self.window_ms,
                (limits::WINDOW_MS_MIN, limits::WINDOW_MS_MAX),
            ),
        ];
        for (setting, given, (ms_min, ms_max)) in spans {
            if given.is_some_and(|ms| ms < ms_min || ms_max < ms) {
                return Err(WrongSetting::Span {
                    setting,
                    ms_min,
                    ms_max,
                });
            }
        }
        let queue = limits::QUEUE_MIN..=limits::QUEUE_MAX;
        if self.queue_max.is_some_and(|count| !queue.contains(&count)) {
            return Err(WrongSetting::Queue);
        }
        match (self.dwell_ms, self.stay_ms_max) {
            (Some(dwell_ms), Some(stay_ms)) if stay_ms < dwell_ms => {
                Err(WrongSetting::StayUnderDwell { dwell_ms })
            }
            _ => Ok(()),
        }
    }
}

impl RundownSetting {
    /// As it is called in commands and forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dwell => "dwell",
            Self::Stay => "stay",
            Self::Age => "max-age",
            Self::Window => "window",
            Self::Queue => "queue",
        }
    }
}

impl WrongSetting {
    pub const fn setting(&self) -> RundownSetting {
        match self {
            Self::Span { setting, .. } => *setting,
            Self::Queue => RundownSetting::Queue,
            Self::StayUnderDwell { .. } => RundownSetting::Stay,
        }
    }
}

/// Milliseconds as seconds: `4 s`, `2.5 s`.
struct Span(u64);

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, rest) = (self.0 / 1_000, self.0 % 1_000);
        write!(f, "{whole}")?;
        if rest > 0 {
            let digits = format!("{rest:03}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str(" s")
    }
}

const _: () = {
    let turns = RundownSettings::TURNS;
    assert!(turns.dwell_ms <= limits::DWELL_MS_MAX && turns.dwell_ms <= turns.stay_ms_max);
    assert!(limits::STAY_MS_MIN <= turns.stay_ms_max && turns.stay_ms_max <= limits::STAY_MS_MAX);
    assert!(limits::AGE_MS_MIN <= turns.age_ms_max && turns.age_ms_max <= limits::AGE_MS_MAX);
    assert!(limits::WINDOW_MS_MIN <= turns.window_ms && turns.window_ms <= limits::WINDOW_MS_MAX);
    assert!(limits::QUEUE_MIN <= turns.queue_max && turns.queue_max <= limits::QUEUE_MAX);
    assert!(limits::DWELL_MS_MAX <= limits::STAY_MS_MAX);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named_with_what_to_do() {
        let check = |set: RundownOverrides, expected: Option<(&str, &str)>| {
            let wrong = set.check().err();
            let said = wrong.map(|wrong| (wrong.setting().name(), wrong.to_string()));
            let expected = expected.map(|(name, text)| (name, text.to_owned()));
            assert_eq!(said, expected, "{set:?}");
        };
        let none = RundownOverrides::default();
        let dwell = |ms| RundownOverrides {
            dwell_ms: Some(ms),
            ..none
        };
        let stay = |ms| RundownOverrides {
            stay_ms_max: Some(ms),
            ..none
        };
        check(none, None);
        check(dwell(0), None);
        check(dwell(60_000), None);
        check(dwell(60_001), Some(("dwell", "choose from 0 s to 60 s")));
        check(stay(999), Some(("stay", "choose from 1 s to 3600 s")));
        // More than the template's own dwell or less: that one gives way.
        check(stay(1_000), None);
        let both = RundownOverrides {
            stay_ms_max: Some(2_000),
            ..dwell(2_500)
        };
        let text = "choose 2.5 s at least, which is how long they stay when others wait";
        check(both, Some(("stay", text)));
        let age = |ms| RundownOverrides {
            age_ms_max: Some(ms),
            ..none
        };
        check(age(300_000), None);
        check(age(0), Some(("max-age", "choose from 1 s to 300 s")));
        let window = |ms| RundownOverrides {
            window_ms: Some(ms),
            ..none
        };
        check(window(600_000), None);
        check(
            window(u64::MAX),
            Some(("window", "choose from 1 s to 600 s")),
        );
        let queue = |count| RundownOverrides {
            queue_max: Some(count),
            ..none
        };
        check(queue(1), None);
        check(queue(0), Some(("queue", "choose from 1 to 100 runners")));
        check(queue(101), Some(("queue", "choose from 1 to 100 runners")));
    }

    #[test]
    fn what_is_not_set_is_the_templates_own() {
        for subject in [Subject::Runner, Subject::Arrivals, Subject::Nobody] {
            let own = RundownSettings::for_subject(subject);
            assert_eq!(RundownOverrides::default().over(subject), own);
            let set = RundownOverrides {
                dwell_ms: Some(30_000),
                window_ms: Some(1_000),
                ..RundownOverrides::default()
            };
            let over = set.over(subject);
            assert_eq!(over.window_ms, 1_000);
            let (dwell_ms, stay_ms_max) = match subject.takes_turns() {
                true => (30_000, 30_000),
                false => (0, own.stay_ms_max),
            };
            assert_eq!((over.dwell_ms, over.stay_ms_max), (dwell_ms, stay_ms_max));
        }
    }

    #[test]
    fn what_is_stored_is_read_also_by_an_older_or_newer_program() {
        let check = |text: &str, expected: RundownOverrides| {
            let read: RundownOverrides = serde_json::from_str(text).unwrap();
            assert_eq!(read, expected, "{text}");
            let again = serde_json::to_string(&read).unwrap();
            assert_eq!(
                serde_json::from_str::<RundownOverrides>(&again).unwrap(),
                read
            );
        };
        let none = RundownOverrides::default();
        check("{}", none);
        check(r#"{"dwell_ms":null,"blink":true}"#, none);
        let set = RundownOverrides {
            dwell_ms: Some(2_500),
            queue_max: Some(3),
            ..none
        };
        check(r#"{"dwell_ms":2500,"queue_max":3}"#, set);
        let wire = postcard::to_allocvec(&set).unwrap();
        assert_eq!(
            postcard::from_bytes::<RundownOverrides>(&wire).unwrap(),
            set
        );
    }
}
