//! Timing partners: the tenants. A global table, as finding a partner comes before any scope.

use crate::{
    changes::{self, ChangeKind},
    error::{Result, StoreError},
    name::Name,
    sqlite::Store,
};
use model::PartnerId;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    pub id: PartnerId,
    pub name: String,
}

impl Store {
    /// Names are compared without case; one that is there already is `Taken`.
    pub async fn create_partner(&self, name: &str) -> Result<PartnerId> {
        let name = Name::given("partner's name", name)?;
        let id = PartnerId(Uuid::now_v7());
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO partner (id, name, name_folded) VALUES ($1, $2, $3)")
            .bind(id.0)
            .bind(name.shown)
            .bind(name.folded)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::taken("partner's name"))?;
        changes::append(&mut tx, id, ChangeKind::Partner, id.0).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// By name.
    pub async fn partners(&self) -> Result<Vec<Partner>> {
        let rows: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT id, name FROM partner ORDER BY name_folded")
                .fetch_all(self.reader())
                .await?;
        Ok(rows.into_iter().map(Partner::from).collect())
    }

    /// By id, where the text is one, else by name.
    pub async fn partner_named(&self, name_or_id: &str) -> Result<Partner> {
        let id = name_or_id.parse::<PartnerId>().ok().map(|id| id.0);
        let row: Option<(Uuid, String)> =
            sqlx::query_as("SELECT id, name FROM partner WHERE id = $1 OR name_folded = $2")
                .bind(id)
                .bind(name_or_id.trim().to_lowercase())
                .fetch_optional(self.reader())
                .await?;
        row.map(Partner::from)
            .ok_or(StoreError::NotFound { what: "partner" })
    }
}

impl From<(Uuid, String)> for Partner {
    fn from((id, name): (Uuid, String)) -> Self {
        Self {
            id: PartnerId(id),
            name,
        }
    }
}
