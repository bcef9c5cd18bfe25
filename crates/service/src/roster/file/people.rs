//! From rows of cells to people, by a mapping. Owns what makes a row usable; knows no store.

use super::{
    Progress,
    column::{DateOrder, Mapping},
    error::FileError,
    plan::Plan,
    rejected::{Doubt, Rejected},
    table::{Row, Source, Table},
};
use crate::limits;
use chrono::NaiveDate;
use model::fold_tag;
use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
};

/// A person as the file has them. Texts are empty where the file says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterRow {
    /// Counted from 1: the line of a text, the row of a workbook.
    pub line: u64,
    /// There is this or a bib.
    pub registration_id: Option<String>,
    pub bib: Option<String>,
    pub chips: Vec<String>,
    pub first_name: String,
    pub last_name: String,
    pub race: String,
    pub wave: String,
    pub division: String,
    pub team: String,
    pub birth_date: Option<NaiveDate>,
    /// In years, as the file has it: on race day, by custom.
    pub age: Option<u16>,
    /// `M`, `F`, `X` or empty. What is not understood is a custom field of the column's name.
    pub gender: String,
    pub city: String,
    pub state: String,
    pub country: String,
    /// The name is not to be shown.
    pub private: bool,
    pub note: String,
    pub say_as: String,
    pub custom: BTreeMap<String, String>,
}

/// Something a person should answer before the rows are used. They have been read as if the answer
/// were what was taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum Question {
    /// No date of the column tells day from month.
    DateOrder {
        header: String,
        line: u64,
        example: String,
        taken: DateOrder,
    },
}

/// What a file comes to.
#[derive(Clone, Debug)]
pub struct RosterFile {
    pub source: Source,
    pub header_line: u64,
    pub header: Vec<String>,
    pub mapping: Mapping,
    pub rows: Vec<RosterRow>,
    /// By line.
    pub rejected: Vec<Rejected>,
    /// Rows that are good but for something that was left out; by line.
    pub doubts: Vec<Doubt>,
    pub questions: Vec<Question>,
}

impl Table {
    /// Reads every row by the mapping. `event_on` tells the century of short years and which
    /// birth dates cannot be.
    pub fn people(
        self,
        mut mapping: Mapping,
        event_on: NaiveDate,
        progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<RosterFile, FileError> {
        let mut questions = Vec::new();
        let plan = Plan::new(&self, &mut mapping, event_on, &mut questions)?;
        let mut seen = Seen::default();
        let (mut rows, mut rejected, mut doubts) = (Vec::new(), Vec::new(), Vec::new());
        for (at, row) in self.rows.iter().enumerate() {
            if at.is_multiple_of(limits::ROSTER_PROGRESS_ROWS) {
                let done = Progress::Checked {
                    rows: at,
                    of: self.rows.len(),
                };
                if progress(done).is_break() {
                    return Err(FileError::Stopped);
                }
            }
            let doubted = doubts.len();
            match plan.person(row, &mut doubts).and_then(|mut person| {
                seen.check(&self.rows, at, &mut person, &mut doubts)?;
                Ok(person)
            }) {
                Ok(person) => rows.push(person),
                Err(reason) => {
                    doubts.truncate(doubted);
                    rejected.push(Rejected {
                        line: row.line,
                        reason,
                        cells: row.cells.iter().map(str::to_owned).collect(),
                    });
                }
            }
        }
        Ok(RosterFile {
            source: self.source,
            header_line: self.header_line,
            header: self.header,
            mapping,
            rows,
            rejected,
            doubts,
            questions,
        })
    }
}

/// Bibs, ids and chips of the rows so far.
#[derive(Default)]
struct Seen {
    /// Folded, with the row's place among all.
    bibs: HashMap<String, usize>,
    registrations: HashMap<String, usize>,
    chips: HashMap<String, (u64, String)>,
}

impl Seen {
    fn check(
        &mut self,
        rows: &[Row],
        at: usize,
        person: &mut RosterRow,
        doubts: &mut Vec<Doubt>,
    ) -> Result<(), String> {
        let bib = person.bib.as_deref().map(fold_tag);
        let same_bib = bib.as_ref().and_then(|bib| self.bibs.get(bib));
        let id = person.registration_id.as_ref();
        let same_id = id.and_then(|id| self.registrations.get(id));
        if let Some(first) = same_bib.or(same_id).map(|first| &rows[*first]) {
            let line = first.line;
            return Err(if first.cells == rows[at].cells {
                format!("it is the same row as line {line}; delete one of them")
            } else if same_bib.is_some() {
                let bib = person.bib.as_deref().unwrap_or_default();
                format!("bib {bib} is on line {line} already; give one of them another bib")
            } else {
                let id = id.map_or("", String::as_str);
                format!("registration id {id} is on line {line} already; delete one of them")
            });
        }
        let whose = match (&person.bib, &person.registration_id) {
            (Some(bib), _) => format!("bib {bib}"),
            (None, id) => format!("registration id {}", id.as_deref().unwrap_or_default()),
        };
        person
            .chips
            .retain(|chip| match self.chips.get(&fold_tag(chip)) {
                Some((line, owner)) => {
                    doubts.push(Doubt {
                        line: person.line,
                        reason: format!(
                            "chip {chip} belongs to {owner} on line {line}; it was left there, and \
                         the rest of the row went in"
                        ),
                    });
                    false
                }
                None => true,
            });
        for chip in &person.chips {
            self.chips
                .insert(fold_tag(chip), (person.line, whose.clone()));
        }
        bib.map(|bib| self.bibs.insert(bib, at));
        person
            .registration_id
            .clone()
            .map(|id| self.registrations.insert(id, at));
        Ok(())
    }
}
