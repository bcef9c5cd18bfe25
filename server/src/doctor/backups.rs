//! The backups that the server makes by itself: their folder, the newest of them, and what making
//! one takes. Makes none.

use super::{
    on_thread,
    report::{Finding, size},
};
use crate::{
    backup::{self, Newest},
    data_folder::Holder,
    limits,
    settings::Settings,
};
use chrono::Utc;
use std::{io, path::Path, path::PathBuf, time::Duration};
use store::{Location, StoreError};
use tokio::time::timeout;

const FOLDER: &str = "backup folder";
const MEANS: &str = "backup programs";

pub enum Look {
    /// The settings name no folder.
    None,
    Folder(PathBuf, Folder),
    /// What is wrong with it, and what to do.
    Refused(PathBuf, anyhow::Error),
    /// No answer in time.
    Silent(PathBuf),
}

pub struct Folder {
    newest: Option<Newest>,
    /// Since then, by a clock that may have been set in between; `None` also where it says nothing.
    age: Option<Duration>,
    free_bytes: u64,
    /// Of the file that would be copied next, where it is one.
    database_bytes: u64,
    every: Duration,
    is_served: bool,
}

pub async fn look(settings: &Settings, holder: &Holder) -> Look {
    let Some(folder) = settings.backup_dir.clone() else {
        return Look::None;
    };
    let found = {
        let (folder, data_dir) = (folder.clone(), settings.data_dir.clone());
        on_thread(limits::DOCTOR_FOLDER_MS_MAX, move || {
            from_outside(&data_dir, &folder)
        })
    };
    let (newest, free_bytes) = match found.await {
        None => return Look::Silent(folder),
        Some(Err(error)) => {
            let complaint = backup::complaint(&folder, &error);
            return Look::Refused(folder, complaint);
        }
        Some(Ok(found)) => found,
    };
    let age = newest.and_then(|newest| (Utc::now() - newest.made_at).to_std().ok());
    let database_bytes = match settings.database() {
        Location::Sqlite(file) => file.metadata().map_or(0, |file| file.len()),
        Location::Postgres(_) => 0,
    };
    let seen = Folder {
        newest,
        age,
        free_bytes,
        database_bytes,
        every: settings.backup_every.0,
        is_served: matches!(holder, Holder::Server { .. }),
    };
    Look::Folder(folder, seen)
}

fn from_outside(data_dir: &Path, folder: &Path) -> io::Result<(Option<Newest>, u64)> {
    let newest = backup::newest(data_dir, folder)?;
    // Without a name, so that the system takes it away with the process.
    drop(tempfile::tempfile_in(folder)?);
    Ok((newest, fs4::available_space(folder)?))
}

pub fn judge(look: &Look) -> Finding {
    match look {
        Look::None => Finding::warning(
            FOLDER,
            "the server makes no backups by itself, as no folder for them is named",
            "plug in a stick and start Gantry with --backup-dir and its folder, or type \
             `gantry backup FILE` before and after the race",
        ),
        Look::Silent(folder) => Finding::bad(
            FOLDER,
            format!("{} does not answer", folder.display()),
            "connect its disk again, or name another folder with --backup-dir",
        ),
        Look::Refused(folder, error) => {
            let found = format!("no backup can be made: {error:#}");
            Finding::bad(
                FOLDER,
                found,
                format!(
                    "put {} right, or name another with --backup-dir",
                    folder.display()
                ),
            )
        }
        Look::Folder(folder, seen) => judge_folder(folder, seen),
    }
}

fn judge_folder(folder: &Path, seen: &Folder) -> Finding {
    let newest = match (seen.newest, seen.age) {
        (None, _) => "no backup of this install in it yet".to_owned(),
        (Some(newest), None) => format!(
            "the newest says it is of {}, which is still to come",
            newest.made_at.format("%Y-%m-%d %H:%M:%S UTC")
        ),
        (Some(newest), Some(age)) => format!(
            "the newest backup is {} old, {}",
            told(age),
            size(newest.bytes)
        ),
    };
    let found = format!(
        "{} can be written, {newest}; {} free",
        folder.display(),
        size(seen.free_bytes)
    );
    // While it is made, the copy of the database lies beside the file that is packed.
    let next_bytes = seen.database_bytes + seen.newest.map_or(0, |newest| newest.bytes);
    if seen.free_bytes < next_bytes {
        return Finding::bad(
            FOLDER,
            format!("{found}, which is too little for the next one"),
            "move old backups or other files from it to another disk, or name a larger one with \
             --backup-dir",
        );
    }
    let is_old = seen.age.is_none_or(|age| age > seen.every * 2);
    if seen.is_served && is_old {
        return Finding::warning(
            FOLDER,
            found,
            format!(
                "one is due every {}: read what the running server says of it, under \"backup\" \
                 in /readyz and in its log; a server that was started without --backup-dir \
                 makes none",
                told(seen.every)
            ),
        );
    }
    if seen.free_bytes < limits::DISK_FREE_BYTES_MIN {
        return Finding::warning(
            FOLDER,
            found,
            "move old backups or other files from it to another disk",
        );
    }
    Finding::ok(FOLDER, found)
}

/// In the one unit that says enough.
fn told(span: Duration) -> String {
    let seconds = span.as_secs();
    let (number, unit) = match seconds {
        172_800.. => (seconds / 86_400, "days"),
        7_200.. => (seconds / 3_600, "hours"),
        120.. => (seconds / 60, "minutes"),
        1 => return "1 second".to_owned(),
        _ => (seconds, "seconds"),
    };
    format!("{number} {unit}")
}

/// Whether there is what a backup takes beside a folder: on PostgreSQL a login and two programs.
pub async fn look_for_means(settings: &Settings) -> Option<Result<(), StoreError>> {
    let location = settings.database_to_copy();
    if let Location::Sqlite(_) = location {
        return None;
    }
    let limit = Duration::from_millis(limits::DOCTOR_DATABASE_MS_MAX);
    // What else is wrong with the database has a line of its own.
    match timeout(limit, store::can_snapshot(&location)).await {
        Ok(Err(StoreError::Unreachable { .. } | StoreError::Busy)) | Err(_) => None,
        Ok(found) => Some(found),
    }
}

pub fn judge_means(settings: &Settings, found: &Result<(), StoreError>) -> Finding {
    means(settings.backup_dir.is_some(), found)
}

fn means(is_relied_on: bool, found: &Result<(), StoreError>) -> Finding {
    let error = match found {
        Ok(()) => {
            let found = "pg_dump and pg_restore are here and new enough, and the login sees all";
            return Finding::ok(MEANS, found);
        }
        Err(error) => error,
    };
    let advice = match error {
        StoreError::NoTool { major, .. } => format!(
            "install the client programs of PostgreSQL {major} or newer on this computer (Debian: \
             `apt-get install postgresql-client-{major}`), or have whoever looks after the \
             database make the backups"
        ),
        StoreError::Walled { .. } => "make the login that docs/OPERATIONS.md has under Backups, \
                                      and name it in GANTRY_BACKUP_DATABASE_URL"
            .to_owned(),
        _ => "look at GANTRY_BACKUP_DATABASE_URL, and ask again".to_owned(),
    };
    let found = format!("no backup can be made: {error}");
    if is_relied_on {
        Finding::bad(MEANS, found, advice)
    } else {
        Finding::warning(MEANS, found, advice)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };
    use chrono::DateTime;

    fn seen() -> Folder {
        Folder {
            newest: Some(Newest {
                made_at: DateTime::from_timestamp(1_780_222_500, 0).unwrap(),
                bytes: 46_000_000,
            }),
            age: Some(Duration::from_secs(40 * 60)),
            free_bytes: 30_000_000_000,
            database_bytes: 230_000_000,
            every: Duration::from_secs(3_600),
            is_served: true,
        }
    }

    #[test]
    fn a_folder_of_backups_is_judged() {
        let check = |seen: Folder, state, parts: &[&str]| {
            check(&judge(&Look::Folder("/stick".into(), seen)), state, parts);
        };
        let parts = [
            "/stick can be written",
            "40 minutes old",
            "46 MB",
            "30.0 GB",
        ];
        check(seen(), State::Ok, &parts);
        let old = || Folder {
            age: Some(Duration::from_secs(2 * 3_600 + 1)),
            ..seen()
        };
        check(
            old(),
            State::Warning,
            &["2 hours old", "every 60 minutes", "/readyz"],
        );
        let at_home = Folder {
            is_served: false,
            ..old()
        };
        check(at_home, State::Ok, &["2 hours old"]);
        let future = || Folder {
            age: None,
            ..seen()
        };
        check(
            future(),
            State::Warning,
            &["2026-05-31 10:15:00 UTC", "still to come"],
        );
        let none = |is_served| Folder {
            newest: None,
            is_served,
            ..future()
        };
        check(none(false), State::Ok, &["no backup of this install"]);
        check(
            none(true),
            State::Warning,
            &["no backup of this install", "--backup-dir"],
        );
        let full = Folder {
            free_bytes: 275_000_000,
            ..seen()
        };
        check(full, State::Bad, &["too little", "275 MB free"]);
        let small = Folder {
            free_bytes: 199_000_000,
            database_bytes: 1_000_000,
            ..seen()
        };
        check(small, State::Warning, &["199 MB free"]);
    }

    #[test]
    fn a_folder_that_takes_no_backup_is_bad() {
        let check = |look, parts: &[&str]| check(&judge(&look), State::Bad, parts);
        check(
            Look::Silent("/stick".into()),
            &["/stick", "does not answer"],
        );
        let error = backup::complaint(Path::new("/stick"), &io::ErrorKind::NotFound.into());
        let parts = ["there is no /stick", "plug in", "--backup-dir"];
        check(Look::Refused("/stick".into(), error), &parts);
        let none = judge(&Look::None);
        super::super::report::check(&none, State::Warning, &["by itself", "--backup-dir"]);
    }

    #[test]
    fn what_a_backup_lacks_is_told() {
        let check = |found, state, parts: &[&str]| {
            check(&means(true, &found), state, parts);
            let others_make_them = means(false, &found);
            assert_eq!(others_make_them.state, state.min(State::Warning));
        };
        check(Ok(()), State::Ok, &["pg_dump"]);
        let no_tool = |found| StoreError::NoTool {
            program: "pg_dump",
            major: 17,
            found,
        };
        check(
            Err(no_tool(None)),
            State::Bad,
            &["pg_dump", "postgresql-client-17"],
        );
        let parts = ["PostgreSQL 17 or newer", "only one of PostgreSQL 15"];
        check(Err(no_tool(Some(15))), State::Bad, &parts);
        let login = "ada".to_owned();
        let parts = ["login ada", "GANTRY_BACKUP_DATABASE_URL"];
        check(Err(StoreError::Walled { login }), State::Bad, &parts);
    }
}
