//! Events: race weekends of a partner.

use crate::{
    error::{Result, StoreError},
    scope::PartnerScope,
};
use async_trait::async_trait;
use model::{EventId, PartnerId, UnixMicros};
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
    pub(crate) const fn name(self) -> &'static str {
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
    /// Put away by somebody's hand. It keeps all that it has.
    pub archived: bool,
    /// Before then, what the simulator sent is put aside. See `model::Edit::SimulatedUntil`.
    pub simulated_until: Option<UnixMicros>,
}

/// What to alter; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventChange {
    pub name: Option<String>,
    /// As in `NewEvent`.
    pub date: Option<String>,
    /// As in `NewEvent`.
    pub timezone: Option<String>,
    pub archived: Option<bool>,
}

#[async_trait]
pub trait Events {
    async fn create_event(&self, scope: &PartnerScope, new: NewEvent) -> Result<EventId>;

    async fn event(&self, scope: &PartnerScope, id: EventId) -> Result<Event>;

    async fn update_event(
        &self,
        scope: &PartnerScope,
        id: EventId,
        change: EventChange,
    ) -> Result<()>;

    /// The oldest first, archived ones too.
    async fn events(&self, scope: &PartnerScope) -> Result<Vec<Event>>;

    async fn set_bib_rule(&self, scope: &PartnerScope, event: EventId, rule: BibRule)
    -> Result<()>;

    /// Whose event it is: for the authority, which has no scope yet.
    async fn owner_of_event(&self, id: EventId) -> Result<Option<PartnerId>>;
}

/// Id, partner, name, date, time zone, bib rule, archived, simulated until.
pub(crate) type EventRow = (
    Uuid,
    Uuid,
    String,
    String,
    String,
    String,
    bool,
    Option<i64>,
);

impl TryFrom<EventRow> for Event {
    type Error = StoreError;
    fn try_from(row: EventRow) -> Result<Self> {
        let (id, partner, name, date, timezone, rule, archived, simulated_until) = row;
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
            archived,
            simulated_until: simulated_until.map(UnixMicros),
        })
    }
}
