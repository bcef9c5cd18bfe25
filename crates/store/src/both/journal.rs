//! `Journal`. A batch is one transaction. Keys that are stored already are found before anything
//! is written, so that only new reads get positions; the unique index stands behind that as the
//! last word. What looks up and inserts many reads at once is each database's own (`bulk`).

use super::{Backend, Tx, bulk, enter, resume};
use crate::{
    error::{Result, StoreError},
    journal::{Appended, Journal, JournalEntry},
    limits,
};
use async_trait::async_trait;
use model::{PartnerId, Read, ReadKind, StreamId};
use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

/// The node of a store that serves one process's journal.
pub(crate) const NODE: i64 = 1;

/// What the unique index is over, but for the salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Slot {
    pub(crate) stream_key: i64,
    pub(crate) wall: i64,
    pub(crate) hash: i64,
}

/// A read that is stored, as far as another may be the same.
pub(crate) struct Known {
    pub(crate) said: Said,
    pub(crate) position: i64,
}

/// The rest of a read's key, compared where two share a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) location: String,
    pub(crate) tag: String,
    pub(crate) reader: String,
    pub(crate) antenna: String,
}

/// A new read on its way into the table.
pub(crate) struct NewRow<'a> {
    pub(crate) read: &'a Read,
    pub(crate) partner: PartnerId,
    pub(crate) slot: Slot,
    pub(crate) salt: i64,
    pub(crate) connection_key: i64,
    pub(crate) position: i64,
}

/// What is stored that a batch meets.
#[derive(Default)]
struct Met<'a> {
    streams: HashMap<StreamId, i64>,
    connections: HashMap<(i64, &'a str), i64>,
    /// By salt.
    taken: HashMap<Slot, Vec<Known>>,
}

#[derive(Default)]
struct Counts {
    reads: i64,
    duplicates: i64,
    late: i64,
    last_read_at: i64,
}

#[async_trait]
impl Journal for Backend {
    async fn append_reads(&self, entries: &[JournalEntry]) -> Result<Vec<Appended>> {
        self.append_in_time(entries, None).await
    }

    async fn append_reads_again(
        &self,
        entries: &[JournalEntry],
        answered: u64,
    ) -> Result<Vec<Appended>> {
        self.append_in_time(entries, Some(answered.cast_signed()))
            .await
    }

    async fn last_position(&self) -> Result<u64> {
        let mut tx = self.reading_global().await?;
        Ok(last_position(&mut tx).await?.cast_unsigned())
    }
}

impl Backend {
    async fn append_in_time(
        &self,
        entries: &[JournalEntry],
        answered: Option<i64>,
    ) -> Result<Vec<Appended>> {
        let entries = &*storable(entries);
        match tokio::time::timeout(limits::APPEND_WAIT, self.append(entries, answered)).await {
            Ok(answers) => answers,
            Err(_) => Err(StoreError::Unreachable {
                detail: "it did not finish what it was given".to_owned(),
            }),
        }
    }

    /// `answered` where the batch comes again: what is stored after it is the batch itself.
    async fn append(
        &self,
        entries: &[JournalEntry],
        answered: Option<i64>,
    ) -> Result<Vec<Appended>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.begin_journal().await?;
        let partners = partners_of(entries);
        let mut met = Met::default();
        for partner in &partners {
            enter(&mut tx, *partner).await?;
            met.look_up(&mut tx, *partner, entries).await?;
        }
        if let Some(answers) = answered.and_then(|answered| met.own(entries, answered)) {
            return Ok(answers);
        }
        let before = last_position(&mut tx).await?;
        let (answers, rows, counts) = met.sort_out(entries, before);
        for partner in &partners {
            if partners.len() > 1 {
                enter(&mut tx, *partner).await?;
            }
            let own: Vec<&NewRow<'_>> = rows.iter().filter(|row| row.partner == *partner).collect();
            bulk::insert(&mut tx, *partner, &own).await?;
            resume::remember(&mut tx, *partner, &own).await?;
            for ((owner, stream_key), count) in &counts {
                if owner == partner {
                    add_count(&mut tx, *partner, *stream_key, count).await?;
                }
            }
        }
        if let Some(last) = rows.last() {
            move_position(&mut tx, last.position).await?;
        }
        tx.commit().await?;
        Ok(answers)
    }
}

type SortedOut<'a> = (
    Vec<Appended>,
    Vec<NewRow<'a>>,
    HashMap<(PartnerId, i64), Counts>,
);

impl<'a> Met<'a> {
    /// Loads what one partner's entries meet, having entered its rows.
    async fn look_up(
        &mut self,
        tx: &mut Tx,
        partner: PartnerId,
        entries: &'a [JournalEntry],
    ) -> Result<()> {
        let own = || {
            entries
                .iter()
                .filter(|entry| entry.scope.partner() == partner)
                .map(|entry| &entry.read)
        };
        let mut streams = HashMap::new();
        for read in own() {
            if let Entry::Vacant(unknown) = streams.entry(read.stream) {
                unknown.insert(stream_key(tx, partner, read.stream).await?);
            }
        }
        let mut slots = Vec::new();
        for read in own() {
            let stream_key = streams[&read.stream];
            let name = connection_name(read);
            if let Entry::Vacant(unknown) = self.connections.entry((stream_key, name)) {
                unknown.insert(resume::connection_key(tx, partner, stream_key, name).await?);
            }
            slots.push(slot(stream_key, read));
        }
        self.streams.extend(streams);
        for (slot, known) in bulk::stored_in(tx, &slots).await? {
            let here = self.taken.entry(slot).or_default();
            // Two statements may have asked for the same slot.
            if !here.iter().any(|other| other.said == known.said) {
                here.push(known);
            }
        }
        Ok(())
    }

    /// The answers that a batch was to get when it was stored, where it was. It was so whole, in
    /// its own order: the first of two equal entries is the one that was new.
    fn own(&self, entries: &[JournalEntry], answered: i64) -> Option<Vec<Appended>> {
        let mut last = answered;
        let answer = |entry: &JournalEntry| {
            let slot = slot(self.streams[&entry.read.stream], &entry.read);
            let said = Said::by(&entry.read);
            let mut here = self.taken.get(&slot)?.iter();
            let position = here.find(|known| known.said == said)?.position;
            if position <= last {
                return Some(Appended::Duplicate);
            }
            last = position;
            Some(Appended::New {
                position: position.cast_unsigned(),
            })
        };
        let answers: Vec<_> = entries.iter().map(answer).collect::<Option<_>>()?;
        (last > answered).then_some(answers)
    }

    /// Answers each entry, and gives the new ones their positions after `position`.
    fn sort_out(mut self, entries: &'a [JournalEntry], mut position: i64) -> SortedOut<'a> {
        let mut answers = Vec::with_capacity(entries.len());
        let mut rows = Vec::with_capacity(entries.len());
        let mut counts: HashMap<(PartnerId, i64), Counts> = HashMap::new();
        for entry in entries {
            let (read, partner) = (&entry.read, entry.scope.partner());
            let stream_key = self.streams[&read.stream];
            let slot = slot(stream_key, read);
            let here = self.taken.entry(slot).or_default();
            let count = counts.entry((partner, stream_key)).or_default();
            count.last_read_at = count.last_read_at.max(read.received_at.0);
            let said = Said::by(read);
            if here.iter().any(|known| known.said == said) {
                count.duplicates += 1;
                answers.push(Appended::Duplicate);
                continue;
            }
            let salt = here.len() as i64;
            position += 1;
            here.push(Known { said, position });
            count.reads += 1;
            count.late += i64::from(read.late);
            answers.push(Appended::New {
                position: position.cast_unsigned(),
            });
            rows.push(NewRow {
                read,
                partner,
                slot,
                salt,
                connection_key: self.connections[&(stream_key, connection_name(read))],
                position,
            });
        }
        (answers, rows, counts)
    }
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

fn slot(stream_key: i64, read: &Read) -> Slot {
    Slot {
        stream_key,
        wall: read.wall.0,
        hash: i64::from(short_hash(read)),
    }
}

/// Half of the stored hash is enough: it only has to tell apart the reads of one hundredth of a
/// second, and those it does not are compared.
fn short_hash(read: &Read) -> i32 {
    let [_, _, _, _, low @ ..] = read.key_hash().to_be_bytes();
    i32::from_be_bytes(low)
}

/// The empty name is that of connections without one.
fn connection_name(read: &Read) -> &str {
    read.connection_name.as_deref().unwrap_or("")
}

pub(crate) const fn kind_number(kind: ReadKind) -> i64 {
    match kind {
        ReadKind::Tag => 0,
        ReadKind::Gun => 1,
    }
}

/// The entries with texts that both databases keep. Protocols let no control character through,
/// so nothing is copied; but one refused read would hold up all that come after it.
fn storable(entries: &[JournalEntry]) -> Cow<'_, [JournalEntry]> {
    let is_odd = |entry: &JournalEntry| {
        let read = &entry.read;
        [&read.location, &read.tag, &read.time_text, &read.occurrence]
            .into_iter()
            .chain([&read.reader, &read.antenna])
            .chain(&read.connection_name)
            .any(|text| text.contains('\0'))
    };
    if !entries.iter().any(is_odd) {
        return Cow::Borrowed(entries);
    }
    let mut storable = entries.to_vec();
    for JournalEntry { read, .. } in &mut storable {
        [
            &mut read.location,
            &mut read.tag,
            &mut read.time_text,
            &mut read.occurrence,
        ]
        .into_iter()
        .chain([&mut read.reader, &mut read.antenna])
        .chain(&mut read.connection_name)
        .for_each(|text| *text = text.replace('\0', "\u{fffd}"));
    }
    Cow::Owned(storable)
}

/// In order of first mention.
fn partners_of(entries: &[JournalEntry]) -> Vec<PartnerId> {
    let mut partners = Vec::new();
    for entry in entries {
        let partner = entry.scope.partner();
        if !partners.contains(&partner) {
            partners.push(partner);
        }
    }
    partners
}

async fn stream_key(tx: &mut Tx, partner: PartnerId, stream: StreamId) -> Result<i64> {
    let key: Option<i64> =
        sqlx::query_scalar("SELECT key FROM stream WHERE partner_id = $1 AND id = $2")
            .bind(partner.0)
            .bind(stream.0)
            .fetch_optional(&mut **tx)
            .await?;
    key.ok_or(StoreError::Foreign { what: "stream" })
}

/// Kept apart from the reads, of which no partner's transaction sees all.
pub(super) async fn last_position(tx: &mut Tx) -> Result<i64> {
    let last: Option<i64> = sqlx::query_scalar("SELECT position FROM node WHERE node = $1")
        .bind(NODE)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(last.unwrap_or(0))
}

async fn move_position(tx: &mut Tx, position: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO node (node, position) VALUES ($1, $2)
         ON CONFLICT (node) DO UPDATE SET position = excluded.position",
    )
    .bind(NODE)
    .bind(position)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn add_count(tx: &mut Tx, partner: PartnerId, stream_key: i64, count: &Counts) -> Result<()> {
    sqlx::query(
        "INSERT INTO stream_count (partner_id, stream_key, reads, duplicates, late, last_read_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (stream_key) DO UPDATE SET
             reads = stream_count.reads + excluded.reads,
             duplicates = stream_count.duplicates + excluded.duplicates,
             late = stream_count.late + excluded.late,
             last_read_at = CASE WHEN stream_count.last_read_at > excluded.last_read_at
                            THEN stream_count.last_read_at ELSE excluded.last_read_at END",
    )
    .bind(partner.0)
    .bind(stream_key)
    .bind(count.reads)
    .bind(count.duplicates)
    .bind(count.late)
    .bind(count.last_read_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{UnixMicros, WallTime};
    use uuid::Uuid;

    #[test]
    fn short_hash_is_stored_and_so_never_changes() {
        let read = Read {
            stream: StreamId(Uuid::nil()),
            kind: ReadKind::Tag,
            location: "FINISH".to_owned(),
            tag: "101".to_owned(),
            wall: WallTime(177_000_000_000),
            time_text: String::new(),
            dated: false,
            sequence: None,
            occurrence: String::new(),
            reader: "0F2A38".to_owned(),
            antenna: "1".to_owned(),
            connection_name: None,
            raw: Vec::new(),
            received_at: UnixMicros(0),
            late: false,
            simulated: false,
        };
        assert_eq!(short_hash(&read), 1_491_944_522_119_609_478_i64 as i32);
    }
}
