//! What can go wrong in the store, in terms of what the caller can do about it.
//!
//! Which database answered with which code is known to `sqlite` and `postgres` alone.

use crate::{postgres, sqlite};
use sqlx::error::ErrorKind;

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing of that id or name in this scope. What belongs to another partner is not found.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    #[error("this {what} is taken already; choose another")]
    Taken { what: &'static str },
    /// Two things were to be joined that are not of one partner and event.
    #[error("the {what} does not belong here; choose one of the same event")]
    Foreign { what: &'static str },
    #[error("the {what} cannot be used; it must {rule}")]
    Invalid {
        what: &'static str,
        rule: &'static str,
    },
    /// Something else points at it.
    #[error("the {what} is in use; take it out of use first")]
    InUse { what: &'static str },
    /// It is not any more as the caller saw it.
    #[error("the {what} was altered meanwhile; look at it again and repeat what is still right")]
    Stale { what: &'static str },
    #[error("there would be more than {max} {what}; use fewer")]
    TooMany { what: &'static str, max: u64 },
    /// Nothing was done; trying again may succeed.
    #[error("the database is busy with another program's work; try again")]
    Busy,
    /// Nothing was done; trying again succeeds once there is room.
    #[error("the disk is full; free some space on it")]
    Full,
    /// The database does not answer. Trying again may succeed, and succeeds when it is back.
    #[error("the database does not answer ({detail}); check that it runs and can be reached")]
    Unreachable { detail: String },
    #[error("there is no gantry database at {database}; run `gantry migrate` to make one")]
    NoDatabase { database: String },
    #[error("{database} cannot be opened; {hint}")]
    CannotOpen { database: String, hint: String },
    #[error(
        "another server works on the database {database}; stop it first, or give this one a \
         database of its own"
    )]
    Held { database: String },
    #[error("{database} is not a gantry database; move it away or give another one")]
    NotOurs { database: String },
    #[error(
        "the database {database} was written by a newer gantry (schema {found}, this one knows \
         {known}); use the newer one"
    )]
    TooNew {
        database: String,
        found: i64,
        known: i64,
    },
    #[error(
        "the database {database} is of an older gantry (schema {found}, this one needs {known}); \
         run `gantry migrate`"
    )]
    TooOld {
        database: String,
        found: i64,
        known: i64,
    },
    #[error("the database is damaged ({detail}); restore a backup")]
    Corrupt { detail: String },
    /// Only of what is to be restored.
    #[error("{database} holds data already; restore into an empty database")]
    NotEmpty { database: String },
    /// A copy of what it sees would be one of nothing.
    #[error(
        "row-level security hides the rows from the login {login}, so it cannot back them up; \
         name one with BYPASSRLS and pg_read_all_data in GANTRY_BACKUP_DATABASE_URL"
    )]
    Walled { login: String },
    #[error(
        "there is no {program} of PostgreSQL {major} or newer here{}; install its client programs \
         (Debian: postgresql-client-{major}), or put them on the PATH",
        found.map_or_else(String::new, |found| format!(", only one of PostgreSQL {found}"))
    )]
    NoTool {
        program: &'static str,
        major: u32,
        /// The newest release line that there is.
        found: Option<u32>,
    },
    #[error("{program} failed: {detail}")]
    ToolFailed {
        program: &'static str,
        detail: String,
    },
    #[error("the database failed: {0}")]
    Other(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Self::Unreachable {
                detail: error.to_string(),
            },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt {
                detail: error.to_string(),
            },
            sqlx::Error::Database(from_database) => {
                let from_database = from_database.as_ref();
                sqlite::classify(from_database)
                    .or_else(|| postgres::classify(from_database))
                    .unwrap_or(Self::Other(error))
            }
            _ => Self::Other(error),
        }
    }
}

impl StoreError {
    /// For a statement that changes `what`, by how many rows it has changed.
    pub(crate) fn unless_found(rows: u64, what: &'static str) -> Result<()> {
        match rows {
            0 => Err(Self::NotFound { what }),
            _ => Ok(()),
        }
    }

    /// Before one more of `what` is kept, by how many there are.
    pub(crate) fn unless_room(count: i64, max: i64, what: &'static str) -> Result<()> {
        match count < max {
            true => Ok(()),
            false => Err(Self::TooMany {
                what,
                max: max.cast_unsigned(),
            }),
        }
    }

    /// Of a thing that comes whole, by how many of `what` it has.
    pub(crate) fn unless_fits(count: usize, max: usize, what: &'static str) -> Result<()> {
        match count <= max {
            true => Ok(()),
            false => Err(Self::TooMany {
                what,
                max: max as u64,
            }),
        }
    }

    /// For a statement whose unique constraint is about `what`.
    pub(crate) fn taken(what: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| match violation(&error) {
            Some(ErrorKind::UniqueViolation) => Self::Taken { what },
            _ => error.into(),
        }
    }

    /// For a statement whose foreign key leads to the one thing it belongs to.
    pub(crate) fn missing(parent: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| match violation(&error) {
            Some(ErrorKind::ForeignKeyViolation) => Self::NotFound { what: parent },
            _ => error.into(),
        }
    }

    /// For a statement that takes away `what`, which foreign keys may lead to.
    pub(crate) fn in_use(what: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| match violation(&error) {
            Some(ErrorKind::ForeignKeyViolation) => Self::InUse { what },
            _ => error.into(),
        }
    }

    /// For a statement whose foreign key is about `what`, joined to something else.
    pub(crate) fn foreign(what: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |error| match violation(&error) {
            Some(ErrorKind::ForeignKeyViolation) => Self::Foreign { what },
            _ => error.into(),
        }
    }
}

/// What kind of constraint the database refused a statement for.
pub(crate) fn violation(error: &sqlx::Error) -> Option<ErrorKind> {
    error.as_database_error().map(|database| database.kind())
}

/// Which constraint was broken, where the database names it: PostgreSQL does.
pub(crate) fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.constraint()
}
