//! Roster import: 30,000 rows of a CSV file by the use case, while another process's journal goes
//! on; beside bare inserts of the same rows in one transaction.

use super::{feed, plain};
use crate::{
    figures::Row,
    limits, stats,
    world::{World, roster_csv},
};
use anyhow::ensure;
use sqlx::{Connection, SqliteConnection};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::{Location, OpenMode};

const ROUNDS: usize = 3;
const WAIT_MAX: Duration = Duration::from_millis(50);

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let csv = roster_csv()?;
    let event_on = "2026-05-31".parse()?;
    let parsed = service::roster::parse(&csv, None, event_on, &mut service::roster::unwatched)?;
    let (mut ours, mut bare, mut again, mut waits) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let world = Arc::new(World::new(gantry).await?);
        let importing = Arc::new(AtomicBool::new(true));
        let journal = tokio::spawn(append_while(Arc::clone(&world), Arc::clone(&importing)));
        let started = Instant::now();
        let done = world.import(&csv).await?;
        ours.push(started.elapsed());
        ensure!(
            done.imported == u64::from(limits::RUNNERS),
            "rows were rejected: {done:?}"
        );
        let started = Instant::now();
        world.import(&csv).await?;
        again.push(started.elapsed());
        importing.store(false, Ordering::Relaxed);
        waits.extend(journal.await??);

        let mut raw = plain::connect(&world.folder.path().join("bare.sqlite")).await?;
        let started = Instant::now();
        insert(&mut raw, &parsed).await?;
        bare.push(started.elapsed());
    }
    let (took, baseline) = (stats::median(&ours), stats::median(&bare));
    let worst = stats::percentile(&waits, 1.0);
    Ok(vec![
        Row::new("roster", "import of 30,000 rows", stats::shown(took))
            .beside(
                format!("bare inserts {}", stats::shown(baseline)),
                took.as_secs_f64() / baseline.as_secs_f64(),
            )
            .budget("< 5 s", took < Duration::from_secs(5)),
        Row::new(
            "roster",
            "the same file again",
            stats::shown(stats::median(&again)),
        ),
        Row::new(
            "roster",
            format!("longest of {} journal commits meanwhile", waits.len()),
            stats::shown(worst),
        )
        .budget("< 50 ms", worst < WAIT_MAX),
    ])
}

/// The journal of a server beside the importing process.
async fn append_while(world: Arc<World>, going: Arc<AtomicBool>) -> anyhow::Result<Vec<Duration>> {
    let file = Location::Sqlite(world.folder.path().join("gantry.sqlite"));
    let server = store::open(&file, OpenMode::AsIs).await?;
    let mut waits = Vec::new();
    let mut next = 0;
    while going.load(Ordering::Relaxed) {
        let batch = feed::batch(&world, next, 5);
        next += 5;
        let started = Instant::now();
        server.append_reads(&batch).await?;
        waits.push(started.elapsed());
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    server.close().await;
    Ok(waits)
}

async fn insert(
    raw: &mut SqliteConnection,
    roster: &service::roster::RosterFile,
) -> anyhow::Result<()> {
    sqlx::query(
        "CREATE TABLE runner (bib TEXT PRIMARY KEY, first_name TEXT, last_name TEXT, gender TEXT,
                              age INTEGER, city TEXT, state TEXT, country TEXT) STRICT",
    )
    .execute(&mut *raw)
    .await?;
    let mut tx = raw.begin_with("BEGIN IMMEDIATE").await?;
    for row in &roster.rows {
        sqlx::query("INSERT INTO runner VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&row.bib)
            .bind(&row.first_name)
            .bind(&row.last_name)
            .bind(&row.gender)
            .bind(row.age)
            .bind(&row.city)
            .bind(&row.state)
            .bind(&row.country)
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}
