//! Files that are on the disk when we say so, and what a disk complains of in our words.

use crate::limits;
use anyhow::anyhow;
use std::{
    fs::File,
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// A file that is brought to the disk as it grows.
pub struct Steady {
    file: File,
    unsynced_bytes: u64,
}

impl Steady {
    pub fn create(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: File::create_new(path)?,
            unsynced_bytes: 0,
        })
    }

    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

impl Write for Steady {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.unsynced_bytes += written as u64;
        if self.unsynced_bytes >= limits::BACKUP_UNSYNCED_BYTES_MAX {
            self.file.sync_data()?;
            self.unsynced_bytes = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Steady {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Opens a file that was just synced so that it is read from the disk, as far as the system lets
/// us, and not from memory.
pub fn open_afresh(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    // What the disk would give is the better answer; what memory holds is one too.
    #[cfg(target_os = "linux")]
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
    Ok(file)
}

/// Brings the names in a folder to the disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder is no file that could be synced.
    #[cfg(unix)]
    match File::open(folder)?.sync_all() {
        // Some sticks and network drives cannot do it.
        Err(error)
            if !matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            return Err(error);
        }
        _ => {}
    }
    Ok(())
}

/// Copies all of it, and gives how much it was.
pub fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<u64> {
    let mut buffer = vec![0; 256 * 1024];
    let mut copied = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        to.write_all(&buffer[..read])?;
        copied += read as u64;
    }
}

/// What is wrong with a folder or file, and what to do.
pub fn complaint(at: &Path, error: &io::Error) -> anyhow::Error {
    let place = at.display();
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => anyhow!(
            "there is no {place}; make the folder, plug in the disk that has it, or name another"
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            anyhow!("the disk of {place} is full; free some space on it, or name another")
        }
        ErrorKind::FileTooLarge => anyhow!(
            "the disk of {place} takes no file that large; format it as exFAT, or name another"
        ),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => anyhow!(
            "{place} cannot be written ({error}); give this user the right to, or name another"
        ),
        _ => anyhow!("{place}: {error}"),
    }
}
