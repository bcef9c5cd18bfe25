//! What is PostgreSQL's alone: connections and their role, transactions and their partner, locks,
//! opening, error codes.
//!
//! The login migrates; the server works as a role that row-level security holds, so that a
//! statement that forgets its partner finds nothing. Knows no table but the migrator's.

mod address;
mod bulk;
mod follow;
mod hold;
mod keys;
mod refusals;
mod snapshot;
mod tools;

#[path = "both/mod.rs"]
mod both;

pub use address::PostgresAddress;
pub(crate) use hold::HeldDatabase;
pub(crate) use refusals::classify;
pub(crate) use snapshot::{can_snapshot, load, snapshot};

use crate::{
    Store,
    error::{Result, StoreError},
    limits,
    open::{self, Found, OpenMode},
    scope::PartnerScope,
};
use async_trait::async_trait;
use follow::Follower;
use model::PartnerId;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, Postgres,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
};

type Backend = PostgresStore;
type Db = Postgres;
type Connected = PgConnection;
type Row = PgRow;
type Tx = sqlx::Transaction<'static, Postgres>;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Woken by every change.
const CHANNEL: &str = "gantry_change";

/// Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct PostgresStore {
    address: PostgresAddress,
    /// The journal's one connection, so that no crowd of queries keeps it waiting.
    journal: PgPool,
    others: PgPool,
}

/// Locks by number. What is under one happens one after the other. All but the server's end with
/// their transaction.
#[derive(Clone, Copy)]
enum Lock {
    Migration = 1,
    /// All but the journal: what a transaction has read stays true until it commits, and the
    /// numbers of changes rise in the order in which they are committed.
    Mutation = 2,
    Journal = 3,
    /// Held by the one server that works on the database.
    Server = 4,
}

/// The first half of the number of each lock, "GANT": other programs may lock in this database.
const LOCK_CLASS: i32 = 0x4741_4e54;

#[async_trait]
impl Store for PostgresStore {
    async fn close(&self) {
        self.others.close().await;
        self.journal.close().await;
    }
}

impl PostgresStore {
    pub(crate) async fn open(address: &PostgresAddress, mode: OpenMode) -> Result<Self> {
        let mut login = connect(address).await?;
        let behind = look_at(address, &mut login)
            .await?
            .is_behind(&MIGRATIONS, mode, address)?;
        if behind {
            migrate(address, &mut login).await?;
        }
        // A pool would not say why a connection cannot be settled.
        settle(&mut login)
            .await
            .map_err(refusals::cannot_open(address))?;
        login.close().await?;
        Ok(Self {
            address: address.clone(),
            journal: PgPoolOptions::new()
                .max_connections(1)
                .acquire_timeout(limits::CONNECT_WAIT)
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        settle(connection).await?;
                        look_up_by_key(connection).await
                    })
                })
                .connect_lazy_with(address.options()),
            others: PgPoolOptions::new()
                .max_connections(limits::SERVER_CONNECTIONS)
                .acquire_timeout(limits::CONNECT_WAIT)
                .after_connect(|connection, _| Box::pin(settle(connection)))
                .connect_lazy_with(address.options()),
        })
    }

    /// Begins a transaction that changes a partner's rows, one after the other with all that do
    /// but for the journal's. Dropping it undoes it.
    async fn begin(&self, scope: &PartnerScope) -> Result<Tx> {
        let mut tx = self.begin_global().await?;
        enter(&mut tx, scope.partner()).await?;
        Ok(tx)
    }

    async fn begin_global(&self) -> Result<Tx> {
        let mut tx = self.others.begin().await.map_err(refusals::no_connection)?;
        hold(&mut tx, Lock::Mutation).await?;
        Ok(tx)
    }

    async fn begin_journal(&self) -> Result<Tx> {
        let begun = self.journal.begin().await;
        let mut tx = begun.map_err(refusals::no_connection)?;
        hold(&mut tx, Lock::Journal).await?;
        Ok(tx)
    }

    /// Begins a transaction that sees one state of a partner's rows and changes nothing.
    async fn reading(&self, scope: &PartnerScope) -> Result<Tx> {
        let mut tx = self.reading_global().await?;
        enter(&mut tx, scope.partner()).await?;
        Ok(tx)
    }

    async fn reading_global(&self) -> Result<Tx> {
        self.others
            .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await
            .map_err(refusals::no_connection)
    }
}

/// From here on, the transaction is about that partner's rows, and sees no others.
async fn enter(tx: &mut Tx, partner: PartnerId) -> Result<()> {
    sqlx::query("SELECT set_config('gantry.partner', $1, true)")
        .bind(partner.0.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Wakes followers, when this is committed.
async fn announce(tx: &mut Tx) -> Result<()> {
    sqlx::query("SELECT pg_notify($1, '')")
        .bind(CHANNEL)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn hold(connection: &mut PgConnection, lock: Lock) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock($1, $2)")
        .bind(LOCK_CLASS)
        .bind(lock as i32)
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes a connection one of the server's: its role, its patience, and commits that are on the
/// disk when they are answered, whatever the cluster's own setting.
async fn settle(connection: &mut PgConnection) -> sqlx::Result<()> {
    let settings = format!(
        "SET ROLE gantry_app;
         SET lock_timeout = {lock_ms};
         SET statement_timeout = {statement_ms};
         SET idle_in_transaction_session_timeout = {statement_ms};
         SET jit = off;
         SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') = 'off';",
        lock_ms = limits::BUSY_WAIT.as_millis(),
        statement_ms = limits::STATEMENT_WAIT.as_millis(),
    );
    sqlx::raw_sql(AssertSqlSafe(settings))
        .execute(connection)
        .await?;
    Ok(())
}

/// The journal's statements look rows up by their keys, all of them. A plan that was made while
/// the tables were small must not look through them when they have grown.
async fn look_up_by_key(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off",
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn connect(address: &PostgresAddress) -> Result<PgConnection> {
    let options: PgConnectOptions = address.options();
    match tokio::time::timeout(limits::CONNECT_WAIT, options.connect()).await {
        Ok(connected) => connected.map_err(refusals::cannot_open(address)),
        Err(_) => Err(StoreError::Unreachable {
            detail: format!("{address}: it took too long to connect"),
        }),
    }
}

/// What lies there, without changing it.
async fn look_at(address: &PostgresAddress, login: &mut PgConnection) -> Result<Found> {
    let migrated: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *login)
        .await?;
    let not_ours = || StoreError::NotOurs {
        database: address.to_string(),
    };
    if migrated {
        let applied: Vec<(i64, Vec<u8>)> = sqlx::query_as(open::APPLIED)
            .fetch_all(login)
            .await
            .map_err(refusals::cannot_open(address))?;
        // Other programs keep their migrations in a table of that name too.
        let ours = MIGRATIONS.iter().next().zip(applied.first());
        if ours.is_none_or(|(first, (_, checksum))| *first.checksum != **checksum) {
            return Err(not_ours());
        }
        return Ok(Found::Applied(applied));
    }
    // But for what belongs to an extension.
    let relations: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace
         AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
         AND NOT EXISTS (SELECT FROM pg_depend d
                         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                         AND d.deptype = 'e')",
    )
    .fetch_one(login)
    .await?;
    if relations > 0 {
        return Err(not_ours());
    }
    Ok(Found::Nothing)
}

/// All pending migrations in one transaction: another process that migrates at the same time
/// waits for it and then finds nothing to do, and a crash leaves the schema as it was.
async fn migrate(address: &PostgresAddress, login: &mut PgConnection) -> Result<()> {
    let mut tx = login.begin().await?;
    hold(&mut tx, Lock::Migration).await?;
    // Not `run`: its bound on `Acquire` makes a future that cannot be spawned.
    MIGRATIONS
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|error| open::not_migrated(error, refusals::cannot_open(address)))?;
    tx.commit().await?;
    Ok(())
}
