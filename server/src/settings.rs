//! Settings: flags beat environment, environment beats `gantry.toml`, the file beats defaults.

use crate::{limits, span::Span};
use anyhow::{Context, bail};
use clap::Args;
use serde::{Deserialize, Serialize, Serializer};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};
use store::{Location, PostgresAddress};

/// What may be set, by flag or environment. An unset field falls to the file, then the default.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsArgs {
    /// Address of the web server.
    #[arg(long, env = "GANTRY_HTTP_ADDR", global = true)]
    http_addr: Option<SocketAddr>,
    /// What share links begin with.
    #[arg(long, env = "GANTRY_BASE_URL", global = true)]
    base_url: Option<String>,
    /// Address of the shared CTP01 listener.
    #[arg(long, env = "GANTRY_TIMING_ADDR", global = true)]
    timing_addr: Option<SocketAddr>,
    /// Folder of the database and of what is uploaded.
    #[arg(long, env = "GANTRY_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,
    /// A PostgreSQL database, as `postgres://user@host/database`, instead of a file in that folder.
    #[arg(
        long,
        env = "GANTRY_DATABASE_URL",
        hide_env_values = true,
        global = true
    )]
    database_url: Option<String>,
    /// Folder to which the server writes backups by itself; on a stick, or another disk.
    #[arg(long, env = "GANTRY_BACKUP_DIR", global = true)]
    backup_dir: Option<PathBuf>,
    /// How often it does so, such as 15m.
    #[arg(long, env = "GANTRY_BACKUP_EVERY", global = true)]
    backup_every: Option<Span>,
    /// How many of them it keeps.
    #[arg(long, env = "GANTRY_BACKUP_KEEP", global = true)]
    backup_keep: Option<u32>,
    /// The PostgreSQL database as a login that may read every partner's rows, for backups of it.
    #[arg(
        long,
        env = "GANTRY_BACKUP_DATABASE_URL",
        hide_env_values = true,
        global = true
    )]
    backup_database_url: Option<String>,
    /// What is logged, as a tracing filter.
    #[arg(long, env = "GANTRY_LOG", global = true)]
    log: Option<String>,
    /// `text`, or `json` for machines.
    #[arg(long, env = "GANTRY_LOG_FORMAT", global = true)]
    log_format: Option<LogFormat>,
    /// The settings file; a missing one is no error unless it is named here.
    #[arg(long, env = "GANTRY_CONFIG", global = true)]
    #[serde(skip)]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Settings in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    pub http_addr: SocketAddr,
    pub base_url: Option<String>,
    pub timing_addr: SocketAddr,
    pub data_dir: PathBuf,
    #[serde(serialize_with = "without_secrets")]
    pub database_url: Option<PostgresAddress>,
    pub backup_dir: Option<PathBuf>,
    pub backup_every: Span,
    pub backup_keep: u32,
    #[serde(serialize_with = "without_secrets")]
    pub backup_database_url: Option<PostgresAddress>,
    pub log: String,
    pub log_format: LogFormat,
}

const CONFIG_FILE: &str = "gantry.toml";

impl SettingsArgs {
    /// Whether somebody said where the data is to be, by flag or environment.
    pub fn names_its_data(&self) -> bool {
        self.data_dir.is_some() || self.database_url.is_some()
    }

    /// The settings file, which need not be there unless it was named.
    pub fn file(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| CONFIG_FILE.into())
    }

    pub fn resolve(self) -> anyhow::Result<Settings> {
        let file = read_file(self.config.as_deref())?;
        let base_url = self.base_url.or(file.base_url);
        if let Some(url) = &base_url
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            bail!("the base URL {url:?} must begin with http:// or https://");
        }
        let database_url = self.database_url.or(file.database_url);
        let database_url = database_url.map(|url| url.parse()).transpose()?;
        let backup_database_url = self.backup_database_url.or(file.backup_database_url);
        let backup_database_url = backup_database_url.map(|url| url.parse()).transpose()?;
        let hour = Span(Duration::from_secs(3_600));
        let backup_every = self.backup_every.or(file.backup_every).unwrap_or(hour);
        if backup_every.0.is_zero() {
            bail!("backups cannot be made every 0s; set GANTRY_BACKUP_EVERY to 1h or such");
        }
        let backup_keep = self.backup_keep.or(file.backup_keep).unwrap_or(24);
        if !(1..=limits::BACKUPS_KEPT_MAX).contains(&backup_keep) {
            bail!(
                "{backup_keep} backups cannot be kept; set GANTRY_BACKUP_KEEP to 1 to {}",
                limits::BACKUPS_KEPT_MAX
            );
        }
        let local = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        Ok(Settings {
            http_addr: self.http_addr.or(file.http_addr).unwrap_or(local(3000)),
            base_url: base_url.map(|url| url.trim_end_matches('/').to_owned()),
            timing_addr: self
                .timing_addr
                .or(file.timing_addr)
                .unwrap_or(local(61611)),
            data_dir: self
                .data_dir
                .or(file.data_dir)
                .unwrap_or_else(|| "gantry-data".into()),
            database_url,
            backup_dir: self.backup_dir.or(file.backup_dir),
            backup_every,
            backup_keep,
            backup_database_url,
            log: self.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
        })
    }
}

impl Settings {
    pub fn database(&self) -> Location {
        match &self.database_url {
            Some(address) => Location::Postgres(address.clone()),
            None => Location::Sqlite(self.data_dir.join("gantry.sqlite")),
        }
    }

    /// The same database, as whoever makes a copy of it reaches it.
    pub fn database_to_copy(&self) -> Location {
        match (self.database(), &self.backup_database_url) {
            (Location::Postgres(_), Some(address)) => Location::Postgres(address.clone()),
            (database, _) => database,
        }
    }

    /// Listens on every interface, for `--lan`.
    pub fn on_every_interface(mut self) -> Self {
        self.http_addr.set_ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        self.timing_addr.set_ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        self
    }
}

fn without_secrets<S: Serializer>(
    address: &Option<PostgresAddress>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match address {
        Some(address) => serializer.collect_str(address),
        None => serializer.serialize_none(),
    }
}

fn read_file(named: Option<&Path>) -> anyhow::Result<SettingsArgs> {
    let path = named.unwrap_or(Path::new(CONFIG_FILE));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(SettingsArgs::default());
        }
        Err(error) => bail!(
            "the settings file {} cannot be read: {error}",
            path.display()
        ),
    };
    toml::from_str(&text)
        .with_context(|| format!("the settings file {} is not valid", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str, flag: Option<&str>) -> anyhow::Result<Settings> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gantry.toml");
        std::fs::write(&path, toml).unwrap();
        let http_addr = flag.map(|text| text.parse().unwrap());
        SettingsArgs {
            http_addr,
            config: Some(path),
            ..SettingsArgs::default()
        }
        .resolve()
    }

    #[test]
    fn flags_beat_the_file_and_the_file_beats_defaults() {
        let check = |toml, flag, port| {
            assert_eq!(settings(toml, flag).unwrap().http_addr.port(), port);
        };
        check("", None, 3000);
        check("http_addr = \"127.0.0.1:4000\"", None, 4000);
        check(
            "http_addr = \"127.0.0.1:4000\"",
            Some("127.0.0.1:5000"),
            5000,
        );
    }

    #[test]
    fn a_database_of_a_server_is_shown_without_its_password() {
        let url = "database_url = \"postgres://ada:s3cret@db.example/races\"";
        let found = settings(url, None).unwrap();
        assert!(matches!(found.database(), Location::Postgres(_)));
        let shown = toml::to_string_pretty(&found).unwrap();
        assert!(
            shown.contains("postgres://ada@db.example:5432/races"),
            "{shown}"
        );
        assert!(!shown.contains("s3cret") && !format!("{found:?}").contains("s3cret"));

        let local = settings("", None).unwrap();
        assert!(matches!(local.database(), Location::Sqlite(_)));
        assert!(
            !toml::to_string_pretty(&local)
                .unwrap()
                .contains("database_url")
        );
        let error = settings("database_url = \"mysql://ada:s3cret@x/y\"", None).unwrap_err();
        assert!(error.to_string().contains("postgres://"), "{error}");
        assert!(!format!("{error:#}").contains("s3cret"), "{error}");
    }

    #[test]
    fn backups_are_made_every_hour_unless_something_else_is_set() {
        let check = |toml, every, keep| {
            let found = settings(toml, None).unwrap();
            assert_eq!(found.backup_every.to_string(), every);
            assert_eq!(found.backup_keep, keep);
        };
        check("", "1h", 24);
        check("backup_every = \"15m\"\nbackup_keep = 3", "15m", 3);
        for wrong in [
            "backup_every = \"0s\"",
            "backup_every = \"soon\"",
            "backup_keep = 0",
        ] {
            assert!(settings(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bad_file_is_named_with_its_fault() {
        let error = format!("{:#}", settings("http_adr = 1", None).unwrap_err());
        assert!(
            error.contains("gantry.toml") && error.contains("http_adr"),
            "{error}"
        );
        let error = settings("base_url = \"ftp://x\"", None)
            .unwrap_err()
            .to_string();
        assert!(error.contains("http://"), "{error}");
    }
}
