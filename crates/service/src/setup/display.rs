//! Displays: a show and its shareable URL, bound to points of one stream.

use super::event::scope_of_event;
use crate::{Caller, ServiceError, limits};
use model::{DisplayCode, DisplayId, EventId, ShowMode, StreamId, Template, UnixMicros};
use std::time::Duration;
use store::{Point, Store, Stream};

/// What a display is made from. `points` are names; `stream` may be left out where the event has
/// just one, `points` where just one is known.
pub struct NewDisplay {
    pub event: EventId,
    pub mode: ShowMode,
    pub template: Template,
    pub stream: Option<StreamId>,
    pub points: Vec<String>,
    pub ttl: Duration,
}

#[derive(Debug)]
pub struct CreatedDisplay {
    pub id: DisplayId,
    pub code: DisplayCode,
}

pub async fn create_display(
    store: &dyn Store,
    caller: Caller,
    new: NewDisplay,
    now: UnixMicros,
) -> Result<CreatedDisplay, ServiceError> {
    let scope = scope_of_event(store, caller, new.event).await?;
    if new.ttl.as_secs() == 0 || new.ttl.as_secs() > limits::DISPLAY_TTL_S_MAX {
        let days = limits::DISPLAY_TTL_S_MAX / 86_400;
        let problem = format!("it must be from 1 s to {days} days");
        return Err(ServiceError::invalid("ttl", problem));
    }
    let stream = stream_of(store.streams(&scope, new.event).await?, new.stream)?;
    let known = store.points(&scope, new.event).await?;
    let names = point_names(&known, new.points)?;
    let mut points = Vec::with_capacity(names.len());
    for name in names {
        let point = store
            .ensure_point(&scope, new.event, &super::valid_name("point", &name)?)
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
                mode: new.mode,
                template: new.template,
                stream,
                points,
                expires_at: now.plus_ms(ttl_ms),
            },
        )
        .await?;
    Ok(CreatedDisplay {
        id: display.id,
        code: display.code,
    })
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

/// A display is never bound to all of several points by default: a finish screen must not show
/// every starter (design §7).
fn point_names(known: &[Point], wanted: Vec<String>) -> Result<Vec<String>, ServiceError> {
    if wanted.len() > limits::POINTS_PER_DISPLAY_MAX {
        let problem = format!("a display takes at most {}", limits::POINTS_PER_DISPLAY_MAX);
        return Err(ServiceError::invalid("point", problem));
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
