//! Why a roster file cannot be used at all. Each message says what to do.

use crate::limits;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("it is larger than {} MiB; split it", limits::ROSTER_BYTES_MAX >> 20)]
    TooLarge,
    #[error(
        "it unpacks to more than a roster can be; copy the list into a new workbook, or save it as \
         CSV UTF-8"
    )]
    TooLargeUnpacked,
    #[error(
        "its cells hold more than {} MiB of text; leave columns out",
        limits::ROSTER_TEXT_BYTES_MAX >> 20
    )]
    TooMuchText,
    #[error("it has over {} rows; split it", limits::ROSTER_ROWS_MAX)]
    TooManyRows,
    #[error(
        "line {line} has over {} columns; delete those beside the roster",
        limits::ROSTER_COLUMNS_MAX
    )]
    TooManyColumns { line: u64 },
    #[error(
        "a cell of line {line} has over {} characters; is a quotation mark left open there?",
        limits::ROSTER_CELL_CHARS_MAX
    )]
    CellTooLong { line: u64 },
    #[error("it is empty; choose the file with the roster")]
    Empty,
    #[error(transparent)]
    WrongKind(#[from] WrongKind),
    #[error("the workbook is damaged ({0}); open it, save it again as .xlsx, and choose that")]
    Damaged(String),
    #[error(
        "no row names its columns; put a row such as bib,first name,last name above the others \
         (it begins: {seen})"
    )]
    NoHeader { seen: String },
    #[error(
        "no column holds the bib or a registration id; name one so, or choose it (found: {found})"
    )]
    NoIdentity { found: String },
    #[error(
        "no column holds a name; call one name, first name or last name, or choose it \
         (found: {found})"
    )]
    NoName { found: String },
    #[error("the columns {first:?} and {second:?} are both to be the {what}; choose one")]
    MappedTwice {
        what: &'static str,
        first: String,
        second: String,
    },
    #[error(
        "it cannot be told which column is the bib and which the chip; put a first line bib,chip \
         above (it begins: {seen})"
    )]
    ChipColumns { seen: String },
    #[error("the import was stopped")]
    Stopped,
}

/// A file that holds no table that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongKind {
    #[error("it is an old Excel file (.xls); open it and save it as .xlsx or as CSV UTF-8")]
    OldExcel,
    #[error("it is protected by a password; take the password off and save it again")]
    Locked,
    #[error("it is a binary Excel file (.xlsb); save it as .xlsx or as CSV UTF-8")]
    BinaryExcel,
    #[error("it is an Excel file in XML of 2003; open it and save it as .xlsx or as CSV UTF-8")]
    ExcelXml,
    #[error("it is an OpenDocument file; open it and save it as .xlsx or as CSV UTF-8")]
    OpenDocument,
    #[error("it is a Numbers file; export it from Numbers as Excel or as CSV UTF-8")]
    Numbers,
    #[error("it is a document of text, no table; save its table as .xlsx or as CSV UTF-8")]
    Document,
    #[error("it is a PDF; ask for the same list as .xlsx or CSV")]
    Pdf,
    #[error("it is an archive; unpack it and choose the .csv or .xlsx in it")]
    Archive,
    #[error(
        "it is a web page, whatever its name says; open it in a spreadsheet and save it as .xlsx, \
         or log in where it came from and export it again"
    )]
    WebPage,
    #[error("it is JSON; export the list as CSV or .xlsx")]
    Json,
    #[error("it is no text; export the list as CSV UTF-8 or .xlsx")]
    Binary,
}
