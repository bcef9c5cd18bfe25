//! Backups that the server makes by itself: when, which are kept, and the alarm where there is
//! none.
//!
//! A folder that is gone is never made: it may be the place of a stick, and what was written there
//! would be on this computer's own disk.

use super::{
    disk::complaint,
    make::{WhenThere, make},
    names::{Install, Stamp, next_stamp, too_many},
};
use crate::{limits, settings::Settings, threads};
use anyhow::{Context, anyhow};
use chrono::Utc;
use service::BackupReport;
use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The file in the data folder that says which backups are this install's.
const INSTALL_FILE: &str = "backups.id";

/// What is known of them at present.
#[derive(Debug)]
pub struct Backups {
    every: Duration,
    began: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the newest one was made, by the monotonic clock; `None` also where that clock began
    /// later.
    newest_at: Option<Instant>,
    trouble: Option<String>,
}

/// Begins to make them, where the settings name a folder for it.
pub fn start(settings: &Settings) -> anyhow::Result<Option<Arc<Backups>>> {
    let Some(folder) = settings.backup_dir.clone() else {
        return Ok(None);
    };
    let backups = Arc::new(Backups {
        every: settings.backup_every.0,
        began: Instant::now(),
        state: Mutex::default(),
    });
    let round = Round {
        install: install(&settings.data_dir)?,
        settings: settings.clone(),
        folder,
        backups: Arc::clone(&backups),
        newest: None,
        due: Instant::now(),
        failed: None,
    };
    tokio::spawn(round.run());
    Ok(Some(backups))
}

impl Backups {
    /// What is wrong: with the folder, with the last try, or that the newest one is old.
    pub fn trouble(&self) -> Option<String> {
        let state = self.state();
        if let Some(trouble) = &state.trouble {
            return Some(trouble.clone());
        }
        match state.newest_at {
            None => Some("no backup has been made yet".to_owned()),
            Some(at) if at.elapsed() > self.every * 2 + SLACK => Some(format!(
                "the newest backup is {} minutes old; the one that is being made takes too long",
                at.elapsed().as_secs() / 60
            )),
            Some(_) => None,
        }
    }

    /// The same, but not while the first one is being made.
    pub fn alarm(&self) -> Option<String> {
        let is_beginning = {
            let state = self.state();
            state.trouble.is_none() && state.newest_at.is_none() && self.began.elapsed() < SLACK
        };
        if is_beginning { None } else { self.trouble() }
    }

    pub fn report(&self) -> BackupReport {
        BackupReport {
            works: self.trouble().is_none(),
            age: self.state().newest_at.map(|at| at.elapsed()),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn complain(&self, trouble: &anyhow::Error) {
        let trouble = format!("{trouble:#}");
        let mut state = self.state();
        if state.trouble.as_ref() != Some(&trouble) {
            tracing::warn!("no backup: {trouble}");
        }
        state.trouble = Some(trouble);
    }

    fn clear(&self) {
        if self.state().trouble.take().is_some() {
            tracing::info!("backups are made again");
        }
    }
}

/// What a backup may take before its lateness is worth an alarm, where they are made often.
const SLACK: Duration = Duration::from_secs(60);

/// Makes one after the other.
struct Round {
    install: Install,
    settings: Settings,
    folder: PathBuf,
    backups: Arc<Backups>,
    /// The newest that we know of: it should be in the folder.
    newest: Option<Stamp>,
    due: Instant,
    /// Why the last try failed, until one succeeds.
    failed: Option<String>,
}

impl Round {
    async fn run(mut self) {
        self.recall().await;
        loop {
            match self.step().await {
                Ok(()) => self.backups.clear(),
                Err(error) => self.backups.complain(&error),
            }
            let look = Duration::from_millis(limits::BACKUP_LOOK_MS);
            let left = self.due.saturating_duration_since(Instant::now());
            // A folder that is gone is due all the time, and looked for no more often than that.
            tokio::time::sleep(if left.is_zero() { look } else { left.min(look) }).await;
        }
    }

    /// After a restart of the server the next one is due when it would have been.
    async fn recall(&mut self) {
        let Ok(stamps) = self.look().await else {
            return;
        };
        self.newest = stamps.last().copied();
        // A name from the future tells nothing: the clock was wrong then, or is now.
        let age = self.newest.map(|newest| Utc::now() - newest);
        let age = age.and_then(|age| age.to_std().ok());
        let newest_at = age.and_then(|age| Instant::now().checked_sub(age));
        if let Some(at) = newest_at {
            self.due = at + self.backups.every;
            self.backups.state().newest_at = newest_at;
        }
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        let stamps = match self.look().await {
            Ok(stamps) => stamps,
            Err(error) => {
                // When it is back, what failed is tried again at once.
                if self.failed.is_some() {
                    self.due = Instant::now();
                }
                return Err(error);
            }
        };
        if self.newest.is_some_and(|newest| !stamps.contains(&newest)) {
            tracing::warn!(
                "the newest backup is no longer in {}; another one is made",
                self.folder.display()
            );
            self.newest = None;
            self.due = Instant::now();
        }
        if Instant::now() < self.due {
            return match &self.failed {
                Some(failed) => Err(anyhow!("{failed}")),
                None => Ok(()),
            };
        }
        let began = Instant::now();
        let stamp = next_stamp(Utc::now(), stamps.last().copied());
        if let Err(error) = self.make(stamp).await {
            let retry = Duration::from_millis(limits::BACKUP_RETRY_MS);
            self.due = Instant::now() + retry.min(self.backups.every);
            self.failed = Some(format!("{error:#}"));
            return Err(error);
        }
        self.failed = None;
        self.newest = Some(stamp);
        self.due = began + self.backups.every;
        self.backups.state().newest_at = Some(Instant::now());
        self.thin_out(stamps, stamp).await;
        Ok(())
    }

    async fn make(&self, stamp: Stamp) -> anyhow::Result<()> {
        let (folder, unfinished) = (self.folder.clone(), self.install.unfinished());
        threads::apart(move || take_away_unfinished(&folder, &unfinished))
            .await
            .context("the look for unfinished backups ended by a mistake in this program")?;
        let file = self.folder.join(self.install.file_name(stamp));
        let unfinished = self.install.unfinished();
        let made = make(&self.settings, &file, WhenThere::Refuse, &unfinished).await?;
        tracing::info!(
            "backed up {} reads to {} ({} bytes) in {} ms",
            made.contents.reads,
            made.file.display(),
            made.bytes,
            made.took_ms
        );
        Ok(())
    }

    /// Deletes the oldest, now that there is a newer one.
    async fn thin_out(&self, mut stamps: Vec<Stamp>, newest: Stamp) {
        stamps.push(newest);
        let keep = usize::try_from(self.settings.backup_keep).unwrap_or(usize::MAX);
        let file = |stamp| self.folder.join(self.install.file_name(stamp));
        let gone: Vec<_> = too_many(stamps, keep).into_iter().map(file).collect();
        let deleted = threads::apart(move || gone.iter().try_for_each(fs::remove_file)).await;
        if let Some(Err(error)) = deleted {
            tracing::warn!(%error, "an old backup cannot be deleted");
        }
    }

    /// Our own backups in the folder, in order.
    async fn look(&self) -> anyhow::Result<Vec<Stamp>> {
        let (folder, install) = (self.folder.clone(), self.install.clone());
        let listed = threads::within_ms(limits::BACKUP_FOLDER_MS_MAX, move || {
            list(&folder, &install)
        });
        let listed = listed.await.with_context(|| {
            format!(
                "the folder {} does not answer; connect its disk again, or name another",
                self.folder.display()
            )
        })?;
        listed.map_err(|error| complaint(&self.folder, &error))
    }
}

fn list(folder: &Path, install: &Install) -> io::Result<Vec<Stamp>> {
    let mut stamps = Vec::new();
    for entry in fs::read_dir(folder)? {
        stamps.extend(
            entry?
                .file_name()
                .to_str()
                .and_then(|name| install.stamp(name)),
        );
    }
    stamps.sort_unstable();
    Ok(stamps)
}

/// The newest backup of an install in its folder, without making or changing anything.
pub fn newest(data_dir: &Path, folder: &Path) -> io::Result<Option<Newest>> {
    let Some(install) = known_install(data_dir)? else {
        // It has made none yet. The folder has to be there all the same.
        return fs::read_dir(folder).map(|_| None);
    };
    let Some(made_at) = list(folder, &install)?.pop() else {
        return Ok(None);
    };
    let bytes = fs::metadata(folder.join(install.file_name(made_at)))?.len();
    Ok(Some(Newest { made_at, bytes }))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    pub made_at: Stamp,
    pub bytes: u64,
}

/// Of a server that was killed, or a stick that was pulled out.
fn take_away_unfinished(folder: &Path, unfinished: &str) {
    let listed = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in listed {
        if entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(unfinished))
        {
            // It takes room, and does no other harm.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Which backups are ours: made up once, and kept in the data folder.
fn install(data_dir: &Path) -> anyhow::Result<Install> {
    let path = data_dir.join(INSTALL_FILE);
    let known = known_install(data_dir).map_err(|error| complaint(&path, &error))?;
    if let Some(install) = known {
        return Ok(install);
    }
    let install = Install::made_up();
    fs::write(&path, install.id()).map_err(|error| complaint(&path, &error))?;
    Ok(install)
}

/// `None` where none were made yet.
fn known_install(data_dir: &Path) -> io::Result<Option<Install>> {
    match fs::read_to_string(data_dir.join(INSTALL_FILE)) {
        Ok(id) => Ok(Install::new(id.trim())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
