//! How many stored reads of a stream are nobody's: counted whole where a roster is new, and from
//! then on with every read that is stored. Knows no roster and no store.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A count that is not known says so: zero would be a lie.
#[derive(Debug, Default)]
pub struct UnknownReads {
    count: Mutex<Count>,
}

#[derive(Debug, Default)]
enum Count {
    #[default]
    Unasked,
    /// While all are counted, in some state of the store after this began: where in the journal
    /// those lie that were stored meanwhile and are nobody's.
    Running(Vec<u64>),
    Known(u64),
}

impl UnknownReads {
    /// `None` while it is being counted.
    pub fn known(&self) -> Option<u64> {
        match *self.lock() {
            Count::Known(count) => Some(count),
            Count::Unasked | Count::Running(_) => None,
        }
    }

    /// Takes note of a read that was stored at a position. Whose it is, is asked here and not
    /// before, so that a count that has begun meets the roster that it began with.
    pub(crate) fn stored(&self, position: u64, is_unknown: impl FnOnce() -> bool) -> bool {
        let mut count = self.lock();
        let is_unknown = is_unknown();
        match &mut *count {
            Count::Running(since) if is_unknown => since.push(position),
            Count::Known(count) if is_unknown => *count += 1,
            Count::Unasked | Count::Running(_) | Count::Known(_) => {}
        }
        is_unknown
    }

    /// All are going to be counted. The roster that they are counted by is in force by now.
    pub(super) fn begin(&self) {
        *self.lock() = Count::Running(Vec::new());
    }

    /// So many there were as far as that position of the journal.
    pub(super) fn counted(&self, upto: u64, unknown: u64) {
        let mut count = self.lock();
        if let Count::Running(since) = &*count {
            let later = since.iter().filter(|position| **position > upto).count();
            *count = Count::Known(unknown + u64::try_from(later).unwrap_or(0));
        }
    }

    /// They could not be counted, or are to be by another roster.
    pub(super) fn forget(&self) {
        *self.lock() = Count::Unasked;
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_stored_during_the_count_is_counted_once() {
        let unknown = UnknownReads::default();
        unknown.stored(1, || true);
        assert_eq!(unknown.known(), None, "what was stored before is not known");
        unknown.begin();
        for position in 2..=5 {
            unknown.stored(position, || position != 4);
        }
        assert_eq!(unknown.known(), None);
        // The count saw those up to 3.
        unknown.counted(3, 3);
        assert_eq!(unknown.known(), Some(4));
        unknown.stored(6, || true);
        unknown.stored(7, || false);
        assert_eq!(unknown.known(), Some(5));
    }

    #[test]
    fn a_count_that_is_begun_again_or_forgotten_is_not_known() {
        let unknown = UnknownReads::default();
        unknown.begin();
        unknown.counted(0, 9);
        unknown.begin();
        assert_eq!(unknown.known(), None);
        unknown.forget();
        assert_eq!(unknown.known(), None);
        unknown.counted(0, 9);
        assert_eq!(unknown.known(), None, "an answer to what is asked no more");
    }
}
