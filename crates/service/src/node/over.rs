//! Codes of displays that are over, so that a screen that somebody forgot costs no query.

use crate::limits;
use model::DisplayCode;
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A code stays here until some display changes: only then can it be open again.
#[derive(Default)]
pub struct Over {
    codes: Mutex<HashSet<DisplayCode>>,
}

impl Over {
    pub fn contains(&self, code: &DisplayCode) -> bool {
        self.codes().contains(code)
    }

    pub fn insert(&self, code: DisplayCode) {
        let mut codes = self.codes();
        if codes.len() >= limits::CODES_OVER_MAX {
            codes.clear();
        }
        codes.insert(code);
    }

    pub fn clear(&self) {
        self.codes().clear();
    }

    fn codes(&self) -> MutexGuard<'_, HashSet<DisplayCode>> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
