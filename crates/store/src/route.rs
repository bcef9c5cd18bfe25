//! Saved rules for connections that prove nothing themselves: which stream they go to.

use crate::{
    changes::{self, ChangeKind},
    error::{Result, StoreError},
    scope::PartnerScope,
    sqlite::Store,
    stream::Protocol,
};
use model::{PartnerId, StreamId};
use uuid::Uuid;

/// Unclaimed connections of this protocol on the shared listener go to this stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteRule {
    pub protocol: Protocol,
    pub partner: PartnerId,
    pub stream: StreamId,
}

impl Store {
    /// Replaces this partner's own rule. `Taken` where another partner has the protocol's rule:
    /// what was decided for the first partner stays when a second one comes (design §4).
    pub async fn save_route_rule(
        &self,
        scope: &PartnerScope,
        protocol: Protocol,
        stream: StreamId,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
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

    /// Of all partners: for the server, which routes by them.
    pub async fn route_rules(&self) -> Result<Vec<RouteRule>> {
        let rows: Vec<(String, Uuid, Uuid)> = sqlx::query_as(
            "SELECT protocol, partner_id, stream_id FROM route_rule ORDER BY protocol",
        )
        .fetch_all(self.reader())
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
