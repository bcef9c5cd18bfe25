//! Whose an unclaimed connection is, said by a person.

use crate::{
    Caller, Node, Right, ServiceError,
    ingest::{ConnectionId, ConnectionState, ConnectionStatus},
    setup,
};
use model::{PartnerId, StreamId};
use store::{PartnerScope, Protocol, Store};

/// Gives a connection to a stream: it is started at once, with nothing done at the device. What was
/// decided is saved as the rule for all that comes to the shared port (design §4 "Whose is it").
pub async fn claim(
    node: &Node,
    caller: &Caller,
    connection: u64,
    stream: StreamId,
) -> Result<(), ServiceError> {
    let scope = setup::scope_of_stream(node.store(), caller, stream, Right::Run).await?;
    let status = node.connections.get(ConnectionId(connection));
    // Another partner's connection is as one that is not there.
    let own = |status: &ConnectionStatus| {
        let runtime = status.stream.and_then(|id| node.registry.stream(id));
        runtime.is_none_or(|runtime| runtime.partner == scope.partner())
    };
    let Some(status) = status.filter(own) else {
        return Err(ServiceError::NotFound {
            what: "connection",
            which: connection.to_string(),
            hint: "it may have gone, or dialled again under another number",
        });
    };
    if !node.is_claimable(&status) {
        // A new stream that is the only one takes what waits before anybody can say so.
        if status.stream == Some(stream) {
            return Ok(());
        }
        return Err(ServiceError::invalid(
            "connection",
            "it has its stream; pause that one first if it is the wrong one",
        ));
    }
    save(node.store(), &scope, stream).await?;
    node.look_for_routes_again();
    Ok(())
}

/// The same from a shell, for whatever waits or comes at the shared port.
pub async fn claim_shared(
    store: &dyn Store,
    caller: &Caller,
    stream: StreamId,
) -> Result<(), ServiceError> {
    let scope = setup::scope_of_stream(store, caller, stream, Right::Run).await?;
    save(store, &scope, stream).await
}

async fn save(
    store: &dyn Store,
    scope: &PartnerScope,
    stream: StreamId,
) -> Result<(), ServiceError> {
    let streams = store.all_streams().await?;
    let row = streams.into_iter().find(|row| row.id == stream);
    if row.as_ref().is_some_and(|row| row.port.is_some()) {
        return Err(ServiceError::invalid(
            "stream",
            "it has a port of its own, and takes only what comes there",
        ));
    }
    if row.is_some_and(|row| row.paused) {
        return Err(ServiceError::invalid(
            "stream",
            "it is paused; start it first",
        ));
    }
    if claimant(store).await? != Some(scope.partner()) {
        return Err(ServiceError::invalid(
            "connection",
            "this install has several partners, and nothing proves whose it is; give the stream a \
             port of its own, or list the device's address with it",
        ));
    }
    let saved = store.save_route_rule(scope, Protocol::Ctp01, stream).await;
    Ok(saved?)
}

/// The partner who may claim what nothing proves: the only one, or the one who has claimed before
/// others came.
pub(crate) async fn claimant(store: &dyn Store) -> Result<Option<PartnerId>, ServiceError> {
    if let [only] = store.partners().await?.as_slice() {
        return Ok(Some(only.id));
    }
    let rules = store.route_rules().await?;
    let rule = rules.iter().find(|rule| rule.protocol == Protocol::Ctp01);
    Ok(rule.map(|rule| rule.partner))
}

impl Node {
    /// Whether somebody may say whose it is: it came to the shared port, and no stream takes it.
    pub(crate) fn is_claimable(&self, status: &ConnectionStatus) -> bool {
        let waits = matches!(
            status.state,
            ConnectionState::Unclaimed | ConnectionState::Held
        );
        let mut streams = self.registry.streams().into_iter();
        waits && !streams.any(|stream| stream.row().port == Some(status.port))
    }
}
