//! Counts again which stored reads are nobody's, after a roster changed.
//!
//! It looks at every read of a stream, so it goes on beside the loading: no screen waits for it.

use super::Registry;
use crate::{authority, setup};
use model::EventId;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};
use store::Store;
use tokio::sync::Notify;

/// Events whose streams are to be counted again. Asked twice, an event is there once.
#[derive(Default)]
pub struct Recounts {
    events: Mutex<BTreeSet<EventId>>,
    asked: Notify,
}

impl Recounts {
    pub fn ask(&self, event: EventId) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.insert(event);
        self.asked.notify_one();
    }

    fn next(&self) -> Option<EventId> {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.pop_first()
    }
}

pub async fn run(recounts: Arc<Recounts>, store: Arc<dyn Store>, registry: Arc<Registry>) {
    loop {
        recounts.asked.notified().await;
        while let Some(event) = recounts.next() {
            count(event, &*store, &registry).await;
        }
    }
}

async fn count(event: EventId, store: &dyn Store, registry: &Registry) {
    let Some(entry) = registry.event(event) else {
        return;
    };
    let streams = registry.streams().into_iter();
    for stream in streams.filter(|stream| stream.event == event) {
        let scope = authority::node_scope(stream.partner);
        match setup::unknown_reads(store, &scope, stream.id, &entry.roster).await {
            Ok(unknown) => stream.counters.unknown.store(unknown, Ordering::Relaxed),
            Err(error) => {
                let id = stream.id;
                tracing::warn!(stream = %id, %error, "unknown reads are not counted again");
            }
        }
    }
}
