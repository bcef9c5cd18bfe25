//! The only crate that knows SQL: partners, events, streams, rosters, displays and the journal.
//!
//! The traits say what a store promises; `sqlite` and `postgres` keep it. Every function on a
//! partner's rows takes a `PartnerScope`. It knows no protocol, no zone and no clock: instants
//! come in from the caller.

mod activity;
mod changes;
mod deed;
mod display;
mod error;
mod event;
mod journal;
pub mod limits;
mod message;
mod name;
mod open;
mod participant;
mod partner;
mod person;
mod point;
mod postgres;
mod quarantine;
mod race;
mod reads;
mod resume;
mod roster;
mod route;
mod scope;
mod sessions;
mod snapshot;
mod sqlite;
mod stream;
mod template;

pub use activity::{Activities, Activity, TagActivity};
pub use changes::{Change, ChangeFollower, ChangeKind, ChangeLog, Changes};
pub use deed::{Deed, Deeds, NewDeed, new_gun_id};
pub use display::{Display, Displays, NewDisplay, ShowChange};
pub use error::{Result, StoreError};
pub use event::{BibRule, Event, EventChange, Events, NewEvent};
pub use journal::{Appended, Journal, JournalEntry};
pub use message::{Messages, new_message_id};
pub use open::{Hold, Location, OpenMode, hold, open};
pub use partner::{Partner, Partners};
pub use person::{Login, Membership, People, Person, TokenHash};
pub use point::{Point, Points};
pub use postgres::PostgresAddress;
pub use quarantine::{PeerCount, Quarantine, Quarantined};
pub use race::{DeviceGun, NewRace, NewWave, RaceChange, Races, WaveChange};
pub use reads::{Reads, StoredPassage, StoredRead, StreamTotals, TagCounts, Undated, UndatedDay};
pub use resume::{Resume, ResumePoint};
pub use roster::{ChipConflict, RosterWrite, RosterWritten, Rosters, new_participant_id};
pub use route::{RouteRule, Routes};
pub use scope::{PartnerScope, Proof};
pub use sessions::{SessionDay, SessionDays, SessionLocation, SessionStream, Sessions};
pub use snapshot::{Contents, can_snapshot, check_snapshot, load_snapshot, snapshot};
pub use stream::{NewStream, Protocol, Stream, StreamChange, Streams};
pub use template::{
    Draft, DraftSave, NewTemplate, Publication, Template, Templates, Version, VersionOrigin,
};

use std::fmt::Debug;

/// A database that keeps all that Gantry stores: `open` gives one.
///
/// What holds for every function of it, besides what each promises:
///
/// - It is one transaction: done whole, or not at all where it fails or its future is dropped.
///   `Rosters::import_roster` alone is several.
/// - What it answers is one state of the database. What it has changed is synced to disk, appended
///   to the changes in the same transaction, and seen by every call that begins afterwards,
///   whichever process makes it.
/// - Another partner's rows are neither seen nor changed nor pointed at: what is not the scope's is
///   `NotFound`, or `Foreign` where it was to be joined to something.
/// - `Busy`, `Full` and `Unreachable` pass: the same call may be made again, and finds the store as
///   it was. The connection is made anew where it was lost.
#[async_trait::async_trait]
pub trait Store:
    Partners
    + People
    + Events
    + Streams
    + Points
    + Routes
    + Rosters
    + Displays
    + Messages
    + Templates
    + Journal
    + Reads
    + Sessions
    + Activities
    + Races
    + Deeds
    + Resume
    + Quarantine
    + ChangeLog
    + Debug
    + Send
    + Sync
{
    /// Ends all connections, and waits until whoever still has one lets go of it: followers of
    /// changes are to be dropped. On `SQLite`, the log has then moved into the file where no other
    /// process has it open.
    async fn close(&self);
}
