//! `Routes`.

use super::{Backend, changes};
use crate::{
    changes::ChangeKind,
    error::{Result, StoreError},
    route::{RouteRule, Routes},
    scope::PartnerScope,
    stream::Protocol,
};
use async_trait::async_trait;
use model::{PartnerId, StreamId};
use uuid::Uuid;

#[async_trait]
impl Routes for Backend {
    async fn save_route_rule(
        &self,
        scope: &PartnerScope,
        protocol: Protocol,
        stream: StreamId,
    ) -> Result<()> {
        let mut tx = self.begin(scope).await?;
        let done = sqlx::query(
            "INSERT INTO route_rule (protocol, partner_id, stream_id) VALUES ($1, $2, $3)
             ON CONFLICT (protocol) DO UPDATE SET stream_id = excluded.stream_id
             WHERE route_rule.partner_id = excluded.partner_id",
        )
        .bind(protocol.name())
        .bind(scope.partner().0)
        .bind(stream.0)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::foreign("stream"))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Taken {
                what: "rule for connections of this protocol",
            });
        }
        changes::append(&mut tx, scope.partner(), ChangeKind::Route, stream.0).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn route_rules(&self) -> Result<Vec<RouteRule>> {
        let mut tx = self.reading_global().await?;
        let rows: Vec<(String, Uuid, Uuid)> = sqlx::query_as(
            "SELECT protocol, partner_id, stream_id FROM route_rule ORDER BY protocol",
        )
        .fetch_all(&mut *tx)
        .await?;
        rows.into_iter()
            .map(|(protocol, partner, stream)| {
                Ok(RouteRule {
                    protocol: protocol.parse()?,
                    partner: PartnerId(partner),
                    stream: StreamId(stream),
                })
            })
            .collect()
    }
}
