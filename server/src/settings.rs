//! Settings: flags beat environment, environment beats `gantry.toml`, the file beats defaults.

use anyhow::{Context, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

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
    /// Folder of the database.
    #[arg(long, env = "GANTRY_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,
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
    pub log: String,
    pub log_format: LogFormat,
}

const CONFIG_FILE: &str = "gantry.toml";

impl SettingsArgs {
    /// Whether somebody named a data folder, by flag or environment.
    pub fn names_data_dir(&self) -> bool {
        self.data_dir.is_some()
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
            log: self.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
        })
    }
}

impl Settings {
    pub fn database_path(&self) -> PathBuf {
        self.data_dir.join("gantry.sqlite")
    }

    /// Listens on every interface, for `--lan`.
    pub fn on_every_interface(mut self) -> Self {
        self.http_addr.set_ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        self.timing_addr.set_ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        self
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
