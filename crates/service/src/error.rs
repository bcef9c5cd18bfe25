//! What a use case can say no with. Each message says what to do.

use crate::{authority::Right, roster::FileError};
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
    /// They may do some things for this partner, but not this.
    #[error("you may not do this; ask an owner to make you a {}", .needs.least_role())]
    Forbidden { needs: Right },
    /// It is about more than one partner.
    #[error("only the operator of this server may do this; use the gantry command")]
    OperatorOnly,
    /// Which of the two is wrong is told to nobody.
    #[error("the email address or the password is wrong; check both")]
    WrongLogin,
    #[error("there were too many tries that failed; try again in {}", minutes(*.wait_ms))]
    TooManyTries { wait_ms: u64 },
    /// Somebody who is nobody's member.
    #[error("you belong to no timing partner; ask the operator of this server to add you to one")]
    NoMembership,
    /// Somebody set it up before.
    #[error("this server is set up already; log in")]
    SetUpAlready,
    #[error("the set-up code is wrong; it stands in the server's log")]
    WrongSetUpCode,
    /// Too many passwords are worked on.
    #[error("too many people are logging in at this moment; try again")]
    Busy,
    /// A roster file that cannot be used at all.
    #[error("the roster file cannot be read: {0}")]
    Roster(#[from] FileError),
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

fn minutes(ms: u64) -> String {
    match ms.div_ceil(60_000) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
