//! The only crate that knows SQL: partners, events, streams, rosters, displays and the journal.
//!
//! Every function on a partner's rows takes a `PartnerScope`. It knows no protocol, no zone and no
//! clock: instants come in from the caller. What is `SQLite`'s alone lies in `sqlite`; statements
//! elsewhere are written so that PostgreSQL takes them too.

mod changes;
mod display;
mod error;
mod event;
mod journal;
pub mod limits;
mod name;
mod partner;
mod point;
mod quarantine;
mod reads;
mod resume;
mod roster;
mod route;
mod scope;
mod sqlite;
mod stream;

pub use changes::{Change, ChangeFollower, ChangeKind, Changes};
pub use display::{Display, NewDisplay};
pub use error::{Result, StoreError};
pub use event::{BibRule, Event, NewEvent};
pub use journal::{Appended, JournalEntry};
pub use partner::Partner;
pub use point::Point;
pub use quarantine::{PeerCount, Quarantined};
pub use reads::{StoredRead, StreamTotals, UndatedDay};
pub use resume::ResumePoint;
pub use roster::{ChipConflict, Imported, NewParticipant};
pub use route::RouteRule;
pub use scope::{PartnerScope, Proof};
pub use sqlite::{OpenMode, Store};
pub use stream::{NewStream, Protocol, Stream, StreamChange};
