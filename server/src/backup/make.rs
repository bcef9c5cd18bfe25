//! Making a backup: a copy of the database, packed with the uploaded files, checked, and only then
//! given its name.

use super::{
    ASSETS,
    archive::{Reader, Writer},
    disk::{complaint, sync_folder},
    manifest::{Database, Manifest, asset_path},
};
use crate::{limits, settings::Settings, threads};
use anyhow::{Context, bail, ensure};
use chrono::Utc;
use serde::Serialize;
use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Instant,
};
use store::{Contents, Location, StoreError};
use tempfile::TempDir;

/// What is done where the file is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenThere {
    Refuse,
    Replace,
}

#[derive(Debug, Serialize)]
pub struct Made {
    pub file: PathBuf,
    pub bytes: u64,
    pub took_ms: u64,
    pub assets: usize,
    #[serde(flatten)]
    pub contents: Contents,
}

/// Backs up what these settings name. While it is made, it lies in a folder of its own beside the
/// file, whose name begins with `unfinished`.
pub async fn make(
    settings: &Settings,
    file: &Path,
    when_there: WhenThere,
    unfinished: &str,
) -> anyhow::Result<Made> {
    let began = Instant::now();
    let location = settings.database_to_copy();
    let database = match location {
        Location::Sqlite(_) => Database::Sqlite,
        Location::Postgres(_) => Database::Postgres,
    };
    let draft = {
        let (file, unfinished) = (file.to_owned(), unfinished.to_owned());
        apart(move || Draft::begin(&file, when_there, &unfinished)).await?
    };
    let copy = draft.folder.path().join(database.entry());
    let made_at = Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let copied = store::snapshot(&location, &copy).await;
    let contents = copied.map_err(|error| match error {
        // It may be the disk of either, but the copy is what takes the room.
        StoreError::Full => complaint(&draft.file, &ErrorKind::StorageFull.into()),
        error => error.into(),
    })?;
    let manifest = Manifest::new(made_at, database, contents);
    let assets = settings.data_dir.join(ASSETS);
    apart(move || {
        let (manifest, bytes) = draft.finish(&copy, &assets, manifest, when_there)?;
        Ok(Made {
            file: draft.file,
            bytes,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            assets: manifest.assets(),
            contents,
        })
    })
    .await
}

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let done = threads::apart(work).await;
    done.context("the backup ended by a mistake in this program; report what the log says")?
}

/// A backup that has no name yet. Its folder goes with it.
struct Draft {
    file: PathBuf,
    folder: TempDir,
}

impl Draft {
    fn begin(file: &Path, when_there: WhenThere, unfinished: &str) -> anyhow::Result<Self> {
        refuse_what_is_there(file, when_there)?;
        let beside = folder_of(file);
        let folder = tempfile::Builder::new()
            .prefix(unfinished)
            .tempdir_in(beside)
            .map_err(|error| complaint(beside, &error))?;
        Ok(Self {
            file: file.to_owned(),
            folder,
        })
    }

    fn finish(
        &self,
        copy: &Path,
        assets: &Path,
        manifest: Manifest,
        when_there: WhenThere,
    ) -> anyhow::Result<(Manifest, u64)> {
        let draft = self.folder.path().join("backup.zip");
        let mut zip = Writer::create(&draft)?;
        let database = manifest.database.entry().to_owned();
        let mut from = File::open(copy).map_err(|error| complaint(copy, &error))?;
        zip.add(database, &mut from)?;
        drop(from);
        // Its room is wanted by what follows.
        fs::remove_file(copy).map_err(|error| complaint(copy, &error))?;
        for (name, path) in files_below(assets)? {
            match File::open(&path) {
                Ok(mut file) => zip.add(name, &mut file)?,
                // Deleted a moment ago: then nothing in the copy of the database needs it.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => bail!("{} cannot be read: {error}", path.display()),
            }
        }
        let manifest = zip.finish(manifest)?;
        let mut written = Reader::open(&draft)?;
        ensure!(
            written.manifest == manifest,
            "the disk of {} does not give back what was written to it; use another one",
            self.file.display()
        );
        written.read_through(&draft, |_| Ok(None))?;
        drop(written);

        let at = |error| complaint(&self.file, &error);
        let bytes = fs::metadata(&draft).map_err(at)?.len();
        refuse_what_is_there(&self.file, when_there)?;
        fs::rename(&draft, &self.file).map_err(at)?;
        sync_folder(folder_of(&self.file)).map_err(at)?;
        Ok((manifest, bytes))
    }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn refuse_what_is_there(file: &Path, when_there: WhenThere) -> anyhow::Result<()> {
    match file.symlink_metadata() {
        Ok(found) if found.is_dir() => bail!(
            "{} is a folder; give the name of a file in it",
            file.display()
        ),
        Ok(_) if when_there == WhenThere::Refuse => bail!(
            "{} is there already; give another name, or put --force to replace it",
            file.display()
        ),
        _ => Ok(()),
    }
}

/// The uploaded files with the names that they get, in order. There may be none.
fn files_below(assets: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut folders = vec![(ASSETS.to_owned(), assets.to_owned())];
    while let Some((name, folder)) = folders.pop() {
        let listed = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            listed => listed.with_context(|| format!("{} cannot be read", folder.display()))?,
        };
        for entry in listed {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let part = entry.file_name();
            let name = part.to_str().map(|part| format!("{name}/{part}"));
            let Some(name) = name.filter(|name| asset_path(name).is_some()) else {
                bail!(
                    "{} has a name that cannot be restored everywhere; rename it",
                    path.display()
                );
            };
            if kind.is_dir() {
                folders.push((name, path));
            } else if kind.is_file() {
                found.push((name, path));
            }
            ensure!(
                found.len() <= limits::BACKUP_ASSETS_MAX,
                "{} holds more than {} files; move some away",
                assets.display(),
                limits::BACKUP_ASSETS_MAX
            );
        }
    }
    found.sort();
    Ok(found)
}
