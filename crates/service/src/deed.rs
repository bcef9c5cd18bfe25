//! What is done by hand to an event: named, kept with who did it, and undone.

use crate::{Caller, ServiceError, authority::Right, limits, setup::scope_of_event};
use model::{DeedId, Edit, EventId, UnixMicros};
use store::{Deed, NewDeed, PartnerScope, Store};

/// The newest first.
pub async fn deeds(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<Vec<Deed>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.deeds(&scope, event, limits::DEEDS_LISTED_MAX).await?)
}

/// Refused where somebody has altered the same since.
pub async fn undo(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    deed: DeedId,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    Ok(store.undo(&scope, event, deed, now, caller.name()).await?)
}

pub(crate) async fn do_deed(
    store: &dyn Store,
    caller: &Caller,
    scope: &PartnerScope,
    event: EventId,
    now: UnixMicros,
    summary: String,
    edits: Vec<Edit>,
) -> Result<DeedId, ServiceError> {
    let new = NewDeed {
        at: now,
        by: caller.name().to_owned(),
        summary,
        edits,
    };
    Ok(store.do_deed(scope, event, new).await?)
}
