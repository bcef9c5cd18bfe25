//! The live path's own join, of events as the store has them, kept for the pages that follow one
//! another: so a preview says of a read what a screen would, and asks nothing of the screens' own.

use crate::{
    Node, ServiceError,
    ingest::{
        LiveInput, LivePath,
        live_path::{EventView, StreamView, start_locations},
    },
    limits,
    node::{self, starts_at},
    roster::RosterIndex,
};
use model::{EventId, MonoMs, UnixMicros};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::PartnerScope;

#[derive(Default)]
pub(crate) struct Paths {
    /// Those that were asked for last, the newest last.
    kept: Mutex<VecDeque<Kept>>,
    /// One is loaded at a time, however many builders are open. Nobody waits for it whose own is
    /// kept.
    loading: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    wanted: Wanted,
    /// Of the changes table when it was loaded, and when it was last looked at.
    loaded: u64,
    change: u64,
    loaded_at: MonoMs,
    facts: Arc<Facts>,
    path: Arc<LivePath>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Wanted {
    event: EventId,
    /// The starts of the days before then are loaded.
    at: UnixMicros,
}

/// An event as it is set up.
struct Facts {
    event: EventView,
    streams: Vec<StreamView>,
}

impl Facts {
    fn is(&self, other: &Self) -> bool {
        self.event.is(&other.event) && self.streams == other.streams
    }
}

impl Kept {
    fn is_young(&self, now: MonoMs) -> bool {
        now.ms_since(self.loaded_at) <= limits::SESSION_STARTS_KEPT_MS
    }
}

impl Paths {
    /// The event as it is set up now, with the starts of its races in the days before `at`. What is
    /// loaded is taken again where nothing of it was changed, and while reads may come for
    /// `limits::SESSION_STARTS_KEPT_MS`: so long somebody who has just started has a gun time only.
    pub async fn of(
        &self,
        node: &Node,
        scope: &PartnerScope,
        event: EventId,
        at: UnixMicros,
    ) -> Result<Arc<LivePath>, ServiceError> {
        let wanted = Wanted { event, at };
        let change = node.store().last_change().await?;
        let is_same = |kept: &Kept| {
            let is_young = kept.is_young(node.clock.mono());
            let is_right = match node.registry.roster(event) {
                // The node follows changes a moment later.
                Some(roster) => is_young && Arc::ptr_eq(&roster, &kept.facts.event.roster),
                // It takes no reads of an event that it does not serve.
                None => is_young || kept.loaded == change,
            };
            kept.change == change && is_right
        };
        if let Some(kept) = self.kept(wanted).filter(is_same) {
            return Ok(kept.path);
        }
        let _loading = self.loading.lock().await;
        // Whoever waited for somebody who asked for the same has it now.
        let known = self.kept(wanted);
        if let Some(kept) = known.clone().filter(is_same) {
            return Ok(kept.path);
        }
        let now = node.clock.mono();
        let known = known.filter(|kept| kept.is_young(now));
        let facts = Arc::new(load(node, scope, event, self.roster(event, now)).await?);
        let kept = match known.filter(|kept| kept.facts.is(&facts)) {
            // Most changes are of something else, such as the draft that is being tried.
            Some(known) => Kept { change, ..known },
            None => Kept {
                wanted,
                loaded: change,
                change,
                loaded_at: now,
                path: Arc::new(path_of(node, scope, &facts, at).await?),
                facts,
            },
        };
        let path = Arc::clone(&kept.path);
        self.keep(kept);
        Ok(path)
    }

    /// The roster of an event that the node does not serve, as it was a moment ago.
    fn roster(&self, event: EventId, now: MonoMs) -> Option<Arc<RosterIndex>> {
        let all = self.lock();
        let mut kept = all.iter().rev();
        let known = kept.find(|kept| kept.wanted.event == event && kept.is_young(now))?;
        Some(Arc::clone(&known.facts.event.roster))
    }

    /// It is the one asked for last from now on.
    fn kept(&self, wanted: Wanted) -> Option<Kept> {
        let mut all = self.lock();
        let place = all.iter().position(|kept| kept.wanted == wanted)?;
        let kept = all.remove(place)?;
        all.push_back(kept.clone());
        Some(kept)
    }

    fn keep(&self, new: Kept) {
        let mut all = self.lock();
        all.retain(|kept| kept.wanted != new.wanted);
        all.push_back(new);
        let people = all.iter().map(|kept| kept.facts.event.roster.len());
        let surplus = surplus(&people.collect::<Vec<_>>());
        all.drain(..surplus);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many of them go, the first ones, by the people on the roster of each. The last stays.
fn surplus(people: &[usize]) -> usize {
    let mut total: usize = people.iter().sum();
    let mut left = people.len();
    for first in people {
        let fits = left <= limits::SESSION_PATHS_MAX && total <= limits::SESSION_PEOPLE_MAX;
        if fits || left <= 1 {
            break;
        }
        total -= first;
        left -= 1;
    }
    people.len() - left
}

/// `roster`: for an event that the node does not serve, where it is known.
async fn load(
    node: &Node,
    scope: &PartnerScope,
    event: EventId,
    roster: Option<Arc<RosterIndex>>,
) -> Result<Facts, ServiceError> {
    let store = node.store();
    let row = store.event(scope, event).await?;
    let roster = match node.registry.roster(event).or(roster) {
        Some(roster) => roster,
        None => {
            let people = store.participants(scope, event).await?;
            Arc::new(RosterIndex::new(people, row.bib_rule))
        }
    };
    let mut streams = Vec::new();
    for stream in store.streams(scope, event).await? {
        let zone = stream.timezone.as_deref().unwrap_or(&row.timezone);
        streams.push(StreamView {
            stream: stream.id,
            event,
            clock: node::clock(zone, stream.offset_ms)?,
            locations: store
                .locations(scope, stream.id)
                .await?
                .into_iter()
                .collect(),
        });
    }
    let points = store.points(scope, event).await?.into_iter();
    let event = EventView {
        event,
        clock: node::clock(&row.timezone, 0)?,
        roster,
        points: points.map(|point| (point.id, point.name)).collect(),
        setup: node.race_setup(scope, &row).await?,
        messages: store.messages(scope, event).await?.into(),
        name: row.name,
        date: row.date,
    };
    Ok(Facts { event, streams })
}

async fn path_of(
    node: &Node,
    scope: &PartnerScope,
    facts: &Facts,
    at: UnixMicros,
) -> Result<LivePath, ServiceError> {
    let store = node.store();
    let mut path = LivePath::default();
    let view = Box::new(facts.event.clone());
    path.apply(MonoMs(0), at, LiveInput::Event(view));
    for stream in &facts.streams {
        let read = store.stream_totals(scope, stream.stream).await?.last;
        let read = read.iter().map(|(location, _)| location.as_str());
        let mut starts = Vec::new();
        for location in start_locations(&facts.event, stream, read) {
            starts.extend(starts_at(store, scope, stream, &location, at).await?);
        }
        let input = LiveInput::Stream {
            view: stream.clone(),
            window: Vec::new(),
            recent: Vec::new(),
            starts,
        };
        path.apply(MonoMs(0), at, input);
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ones_asked_for_longest_ago_go() {
        const PEOPLE: usize = limits::SESSION_PEOPLE_MAX;
        let check = |people: &[usize], expected: usize| {
            assert_eq!(surplus(people), expected, "{people:?}");
        };
        check(&[], 0);
        check(&[0; limits::SESSION_PATHS_MAX], 0);
        check(&[0; limits::SESSION_PATHS_MAX + 2], 2);
        check(&[PEOPLE - 1, 1], 0);
        check(&[PEOPLE - 1, 1, 1], 1);
        check(&[1, PEOPLE - 1, 2], 2);
        check(&[1, PEOPLE + 1], 1);
        check(&[PEOPLE + 1], 0);
    }
}
