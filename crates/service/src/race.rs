//! Races of an event: their courses and waves, the guns that start them, and the marks that put
//! reads aside. What race morning alters is a deed, which can be undone.

use crate::{
    Caller, ServiceError,
    authority::Right,
    deed::do_deed,
    limits,
    setup::{scope_of_event, valid_name},
};
use model::{
    CoursePoint, DeedId, Edit, EventId, Gun, GunId, GunSource, PointId, Race, RaceId, TagRange,
    Unit, UnixMicros, WallTime, WaveId, fold_tag,
};
use store::{Event, NewRace, NewWave, PartnerScope, Store, StoreError};
pub use store::{RaceChange, WaveChange};
use timing::{StreamClock, parse_zone};

/// All of an event's races and guns, for whoever may see it.
pub async fn races(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<(Vec<Race>, Vec<Gun>), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    let races = store.races(&scope, event).await?;
    Ok((races, store.guns(&scope, event).await?))
}

pub async fn create_race(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    name: &str,
    distance_m: u32,
    unit: Unit,
) -> Result<RaceId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let new = NewRace {
        event,
        name: valid_name("name", name)?,
        distance_m: valid_distance(distance_m)?,
        unit,
    };
    Ok(store.create_race(&scope, new).await?)
}

pub async fn update_race(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    race: RaceId,
    change: RaceChange,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let RaceChange {
        name,
        distance_m,
        unit,
        course,
    } = change;
    let change = RaceChange {
        name: name.map(|name| valid_name("name", &name)).transpose()?,
        distance_m: distance_m.map(valid_distance).transpose()?,
        unit,
        course,
    };
    Ok(store.update_race(&scope, race, change).await?)
}

/// Replaces the whole course: names of points, made where there is none of that name, and how far
/// each passage is from the start.
pub async fn set_course(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    race: RaceId,
    course: Vec<(String, Option<u32>)>,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let known: Vec<_> = course
        .iter()
        .filter_map(|(_, distance_m)| *distance_m)
        .collect();
    valid_course(course.len(), &known)?;
    let mut passages = Vec::with_capacity(course.len());
    for (name, distance_m) in course {
        let name = valid_name("point", &name)?;
        passages.push(CoursePoint {
            point: store.ensure_point(&scope, event, &name).await?,
            distance_m,
        });
    }
    let change = RaceChange {
        course: Some(passages),
        ..RaceChange::default()
    };
    Ok(store.update_race(&scope, race, change).await?)
}

pub async fn remove_race(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    race: RaceId,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    Ok(store.remove_race(&scope, race).await?)
}

pub async fn create_wave(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    race: RaceId,
    name: &str,
    scheduled_at: Option<UnixMicros>,
) -> Result<WaveId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let new = NewWave {
        race,
        name: valid_name("name", name)?,
        scheduled_at,
    };
    Ok(store.create_wave(&scope, new).await?)
}

pub async fn update_wave(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    wave: WaveId,
    change: WaveChange,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let name = change.name.as_deref().map(str::trim);
    let change = WaveChange {
        // The one wave of a race needs no name.
        name: name
            .filter(|name| !name.is_empty())
            .map(|name| valid_name("name", name))
            .transpose()?
            .or(name.map(str::to_owned)),
        ..change
    };
    Ok(store.update_wave(&scope, wave, change).await?)
}

pub async fn remove_wave(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    wave: WaveId,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    Ok(store.remove_wave(&scope, wave).await?)
}

/// Starts waves: a new gun, and each of them is its. A wave that has one already gets this one
/// instead; the old gun stays, for whatever else it started.
pub async fn fire_gun(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    waves: &[WaveId],
    (fired_at, source): (UnixMicros, GunSource),
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let races = store.races(&scope, event).await?;
    if waves.is_empty() {
        return Err(ServiceError::invalid("waves", "name one that it starts"));
    }
    let gun = Gun {
        id: store::new_gun_id(),
        name: String::new(),
        fired_at,
        source,
        device_key: None,
    };
    let mut edits = vec![Edit::Gun {
        id: gun.id,
        before: None,
        after: Some(gun.clone()),
    }];
    let mut names = Vec::new();
    for wave in waves {
        let (name, before) = wave_named(&races, *wave)?;
        names.push(name);
        edits.push(Edit::WaveGun {
            wave: *wave,
            before,
            after: Some(gun.id),
        });
    }
    let at = clock_text(&store.event(&scope, event).await?, fired_at)?;
    let summary = format!("gun of {} at {at}", names.join(", "));
    do_deed(store, caller, &scope, event, now, summary, edits).await
}

/// Corrects when a gun was fired.
pub async fn correct_gun(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    gun: GunId,
    fired_at: UnixMicros,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let before = gun_of(store, &scope, event, gun).await?;
    let row = store.event(&scope, event).await?;
    let summary = format!(
        "gun at {} corrected to {}",
        clock_text(&row, before.fired_at)?,
        clock_text(&row, fired_at)?
    );
    let after = Gun {
        fired_at,
        ..before.clone()
    };
    let edit = Edit::Gun {
        id: gun,
        before: Some(before),
        after: Some(after),
    };
    do_deed(store, caller, &scope, event, now, summary, vec![edit]).await
}

/// Says which gun started a wave, or that none has.
pub async fn assign_gun(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    wave: WaveId,
    gun: Option<GunId>,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let races = store.races(&scope, event).await?;
    let (name, before) = wave_named(&races, wave)?;
    let summary = match gun {
        None => format!("{name} has no gun"),
        Some(gun) => {
            let gun = gun_of(store, &scope, event, gun).await?;
            let row = store.event(&scope, event).await?;
            format!(
                "{name} started with the gun at {}",
                clock_text(&row, gun.fired_at)?
            )
        }
    };
    let edit = Edit::WaveGun {
        wave,
        before,
        after: gun,
    };
    do_deed(store, caller, &scope, event, now, summary, vec![edit]).await
}

/// Takes a gun away, and from the waves that it started.
pub async fn remove_gun(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    gun: GunId,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let before = gun_of(store, &scope, event, gun).await?;
    let races = store.races(&scope, event).await?;
    let waves = races.iter().flat_map(|race| &race.waves);
    let mut edits: Vec<_> = waves
        .filter(|wave| wave.gun == Some(gun))
        .map(|wave| Edit::WaveGun {
            wave: wave.id,
            before: Some(gun),
            after: None,
        })
        .collect();
    let row = store.event(&scope, event).await?;
    let summary = format!("gun at {} removed", clock_text(&row, before.fired_at)?);
    edits.push(Edit::Gun {
        id: gun,
        before: Some(before),
        after: None,
    });
    do_deed(store, caller, &scope, event, now, summary, edits).await
}

/// From when on reads at a point count; `None`: all of them do.
pub async fn zero_count(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    point: PointId,
    counts_from: Option<UnixMicros>,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let points = store.points(&scope, event).await?;
    let name = points
        .iter()
        .find(|known| known.id == point)
        .map(|known| known.name.clone())
        .ok_or(StoreError::NotFound { what: "point" })?;
    let marks = store.zero_counts(&scope, event).await?;
    let before = marks.iter().find(|(of, _)| *of == point).map(|(_, at)| *at);
    let summary = match counts_from {
        None => format!("all reads at {name} count"),
        Some(at) => {
            let row = store.event(&scope, event).await?;
            format!("reads at {name} count from {}", clock_text(&row, at)?)
        }
    };
    let edit = Edit::ZeroCount {
        point,
        before,
        after: counts_from,
    };
    do_deed(store, caller, &scope, event, now, summary, vec![edit]).await
}

/// Makes tags nobody's on purpose, or takes that back. A single tag where `last` is empty.
pub async fn ignore_tags(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    first: &str,
    last: &str,
    ignored: bool,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let tags = valid_tags(first, last)?;
    let known = store.ignored_tags(&scope, event).await?;
    let which = if tags.first == tags.last {
        format!("tag {}", tags.first)
    } else {
        format!("tags {} to {}", tags.first, tags.last)
    };
    let summary = if ignored {
        format!("{which} ignored")
    } else {
        format!("{which} no longer ignored")
    };
    let edit = Edit::IgnoredTags {
        before: known.contains(&tags),
        after: ignored,
        tags,
    };
    do_deed(store, caller, &scope, event, now, summary, vec![edit]).await
}

/// Puts aside what the simulator sent until now.
pub async fn remove_simulated(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    now: UnixMicros,
) -> Result<DeedId, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let row = store.event(&scope, event).await?;
    let edit = Edit::SimulatedUntil {
        before: row.simulated_until,
        after: Some(now),
    };
    let summary = "the simulator's reads removed".to_owned();
    do_deed(store, caller, &scope, event, now, summary, vec![edit]).await
}

fn valid_distance(distance_m: u32) -> Result<u32, ServiceError> {
    if distance_m == 0 || distance_m > limits::RACE_DISTANCE_M_MAX {
        let km = limits::RACE_DISTANCE_M_MAX / 1_000;
        return Err(ServiceError::invalid(
            "distance",
            format!("it must be more than nothing and at most {km} km"),
        ));
    }
    Ok(distance_m)
}

/// Distances along a course never go back.
fn valid_course(passages: usize, known: &[u32]) -> Result<(), ServiceError> {
    if passages > limits::COURSE_POINTS_MAX {
        let limit = limits::COURSE_POINTS_MAX;
        let problem = format!("a course passes at most {limit} points");
        return Err(ServiceError::invalid("course", problem));
    }
    if !known.is_sorted() {
        return Err(ServiceError::invalid(
            "course",
            "its points are not in the order of their distances; move one or correct a distance",
        ));
    }
    Ok(())
}

fn valid_tags(first: &str, last: &str) -> Result<TagRange, ServiceError> {
    let first = fold_tag(first);
    let last = if last.trim().is_empty() {
        first.clone()
    } else {
        fold_tag(last)
    };
    if first.is_empty() {
        return Err(ServiceError::invalid("first", "it is empty; type a tag"));
    }
    if first == last {
        return Ok(TagRange::one(first));
    }
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(to)) if from < to => Ok(TagRange { first, last }),
        (Ok(_), Ok(_)) => Err(ServiceError::invalid(
            "last",
            "it is less than the first; turn them round",
        )),
        _ => Err(ServiceError::invalid(
            "last",
            "only tags that are numbers make a range; ignore others one by one",
        )),
    }
}

/// As lists name it, and the gun it has.
fn wave_named(races: &[Race], id: WaveId) -> Result<(String, Option<GunId>), ServiceError> {
    for race in races {
        if let Some(wave) = race.waves.iter().find(|wave| wave.id == id) {
            let name = if wave.name.is_empty() {
                race.name.clone()
            } else {
                format!("{} {}", race.name, wave.name)
            };
            return Ok((name, wave.gun));
        }
    }
    Err(StoreError::NotFound { what: "wave" }.into())
}

async fn gun_of(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    gun: GunId,
) -> Result<Gun, ServiceError> {
    let guns = store.guns(scope, event).await?;
    let found = guns.into_iter().find(|known| known.id == gun);
    Ok(found.ok_or(StoreError::NotFound { what: "gun" })?)
}

/// When a gun was pressed, as a browser reckons the server's clock to have been. One that was long
/// ago, or is still to come, was reckoned wrong.
pub fn pressed(at: UnixMicros, now: UnixMicros) -> Result<UnixMicros, ServiceError> {
    let ago_ms = now.ms_since(at);
    if !(-limits::PRESSED_AHEAD_MS_MAX..=limits::PRESSED_AGO_MS_MAX).contains(&ago_ms) {
        return Err(ServiceError::invalid(
            "gun",
            "this browser's clock and the server's do not agree; type the time of the gun",
        ));
    }
    Ok(at.min(now))
}

/// A date and a time of day on the event's clock. One that comes twice, as clocks are put back, is
/// the first of the two.
pub async fn instant_at(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    date: &str,
    time_cs: u32,
) -> Result<UnixMicros, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    let clock = clock_of(&store.event(&scope, event).await?.timezone)?;
    let date: chrono::NaiveDate = date.trim().parse().map_err(|_| {
        ServiceError::invalid("date", format!("{date:?} is no date like 2026-05-31"))
    })?;
    if i64::from(time_cs) >= model::time::DAY_CS {
        return Err(ServiceError::invalid("time", "a day has 24 hours"));
    }
    let days = date
        .signed_duration_since(chrono::NaiveDate::default())
        .num_days();
    let wall = WallTime::from_day(days, i64::from(time_cs));
    Ok(clock.instant_of(wall, UnixMicros(0)))
}

/// An instant on the clock of a time zone.
pub fn wall_at(timezone: &str, at: UnixMicros) -> Result<WallTime, ServiceError> {
    Ok(clock_of(timezone)?.wall_at(at))
}

/// A time of day on the event's clock, to the tenth.
fn clock_text(event: &Event, at: UnixMicros) -> Result<String, ServiceError> {
    let text = wall_at(&event.timezone, at)?.to_string();
    Ok(text[11..21].to_owned())
}

fn clock_of(timezone: &str) -> Result<StreamClock, ServiceError> {
    let zone = parse_zone(timezone)
        .map_err(|error| ServiceError::invalid("timezone", error.to_string()))?;
    Ok(StreamClock { zone, offset_ms: 0 })
}
