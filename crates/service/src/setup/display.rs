//! Displays: a show and its shareable URL, bound to points of one stream.

use super::{event::scope_of_event, valid_name, valid_name_or_none};
use crate::{Caller, Right, ServiceError, authority, limits, template::unless_foreign};
use model::{
    DisplayCode, DisplayId, EventId, PointId, RundownOverrides, ShowId, ShowMode, StreamId,
    TemplatePin, UnixMicros, rundown_settings::WrongSetting,
};
use std::time::Duration;
use store::{Display, PartnerScope, Point, ShowChange, Store, Stream};

/// What a display is made from. `points` are names; `stream` may be left out where the event has
/// just one, `points` where just one is known.
pub struct NewDisplay {
    pub event: EventId,
    /// What people call it; may be empty.
    pub name: String,
    pub mode: ShowMode,
    pub template: TemplatePin,
    pub rundown: RundownOverrides,
    pub stream: Option<StreamId>,
    pub points: Vec<String>,
    pub ttl: Duration,
}

#[derive(Debug)]
pub struct CreatedDisplay {
    pub id: DisplayId,
    pub show: ShowId,
    pub code: DisplayCode,
}

pub async fn create_display(
    store: &dyn Store,
    caller: &Caller,
    new: NewDisplay,
    now: UnixMicros,
) -> Result<CreatedDisplay, ServiceError> {
    let scope = scope_of_event(store, caller, new.event, Right::Run).await?;
    if new.ttl.as_secs() == 0 || new.ttl.as_secs() > limits::DISPLAY_TTL_S_MAX {
        let days = limits::DISPLAY_TTL_S_MAX / 86_400;
        let problem = format!("it must be from 1 s to {days} days");
        return Err(ServiceError::invalid("ttl", problem));
    }
    let name = valid_name_or_none("name", &new.name)?;
    checked(&new.rundown)?;
    let stream = stream_of(store.streams(&scope, new.event).await?, new.stream)?;
    let known = store.points(&scope, new.event).await?;
    let names = point_names(&known, new.points)?;
    let mut points = Vec::with_capacity(names.len());
    for name in names {
        let point = store
            .ensure_point(&scope, new.event, &valid_name("point", &name)?)
            .await?;
        if !points.contains(&point) {
            points.push(point);
        }
    }
    let ttl_ms = i64::try_from(new.ttl.as_millis()).unwrap_or(i64::MAX);
    let display = store
        .create_display(
            &scope,
            store::NewDisplay {
                event: new.event,
                name,
                mode: new.mode,
                template: new.template,
                rundown: new.rundown,
                stream,
                points,
                expires_at: now.plus_ms(ttl_ms),
            },
        )
        .await
        .map_err(unless_foreign(Some(new.template)))?;
    Ok(CreatedDisplay {
        id: display.id,
        show: display.show,
        code: display.code,
    })
}

/// Of an event, in the order in which they were made; ended and expired ones too.
pub async fn displays(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<Vec<Display>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.displays(&scope, event).await?)
}

/// Those that a display of the event shows or could show, archived ones too.
pub async fn display_streams(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<Vec<Stream>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.streams(&scope, event).await?)
}

pub async fn display(
    store: &dyn Store,
    caller: &Caller,
    id: DisplayId,
) -> Result<Display, ServiceError> {
    Ok(display_for(store, caller, id, Right::See).await?.1)
}

/// Gives the display as it was before.
pub async fn update_show(
    store: &dyn Store,
    caller: &Caller,
    id: DisplayId,
    change: ShowChange,
) -> Result<Display, ServiceError> {
    let (scope, display) = display_for(store, caller, id, Right::Run).await?;
    still_on(&display)?;
    change.rundown.as_ref().map_or(Ok(()), checked)?;
    let pin = change.template;
    let updated = store.update_show(&scope, id, change).await;
    updated.map_err(unless_foreign(pin))?;
    Ok(display)
}

/// Shows the reads of that stream over those points from now on. What was read before features
/// nobody: a list has the newest of its points, as on a start. Gives the display as it was before.
pub async fn bind_display(
    store: &dyn Store,
    caller: &Caller,
    id: DisplayId,
    stream: StreamId,
    points: &[PointId],
) -> Result<Display, ServiceError> {
    let (scope, display) = display_for(store, caller, id, Right::Run).await?;
    still_on(&display)?;
    if points.is_empty() {
        let problem = "choose one at least; a display without any shows nobody";
        return Err(ServiceError::invalid("point", problem));
    }
    if points.len() > limits::POINTS_PER_DISPLAY_MAX {
        return Err(too_many_points());
    }
    stream_of(store.streams(&scope, display.event).await?, Some(stream))?;
    let known = store.points(&scope, display.event).await?;
    let is_known = |id: &PointId| known.iter().any(|point| point.id == *id);
    if !points.iter().all(is_known) {
        let problem = "it is none of the display's event";
        return Err(ServiceError::invalid("point", problem));
    }
    store.bind_show(&scope, id, stream, points).await?;
    Ok(display)
}

/// A display on which somebody may take the turns in hand.
pub(crate) async fn operated_display(
    store: &dyn Store,
    caller: &Caller,
    id: DisplayId,
) -> Result<Display, ServiceError> {
    let (_, display) = display_for(store, caller, id, Right::Run).await?;
    still_on(&display)?;
    Ok(display)
}

/// The code of a display to whose screens somebody may give commands.
pub async fn commanded_display(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: DisplayId,
) -> Result<DisplayCode, ServiceError> {
    let (_, display) = display_to_run(store, caller, event, id).await?;
    still_on(&display)?;
    Ok(display.code)
}

/// Switches it off for good.
pub async fn end_display(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: DisplayId,
) -> Result<(), ServiceError> {
    let (scope, _) = display_to_run(store, caller, event, id).await?;
    Ok(store.end_display(&scope, id).await?)
}

/// Lets it live until then, also one that expired. Gives when it would have ended before.
pub async fn extend_display(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: DisplayId,
    until: UnixMicros,
    now: UnixMicros,
) -> Result<UnixMicros, ServiceError> {
    let (scope, display) = display_to_run(store, caller, event, id).await?;
    still_on(&display)?;
    if until <= now {
        let problem = "that moment is past; choose a later one, or switch the display off";
        return Err(ServiceError::invalid("until", problem));
    }
    let days = limits::DISPLAY_TTL_S_MAX / 86_400;
    let latest = now.plus_ms(i64::try_from(limits::DISPLAY_TTL_S_MAX * 1_000).unwrap_or(i64::MAX));
    if latest < until {
        let problem = format!("a display lives at most {days} days; choose an earlier moment");
        return Err(ServiceError::invalid("until", problem));
    }
    store.extend_display(&scope, id, until).await?;
    Ok(display.expires_at)
}

/// An empty name takes the name away. Gives the name before.
pub async fn rename_display(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: DisplayId,
    name: &str,
) -> Result<String, ServiceError> {
    let (scope, display) = display_to_run(store, caller, event, id).await?;
    store
        .rename_display(&scope, id, &valid_name_or_none("name", name)?)
        .await?;
    Ok(display.name)
}

async fn display_to_run(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: DisplayId,
) -> Result<(PartnerScope, Display), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let displays = store.displays(&scope, event).await?;
    let found = displays.into_iter().find(|display| display.id == id);
    let display = found.ok_or_else(|| ServiceError::NotFound {
        what: "display",
        which: id.to_string(),
        hint: "load the page again",
    })?;
    Ok((scope, display))
}

async fn display_for(
    store: &dyn Store,
    caller: &Caller,
    id: DisplayId,
    right: Right,
) -> Result<(PartnerScope, Display), ServiceError> {
    let owner = store.owner_of_display(id).await?;
    let scope = authority::scope(caller, owner, right, || ServiceError::NotFound {
        what: "display",
        which: id.to_string(),
        hint: "its id was printed when it was created",
    })?;
    let display = store.display(&scope, id).await?;
    Ok((scope, display))
}

fn checked(rundown: &RundownOverrides) -> Result<(), ServiceError> {
    let wrong =
        |wrong: WrongSetting| ServiceError::invalid(wrong.setting().name(), wrong.to_string());
    rundown.check().map_err(wrong)
}

fn still_on(display: &Display) -> Result<(), ServiceError> {
    if display.ended {
        let problem = "it is switched off for good; make a new display";
        return Err(ServiceError::invalid("display", problem));
    }
    Ok(())
}

fn stream_of(streams: Vec<Stream>, wanted: Option<StreamId>) -> Result<StreamId, ServiceError> {
    let listed = || {
        streams
            .iter()
            .map(|stream| format!("{} ({})", stream.name, stream.id))
            .collect::<Vec<_>>()
    };
    match (wanted, streams.as_slice()) {
        (Some(wanted), _) => {
            if streams.iter().any(|stream| stream.id == wanted) {
                return Ok(wanted);
            }
            let problem = format!("it is none of the event's: {}", listed().join(", "));
            Err(ServiceError::invalid("stream", problem))
        }
        (None, [only]) => Ok(only.id),
        (None, []) => Err(ServiceError::invalid(
            "stream",
            "the event has none yet; make one with gantry stream create",
        )),
        (None, _) => {
            let problem = format!("the event has several, name one: {}", listed().join(", "));
            Err(ServiceError::invalid("stream", problem))
        }
    }
}

fn too_many_points() -> ServiceError {
    let problem = format!("a display takes at most {}", limits::POINTS_PER_DISPLAY_MAX);
    ServiceError::invalid("point", problem)
}

/// A display is never bound to all of several points by default: a finish screen must not show
/// every starter (design §7).
fn point_names(known: &[Point], wanted: Vec<String>) -> Result<Vec<String>, ServiceError> {
    if wanted.len() > limits::POINTS_PER_DISPLAY_MAX {
        return Err(too_many_points());
    }
    match (wanted.is_empty(), known) {
        (false, _) => Ok(wanted),
        (true, [only]) => Ok(vec![only.name.clone()]),
        (true, []) => Err(ServiceError::invalid(
            "point",
            "none is known yet; name one as the timing software calls it, such as --point FINISH",
        )),
        (true, _) => {
            let names: Vec<_> = known.iter().map(|point| point.name.as_str()).collect();
            let problem = format!(
                "several are known, name those to show: {}",
                names.join(", ")
            );
            Err(ServiceError::invalid("point", problem))
        }
    }
}
