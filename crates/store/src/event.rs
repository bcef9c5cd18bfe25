//! Events: race weekends of a partner.

use crate::{
    changes::{self, ChangeKind},
    error::{Result, StoreError},
    name::Name,
    scope::PartnerScope,
    sqlite::Store,
};
use model::{EventId, PartnerId, StreamId};
use uuid::Uuid;

/// Whether a tag on the wire may be the bib itself (design §4 "Who is it").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BibRule {
    /// While the event has no chip.
    #[default]
    Auto,
    /// Beside the chips too: somebody asked for it.
    Always,
}

impl BibRule {
    const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub name: String,
    /// `2026-03-06`; checked by the caller.
    pub date: String,
    /// An IANA name; checked by the caller.
    pub timezone: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub partner: PartnerId,
    pub name: String,
    pub date: String,
    pub timezone: String,
    pub bib_rule: BibRule,
}

type EventRow = (Uuid, Uuid, String, String, String, String);

impl Store {
    pub async fn create_event(&self, scope: &PartnerScope, new: NewEvent) -> Result<EventId> {
        let name = Name::given("event's name", &new.name)?;
        let id = EventId(Uuid::now_v7());
        let mut tx = self.begin().await?;
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

    pub async fn event(&self, scope: &PartnerScope, id: EventId) -> Result<Event> {
        let row: Option<EventRow> = sqlx::query_as(
            "SELECT id, partner_id, name, date, timezone, bib_rule FROM event
             WHERE partner_id = $1 AND id = $2",
        )
        .bind(scope.partner().0)
        .bind(id.0)
        .fetch_optional(self.reader())
        .await?;
        row.ok_or(StoreError::NotFound { what: "event" })?
            .try_into()
    }

    /// The oldest first.
    pub async fn events(&self, scope: &PartnerScope) -> Result<Vec<Event>> {
        let rows: Vec<EventRow> = sqlx::query_as(
            "SELECT id, partner_id, name, date, timezone, bib_rule FROM event
             WHERE partner_id = $1 ORDER BY date, id",
        )
        .bind(scope.partner().0)
        .fetch_all(self.reader())
        .await?;
        rows.into_iter().map(Event::try_from).collect()
    }

    pub async fn set_bib_rule(
        &self,
        scope: &PartnerScope,
        event: EventId,
        rule: BibRule,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE event SET bib_rule = $1 WHERE partner_id = $2 AND id = $3")
            .bind(rule.name())
            .bind(scope.partner().0)
            .bind(event.0)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound { what: "event" });
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Event, event.0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose event it is: for the authority, which has no scope yet.
    pub async fn owner_of_event(&self, id: EventId) -> Result<Option<PartnerId>> {
        let owner: Option<Uuid> = sqlx::query_scalar("SELECT partner_id FROM event WHERE id = $1")
            .bind(id.0)
            .fetch_optional(self.reader())
            .await?;
        Ok(owner.map(PartnerId))
    }

    /// Whose stream it is: for the authority, which has no scope yet.
    pub async fn owner_of_stream(&self, id: StreamId) -> Result<Option<PartnerId>> {
        let owner: Option<Uuid> = sqlx::query_scalar("SELECT partner_id FROM stream WHERE id = $1")
            .bind(id.0)
            .fetch_optional(self.reader())
            .await?;
        Ok(owner.map(PartnerId))
    }
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;
    fn try_from((id, partner, name, date, timezone, rule): EventRow) -> Result<Self> {
        Ok(Self {
            id: EventId(id),
            partner: PartnerId(partner),
            name,
            date,
            timezone,
            bib_rule: [BibRule::Auto, BibRule::Always]
                .into_iter()
                .find(|known| known.name() == rule)
                .ok_or_else(|| StoreError::Corrupt {
                    detail: format!("unknown bib rule {rule:?}"),
                })?,
        })
    }
}
