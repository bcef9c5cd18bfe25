//! Durable ingest: the store's journal beside prepared inserts, row by row, one transaction per
//! 1,000 rows, into the same table with a million reads in it. On each database.

use super::{feed, plain};
use crate::{figures::Row, process::Gantry, stats, world::World};
use anyhow::Context;
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::{JournalEntry, Location};

const STORED: u64 = 1_000_000;
const BATCH: u64 = 1_000;
const ROUNDS: u64 = 40;
const SINGLES: u64 = 200;
const STARTS: usize = 5;

/// Set by `cargo xtask bench`: the database `postgres` of a cluster to measure on.
const CLUSTER: &str = "GANTRY_TEST_POSTGRES";

/// The same statements for either database's transaction.
macro_rules! row_by_row {
    ($tx:expr, $batch:expr) => {
        let mut position: i64 = sqlx::query_scalar("SELECT position FROM node WHERE node = 1")
            .fetch_one(&mut *$tx)
            .await?;
        for JournalEntry { scope, read } in $batch {
            position += 1;
            sqlx::query(
                "INSERT INTO read (node, position, partner_id, stream_key, connection_key, kind, wall,
                                   key_hash, salt, location, tag, reader, antenna, time_text, dated,
                                   sequence, occurrence, raw, received_at, late)
                 VALUES (1, $1, $2, 1, 1, 0, $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                         $15)",
            )
            .bind(position)
            .bind(scope.partner().0)
            .bind(read.wall.0)
            .bind(i64::from(read.key_hash() as i32))
            .bind(&read.location)
            .bind(&read.tag)
            .bind(&read.reader)
            .bind(&read.antenna)
            .bind(&read.time_text)
            .bind(read.dated)
            .bind(read.sequence.map(u64::cast_signed))
            .bind(&read.occurrence)
            .bind(&read.raw)
            .bind(read.received_at.0)
            .bind(read.late)
            .execute(&mut *$tx)
            .await?;
        }
        sqlx::query("UPDATE node SET position = $1 WHERE node = 1")
            .bind(position)
            .execute(&mut *$tx)
            .await?;
    };
}

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let world = World::new(gantry).await?;
    let file = world.folder.path().join("gantry.sqlite");
    fill(&world).await?;
    let bytes = std::fs::metadata(&file)?.len();
    let raw = Raw::Sqlite(plain::connect(&file).await?);
    let mut rows = measured("SQLite", &world, raw, bytes).await?;
    rows.push(starts(gantry, &world)?);

    let cluster = std::env::var(CLUSTER);
    let cluster =
        cluster.with_context(|| format!("{CLUSTER} is missing; run cargo xtask bench"))?;
    let (url, _) = cluster.rsplit_once('/').context("a URL names a database")?;
    let mut login = plain::connect_postgres(&cluster).await?;
    sqlx::raw_sql("CREATE DATABASE gantry_bench")
        .execute(&mut login)
        .await?;
    let url = format!("{url}/gantry_bench");
    let world = World::at(tempfile::tempdir()?, &Location::Postgres(url.parse()?)).await?;
    fill(&world).await?;
    let mut raw = plain::connect_postgres(&url).await?;
    let bytes: i64 = sqlx::query_scalar("SELECT pg_total_relation_size('read')")
        .fetch_one(&mut raw)
        .await?;
    plain::as_server(&mut raw, world.scope.partner()).await?;
    let raw = Raw::Postgres(raw);
    rows.extend(measured("PostgreSQL", &world, raw, bytes.cast_unsigned()).await?);
    Ok(rows)
}

async fn fill(world: &World) -> anyhow::Result<()> {
    for next in (0..STORED).step_by(10_000) {
        world
            .store
            .append_reads(&feed::batch(world, next, 10_000))
            .await?;
    }
    Ok(())
}

async fn measured(
    database: &str,
    world: &World,
    mut raw: Raw,
    bytes: u64,
) -> anyhow::Result<Vec<Row>> {
    // In turn, so that neither has the better minute of the disk.
    let mut next = STORED;
    let (mut by_row, mut by_store, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let batch = feed::batch(world, next, BATCH);
        by_row.push(raw.insert(&batch).await?);
        let batch = feed::batch(world, next + BATCH, BATCH);
        by_store.push(append(world, &batch).await?);
        again.push(append(world, &batch).await?);
        next += 2 * BATCH;
    }
    let mut single = Vec::new();
    for _ in 0..SINGLES {
        single.push(append(world, &feed::batch(world, next, 1)).await?);
        next += 1;
    }
    world.store.close().await;

    let per_second = |rounds: &[Duration]| BATCH as f64 / stats::median(rounds).as_secs_f64();
    let (ours, baseline) = (per_second(&by_store), per_second(&by_row));
    let ratio = ours / baseline;
    let reads = |rate: f64| format!("{rate:.0} reads/s");
    let what = |what: &str| format!("{database}: {what}");
    Ok(vec![
        Row::new(
            "ingest",
            what("batches of 1,000 beside a million stored"),
            reads(ours),
        )
        .beside(format!("row by row {}", reads(baseline)), ratio)
        .budget("≥ 0.80 of it", ratio >= 0.8),
        Row::new(
            "ingest",
            what("the same batches again: all repeated"),
            reads(per_second(&again)),
        )
        .beside(
            format!("row by row {}", reads(baseline)),
            per_second(&again) / baseline,
        ),
        Row::new(
            "ingest",
            what("one read, synced to disk"),
            stats::shown(stats::median(&single)),
        ),
        Row::new(
            "ingest",
            what("a read on disk"),
            format!("{} bytes", bytes / STORED),
        ),
    ])
}

/// How long a server takes until it is ready, after one was killed.
fn starts(gantry: &Path, world: &World) -> anyhow::Result<Row> {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        // Ended the hard way as it is dropped.
        let _server = Gantry::start(gantry, world.folder.path())?;
        took.push(started.elapsed());
    }
    Ok(Row::new(
        "ingest",
        "SQLite: ready after a kill, a million stored in a stream that sleeps",
        stats::shown(stats::median(&took)),
    ))
}

/// The baseline: a plain connection with the store's own settings.
enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    async fn insert(&mut self, batch: &[JournalEntry]) -> anyhow::Result<Duration> {
        match self {
            Self::Sqlite(raw) => {
                let started = Instant::now();
                let mut tx = raw.begin_with("BEGIN IMMEDIATE").await?;
                row_by_row!(tx, batch);
                tx.commit().await?;
                Ok(started.elapsed())
            }
            Self::Postgres(raw) => {
                let started = Instant::now();
                let mut tx = raw.begin().await?;
                row_by_row!(tx, batch);
                tx.commit().await?;
                Ok(started.elapsed())
            }
        }
    }
}

async fn append(world: &World, batch: &[JournalEntry]) -> anyhow::Result<Duration> {
    let started = Instant::now();
    world.store.append_reads(batch).await?;
    Ok(started.elapsed())
}
