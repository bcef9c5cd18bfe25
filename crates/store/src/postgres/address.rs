//! Where a PostgreSQL database lies. It may hold a password, so it is never shown as it was given.

use crate::error::StoreError;
use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use std::{fmt, str::FromStr, sync::Arc};

/// A `postgres://` URL, as libpq and sqlx take it. Shown without its password and parameters.
#[derive(Clone)]
pub struct PostgresAddress {
    options: Arc<PgConnectOptions>,
}

impl PostgresAddress {
    pub(crate) fn options(&self) -> PgConnectOptions {
        let options = PgConnectOptions::clone(&self.options).disable_statement_logging();
        match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("gantry"),
        }
    }
}

impl FromStr for PostgresAddress {
    type Err = StoreError;
    fn from_str(url: &str) -> Result<Self, StoreError> {
        // The parser takes any scheme, and what it complains of may quote the password.
        let ours = ["postgres://", "postgresql://"];
        let options = ours
            .iter()
            .any(|scheme| url.starts_with(scheme))
            .then(|| url.parse().ok())
            .flatten()
            .ok_or(StoreError::Invalid {
                what: "database URL",
                rule: "look like postgres://user:password@host:5432/database, with other signs \
                       than letters and digits in its parts written as %40 and so on",
            })?;
        Ok(Self {
            options: Arc::new(options),
        })
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = &self.options;
        write!(f, "postgres://{}@", options.get_username())?;
        match options.get_socket() {
            Some(folder) => write!(f, "[{}]", folder.display())?,
            None => write!(f, "{}", options.get_host())?,
        }
        // The database is called as the user is, unless the URL says otherwise.
        let database = options.get_database().unwrap_or(options.get_username());
        write!(f, ":{}/{database}", options.get_port())
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq for PostgresAddress {
    fn eq(&self, other: &Self) -> bool {
        self.options.to_url_lossy() == other.options.to_url_lossy()
    }
}

impl Eq for PostgresAddress {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        let check = |url: &str, shown: &str| {
            let address: PostgresAddress = url.parse().unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(format!("{address:?}"), shown);
        };
        check(
            "postgres://ada:s3cret@db.example:5433/gantry?sslmode=require&password=s3cret",
            "postgres://ada@db.example:5433/gantry",
        );
        check(
            "postgresql://ada@%2Frun%2Fpg:5432/races",
            "postgres://ada@[/run/pg]:5432/races",
        );
        check(
            "postgres://ada:s3cret@db.example",
            "postgres://ada@db.example:5432/ada",
        );
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for url in [
            "postgres://ada:s3cret@db.example:port/x",
            "postgres://a:s3cret@[::g]/x",
            "mysql://a:s3cret@x/y",
            "",
        ] {
            let error = url.parse::<PostgresAddress>().unwrap_err().to_string();
            assert!(error.contains("postgres://user"), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
