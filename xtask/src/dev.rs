//! `run` and `dev`: the demo, once or again after each change of a source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::cargo::Workspace;
use crate::{build_dev, cargo};

/// How often sources are looked at, and how long a server gets to close its database.
const POLL_MS: u64 = 300;
const STOP_MS_MAX: u64 = 5_000;

/// What a running demo is made of; a change in anything else changes no behaviour.
const WATCHED: [&str; 8] = [
    "app",
    "crates",
    "frontend",
    "server",
    "style",
    "public",
    "migrations",
    "Cargo.toml",
];

/// Hands this process over to the demo, so that Ctrl-C and the exit code are the demo's own.
pub fn demo(gantry: &Path, args: &[String]) -> Result<()> {
    let mut command = Command::new(gantry);
    command.arg("demo").args(args);
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(&mut command);
        Err(error).with_context(|| format!("start {}", gantry.display()))
    }
    #[cfg(not(unix))]
    cargo::run(&mut command)
}

/// Runs the demo until Ctrl-C; a change builds anew and, if that went well, restarts it.
pub fn watch(ws: &Workspace, args: &[String]) -> Result<()> {
    let mut running: Option<Child> = None;
    let mut seen = None;
    loop {
        let state = newest(ws)?;
        if seen != Some(state) {
            seen = Some(state);
            match build_dev(ws) {
                Ok(gantry) => {
                    if let Some(child) = running.take() {
                        stop(child)?;
                    }
                    let mut command = Command::new(&gantry);
                    command.arg("demo").args(args);
                    running = Some(command.spawn().context("start the demo")?);
                }
                // The demo that still works keeps running while the source is mended.
                Err(error) => eprintln!("{error:#}\nwaiting for a change"),
            }
        }
        if let Some(child) = &mut running
            && let Some(status) = child.try_wait()?
        {
            eprintln!("the demo ended ({status}); waiting for a change");
            running = None;
        }
        thread::sleep(Duration::from_millis(POLL_MS));
    }
}

/// Asks the server to end, so that it closes its database, and insists after a while.
fn stop(mut child: Child) -> Result<()> {
    let asked = cfg!(unix) && cargo::run(Command::new("kill").arg(child.id().to_string())).is_ok();
    let polls_max = if asked { STOP_MS_MAX / POLL_MS } else { 0 };
    for _ in 0..polls_max {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(POLL_MS));
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// The newest change and the number of files: a deletion counts as a change too.
fn newest(ws: &Workspace) -> Result<(SystemTime, usize)> {
    let mut state = (SystemTime::UNIX_EPOCH, 0);
    let mut paths: Vec<PathBuf> = WATCHED.iter().map(|name| ws.root.join(name)).collect();
    while let Some(path) = paths.pop() {
        // A file that an editor is just replacing is seen at the next look.
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        if metadata.is_dir() {
            for entry in fs::read_dir(&path)? {
                paths.push(entry?.path());
            }
        } else {
            state = (state.0.max(metadata.modified()?), state.1 + 1);
        }
    }
    Ok(state)
}
