//! The changes table: what was altered, by whatever process, for the running server to follow.
//!
//! It says what to load again, never what the new state is.

use crate::error::Result;
use async_trait::async_trait;
use model::PartnerId;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// Subject: the partner.
    Partner,
    /// Subject: the event.
    Event,
    /// Subject: the stream.
    Stream,
    /// Points or the locations mapped to them. Subject: the event.
    Point,
    /// Participants or chips. Subject: the event.
    Roster,
    /// A show or its display. Subject: the display.
    Display,
    /// Races, waves, guns, marks from when reads count, ignored tags. Subject: the event.
    Race,
    /// Messages that displays choose from. Subject: the event.
    Message,
    /// An own template, its draft or its versions. Subject: the template.
    Template,
    /// The rule of a protocol. Subject: the stream it leads to.
    Route,
}

impl ChangeKind {
    pub(crate) const ALL: [Self; 10] = [
        Self::Partner,
        Self::Event,
        Self::Stream,
        Self::Point,
        Self::Roster,
        Self::Display,
        Self::Race,
        Self::Message,
        Self::Template,
        Self::Route,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Event => "event",
            Self::Stream => "stream",
            Self::Point => "point",
            Self::Roster => "roster",
            Self::Display => "display",
            Self::Race => "race",
            Self::Message => "message",
            Self::Template => "template",
            Self::Route => "route",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Rises by commit; never comes back.
    pub seq: u64,
    pub partner: PartnerId,
    pub kind: ChangeKind,
    pub subject: Uuid,
}

/// What happened since some change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// All of it, oldest first.
    Listed(Vec<Change>),
    /// Some of it is trimmed already: load everything again, and go on after `last`.
    Missed { last: u64 },
}

#[async_trait]
pub trait ChangeLog {
    /// What was changed after the one numbered `seq`; after 0, everything that is kept.
    async fn changes_after(&self, seq: u64) -> Result<Changes>;

    /// The number of the newest change, or 0. Ask for it before loading what the changes are
    /// about, and follow from there: then nothing falls between.
    async fn last_change(&self) -> Result<u64>;

    /// Follows what is changed after the one numbered `seq`, on a connection of its own.
    async fn follow_changes(&self, seq: u64) -> Result<Box<dyn ChangeFollower>>;
}

/// Tells what any process changes, as it happens: within `limits::CHANGES_POLL` where the database
/// has to be asked, at once where it speaks.
#[async_trait]
pub trait ChangeFollower: Send {
    /// Waits for the next changes; never an empty list. May be cancelled and called again without
    /// losing any, and after an error too: what was changed while the database could not be
    /// reached comes first when it can be again.
    async fn next(&mut self) -> Result<Changes>;
}

impl Changes {
    /// The number to go on after; `None` where nothing was changed.
    pub fn newest(&self) -> Option<u64> {
        match self {
            Self::Listed(list) => list.last().map(|change| change.seq),
            Self::Missed { last } => Some(*last),
        }
    }
}
