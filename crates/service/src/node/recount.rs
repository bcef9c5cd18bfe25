//! Counts which stored reads are nobody's, after the start and after a roster changed.
//!
//! It looks at every read of a stream, so it goes on beside all else: no start and no screen waits
//! for it.

use super::Registry;
use crate::{authority, limits, setup};
use model::EventId;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
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
        let mut failed = Vec::new();
        while let Some(event) = recounts.next() {
            if !count(event, &*store, &registry).await {
                failed.push(event);
            }
        }
        if !failed.is_empty() {
            tokio::time::sleep(Duration::from_millis(limits::RECOUNT_AGAIN_MS)).await;
            failed.into_iter().for_each(|event| recounts.ask(event));
        }
    }
}

/// Whether all streams of the event could be counted.
async fn count(event: EventId, store: &dyn Store, registry: &Registry) -> bool {
    let mut all = true;
    let streams = registry.streams().into_iter();
    for stream in streams.filter(|stream| stream.event == event) {
        let scope = authority::node_scope(stream.partner);
        let count = &stream.counters.unknown;
        count.begin();
        // Only now: reads that are stored from here on are judged by this roster or a newer one,
        // for which everything is counted again.
        let Some(roster) = registry.roster(event) else {
            count.forget();
            continue;
        };
        match setup::unknown_reads(store, &scope, event, stream.id, &roster).await {
            Ok(unknown) => count.counted(unknown.upto, unknown.reads),
            Err(error) => {
                count.forget();
                all = false;
                let id = stream.id;
                tracing::warn!(stream = %id, %error, "unknown reads cannot be counted now");
            }
        }
    }
    all
}
