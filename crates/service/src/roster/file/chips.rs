//! A file of chips alone: which chips belong to which bib. Knows no people.

use super::{
    Progress,
    column::Column,
    error::FileError,
    fold::clean,
    recognise,
    rejected::Rejected,
    table::{self, Row, Table},
    values, words,
};
use crate::limits;
use model::fold_tag;
use std::{collections::HashMap, ops::ControlFlow};

/// A bib and its chips, from one line or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChipRow {
    /// The first line with the bib.
    pub line: u64,
    pub bib: String,
    pub chips: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct ChipFile {
    pub header: Vec<String>,
    /// In the order of their first lines.
    pub rows: Vec<ChipRow>,
    pub rejected: Vec<Rejected>,
}

/// Reads `bib,chip` or `chip,bib`, with more chip columns or lines for further chips of a bib.
///
/// Without a header there are two columns, and their values must leave no doubt which is which.
pub fn parse_chips(
    bytes: &[u8],
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<ChipFile, FileError> {
    let (source, rows) = table::rows(bytes, progress)?;
    let ask = |rows: &[Row]| FileError::ChipColumns {
        seen: table::seen(rows),
    };
    let (header, rows, bib, chips) = match table::find_header(&rows).or_else(|| spoken(&rows)) {
        Some(at) => {
            let table = Table::below(source, rows, at);
            let (bib, chips) = named(&table).ok_or_else(|| ask(&table.rows))?;
            (table.header, table.rows, bib, chips)
        }
        None => {
            let bib = by_values(&rows).ok_or_else(|| ask(&rows))?;
            (names(bib), rows, bib, vec![1 - bib])
        }
    };
    let mut file = ChipFile {
        header,
        rows: Vec::new(),
        rejected: Vec::new(),
    };
    let mut at_of_bib: HashMap<String, usize> = HashMap::new();
    let mut owners: HashMap<String, (u64, String)> = HashMap::new();
    for row in &rows {
        let taken = pair(row, bib, &chips).and_then(|(bib, chips)| {
            let at = at_of_bib.get(&fold_tag(&bib)).copied();
            let known = at.map_or(&[][..], |at| &file.rows[at].chips);
            check_pair(&bib, &chips, known, &owners)?;
            Ok((bib, chips, at))
        });
        match taken {
            Err(reason) => file.rejected.push(Rejected {
                line: row.line,
                reason,
                cells: row.cells.iter().map(str::to_owned).collect(),
            }),
            Ok((bib, chips, at)) => {
                for chip in &chips {
                    owners
                        .entry(fold_tag(chip))
                        .or_insert((row.line, bib.clone()));
                }
                let at = at.unwrap_or_else(|| {
                    at_of_bib.insert(fold_tag(&bib), file.rows.len());
                    file.rows.push(ChipRow {
                        line: row.line,
                        bib,
                        chips: Vec::new(),
                    });
                    file.rows.len() - 1
                });
                let row = &mut file.rows[at];
                for chip in chips {
                    values::chips(&chip, &mut row.chips);
                }
            }
        }
    }
    Ok(file)
}

fn names(bib: usize) -> Vec<String> {
    let mut names = vec!["chip".to_owned(); 2];
    names[bib] = "bib".to_owned();
    names
}

/// A first row with a word that is known, in a file with too few columns for two.
fn spoken(rows: &[Row]) -> Option<usize> {
    let first = rows.first()?;
    first
        .cells
        .iter()
        .any(|cell| words::meaning_of(cell).is_some())
        .then_some(0)
}

/// The columns by the header. Of two columns with one known the other is the other.
fn named(table: &Table) -> Option<(usize, Vec<usize>)> {
    let sample = &table.rows[..table.rows.len().min(limits::ROSTER_SAMPLE_ROWS_MAX)];
    let mapping = recognise::recognise(&table.header, sample);
    let is_chip = |column: &Column| matches!(column, Column::Chip(_));
    let columns = mapping.columns.iter().enumerate();
    let chips: Vec<usize> = columns
        .filter(|(_, it)| is_chip(&it.column))
        .map(|(at, _)| at)
        .collect();
    // A number that is worn more than once is no bib to the roster, and may be one here.
    let number = || {
        let is_number = |name: &String| words::meaning_of(name) == Some(words::Meaning::Number);
        table.header.iter().position(is_number)
    };
    let bib = mapping.find(&Column::Bib).or_else(number);
    match (bib, chips.is_empty()) {
        (Some(bib), false) => Some((bib, chips)),
        (Some(bib), true) if table.header.len() == 2 => Some((bib, vec![1 - bib])),
        (None, false) if table.header.len() == 2 => Some((1 - chips[0], vec![chips[0]])),
        _ => None,
    }
}

/// Which of two columns is the bib, if that is beyond doubt: bibs are numbers of up to six digits;
/// chips are longer or have letters. Where both are the same it does not matter.
fn by_values(rows: &[Row]) -> Option<usize> {
    if rows.iter().any(|row| row.cells.len() != 2) {
        return None;
    }
    let column = |at: usize| rows.iter().map(move |row| clean(&row.cells[at]));
    let is_short_number =
        |text: &str| text.len() < 7 && text.bytes().all(|byte| byte.is_ascii_digit());
    let could_be_bibs = [0, 1].map(|at| column(at).all(|text| is_short_number(&text)));
    // A chip has one owner, and a bib may have several chips: what comes twice is the bib.
    let comes_twice = [0, 1].map(|at| {
        let mut folded: Vec<String> = column(at).map(|text| fold_tag(&text)).collect();
        folded.sort_unstable();
        folded.windows(2).any(|pair| pair[0] == pair[1])
    });
    let is_same = column(0)
        .zip(column(1))
        .all(|(a, b)| fold_tag(&a) == fold_tag(&b));
    match (could_be_bibs, comes_twice) {
        _ if is_same => Some(0),
        ([true, false], [_, false]) => Some(0),
        ([false, true], [false, _]) => Some(1),
        _ => None,
    }
}

fn pair(row: &Row, bib: usize, chips: &[usize]) -> Result<(String, Vec<String>), String> {
    let cell = |at: usize| -> Result<String, String> {
        let text = clean(row.cells.get(at).unwrap_or_default());
        if text.chars().any(char::is_control) {
            return Err("it has a control character in it; save the file as CSV UTF-8".to_owned());
        }
        if text.chars().count() > limits::ROSTER_FIELD_CHARS_MAX {
            let limit = limits::ROSTER_FIELD_CHARS_MAX;
            return Err(format!(
                "a cell has more than {limit} characters; is it a chip?"
            ));
        }
        match values::spoiled_by_spreadsheet(&text) {
            Some(what) => Err(format!(
                "{text} {what}; format the column as text and export it anew"
            )),
            None => Ok(text.into_owned()),
        }
    };
    let bib = values::bib(&cell(bib)?).ok_or("the bib is empty; give the chip one")?;
    let mut found = Vec::new();
    for at in chips {
        values::chips(&cell(*at)?, &mut found);
    }
    if found.is_empty() {
        return Err(format!(
            "bib {bib} has no chip here; enter one, or delete the line"
        ));
    }
    Ok((bib, found))
}

fn check_pair(
    bib: &str,
    chips: &[String],
    known: &[String],
    owners: &HashMap<String, (u64, String)>,
) -> Result<(), String> {
    for chip in chips {
        if let Some((line, owner)) = owners.get(&fold_tag(chip))
            && fold_tag(owner) != fold_tag(bib)
        {
            return Err(format!(
                "chip {chip} belongs to bib {owner} on line {line}; correct one of the two"
            ));
        }
    }
    if chips.len() + known.len() > limits::CHIPS_PER_PARTICIPANT_MAX {
        let limit = limits::CHIPS_PER_PARTICIPANT_MAX;
        return Err(format!(
            "bib {bib} would have more than {limit} chips; delete some"
        ));
    }
    Ok(())
}
