//! The journal: every read stored exactly once, in one order without gaps (design §4).
//!
//! A batch is one transaction. Keys that are stored already are found before anything is written,
//! so that only new reads get positions; the unique index stands behind that as the last word.
//! Knows nothing of people, points or shows.

use crate::{
    error::{Result, StoreError},
    limits,
    resume::{self, LastRead},
    scope::PartnerScope,
    sqlite::{Connected, Db, Store, Tx},
};
use model::{Read, ReadKind, StreamId};
use sqlx::{QueryBuilder, Row as _};
use std::collections::HashMap;
use uuid::Uuid;

/// The node of a store that serves one process's journal.
pub(crate) const NODE: i64 = 1;

/// A read and on whose behalf it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    pub scope: PartnerScope,
    pub read: Read,
}

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Positions count from 1, without gaps.
    New { position: u64 },
    /// Its key is stored already, or came earlier in the same batch.
    Duplicate,
}

/// What the unique index is over, but for the salt.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Slot {
    stream_key: i64,
    wall: i64,
    hash: i32,
}

/// The rest of a read's key, compared where two share a slot.
#[derive(Clone, PartialEq, Eq)]
struct Said {
    location: String,
    tag: String,
    reader: String,
    antenna: String,
}

/// A new read on its way into the table.
struct NewRow<'a> {
    entry: &'a JournalEntry,
    slot: Slot,
    salt: i64,
    connection_key: i64,
    position: i64,
}

#[derive(Default)]
struct Counts {
    reads: i64,
    duplicates: i64,
    late: i64,
    last_read_at: i64,
}

impl Store {
    /// Stores a batch in one transaction, synced to disk when this returns; one answer per entry.
    ///
    /// On an error nothing of it is stored, and the batch may be handed in again. An entry whose
    /// stream is not its scope's is `Foreign` for the whole batch: only a mistake in the program
    /// makes one.
    pub async fn append_reads(&self, entries: &[JournalEntry]) -> Result<Vec<Appended>> {
        self.append_hashed(entries, short_hash).await
    }

    /// The position of the newest read, 0 where there is none.
    pub async fn last_position(&self) -> Result<u64> {
        let mut connection = self.reader().acquire().await?;
        Ok(last_position(&mut connection).await?.cast_unsigned())
    }

    async fn append_hashed(
        &self,
        entries: &[JournalEntry],
        hash: fn(&Read) -> i32,
    ) -> Result<Vec<Appended>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.begin().await?;
        let keys = stream_keys(&mut tx, entries).await?;
        let slots: Vec<Slot> = entries
            .iter()
            .map(|entry| Slot {
                stream_key: keys[&entry.read.stream],
                wall: entry.read.wall.0,
                hash: hash(&entry.read),
            })
            .collect();
        let connections = resume::connection_keys(&mut tx, entries, &slots_streams(&slots)).await?;
        let mut taken = stored_in(&mut tx, &slots).await?;

        let mut position = last_position(&mut tx).await?;
        let mut answers = Vec::with_capacity(entries.len());
        let mut rows = Vec::with_capacity(entries.len());
        let mut counts: HashMap<i64, Counts> = HashMap::new();
        for ((entry, slot), connection_key) in entries.iter().zip(&slots).zip(connections) {
            let here = taken.entry(*slot).or_default();
            let count = counts.entry(slot.stream_key).or_default();
            count.last_read_at = count.last_read_at.max(entry.read.received_at.0);
            let said = Said::by(&entry.read);
            if here.contains(&said) {
                count.duplicates += 1;
                answers.push(Appended::Duplicate);
                continue;
            }
            let salt = here.len() as i64;
            here.push(said);
            position += 1;
            count.reads += 1;
            count.late += i64::from(entry.read.late);
            answers.push(Appended::New {
                position: position.cast_unsigned(),
            });
            rows.push(NewRow {
                entry,
                slot: *slot,
                salt,
                connection_key,
                position,
            });
        }
        insert(&mut tx, &rows).await?;
        remember_last(&mut tx, &rows).await?;
        add_counts(&mut tx, entries, &keys, &counts).await?;
        tx.commit().await?;
        Ok(answers)
    }
}

/// Half of the stored hash is enough: it only has to tell apart the reads of one hundredth of a
/// second, and those it does not are compared.
fn short_hash(read: &Read) -> i32 {
    let [_, _, _, _, low @ ..] = read.key_hash().to_be_bytes();
    i32::from_be_bytes(low)
}

impl Said {
    fn by(read: &Read) -> Self {
        Self {
            location: read.location.clone(),
            tag: read.tag.clone(),
            reader: read.reader.clone(),
            antenna: read.antenna.clone(),
        }
    }
}

fn slots_streams(slots: &[Slot]) -> Vec<i64> {
    slots.iter().map(|slot| slot.stream_key).collect()
}

/// Rows in as few statements as their set sizes allow.
fn in_statements<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = limits::STATEMENT_ROWS
            .into_iter()
            .find(|size| *size <= rows.len())?;
        let (now, rest) = rows.split_at(size);
        rows = rest;
        Some(now)
    })
}

async fn last_position(connection: &mut Connected) -> Result<i64> {
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(position) FROM read WHERE node = $1")
        .bind(NODE)
        .fetch_one(connection)
        .await?;
    Ok(last.unwrap_or(0))
}

async fn stream_keys(tx: &mut Tx, entries: &[JournalEntry]) -> Result<HashMap<StreamId, i64>> {
    let mut keys = HashMap::new();
    let mut owners: HashMap<StreamId, Uuid> = HashMap::new();
    for entry in entries {
        let (stream, partner) = (entry.read.stream, entry.scope.partner().0);
        match owners.get(&stream) {
            Some(owner) if *owner == partner => continue,
            Some(_) => return Err(StoreError::Foreign { what: "stream" }),
            None => {}
        }
        let key: Option<i64> =
            sqlx::query_scalar("SELECT key FROM stream WHERE partner_id = $1 AND id = $2")
                .bind(partner)
                .bind(stream.0)
                .fetch_optional(&mut **tx)
                .await?;
        keys.insert(stream, key.ok_or(StoreError::Foreign { what: "stream" })?);
        owners.insert(stream, partner);
    }
    Ok(keys)
}

/// What is stored in these slots, by salt.
async fn stored_in(tx: &mut Tx, slots: &[Slot]) -> Result<HashMap<Slot, Vec<Said>>> {
    let mut found: HashMap<Slot, Vec<Said>> = HashMap::new();
    for chunk in in_statements(slots) {
        let mut query = QueryBuilder::<Db>::new("WITH wanted (stream_key, wall, key_hash) AS (");
        query.push_values(chunk, |mut values, slot| {
            values
                .push_bind(slot.stream_key)
                .push_bind(slot.wall)
                .push_bind(i64::from(slot.hash));
        });
        query.push(
            ") SELECT DISTINCT r.stream_key, r.wall, r.key_hash, r.salt,
                      r.location, r.tag, r.reader, r.antenna
             FROM wanted w JOIN read r
             ON r.stream_key = w.stream_key AND r.wall = w.wall AND r.key_hash = w.key_hash
             ORDER BY r.stream_key, r.wall, r.key_hash, r.salt",
        );
        for row in query.build().fetch_all(&mut **tx).await? {
            let slot = Slot {
                stream_key: row.try_get(0)?,
                wall: row.try_get(1)?,
                hash: row.try_get(2)?,
            };
            let said = Said {
                location: row.try_get(4)?,
                tag: row.try_get(5)?,
                reader: row.try_get(6)?,
                antenna: row.try_get(7)?,
            };
            let here = found.entry(slot).or_default();
            // Two statements may have asked for the same slot.
            if !here.contains(&said) {
                here.push(said);
            }
        }
    }
    Ok(found)
}

async fn insert(tx: &mut Tx, rows: &[NewRow<'_>]) -> Result<()> {
    for chunk in in_statements(rows) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO read (node, position, partner_id, stream_key, connection_key, kind, wall,
                               key_hash, salt, location, tag, reader, antenna, time_text, dated,
                               sequence, occurrence, raw, received_at, late) ",
        );
        query.push_values(chunk, |mut values, row| {
            let read = &row.entry.read;
            values
                .push_bind(NODE)
                .push_bind(row.position)
                .push_bind(row.entry.scope.partner().0)
                .push_bind(row.slot.stream_key)
                .push_bind(row.connection_key)
                .push_bind(kind_number(read.kind))
                .push_bind(row.slot.wall)
                .push_bind(i64::from(row.slot.hash))
                .push_bind(row.salt)
                .push_bind(read.location.as_str())
                .push_bind(read.tag.as_str())
                .push_bind(read.reader.as_str())
                .push_bind(read.antenna.as_str())
                .push_bind(read.time_text.as_str())
                .push_bind(read.dated)
                .push_bind(read.sequence.map(u64::cast_signed))
                .push_bind(read.occurrence.as_str())
                .push_bind(read.raw.as_slice())
                .push_bind(read.received_at.0)
                .push_bind(read.late);
        });
        query.build().execute(&mut **tx).await?;
    }
    Ok(())
}

pub(crate) const fn kind_number(kind: ReadKind) -> i64 {
    match kind {
        ReadKind::Tag => 0,
        ReadKind::Gun => 1,
    }
}

async fn remember_last(tx: &mut Tx, rows: &[NewRow<'_>]) -> Result<()> {
    let mut last: HashMap<(i64, i64, &str), LastRead<'_>> = HashMap::new();
    for row in rows {
        let read = &row.entry.read;
        let place = (
            row.slot.stream_key,
            row.connection_key,
            read.location.as_str(),
        );
        last.insert(
            place,
            LastRead {
                partner: row.entry.scope.partner(),
                stream_key: row.slot.stream_key,
                connection_key: row.connection_key,
                location: &read.location,
                sequence: read.sequence,
                position: row.position,
            },
        );
    }
    for read in last.into_values() {
        resume::remember(tx, &read).await?;
    }
    Ok(())
}

async fn add_counts(
    tx: &mut Tx,
    entries: &[JournalEntry],
    keys: &HashMap<StreamId, i64>,
    counts: &HashMap<i64, Counts>,
) -> Result<()> {
    let partners: HashMap<i64, Uuid> = entries
        .iter()
        .map(|entry| (keys[&entry.read.stream], entry.scope.partner().0))
        .collect();
    for (stream_key, count) in counts {
        sqlx::query(
            "INSERT INTO stream_count (partner_id, stream_key, reads, duplicates, late,
                                       last_read_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (stream_key) DO UPDATE SET
                 reads = stream_count.reads + excluded.reads,
                 duplicates = stream_count.duplicates + excluded.duplicates,
                 late = stream_count.late + excluded.late,
                 last_read_at = CASE WHEN stream_count.last_read_at > excluded.last_read_at
                                THEN stream_count.last_read_at ELSE excluded.last_read_at END",
        )
        .bind(partners[stream_key])
        .bind(stream_key)
        .bind(count.reads)
        .bind(count.duplicates)
        .bind(count.late)
        .bind(count.last_read_at)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
