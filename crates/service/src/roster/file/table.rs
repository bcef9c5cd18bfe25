//! A file as rows of cells below a header. Owns finding delimiter and header; knows which words
//! name columns, and not what becomes of them.

use super::{
    Progress,
    decode::{Content, Encoding, content},
    error::FileError,
    fold::{clean, fold},
    words, workbook,
};
use crate::limits;
use csv::{ReaderBuilder, StringRecord};
use std::ops::ControlFlow;

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Counted from 1: the line of a text, the row of a workbook.
    pub line: u64,
    pub cells: StringRecord,
}

/// How the table was stored.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
pub enum Source {
    Text {
        encoding: Encoding,
        delimiter: char,
    },
    Workbook {
        /// The sheet that was read.
        sheet: String,
        /// The sheets that were not.
        other_sheets: Vec<String>,
        /// Days are counted from 1904.
        #[serde(skip)]
        counts_from_1904: bool,
    },
}

/// A roster file opened: its header, its rows, and where they came from.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) source: Source,
    pub(super) header_line: u64,
    pub(super) header: Vec<String>,
    /// Columns up to the last one with a name.
    pub(super) named_columns: usize,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Opens a file of any kind that is read here.
    pub fn read(
        bytes: &[u8],
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Self, FileError> {
        let (source, rows) = rows(bytes, progress)?;
        let at = find_header(&rows).ok_or_else(|| FileError::NoHeader { seen: seen(&rows) })?;
        Ok(Self::below(source, rows, at))
    }

    /// A table whose header is the row at `at`.
    pub(super) fn below(source: Source, mut rows: Vec<Row>, at: usize) -> Self {
        let body = rows.split_off(at + 1);
        let head = rows.pop().expect("the header is a row of the file");
        let header: Vec<String> = head
            .cells
            .iter()
            .map(|cell| clean(cell).into_owned())
            .collect();
        let named = header.iter().rposition(|name| !name.is_empty());
        Self {
            source,
            header_line: head.line,
            named_columns: named.map_or(0, |last| last + 1),
            header,
            rows: body,
        }
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The line of the header, counted from 1.
    pub fn header_line(&self) -> u64 {
        self.header_line
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Rows below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The cells of the row on that line; none where there is no such row.
    pub fn cells(&self, line: u64) -> Vec<String> {
        let at = self.rows.binary_search_by_key(&line, |row| row.line);
        let row = at.ok().and_then(|at| self.rows.get(at));
        row.map_or_else(Vec::new, |row| {
            row.cells.iter().map(str::to_owned).collect()
        })
    }

    /// The first values of a column, for a person who decides what it holds.
    pub fn sample(&self, column: usize, count: usize) -> Vec<String> {
        let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
        let values = cells.map(|cell| clean(cell).into_owned());
        values
            .filter(|value| !value.is_empty())
            .take(count)
            .collect()
    }
}

/// Every row of a file that is not empty.
pub(super) fn rows(
    bytes: &[u8],
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Source, Vec<Row>), FileError> {
    let (source, rows) = match content(bytes)? {
        Content::Workbook => workbook::read(bytes, progress)?,
        Content::Text(text, encoding) => {
            let (skipped_lines, told, text) = told_delimiter(&text);
            let delimiter = told.unwrap_or_else(|| delimiter(text));
            let rows = split(text, delimiter, skipped_lines, progress)?;
            let delimiter = char::from(delimiter);
            (
                Source::Text {
                    encoding,
                    delimiter,
                },
                rows,
            )
        }
    };
    if rows.is_empty() {
        return Err(FileError::Empty);
    }
    Ok((source, rows))
}

/// Excel's own first line `sep=;`.
fn told_delimiter(text: &str) -> (u64, Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let told = first.trim_matches(['"', '\r', ' ']).strip_prefix("sep=");
    match told.map(str::as_bytes) {
        Some([delimiter]) if DELIMITERS.contains(delimiter) => (1, Some(*delimiter), rest),
        _ => (0, None, text),
    }
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter that makes the most sense of the first rows: the one by which a row has the most
/// names of columns, then the one that cuts most rows into equally many cells.
fn delimiter(text: &str) -> u8 {
    let begin_bytes_max = 256 * 1024;
    let mut end = text.len().min(begin_bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let score = |delimiter: u8| -> (usize, usize) {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(&text.as_bytes()[..end]);
        let records: Vec<StringRecord> = reader
            .records()
            .take(limits::ROSTER_HEADER_ROWS_MAX)
            .map_while(Result::ok)
            .collect();
        let known = records.iter().map(known_cells).max().unwrap_or_default();
        let widths: Vec<usize> = records.iter().map(StringRecord::len).collect();
        let alike = |width: usize| widths.iter().filter(|it| **it == width).count();
        let usual = widths.iter().copied().max_by_key(|width| alike(*width));
        let usual = usual.filter(|width| *width > 1);
        let regular = usual.map_or(0, |width| 100 * alike(width) / widths.len() + width.min(50));
        (known, regular)
    };
    let mut best = (DELIMITERS[0], score(DELIMITERS[0]));
    for candidate in &DELIMITERS[1..] {
        let score = score(*candidate);
        if best.1 < score {
            best = (*candidate, score);
        }
    }
    best.0
}

fn split(
    text: &str,
    delimiter: u8,
    skipped_lines: u64,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<Row>, FileError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut cells = StringRecord::new();
    while reader
        .read_record(&mut cells)
        .map_err(|error| FileError::Damaged(error.to_string()))?
    {
        // The reader counts from the end of the row before, which may be some empty lines early.
        let (first, start) = cells.position().map_or((1, 0), |at| (at.line(), at.byte()));
        let before = text
            .as_bytes()
            .iter()
            .skip(usize::try_from(start).unwrap_or(usize::MAX));
        let ends = before.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let empty_lines = ends.filter(|byte| **byte == b'\n').count();
        let line = first + skipped_lines + u64::try_from(empty_lines).unwrap_or(0);
        check_cells(line, &cells)?;
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        rows.push(Row {
            line,
            cells: cells.clone(),
        });
        check_rows(&rows, progress)?;
    }
    Ok(rows)
}

fn check_cells(line: u64, cells: &StringRecord) -> Result<(), FileError> {
    if cells.len() > limits::ROSTER_COLUMNS_MAX
        && cells
            .iter()
            .skip(limits::ROSTER_COLUMNS_MAX)
            .any(|cell| !cell.is_empty())
    {
        return Err(FileError::TooManyColumns { line });
    }
    let is_long = |cell: &str| {
        cell.len() > limits::ROSTER_CELL_CHARS_MAX
            && cell.chars().count() > limits::ROSTER_CELL_CHARS_MAX
    };
    if cells.iter().any(is_long) {
        return Err(FileError::CellTooLong { line });
    }
    Ok(())
}

pub(super) fn check_rows(
    rows: &[Row],
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(), FileError> {
    if rows.len() > limits::ROSTER_ROWS_MAX {
        return Err(FileError::TooManyRows);
    }
    if rows.len().is_multiple_of(limits::ROSTER_PROGRESS_ROWS)
        && progress(Progress::Read { rows: rows.len() }).is_break()
    {
        return Err(FileError::Stopped);
    }
    Ok(())
}

/// Cells that name a column, each meaning counted once.
fn known_cells(cells: &StringRecord) -> usize {
    let mut meanings: Vec<_> = cells.iter().filter_map(words::meaning_of).collect();
    meanings.sort_unstable();
    meanings.dedup();
    meanings.len()
}

/// The row that names the columns: the one of the first rows with the most known names, if it has
/// two; else, for languages not known here, a row of words over columns of numbers.
pub(super) fn find_header(rows: &[Row]) -> Option<usize> {
    let begin = &rows[..rows.len().min(limits::ROSTER_HEADER_ROWS_MAX)];
    let mut best = (0, 1);
    for (at, row) in begin.iter().enumerate() {
        let known = known_cells(&row.cells);
        if best.1 < known {
            best = (at, known);
        }
    }
    if best.1 > 1 {
        return Some(best.0);
    }
    begin.iter().enumerate().position(|(at, row)| {
        let below = &rows[at + 1..rows.len().min(at + 1 + limits::ROSTER_HEADER_ROWS_MAX)];
        is_words(&row.cells) && below.len() > 1 && stands_over_numbers(&row.cells, below)
    })
}

/// At least two cells, all different, none with a digit.
fn is_words(cells: &StringRecord) -> bool {
    let mut names: Vec<String> = cells.iter().map(fold).filter(|it| !it.is_empty()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    let has_digit = |cell: &str| cell.chars().any(char::is_numeric);
    names.len() > 1 && names.len() == count && !cells.iter().any(has_digit)
}

fn stands_over_numbers(header: &StringRecord, below: &[Row]) -> bool {
    (0..header.len()).any(|column| {
        below.iter().all(|row| {
            let cell = row.cells.get(column).unwrap_or_default().trim();
            !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// The first row as it is told to a person.
pub(super) fn seen(rows: &[Row]) -> String {
    let cells = rows.iter().flat_map(|row| row.cells.iter());
    let words: Vec<String> = cells
        .map(|cell| clean(cell).chars().take(24).collect::<String>())
        .filter(|cell| !cell.is_empty())
        .take(8)
        .collect();
    words.join(" | ")
}
