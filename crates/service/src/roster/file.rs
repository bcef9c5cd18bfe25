//! Roster files: from bytes to people, and what of them cannot be used. Pure; knows no store.
//!
//! Bytes become text or a workbook (`decode`, `workbook`), those a table below a header
//! (`table`), its columns a mapping (`words`, `recognise`, `column`), and its rows people (`plan`,
//! `people`). A person may look at the mapping in between: `Table::read`, `Table::mapping`,
//! `Table::people`.

mod chips;
mod column;
mod dates;
mod decode;
mod error;
pub(super) mod fold;
mod people;
mod plan;
mod recognise;
mod rejected;
mod table;
mod values;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

pub use chips::{ChipFile, ChipRow, parse_chips};
pub use column::{Column, Confidence, DateOrder, MappedColumn, Mapping};
pub use decode::Encoding;
pub use error::{FileError, WrongKind};
pub use people::{Question, RosterFile, RosterRow};
pub use rejected::{Doubt, Rejected, rejected_csv};
pub use table::{Source, Table};

use chrono::NaiveDate;
use std::ops::ControlFlow;

/// How far the reading of a file has come: said once for every thousand rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Rows found in the file so far.
    Read { rows: usize },
    /// Rows made people or rejected so far.
    Checked { rows: usize, of: usize },
}

/// For callers that show no progress and stop nothing.
pub fn unwatched(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Reads a whole roster file. `remembered` goes before what is recognised; `event_on` tells the
/// century of birth years. Breaking off in `progress` ends with `FileError::Stopped`.
pub fn parse(
    bytes: &[u8],
    remembered: Option<&Mapping>,
    event_on: NaiveDate,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<RosterFile, FileError> {
    let table = Table::read(bytes, progress)?;
    let mapping = table.mapping(remembered);
    table.people(mapping, event_on, progress)
}
