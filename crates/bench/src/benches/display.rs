//! A display and its URL: the use case, beside one synced one-row commit on the same disk; and how
//! soon a running server has heard of it.

use super::plain;
use crate::{figures::Row, stats, world::World};
use anyhow::bail;
use sqlx::Connection;
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::{Changes, Location, OpenMode};

const ROUNDS: usize = 100;
const BUDGET: Duration = Duration::from_millis(20);
const HEARD_MAX: Duration = Duration::from_millis(250);

pub async fn run(gantry: &Path) -> anyhow::Result<Vec<Row>> {
    let world = World::new(gantry).await?;
    let file = Location::Sqlite(world.folder.path().join("gantry.sqlite"));
    let server = store::open(&file, OpenMode::AsIs).await?;
    world.display("FINISH").await?;
    let mut follower = server.follow_changes(server.last_change().await?).await?;
    let mut raw = plain::connect(&world.folder.path().join("bare.sqlite")).await?;
    sqlx::query("CREATE TABLE code (id INTEGER PRIMARY KEY, code TEXT) STRICT")
        .execute(&mut raw)
        .await?;

    let (mut ours, mut bare, mut heard) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let started = Instant::now();
        world.display("FINISH").await?;
        ours.push(started.elapsed());
        let made = Instant::now();
        if let Changes::Missed { .. } = follower.next().await? {
            bail!("changes were missed");
        }
        heard.push(made.elapsed());

        let started = Instant::now();
        let mut tx = raw.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO code (code) VALUES ('abcdefgh')")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        bare.push(started.elapsed());
    }
    let (took, baseline) = (stats::median(&ours), stats::median(&bare));
    let soon = stats::percentile(&heard, 0.99);
    Ok(vec![
        Row::new("display", "a display and its URL", stats::shown(took))
            .beside(
                format!("one synced row {}", stats::shown(baseline)),
                took.as_secs_f64() / baseline.as_secs_f64(),
            )
            .budget("< 20 ms", took < BUDGET),
        Row::new(
            "display",
            "until a running server has heard of it, p99",
            stats::shown(soon),
        )
        .budget("< 250 ms", soon < HEARD_MAX),
    ])
}
