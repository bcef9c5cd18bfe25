mod book;
mod chip_files;
mod columns;
mod laws;
mod people;
mod reading;
mod workbooks;

use super::*;

/// A race in 2026.
fn event_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 12).unwrap()
}

#[track_caller]
fn read(bytes: impl AsRef<[u8]>) -> RosterFile {
    parse(bytes.as_ref(), None, event_on(), &mut unwatched).unwrap()
}

fn refusal(bytes: impl AsRef<[u8]>) -> FileError {
    parse(bytes.as_ref(), None, event_on(), &mut unwatched).unwrap_err()
}

/// The only person of a file of a header and a row.
#[track_caller]
fn one(header: &str, row: &str) -> RosterRow {
    let mut file = read(format!("{header}\n{row}\n"));
    assert!(file.rejected.is_empty(), "{:?}", file.rejected);
    assert_eq!(file.rows.len(), 1, "{row:?}");
    file.rows.remove(0)
}
