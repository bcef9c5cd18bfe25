//! Looks at the node each second, and says what is wrong and what is so no more.

use super::{
    JournalSnapshot, News, PlaceSnapshot, PlaceWatch, ReaderSnapshot, Snapshot, StreamSnapshot,
    Tags,
};
use crate::{
    Node, limits,
    node::{EventEntry, StreamRuntime},
};
use model::{
    UnixMicros,
    alarm::Severity,
    limits::{ALARM_TAGS_MAX, TAG_SHOWN_CHARS_MAX},
};
use std::{sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

pub async fn run(node: Arc<Node>) {
    let mut ticks = interval(Duration::from_millis(limits::ALARM_LOOK_MS));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let snapshot = node.timing_snapshot();
        let news = node.watch.book().look(&snapshot);
        tell(&news);
    }
}

/// Once in the log, for whoever has no page open.
fn tell(news: &[News]) {
    for news in news {
        match news {
            News::Raised(trouble) if trouble.severity() == Severity::Urgent => {
                tracing::error!("alarm: {}. {}", trouble.title(), trouble.advice());
            }
            News::Raised(trouble) => {
                tracing::warn!("alarm: {}. {}", trouble.title(), trouble.advice());
            }
            News::Over(trouble) => tracing::info!("alarm over: {}", trouble.title()),
        }
    }
}

impl Node {
    /// All that alarms are judged by, as it is now. From memory, so that there are alarms while the
    /// database is away.
    fn timing_snapshot(&self) -> Snapshot {
        let now = self.clock.now();
        let streams = self.registry.streams();
        let streams = streams.iter().filter(|stream| stream.row().active(now));
        let streams = streams.filter_map(|stream| {
            let event = self.registry.event(stream.event)?;
            Some(snapshot_of(stream, &event, now))
        });
        let journal = self.journal.state();
        Snapshot {
            now,
            streams: streams.collect(),
            connections: self.connections.list(),
            claimant: self.registry.claimant(),
            journal: JournalSnapshot {
                delay_ms: journal.oldest_at.map_or(0, |oldest| now.ms_since(oldest)),
                trouble: journal.trouble,
                is_full: self.journal.is_full(),
            },
            host: self.watch.host(),
        }
    }
}

pub(super) fn snapshot_of(
    stream: &StreamRuntime,
    event: &EventEntry,
    now: UnixMicros,
) -> StreamSnapshot {
    let row = stream.row();
    // One lock after the other: reads wait for neither.
    let wrong_clocks = stream.intake().wrong_clocks(now);
    let watch = stream.watch();
    let places = watch.places();
    let mut places: Vec<_> = places
        .map(|(location, place)| place_of(stream, event, location, place, now))
        .collect();
    drop(watch);
    places.sort_by(|a, b| a.location.cmp(&b.location));
    StreamSnapshot {
        id: row.id,
        partner: row.partner,
        event: row.event,
        event_name: event.name.clone(),
        name: row.name,
        shared: row.port.is_none(),
        offset_ms: row.offset_ms,
        people: event.roster.len() as u64,
        places,
        wrong_clocks,
    }
}

fn place_of(
    stream: &StreamRuntime,
    event: &EventEntry,
    location: &str,
    place: &PlaceWatch,
    now: UnixMicros,
) -> PlaceSnapshot {
    let point = event.point_of(stream, location);
    let point = point.map_or_else(|| location.to_owned(), |(_, name)| name);
    let readers = place.readers.iter().map(|reader| ReaderSnapshot {
        reader: reader.reader.to_string(),
        least_ms: reader.differences.least_ms(now),
    });
    PlaceSnapshot {
        location: location.to_owned(),
        heard_at: place.heard_at,
        is_start: place.is_starting(now) || is_called_start(location) || is_called_start(&point),
        pace: place.pace(now),
        tags: last_tags(event, place),
        readers: readers.collect(),
        point,
    }
}

/// Of the last tags there, whose are they now?
pub fn last_tags(event: &EventEntry, place: &PlaceWatch) -> Tags {
    let mut tags = Tags::default();
    for tag in place.tags().rev() {
        if event.is_ignored(tag) {
            continue;
        }
        tags.of += 1;
        if event.knows(tag) {
            continue;
        }
        tags.unknown += 1;
        if tags.newest.len() < ALARM_TAGS_MAX {
            tags.newest
                .push(tag.chars().take(TAG_SHOWN_CHARS_MAX).collect());
        }
    }
    tags
}

fn is_called_start(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    name.starts_with("start") && !name.contains("finish")
}
