//! Identifiers: UUIDv7 text outside, 16 bytes inside. Only the store makes new ones.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map($name).map_err(|_| InvalidId(text.to_owned()))
            }
        }
    )*};
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no id; take the one that was printed when it was created, 36 signs long")]
pub struct InvalidId(String);

id! {
    /// A timing partner: the tenant.
    PartnerId,
    /// A race weekend.
    EventId,
    /// A person entered in an event.
    ParticipantId,
    /// A named place with mats.
    PointId,
    /// A configured source of reads.
    StreamId,
    /// A director's working session behind one or more displays.
    ShowId,
    /// A show's shareable URL.
    DisplayId,
    /// A distance within an event.
    RaceId,
    /// A start group of a race.
    WaveId,
    /// The instant of a start.
    GunId,
    /// Somebody who logs in.
    PersonId,
    /// Something that was done, and can be undone.
    DeedId,
    /// One of the messages that displays choose from.
    MessageId,
    /// A template that somebody made.
    TemplateId,
}
