//! A copy of a whole database in one file, as it was at one moment: made beside a server that
//! writes, looked at before anybody relies on it.
//!
//! Knows no backup file and no schedule: what goes round the copy is the caller's.

use crate::{
    error::Result,
    open::Location,
    postgres::{self, PostgresAddress},
    sqlite,
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a database holds, in numbers that a person can compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The newest migration in it.
    pub schema: i64,
    pub partners: u64,
    pub events: u64,
    pub participants: u64,
    pub displays: u64,
    pub reads: u64,
}

/// The numbers of `Contents` after the schema. These tables are there since the first schema.
pub(crate) const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM partner), \
     (SELECT COUNT(*) FROM event), (SELECT COUNT(*) FROM participant), \
     (SELECT COUNT(*) FROM display), (SELECT COUNT(*) FROM read)";

pub(crate) type Counts = (i64, i64, i64, i64, i64);

impl Contents {
    pub(crate) fn new(schema: i64, counts: Counts) -> Self {
        let (partners, events, participants, displays, reads) = counts;
        let count = |count: i64| u64::try_from(count).unwrap_or(0);
        Self {
            schema,
            partners: count(partners),
            events: count(events),
            participants: count(participants),
            displays: count(displays),
            reads: count(reads),
        }
    }
}

/// Whether `snapshot` has what it takes there, without copying anything: on PostgreSQL the login
/// and the programs that it names. A file takes nothing beside itself.
pub async fn can_snapshot(location: &Location) -> Result<()> {
    match location {
        Location::Sqlite(_) => Ok(()),
        Location::Postgres(address) => postgres::can_snapshot(address).await,
    }
}

/// Copies the database there into a new file, checks the copy and tells what it holds.
///
/// The copy is that of one moment: what was stored before this began is in it, and each
/// transaction is in it whole or not at all. No write waits for it, in whatever process. The
/// database may be of an older schema; the copy is then of that, too. On an error the file may be
/// there in part: it is the caller's to take away.
///
/// On PostgreSQL the address is that of a login that passes row-level security, and the copy is
/// what its own `pg_dump` writes; without that program it is `NoTool`.
pub async fn snapshot(location: &Location, into: &Path) -> Result<Contents> {
    match location {
        Location::Sqlite(file) => sqlite::snapshot(file, into).await,
        Location::Postgres(address) => postgres::snapshot(address, into).await,
    }
}

/// Looks through a copy of an `SQLite` database, which nobody else has open, and tells what it
/// holds. `Corrupt` where it is damaged, `TooNew` where this program does not know its schema,
/// `NotOurs` where it is something else. Changes nothing and leaves nothing beside it.
pub async fn check_snapshot(file: &Path) -> Result<Contents> {
    sqlite::check(file).await
}

/// Brings a copy of a PostgreSQL database, which holds that, back into an empty one; another is
/// `NotEmpty`. Done whole, or the database is left empty.
pub async fn load_snapshot(
    address: &PostgresAddress,
    file: &Path,
    contents: &Contents,
) -> Result<()> {
    postgres::load(address, file, contents).await
}
