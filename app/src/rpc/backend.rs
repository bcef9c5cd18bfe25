//! The server's side of a server function: who asks, the node behind it, and what its errors are
//! to a browser.

use super::{RpcError, login_cookie};
use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use service::{Caller, Node, ServiceError, StoreError, account::Token};
use std::{net::IpAddr, sync::Arc};

/// Who asks, as server/src/http found it; in the context of every page and server function.
#[derive(Clone)]
pub struct Visitor {
    pub node: Arc<Node>,
    /// `None`: nobody who is logged in.
    pub caller: Option<Caller>,
    /// What the browser showed, whatever it is worth.
    pub token: Option<Token>,
    pub from: IpAddr,
    /// They sit at the computer that the server runs on.
    pub same_computer: bool,
    /// They came over https.
    pub secure: bool,
}

/// What a server function works with once somebody is logged in.
pub struct Backend {
    pub node: Arc<Node>,
    pub caller: Caller,
}

/// For all but the few server functions that are there for somebody who is not logged in.
pub fn backend() -> Result<Backend, RpcError> {
    let Visitor { node, caller, .. } = visitor()?;
    let caller = caller.ok_or(RpcError::LoggedOut)?;
    Ok(Backend { node, caller })
}

/// Whoever it is.
pub fn visitor() -> Result<Visitor, RpcError> {
    use_context().ok_or_else(|| {
        tracing::error!("a server function was called without a visitor in context");
        RpcError::Unavailable {
            problem: "the server failed; its log says why".to_owned(),
        }
    })
}

impl Visitor {
    /// The browser shows that token from now on, or none any more.
    pub(super) fn remember(&self, token: Option<&Token>) {
        let cookie = login_cookie::set(token, self.secure);
        let cookie = HeaderValue::from_str(&cookie).expect("hex signs and our own words");
        if let Some(response) = use_context::<ResponseOptions>() {
            response.append_header(SET_COOKIE, cookie);
        }
    }
}

/// The only place that decides what a browser is told of a failure. A database's own words stay in
/// the log.
impl From<ServiceError> for RpcError {
    fn from(error: ServiceError) -> Self {
        let problem = error.to_string();
        match error {
            ServiceError::NotFound { .. } => Self::NotFound { problem },
            ServiceError::Invalid { field, problem } => Self::Invalid {
                field: field.to_owned(),
                problem,
            },
            ServiceError::Roster(_) => Self::invalid("file", problem),
            ServiceError::UnknownName(_) => Self::invalid("", problem),
            ServiceError::WrongLogin => Self::invalid("password", problem),
            ServiceError::WrongSetUpCode => Self::invalid("code", problem),
            ServiceError::Forbidden { .. }
            | ServiceError::OperatorOnly
            | ServiceError::NoMembership => Self::Forbidden { problem },
            ServiceError::SetUpAlready => Self::Conflict { problem },
            ServiceError::TooManyTries { .. } | ServiceError::Busy => Self::Busy { problem },
            ServiceError::Store(error) => Self::of_store(&error),
        }
    }
}

impl RpcError {
    fn of_store(error: &StoreError) -> Self {
        let problem = error.to_string();
        match error {
            StoreError::NotFound { .. } => Self::NotFound { problem },
            StoreError::Taken { .. } | StoreError::Stale { .. } | StoreError::InUse { .. } => {
                Self::Conflict { problem }
            }
            StoreError::Foreign { what }
            | StoreError::Invalid { what, .. }
            | StoreError::TooMany { what, .. } => Self::invalid(what, problem),
            StoreError::Busy => Self::Busy { problem },
            StoreError::Full => Self::Unavailable { problem },
            _ => {
                tracing::error!(%error, "a browser's request failed");
                Self::Unavailable {
                    problem: "the server's database does not work; try again, and look into the \
                              server's log"
                        .to_owned(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_databases_own_words_reach_no_browser() {
        let secret = "password=hunter2 at 10.0.0.7";
        let errors = [
            StoreError::Unreachable {
                detail: secret.to_owned(),
            },
            StoreError::Corrupt {
                detail: secret.to_owned(),
            },
            StoreError::Held {
                database: secret.to_owned(),
            },
        ];
        for error in errors {
            let told = RpcError::from(ServiceError::from(error));
            assert!(matches!(told, RpcError::Unavailable { .. }), "{told:?}");
            assert!(!format!("{told:?}").contains("hunter2"), "{told:?}");
        }
    }

    #[test]
    fn each_kind_of_no_has_its_status() {
        let check = |error: ServiceError, status: u16| {
            let text = error.to_string();
            assert_eq!(RpcError::from(error).status(), status, "{text}");
        };
        check(ServiceError::WrongLogin, 422);
        check(ServiceError::invalid("name", "it is empty"), 422);
        check(ServiceError::OperatorOnly, 403);
        check(ServiceError::TooManyTries { wait_ms: 1 }, 503);
        check(ServiceError::SetUpAlready, 409);
        check(StoreError::Taken { what: "name" }.into(), 409);
        check(StoreError::NotFound { what: "event" }.into(), 404);
        check(StoreError::Busy.into(), 503);
        assert_eq!(RpcError::LoggedOut.status(), 401);
    }
}
