//! Follows the store's changes, whoever makes them: this process or the CLI in another.

use super::{Node, load::Extent};
use crate::{ServiceError, limits};
use model::{EventId, PartnerId, StreamId};
use std::{
    collections::{BTreeMap, BTreeSet},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use store::{Change, ChangeFollower, ChangeKind, Changes};

pub async fn run(node: Arc<Node>, mut follower: Box<dyn ChangeFollower>) {
    let mut hears = true;
    let mut expiry = tokio::time::interval(Duration::from_millis(limits::EXPIRY_CHECK_MS));
    loop {
        let changes = {
            // One future over many ticks: a database that is slow to connect to needs longer.
            let mut next = pin!(follower.next());
            loop {
                tokio::select! {
                    changes = &mut next => break changes,
                    _ = expiry.tick() => {
                        let _loading = node.loading.lock().await;
                        node.expire_displays().await;
                    }
                }
            }
        };
        let mut work = match changes {
            Ok(changes) => {
                hears = true;
                Work::of(changes)
            }
            Err(error) => {
                if std::mem::take(&mut hears) {
                    tracing::warn!(%error, "changes cannot be followed; trying again");
                }
                tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
                continue;
            }
        };
        loop {
            let loading = node.loading.lock().await;
            let Err(error) = work.apply(&node).await else {
                break;
            };
            drop(loading);
            tracing::warn!(%error, "a change cannot be loaded; trying again");
            tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
        }
    }
}

/// What several changes together ask to be loaded again.
#[derive(Default)]
struct Work {
    partners: bool,
    displays: bool,
    /// Changes were missed: everything is loaded again.
    all: bool,
    events: BTreeMap<(PartnerId, EventId), Extent>,
    /// Streams whose events are to be found first.
    streams: BTreeSet<StreamId>,
}

impl Work {
    fn of(changes: Changes) -> Self {
        let mut work = Self::default();
        match changes {
            Changes::Missed { .. } => work.all = true,
            Changes::Listed(list) => list.into_iter().for_each(|change| work.add(change)),
        }
        work
    }

    fn add(&mut self, change: Change) {
        match change.kind {
            ChangeKind::Partner => self.partners = true,
            ChangeKind::Display => self.displays = true,
            ChangeKind::Event | ChangeKind::Roster => {
                self.event(change.partner, EventId(change.subject), Extent::Whole);
            }
            ChangeKind::Point => {
                self.event(change.partner, EventId(change.subject), Extent::ButRoster);
            }
            ChangeKind::Stream | ChangeKind::Route => {
                self.streams.insert(StreamId(change.subject));
            }
        }
    }

    fn event(&mut self, partner: PartnerId, event: EventId, extent: Extent) {
        let wanted = self.events.entry((partner, event)).or_insert(extent);
        *wanted = extent.max(*wanted);
    }

    /// What is done is taken off, so that another try does only the rest.
    async fn apply(&mut self, node: &Node) -> Result<(), ServiceError> {
        if self.all {
            node.over.clear();
            node.load_all().await?;
            self.all = false;
        }
        if !self.streams.is_empty() {
            let rows = node.store.all_streams().await?;
            let streams = std::mem::take(&mut self.streams);
            for row in rows.iter().filter(|row| streams.contains(&row.id)) {
                self.event(row.partner, row.event, Extent::ButRoster);
            }
        }
        if self.partners {
            node.load_partners().await?;
            self.partners = false;
            node.routes_changed.send_modify(|count| *count += 1);
        }
        while let Some(wanted) = self.events.first_entry() {
            let (partner, event) = *wanted.key();
            node.load_event(partner, event, *wanted.get()).await?;
            wanted.remove();
        }
        if self.displays {
            node.over.clear();
            node.load_displays().await?;
            self.displays = false;
        }
        Ok(())
    }
}
