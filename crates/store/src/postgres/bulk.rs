//! Many reads in one statement: PostgreSQL takes them fastest as one array for each column.

use super::{
    Tx,
    both::{
        journal::{Known, NODE, NewRow, Said, Slot, kind_number},
        reads::UndatedRow,
    },
};
use crate::error::Result;
use model::{PartnerId, Read};
use sqlx::Row as _;

/// The reads of node `$1` after position `$2` in event `$4` of partner `$3`, at most `$5`: so many
/// of each stream along its own index. Joined in one, they would be looked for among the reads of
/// all partners and sorted, for every page.
pub(super) const READS_PAGE: &str =
    "SELECT s.id AS stream_id, c.name AS connection_name, r.position, r.kind, r.location,
            r.tag, r.wall, r.time_text, r.dated, r.sequence, r.occurrence, r.reader,
            r.antenna, r.raw, r.received_at, r.late, r.simulated
     FROM stream s
     CROSS JOIN LATERAL (
         SELECT * FROM read
         WHERE stream_key = s.key AND node = $1 AND position > $2
         ORDER BY position LIMIT $5
     ) r
     JOIN connection c ON c.key = r.connection_key
     WHERE s.partner_id = $3 AND s.event_id = $4
     ORDER BY r.position LIMIT $5";

/// What is stored in these slots, each slot's by salt.
pub(super) async fn stored_in(tx: &mut Tx, slots: &[Slot]) -> Result<Vec<(Slot, Known)>> {
    let column = |of: fn(&Slot) -> i64| slots.iter().map(of).collect::<Vec<i64>>();
    let rows = sqlx::query(
        "SELECT DISTINCT r.stream_key, r.wall, r.key_hash, r.salt,
                r.location, r.tag, r.reader, r.antenna, r.position
         FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[]) w (stream_key, wall, key_hash)
         JOIN read r
         ON r.stream_key = w.stream_key AND r.wall = w.wall AND r.key_hash = w.key_hash
         ORDER BY r.stream_key, r.wall, r.key_hash, r.salt",
    )
    .bind(column(|slot| slot.stream_key))
    .bind(column(|slot| slot.wall))
    .bind(column(|slot| slot.hash))
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
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
            let position = row.try_get(8)?;
            Ok((slot, Known { said, position }))
        })
        .collect()
}

/// The undated reads of a stream at these wall times, oldest first for each time.
pub(super) async fn undated_at(
    tx: &mut Tx,
    partner: PartnerId,
    stream_key: i64,
    walls: &[i64],
) -> Result<Vec<UndatedRow>> {
    Ok(sqlx::query_as(
        "SELECT location, sequence, tag, time_text, reader, wall FROM read
         WHERE partner_id = $1 AND stream_key = $2 AND NOT dated AND wall = ANY($3)
         ORDER BY position",
    )
    .bind(partner.0)
    .bind(stream_key)
    .bind(walls)
    .fetch_all(&mut **tx)
    .await?)
}

pub(super) async fn insert(tx: &mut Tx, partner: PartnerId, rows: &[&NewRow<'_>]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let numbers = |of: fn(&NewRow<'_>) -> i64| rows.iter().map(|row| of(row)).collect::<Vec<_>>();
    let truths = |of: fn(&Read) -> bool| rows.iter().map(|row| of(row.read)).collect::<Vec<_>>();
    sqlx::query(
        "INSERT INTO read (node, partner_id, position, stream_key, connection_key, kind, wall,
                           key_hash, salt, location, tag, reader, antenna, time_text, dated,
                           sequence, occurrence, raw, received_at, late, simulated)
         SELECT $1, $2, * FROM UNNEST(
             $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
             $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
             $15::boolean[], $16::bigint[], $17::text[], $18::bytea[], $19::bigint[],
             $20::boolean[], $21::boolean[])",
    )
    .bind(NODE)
    .bind(partner.0)
    .bind(numbers(|row| row.position))
    .bind(numbers(|row| row.slot.stream_key))
    .bind(numbers(|row| row.connection_key))
    .bind(numbers(|row| kind_number(row.read.kind)))
    .bind(numbers(|row| row.slot.wall))
    .bind(numbers(|row| row.slot.hash))
    .bind(numbers(|row| row.salt))
    .bind(texts(rows, |read| &read.location))
    .bind(texts(rows, |read| &read.tag))
    .bind(texts(rows, |read| &read.reader))
    .bind(texts(rows, |read| &read.antenna))
    .bind(texts(rows, |read| &read.time_text))
    .bind(truths(|read| read.dated))
    .bind(
        rows.iter()
            .map(|row| row.read.sequence.map(u64::cast_signed))
            .collect::<Vec<_>>(),
    )
    .bind(texts(rows, |read| &read.occurrence))
    .bind(
        rows.iter()
            .map(|row| row.read.raw.as_slice())
            .collect::<Vec<_>>(),
    )
    .bind(numbers(|row| row.read.received_at.0))
    .bind(truths(|read| read.late))
    .bind(truths(|read| read.simulated))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn texts<'a>(rows: &[&NewRow<'a>], of: fn(&'a Read) -> &'a String) -> Vec<&'a str> {
    rows.iter().map(|row| of(row.read).as_str()).collect()
}
