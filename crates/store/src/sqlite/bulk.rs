//! Many reads in few statements: `SQLite` takes them fastest as rows of `VALUES`.

use super::{
    Db, Tx,
    both::{
        journal::{Known, NODE, NewRow, Said, Slot, kind_number},
        reads::UndatedRow,
    },
};
use crate::error::Result;
use model::PartnerId;
use sqlx::{QueryBuilder, Row as _};

/// Rows of one statement. Sizes are few, so that the prepared statements are reused.
const STATEMENT_ROWS: [usize; 3] = [64, 8, 1];

/// The reads of node `$1` after position `$2` in event `$4` of partner `$3`, at most `$5`: along
/// the order of the journal, in which they lie.
pub(super) const READS_PAGE: &str =
    "SELECT s.id AS stream_id, c.name AS connection_name, r.position, r.kind, r.location,
            r.tag, r.wall, r.time_text, r.dated, r.sequence, r.occurrence, r.reader,
            r.antenna, r.raw, r.received_at, r.late, r.simulated
     FROM read r
     JOIN stream s ON s.key = r.stream_key AND s.partner_id = r.partner_id
     JOIN connection c ON c.key = r.connection_key
     WHERE r.node = $1 AND r.position > $2 AND r.partner_id = $3 AND s.event_id = $4
     ORDER BY r.position LIMIT $5";

/// What is stored in these slots, each slot's by salt.
pub(super) async fn stored_in(tx: &mut Tx, slots: &[Slot]) -> Result<Vec<(Slot, Known)>> {
    let mut found = Vec::new();
    for chunk in in_statements(slots) {
        let mut query = QueryBuilder::<Db>::new("WITH wanted (stream_key, wall, key_hash) AS (");
        query.push_values(chunk, |mut values, slot| {
            values
                .push_bind(slot.stream_key)
                .push_bind(slot.wall)
                .push_bind(slot.hash);
        });
        query.push(
            ") SELECT DISTINCT r.stream_key, r.wall, r.key_hash, r.salt,
                      r.location, r.tag, r.reader, r.antenna, r.position
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
            let position = row.try_get(8)?;
            found.push((slot, Known { said, position }));
        }
    }
    Ok(found)
}

/// The undated reads of a stream at these wall times, oldest first for each time.
pub(super) async fn undated_at(
    tx: &mut Tx,
    partner: PartnerId,
    stream_key: i64,
    walls: &[i64],
) -> Result<Vec<UndatedRow>> {
    let mut found = Vec::new();
    for chunk in in_statements(walls) {
        let mut query = QueryBuilder::<Db>::new("WITH wanted (wall) AS (");
        query.push_values(chunk, |mut values, wall| {
            values.push_bind(*wall);
        });
        query
            .push(
                ") SELECT r.location, r.sequence, r.tag, r.time_text, r.reader, r.wall
             FROM wanted w JOIN read r ON r.wall = w.wall AND r.stream_key = ",
            )
            .push_bind(stream_key)
            .push(" WHERE NOT r.dated AND r.partner_id = ")
            .push_bind(partner.0)
            .push(" ORDER BY r.position");
        found.extend(query.build_query_as().fetch_all(&mut **tx).await?);
    }
    Ok(found)
}

pub(super) async fn insert(tx: &mut Tx, partner: PartnerId, rows: &[&NewRow<'_>]) -> Result<()> {
    for chunk in in_statements(rows) {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO read (node, position, partner_id, stream_key, connection_key, kind, wall,
                               key_hash, salt, location, tag, reader, antenna, time_text, dated,
                               sequence, occurrence, raw, received_at, late, simulated) ",
        );
        query.push_values(chunk, |mut values, row| {
            let read = row.read;
            values
                .push_bind(NODE)
                .push_bind(row.position)
                .push_bind(partner.0)
                .push_bind(row.slot.stream_key)
                .push_bind(row.connection_key)
                .push_bind(kind_number(read.kind))
                .push_bind(row.slot.wall)
                .push_bind(row.slot.hash)
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
                .push_bind(read.late)
                .push_bind(read.simulated);
        });
        query.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Rows in as few statements as their set sizes allow.
fn in_statements<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = STATEMENT_ROWS
            .into_iter()
            .find(|size| *size <= rows.len())?;
        let (now, rest) = rows.split_at(size);
        rows = rest;
        Some(now)
    })
}

#[cfg(test)]
mod tests {
    use super::in_statements;

    #[test]
    fn rows_go_into_few_statements_of_set_sizes() {
        let check = |rows: usize, sizes: &[usize]| {
            let rows: Vec<usize> = (0..rows).collect();
            let chunks: Vec<&[usize]> = in_statements(&rows).collect();
            assert_eq!(chunks.concat(), rows);
            assert_eq!(
                chunks.iter().map(|chunk| chunk.len()).collect::<Vec<_>>(),
                sizes
            );
        };
        check(0, &[]);
        check(3, &[1, 1, 1]);
        check(64, &[64]);
        check(74, &[64, 8, 1, 1]);
    }
}
