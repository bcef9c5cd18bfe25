//! Rosters: from a file to the store, and from the store to "who is it".

mod apply;
mod file;
pub mod hand;
mod import;
mod index;
mod plan;
mod preview;
mod uploads;

pub use file::{
    ChipFile, ChipRow, Column, Confidence, DateOrder, Doubt, Encoding, FileError, MappedColumn,
    Mapping, Progress, Question, Rejected, RosterFile, RosterRow, Source, Table, WrongKind, parse,
    parse_chips, rejected_csv, unwatched,
};
pub use import::{Imported, import};
pub use index::RosterIndex;
pub use plan::{Plan, Planned, RaceWanted, Reading, fields_of, plan};
pub use preview::{Beginning, ColumnSeen, Decision, Outcome, Preview};
pub use uploads::{FileKind, Stage, UploadId, Uploads};
