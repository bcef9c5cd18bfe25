//! Bringing a backup back: unpacked beside its place, checked, and only then put there.
//!
//! What is there already is moved aside and never deleted.

use super::{
    ASSETS,
    archive::Reader,
    disk::{Steady, complaint, sync_folder},
    manifest::{Database, Entry, asset_path},
    names,
};
use crate::{cli, data_folder, settings::Settings, threads};
use anyhow::{Context, anyhow, bail, ensure};
use chrono::Utc;
use serde::Serialize;
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};
use store::{Contents, Location, OpenMode, StoreError};
use tempfile::TempDir;

#[derive(Debug, Serialize)]
pub struct Restored {
    /// When the backup was made.
    pub made_at: String,
    /// Where the old data is now, where there was some.
    pub replaced: Option<PathBuf>,
    pub assets: usize,
    #[serde(flatten)]
    pub contents: Contents,
}

/// Restores a backup into the data folder of these settings. Where that has data already, it is
/// refused unless it may be moved aside.
pub async fn restore(
    settings: &Settings,
    file: &Path,
    move_aside: bool,
) -> anyhow::Result<Restored> {
    let backup = {
        let file = file.to_owned();
        apart(move || Reader::open(&file)).await?
    };
    let location = settings.database();
    let database = match (backup.manifest.database, &location) {
        (Database::Sqlite, Location::Sqlite(database)) => Some(database.clone()),
        (Database::Postgres, Location::Postgres(_)) => None,
        (Database::Sqlite, Location::Postgres(_)) => bail!(
            "{} holds an SQLite database; restore it without GANTRY_DATABASE_URL",
            file.display()
        ),
        (Database::Postgres, Location::Sqlite(_)) => bail!(
            "{} holds a PostgreSQL database; name an empty one with GANTRY_DATABASE_URL",
            file.display()
        ),
    };
    // Held to the end, so that no server begins in the middle of it.
    let held = data_folder::hold(settings)?;
    let place = Place::new(&settings.data_dir, database);
    let there = place.what_is_there()?;
    if let (Some(first), false) = (there.first(), move_aside) {
        bail!(
            "there is data already ({}); restore into an empty folder, named with --data-dir, or \
             put --force to move the old data aside",
            first.display()
        );
    }
    let (backup, unpacked) = {
        let (file, folder) = (file.to_owned(), settings.data_dir.clone());
        apart(move || unpack(backup, &file, &folder)).await?
    };
    let manifest = &backup.manifest;
    let copy = unpacked.path().join(manifest.database.entry());
    let contents = manifest.contents;
    let loaded = match &location {
        Location::Sqlite(_) => store::check_snapshot(&copy).await,
        Location::Postgres(address) => {
            let loaded = store::load_snapshot(address, &copy, &contents).await;
            loaded.map(|()| contents)
        }
    };
    ensure!(
        loaded.map_err(|error| judged(file, error))? == contents,
        "the backup {} holds another database than it says; take another one",
        file.display()
    );
    if !there.is_empty() {
        settle(settings).await;
    }
    let (made_at, assets) = (manifest.made_at.clone(), manifest.assets());
    apart(move || {
        let replaced = place.put(&unpacked, &copy)?;
        drop(held);
        Ok(Restored {
            made_at,
            replaced,
            assets,
            contents,
        })
    })
    .await
}

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let done = threads::apart(work).await;
    done.context("the restore ended by a mistake in this program; report what it said above")?
}

/// What the store has against the database in a backup, said of the backup.
fn judged(file: &Path, error: StoreError) -> anyhow::Error {
    let file = file.display();
    match error {
        StoreError::TooNew { found, known, .. } => anyhow!(
            "{file} was made by a newer gantry (schema {found}, this one knows {known}); restore \
             it with that one"
        ),
        StoreError::Corrupt { detail } => {
            anyhow!("the database in {file} is damaged ({detail}); take another backup")
        }
        StoreError::NotOurs { .. } => {
            anyhow!("what {file} holds is not a gantry database; take another backup")
        }
        error => error.into(),
    }
}

/// Moves the log of an old database into its file, as far as that can still be done: then it does
/// not matter in which order they are moved aside.
async fn settle(settings: &Settings) {
    if let Location::Sqlite(_) = settings.database()
        && let Ok(store) = cli::open_store(settings, OpenMode::AsIs).await
    {
        store.close().await;
    }
}

/// Unpacks all of it into a folder of its own in the data folder.
fn unpack(mut backup: Reader, file: &Path, folder: &Path) -> anyhow::Result<(Reader, TempDir)> {
    let wanted = backup.manifest.bytes();
    // Where it cannot be told, the disk itself says when it is full.
    if fs4::available_space(folder).is_ok_and(|free| free < wanted) {
        return Err(complaint(folder, &ErrorKind::StorageFull.into()));
    }
    let unpacked = tempfile::Builder::new()
        .prefix(".gantry-restore-")
        .tempdir_in(folder)
        .map_err(|error| complaint(folder, &error))?;
    backup.read_through(file, |entry| {
        let path = unpacked.path().join(path_of(entry)?);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        let made = made.and_then(|()| Steady::create(&path));
        let created = made.map_err(|error| complaint(&path, &error))?;
        Ok(Some((created, path)))
    })?;
    Ok((backup, unpacked))
}

/// Where an entry is unpacked to. The manifest has been checked, and names are looked at again
/// here, where they become paths.
fn path_of(entry: &Entry) -> anyhow::Result<PathBuf> {
    let name = entry.name.as_str();
    if [Database::Sqlite.entry(), Database::Postgres.entry()].contains(&name) {
        return Ok(name.into());
    }
    let parts = asset_path(name).with_context(|| format!("{name:?} is not a name of ours"))?;
    Ok([ASSETS].into_iter().chain(parts).collect())
}

/// The places in the data folder that a restore fills.
struct Place {
    folder: PathBuf,
    /// Where it is a file.
    database: Option<PathBuf>,
    assets: PathBuf,
}

impl Place {
    fn new(folder: &Path, database: Option<PathBuf>) -> Self {
        Self {
            folder: folder.to_owned(),
            database,
            assets: folder.join(ASSETS),
        }
    }

    /// The database, then what `SQLite` lays beside it. A log without its database counts: it would
    /// be taken for the new one's.
    fn what_is_there(&self) -> anyhow::Result<Vec<PathBuf>> {
        let beside = |database: &PathBuf| {
            ["", "-wal", "-shm", "-journal"].map(|end| {
                let mut name = database.clone().into_os_string();
                name.push(end);
                PathBuf::from(name)
            })
        };
        let mut there = Vec::new();
        let files = self.database.as_ref().map(beside);
        for path in files.into_iter().flatten().chain([self.assets.clone()]) {
            match path.symlink_metadata() {
                Ok(_) => there.push(path),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => bail!("{} cannot be read: {error}", path.display()),
            }
        }
        // An empty folder is nothing.
        if there.last() == Some(&self.assets) && fs::remove_dir(&self.assets).is_ok() {
            there.pop();
        }
        Ok(there)
    }

    /// The database last: with it, the restore is done.
    fn put(&self, unpacked: &TempDir, copy: &Path) -> anyhow::Result<Option<PathBuf>> {
        let at = |error| complaint(&self.folder, &error);
        let replaced = match self.what_is_there()?.as_slice() {
            [] => None,
            there => Some(self.move_aside(there)?),
        };
        let assets = unpacked.path().join(ASSETS);
        if assets.exists() {
            fs::rename(&assets, &self.assets).map_err(at)?;
        }
        if let Some(database) = &self.database {
            fs::rename(copy, database).map_err(at)?;
        }
        sync_folder(&self.folder).map_err(at)?;
        Ok(replaced)
    }

    /// Whether `SQLite` lays it there and takes it away again.
    fn is_beside(&self, path: &Path) -> bool {
        self.database.as_deref() != Some(path) && path != self.assets
    }

    /// Into a folder that is a data folder itself: it can be looked at, or served.
    fn move_aside(&self, there: &[PathBuf]) -> anyhow::Result<PathBuf> {
        let stamp = names::stamp_text(Utc::now());
        let aside = self.folder.join(format!("replaced-{stamp}"));
        let at = |error| complaint(&aside, &error);
        fs::create_dir(&aside).map_err(at)?;
        for path in there {
            let name = path.file_name().context("a file in a folder has a name")?;
            match fs::rename(path, aside.join(name)) {
                // The log of a database goes when the last who had it open has moved it into the
                // file, and that may be now.
                Err(error) if error.kind() == ErrorKind::NotFound && self.is_beside(path) => {}
                moved => moved.map_err(at)?,
            }
        }
        sync_folder(&aside).map_err(at)?;
        Ok(aside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_goes_meanwhile_is_no_fault_and_a_database_is() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("gantry.sqlite");
        let log = folder.path().join("gantry.sqlite-wal");
        let place = Place::new(folder.path(), Some(database.clone()));
        fs::write(&database, "a database").unwrap();
        let aside = place.move_aside(&[database.clone(), log]).unwrap();
        assert!(aside.join("gantry.sqlite").exists());
        fs::remove_dir_all(&aside).unwrap();
        assert!(place.move_aside(&[database]).is_err());
    }
}
