//! Where a database lies, and whether what lies there may be opened.

use crate::{
    Store,
    error::{Result, StoreError},
    postgres::{HeldDatabase, PostgresAddress, PostgresStore},
    sqlite::SqliteStore,
};
use sqlx::migrate::{MigrateError, Migrator};
use std::{collections::HashMap, fmt, future::pending, path::PathBuf, sync::Arc};

/// What may be done to a database on opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Make it where there is none, and bring it up to date.
    Migrate,
    /// Refuse one that is not up to date.
    AsIs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file, whose folder must exist.
    Sqlite(PathBuf),
    /// A database of a server, PostgreSQL 15 or newer, which must exist.
    Postgres(PostgresAddress),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "{}", file.display()),
            Self::Postgres(address) => write!(f, "{address}"),
        }
    }
}

/// Opens the database there.
///
/// One that is not ours, or is of a newer schema, is refused untouched.
pub async fn open(location: &Location, mode: OpenMode) -> Result<Arc<dyn Store>> {
    match location {
        Location::Sqlite(file) => Ok(Arc::new(SqliteStore::open(file, mode).await?)),
        Location::Postgres(address) => Ok(Arc::new(PostgresStore::open(address, mode).await?)),
    }
}

/// That this process is the one server on a database, until it is dropped. Commands work beside it.
#[derive(Debug)]
pub struct Hold(Option<HeldDatabase>);

/// Takes a database for a server, before it is opened. `Held` where another server has it; that
/// takes some seconds, as one that was just ended may seem to have it still.
///
/// A file is not locked here: two servers are kept apart by the lock of the folder it lies in.
pub async fn hold(location: &Location) -> Result<Hold> {
    match location {
        Location::Sqlite(_) => Ok(Hold(None)),
        // Boxed, like below: what connects is large, and it is awaited beside all else.
        Location::Postgres(address) => {
            let held = Box::pin(HeldDatabase::take(address)).await?;
            Ok(Hold(Some(held)))
        }
    }
}

impl Hold {
    /// Keeps it, over restarts of the database too. Returns only where another server has taken it
    /// in such a moment, with `Held`.
    pub async fn lost(&mut self) -> StoreError {
        match &mut self.0 {
            Some(database) => Box::pin(database.lost()).await,
            None => pending().await,
        }
    }
}

/// What lies at a location.
pub(crate) enum Found {
    /// Nothing, or an empty database.
    Nothing,
    /// A database of ours, and what `APPLIED` says of it.
    Applied(Vec<(i64, Vec<u8>)>),
}

/// The migrations of a database and what each was made of.
pub(crate) const APPLIED: &str = "SELECT version, checksum FROM _sqlx_migrations ORDER BY version";

impl Found {
    /// Whether it is to be migrated, having compared each migration with the one that this
    /// program carries.
    pub(crate) fn is_behind(
        &self,
        carried: &Migrator,
        mode: OpenMode,
        database: &impl fmt::Display,
    ) -> Result<bool> {
        let checksums: HashMap<i64, &[u8]> = carried
            .iter()
            .map(|migration| (migration.version, &*migration.checksum))
            .collect();
        let known = checksums.keys().copied().max().unwrap_or(0);
        let database = database.to_string();
        let Self::Applied(applied) = self else {
            return match mode {
                OpenMode::Migrate => Ok(true),
                OpenMode::AsIs => Err(StoreError::NoDatabase { database }),
            };
        };
        let found = applied.last().map_or(0, |(version, _)| *version);
        for (version, checksum) in applied {
            match checksums.get(version) {
                None => {
                    return Err(StoreError::TooNew {
                        database,
                        found,
                        known,
                    });
                }
                Some(carried) if *carried != checksum.as_slice() => {
                    return Err(StoreError::Corrupt {
                        detail: format!("its schema {version} is not that of any released gantry"),
                    });
                }
                Some(_) => {}
            }
        }
        match mode {
            OpenMode::AsIs if found < known => Err(StoreError::TooOld {
                database,
                found,
                known,
            }),
            _ => Ok(found < known),
        }
    }
}

pub(crate) fn not_migrated(
    error: MigrateError,
    refused: impl FnOnce(sqlx::Error) -> StoreError,
) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => refused(error),
        other => StoreError::Other(sqlx::Error::Migrate(Box::new(other))),
    }
}
