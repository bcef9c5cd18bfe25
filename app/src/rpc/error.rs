//! What a server function can say no with. Each text says what to do.

use crate::format::capital;
use leptos::{
    prelude::FromServerFnError,
    server_fn::{codec::PostcardEncoding, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RpcError {
    /// Nobody is logged in, or not any more.
    LoggedOut,
    /// Somebody is, and may not do this.
    Forbidden { problem: String },
    /// It is not there, or not theirs.
    NotFound { problem: String },
    /// A value cannot be taken as it is: that of `field`, or of none where that is empty.
    Invalid { field: String, problem: String },
    /// Something else is there already.
    Conflict { problem: String },
    /// The same may be tried again, and succeeds after a while.
    Busy { problem: String },
    /// The server fails.
    Unavailable { problem: String },
    /// The server cannot be reached. It never says so itself.
    Away,
}

impl RpcError {
    /// What the server answers with it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::LoggedOut => 401,
            Self::Forbidden { .. } => 403,
            Self::NotFound { .. } => 404,
            Self::Conflict { .. } => 409,
            Self::Invalid { .. } => 422,
            Self::Busy { .. } | Self::Unavailable { .. } | Self::Away => 503,
        }
    }

    pub fn invalid(field: &str, problem: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    /// The field of a form that it is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid { field, .. } => Some(field),
            _ => None,
        }
    }

    /// The problem as a sentence, to be shown alone.
    pub fn sentence(&self) -> String {
        capital(self.problem()) + "."
    }

    fn problem(&self) -> &str {
        match self {
            Self::LoggedOut => "you are logged out; log in again",
            Self::Away => "the server cannot be reached; check the network and try again",
            Self::Forbidden { problem }
            | Self::NotFound { problem }
            | Self::Invalid { problem, .. }
            | Self::Conflict { problem }
            | Self::Busy { problem }
            | Self::Unavailable { problem } => problem,
        }
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem())
    }
}

impl std::error::Error for RpcError {}

impl FromServerFnError for RpcError {
    type Encoder = PostcardEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as From;
        match error {
            From::Request(_) => Self::Away,
            From::Args(_)
            | From::MissingArg(_)
            | From::Deserialization(_)
            | From::Serialization(_)
            | From::UnsupportedRequestMethod(_) => Self::Invalid {
                field: String::new(),
                problem: "the page and the server do not understand each other; load the page \
                          again"
                    .to_owned(),
            },
            From::ServerError(_)
            | From::MiddlewareError(_)
            | From::Registration(_)
            | From::Response(_) => Self::Unavailable {
                problem: "the server failed; its log says why".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_goes_over_the_wire_and_back() {
        let check = |error: RpcError| assert_eq!(RpcError::de(error.ser()), error);
        check(RpcError::LoggedOut);
        check(RpcError::Invalid {
            field: "email".to_owned(),
            problem: "it is no address".to_owned(),
        });
        let proxys = RpcError::de("<html>Bad gateway".to_owned().into_bytes().into());
        assert!(proxys.to_string().contains("load the page"));
    }

    #[test]
    fn alone_it_is_a_sentence() {
        let check = |problem: &str, sentence: &str| {
            let problem = problem.to_owned();
            assert_eq!(RpcError::Busy { problem }.sentence(), sentence);
        };
        check("it is too late; go home", "It is too late; go home.");
        check("élan is missing", "Élan is missing.");
        check("", ".");
    }
}
