//! Streams, and the timing points that their locations map to.

use super::{event::scope_of_event, valid_name};
use crate::{Caller, Right, ServiceError, authority, limits, roster::RosterIndex};
use model::{EventId, PointId, StreamId, UnixMicros, is_ignored};
use serde::Serialize;
use std::{collections::BTreeMap, net::IpAddr};
use store::{NewStream, PartnerScope, Protocol, Store, StreamChange};
use timing::parse_zone;

pub async fn create_stream(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    name: &str,
    protocol: &str,
    port: Option<u16>,
) -> Result<StreamId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let protocol = match protocol {
        "ctp01" => Protocol::Ctp01,
        other => {
            let problem = format!("there is no {other:?} yet; use ctp01");
            return Err(ServiceError::invalid("protocol", problem));
        }
    };
    if port == Some(0) {
        return Err(ServiceError::invalid(
            "port",
            "0 is no port; leave it out for the shared one",
        ));
    }
    let new = NewStream {
        event,
        name: valid_name("name", name)?,
        protocol,
        port,
    };
    Ok(store.create_stream(&scope, new).await?)
}

/// `timezone`: an IANA name, or empty for the event's own. `offset_ms` is added to the device's
/// clock to make it right.
pub async fn update_stream(
    store: &dyn Store,
    caller: &Caller,
    stream: StreamId,
    timezone: Option<&str>,
    offset_ms: Option<i64>,
    paused: Option<bool>,
) -> Result<(), ServiceError> {
    let scope = scope_of_stream(store, caller, stream, Right::Run).await?;
    let timezone = timezone.map(own_zone).transpose()?;
    Ok(store
        .update_stream(
            &scope,
            stream,
            StreamChange {
                timezone,
                offset_ms,
                paused,
                ..StreamChange::default()
            },
        )
        .await?)
}

/// What somebody types of a stream.
#[derive(Clone, Debug)]
pub struct StreamForm<'a> {
    pub name: &'a str,
    /// `None`: it is fed from the shared one.
    pub port: Option<u16>,
    /// As in `update_stream`.
    pub timezone: &'a str,
    pub offset_ms: i64,
    /// From where connections to the shared port are this stream's partner's.
    pub addresses: Vec<IpAddr>,
}

/// Makes a stream that speaks CTP01, or alters one.
pub async fn save_stream(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    stream: Option<StreamId>,
    form: StreamForm<'_>,
) -> Result<StreamId, ServiceError> {
    let name = valid_name("name", form.name)?;
    let timezone = own_zone(form.timezone)?;
    if form.port == Some(0) {
        return Err(ServiceError::invalid(
            "port",
            "0 is no port; leave it empty for the shared one",
        ));
    }
    if form.addresses.len() > limits::STREAM_ADDRESSES_MAX {
        let limit = limits::STREAM_ADDRESSES_MAX;
        let problem = format!("at most {limit}");
        return Err(ServiceError::invalid("addresses", problem));
    }
    let id = match stream {
        Some(id) => id,
        None => create_stream(store, caller, event, &name, "ctp01", form.port).await?,
    };
    let scope = scope_of_stream(store, caller, id, Right::Run).await?;
    let change = StreamChange {
        name: Some(name),
        port: Some(form.port),
        timezone: Some(timezone),
        offset_ms: Some(form.offset_ms),
        addresses: Some(form.addresses),
        ..StreamChange::default()
    };
    store.update_stream(&scope, id, change).await?;
    Ok(id)
}

/// Puts a stream away, paused, or takes it back and starts it.
pub async fn archive_stream(
    store: &dyn Store,
    caller: &Caller,
    stream: StreamId,
    archived: bool,
) -> Result<(), ServiceError> {
    let scope = scope_of_stream(store, caller, stream, Right::Run).await?;
    let change = StreamChange {
        archived: Some(archived),
        paused: Some(archived),
        ..StreamChange::default()
    };
    Ok(store.update_stream(&scope, stream, change).await?)
}

/// Starts a stream that its long silence has paused.
pub async fn wake_stream(
    store: &dyn Store,
    caller: &Caller,
    stream: StreamId,
    now: UnixMicros,
) -> Result<(), ServiceError> {
    let scope = scope_of_stream(store, caller, stream, Right::Run).await?;
    let change = StreamChange {
        woken_at: Some(now),
        ..StreamChange::default()
    };
    Ok(store.update_stream(&scope, stream, change).await?)
}

/// Alters what is added to a stream's times; says what was added before.
pub async fn set_offset(
    store: &dyn Store,
    caller: &Caller,
    stream: StreamId,
    offset_ms: i64,
) -> Result<i64, ServiceError> {
    let scope = scope_of_stream(store, caller, stream, Right::Run).await?;
    let event = event_of(store, stream).await?;
    let streams = store.streams(&scope, event).await?;
    let before = streams.iter().find(|row| row.id == stream);
    let before = before.ok_or_else(|| no_stream(stream))?.offset_ms;
    let change = StreamChange {
        offset_ms: Some(offset_ms),
        ..StreamChange::default()
    };
    store.update_stream(&scope, stream, change).await?;
    Ok(before)
}

/// Empty: the event's own.
fn own_zone(name: &str) -> Result<Option<String>, ServiceError> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(None);
    }
    let zone =
        parse_zone(name).map_err(|error| ServiceError::invalid("timezone", error.to_string()))?;
    Ok(Some(zone.name().to_owned()))
}

/// Maps a device's location text to a point of the stream's event, made if it is missing.
pub async fn map_location(
    store: &dyn Store,
    caller: &Caller,
    stream: StreamId,
    location: &str,
    point: &str,
) -> Result<PointId, ServiceError> {
    let scope = scope_of_stream(store, caller, stream, Right::Run).await?;
    let event = event_of(store, stream).await?;
    let point = store
        .ensure_point(&scope, event, &valid_name("point", point)?)
        .await?;
    store.map_location(&scope, stream, location, point).await?;
    Ok(point)
}

pub async fn rename_point(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    from: &str,
    to: &str,
) -> Result<PointId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let to = valid_name("to", to)?;
    let points = store.points(&scope, event).await?;
    let wanted = from.trim().to_lowercase();
    let point = points
        .iter()
        .find(|point| point.name.to_lowercase() == wanted)
        .ok_or_else(|| ServiceError::NotFound {
            what: "timing point",
            which: from.to_owned(),
            hint: "points are named by displays and by the devices' own locations",
        })?;
    store.rename_point(&scope, point.id, &to).await?;
    Ok(point.id)
}

/// One line of `gantry stream list`.
#[derive(Clone, Debug, Serialize)]
pub struct StreamSummary {
    pub id: StreamId,
    pub name: String,
    pub reads: u64,
    pub duplicates: u64,
    pub late: u64,
    /// Reads of tags that are nobody's by the roster as it is now.
    pub unknown: u64,
    /// The last sequence of each point; null where the device sent none.
    pub last: BTreeMap<String, Option<u64>>,
}

pub async fn stream_list(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<Vec<StreamSummary>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    let rule = store.event(&scope, event).await?.bib_rule;
    let roster = RosterIndex::new(store.participants(&scope, event).await?, rule);
    let mut list = Vec::new();
    for stream in store.streams(&scope, event).await? {
        list.push(summary(store, &scope, event, &roster, stream.id, stream.name).await?);
    }
    Ok(list)
}

async fn summary(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    roster: &RosterIndex,
    id: StreamId,
    name: String,
) -> Result<StreamSummary, ServiceError> {
    let totals = store.stream_totals(scope, id).await?;
    let unknown = unknown_reads(store, scope, event, id, roster).await?.reads;
    let points = store.points(scope, event).await?;
    let locations: BTreeMap<_, _> = store.locations(scope, id).await?.into_iter().collect();
    let mut last = BTreeMap::new();
    for (location, sequence) in totals.last {
        let point = locations
            .get(&location)
            .and_then(|mapped| points.iter().find(|point| point.id == *mapped))
            .map_or(location.as_str(), |point| point.name.as_str());
        let held = last.entry(point.to_owned()).or_insert(sequence);
        *held = (*held).max(sequence);
    }
    Ok(StreamSummary {
        id,
        name,
        reads: totals.reads,
        duplicates: totals.duplicates,
        late: totals.late,
        unknown,
        last,
    })
}

/// Stored reads whose tags are nobody's, those apart that are to be ignored, as far as a position
/// of the journal.
#[derive(Clone, Copy, Debug)]
pub struct Unknown {
    pub upto: u64,
    pub reads: u64,
}

pub async fn unknown_reads(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    stream: StreamId,
    roster: &RosterIndex,
) -> Result<Unknown, ServiceError> {
    let counts = store.tag_counts(scope, stream).await?;
    let ignored = store.ignored_tags(scope, event).await?;
    let tags = counts.tags.iter();
    let unknown = tags.filter(|(tag, _)| !roster.knows(tag) && !is_ignored(&ignored, tag));
    Ok(Unknown {
        upto: counts.upto,
        reads: unknown.map(|(_, count)| count).sum(),
    })
}

async fn event_of(store: &dyn Store, stream: StreamId) -> Result<EventId, ServiceError> {
    let streams = store.all_streams().await?;
    let row = streams.into_iter().find(|row| row.id == stream);
    row.map(|row| row.event).ok_or_else(|| no_stream(stream))
}

pub(crate) fn no_stream(stream: StreamId) -> ServiceError {
    ServiceError::NotFound {
        what: "stream",
        which: stream.to_string(),
        hint: "gantry stream list prints the ids",
    }
}

/// The scope of the partner whose stream it is.
pub async fn scope_of_stream(
    store: &dyn Store,
    caller: &Caller,
    stream: StreamId,
    right: Right,
) -> Result<PartnerScope, ServiceError> {
    let owner = store.owner_of_stream(stream).await?;
    authority::scope(caller, owner, right, || no_stream(stream))
}
