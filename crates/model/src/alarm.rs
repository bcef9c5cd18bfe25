//! What somebody beside the mats has to be told: each alarm as data, and its words.
//!
//! The one place where an alarm's text is made, for the banner, the log and the command line. It
//! knows no clock and decides nothing: whether there is an alarm is the service's to judge.

use crate::{EventId, StreamId, UnixMicros};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An alarm that stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// The same as long as it is about the same thing: what was silenced or has sounded once stays
    /// so, however its figures change.
    pub id: String,
    /// When it began to be true.
    pub since: UnixMicros,
    pub trouble: Trouble,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something is not as it should be; nothing is lost or hidden yet.
    Warning,
    /// Runners are not shown, or reads are in danger.
    Urgent,
}

/// Where a device stands: its stream, its own text for the place, and the timing point's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub event: EventId,
    pub stream: StreamId,
    pub location: String,
    pub point: String,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    WrongClock {
        place: Place,
        /// Positive where the device is behind this computer.
        difference_ms: i64,
        /// Whether the difference is one of whole or quarter hours.
        zone: bool,
        effect: ClockEffect,
        /// The stream's offset that makes it right; `None` where another point of the stream is
        /// right, which it would make wrong.
        offset_ms: Option<i64>,
    },
    UnknownTags {
        place: Place,
        unknown: u32,
        /// Of so many of the last tags there, each counted once.
        of: u32,
        /// The newest of the unknown ones; at most `limits::ALARM_TAGS_MAX`.
        tags: Vec<String>,
        /// In the event's roster.
        people: u64,
    },
    Silent {
        place: Place,
        /// How many it had in the quietest of the last minutes before.
        per_minute: u32,
    },
    ReadersDiffer {
        place: Place,
        /// The one whose clock is behind.
        behind: String,
        ahead: String,
        difference_ms: i64,
    },
    ClientGone {
        event: EventId,
        stream: StreamId,
        stream_name: String,
        /// As it greeted.
        program: String,
        peer: String,
        locations: Vec<String>,
        reason: String,
    },
    Unclaimed {
        connection: u64,
        program: String,
        peer: String,
        locations: Vec<String>,
        /// The streams that could take it, by name.
        streams: Vec<Candidate>,
    },
    ListenerClosed {
        /// What is wrong, and what to do.
        reason: String,
    },
    JournalRefused {
        reason: String,
    },
    JournalFull,
    JournalSlow {
        delay_ms: i64,
    },
    DiskLow {
        free_bytes: u64,
        /// Whether it is nearly full, and not only on its way there.
        nearly_full: bool,
    },
    NoBackup {
        reason: String,
    },
}

/// What a wrong clock does to what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockEffect {
    NothingShown,
    SomeTooLate,
    ShownWithWarning,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub stream: StreamId,
    pub name: String,
    /// The event's name.
    pub event: String,
}

/// What one click does about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fix {
    SetOffset {
        stream: StreamId,
        offset_ms: i64,
    },
    Claim {
        connection: u64,
        stream: StreamId,
    },
    /// Look at the exceptions of the event, and assign or ignore them there.
    ShowExceptions {
        event: EventId,
    },
}

/// A fix and what stands on its button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub fix: Fix,
    pub label: String,
}

impl Alarm {
    pub fn new(trouble: Trouble, since: UnixMicros) -> Self {
        Self {
            id: trouble.id(),
            since,
            trouble,
        }
    }
}

impl Trouble {
    /// Kind and subject.
    pub fn id(&self) -> String {
        match self {
            Self::WrongClock { place, .. } => place.id("wrong-clock"),
            Self::UnknownTags { place, .. } => place.id("unknown-tags"),
            Self::Silent { place, .. } => place.id("silent"),
            Self::ReadersDiffer { place, .. } => place.id("readers-differ"),
            Self::ClientGone {
                stream,
                peer,
                locations,
                ..
            } => format!("client-gone:{stream}:{peer}:{}", locations.join(",")),
            // Its number is another each time it dials.
            Self::Unclaimed {
                peer, locations, ..
            } => format!("unclaimed:{peer}:{}", locations.join(",")),
            Self::ListenerClosed { reason } => format!("listener-closed:{reason}"),
            Self::JournalRefused { .. } => "journal-refused".to_owned(),
            Self::JournalFull => "journal-full".to_owned(),
            Self::JournalSlow { .. } => "journal-slow".to_owned(),
            Self::DiskLow { nearly_full, .. } => format!("disk-low:{nearly_full}"),
            Self::NoBackup { .. } => "no-backup".to_owned(),
        }
    }

    pub fn severity(&self) -> Severity {
        match self {
            Self::WrongClock { effect, .. } if *effect == ClockEffect::NothingShown => {
                Severity::Urgent
            }
            Self::Silent { .. }
            | Self::ClientGone { .. }
            | Self::ListenerClosed { .. }
            | Self::JournalRefused { .. }
            | Self::JournalFull
            | Self::DiskLow {
                nearly_full: true, ..
            } => Severity::Urgent,
            // All of them are nobody: nothing is shown from there.
            Self::UnknownTags { unknown, of, .. } if unknown == of => Severity::Urgent,
            _ => Severity::Warning,
        }
    }

    /// What is wrong, on one line.
    pub fn title(&self) -> String {
        match self {
            Self::WrongClock {
                place,
                difference_ms,
                effect,
                ..
            } => wrong_clock_title(&place.point, *difference_ms, *effect),
            Self::UnknownTags {
                place,
                unknown,
                of,
                people,
                ..
            } => {
                let why = match people {
                    0 => "the event has no roster yet",
                    _ => "wrong chip file?",
                };
                format!(
                    "{}: {unknown} of the last {of} tags are nobody's; {why}",
                    place.point
                )
            }
            Self::Silent { place, per_minute } => format!(
                "{} has fallen silent, where {per_minute} a minute came before",
                place.point
            ),
            Self::ReadersDiffer {
                place,
                behind,
                ahead,
                difference_ms,
            } => format!(
                "{}: reader {behind} is {} behind reader {ahead}",
                place.point,
                Tenths(difference_ms.unsigned_abs())
            ),
            Self::ClientGone {
                stream_name,
                program,
                locations,
                ..
            } => format!(
                "{} of {stream_name} is gone{}",
                named(program),
                at(locations)
            ),
            Self::Unclaimed {
                program,
                peer,
                locations,
                ..
            } => format!(
                "{} at {peer}{} belongs to no stream yet",
                named(program),
                at(locations)
            ),
            Self::ListenerClosed { .. } => "A timing port is not open".to_owned(),
            Self::JournalRefused { .. } => {
                "The database cannot be written; reads wait in memory".to_owned()
            }
            Self::JournalFull => {
                "The queue of reads is full; timing devices are made to wait".to_owned()
            }
            Self::JournalSlow { delay_ms } => format!(
                "The disk is slow: reads wait {} until they are stored",
                Tenths(delay_ms.unsigned_abs())
            ),
            Self::DiskLow { free_bytes, .. } => format!(
                "Only {} are free on the disk of the data folder",
                Bytes(*free_bytes)
            ),
            Self::NoBackup { .. } => "No backup is made".to_owned(),
        }
    }

    /// What to do, in sentences.
    pub fn advice(&self) -> String {
        match self {
            Self::WrongClock {
                zone, offset_ms, ..
            } => {
                let cause = match zone {
                    true => "Its time zone is probably wrong.",
                    false => "Its clock is probably not set.",
                };
                let act = match offset_ms {
                    Some(_) => {
                        "Set the clock of the timing device, or let Gantry add the difference to \
                         every read of this stream, those that came already too."
                    }
                    None => {
                        "Set the clock of this timing device. Other points of the same stream are \
                         right, so an offset would make those wrong; a device whose clock cannot \
                         be set needs a stream with a port of its own."
                    }
                };
                format!("{cause} {act}")
            }
            Self::UnknownTags { people: 0, .. } => {
                "Import the roster; what was read before counts from then on too.".to_owned()
            }
            Self::UnknownTags { tags, .. } => format!(
                "Check that the chip file is this event's, and import it again. The newest unknown \
                 tags: {}.",
                tags.join(", ")
            ),
            Self::Silent { .. } => {
                "Look at the mat, its cables and its reader's power. Its reader may have been \
                 stopped in the timing software."
                    .to_owned()
            }
            Self::ReadersDiffer { .. } => {
                "Set the clock of both readers by the same time server, or leave one of them out; \
                 times at this point depend on which of them reads."
                    .to_owned()
            }
            Self::ClientGone { reason, peer, .. } => format!(
                "It was at {peer} ({reason}). It may have stopped trying: in the timing software \
                 tick \"Activate connection\" again. Check that its computer is awake and on this \
                 network."
            ),
            Self::Unclaimed { streams, .. } if streams.is_empty() => {
                "Make a stream for it, or start the one that is paused; it keeps its reads until \
                 then."
                    .to_owned()
            }
            Self::Unclaimed { .. } => {
                "Say which stream it is; it keeps its reads until then. Connections that come \
                 later to the same port go there too."
                    .to_owned()
            }
            Self::ListenerClosed { reason } => sentence(reason),
            Self::JournalRefused { reason } => format!(
                "Nothing is lost as long as the server runs. What the database says: {}",
                sentence(reason)
            ),
            Self::JournalFull => {
                "Devices keep what they read and send it once the database takes reads again. Look \
                 at the disk and the database."
                    .to_owned()
            }
            Self::JournalSlow { .. } => {
                "Close what else writes to this disk: a copy, an update, a virus scanner in the \
                 data folder. A stick or network drive is too slow for the data folder."
                    .to_owned()
            }
            Self::DiskLow { .. } => {
                "Empty the trash and move large files to another disk, or choose a data folder on \
                 a larger one."
                    .to_owned()
            }
            Self::NoBackup { reason } => sentence(reason),
        }
    }

    /// What may be done about it with one click; several where somebody has to choose.
    pub fn offers(&self) -> Vec<Offer> {
        match self {
            Self::WrongClock {
                place,
                offset_ms: Some(offset_ms),
                ..
            } => vec![Offer {
                fix: Fix::SetOffset {
                    stream: place.stream,
                    offset_ms: *offset_ms,
                },
                label: match offset_ms {
                    0 => "Take the stream's offset away".to_owned(),
                    1.. => format!("Add {} to its reads", Span(offset_ms.unsigned_abs())),
                    _ => format!("Take {} off its reads", Span(offset_ms.unsigned_abs())),
                },
            }],
            Self::UnknownTags {
                place, people: 1.., ..
            } => vec![Offer {
                fix: Fix::ShowExceptions { event: place.event },
                label: "Show the unknown tags".to_owned(),
            }],
            Self::Unclaimed {
                connection,
                streams,
                ..
            } => streams
                .iter()
                .map(|candidate| Offer {
                    fix: Fix::Claim {
                        connection: *connection,
                        stream: candidate.stream,
                    },
                    label: format!("It is {} of {}", candidate.name, candidate.event),
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Place {
    fn id(&self, kind: &str) -> String {
        format!("{kind}:{}:{}", self.stream, self.location)
    }
}

/// `FINISH is 1 h 00 m 03 s behind this computer; nothing is shown`.
pub fn wrong_clock_title(place: &str, difference_ms: i64, effect: ClockEffect) -> String {
    let side = if difference_ms < 0 {
        "ahead of"
    } else {
        "behind"
    };
    let effect = match effect {
        ClockEffect::NothingShown => "nothing is shown",
        ClockEffect::SomeTooLate => "some of its reads come too late to be shown",
        ClockEffect::ShownWithWarning => "its reads are shown with a warning",
    };
    let difference = Span(difference_ms.unsigned_abs());
    format!("{place} is {difference} {side} this computer; {effect}")
}

/// A length of time in milliseconds, written to the second; beyond a year only roughly.
pub struct Span(pub u64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.saturating_add(500) / 1_000;
        let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
        let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
        if days > 366 {
            write!(f, "about {} years", (days * 100 + 18_262) / 36_525)
        } else if days > 0 {
            write!(f, "{days} d {hours:02} h {minutes:02} m {seconds:02} s")
        } else if hours > 0 {
            write!(f, "{hours} h {minutes:02} m {seconds:02} s")
        } else if minutes > 0 {
            write!(f, "{minutes} m {seconds:02} s")
        } else {
            write!(f, "{seconds} s")
        }
    }
}

/// Milliseconds as seconds with one decimal.
struct Tenths(u64);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.saturating_add(50) / 100;
        write!(f, "{}.{} s", tenths / 10, tenths % 10)
    }
}

struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            gigabytes @ 1_000_000_000.. => {
                let tenths = gigabytes / 100_000_000;
                write!(f, "{}.{} GB", tenths / 10, tenths % 10)
            }
            less => write!(f, "{} MB", less / 1_000_000),
        }
    }
}

fn named(program: &str) -> &str {
    if program.is_empty() {
        "A timing connection"
    } else {
        program
    }
}

fn at(locations: &[String]) -> String {
    match locations {
        [] => String::new(),
        _ => format!(" ({})", locations.join(", ")),
    }
}

/// Messages of other layers begin in lower case and have no full stop.
fn sentence(text: &str) -> String {
    let mut signs = text.chars();
    let first = signs.next().map(|sign| sign.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), signs.as_str())
}

#[cfg(test)]
#[path = "alarm/tests.rs"]
mod tests;
