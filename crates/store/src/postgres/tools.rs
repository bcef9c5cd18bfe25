//! PostgreSQL's own programs: where they are, and whether they are new enough for a server.
//!
//! Knows nothing of what they are told to do. No password is ever among their words.

use super::PostgresAddress;
use crate::error::{Result, StoreError};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::Command;

#[derive(Clone, Copy, Debug)]
pub(super) enum Tool {
    Dump,
    Restore,
}

impl Tool {
    fn program(self) -> &'static str {
        match self {
            Self::Dump => "pg_dump",
            Self::Restore => "pg_restore",
        }
    }

    /// The first that is not older than the server: on the `PATH`, then where packages of Debian,
    /// Red Hat and `PostgreSQL` itself put each release's.
    pub(super) async fn find(self, server_major: u32) -> Result<FoundTool> {
        let mut newest = None;
        for path in self.candidates() {
            let found = major_of(&path).await;
            if found.is_some_and(|major| major >= server_major) {
                return Ok(FoundTool { tool: self, path });
            }
            newest = newest.max(found);
        }
        Err(StoreError::NoTool {
            program: self.program(),
            major: server_major,
            found: newest,
        })
    }

    fn candidates(self) -> Vec<PathBuf> {
        let file = format!("{}{}", self.program(), std::env::consts::EXE_SUFFIX);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<_> = std::env::split_paths(&path).collect();
        for (parent, start) in [
            ("/usr/lib/postgresql", ""),
            ("/usr", "pgsql-"),
            ("/Library/PostgreSQL", ""),
            ("C:\\Program Files\\PostgreSQL", ""),
        ] {
            let releases = fs::read_dir(parent).into_iter().flatten().flatten();
            let releases = releases.filter(|entry| {
                let name = entry.file_name();
                name.to_str().is_some_and(|name| name.starts_with(start))
            });
            folders.extend(releases.map(|entry| entry.path().join("bin")));
        }
        let files = folders.into_iter().map(|folder| folder.join(&file));
        files.filter(|file| file.is_file()).collect()
    }
}

pub(super) struct FoundTool {
    tool: Tool,
    path: PathBuf,
}

impl FoundTool {
    /// Runs it to its end; where it fails, what it says is why.
    pub(super) async fn run(&self, address: &PostgresAddress, words: &[String]) -> Result<()> {
        let program = self.tool.program();
        let output = Command::new(&self.path)
            .args(words)
            .arg("--no-password")
            .envs(address.environment())
            .env_remove("PGSERVICE")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| StoreError::ToolFailed {
                program,
                detail: error.to_string(),
            })?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("No space left on device") {
            return Err(StoreError::Full);
        }
        Err(StoreError::ToolFailed {
            program,
            detail: first_error(&said).unwrap_or_else(|| output.status.to_string()),
        })
    }
}

/// The line that says what was wrong, without the name of the program.
fn first_error(said: &str) -> Option<String> {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines()
        .find(|line| line.contains("error:"))
        .or(lines().next_back())?;
    let (_, error) = line.rsplit_once("error: ").unwrap_or(("", line));
    Some(error.to_owned())
}

async fn major_of(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().await.ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

/// From `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, or `17beta1` for its number.
fn major(version: &str) -> Option<u32> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    let end = number.find(|sign: char| !sign.is_ascii_digit());
    number[..end.unwrap_or(number.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        let check = |text, found| assert_eq!(major(text), found, "{text}");
        check(
            "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n",
            Some(15),
        );
        check("pg_dump (PostgreSQL) 17beta1\n", Some(17));
        check("pg_dump (PostgreSQL) 18", Some(18));
        check("pg_dump (EnterpriseDB) 18", None);
        check("", None);
    }

    #[test]
    fn what_was_wrong_is_one_line() {
        let check = |said, line: Option<&str>| {
            assert_eq!(first_error(said).as_deref(), line, "{said}");
        };
        check(
            "pg_dump: warning: something\npg_dump: error: query failed: no\npg_dump: detail: x\n",
            Some("query failed: no"),
        );
        check("killed\n", Some("killed"));
        check("", None);
    }
}
