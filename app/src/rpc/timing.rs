//! The Timing page, and the alarms of every page.
//!
//! What is polled each second comes from the server's memory; what is set up by hand is asked for
//! apart, when it may have altered.

#[cfg(feature = "ssr")]
use super::{
    Backend, backend,
    event::{event_row, local_time},
};
use super::{
    RpcError,
    event::{EventRow, LocalTime},
};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{
    Alarm, DeedId, EventId, ParticipantId, PointId, StreamId, TagRange,
    timing_view::{Exceptions, ReadsPage, ReadsQuery, TimingView, Whose},
};
use serde::{Deserialize, Serialize};

/// What the page begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimingPage {
    pub event: EventRow,
    pub live: TimingView,
    pub facts: Facts,
}

/// What is set up by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Along the course.
    pub points: Vec<PointRow>,
    pub ignored: Vec<TagRange>,
    /// From where connections to the shared port are a stream's, for those that list any.
    pub addresses: Vec<(StreamId, Vec<String>)>,
    /// Whether a tag that is no chip may be a bib.
    pub tags_are_bibs: bool,
    /// Whether there are reads of the simulator that nobody has put aside.
    pub simulated: bool,
    /// The event's clock at this moment.
    pub now: LocalTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointRow {
    pub id: PointId,
    pub name: String,
    /// `None`: all of its reads count.
    pub counts_from: Option<LocalTime>,
}

/// What somebody types of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamForm {
    pub name: String,
    /// `None`: it is fed from the shared one.
    pub port: Option<u16>,
    /// Empty: the event's own.
    pub timezone: String,
    /// Added to the device's times.
    pub offset_ms: i64,
    /// IP addresses.
    pub addresses: Vec<String>,
}

/// From when on reads at a point are to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CountsFrom {
    Now,
    Typed(LocalTime),
    /// All of them count.
    Ever,
}

#[server(prefix = "/rpc", endpoint = "timing", input = Json, output = Postcard)]
pub async fn timing(event: EventId) -> Result<TimingPage, RpcError> {
    let Backend { node, caller } = backend()?;
    let row = service::setup::event(node.store(), &caller, event).await?;
    Ok(TimingPage {
        event: event_row(row, node.clock.now())?,
        live: service::timing_page::live_timing(&node, &caller, event).await?,
        facts: facts_of(&node, &caller, event).await?,
    })
}

#[server(prefix = "/rpc", endpoint = "live-timing", input = Json, output = Postcard)]
pub async fn live_timing(event: EventId) -> Result<TimingView, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::timing_page::live_timing(&node, &caller, event).await?)
}

#[server(prefix = "/rpc", endpoint = "timing-facts", input = Json, output = Postcard)]
pub async fn timing_facts(event: EventId) -> Result<Facts, RpcError> {
    let Backend { node, caller } = backend()?;
    facts_of(&node, &caller, event).await
}

/// From memory: it is asked by every page that is open.
#[server(prefix = "/rpc", endpoint = "alarms", input = Json, output = Postcard)]
pub async fn alarms() -> Result<Vec<Alarm>, RpcError> {
    let Backend { node, caller } = backend()?;
    let partner = caller.partner();
    Ok(partner.map_or_else(Vec::new, |partner| node.watch.alarms(partner)))
}

#[server(prefix = "/rpc", endpoint = "reads", input = Json, output = Postcard)]
pub async fn reads(event: EventId, query: ReadsQuery) -> Result<ReadsPage, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::timing_page::reads_after(&node, &caller, event, &query).await?)
}

#[server(prefix = "/rpc", endpoint = "unknown-tags", input = Json, output = Postcard)]
pub async fn unknown_tags(event: EventId) -> Result<Exceptions, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::timing_page::exceptions(&node, &caller, event).await?)
}

#[server(prefix = "/rpc", endpoint = "claim", input = Json, output = Postcard)]
pub async fn claim(connection: u64, stream: StreamId) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::timing_page::claim(&node, &caller, connection, stream).await?)
}

/// Makes a stream or alters one, and says which it is.
#[server(prefix = "/rpc", endpoint = "save-stream", input = Json, output = Postcard)]
pub async fn save_stream(
    event: EventId,
    stream: Option<StreamId>,
    form: StreamForm,
) -> Result<StreamId, RpcError> {
    let Backend { node, caller } = backend()?;
    let mut addresses = Vec::with_capacity(form.addresses.len());
    for text in &form.addresses {
        addresses.push(text.trim().parse().map_err(|_| RpcError::Invalid {
            field: "addresses".to_owned(),
            problem: format!("{text:?} is no address such as 192.168.1.20"),
        })?);
    }
    let typed = service::setup::StreamForm {
        name: &form.name,
        port: form.port,
        timezone: &form.timezone,
        offset_ms: form.offset_ms,
        addresses,
    };
    Ok(service::setup::save_stream(node.store(), &caller, event, stream, typed).await?)
}

#[server(prefix = "/rpc", endpoint = "pause-stream", input = Json, output = Postcard)]
pub async fn pause_stream(stream: StreamId, paused: bool) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    Ok(service::setup::update_stream(store, &caller, stream, None, None, Some(paused)).await?)
}

#[server(prefix = "/rpc", endpoint = "archive-stream", input = Json, output = Postcard)]
pub async fn archive_stream(stream: StreamId, archived: bool) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::setup::archive_stream(node.store(), &caller, stream, archived).await?)
}

#[server(prefix = "/rpc", endpoint = "wake-stream", input = Json, output = Postcard)]
pub async fn wake_stream(stream: StreamId) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::setup::wake_stream(node.store(), &caller, stream, now).await?)
}

/// Says what the offset was.
#[server(prefix = "/rpc", endpoint = "set-offset", input = Json, output = Postcard)]
pub async fn set_offset(stream: StreamId, offset_ms: i64) -> Result<i64, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::setup::set_offset(node.store(), &caller, stream, offset_ms).await?)
}

/// The point is made where there is none of that name.
#[server(prefix = "/rpc", endpoint = "map-location", input = Json, output = Postcard)]
pub async fn map_location(
    stream: StreamId,
    location: String,
    point: String,
) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    service::setup::map_location(store, &caller, stream, &location, &point).await?;
    Ok(())
}

#[server(prefix = "/rpc", endpoint = "rename-point", input = Json, output = Postcard)]
pub async fn rename_point(event: EventId, from: String, to: String) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    service::setup::rename_point(node.store(), &caller, event, &from, &to).await?;
    Ok(())
}

/// A few people whose bib or name the text may be.
#[server(prefix = "/rpc", endpoint = "find-people", input = Json, output = Postcard)]
pub async fn find_people(event: EventId, text: String) -> Result<Vec<Whose>, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::timing_page::find_people(&node, &caller, event, &text).await?)
}

/// From now on and for what was read already.
#[server(prefix = "/rpc", endpoint = "assign-tag", input = Json, output = Postcard)]
pub async fn assign_tag(
    event: EventId,
    tag: String,
    participant: ParticipantId,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let deed =
        service::roster::hand::give_chip(store, &caller, event, participant, &tag, None, now);
    Ok(deed.await?)
}

/// Somebody who was not on the roster, and wears the bib that was read.
#[server(prefix = "/rpc", endpoint = "add-wearer", input = Json, output = Postcard)]
pub async fn add_wearer(
    event: EventId,
    bib: String,
    first_name: String,
    last_name: String,
) -> Result<ParticipantId, RpcError> {
    let Backend { node, caller } = backend()?;
    let new = model::Participant {
        bib,
        first_name,
        last_name,
        ..model::Participant::new(store::new_participant_id())
    };
    let now = node.clock.now();
    let (id, _) = service::roster::hand::add(node.store(), &caller, event, new, now).await?;
    Ok(id)
}

#[server(prefix = "/rpc", endpoint = "remove-wearer", input = Json, output = Postcard)]
pub async fn remove_wearer(event: EventId, participant: ParticipantId) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::roster::hand::remove(node.store(), &caller, event, participant, now).await?)
}

/// A single tag where `last` is empty.
#[server(prefix = "/rpc", endpoint = "ignore-tags", input = Json, output = Postcard)]
pub async fn ignore_tags(
    event: EventId,
    first: String,
    last: String,
    ignored: bool,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let deed = service::race::ignore_tags(store, &caller, event, &first, &last, ignored, now);
    Ok(deed.await?)
}

#[server(prefix = "/rpc", endpoint = "zero-count", input = Json, output = Postcard)]
pub async fn zero_count(
    event: EventId,
    point: PointId,
    from: CountsFrom,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let at = match from {
        CountsFrom::Now => Some(now),
        CountsFrom::Ever => None,
        CountsFrom::Typed(LocalTime { date, time_cs }) => {
            Some(service::race::instant_at(store, &caller, event, &date, time_cs).await?)
        }
    };
    Ok(service::race::zero_count(store, &caller, event, point, at, now).await?)
}

#[server(prefix = "/rpc", endpoint = "remove-simulated", input = Json, output = Postcard)]
pub async fn remove_simulated(event: EventId) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::race::remove_simulated(node.store(), &caller, event, now).await?)
}

#[cfg(feature = "ssr")]
async fn facts_of(
    node: &service::Node,
    caller: &service::Caller,
    event: EventId,
) -> Result<Facts, RpcError> {
    let zone = service::setup::event(node.store(), caller, event)
        .await?
        .timezone;
    let facts = service::timing_page::facts(node, caller, event).await?;
    let points = facts.points.into_iter().map(|point| {
        let counts_from = point.counts_from.map(|at| local_time(&zone, at));
        Ok(PointRow {
            id: point.id,
            name: point.name,
            counts_from: counts_from.transpose()?,
        })
    });
    let listed = facts.streams.into_iter().map(|row| {
        let texts = row.addresses.iter().map(ToString::to_string);
        (row.id, texts.collect())
    });
    Ok(Facts {
        points: points.collect::<Result<_, RpcError>>()?,
        ignored: facts.ignored,
        addresses: listed.collect(),
        tags_are_bibs: facts.tags_are_bibs,
        simulated: facts.simulated,
        now: local_time(&zone, node.clock.now())?,
    })
}
