//! Where the checkout and the target folder are, and how cargo is called.
//! Owns the one lock round every cargo call, so that two xtasks never build side by side.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

pub struct Workspace {
    pub root: PathBuf,
    /// Absolute, also when `CARGO_TARGET_DIR` is not.
    pub target: PathBuf,
}

impl Workspace {
    pub fn open() -> Result<Workspace> {
        let root = root()?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => env::current_dir()?.join(dir),
            None => root.join("target"),
        };
        let ws = Workspace { root, target };
        // The server embeds this folder: without it no cargo call that compiles it succeeds.
        fs::create_dir_all(ws.site().join("pkg"))?;
        fs::create_dir_all(&ws.target)?;
        Ok(ws)
    }

    /// The folder that the server embeds. It stays in the checkout wherever cargo builds,
    /// because the server's source names it relative to itself.
    pub fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// The path of a built program; `profile` is cargo's folder name (`debug`, `release`).
    pub fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// Runs cargo in the checkout, with the lock held while it runs.
    pub fn cargo<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Result<()> {
        let _lock = self.lock()?;
        run(self.cargo_command().args(args))
    }

    /// A cargo command that nothing has locked yet: for questions that build nothing.
    pub fn cargo_command(&self) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// Waits until no other xtask calls cargo; the lock goes when the file is closed.
    /// Cargo has let go of its own locks by the time it starts xtask, so this order cannot
    /// deadlock: nobody waits for this lock while holding one of cargo's.
    pub fn lock(&self) -> Result<File> {
        let path = self.target.join("xtask.lock");
        let file = File::create(&path).with_context(|| format!("create {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => eprintln!("waiting for another xtask to finish"),
            Err(TryLockError::Error(error)) => return Err(error).context("lock the target folder"),
        }
        file.lock().context("lock the target folder")?;
        Ok(file)
    }
}

/// The checkout, also when the compiled xtask was made in another one that shares the target
/// folder: cargo and nextest both set this variable for what they run.
pub fn root() -> Result<PathBuf> {
    let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
        .context("start this through cargo: `cargo xtask <verb>` sets what it needs")?;
    let root = Path::new(&manifest_dir)
        .parent()
        .context("xtask lies in the checkout")?;
    Ok(root.to_path_buf())
}

/// Where cargo keeps what it fetched.
pub fn home() -> Result<PathBuf> {
    let set = env::var_os("CARGO_HOME").map(PathBuf::from);
    let own = || env::home_dir().map(|home| home.join(".cargo"));
    set.or_else(own).context("no CARGO_HOME and no home folder")
}

/// Runs a command to its end, shows what it is, and fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    eprintln!("$ {line}");
    let status = command
        .status()
        .with_context(|| format!("start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// The command as a person would type it, without folders in front of the program's name.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let mut line = program.to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}
