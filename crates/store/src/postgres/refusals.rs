//! What PostgreSQL's own codes mean (postgresql.org/docs/15/errcodes-appendix.html), where the
//! caller can act on it.

use super::PostgresAddress;
use crate::error::StoreError;
use sqlx::{error::DatabaseError, postgres::PgDatabaseError};

pub(crate) fn classify(error: &dyn DatabaseError) -> Option<StoreError> {
    let error = error.try_downcast_ref::<PgDatabaseError>()?;
    let detail = || error.message().to_owned();
    match error.code() {
        // A disk, or a quota of it.
        "53100" => Some(StoreError::Full),
        // A lock or an answer that took too long, a deadlock, a clash of two transactions.
        "55P03" | "57014" | "40P01" | "40001" => Some(StoreError::Busy),
        // Damaged data, a damaged index.
        "XX001" | "XX002" => Some(StoreError::Corrupt { detail: detail() }),
        // A standby that was not yet promoted, or the disk's own trouble.
        "25006" | "58030" => Some(StoreError::Unreachable { detail: detail() }),
        // A transaction that was idle for too long.
        "25P03" => Some(StoreError::Unreachable { detail: detail() }),
        // 08: the connection. 53: memory, connections. 57P: stopping, starting, crashed.
        code if ["08", "53", "57P"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Some(StoreError::Unreachable { detail: detail() })
        }
        _ => None,
    }
}

/// For a pool that gave no connection.
pub(super) fn no_connection(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Unreachable {
            detail: "no connection to it could be had in time".to_owned(),
        },
        error => error.into(),
    }
}

/// For what is done on opening.
pub(super) fn cannot_open(address: &PostgresAddress) -> impl Fn(sqlx::Error) -> StoreError {
    let address = address.clone();
    move |error| {
        let database = address.to_string();
        let code = error.as_database_error().and_then(DatabaseError::code);
        let hint = match code.as_deref() {
            Some("3D000") => "there is no such database; make it with createdb".to_owned(),
            Some("28P01" | "28000") => "check its user and password".to_owned(),
            // What our migrations refuse says itself what to do; other rights are missing.
            Some("P0001" | "42501" | "22023") => error
                .as_database_error()
                .map(|error| error.message().to_owned())
                .unwrap_or_default(),
            _ => {
                return match no_connection(error) {
                    StoreError::Unreachable { detail } => StoreError::Unreachable {
                        detail: format!("{database}: {detail}"),
                    },
                    other => other,
                };
            }
        };
        StoreError::CannotOpen { database, hint }
    }
}
