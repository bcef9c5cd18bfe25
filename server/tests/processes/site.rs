//! One install: a data folder, and the commands typed for it.

use crate::server::{Ports, Server};
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

pub struct Site {
    folder: TempDir,
}

/// The binary, without the settings of whoever runs the tests.
pub fn gantry() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gantry"));
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
        Self { folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn database(&self) -> PathBuf {
        self.folder().join("data/gantry.sqlite")
    }

    pub fn command(&self) -> Command {
        let mut command = gantry();
        command
            .current_dir(self.folder())
            .env("GANTRY_DATA_DIR", self.folder().join("data"))
            .stdin(Stdio::null());
        command
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

    pub async fn serve_at(&self, ports: Ports) -> Server {
        let mut command = self.command();
        command.args(["--json", "serve"]);
        Server::start(command, ports).await
    }
}
