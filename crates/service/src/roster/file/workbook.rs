//! Rows of an Excel workbook. Owns which sheet is read and how its values become text; knows no
//! columns.

use super::{
    Progress,
    error::FileError,
    table::{self, Row, Source},
};
use crate::limits;
use calamine::{Cell, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use csv::StringRecord;
use std::{
    fmt::Display,
    io::{self, Cursor, Read},
    ops::ControlFlow,
};
use zip::ZipArchive;

/// Reads the first sheet with a header, else the first with anything on it. Hidden sheets come
/// last.
pub(super) fn read(
    bytes: &[u8],
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(Source, Vec<Row>), FileError> {
    check_unpacked(bytes, limits::ROSTER_UNPACKED_BYTES_MAX)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(refused)?;
    let counts_from_1904 = workbook.has_1904_epoch();
    let mut sheets: Vec<_> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .cloned()
        .collect();
    sheets.sort_by_key(|sheet| sheet.visible != SheetVisible::Visible);
    let names: Vec<String> = sheets.into_iter().map(|sheet| sheet.name).collect();
    let mut chosen: Option<(&String, Vec<Row>)> = None;
    for name in &names {
        let rows = sheet_rows(&mut workbook, name, progress)?;
        if rows.is_empty() {
            continue;
        }
        let has_header = table::find_header(&rows).is_some();
        if has_header || chosen.is_none() {
            chosen = Some((name, rows));
        }
        if has_header {
            break;
        }
    }
    let (sheet, rows) = chosen.ok_or(FileError::Empty)?;
    let source = Source::Workbook {
        sheet: sheet.clone(),
        other_sheets: names
            .iter()
            .filter(|name| *name != sheet)
            .cloned()
            .collect(),
        counts_from_1904,
    };
    Ok((source, rows))
}

/// What the parts unpack to is counted by unpacking them: the sizes that an archive names of
/// itself may be lies.
pub(super) fn check_unpacked(bytes: &[u8], bytes_max: u64) -> Result<(), FileError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = bytes_max;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.to_lowercase();
        let part_max = if name.ends_with("styles.xml") {
            limits::ROSTER_STYLES_BYTES_MAX
        } else if name.ends_with("sharedstrings.xml") {
            limits::ROSTER_STRINGS_BYTES_MAX
        } else {
            bytes_max
        };
        let max = left.min(part_max);
        let unpacked = io::copy(&mut part.take(max + 1), &mut io::sink()).map_err(damaged)?;
        if unpacked > max {
            return Err(FileError::TooLargeUnpacked);
        }
        left -= unpacked;
    }
    Ok(())
}

fn damaged(error: impl Display) -> FileError {
    FileError::Damaged(error.to_string())
}

fn refused(error: XlsxError) -> FileError {
    match error {
        XlsxError::Password => super::error::WrongKind::Locked.into(),
        error => damaged(error),
    }
}

fn sheet_rows(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<Row>, FileError> {
    let mut reader = match workbook.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // A sheet of charts has no cells.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(error) => return Err(refused(error)),
    };
    let mut rows = Vec::new();
    let mut text_bytes = 0;
    let mut line = 0;
    let mut cells: Vec<String> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(refused)? {
        let (row, column) = cell.get_position();
        let at = u64::from(row) + 1;
        if at != line {
            if at < line {
                return Err(FileError::Damaged(format!(
                    "row {at} stands below row {line}"
                )));
            }
            push(&mut rows, line, &mut cells, progress)?;
            line = at;
        }
        let value = text_of(&cell, line)?;
        if value.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits::ROSTER_COLUMNS_MAX {
            return Err(FileError::TooManyColumns { line });
        }
        text_bytes += value.len();
        if text_bytes > limits::ROSTER_TEXT_BYTES_MAX {
            return Err(FileError::TooMuchText);
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = value;
    }
    push(&mut rows, line, &mut cells, progress)?;
    Ok(rows)
}

fn push(
    rows: &mut Vec<Row>,
    line: u64,
    cells: &mut Vec<String>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(), FileError> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        cells.clear();
        return Ok(());
    }
    let cells = StringRecord::from_iter(cells.drain(..));
    rows.push(Row { line, cells });
    table::check_rows(rows, progress)
}

fn text_of(cell: &Cell<DataRef<'_>>, line: u64) -> Result<String, FileError> {
    let text = match cell.get_value() {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(date) if date.is_duration() => time_text(date.as_f64()),
        DataRef::DateTime(date) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            if date.as_f64() < 1.0 {
                time
            } else if time == "00:00:00" {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {time}")
            }
        }
        DataRef::String(text) => bounded(text, line)?.to_owned(),
        DataRef::SharedString(text) => bounded(text, line)?.to_owned(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => bounded(text, line)?.to_owned(),
    };
    Ok(text)
}

fn bounded(text: &str, line: u64) -> Result<&str, FileError> {
    let is_long = text.len() > limits::ROSTER_CELL_CHARS_MAX
        && text.chars().count() > limits::ROSTER_CELL_CHARS_MAX;
    if is_long {
        return Err(FileError::CellTooLong { line });
    }
    Ok(text)
}

/// Bib 101.0 is 101. Past 15 digits Excel has lost the rest, and the exponent says so.
fn number_text(number: f64) -> String {
    let is_exact = number.abs() < 1e15;
    if number.fract() == 0.0 && is_exact {
        format!("{number:.0}")
    } else if is_exact {
        number.to_string()
    } else {
        format!("{number:E}").replace('E', "E+")
    }
}

fn time_text(days: f64) -> String {
    let seconds = (days * 86_400.0).round().max(0.0);
    let (hours, rest) = ((seconds / 3_600.0).floor(), seconds % 3_600.0);
    let (minutes, seconds) = ((rest / 60.0).floor(), rest % 60.0);
    format!("{hours:.0}:{minutes:02.0}:{seconds:02.0}")
}
