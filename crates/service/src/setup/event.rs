//! Partners and events.

use super::valid_name;
use crate::{Caller, ServiceError};
use model::{EventId, PartnerId};
use store::{BibRule, NewEvent, PartnerScope, Store, StoreError};
use timing::parse_zone;

pub async fn create_partner(
    store: &dyn Store,
    caller: Caller,
    name: &str,
) -> Result<PartnerId, ServiceError> {
    let Caller::Shell = caller;
    Ok(store.create_partner(&valid_name("name", name)?).await?)
}

/// `partner` is its name or id, `date` is `YYYY-MM-DD`, `timezone` an IANA name.
pub async fn create_event(
    store: &dyn Store,
    caller: Caller,
    partner: &str,
    name: &str,
    date: &str,
    timezone: &str,
) -> Result<EventId, ServiceError> {
    let name = valid_name("name", name)?;
    let date = valid_date(date)?;
    let zone = parse_zone(timezone)
        .map_err(|error| ServiceError::invalid("timezone", error.to_string()))?;
    let partner = store
        .partner_named(partner)
        .await
        .map_err(|error| match error {
            StoreError::NotFound { .. } => ServiceError::NotFound {
                what: "partner",
                which: partner.to_owned(),
                hint: "make one with gantry partner create",
            },
            other => other.into(),
        })?;
    let new = NewEvent {
        name,
        date,
        timezone: zone.name().to_owned(),
    };
    Ok(store.create_event(&caller.scope(partner.id), new).await?)
}

/// Whether bibs count beside chips (design §4 "Who is it").
pub async fn set_bib_rule(
    store: &dyn Store,
    caller: Caller,
    event: EventId,
    rule: BibRule,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event).await?;
    Ok(store.set_bib_rule(&scope, event, rule).await?)
}

/// The scope of the partner whose event it is.
pub async fn scope_of_event(
    store: &dyn Store,
    caller: Caller,
    event: EventId,
) -> Result<PartnerScope, ServiceError> {
    let partner = store
        .owner_of_event(event)
        .await?
        .ok_or_else(|| ServiceError::NotFound {
            what: "event",
            which: event.to_string(),
            hint: "its id was printed when it was created",
        })?;
    Ok(caller.scope(partner))
}

fn valid_date(text: &str) -> Result<String, ServiceError> {
    let date = text.trim().parse::<chrono::NaiveDate>().map_err(|_| {
        ServiceError::invalid("date", format!("{text:?} is no date like 2026-05-31"))
    })?;
    Ok(date.to_string())
}
