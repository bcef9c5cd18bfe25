//! One install: a data folder, and the commands typed for it.

#[cfg(target_os = "linux")]
use crate::small_disk::SmallDisk;
use crate::{
    postgres::Database,
    server::{Ports, Server},
};
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

pub struct Site {
    /// What is typed before each of its commands.
    before: Vec<String>,
    /// What they see and nobody else does.
    #[cfg(target_os = "linux")]
    disk: Option<SmallDisk>,
    /// Where it is no file in the data folder.
    postgres: Option<Database>,
    folder: TempDir,
}

/// The binary, without the settings of whoever runs the tests.
pub fn gantry() -> Command {
    without_settings(Command::new(env!("CARGO_BIN_EXE_gantry")))
}

fn without_settings(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GANTRY_") {
            command.env_remove(name);
        }
    }
    command
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("gantry-test-")
            .tempdir()
            .unwrap();
        Self {
            before: Vec::new(),
            #[cfg(target_os = "linux")]
            disk: None,
            postgres: None,
            folder,
        }
    }

    /// One that stores in a PostgreSQL database of its own.
    pub fn on_postgres() -> Self {
        Self::on_database(Database::new())
    }

    pub fn on_database(database: Database) -> Self {
        let mut site = Self::new();
        site.postgres = Some(database);
        site
    }

    /// One whose data folder is a disk of its own.
    #[cfg(target_os = "linux")]
    pub fn on_small_disk(mib: u32) -> Self {
        let site = Self::new();
        let disk = SmallDisk::mount(&site.folder().join("data"), mib);
        site.seeing(disk)
    }

    /// The same one, with a disk that is there for its commands only.
    #[cfg(target_os = "linux")]
    pub fn seeing(mut self, disk: SmallDisk) -> Self {
        self.before.extend_from_slice(disk.enter());
        self.disk = Some(disk);
        self
    }

    #[cfg(target_os = "linux")]
    pub fn disk(&self) -> &SmallDisk {
        self.disk.as_ref().unwrap()
    }

    /// The same one, with these words typed before each of its commands.
    pub fn behind(mut self, words: &[&str]) -> Self {
        self.before
            .extend(words.iter().map(|&word| word.to_owned()));
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its database, unless it is a file.
    pub fn postgres(&self) -> Option<&Database> {
        self.postgres.as_ref()
    }

    pub fn database(&self) -> PathBuf {
        self.folder().join("data/gantry.sqlite")
    }

    pub fn command(&self) -> Command {
        let mut command = self.binary();
        command
            .current_dir(self.folder())
            .env("GANTRY_DATA_DIR", self.folder().join("data"))
            .stdin(Stdio::null());
        if let Some(database) = &self.postgres {
            command.env("GANTRY_DATABASE_URL", database.url());
        }
        command
    }

    fn binary(&self) -> Command {
        let Some((program, words)) = self.before.split_first() else {
            return gantry();
        };
        let mut command = Command::new(program);
        command.args(words).arg(env!("CARGO_BIN_EXE_gantry"));
        without_settings(command)
    }

    pub fn run<S: AsRef<OsStr>>(&self, words: &[S]) -> Output {
        self.command().args(words).output().unwrap()
    }

    /// A command that succeeds, and its answer.
    #[track_caller]
    pub fn ok(&self, words: &[&str]) -> Value {
        let output = self.command().arg("--json").args(words).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {stderr}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{words:?}: {error}: {stdout}"))
    }

    /// A command with something on its standard input, and its answer or what it says is wrong.
    #[track_caller]
    pub fn typed(&self, words: &[&str], input: &str) -> Result<Value, String> {
        let mut command = self.command();
        command.arg("--json").args(words).stdin(Stdio::piped());
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        // A command that refuses its words does not wait for more.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        if output.status.success() {
            Ok(answer)
        } else {
            Err(answer["error"].as_str().unwrap().to_owned())
        }
    }

    /// A command that creates something, and its id.
    #[track_caller]
    pub fn id(&self, words: &[&str]) -> String {
        let made = self.ok(words);
        made["id"].as_str().unwrap().to_owned()
    }

    /// A command that fails, and the one line it says on standard error.
    #[track_caller]
    pub fn fails(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let (stdout, stderr) = (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        );
        assert!(!output.status.success(), "{words:?} succeeded: {stdout}");
        assert_eq!(stdout, "", "{words:?}");
        let lines: Vec<_> = stderr.lines().collect();
        let [line] = lines.as_slice() else {
            panic!("{words:?} says not one line but: {stderr}");
        };
        let Some(reason) = line.strip_prefix("gantry: ") else {
            panic!("{words:?} does not say who speaks: {line}");
        };
        reason.to_owned()
    }

    /// A file beside the data, and its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub async fn serve(&self) -> Server {
        self.serve_at(Ports::any()).await
    }

    /// A server on the same database with a data folder of its own.
    pub async fn serve_beside(&self) -> Server {
        let mut command = self.command();
        command.env("GANTRY_DATA_DIR", self.folder().join("beside"));
        command.args(["--json", "serve"]);
        Server::start(command, Ports::any()).await
    }

    pub async fn serve_at(&self, ports: Ports) -> Server {
        let mut command = self.command();
        command.args(["--json", "serve"]);
        Server::start(command, ports).await
    }
}
