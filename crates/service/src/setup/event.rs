//! Partners and events.

use super::valid_name;
use crate::{Caller, Right, ServiceError, authority};
use model::{EventId, PartnerId};
use store::{
    BibRule, Event, EventChange, NewEvent, Partner, PartnerScope, Point, Store, StoreError,
};
use timing::parse_zone;

pub async fn create_partner(
    store: &dyn Store,
    caller: &Caller,
    name: &str,
) -> Result<PartnerId, ServiceError> {
    authority::operator(caller)?;
    Ok(store.create_partner(&valid_name("name", name)?).await?)
}

/// `partner` is its name or id, `date` is `YYYY-MM-DD`, `timezone` an IANA name.
pub async fn create_event(
    store: &dyn Store,
    caller: &Caller,
    partner: &str,
    name: &str,
    date: &str,
    timezone: &str,
) -> Result<EventId, ServiceError> {
    let name = valid_name("name", name)?;
    let date = valid_date(date)?;
    let timezone = valid_zone(timezone)?;
    let scope = scope_of_partner(store, caller, partner, Right::Run).await?;
    let new = NewEvent {
        name,
        date,
        timezone,
    };
    Ok(store.create_event(&scope, new).await?)
}

/// For the partner that the caller acts for.
pub async fn create_own_event(
    store: &dyn Store,
    caller: &Caller,
    form: EventForm<'_>,
) -> Result<EventId, ServiceError> {
    let scope = own_scope(caller, Right::Run)?;
    let EventForm {
        name,
        date,
        timezone,
    } = form;
    let new = NewEvent {
        name: valid_name("name", name)?,
        date: valid_date(date)?,
        timezone: valid_zone(timezone)?,
    };
    Ok(store.create_event(&scope, new).await?)
}

/// What somebody types of an event: `date` is `YYYY-MM-DD`, `timezone` an IANA name.
#[derive(Clone, Copy, Debug)]
pub struct EventForm<'a> {
    pub name: &'a str,
    pub date: &'a str,
    pub timezone: &'a str,
}

pub async fn update_event(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    form: EventForm<'_>,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let EventForm {
        name,
        date,
        timezone,
    } = form;
    let change = EventChange {
        name: Some(valid_name("name", name)?),
        date: Some(valid_date(date)?),
        timezone: Some(valid_zone(timezone)?),
        archived: None,
    };
    Ok(store.update_event(&scope, event, change).await?)
}

/// Puts an event away with all that it has, or brings it back.
pub async fn archive_event(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    archived: bool,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let change = EventChange {
        archived: Some(archived),
        ..EventChange::default()
    };
    Ok(store.update_event(&scope, event, change).await?)
}

/// Of the partner that the caller acts for; the oldest first, archived ones too.
pub async fn events(store: &dyn Store, caller: &Caller) -> Result<Vec<Event>, ServiceError> {
    let scope = own_scope(caller, Right::See)?;
    Ok(store.events(&scope).await?)
}

pub async fn event(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<Event, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.event(&scope, event).await?)
}

/// Along the course.
pub async fn points(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<Vec<Point>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.points(&scope, event).await?)
}

/// Whoever is logged in acts for one partner; a shell has to name one.
pub(crate) fn own_scope(caller: &Caller, right: Right) -> Result<PartnerScope, ServiceError> {
    authority::scope(caller, caller.partner(), right, || no_partner(""))
}

fn valid_zone(timezone: &str) -> Result<String, ServiceError> {
    let zone = parse_zone(timezone.trim())
        .map_err(|error| ServiceError::invalid("timezone", error.to_string()))?;
    Ok(zone.name().to_owned())
}

/// Whether bibs count beside chips (design §4 "Who is it").
pub async fn set_bib_rule(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    rule: BibRule,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    Ok(store.set_bib_rule(&scope, event, rule).await?)
}

/// By name or id. For the operator: it tells whom this server has.
pub async fn partner_named(store: &dyn Store, name_or_id: &str) -> Result<Partner, ServiceError> {
    let named = store.partner_named(name_or_id).await;
    named.map_err(|error| match error {
        StoreError::NotFound { .. } => no_partner(name_or_id),
        other => other.into(),
    })
}

/// The scope of the partner of that name or id.
pub async fn scope_of_partner(
    store: &dyn Store,
    caller: &Caller,
    name_or_id: &str,
    right: Right,
) -> Result<PartnerScope, ServiceError> {
    let partner = partner_named(store, name_or_id).await?.id;
    authority::scope(caller, Some(partner), right, || no_partner(name_or_id))
}

/// The scope of the partner whose event it is.
pub async fn scope_of_event(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    right: Right,
) -> Result<PartnerScope, ServiceError> {
    let owner = store.owner_of_event(event).await?;
    authority::scope(caller, owner, right, || ServiceError::NotFound {
        what: "event",
        which: event.to_string(),
        hint: "its id was printed when it was created",
    })
}

fn no_partner(name_or_id: &str) -> ServiceError {
    ServiceError::NotFound {
        what: "partner",
        which: name_or_id.to_owned(),
        hint: "make one with gantry partner create",
    }
}

fn valid_date(text: &str) -> Result<String, ServiceError> {
    let date = text.trim().parse::<chrono::NaiveDate>().map_err(|_| {
        ServiceError::invalid("date", format!("{text:?} is no date like 2026-05-31"))
    })?;
    Ok(date.to_string())
}
