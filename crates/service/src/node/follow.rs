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
    let mut newest = *node.followed.borrow();
    let mut work = Work::default();
    let mut expiry = tokio::time::interval(Duration::from_millis(limits::EXPIRY_CHECK_MS));
    let mut again = tokio::time::interval(Duration::from_millis(limits::LOAD_AGAIN_MS));
    loop {
        let changes = {
            // One future over many ticks: a database that is slow to connect to needs longer.
            let mut next = pin!(follower.next());
            loop {
                tokio::select! {
                    changes = &mut next => break Some(changes),
                    _ = expiry.tick() => {
                        let _loading = node.loading.lock().await;
                        node.expire_displays().await;
                    }
                    _ = again.tick() => {
                        if work.take_up_again() {
                            // The follower gives what it has not given yet to the next that asks.
                            break None;
                        }
                    }
                }
            }
        };
        match changes {
            Some(Ok(changes)) => {
                hears = true;
                newest = changes.newest().unwrap_or(newest);
                work.add_all(changes);
            }
            Some(Err(error)) => {
                if std::mem::take(&mut hears) {
                    tracing::warn!(%error, "changes cannot be followed; trying again");
                }
                tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
                continue;
            }
            None => {}
        }
        loop {
            let loading = node.loading.lock().await;
            let Err(error) = work.apply(&node).await else {
                break;
            };
            drop(loading);
            tracing::warn!(%error, "a change cannot be loaded; trying again");
            tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
        }
        node.followed.send_replace(newest);
    }
}

/// Something that is to be loaded again. In the order in which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Partners,
    /// Changes were missed: everything that is active.
    All,
    /// The event of a stream, which is to be found first.
    Stream(StreamId),
    Event(PartnerId, EventId),
    Displays,
}

/// What several changes together ask to be loaded again.
#[derive(Default)]
struct Work {
    wanted: BTreeMap<Item, Extent>,
    /// What could not be loaded for a reason of its own. It holds up nothing else.
    stuck: BTreeMap<Item, Extent>,
    /// What of it was logged.
    told: BTreeSet<Item>,
}

impl Work {
    fn add_all(&mut self, changes: Changes) {
        match changes {
            Changes::Missed { .. } => self.want(Item::All, Extent::Whole),
            Changes::Listed(list) => list.into_iter().for_each(|change| self.add(change)),
        }
    }

    fn add(&mut self, change: Change) {
        let event = || Item::Event(change.partner, EventId(change.subject));
        match change.kind {
            ChangeKind::Partner => self.want(Item::Partners, Extent::Whole),
            ChangeKind::Display => self.want(Item::Displays, Extent::Whole),
            ChangeKind::Event | ChangeKind::Roster => self.want(event(), Extent::Whole),
            ChangeKind::Point | ChangeKind::Race | ChangeKind::Message => {
                self.want(event(), Extent::ButRoster);
            }
            // A version never changes, and a show that is given another one tells of its display.
            ChangeKind::Template => {}
            ChangeKind::Stream => {
                self.want(Item::Stream(StreamId(change.subject)), Extent::ButRoster);
            }
            ChangeKind::Route => {
                self.want(Item::Stream(StreamId(change.subject)), Extent::ButRoster);
                self.want(Item::Partners, Extent::Whole);
            }
        }
    }

    fn want(&mut self, item: Item, extent: Extent) {
        let extent = self
            .stuck
            .remove(&item)
            .map_or(extent, |was| was.max(extent));
        let wanted = self.wanted.entry(item).or_insert(extent);
        *wanted = extent.max(*wanted);
    }

    /// Whether there is anything that was stuck.
    fn take_up_again(&mut self) -> bool {
        self.wanted.append(&mut self.stuck);
        !self.wanted.is_empty()
    }

    /// What is done is taken off, and what cannot be is put aside. An error is one of the database
    /// as it is now, in which nothing else would be done either.
    async fn apply(&mut self, node: &Node) -> Result<(), ServiceError> {
        while let Some((item, extent)) = self.wanted.first_key_value() {
            let (item, extent) = (*item, *extent);
            match self.load(node, item, extent).await {
                Ok(()) => {
                    self.told.remove(&item);
                }
                Err(error) if error.is_of_the_moment() => return Err(error),
                Err(error) => {
                    self.stuck.insert(item, extent);
                    if self.told.insert(item) {
                        tracing::error!(
                            ?item,
                            %error,
                            "a change cannot be loaded; all else goes on, and it is tried again"
                        );
                    }
                }
            }
            self.wanted.remove(&item);
        }
        Ok(())
    }

    async fn load(&mut self, node: &Node, item: Item, extent: Extent) -> Result<(), ServiceError> {
        match item {
            Item::Partners => {
                node.load_partners().await?;
                node.look_for_routes_again();
            }
            Item::All => {
                node.over.clear();
                for (partner, event) in node.active_events().await? {
                    self.want(Item::Event(partner, event), Extent::Whole);
                }
                self.want(Item::Partners, Extent::Whole);
                self.want(Item::Displays, Extent::Whole);
            }
            Item::Stream(_) => {
                // All of them, with one question.
                for row in node.store.all_streams().await? {
                    if self.wanted.remove(&Item::Stream(row.id)).is_some() {
                        self.want(Item::Event(row.partner, row.event), Extent::ButRoster);
                    }
                }
            }
            Item::Event(partner, event) => node.load_event(partner, event, extent).await?,
            Item::Displays => {
                node.over.clear();
                node.load_displays().await?;
            }
        }
        Ok(())
    }
}
