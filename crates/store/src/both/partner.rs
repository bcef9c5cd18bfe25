//! `Partners`.

use super::{Backend, Tx, changes, enter};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    name::Name,
    partner::{Partner, Partners},
};
use async_trait::async_trait;
use model::PartnerId;
use uuid::Uuid;

#[async_trait]
impl Partners for Backend {
    async fn create_partner(&self, name: &str) -> Result<PartnerId> {
        let name = Name::given("partner's name", name)?;
        let id = PartnerId(Uuid::now_v7());
        let mut tx = self.begin_global().await?;
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

    async fn partners(&self) -> Result<Vec<Partner>> {
        let mut tx = self.reading_global().await?;
        let rows: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT id, name FROM partner ORDER BY name_folded")
                .fetch_all(&mut *tx)
                .await?;
        Ok(rows.into_iter().map(Partner::from).collect())
    }

    async fn partner_named(&self, name_or_id: &str) -> Result<Partner> {
        let id = name_or_id.parse::<PartnerId>().ok().map(|id| id.0);
        let mut tx = self.reading_global().await?;
        let row: Option<(Uuid, String)> =
            sqlx::query_as("SELECT id, name FROM partner WHERE id = $1 OR name_folded = $2")
                .bind(id)
                .bind(name_or_id.trim().to_lowercase())
                .fetch_optional(&mut *tx)
                .await?;
        row.map(Partner::from)
            .ok_or(StoreError::NotFound { what: "partner" })
    }
}

/// Every partner: for what looks into each one's rows in turn.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<PartnerId>> {
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM partner ORDER BY id")
        .fetch_all(&mut **tx)
        .await?;
    Ok(ids.into_iter().map(PartnerId).collect())
}

/// Whose the row of this id is. `lookup` finds it among those of one partner (`$1`) by its id
/// (`$2`).
pub(super) async fn owner_of(
    tx: &mut Tx,
    lookup: &'static str,
    id: Uuid,
) -> Result<Option<PartnerId>> {
    for partner in all(tx).await? {
        enter(tx, partner).await?;
        let found: Option<Uuid> = sqlx::query_scalar(lookup)
            .bind(partner.0)
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
        if found.is_some() {
            return Ok(Some(partner));
        }
    }
    Ok(None)
}
