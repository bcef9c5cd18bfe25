//! Saved rules for connections that prove nothing themselves: which stream they go to.

use crate::{error::Result, scope::PartnerScope, stream::Protocol};
use async_trait::async_trait;
use model::{PartnerId, StreamId};

/// Unclaimed connections of this protocol on the shared listener go to this stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteRule {
    pub protocol: Protocol,
    pub partner: PartnerId,
    pub stream: StreamId,
}

#[async_trait]
pub trait Routes {
    /// Replaces this partner's own rule. `Taken` where another partner has the protocol's rule:
    /// what was decided for the first partner stays when a second one comes (design §4).
    async fn save_route_rule(
        &self,
        scope: &PartnerScope,
        protocol: Protocol,
        stream: StreamId,
    ) -> Result<()>;

    /// Of all partners: for the server, which routes by them.
    async fn route_rules(&self) -> Result<Vec<RouteRule>>;
}
