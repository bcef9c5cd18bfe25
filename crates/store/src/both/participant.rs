//! Participants and chips as rows: for imports, deeds and whoever reads the roster.
//!
//! Says who holds what; what to do about it is the caller's.

use super::{Connected, Db, Row};
use crate::{
    error::{Result, StoreError, violation},
    limits,
    participant::{Known, chip_of, custom_of, custom_text, fields_of, fields_text, from_number},
    scope::PartnerScope,
};
use model::{Chip, EventId, Participant, ParticipantId, WaveId, fold_tag};
use sqlx::{QueryBuilder, Row as _, error::ErrorKind};
use std::collections::HashMap;
use uuid::Uuid;

/// Whose rows all of this is about.
#[derive(Clone, Copy)]
pub(super) struct Roster {
    partner: Uuid,
    event: Uuid,
}

type OfText = fn(String) -> Known;

/// A chip of somebody's.
pub(super) struct Owned {
    pub(super) chip: Chip,
    pub(super) owner: ParticipantId,
    pub(super) owner_bib: String,
}

impl Roster {
    pub(super) fn of(scope: &PartnerScope, event: EventId) -> Self {
        Self {
            partner: scope.partner().0,
            event: event.0,
        }
    }

    /// All of them, or those of these ids; in the order in which they were made.
    pub(super) async fn load(
        self,
        connection: &mut Connected,
        ids: Option<&[ParticipantId]>,
    ) -> Result<Vec<Participant>> {
        let mut chips = self.chips(connection, ids).await?;
        let mut query = QueryBuilder::<Db>::new(
            "SELECT id, registration_id, bib, first_name, last_name, gender, age, birth_date, city,
                    state, country, division, team, note, say_as, private, withdrawn, wave_id,
                    custom, hand_edited
             FROM participant",
        );
        self.among(&mut query, "id", ids.map(uuids));
        query.push(" ORDER BY id");
        let rows = query.build().fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let mut participant = from_row(row)?;
                participant.chips = chips.remove(&participant.id.0).unwrap_or_default();
                Ok(participant)
            })
            .collect()
    }

    async fn chips(
        self,
        connection: &mut Connected,
        ids: Option<&[ParticipantId]>,
    ) -> Result<HashMap<Uuid, Vec<Chip>>> {
        let mut query =
            QueryBuilder::<Db>::new("SELECT participant_id, chip, valid_from, valid_to FROM chip");
        self.among(&mut query, "participant_id", ids.map(uuids));
        query.push(" ORDER BY chip_folded, valid_from");
        let rows: Vec<(Uuid, String, i64, Option<i64>)> =
            query.build_query_as().fetch_all(connection).await?;
        let mut chips: HashMap<Uuid, Vec<Chip>> = HashMap::new();
        for (participant, tag, from, to) in rows {
            let chip = chip_of(tag, from, to);
            chips.entry(participant).or_default().push(chip);
        }
        Ok(chips)
    }

    /// Adds the condition that rows are of this event, and that `column` is one of `values`.
    fn among<T>(self, query: &mut QueryBuilder<Db>, column: &str, values: Option<Vec<T>>)
    where
        T: for<'q> sqlx::Encode<'q, Db> + sqlx::Type<Db>,
    {
        query.push(" WHERE partner_id = ").push_bind(self.partner);
        query.push(" AND event_id = ").push_bind(self.event);
        if let Some(values) = values {
            query.push(format_args!(" AND {column} IN ("));
            let mut list = query.separated(", ");
            for value in values {
                list.push_bind(value);
            }
            query.push(")");
        }
    }

    /// Who is known by any of these.
    pub(super) async fn holders(
        self,
        connection: &mut Connected,
        wanted: &[Known],
    ) -> Result<HashMap<Known, ParticipantId>> {
        let (mut bibs, mut registrations) = (Vec::new(), Vec::new());
        for known in wanted {
            match known {
                Known::Bib(bib) => bibs.push(bib.clone()),
                Known::Registration(registration) => registrations.push(registration.clone()),
            }
        }
        let mut holders = HashMap::new();
        for (column, values, known) in [
            ("bib_folded", bibs, Known::Bib as OfText),
            ("registration_id", registrations, Known::Registration),
        ] {
            if values.is_empty() {
                continue;
            }
            let select = format!("SELECT id, {column} FROM participant");
            let mut query = QueryBuilder::<Db>::new(select);
            self.among(&mut query, column, Some(values));
            let rows: Vec<(Uuid, String)> =
                query.build_query_as().fetch_all(&mut *connection).await?;
            let rows = rows.into_iter();
            holders.extend(rows.map(|(id, text)| (known(text), ParticipantId(id))));
        }
        Ok(holders)
    }

    /// Frees the bibs and registration ids of these for others, until they are written again.
    pub(super) async fn let_go(
        self,
        connection: &mut Connected,
        ids: &[ParticipantId],
    ) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut query = QueryBuilder::<Db>::new(
            "UPDATE participant SET bib_folded = NULL, registration_id = NULL",
        );
        self.among(&mut query, "id", Some(uuids(ids)));
        query.build().execute(connection).await?;
        Ok(())
    }

    /// Without their chips. Nobody else has their ids, bibs and registration ids.
    pub(super) async fn insert(
        self,
        connection: &mut Connected,
        new: &[&Participant],
    ) -> Result<()> {
        for chunk in new.chunks(limits::IMPORT_CHUNK_ROWS) {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO participant (id, partner_id, event_id, registration_id, bib,
                     bib_folded, first_name, last_name, gender, age, birth_date, city, state,
                     country, division, team, note, say_as, private, withdrawn, wave_id, custom,
                     hand_edited) ",
            );
            query.push_values(chunk, |mut values, row| {
                values
                    .push_bind(row.id.0)
                    .push_bind(self.partner)
                    .push_bind(self.event)
                    .push_bind(row.registration_id.as_deref())
                    .push_bind(row.bib.as_str())
                    .push_bind(folded_bib(row))
                    .push_bind(row.first_name.as_str())
                    .push_bind(row.last_name.as_str())
                    .push_bind(row.gender.as_str())
                    .push_bind(row.age.map(i64::from))
                    .push_bind(row.birth_date.as_str())
                    .push_bind(row.city.as_str())
                    .push_bind(row.state.as_str())
                    .push_bind(row.country.as_str())
                    .push_bind(row.division.as_str())
                    .push_bind(row.team.as_str())
                    .push_bind(row.note.as_str())
                    .push_bind(row.say_as.as_str())
                    .push_bind(row.private)
                    .push_bind(row.withdrawn)
                    .push_bind(row.wave.map(|wave| wave.0))
                    .push_bind(custom_text(&row.custom))
                    .push_bind(fields_text(&row.hand_edited));
            });
            let done = query.build().execute(&mut *connection).await;
            done.map_err(|error| match violation(&error) {
                // An id that somebody has elsewhere.
                Some(ErrorKind::UniqueViolation) => StoreError::Foreign {
                    what: "participant",
                },
                _ => StoreError::foreign("wave")(error),
            })?;
        }
        Ok(())
    }

    /// All but the chips.
    pub(super) async fn update(self, connection: &mut Connected, row: &Participant) -> Result<()> {
        sqlx::query(
            "UPDATE participant SET registration_id = $1, bib = $2, bib_folded = $3,
                 first_name = $4, last_name = $5, gender = $6, age = $7, birth_date = $8,
                 city = $9, state = $10, country = $11, division = $12, team = $13, note = $14,
                 say_as = $15, private = $16, withdrawn = $17, wave_id = $18, custom = $19,
                 hand_edited = $20
             WHERE partner_id = $21 AND event_id = $22 AND id = $23",
        )
        .bind(row.registration_id.as_deref())
        .bind(row.bib.as_str())
        .bind(folded_bib(row))
        .bind(row.first_name.as_str())
        .bind(row.last_name.as_str())
        .bind(row.gender.as_str())
        .bind(row.age.map(i64::from))
        .bind(row.birth_date.as_str())
        .bind(row.city.as_str())
        .bind(row.state.as_str())
        .bind(row.country.as_str())
        .bind(row.division.as_str())
        .bind(row.team.as_str())
        .bind(row.note.as_str())
        .bind(row.say_as.as_str())
        .bind(row.private)
        .bind(row.withdrawn)
        .bind(row.wave.map(|wave| wave.0))
        .bind(custom_text(&row.custom))
        .bind(fields_text(&row.hand_edited))
        .bind(self.partner)
        .bind(self.event)
        .bind(row.id.0)
        .execute(connection)
        .await
        .map_err(StoreError::foreign("wave"))?;
        Ok(())
    }

    /// Whose chips are gone already.
    pub(super) async fn remove(self, connection: &mut Connected, id: ParticipantId) -> Result<()> {
        sqlx::query("DELETE FROM participant WHERE partner_id = $1 AND event_id = $2 AND id = $3")
            .bind(self.partner)
            .bind(self.event)
            .bind(id.0)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Who has chips with these folded tags, whenever they are valid.
    pub(super) async fn owners(
        self,
        connection: &mut Connected,
        folded: &[String],
    ) -> Result<HashMap<String, Vec<Owned>>> {
        let mut owners: HashMap<String, Vec<Owned>> = HashMap::new();
        if folded.is_empty() {
            return Ok(owners);
        }
        let mut query = QueryBuilder::<Db>::new(
            "SELECT c.chip_folded, c.chip, c.valid_from, c.valid_to, p.id, p.bib FROM chip c
             JOIN participant p ON p.id = c.participant_id AND p.partner_id = c.partner_id
             WHERE c.partner_id = ",
        );
        query.push_bind(self.partner);
        query.push(" AND c.event_id = ").push_bind(self.event);
        query.push(" AND c.chip_folded IN (");
        let mut list = query.separated(", ");
        for text in folded {
            list.push_bind(text.as_str());
        }
        query.push(")");
        let rows: Vec<(String, String, i64, Option<i64>, Uuid, String)> =
            query.build_query_as().fetch_all(connection).await?;
        for (folded, tag, from, to, owner, owner_bib) in rows {
            owners.entry(folded).or_default().push(Owned {
                chip: chip_of(tag, from, to),
                owner: ParticipantId(owner),
                owner_bib,
            });
        }
        Ok(owners)
    }

    pub(super) async fn give_chips(
        self,
        connection: &mut Connected,
        given: &[(ParticipantId, Chip)],
    ) -> Result<()> {
        for chunk in given.chunks(limits::IMPORT_CHUNK_ROWS) {
            let mut query = QueryBuilder::<Db>::new(
                "INSERT INTO chip (partner_id, event_id, chip_folded, chip, participant_id,
                                   valid_from, valid_to) ",
            );
            query.push_values(chunk, |mut values, (participant, chip)| {
                values
                    .push_bind(self.partner)
                    .push_bind(self.event)
                    .push_bind(fold_tag(&chip.tag))
                    .push_bind(chip.tag.as_str())
                    .push_bind(participant.0)
                    .push_bind(from_number(chip))
                    .push_bind(chip.valid_to.map(|to| to.0));
            });
            query.build().execute(&mut *connection).await?;
        }
        Ok(())
    }

    pub(super) async fn take_chip(self, connection: &mut Connected, chip: &Chip) -> Result<()> {
        sqlx::query(
            "DELETE FROM chip WHERE partner_id = $1 AND event_id = $2 AND chip_folded = $3
             AND valid_from = $4",
        )
        .bind(self.partner)
        .bind(self.event)
        .bind(fold_tag(&chip.tag))
        .bind(from_number(chip))
        .execute(connection)
        .await?;
        Ok(())
    }
}

fn uuids(ids: &[ParticipantId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

fn folded_bib(row: &Participant) -> Option<String> {
    Some(fold_tag(&row.bib)).filter(|bib| !bib.is_empty())
}

fn from_row(row: &Row) -> Result<Participant> {
    let custom: String = row.try_get("custom")?;
    let hand_edited: String = row.try_get("hand_edited")?;
    Ok(Participant {
        id: ParticipantId(row.try_get("id")?),
        registration_id: row.try_get("registration_id")?,
        bib: row.try_get("bib")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        gender: row.try_get("gender")?,
        age: row
            .try_get::<Option<i64>, _>("age")?
            .and_then(|age| u16::try_from(age).ok()),
        birth_date: row.try_get("birth_date")?,
        city: row.try_get("city")?,
        state: row.try_get("state")?,
        country: row.try_get("country")?,
        division: row.try_get("division")?,
        team: row.try_get("team")?,
        note: row.try_get("note")?,
        say_as: row.try_get("say_as")?,
        private: row.try_get("private")?,
        withdrawn: row.try_get("withdrawn")?,
        wave: row.try_get::<Option<Uuid>, _>("wave_id")?.map(WaveId),
        custom: custom_of(&custom)?,
        chips: Vec::new(),
        hand_edited: fields_of(&hand_edited)?,
    })
}
