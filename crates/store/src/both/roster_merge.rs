//! One chunk of an import: what is new, what differs, and who gets a chip.

use super::{Connected, Db, Row, Tx};
use crate::{
    error::Result,
    roster::{ChipConflict, Imported, NewParticipant},
    scope::PartnerScope,
};
use model::{EventId, fold_tag};
use sqlx::{QueryBuilder, Row as _};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A participant as stored, without chips.
pub(super) struct Known {
    pub(super) id: Uuid,
    pub(super) row: NewParticipant,
}

/// Adds, updates and counts one chunk of an import.
pub(super) async fn merge(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    chunk: &[(String, &NewParticipant)],
    done: &mut Imported,
) -> Result<()> {
    let known = known_by_bib(tx, scope, event, chunk).await?;
    let mut ids = Vec::with_capacity(chunk.len());
    let mut new = Vec::new();
    let mut changed = HashSet::new();
    for (bib, row) in chunk {
        let id = match known.get(bib) {
            None => {
                let id = Uuid::now_v7();
                new.push((id, bib.as_str(), *row));
                id
            }
            Some(known) => {
                if differs(&known.row, row) {
                    update(tx, scope, known.id, row).await?;
                    changed.insert(known.id);
                }
                known.id
            }
        };
        ids.push(id);
    }
    if !new.is_empty() {
        insert(tx, scope, event, &new).await?;
    }
    let with_new_chip = give_chips(tx, scope, event, chunk, &ids, &mut done.conflicts).await?;
    let added: HashSet<Uuid> = new.iter().map(|(id, ..)| *id).collect();
    changed.extend(with_new_chip.difference(&added));
    done.imported += added.len() as u64;
    done.updated += changed.len() as u64;
    done.unchanged += (chunk.len() - added.len() - changed.len()) as u64;
    Ok(())
}

/// In all but the chips, which are only ever added.
fn differs(known: &NewParticipant, row: &NewParticipant) -> bool {
    let NewParticipant {
        bib,
        first_name,
        last_name,
        gender,
        age,
        city,
        state,
        country,
        chips: _,
    } = known;
    (bib, first_name, last_name, gender) != (&row.bib, &row.first_name, &row.last_name, &row.gender)
        || (age, city, state, country) != (&row.age, &row.city, &row.state, &row.country)
}

async fn known_by_bib(
    connection: &mut Connected,
    scope: &PartnerScope,
    event: EventId,
    chunk: &[(String, &NewParticipant)],
) -> Result<HashMap<String, Known>> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT id, bib, first_name, last_name, gender, age, city, state, country, bib_folded
         FROM participant WHERE partner_id = ",
    );
    query.push_bind(scope.partner().0);
    query.push(" AND event_id = ").push_bind(event.0);
    query.push(" AND bib_folded IN (");
    let mut bibs = query.separated(", ");
    for (bib, _) in chunk {
        bibs.push_bind(bib.as_str());
    }
    query.push(")");
    query
        .build()
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("bib_folded")?, Known::from_row(row)?)))
        .collect()
}

async fn insert(
    connection: &mut Connected,
    scope: &PartnerScope,
    event: EventId,
    new: &[(Uuid, &str, &NewParticipant)],
) -> Result<()> {
    let mut query = QueryBuilder::<Db>::new(
        "INSERT INTO participant (id, partner_id, event_id, bib, bib_folded, first_name, last_name,
                                  gender, age, city, state, country) ",
    );
    query.push_values(new, |mut values, (id, bib_folded, row)| {
        values
            .push_bind(*id)
            .push_bind(scope.partner().0)
            .push_bind(event.0)
            .push_bind(row.bib.as_str())
            .push_bind(*bib_folded)
            .push_bind(row.first_name.as_str())
            .push_bind(row.last_name.as_str())
            .push_bind(row.gender.as_str())
            .push_bind(row.age.map(i64::from))
            .push_bind(row.city.as_str())
            .push_bind(row.state.as_str())
            .push_bind(row.country.as_str());
    });
    query.build().execute(connection).await?;
    Ok(())
}

async fn update(
    connection: &mut Connected,
    scope: &PartnerScope,
    id: Uuid,
    row: &NewParticipant,
) -> Result<()> {
    sqlx::query(
        "UPDATE participant SET bib = $1, first_name = $2, last_name = $3, gender = $4, age = $5,
                                city = $6, state = $7, country = $8
         WHERE partner_id = $9 AND id = $10",
    )
    .bind(&row.bib)
    .bind(&row.first_name)
    .bind(&row.last_name)
    .bind(&row.gender)
    .bind(row.age.map(i64::from))
    .bind(&row.city)
    .bind(&row.state)
    .bind(&row.country)
    .bind(scope.partner().0)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives the chips that nobody has; answers who got one.
async fn give_chips(
    connection: &mut Connected,
    scope: &PartnerScope,
    event: EventId,
    chunk: &[(String, &NewParticipant)],
    ids: &[Uuid],
    conflicts: &mut Vec<ChipConflict>,
) -> Result<HashSet<Uuid>> {
    let wanted: Vec<(String, &str, Uuid, &str)> = chunk
        .iter()
        .zip(ids)
        .flat_map(|((_, row), id)| {
            row.chips
                .iter()
                .map(|chip| (fold_tag(chip), chip.as_str(), *id, row.bib.as_str()))
        })
        .filter(|(folded, ..)| !folded.is_empty())
        .collect();
    if wanted.is_empty() {
        return Ok(HashSet::new());
    }
    let mut owners = owners_of(connection, scope, event, &wanted).await?;
    let mut given = Vec::new();
    for (folded, chip, id, bib) in &wanted {
        match owners.get(folded) {
            None => {
                owners.insert(folded.clone(), (*id, (*bib).to_owned()));
                given.push((folded.as_str(), chip.trim(), *id));
            }
            Some((owner, owner_bib)) if owner != id => conflicts.push(ChipConflict {
                chip: (*chip).to_owned(),
                bib: (*bib).to_owned(),
                owner_bib: owner_bib.clone(),
            }),
            Some(_) => {}
        }
    }
    if !given.is_empty() {
        let mut query = QueryBuilder::<Db>::new(
            "INSERT INTO chip (partner_id, event_id, chip_folded, chip, participant_id) ",
        );
        query.push_values(&given, |mut values, (folded, chip, id)| {
            values
                .push_bind(scope.partner().0)
                .push_bind(event.0)
                .push_bind(*folded)
                .push_bind(*chip)
                .push_bind(*id);
        });
        query.build().execute(connection).await?;
    }
    Ok(given.into_iter().map(|(.., id)| id).collect())
}

/// Who has these chips: participant and bib by folded chip.
async fn owners_of(
    connection: &mut Connected,
    scope: &PartnerScope,
    event: EventId,
    wanted: &[(String, &str, Uuid, &str)],
) -> Result<HashMap<String, (Uuid, String)>> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT c.chip_folded, p.id, p.bib FROM chip c
         JOIN participant p ON p.id = c.participant_id AND p.partner_id = c.partner_id
         WHERE c.partner_id = ",
    );
    query.push_bind(scope.partner().0);
    query.push(" AND c.event_id = ").push_bind(event.0);
    query.push(" AND c.chip_folded IN (");
    let mut chips = query.separated(", ");
    for (folded, ..) in wanted {
        chips.push_bind(folded.as_str());
    }
    query.push(")");
    let rows: Vec<(String, Uuid, String)> = query.build_query_as().fetch_all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|(folded, id, bib)| (folded, (id, bib)))
        .collect())
}

impl Known {
    pub(super) fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            row: NewParticipant {
                bib: row.try_get("bib")?,
                first_name: row.try_get("first_name")?,
                last_name: row.try_get("last_name")?,
                gender: row.try_get("gender")?,
                age: row
                    .try_get::<Option<i64>, _>("age")?
                    .and_then(|age| u16::try_from(age).ok()),
                city: row.try_get("city")?,
                state: row.try_get("state")?,
                country: row.try_get("country")?,
                chips: Vec::new(),
            },
        })
    }
}
