//! Durable ingest: the store's journal beside prepared inserts, row by row, one transaction per
//! 1,000 rows, into the same table with a million reads in it.

use super::{feed, plain};
use crate::{figures::Row, stats, world::World};
use sqlx::{Connection, SqliteConnection};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::JournalEntry;

const STORED: u64 = 1_000_000;
const BATCH: u64 = 1_000;
const ROUNDS: u64 = 40;
const SINGLES: u64 = 200;

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let world = World::new(gantry).await?;
    let file = world.folder.path().join("gantry.sqlite");
    let mut next = 0;
    while next < STORED {
        world
            .store
            .append_reads(&feed::batch(&world, next, 10_000))
            .await?;
        next += 10_000;
    }
    let bytes = std::fs::metadata(&file)?.len();

    // In turn, so that neither has the better minute of the disk.
    let mut raw = plain::connect(&file).await?;
    let (mut by_row, mut by_store, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let batch = feed::batch(&world, next, BATCH);
        by_row.push(row_by_row(&mut raw, &batch).await?);
        let batch = feed::batch(&world, next + BATCH, BATCH);
        by_store.push(append(&world, &batch).await?);
        again.push(append(&world, &batch).await?);
        next += 2 * BATCH;
    }
    let mut single = Vec::new();
    for _ in 0..SINGLES {
        single.push(append(&world, &feed::batch(&world, next, 1)).await?);
        next += 1;
    }
    world.store.close().await;

    let per_second = |rounds: &[Duration]| BATCH as f64 / stats::median(rounds).as_secs_f64();
    let (ours, baseline) = (per_second(&by_store), per_second(&by_row));
    let ratio = ours / baseline;
    let reads = |rate: f64| format!("{rate:.0} reads/s");
    Ok(vec![
        Row::new(
            "ingest",
            "batches of 1,000 beside a million stored",
            reads(ours),
        )
        .beside(format!("row by row {}", reads(baseline)), ratio)
        .budget("≥ 0.80 of it", ratio >= 0.8),
        Row::new(
            "ingest",
            "the same batches again: all repeated",
            reads(per_second(&again)),
        )
        .beside(
            format!("row by row {}", reads(baseline)),
            per_second(&again) / baseline,
        ),
        Row::new(
            "ingest",
            "one read, synced to disk",
            stats::shown(stats::median(&single)),
        ),
        Row::new(
            "ingest",
            "a read on disk",
            format!("{} bytes", bytes / STORED),
        ),
    ])
}

async fn append(world: &World, batch: &[JournalEntry]) -> anyhow::Result<Duration> {
    let started = Instant::now();
    world.store.append_reads(batch).await?;
    Ok(started.elapsed())
}

async fn row_by_row(
    raw: &mut SqliteConnection,
    batch: &[JournalEntry],
) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let mut tx = raw.begin_with("BEGIN IMMEDIATE").await?;
    let mut position: i64 = sqlx::query_scalar("SELECT position FROM node WHERE node = 1")
        .fetch_one(&mut *tx)
        .await?;
    for JournalEntry { scope, read } in batch {
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
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query("UPDATE node SET position = $1 WHERE node = 1")
        .bind(position)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(started.elapsed())
}
