//! The zip that a backup is: written entry by entry, and read by somebody who trusts nothing in it.

use super::{
    disk::{self, Steady, complaint},
    manifest::{Entry, MANIFEST, Manifest},
};
use crate::limits;
use anyhow::{Context, anyhow, bail, ensure};
use std::{
    fs::File,
    io::{self, BufReader, BufWriter, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// Fast: the journal wants the processor too.
const DEFLATE_LEVEL: i64 = 1;

pub struct Writer {
    zip: ZipWriter<BufWriter<Steady>>,
    path: PathBuf,
    entries: Vec<Entry>,
}

impl Writer {
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        let file = Steady::create(path).map_err(|error| complaint(path, &error))?;
        Ok(Self {
            zip: ZipWriter::new(BufWriter::with_capacity(256 * 1024, file)),
            path: path.to_owned(),
            entries: Vec::new(),
        })
    }

    pub fn add(&mut self, name: String, from: &mut impl Read) -> anyhow::Result<()> {
        let bytes = self.begin(&name).and_then(|()| {
            disk::copy(from, &mut self.zip).map_err(|error| complaint(&self.path, &error))
        })?;
        self.entries.push(Entry { name, bytes });
        Ok(())
    }

    /// Writes the manifest, and brings all to the disk.
    pub fn finish(mut self, mut manifest: Manifest) -> anyhow::Result<Manifest> {
        manifest.entries = std::mem::take(&mut self.entries);
        self.begin(MANIFEST)?;
        let text = serde_json::to_vec_pretty(&manifest)?;
        let refused = |error: io::Error| complaint(&self.path, &error);
        self.zip.write_all(&text).map_err(refused)?;
        let written = self
            .zip
            .finish()
            .map_err(|error| said(&self.path, error))?
            .into_inner()
            .map_err(|error| refused(error.into_error()))?;
        written.sync().map_err(refused)?;
        Ok(manifest)
    }

    fn begin(&mut self, name: &str) -> anyhow::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(DEFLATE_LEVEL))
            .large_file(true);
        let begun = self.zip.start_file(name, options);
        begun.map_err(|error| said(&self.path, error))
    }
}

/// What the disk has against writing.
fn said(path: &Path, error: ZipError) -> anyhow::Error {
    match error {
        ZipError::Io(error) => complaint(path, &error),
        other => anyhow!("{}: {other}", path.display()),
    }
}

#[derive(Debug)]
pub struct Reader {
    zip: ZipArchive<BufReader<File>>,
    pub manifest: Manifest,
}

impl Reader {
    /// Reads what it says of itself. Refuses what is no backup, and one that has more or less in
    /// it than it says.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = disk::open_afresh(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => anyhow!("there is no file {}", path.display()),
            _ => anyhow!("{} cannot be read: {error}", path.display()),
        })?;
        let zip = ZipArchive::new(BufReader::with_capacity(256 * 1024, file));
        let mut zip = zip.map_err(|error| match error {
            ZipError::Io(error) if error.raw_os_error().is_some() => {
                anyhow!("{} cannot be read: {error}", path.display())
            }
            error => anyhow!(
                "{} is not a backup, or not a whole one ({error}); take another one",
                path.display()
            ),
        })?;
        let manifest = read_manifest(&mut zip).with_context(|| damaged(path))?;
        let refused = || format!("{} cannot be restored", path.display());
        manifest.check().with_context(refused)?;
        ensure!(
            zip.len() == manifest.entries.len() + 1 && !zip.has_duplicate_names(),
            "{}: it does not hold the files that it names",
            damaged(path)
        );
        Ok(Self { zip, manifest })
    }

    /// Reads every entry through, and gives each to whoever wants to keep it. An entry is whole
    /// only when this has come to its end: length and CRC are known then.
    pub fn read_through(
        &mut self,
        path: &Path,
        mut keep: impl FnMut(&Entry) -> anyhow::Result<Option<(Steady, PathBuf)>>,
    ) -> anyhow::Result<()> {
        for entry in self.manifest.entries.clone() {
            let found = self.zip.by_name(&entry.name);
            let mut found = found.with_context(|| format!("{}: {}", damaged(path), entry.name))?;
            let mut kept = keep(&entry)?;
            let mut writes = Ok(());
            let copied = {
                let mut sink = Sink {
                    kept: kept.as_mut().map(|(file, _)| file),
                    refused: &mut writes,
                };
                // One byte more than there should be is enough to see that there is more.
                disk::copy(&mut (&mut found).take(entry.bytes + 1), &mut sink)
            };
            if let (Err(error), Some((_, at))) = (writes, &kept) {
                return Err(complaint(at, &error));
            }
            match copied {
                Ok(bytes) if bytes == entry.bytes => {}
                Ok(_) => bail!("{}: {} has another length", damaged(path), entry.name),
                Err(error) => bail!("{}: {}: {error}", damaged(path), entry.name),
            }
            if let Some((file, at)) = kept {
                file.sync().map_err(|error| complaint(&at, &error))?;
            }
        }
        Ok(())
    }
}

fn damaged(path: &Path) -> String {
    format!("the backup {} is damaged; take another one", path.display())
}

fn read_manifest(zip: &mut ZipArchive<BufReader<File>>) -> anyhow::Result<Manifest> {
    // Each entry twice the same, before it and in the list at the end, and none beside the others.
    zip.validate_header_consistency()?;
    let entry = zip.by_name(MANIFEST).map_err(|error| match error {
        ZipError::FileNotFound => anyhow!("there is no {MANIFEST} in it"),
        error => error.into(),
    })?;
    let mut text = Vec::new();
    entry
        .take(limits::BACKUP_MANIFEST_BYTES_MAX)
        .read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

/// Keeps apart what the disk refused to take and what the backup did not give.
struct Sink<'a> {
    kept: Option<&'a mut Steady>,
    refused: &'a mut io::Result<()>,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(file) = &mut self.kept else {
            return Ok(bytes.len());
        };
        file.write(bytes).inspect_err(|error| {
            *self.refused = Err(io::Error::from(error.kind()));
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
