//! The data folder, and that one server at a time works in it.
//!
//! Commands of the shell work beside a server on the same data. Two servers would each take reads
//! and show half of them, so the second is refused.

use crate::settings::Settings;
use anyhow::Context;
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{ErrorKind, Read, Seek, Write},
    path::Path,
};

const LOCK_FILE: &str = "gantry.lock";

/// Held by the server that works in the folder. The system lets go of it when the process ends,
/// in whatever way.
#[derive(Debug)]
pub struct HeldFolder {
    _lock: File,
}

pub fn make(settings: &Settings) -> anyhow::Result<()> {
    fs::create_dir_all(&settings.data_dir).with_context(|| {
        format!(
            "the data folder {} cannot be made; choose another with --data-dir",
            settings.data_dir.display()
        )
    })
}

pub fn hold(settings: &Settings) -> anyhow::Result<HeldFolder> {
    make(settings)?;
    let path = settings.data_dir.join(LOCK_FILE);
    let mut lock = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .with_context(|| {
            format!(
                "{} cannot be written; give this user the right to write there, or choose another \
                 folder with --data-dir",
                path.display()
            )
        })?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = lock.read_to_string(&mut holder);
            anyhow::bail!(
                "another server works in the data folder {} ({}); stop it first, or give this one \
                 a folder of its own with --data-dir",
                settings.data_dir.display(),
                match holder.trim() {
                    "" => "just starting".to_owned(),
                    pid => format!("process {pid}"),
                }
            );
        }
        // Some network drives know no locks. A race must not fail for that.
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "it cannot be seen whether another server works in this folder");
        }
    }
    // Only for whoever is refused: the lock itself needs no contents.
    let _ = lock
        .set_len(0)
        .and_then(|()| lock.rewind())
        .and_then(|()| write!(lock, "{}", std::process::id()));
    Ok(HeldFolder { _lock: lock })
}

/// Who works in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    Nobody,
    Server {
        process: Option<u32>,
    },
    /// Some network drives know no locks.
    Unknown,
}

/// Who holds the folder at this moment, without making or changing anything.
pub fn holder(data_dir: &Path) -> Holder {
    let mut lock = match File::open(data_dir.join(LOCK_FILE)) {
        Ok(lock) => lock,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Holder::Nobody;
        }
        Err(_) => return Holder::Unknown,
    };
    // Shared, and let go of on return: two that look at once do not see one another.
    match lock.try_lock_shared() {
        Ok(()) => Holder::Nobody,
        Err(TryLockError::WouldBlock) => {
            let mut process = String::new();
            let _ = lock.read_to_string(&mut process);
            Holder::Server {
                process: process.trim().parse().ok(),
            }
        }
        Err(TryLockError::Error(_)) => Holder::Unknown,
    }
}
