//! What is known live of the timing: each stream's places and newest reads, and what is wrong.
//!
//! The core is pure: reads, connections and times are handed in, alarms come out. What is counted
//! here counts from the start of the server; the journal has the rest. It decides nothing about a
//! read: that is the live path's.

mod book;
mod differences;
mod host;
mod look;
mod minutes;
mod place;
mod recent;
mod rules;
mod sequences;
mod snapshot;
mod stream;
mod unknown;

#[cfg(test)]
mod traces;

pub use book::{AlarmBook, News};
pub use host::{DiskRoom, HostReport};
pub use look::{last_tags, run};
pub use place::{Pace, PlaceWatch};
pub use recent::RecentRead;
pub use rules::troubles;
pub use snapshot::{
    JournalSnapshot, PlaceSnapshot, ReaderSnapshot, Snapshot, StreamSnapshot, Tags,
};
pub use stream::{Source, StreamWatch};
pub use unknown::Unknown;

use model::{Alarm, PartnerId};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Numbers reads in the order in which they come, over all streams. From 1.
///
/// Whoever asks for what came up to now takes `last` first and locks each stream after that: a
/// number is taken with its stream's lock held, so all up to it are there by then.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    fn next(&self, count: u64) -> u64 {
        self.0.fetch_add(count, Ordering::Relaxed) + 1
    }

    pub fn last(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the node watches beside its streams. Short locks, never held across an await.
#[derive(Default)]
pub struct Watch {
    pub counter: Arc<Counter>,
    host: Mutex<HostReport>,
    alarms: Mutex<AlarmBook>,
}

impl Watch {
    /// What the server has seen of its computer, which nothing in here can look at.
    pub fn set_host(&self, report: HostReport) {
        *self.host.lock().unwrap_or_else(PoisonError::into_inner) = report;
    }

    pub fn host(&self) -> HostReport {
        self.host
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Those of a partner's streams, and the server's own; the urgent ones first, then the oldest.
    pub fn alarms(&self, partner: PartnerId) -> Vec<Alarm> {
        self.book().list(partner)
    }

    fn book(&self) -> MutexGuard<'_, AlarmBook> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
