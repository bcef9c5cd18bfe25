//! Events, their races, waves and guns, and what was done to them.
//!
//! Times of day go to the browser as texts on the event's own clock, which the server knows and
//! the browser does not.

use super::RpcError;
#[cfg(feature = "ssr")]
use super::{Backend, backend};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{
    CoursePoint, DeedId, EventId, GunId, GunSource, PointId, RaceId, Unit, UnixMicros, WaveId,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    pub id: EventId,
    pub name: String,
    /// `2026-11-21`
    pub date: String,
    /// An IANA name.
    pub timezone: String,
    pub archived: bool,
    pub when: When,
}

/// Where an event's date lies, on its own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum When {
    Today,
    Ahead,
    Past,
}

/// What somebody types of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventForm {
    pub name: String,
    pub date: String,
    pub timezone: String,
}

/// All that the page of an event shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    pub event: EventRow,
    pub races: Vec<RaceRow>,
    /// The earliest first.
    pub guns: Vec<GunRow>,
    /// In course order.
    pub points: Vec<(PointId, String)>,
    pub deeds: Vec<DeedRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaceRow {
    pub id: RaceId,
    pub name: String,
    pub distance_m: u32,
    pub unit: Unit,
    pub course: Vec<CoursePoint>,
    pub waves: Vec<WaveRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaveRow {
    pub id: WaveId,
    /// Empty for the one wave of a race without groups.
    pub name: String,
    pub scheduled: Option<LocalTime>,
    pub gun: Option<GunId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GunRow {
    pub id: GunId,
    pub fired_at: UnixMicros,
    pub local: LocalTime,
    pub source: GunSource,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeedRow {
    pub id: DeedId,
    pub local: LocalTime,
    pub by: String,
    pub summary: String,
    pub undone: bool,
}

/// A time on the event's own clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// `2026-11-21`
    pub date: String,
    /// Since midnight.
    pub time_cs: u32,
}

/// When a gun was fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fired {
    /// A button was pressed, at that instant of the server's clock as the browser reckons it.
    Pressed(UnixMicros),
    Typed(LocalTime),
}

/// Today's first, then those ahead, then the past ones, newest first; archived ones last.
#[server(prefix = "/rpc", endpoint = "events", input = Json, output = Postcard)]
pub async fn events() -> Result<Vec<EventRow>, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    let mut rows = Vec::new();
    for event in service::setup::events(node.store(), &caller).await? {
        rows.push(event_row(event, now)?);
    }
    rows.sort_by(|a, b| {
        let place = |row: &EventRow| (row.archived, row.when);
        place(a).cmp(&place(b)).then_with(|| match a.when {
            When::Past => b.date.cmp(&a.date),
            When::Today | When::Ahead => a.date.cmp(&b.date),
        })
    });
    Ok(rows)
}

#[server(prefix = "/rpc", endpoint = "create-event", input = Json, output = Postcard)]
pub async fn create_event(form: EventForm) -> Result<EventId, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    Ok(service::setup::create_own_event(store, &caller, typed(&form)).await?)
}

#[server(prefix = "/rpc", endpoint = "update-event", input = Json, output = Postcard)]
pub async fn update_event(event: EventId, form: EventForm) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    Ok(service::setup::update_event(store, &caller, event, typed(&form)).await?)
}

#[server(prefix = "/rpc", endpoint = "archive-event", input = Json, output = Postcard)]
pub async fn archive_event(event: EventId, archived: bool) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::setup::archive_event(node.store(), &caller, event, archived).await?)
}

#[server(prefix = "/rpc", endpoint = "event", input = Json, output = Postcard)]
pub async fn read_event(event: EventId) -> Result<EventView, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    let row = service::setup::event(store, &caller, event).await?;
    let zone = row.timezone.clone();
    let (races, guns) = service::race::races(store, &caller, event).await?;
    let points = service::setup::points(store, &caller, event).await?;
    let deeds = service::deed::deeds(store, &caller, event).await?;
    let local = |at| local_time(&zone, at);
    let mut view = EventView {
        event: event_row(row, node.clock.now())?,
        races: Vec::new(),
        guns: Vec::new(),
        points: points
            .into_iter()
            .map(|point| (point.id, point.name))
            .collect(),
        deeds: Vec::new(),
    };
    for race in races {
        let waves = race.waves.into_iter().map(|wave| {
            Ok(WaveRow {
                id: wave.id,
                name: wave.name,
                scheduled: wave.scheduled_at.map(local).transpose()?,
                gun: wave.gun,
            })
        });
        view.races.push(RaceRow {
            id: race.id,
            name: race.name,
            distance_m: race.distance_m,
            unit: race.unit,
            course: race.course,
            waves: waves.collect::<Result<_, RpcError>>()?,
        });
    }
    for gun in guns {
        view.guns.push(GunRow {
            id: gun.id,
            fired_at: gun.fired_at,
            local: local(gun.fired_at)?,
            source: gun.source,
        });
    }
    for deed in deeds {
        view.deeds.push(DeedRow {
            id: deed.id,
            local: local(deed.at)?,
            by: deed.by,
            summary: deed.summary,
            undone: deed.undone_by.is_some(),
        });
    }
    Ok(view)
}

#[server(prefix = "/rpc", endpoint = "create-race", input = Json, output = Postcard)]
pub async fn create_race(
    event: EventId,
    name: String,
    distance_m: u32,
    unit: Unit,
) -> Result<RaceId, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::race::create_race(node.store(), &caller, event, &name, distance_m, unit).await?)
}

#[server(prefix = "/rpc", endpoint = "update-race", input = Json, output = Postcard)]
pub async fn update_race(
    event: EventId,
    race: RaceId,
    name: String,
    distance_m: u32,
    unit: Unit,
) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let change = service::race::RaceChange {
        name: Some(name),
        distance_m: Some(distance_m),
        unit: Some(unit),
        course: None,
    };
    Ok(service::race::update_race(node.store(), &caller, event, race, change).await?)
}

/// Replaces the whole course. A point that is new is named, and made.
#[server(prefix = "/rpc", endpoint = "set-course", input = Json, output = Postcard)]
pub async fn set_course(
    event: EventId,
    race: RaceId,
    course: Vec<(String, Option<u32>)>,
) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::race::set_course(node.store(), &caller, event, race, course).await?)
}

#[server(prefix = "/rpc", endpoint = "remove-race", input = Json, output = Postcard)]
pub async fn remove_race(event: EventId, race: RaceId) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::race::remove_race(node.store(), &caller, event, race).await?)
}

#[server(prefix = "/rpc", endpoint = "create-wave", input = Json, output = Postcard)]
pub async fn create_wave(
    event: EventId,
    race: RaceId,
    name: String,
    scheduled: Option<LocalTime>,
) -> Result<WaveId, RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    let at = instant_of(store, &caller, event, scheduled).await?;
    Ok(service::race::create_wave(store, &caller, event, race, &name, at).await?)
}

#[server(prefix = "/rpc", endpoint = "update-wave", input = Json, output = Postcard)]
pub async fn update_wave(
    event: EventId,
    wave: WaveId,
    name: String,
    scheduled: Option<LocalTime>,
) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    let store = node.store();
    let at = instant_of(store, &caller, event, scheduled).await?;
    let change = service::race::WaveChange {
        name: Some(name),
        scheduled_at: Some(at),
    };
    Ok(service::race::update_wave(store, &caller, event, wave, change).await?)
}

#[server(prefix = "/rpc", endpoint = "remove-wave", input = Json, output = Postcard)]
pub async fn remove_wave(event: EventId, wave: WaveId) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::race::remove_wave(node.store(), &caller, event, wave).await?)
}

/// The server's clock, for a browser that is about to press a gun.
#[server(prefix = "/rpc", endpoint = "clock", input = Json, output = Postcard)]
pub async fn server_clock() -> Result<UnixMicros, RpcError> {
    let Backend { node, .. } = backend()?;
    Ok(node.clock.now())
}

#[server(prefix = "/rpc", endpoint = "fire-gun", input = Json, output = Postcard)]
pub async fn fire_gun(
    event: EventId,
    waves: Vec<WaveId>,
    fired: Fired,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let (at, source) = match fired {
        Fired::Pressed(at) => (service::race::pressed(at, now)?, GunSource::Studio),
        Fired::Typed(local) => {
            let at = service::race::instant_at(store, &caller, event, &local.date, local.time_cs);
            (at.await?, GunSource::Typed)
        }
    };
    Ok(service::race::fire_gun(store, &caller, event, &waves, (at, source), now).await?)
}

#[server(prefix = "/rpc", endpoint = "correct-gun", input = Json, output = Postcard)]
pub async fn correct_gun(event: EventId, gun: GunId, local: LocalTime) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let (store, now) = (node.store(), node.clock.now());
    let at = service::race::instant_at(store, &caller, event, &local.date, local.time_cs).await?;
    Ok(service::race::correct_gun(store, &caller, event, gun, at, now).await?)
}

#[server(prefix = "/rpc", endpoint = "assign-gun", input = Json, output = Postcard)]
pub async fn assign_gun(
    event: EventId,
    wave: WaveId,
    gun: Option<GunId>,
) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::race::assign_gun(node.store(), &caller, event, wave, gun, now).await?)
}

#[server(prefix = "/rpc", endpoint = "remove-gun", input = Json, output = Postcard)]
pub async fn remove_gun(event: EventId, gun: GunId) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::race::remove_gun(node.store(), &caller, event, gun, now).await?)
}

#[server(prefix = "/rpc", endpoint = "undo", input = Json, output = Postcard)]
pub async fn undo(event: EventId, deed: DeedId) -> Result<DeedId, RpcError> {
    let Backend { node, caller } = backend()?;
    let now = node.clock.now();
    Ok(service::deed::undo(node.store(), &caller, event, deed, now).await?)
}

#[cfg(feature = "ssr")]
fn typed(form: &EventForm) -> service::setup::EventForm<'_> {
    service::setup::EventForm {
        name: &form.name,
        date: &form.date,
        timezone: &form.timezone,
    }
}

#[cfg(feature = "ssr")]
async fn instant_of(
    store: &dyn store::Store,
    caller: &service::Caller,
    event: EventId,
    local: Option<LocalTime>,
) -> Result<Option<UnixMicros>, RpcError> {
    let Some(LocalTime { date, time_cs }) = local else {
        return Ok(None);
    };
    let at = service::race::instant_at(store, caller, event, &date, time_cs).await?;
    Ok(Some(at))
}

#[cfg(feature = "ssr")]
pub(super) fn local_time(timezone: &str, at: UnixMicros) -> Result<LocalTime, RpcError> {
    let wall = service::race::wall_at(timezone, at)?;
    Ok(LocalTime {
        date: wall.to_string()[..10].to_owned(),
        time_cs: u32::try_from(wall.time_of_day_cs()).unwrap_or(0),
    })
}

#[cfg(feature = "ssr")]
pub(super) fn event_row(event: store::Event, now: UnixMicros) -> Result<EventRow, RpcError> {
    let today = local_time(&event.timezone, now)?.date;
    let when = match event.date.cmp(&today) {
        std::cmp::Ordering::Less => When::Past,
        std::cmp::Ordering::Equal => When::Today,
        std::cmp::Ordering::Greater => When::Ahead,
    };
    Ok(EventRow {
        id: event.id,
        name: event.name,
        date: event.date,
        timezone: event.timezone,
        archived: event.archived,
        when,
    })
}
