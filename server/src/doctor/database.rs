//! The database, by the store's own opening of it as it is. Knows no SQL and no schema.

use super::{
    on_thread,
    report::{Finding, size},
};
use crate::{cli, limits, settings::Settings};
use app::format::count;
use std::{
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use store::{Location, OpenMode, StoreError};
use tokio::time::timeout;

const CHECK: &str = "database";

pub enum Look {
    Nothing,
    Opened {
        /// Of its file, where it is one.
        bytes: Option<u64>,
        reads: u64,
    },
    /// It can be looked at, and not be written.
    ReadOnly(PathBuf),
    Failed(anyhow::Error),
    /// No answer in time.
    Silent,
}

pub async fn look(settings: &Settings) -> Look {
    let bytes = match settings.database() {
        Location::Postgres(_) => None,
        Location::Sqlite(file) => {
            let outside = {
                let file = file.clone();
                move || from_outside(&file)
            };
            match on_thread(limits::DOCTOR_FOLDER_MS_MAX, outside).await {
                Some(Some(bytes)) => Some(bytes),
                Some(None) => return Look::ReadOnly(file),
                None => return Look::Silent,
            }
        }
    };
    let limit = Duration::from_millis(limits::DOCTOR_DATABASE_MS_MAX);
    match timeout(limit, reads(settings)).await {
        Ok(Ok(reads)) => Look::Opened { bytes, reads },
        Ok(Err(error)) => match error.downcast_ref() {
            Some(StoreError::NoDatabase { .. }) => Look::Nothing,
            _ => Look::Failed(error),
        },
        Err(_) => Look::Silent,
    }
}

/// The size of the file, or `None` where it may not be written. To be done before the store opens
/// it: closing a file lets go of the locks that SQLite has on it (sqlite.org/howtocorrupt.html,
/// 2.2).
fn from_outside(file: &Path) -> Option<u64> {
    match OpenOptions::new().write(true).open(file) {
        Err(error) if is_refusal(&error) => None,
        _ => Some(bytes_on_disk(file)),
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// The file and its write-ahead log.
fn bytes_on_disk(file: &Path) -> u64 {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let length = |file: &Path| file.metadata().map_or(0, |metadata| metadata.len());
    length(file) + length(Path::new(&log))
}

/// Positions have no gaps, so that of the newest read is their number.
///
/// Closing it takes away again what opening it laid beside it. Where a server was killed, that also
/// moves its log into the file, as the end of any command does.
async fn reads(settings: &Settings) -> anyhow::Result<u64> {
    let store = cli::open_store(settings, OpenMode::AsIs).await?;
    let reads = store.last_position().await;
    store.close().await;
    Ok(reads?)
}

pub fn judge(look: &Look) -> Finding {
    match look {
        Look::Nothing => Finding::warning(
            CHECK,
            "there is none yet in this data folder",
            "nothing, on a new install: `gantry serve` makes it. Where there should be one, this \
             is the wrong data folder: go to the folder in which Gantry was started before, or \
             name its data folder with --data-dir",
        ),
        Look::Opened { bytes, reads } => Finding::ok(
            CHECK,
            format!(
                "it opens and is up to date; {} reads stored{}",
                count(*reads),
                bytes.map_or_else(String::new, |bytes| format!(", {}", size(bytes)))
            ),
        ),
        Look::ReadOnly(file) => Finding::bad(
            CHECK,
            format!("{} cannot be written by this user", file.display()),
            "start Gantry as the user who did so before, or give this one the right to write \
             that file",
        ),
        Look::Silent => busy(),
        Look::Failed(error) => match error.downcast_ref() {
            Some(error) => judge_error(error),
            None => failed(&format!("{error:#}")),
        },
    }
}

fn judge_error(error: &StoreError) -> Finding {
    match error {
        StoreError::Busy => busy(),
        StoreError::TooOld { found, known, .. } => Finding::warning(
            CHECK,
            format!("it is of an older Gantry (schema {found}, this one needs {known})"),
            "copy the data folder to a safe place, then start `gantry serve`: it brings the \
             database up to date",
        ),
        StoreError::TooNew { found, known, .. } => Finding::bad(
            CHECK,
            format!("it was written by a newer Gantry (schema {found}, this one knows {known})"),
            "start the newer Gantry, or install it here; this older one leaves the database alone",
        ),
        StoreError::NotOurs { database } => Finding::bad(
            CHECK,
            format!("{database} is no Gantry database"),
            "move that file away, or name another data folder with --data-dir; if it should be \
             one, it is damaged: keep it, and put the last backup in its place",
        ),
        StoreError::Corrupt { detail } => Finding::bad(
            CHECK,
            format!("it is damaged ({detail})"),
            "stop Gantry, copy the whole data folder to a safe place as it is, then put the last \
             backup in its place; the timing devices can send their reads again",
        ),
        StoreError::Unreachable { detail } => Finding::bad(
            CHECK,
            format!("the database server does not answer ({detail})"),
            "start it, and look whether its address in GANTRY_DATABASE_URL is right and can be \
             reached from this computer",
        ),
        StoreError::CannotOpen { database, hint } => Finding::bad(
            CHECK,
            format!("{database} cannot be opened ({hint})"),
            "give the user who starts Gantry the right to read and write it and its folder, or \
             name another data folder with --data-dir",
        ),
        StoreError::Full => Finding::bad(
            CHECK,
            "the disk is full",
            "delete or move other files on that disk; Gantry goes on by itself once there is room",
        ),
        other => failed(&other.to_string()),
    }
}

fn busy() -> Finding {
    Finding::warning(
        CHECK,
        "it is busy with another program's work, and did not answer in time",
        "close what else has the file open, such as a copy or sync program, and ask again",
    )
}

fn failed(error: &str) -> Finding {
    Finding::bad(
        CHECK,
        error,
        "ask again; if it says the same, restart this computer, and if that does not help either, \
         name a new data folder with --data-dir and keep the old one",
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };

    #[test]
    fn a_database_is_judged() {
        let check = |look, state, parts: &[&str]| check(&judge(&look), state, parts);
        let opened = Look::Opened {
            bytes: Some(46_000_000),
            reads: 200_000,
        };
        check(opened, State::Ok, &["up to date", "200,000 reads", "46 MB"]);
        check(
            Look::Nothing,
            State::Warning,
            &["gantry serve", "--data-dir"],
        );
        check(Look::Silent, State::Warning, &["busy"]);
        let file = PathBuf::from("/tent/gantry.sqlite");
        check(
            Look::ReadOnly(file),
            State::Bad,
            &["/tent/gantry.sqlite", "user"],
        );

        let check = |error: StoreError, state, parts: &[&str]| {
            let look = Look::Failed(anyhow::Error::new(error).context("while opening"));
            check(look, state, parts);
        };
        let (found, known) = (3, 5);
        let database = || "/tent/gantry.sqlite".to_owned();
        let old = StoreError::TooOld {
            database: database(),
            found,
            known,
        };
        check(
            old,
            State::Warning,
            &["schema 3", "needs 5", "gantry serve"],
        );
        let new = StoreError::TooNew {
            database: database(),
            found: 9,
            known,
        };
        check(new, State::Bad, &["schema 9", "knows 5", "newer Gantry"]);
        check(
            StoreError::NotOurs {
                database: database(),
            },
            State::Bad,
            &["no Gantry database"],
        );
        check(
            StoreError::CannotOpen {
                database: database(),
                hint: "denied".to_owned(),
            },
            State::Bad,
            &["/tent/gantry.sqlite"],
        );
        let detail = "malformed".to_owned();
        check(
            StoreError::Corrupt { detail },
            State::Bad,
            &["malformed", "backup"],
        );
        check(StoreError::Full, State::Bad, &["full"]);
        check(StoreError::Busy, State::Warning, &["busy"]);
        check(
            StoreError::NotFound { what: "table" },
            State::Bad,
            &["table"],
        );
    }
}
