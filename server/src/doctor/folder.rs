//! The data folder: whether it is there, can be written, and who works in it.
//! Knows nothing of the database within.

use super::report::Finding;
use crate::data_folder::{self, Holder};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

const CHECK: &str = "data folder";

pub struct Folder {
    path: PathBuf,
    place: Place,
    pub holder: Holder,
    /// An existing folder on the same disk that takes files: itself, or one above.
    pub base: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    There,
    /// To be made in a folder that takes it.
    Missing,
    /// A file is where it, or a folder above it, should be.
    File(PathBuf),
    /// What refuses, and the system's words for it.
    Refused(PathBuf, String),
}

impl Folder {
    pub fn is_there(&self) -> bool {
        self.place == Place::There
    }

    pub fn can_be_made(&self) -> bool {
        self.place == Place::Missing
    }
}

/// May hang where the folder is on a network drive.
pub fn look(data_dir: &Path) -> Folder {
    let path = data_dir.to_owned();
    let (place, base) = match nearest(&path) {
        Ok(Nearest::File(file)) => (Place::File(file), None),
        Ok(Nearest::Folder(base)) => match takes_files(&base) {
            Ok(()) if base == path => (Place::There, Some(base)),
            Ok(()) => (Place::Missing, Some(base)),
            Err(error) => (Place::Refused(base, error.to_string()), None),
        },
        Err(error) => (Place::Refused(path.clone(), error.to_string()), None),
    };
    Folder {
        holder: data_folder::holder(&path),
        path,
        place,
        base,
    }
}

enum Nearest {
    Folder(PathBuf),
    File(PathBuf),
}

/// What there is of the path.
fn nearest(path: &Path) -> io::Result<Nearest> {
    let mut missing = io::ErrorKind::NotFound.into();
    for part in path.ancestors() {
        match fs::metadata(part) {
            Ok(found) if found.is_dir() => return Ok(Nearest::Folder(part.to_owned())),
            Ok(_) => return Ok(Nearest::File(part.to_owned())),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                missing = error;
            }
            Err(error) => return Err(error),
        }
    }
    Err(missing)
}

/// A file without a name, which the system takes away with the process.
fn takes_files(folder: &Path) -> io::Result<()> {
    tempfile::tempfile_in(folder).map(drop)
}

pub fn judge(folder: &Folder) -> Finding {
    let path = folder.path.display();
    match &folder.place {
        Place::There => {
            let works = match folder.holder {
                Holder::Nobody => "no server works in it at present".to_owned(),
                Holder::Server {
                    process: Some(process),
                } => format!("a server works in it (process {process})"),
                Holder::Server { process: None } => "a server works in it".to_owned(),
                Holder::Unknown => "it cannot be seen whether a server works in it".to_owned(),
            };
            Finding::ok(CHECK, format!("{path}; {works}"))
        }
        Place::Missing => Finding::ok(
            CHECK,
            format!("{path} is not there yet; Gantry makes it when it first needs it"),
        ),
        Place::File(file) => Finding::bad(
            CHECK,
            format!(
                "{path} cannot be made, as {} is a file and no folder",
                file.display()
            ),
            "choose another folder with --data-dir (or GANTRY_DATA_DIR)",
        ),
        Place::Refused(what, error) => Finding::bad(
            CHECK,
            format!("{} cannot be written: {error}", what.display()),
            "give the user who starts Gantry the right to write there, check that the disk is not \
             write-protected, or choose another folder with --data-dir",
        ),
    }
}

/// For a folder that did not answer in time.
pub fn silent(data_dir: &Path) -> Finding {
    Finding::bad(
        CHECK,
        format!("{} does not answer", data_dir.display()),
        "a network drive or a stick may be gone: connect it again, or choose a folder on this \
         computer's own disk with --data-dir",
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };

    fn folder(place: Place, holder: Holder) -> Folder {
        let path: PathBuf = "/tent/gantry-data".into();
        Folder {
            base: Some(path.clone()),
            path,
            place,
            holder,
        }
    }

    #[test]
    fn a_folder_is_judged() {
        let check = |place, holder, state, parts: &[&str]| {
            check(&judge(&folder(place, holder)), state, parts);
        };
        let server = |process| Holder::Server { process };
        let here = "/tent/gantry-data";
        check(
            Place::There,
            Holder::Nobody,
            State::Ok,
            &[here, "no server"],
        );
        check(Place::There, server(Some(41)), State::Ok, &["process 41"]);
        check(Place::There, server(None), State::Ok, &["a server works"]);
        check(
            Place::There,
            Holder::Unknown,
            State::Ok,
            &["cannot be seen"],
        );
        check(
            Place::Missing,
            Holder::Nobody,
            State::Ok,
            &[here, "not there yet"],
        );
        let file = Place::File("/tent".into());
        check(
            file,
            Holder::Nobody,
            State::Bad,
            &[here, "/tent is a file", "--data-dir"],
        );
        let refused = Place::Refused("/tent".into(), "read-only file system".to_owned());
        let parts = ["/tent cannot be written: read-only", "--data-dir"];
        check(refused, Holder::Nobody, State::Bad, &parts);
        super::super::report::check(
            &silent(Path::new(here)),
            State::Bad,
            &[here, "network drive"],
        );
    }

    #[test]
    fn what_there_is_of_a_path_is_found() {
        let above = tempfile::tempdir().unwrap();
        let file = above.path().join("flat");
        fs::write(&file, "x").unwrap();
        let check = |path: PathBuf, place: Place, base: Option<&Path>| {
            let folder = look(&path);
            assert_eq!(
                (&folder.place, folder.base.as_deref()),
                (&place, base),
                "{path:?}"
            );
        };
        check(above.path().to_owned(), Place::There, Some(above.path()));
        check(above.path().join("a/b"), Place::Missing, Some(above.path()));
        check(file.clone(), Place::File(file.clone()), None);
        check(file.join("a/b"), Place::File(file.clone()), None);
        assert_eq!(fs::read_dir(above.path()).unwrap().count(), 1);
    }
}
