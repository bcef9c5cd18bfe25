//! Timing partners: the tenants. A global table, as finding a partner comes before any scope.

use crate::error::Result;
use async_trait::async_trait;
use model::PartnerId;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    pub id: PartnerId,
    pub name: String,
}

#[async_trait]
pub trait Partners {
    /// Names are compared without case; one that is there already is `Taken`.
    async fn create_partner(&self, name: &str) -> Result<PartnerId>;

    /// By name.
    async fn partners(&self) -> Result<Vec<Partner>>;

    /// By id, where the text is one, else by name.
    async fn partner_named(&self, name_or_id: &str) -> Result<Partner>;
}

impl From<(Uuid, String)> for Partner {
    fn from((id, name): (Uuid, String)) -> Self {
        Self {
            id: PartnerId(id),
            name,
        }
    }
}
