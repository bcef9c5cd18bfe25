//! Whose a timing connection is (design §4 "Whose is it").

use super::{Node, StreamRuntime};
use crate::{ServiceError, authority, authority::RouteProof};
use model::StreamId;
use std::{net::IpAddr, sync::Arc};
use store::{PartnerScope, Protocol, Stream};

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
    /// Routes a CTP01 connection from `peer` to `port`; `shared` tells whether that is the common
    /// listener.
    pub async fn route(
        &self,
        peer: IpAddr,
        port: u16,
        shared: bool,
    ) -> Result<Route, ServiceError> {
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
        let rule = rule.map(|rule| rule.stream);
        match self.by_address(peer, rule) {
            ByAddress::Nobodys => {}
            ByAddress::Ambiguous => return Ok(Route::Unclaimed),
            ByAddress::Stream(stream) => {
                let listed = self.registry.stream(stream);
                let route = listed.map(|it| self.open_or_held(it, RouteProof::AllowedAddress));
                return Ok(route.unwrap_or(Route::Unclaimed));
            }
        }
        let ruled = rule.and_then(|stream| self.registry.stream(stream));
        let ruled = match ruled.map(|stream| self.open_or_held(stream, RouteProof::SavedRule)) {
            Some(open @ Route::Stream(_)) => return Ok(open),
            held => held.unwrap_or(Route::Unclaimed),
        };
        // A stream that sleeps gives way to the only one that is awake; else it goes on holding.
        Ok(self.default_route().await?.unwrap_or(ruled))
    }

    /// Has every connection look again whose it is.
    pub(crate) fn look_for_routes_again(&self) {
        self.routes_changed.send_modify(|count| *count += 1);
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

    fn by_address(&self, peer: IpAddr, rule: Option<StreamId>) -> ByAddress {
        let now = self.clock.now();
        let rows: Vec<_> = self.registry.streams().iter().map(|it| it.row()).collect();
        by_address(peer, &rows, |row| row.active(now), rule)
    }
}

/// What a connection's address proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByAddress {
    /// Nobody lists it, or two partners do.
    Nobodys,
    /// One partner's, who lists it with several streams.
    Ambiguous,
    Stream(StreamId),
}

/// The stream that lists the address and is fed from the shared listener: the only one that is
/// active, else the one that the rule leads to, else the only one there is, which is paused.
fn by_address(
    peer: IpAddr,
    rows: &[Stream],
    is_active: impl Fn(&Stream) -> bool,
    rule: Option<StreamId>,
) -> ByAddress {
    let peer = peer.to_canonical();
    let listed = rows.iter().filter(|row| {
        let shared = row.protocol == Protocol::Ctp01 && row.port.is_none() && !row.archived;
        shared && row.addresses.iter().any(|it| it.to_canonical() == peer)
    });
    let listed: Vec<_> = listed.collect();
    let Some(first) = listed.first() else {
        return ByAddress::Nobodys;
    };
    if listed.iter().any(|row| row.partner != first.partner) {
        return ByAddress::Nobodys;
    }
    let active: Vec<_> = listed
        .iter()
        .copied()
        .filter(|row| is_active(row))
        .collect();
    let chosen = if active.is_empty() { listed } else { active };
    let ruled = chosen.iter().find(|row| Some(row.id) == rule);
    match (chosen.as_slice(), ruled) {
        ([only], _) => ByAddress::Stream(only.id),
        (_, Some(ruled)) => ByAddress::Stream(ruled.id),
        _ => ByAddress::Ambiguous,
    }
}

#[cfg(test)]
#[path = "route/tests.rs"]
mod tests;
