//! What a use case can say no with. Each message says what to do.

use model::template::UnknownName;
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// What was asked for is not there, or not this partner's.
    #[error("there is no {what} {which:?}; {hint}")]
    NotFound {
        what: &'static str,
        which: String,
        hint: &'static str,
    },
    /// A value cannot be taken as it is.
    #[error("{field}: {problem}")]
    Invalid {
        field: &'static str,
        problem: String,
    },
    /// A roster file that cannot be used at all.
    #[error("the roster file cannot be read: {0}")]
    Roster(String),
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ServiceError {
    /// Whether it is about the database as it is now, and not about what was asked of it.
    pub fn is_of_the_moment(&self) -> bool {
        use StoreError::{Busy, Full, Unreachable};
        matches!(self, Self::Store(Busy | Full | Unreachable { .. }))
    }

    pub fn invalid(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            problem: problem.into(),
        }
    }
}
