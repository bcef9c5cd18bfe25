//! `Messages`.

use super::{Backend, Row, Tx, changes};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError, violation},
    limits,
    message::Messages,
    name::Name,
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{
    Conditions, EventId, MessageId, PoolMessage, ShowId,
    limits::{MESSAGE_CHARS_MAX, MESSAGE_WEIGHT_MAX},
};
use sqlx::{Row as _, error::ErrorKind};
use uuid::Uuid;

#[async_trait]
impl Messages for Backend {
    async fn messages(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<PoolMessage>> {
        let mut tx = self.reading(scope).await?;
        let rows = sqlx::query(
            "SELECT id, show_id, text, weight, division, city, birthday, first_timer FROM message
             WHERE partner_id = $1 AND event_id = $2 ORDER BY id",
        )
        .bind(scope.partner().0)
        .bind(event.0)
        .fetch_all(&mut *tx)
        .await?;
        rows.iter().map(from_row).collect()
    }

    async fn add_messages(
        &self,
        scope: &PartnerScope,
        event: EventId,
        new: &[PoolMessage],
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        has_room(&mut tx, scope, event, new.len()).await?;
        for message in new {
            insert(&mut tx, scope, event, message).await?;
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Message, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn update_message(
        &self,
        scope: &PartnerScope,
        event: EventId,
        message: &PoolMessage,
    ) -> Result<PoolMessage> {
        let Checked { division, city } = check(message)?;
        let mut tx = self.begin(scope).await?;
        let before = one(&mut tx, scope, event, message.id).await?;
        sqlx::query(
            "UPDATE message SET show_id = $1, text = $2, weight = $3, division = $4, city = $5,
                    birthday = $6, first_timer = $7
             WHERE partner_id = $8 AND event_id = $9 AND id = $10",
        )
        .bind(message.show.map(|show| show.0))
        .bind(&message.text)
        .bind(i64::from(message.weight))
        .bind(division.shown)
        .bind(city.shown)
        .bind(message.conditions.birthday)
        .bind(message.conditions.first_timer)
        .bind(scope.partner().0)
        .bind(event.0)
        .bind(message.id.0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::foreign("show"))?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Message, event.0).await?;
        tx.commit().await?;
        Ok(before)
    }

    async fn remove_message(
        &self,
        scope: &PartnerScope,
        event: EventId,
        id: MessageId,
    ) -> Result<PoolMessage> {
        let mut tx = self.begin(scope).await?;
        let before = one(&mut tx, scope, event, id).await?;
        sqlx::query("DELETE FROM message WHERE partner_id = $1 AND event_id = $2 AND id = $3")
            .bind(scope.partner().0)
            .bind(event.0)
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Message, event.0).await?;
        tx.commit().await?;
        Ok(before)
    }
}

async fn one(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    id: MessageId,
) -> Result<PoolMessage> {
    let row = sqlx::query(
        "SELECT id, show_id, text, weight, division, city, birthday, first_timer FROM message
         WHERE partner_id = $1 AND event_id = $2 AND id = $3",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    from_row(&row.ok_or(StoreError::NotFound { what: "message" })?)
}

/// The event is there, and can have so many more.
async fn has_room(tx: &mut Tx, scope: &PartnerScope, event: EventId, more: usize) -> Result<()> {
    let messages: Option<i64> = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM message m WHERE m.partner_id = e.partner_id
                 AND m.event_id = e.id)
         FROM event e WHERE e.partner_id = $1 AND e.id = $2",
    )
    .bind(scope.partner().0)
    .bind(event.0)
    .fetch_optional(&mut **tx)
    .await?;
    let messages = messages.ok_or(StoreError::NotFound { what: "event" })?;
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    if messages.saturating_add(more) > limits::MESSAGES_PER_EVENT_MAX {
        return Err(StoreError::TooMany {
            what: "messages in the event",
            max: limits::MESSAGES_PER_EVENT_MAX.cast_unsigned(),
        });
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    message: &PoolMessage,
) -> Result<()> {
    let Checked { division, city } = check(message)?;
    sqlx::query(
        "INSERT INTO message (id, partner_id, event_id, show_id, text, weight, division, city,
                              birthday, first_timer)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(message.id.0)
    .bind(scope.partner().0)
    .bind(event.0)
    .bind(message.show.map(|show| show.0))
    .bind(&message.text)
    .bind(i64::from(message.weight))
    .bind(division.shown)
    .bind(city.shown)
    .bind(message.conditions.birthday)
    .bind(message.conditions.first_timer)
    .execute(&mut **tx)
    .await
    .map_err(|error| match violation(&error) {
        // An id that a message has, here or elsewhere.
        Some(ErrorKind::UniqueViolation) => StoreError::Foreign { what: "message" },
        _ => StoreError::foreign("show")(error),
    })?;
    Ok(())
}

/// What of it is kept in another form.
struct Checked {
    division: Name,
    city: Name,
}

fn check(message: &PoolMessage) -> Result<Checked> {
    let text = &message.text;
    let is_long = text.chars().count() > MESSAGE_CHARS_MAX;
    if text.trim().is_empty() || is_long || text.chars().any(char::is_control) {
        return Err(StoreError::Invalid {
            what: "message",
            rule: "be one line of 1 to 280 characters",
        });
    }
    if !(1..=MESSAGE_WEIGHT_MAX).contains(&message.weight) {
        return Err(StoreError::Invalid {
            what: "weight of the message",
            rule: "be from 1 to 100",
        });
    }
    Ok(Checked {
        division: Name::given_or_none("division", &message.conditions.division)?,
        city: Name::given_or_none("city", &message.conditions.city)?,
    })
}

const _: () = assert!(
    MESSAGE_CHARS_MAX == 280 && MESSAGE_WEIGHT_MAX == 100,
    "the rules in the errors say so"
);

fn from_row(row: &Row) -> Result<PoolMessage> {
    let weight: i64 = row.try_get("weight")?;
    Ok(PoolMessage {
        id: MessageId(row.try_get("id")?),
        show: row.try_get::<Option<Uuid>, _>("show_id")?.map(ShowId),
        text: row.try_get("text")?,
        weight: u32::try_from(weight).unwrap_or(MESSAGE_WEIGHT_MAX),
        conditions: Conditions {
            division: row.try_get("division")?,
            city: row.try_get("city")?,
            birthday: row.try_get("birthday")?,
            first_timer: row.try_get("first_timer")?,
        },
    })
}
