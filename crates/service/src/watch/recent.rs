//! The newest reads of a stream, and what the journal has said of them since.

use super::Counter;
use crate::limits;
use model::{Read, ReadKind, UnixMicros, WallTime};
use std::{collections::VecDeque, sync::Arc};

/// A read as it came. Whose it is and where is asked when it is shown.
#[derive(Clone, Debug)]
pub struct RecentRead {
    /// Rises in the order in which reads came, over all streams.
    pub id: u64,
    /// Its id, or a later number where it was altered since.
    pub revision: u64,
    pub place: Arc<str>,
    pub tag: Arc<str>,
    pub reader: Arc<str>,
    pub kind: ReadKind,
    pub wall: WallTime,
    pub received_at: UnixMicros,
    pub sequence: Option<u64>,
    pub late: bool,
    pub duplicate: bool,
    pub simulated: bool,
}

/// A read that the journal has not told of.
#[derive(Debug)]
struct Unsettled {
    id: u64,
    known: bool,
    settled: bool,
}

#[derive(Debug)]
pub struct Recent {
    counter: Arc<Counter>,
    /// By id.
    reads: VecDeque<RecentRead>,
    /// By id.
    unsettled: VecDeque<Unsettled>,
}

/// What a read is to be put down with.
pub struct Came<'a> {
    pub read: &'a Read,
    pub place: Arc<str>,
    pub tag: Arc<str>,
    pub known: bool,
    pub simulated: bool,
}

impl Recent {
    pub fn new(counter: Arc<Counter>) -> Self {
        Self {
            counter,
            reads: VecDeque::new(),
            unsettled: VecDeque::new(),
        }
    }

    /// Room for so many numbers that follow one another; the first of them.
    pub fn numbers(&self, count: usize) -> u64 {
        self.counter.next(count as u64)
    }

    pub fn came(&mut self, id: u64, came: Came<'_>) {
        let Came { read, place, .. } = came;
        if self.reads.len() >= limits::RECENT_READS_MAX {
            self.reads.pop_front();
        }
        // Mostly that of the read before.
        let reader = self.reads.back().map(|last| &last.reader);
        let reader = match reader {
            Some(reader) if **reader == *read.reader => Arc::clone(reader),
            _ => read.reader.as_str().into(),
        };
        self.reads.push_back(RecentRead {
            id,
            revision: id,
            place,
            tag: came.tag,
            reader,
            kind: read.kind,
            wall: read.wall,
            received_at: read.received_at,
            sequence: read.sequence,
            late: read.late,
            duplicate: false,
            simulated: came.simulated,
        });
        if self.unsettled.len() >= limits::UNSETTLED_READS_MAX {
            self.unsettled.pop_front();
        }
        self.unsettled.push_back(Unsettled {
            id,
            known: came.known,
            settled: false,
        });
    }

    /// The journal has told of it. Gives whether its tag was somebody's when it came, where that is
    /// still remembered.
    pub fn settled(&mut self, id: u64, duplicate: bool) -> Option<bool> {
        let found = self.unsettled.binary_search_by_key(&id, |read| read.id);
        let known = found.ok().map(|at| {
            self.unsettled[at].settled = true;
            self.unsettled[at].known
        });
        // Reads of two connections are not written in the order in which they came.
        while self.unsettled.front().is_some_and(|read| read.settled) {
            self.unsettled.pop_front();
        }
        let read = self.reads.binary_search_by_key(&id, |read| read.id);
        if let Ok(at) = read
            && duplicate
        {
            self.reads[at].duplicate = true;
            self.reads[at].revision = self.counter.next(1);
        }
        known
    }

    /// Those that came or were altered after one number and up to another, the oldest first.
    pub fn between(&self, after: u64, up_to: u64) -> impl Iterator<Item = &RecentRead> {
        let reads = self.reads.iter();
        reads.filter(move |read| read.revision > after && read.revision <= up_to)
    }
}
