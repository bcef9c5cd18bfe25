//! Whose a timing connection is (design §4 "Whose is it").

use super::{Node, StreamRuntime};
use crate::{ServiceError, authority, authority::RouteProof};
use std::sync::Arc;
use store::{PartnerScope, Protocol};

/// A connection's stream, and the scope in which its reads are stored.
#[derive(Clone)]
pub struct Routed {
    pub runtime: Arc<StreamRuntime>,
    pub scope: PartnerScope,
}

pub enum Route {
    Stream(Routed),
    /// It belongs to a stream that is paused.
    Held(Arc<StreamRuntime>),
    /// Nothing proves whose it is.
    Unclaimed,
}

impl Node {
    /// Routes a CTP01 connection to `port`; `shared` tells whether that is the common listener.
    pub async fn route(&self, port: u16, shared: bool) -> Result<Route, ServiceError> {
        if !shared {
            let mut streams = self.registry.streams();
            streams.retain(|stream| stream.row().port == Some(port));
            // Of all that have the port, one at most is not paused.
            let now = self.clock.now();
            let own = streams.iter().find(|stream| stream.row().active(now));
            return Ok(match own.or(streams.first()) {
                Some(stream) => self.open_or_held(Arc::clone(stream), RouteProof::OwnPort),
                None => Route::Unclaimed,
            });
        }
        let rules = self.store.route_rules().await?;
        let rule = rules.iter().find(|rule| rule.protocol == Protocol::Ctp01);
        let ruled = rule.and_then(|rule| self.registry.stream(rule.stream));
        let ruled = match ruled.map(|stream| self.open_or_held(stream, RouteProof::SavedRule)) {
            Some(open @ Route::Stream(_)) => return Ok(open),
            held => held.unwrap_or(Route::Unclaimed),
        };
        // A stream that sleeps gives way to the only one that is awake; else it goes on holding.
        Ok(self.default_route().await?.unwrap_or(ruled))
    }

    /// On an install with a single partner: its only active stream of the protocol, saved as a
    /// rule, so that a second partner changes nothing for the first.
    async fn default_route(&self) -> Result<Option<Route>, ServiceError> {
        if self.registry.partners() != 1 {
            return Ok(None);
        }
        let now = self.clock.now();
        let mut active = self.registry.streams();
        active.retain(|stream| {
            let row = stream.row();
            row.protocol == Protocol::Ctp01 && row.port.is_none() && row.active(now)
        });
        let [only] = active.as_slice() else {
            return Ok(None);
        };
        let scope = authority::node_scope(only.partner);
        self.store
            .save_route_rule(&scope, Protocol::Ctp01, only.id)
            .await?;
        let route = self.open_or_held(Arc::clone(only), RouteProof::SavedRule);
        Ok(Some(route))
    }

    fn open_or_held(&self, runtime: Arc<StreamRuntime>, proof: RouteProof) -> Route {
        if !runtime.row().active(self.clock.now()) {
            return Route::Held(runtime);
        }
        let scope = authority::route_scope(runtime.partner, proof);
        Route::Stream(Routed { runtime, scope })
    }
}
