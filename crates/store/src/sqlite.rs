//! What is `SQLite`'s alone: opening the file, its settings, the one writer, error codes.
//!
//! Write-ahead logging lets readers go on beside the writer. Each process has one connection that
//! writes; between processes the file's write lock decides. Knows no table but the migrator's.

use crate::{
    Store,
    error::{Result, StoreError},
    limits,
    open::{self, Found, OpenMode},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::PartnerId;
use sqlx::{
    ConnectOptions, Connection, Sqlite,
    error::DatabaseError,
    migrate::Migrator,
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteError, SqliteJournalMode, SqlitePool,
        SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

mod bulk;
mod follow;
mod keys;
mod snapshot;

#[expect(
    clippy::duplicate_mod,
    reason = "compiled for each database, see docs/decisions/0008"
)]
#[path = "both/mod.rs"]
mod both;

use follow::Follower;
pub(crate) use snapshot::{check, snapshot};

type Backend = SqliteStore;
type Db = Sqlite;
type Connected = SqliteConnection;
type Row = SqliteRow;
type Tx = sqlx::Transaction<'static, Sqlite>;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// The file's `application_id`, "GANT". Set by the first migration.
const APPLICATION_ID: i64 = 0x4741_4e54;

#[derive(Debug)]
pub(crate) struct SqliteStore {
    writer: SqlitePool,
    reader: SqlitePool,
}

#[async_trait]
impl Store for SqliteStore {
    async fn close(&self) {
        // One after the other: a pool that is closed drops what comes back to it at once, and the
        // last to end has to be the one that writes. A reader cannot take away the log.
        self.reader.close().await;
        self.writer.close().await;
    }
}

impl SqliteStore {
    pub(crate) async fn open(file: &Path, mode: OpenMode) -> Result<Self> {
        let behind = look_at(file)
            .await?
            .is_behind(&MIGRATIONS, mode, &file.display())?;
        let store = Self {
            writer: open_writer(file).await?,
            reader: SqlitePoolOptions::new()
                .max_connections(limits::READERS)
                .acquire_timeout(limits::BUSY_WAIT)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_lazy_with(reading(file)),
        };
        if behind && let Err(error) = store.migrate().await {
            // Dropped, it would end at some later time and take its log away then.
            store.close().await;
            return Err(error);
        }
        Ok(store)
    }

    /// Begins a transaction that changes a partner's rows. There is one write lock: held from the
    /// start, it keeps what has been read true until the commit. Dropping it undoes it.
    async fn begin(&self, _scope: &PartnerScope) -> Result<Tx> {
        self.begin_global().await
    }

    async fn begin_journal(&self) -> Result<Tx> {
        self.begin_global().await
    }

    async fn begin_global(&self) -> Result<Tx> {
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

    /// Begins a transaction that sees one state of a partner's rows and changes nothing.
    async fn reading(&self, _scope: &PartnerScope) -> Result<Tx> {
        self.reading_global().await
    }

    async fn reading_global(&self) -> Result<Tx> {
        Ok(self.reader.begin().await?)
    }

    /// All pending migrations in one transaction: another process that migrates at the same time
    /// waits for it and then finds nothing to do, and a crash leaves the schema as it was.
    async fn migrate(&self) -> Result<()> {
        let mut tx = self.begin_global().await?;
        // Not `run`: its bound on `Acquire` makes a future that cannot be spawned.
        MIGRATIONS
            .run_direct(None, &mut *tx, false)
            .await
            .map_err(|error| open::not_migrated(error, StoreError::from))?;
        tx.commit().await?;
        Ok(())
    }
}

/// From here on, the transaction is about that partner's rows. Every statement names its partner
/// itself, and `SQLite` knows no second wall.
async fn enter(_tx: &mut Tx, _partner: PartnerId) -> Result<()> {
    Ok(())
}

/// Tells followers that there is a change. They see that of each commit.
async fn announce(_tx: &mut Tx) -> Result<()> {
    Ok(())
}

/// `SQLITE_NOTADB`: the file begins otherwise than a database does.
const NOT_A_DATABASE: i32 = 26;

/// The meaning of `SQLite`'s own codes (sqlite.org/rescode.html), where the caller can act on it.
pub(crate) fn classify(error: &dyn DatabaseError) -> Option<StoreError> {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const CORRUPT: i32 = 11;
    const FULL: i32 = 13;
    /// The shared memory beside the log could not grow: the disk is full there too.
    const IO_SHARED_MEMORY_SIZE: i32 = 4874;

    let error = error.try_downcast_ref::<SqliteError>()?;
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
    let found = found_by(&mut connection, file).await;
    // Whatever was found: dropped, it would end at some later time and take its log away then.
    let closed = connection.close().await;
    let found = found?;
    closed?;
    Ok(found)
}

async fn found_by(connection: &mut SqliteConnection, file: &Path) -> Result<Found> {
    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| {
            let code = error.as_database_error().and_then(DatabaseError::code);
            match code.and_then(|code| code.parse().ok()) {
                Some(NOT_A_DATABASE) => not_ours(file),
                // A file that was cut off, above all, is one of ours that lost its end.
                _ => error.into(),
            }
        })?;
    if application == APPLICATION_ID {
        let applied = sqlx::query_as(open::APPLIED);
        return Ok(Found::Applied(applied.fetch_all(connection).await?));
    }
    let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema")
        .fetch_one(connection)
        .await?;
    if (application, tables) != (0, 0) {
        return Err(not_ours(file));
    }
    Ok(Found::Nothing)
}

fn not_ours(file: &Path) -> StoreError {
    StoreError::NotOurs {
        database: file.display().to_string(),
    }
}

fn cannot_open(file: &Path) -> impl FnOnce(sqlx::Error) -> StoreError {
    const CANNOT_OPEN: &str = "14";
    let database = file.display().to_string();
    move |error| match error.as_database_error().and_then(DatabaseError::code) {
        Some(code) if code == CANNOT_OPEN => StoreError::CannotOpen {
            database,
            hint: "check that the folder exists and can be written to".to_owned(),
        },
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
            .after_release(|connection, _| {
                Box::pin(async move {
                    // SQLite undoes a transaction by itself where the disk is full; sqlx then
                    // takes it for open for ever, and the connection is of no more use. Asked
                    // something first, it knows.
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
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
