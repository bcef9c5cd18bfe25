//! `Events`.

use super::{Backend, Tx, changes, partner};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    event::{BibRule, Event, EventChange, EventRow, Events, NewEvent},
    name::Name,
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, PartnerId};
use uuid::Uuid;

#[async_trait]
impl Events for Backend {
    async fn create_event(&self, scope: &PartnerScope, new: NewEvent) -> Result<EventId> {
        let name = Name::given("event's name", &new.name)?;
        let id = EventId(Uuid::now_v7());
        let mut tx = self.begin(scope).await?;
        sqlx::query(
            "INSERT INTO event (id, partner_id, name, date, timezone, bib_rule)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id.0)
        .bind(scope.partner().0)
        .bind(name.shown)
        .bind(new.date)
        .bind(new.timezone)
        .bind(BibRule::default().name())
        .execute(&mut *tx)
        .await
        .map_err(StoreError::missing("partner"))?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Event, id.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn update_event(
        &self,
        scope: &PartnerScope,
        id: EventId,
        change: EventChange,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let event = event(&mut tx, scope, id).await?;
        let name = change.name.unwrap_or(event.name);
        let name = Name::given("event's name", &name)?;
        sqlx::query(
            "UPDATE event SET name = $1, date = $2, timezone = $3, archived = $4
             WHERE partner_id = $5 AND id = $6",
        )
        .bind(name.shown)
        .bind(change.date.unwrap_or(event.date))
        .bind(change.timezone.unwrap_or(event.timezone))
        .bind(change.archived.unwrap_or(event.archived))
        .bind(scope.partner().0)
        .bind(id.0)
        .execute(&mut *tx)
        .await?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Event, id.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn event(&self, scope: &PartnerScope, id: EventId) -> Result<Event> {
        event(&mut self.reading(scope).await?, scope, id).await
    }

    async fn events(&self, scope: &PartnerScope) -> Result<Vec<Event>> {
        let mut tx = self.reading(scope).await?;
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT id, partner_id, name, date, timezone, bib_rule, archived, simulated_until
             FROM event WHERE partner_id = $1 ORDER BY date, id",
        )
        .bind(scope.partner().0)
        .fetch_all(&mut *tx)
        .await?;
        rows.into_iter().map(Event::try_from).collect()
    }

    async fn set_bib_rule(
        &self,
        scope: &PartnerScope,
        event: EventId,
        rule: BibRule,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let done = sqlx::query("UPDATE event SET bib_rule = $1 WHERE partner_id = $2 AND id = $3")
            .bind(rule.name())
            .bind(scope.partner().0)
            .bind(event.0)
            .execute(&mut *tx)
            .await?;
        StoreError::unless_found(done.rows_affected(), "event")?;
        changes::append(&mut tx, scope.partner(), ChangeKind::Event, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn owner_of_event(&self, id: EventId) -> Result<Option<PartnerId>> {
        let mut tx = self.reading_global().await?;
        let lookup = "SELECT id FROM event WHERE partner_id = $1 AND id = $2";
        partner::owner_of(&mut tx, lookup, id.0).await
    }
}

async fn event(tx: &mut Tx, scope: &PartnerScope, id: EventId) -> Result<Event> {
    let row: Option<EventRow> = sqlx::query_as(
        "SELECT id, partner_id, name, date, timezone, bib_rule, archived, simulated_until
         FROM event WHERE partner_id = $1 AND id = $2",
    )
    .bind(scope.partner().0)
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    row.ok_or(StoreError::NotFound { what: "event" })?
        .try_into()
}
