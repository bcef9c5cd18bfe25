//! Figures for `docs/BUDGETS.md` and for whoever tunes the store:
//! `cargo run --release -p store --example measure [FOLDER] [READS_STORED]`.
//!
//! Prints durable ingest beside its baseline (design §8), the size of a read on disk, what an
//! import costs and how long the journal of another store waits for it, and how soon a follower
//! hears of a change.

use model::{Read, ReadKind, StreamId, UnixMicros, WallTime};
use sqlx::ConnectOptions;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::{
    Changes, JournalEntry, NewEvent, NewParticipant, NewStream, OpenMode, PartnerScope, Proof,
    Protocol, Store,
};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const BATCH: u64 = 1_000;
const ROUNDS: u64 = 40;

#[tokio::main]
async fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let given = arguments.next();
    let stored: u64 = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let scratch = tempfile::tempdir()?;
    let folder = given.as_deref().map_or(scratch.path(), Path::new);
    let file = folder.join("measure.db");

    let store = Store::open(&file, OpenMode::Migrate).await?;
    let partner = store.create_partner("Measured").await?;
    let scope = PartnerScope::proven(partner, Proof::Shell);
    let event = store
        .create_event(
            &scope,
            NewEvent {
                name: "Measured".to_owned(),
                date: "2026-03-06".to_owned(),
                timezone: "Europe/Vienna".to_owned(),
            },
        )
        .await?;
    let stream = store
        .create_stream(
            &scope,
            NewStream {
                event,
                name: "Mats".to_owned(),
                protocol: Protocol::Ctp01,
                port: None,
            },
        )
        .await?;
    let feed = Feed { scope, stream };

    let empty_bytes = std::fs::metadata(&file)?.len();
    let mut next = 0;
    while next < stored {
        store.append_reads(&feed.batch(next, 10_000)).await?;
        next += 10_000;
    }
    store.close().await;
    let bytes = std::fs::metadata(&file)?.len() - empty_bytes;
    println!(
        "size: {:.0} bytes a read, {next} stored",
        bytes as f64 / next as f64
    );

    ingest(&file, &feed, next).await?;
    import(&file, &feed, event).await?;
    follow(&file, &feed).await
}

/// Rounds of both kinds in turn, so that neither has the better minute of the disk.
async fn ingest(file: &Path, feed: &Feed, mut next: u64) -> Outcome {
    let store = Store::open(file, OpenMode::AsIs).await?;
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    let (mut by_row, mut by_store, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let batch = feed.batch(next, BATCH);
        next += BATCH;
        by_row.push(row_by_row(&mut raw, &batch).await?);

        let batch = feed.batch(next, BATCH);
        next += BATCH;
        let started = Instant::now();
        store.append_reads(&batch).await?;
        by_store.push(started.elapsed());

        let started = Instant::now();
        store.append_reads(&batch).await?;
        again.push(started.elapsed());
    }
    let (baseline, ours) = (per_second(&by_row), per_second(&by_store));
    println!(
        "ingest: row by row {baseline:.0}/s, store {ours:.0}/s, ratio {:.2}",
        ours / baseline
    );
    println!(
        "ingest: a batch of {BATCH}: median {:?}, worst {:?}",
        median(&by_store),
        worst(&by_store)
    );
    println!("rewind: {:.0} duplicates/s", per_second(&again));
    let mut single = Vec::new();
    for _ in 0..200 {
        let batch = feed.batch(next, 1);
        next += 1;
        let started = Instant::now();
        store.append_reads(&batch).await?;
        single.push(started.elapsed());
    }
    println!(
        "ingest: a batch of 1: median {:?}, worst {:?}",
        median(&single),
        worst(&single)
    );
    store.close().await;
    Ok(())
}

async fn row_by_row(raw: &mut sqlx::SqliteConnection, batch: &[JournalEntry]) -> Outcome<Duration> {
    use sqlx::Connection;
    let started = Instant::now();
    let mut tx = raw.begin_with("BEGIN IMMEDIATE").await?;
    let mut position: i64 = sqlx::query_scalar("SELECT MAX(position) FROM read WHERE node = 1")
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
    tx.commit().await?;
    Ok(started.elapsed())
}

async fn import(file: &Path, feed: &Feed, event: model::EventId) -> Outcome {
    let rows: Vec<NewParticipant> = (0..30_000).map(runner).collect();
    let server = Store::open(file, OpenMode::AsIs).await?;
    let command_line = Store::open(file, OpenMode::AsIs).await?;
    for (what, rows) in [
        ("new", rows.clone()),
        ("unchanged", rows.clone()),
        ("changed", rows.into_iter().map(moved).collect()),
    ] {
        for (who, importer) in [
            ("another process", &command_line),
            ("this process", &server),
        ] {
            let importing = Arc::new(AtomicBool::new(true));
            let journal = tokio::spawn(append_while(
                server.clone(),
                feed.clone(),
                Arc::clone(&importing),
            ));
            let started = Instant::now();
            let done = importer.import_roster(&feed.scope, event, &rows).await?;
            let took = started.elapsed();
            importing.store(false, Ordering::Relaxed);
            let waits = journal.await??;
            println!(
                "import by {who}, 30000 {what} ({} imported, {} updated): {took:?}; {} commits of \
                 the journal meanwhile, median {:?}, worst {:?}",
                done.imported,
                done.updated,
                waits.len(),
                median(&waits),
                worst(&waits),
            );
        }
    }
    command_line.close().await;
    server.close().await;
    Ok(())
}

async fn append_while(store: Store, feed: Feed, going: Arc<AtomicBool>) -> Outcome<Vec<Duration>> {
    let mut waits = Vec::new();
    let mut next = store.last_position().await? + 1_000_000_000;
    while going.load(Ordering::Relaxed) {
        let batch = feed.batch(next, 5);
        next += 5;
        let started = Instant::now();
        store.append_reads(&batch).await?;
        waits.push(started.elapsed());
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    Ok(waits)
}

async fn follow(file: &Path, feed: &Feed) -> Outcome {
    let server = Store::open(file, OpenMode::AsIs).await?;
    let command_line = Store::open(file, OpenMode::AsIs).await?;
    let mut follower = server.follow_changes(server.last_change().await?).await?;
    let mut delays = Vec::new();
    for number in 0..20 {
        let event = NewEvent {
            name: format!("Event {number}"),
            date: "2026-03-06".to_owned(),
            timezone: "Europe/Vienna".to_owned(),
        };
        command_line.create_event(&feed.scope, event).await?;
        let started = Instant::now();
        if let Changes::Missed { .. } = follower.next().await? {
            return Err("changes were missed".into());
        }
        delays.push(started.elapsed());
    }
    println!(
        "changes: heard after median {:?}, worst {:?}",
        median(&delays),
        worst(&delays)
    );
    Ok(())
}

#[derive(Clone)]
struct Feed {
    scope: PartnerScope,
    stream: StreamId,
}

impl Feed {
    /// The reads of a big race: some 40 a second over four locations, roughly in order of time.
    fn batch(&self, from: u64, count: u64) -> Vec<JournalEntry> {
        (from..from + count)
            .map(|number| self.entry(number))
            .collect()
    }

    fn entry(&self, number: u64) -> JournalEntry {
        let shaken = number ^ (number.wrapping_mul(2_654_435_761) >> 7 & 0xf);
        let wall = WallTime(177_000_000_000 + (shaken * 5 / 2).cast_signed());
        let location = ["START", "10K", "30K", "FINISH"][(number % 4) as usize];
        let tag = (number.wrapping_mul(7_919) % 27_000).to_string();
        let (reader, antenna) = ("0F2A38", (number % 8).to_string());
        let raw = format!("CT01_33~{number}~{location}~{tag}~{wall}~0~{reader}~{antenna}");
        JournalEntry {
            scope: self.scope,
            read: Read {
                stream: self.stream,
                kind: ReadKind::Tag,
                location: location.to_owned(),
                tag,
                wall,
                time_text: wall.to_string(),
                dated: true,
                sequence: Some(number),
                occurrence: "0".to_owned(),
                reader: reader.to_owned(),
                antenna,
                connection_name: Some("5d41402abc4b2a76b9719d911017c592".to_owned()),
                raw: raw.into_bytes(),
                received_at: UnixMicros(1_772_800_000_000_000 + number.cast_signed()),
                late: false,
            },
        }
    }
}

fn runner(number: u32) -> NewParticipant {
    NewParticipant {
        bib: number.to_string(),
        first_name: "Wilhelmina".to_owned(),
        last_name: "Ängström-Featherstone".to_owned(),
        gender: "F".to_owned(),
        age: Some(34),
        city: "Bad Ischl".to_owned(),
        state: String::new(),
        country: "AUT".to_owned(),
        chips: vec![
            format!("E2801170{number:08}"),
            format!("E2801171{number:08}"),
        ],
    }
}

fn moved(row: NewParticipant) -> NewParticipant {
    NewParticipant {
        city: "Linz".to_owned(),
        ..row
    }
}

fn per_second(rounds: &[Duration]) -> f64 {
    rounds.len() as f64 * BATCH as f64 / rounds.iter().sum::<Duration>().as_secs_f64()
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn worst(times: &[Duration]) -> Duration {
    times.iter().max().copied().unwrap_or_default()
}
