//! What is `SQLite`'s alone: opening the file, its settings, the one writer, error codes.
//!
//! Write-ahead logging lets readers go on beside the writer. Each process has one connection that
//! writes; between processes the file's write lock decides. Knows no table but the migrator's.

use crate::{
    error::{Result, StoreError},
    limits,
};
use sqlx::{
    ConnectOptions, Connection, Sqlite,
    error::DatabaseError,
    migrate::{MigrateError, Migrator},
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
        SqliteRow, SqliteSynchronous,
    },
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

pub(crate) type Db = Sqlite;
pub(crate) type Connected = SqliteConnection;
pub(crate) type Row = SqliteRow;
pub(crate) type Tx = sqlx::Transaction<'static, Sqlite>;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// The file's `application_id`, "GANT". Set by the first migration.
const APPLICATION_ID: i64 = 0x4741_4e54;

/// What may be done to a database on opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Make it where there is none, and bring it up to date.
    Migrate,
    /// Refuse one that is not up to date.
    AsIs,
}

/// An open database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    file: Arc<Path>,
}

impl Store {
    /// Opens the database in `file`, whose folder must exist.
    ///
    /// A file that is no database of ours, or one of a newer schema, is refused untouched.
    pub async fn open(file: &Path, mode: OpenMode) -> Result<Self> {
        let behind = match look_at(file).await? {
            Found::Nothing if mode == OpenMode::AsIs => {
                return Err(StoreError::NoDatabase { file: file.into() });
            }
            Found::Schema(found) if mode == OpenMode::AsIs && found < newest_schema() => {
                return Err(StoreError::TooOld {
                    file: file.into(),
                    found,
                    known: newest_schema(),
                });
            }
            Found::Nothing => true,
            Found::Schema(found) => found < newest_schema(),
        };
        let store = Self {
            writer: open_writer(file).await?,
            reader: SqlitePoolOptions::new()
                .max_connections(limits::READERS)
                .acquire_timeout(limits::BUSY_WAIT)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_lazy_with(reading(file)),
            file: file.into(),
        };
        if behind {
            store.migrate().await?;
        }
        Ok(store)
    }

    /// Ends all connections, having moved the log into the file where nobody else has it open.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Begins a transaction that holds the write lock from its start, so that what it has read
    /// stays true until it commits. Dropping it undoes it.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        let patience = Patience::start();
        loop {
            match self
                .writer
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map_err(StoreError::from)
            {
                Err(StoreError::Busy) if patience.is_left() => Patience::step().await,
                begun => return begun,
            }
        }
    }

    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// A connection of its own, for following changes.
    pub(crate) async fn follower(&self) -> Result<Connected> {
        Ok(reading(&self.file).connect().await?)
    }

    /// All pending migrations in one transaction: another process that migrates at the same time
    /// waits for it and then finds nothing to do, and a crash leaves the schema as it was.
    async fn migrate(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        // Not `run`: its bound on `Acquire` makes a future that cannot be spawned.
        MIGRATIONS
            .run_direct(None, &mut *tx, false)
            .await
            .map_err(|error| match error {
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                    error.into()
                }
                other => StoreError::Other(sqlx::Error::Migrate(Box::new(other))),
            })?;
        tx.commit().await?;
        Ok(())
    }
}

/// Rises whenever another connection, in this process or not, has committed.
pub(crate) async fn data_version(connection: &mut Connected) -> Result<i64> {
    Ok(sqlx::query_scalar("PRAGMA data_version")
        .fetch_one(connection)
        .await?)
}

/// The meaning of `SQLite`'s own codes (sqlite.org/rescode.html), where the caller can act on it.
pub(crate) fn classify(error: &dyn DatabaseError) -> Option<StoreError> {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const CORRUPT: i32 = 11;
    const FULL: i32 = 13;
    const NOT_A_DATABASE: i32 = 26;
    /// The shared memory beside the log could not grow: the disk is full there too.
    const IO_SHARED_MEMORY_SIZE: i32 = 4874;

    let code: i32 = error.code()?.parse().ok()?;
    match (code, code & 0xff) {
        (IO_SHARED_MEMORY_SIZE, _) | (_, FULL) => Some(StoreError::Full),
        (_, BUSY | LOCKED) => Some(StoreError::Busy),
        (_, CORRUPT | NOT_A_DATABASE) => Some(StoreError::Corrupt {
            detail: error.message().to_owned(),
        }),
        _ => None,
    }
}

enum Found {
    /// No file, or an empty one.
    Nothing,
    /// A database of ours.
    Schema(i64),
}

/// What lies at that path, without changing it.
async fn look_at(file: &Path) -> Result<Found> {
    if !file.exists() {
        return Ok(Found::Nothing);
    }
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(limits::BUSY_WAIT)
        .pragma("query_only", "ON")
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(cannot_open(file))?;
    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut connection)
        .await
        .map_err(|error| match StoreError::from(error) {
            StoreError::Corrupt { .. } => StoreError::NotOurs { file: file.into() },
            other => other,
        })?;
    let found = if application == APPLICATION_ID {
        Found::Schema(applied_schema(file, &mut connection).await?)
    } else {
        let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema")
            .fetch_one(&mut connection)
            .await?;
        if (application, tables) != (0, 0) {
            return Err(StoreError::NotOurs { file: file.into() });
        }
        Found::Nothing
    };
    connection.close().await?;
    Ok(found)
}

/// The newest migration applied, having compared each with the one this program carries.
async fn applied_schema(file: &Path, connection: &mut Connected) -> Result<i64> {
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(connection)
            .await?;
    let known: HashMap<i64, &[u8]> = MIGRATIONS
        .iter()
        .map(|migration| (migration.version, &*migration.checksum))
        .collect();
    for (version, checksum) in &applied {
        match known.get(version) {
            None => {
                return Err(StoreError::TooNew {
                    file: file.into(),
                    found: *version,
                    known: newest_schema(),
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
    Ok(applied.last().map_or(0, |(version, _)| *version))
}

fn newest_schema() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

fn cannot_open(file: &Path) -> impl FnOnce(sqlx::Error) -> StoreError {
    const CANNOT_OPEN: &str = "14";
    let file = PathBuf::from(file);
    move |error| match error.as_database_error().and_then(DatabaseError::code) {
        Some(code) if code == CANNOT_OPEN => StoreError::CannotOpen { file },
        _ => error.into(),
    }
}

fn reading(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(limits::BUSY_WAIT)
        .pragma("query_only", "ON")
        .row_buffer_size(1_000)
        .disable_statement_logging()
}

/// The one connection that writes. Its own busy handler gives up almost at once, and `Patience`
/// does the waiting. It is opened at once, as that sets the journal mode for everybody, for which
/// two processes that make the same file may have to wait for one another.
async fn open_writer(file: &Path) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .busy_timeout(Duration::from_millis(1))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("journal_size_limit", limits::LOG_BYTES_KEPT_MAX.to_string())
        .disable_statement_logging();
    let patience = Patience::start();
    loop {
        let opened = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(limits::BUSY_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await
            .map_err(cannot_open(file));
        match opened {
            Err(StoreError::Busy) if patience.is_left() => Patience::step().await,
            opened => return opened,
        }
    }
}

/// How long the write lock is tried for. A loop round each try, and no function that takes the try
/// as an async closure: the future of such a one cannot be spawned.
struct Patience {
    started: Instant,
}

impl Patience {
    fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    fn is_left(&self) -> bool {
        self.started.elapsed() < limits::BUSY_WAIT
    }

    async fn step() {
        tokio::time::sleep(limits::BUSY_RETRY).await;
    }
}
