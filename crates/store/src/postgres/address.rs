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

    /// The same for programs that use libpq, by its environment
    /// (postgresql.org/docs/15/libpq-envars.html): what is on a command line, everybody on this
    /// computer can read.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let options = &self.options;
        let host = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let mut environment = vec![
            ("PGHOST", host),
            ("PGPORT", options.get_port().to_string()),
            ("PGUSER", options.get_username().to_owned()),
            ("PGDATABASE", self.database().to_owned()),
            ("PGAPPNAME", "gantry".to_owned()),
        ];
        let url = options.to_url_lossy();
        if let Some(password) = url.password() {
            environment.push(("PGPASSWORD", decoded(password)));
        }
        for (name, value) in url.query_pairs() {
            let variable = match &*name {
                "sslmode" => "PGSSLMODE",
                "sslrootcert" => "PGSSLROOTCERT",
                "sslcert" => "PGSSLCERT",
                "sslkey" => "PGSSLKEY",
                _ => continue,
            };
            environment.push((variable, value.into_owned()));
        }
        environment
    }

    /// The database is called as the user is, unless the URL says otherwise.
    pub(crate) fn database(&self) -> &str {
        let options = &self.options;
        options.get_database().unwrap_or(options.get_username())
    }

    pub(crate) fn login(&self) -> &str {
        self.options.get_username()
    }
}

/// What `%40` and so on stand for.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(meant) if byte == b'%' => {
                bytes.push(meant);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
        write!(f, ":{}/{}", options.get_port(), self.database())
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
    fn programs_of_postgres_get_it_all_by_their_environment() {
        let url = "postgres://ada:s%263%25%2B%20%C3%A4@db.example/races?sslmode=require";
        let address: PostgresAddress = url.parse().unwrap();
        let environment = address.environment();
        let check = |name: &str, value: &str| {
            let found = environment.iter().find(|(found, _)| *found == name);
            assert_eq!(
                found.map(|(_, value)| value.as_str()),
                Some(value),
                "{name}"
            );
        };
        check("PGHOST", "db.example");
        check("PGPORT", "5432");
        check("PGUSER", "ada");
        check("PGDATABASE", "races");
        check("PGPASSWORD", "s&3%+ ä");
        check("PGSSLMODE", "require");
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
