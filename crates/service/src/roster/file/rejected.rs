//! Rows that did not go in, or not wholly, and the file of them for whoever puts them right.

use super::fold::FORMULA_STARTS;
use serde::Serialize;

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Counted from 1: the line of a text, the row of a workbook.
    pub line: u64,
    /// Why, and what to do.
    pub reason: String,
    /// As they stand in the file.
    #[serde(skip)]
    pub cells: Vec<String>,
}

/// A row that went in but for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    pub line: u64,
    pub reason: String,
}

/// The rejected rows as CSV (UTF-8 with a byte order mark, which spreadsheets need): line, reason
/// and the cells as they were. Put right, the file can be imported as it is.
pub fn rejected_csv(header: &[String], rejected: &[Rejected]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let cells = rejected
        .iter()
        .map(|row| row.cells.len())
        .max()
        .unwrap_or_default();
    let width = cells.max(header.len());
    let mut write = |first: [&str; 2], cells: &[String]| {
        let cells = cells.iter().map(String::as_str);
        let empty = std::iter::repeat_n("", width - cells.len());
        let row = first.into_iter().chain(cells).chain(empty).map(harmless);
        writer.write_record(row).expect("memory takes every row");
    };
    write(["line", "reason"], header);
    for row in rejected {
        write([&row.line.to_string(), &row.reason], &row.cells);
    }
    writer.into_inner().expect("memory takes every row")
}

/// A cell that a spreadsheet would run as a formula gets the apostrophe that says it is text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(FORMULA_STARTS) || cell.starts_with(['\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
