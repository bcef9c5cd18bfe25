//! What an uploaded file would do, for a person who decides. Pure.

use super::{
    Column, Confidence, DateOrder, Doubt, FileError, Mapping, Plan, Planned, Progress, Question,
    RaceWanted, Reading, Rejected, RosterFile, RosterRow, Table, fields_of, parse_chips, plan,
};
use crate::limits;
use chrono::NaiveDate;
use model::{Field, Participant, Race};
use std::{collections::BTreeSet, ops::ControlFlow};

/// A column of the file, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSeen {
    pub header: String,
    pub column: Column,
    pub is_sure: bool,
    /// Its first values.
    pub samples: Vec<String>,
}

/// What a person has decided of a file, a word for each of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// As `Column::word` has them.
    pub columns: Vec<String>,
    pub date_order: Option<DateOrder>,
}

/// The first of a list, and how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning<T> {
    pub count: usize,
    pub first: Vec<T>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub rows: usize,
    pub columns: Vec<ColumnSeen>,
    pub date_order: Option<DateOrder>,
    pub questions: Vec<Question>,
    /// What would happen; or why nothing can, until the columns are mended.
    pub outcome: Result<Outcome, FileError>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub added: Beginning<Planned>,
    pub changed: Beginning<Planned>,
    pub unchanged: u64,
    pub kept: Beginning<Planned>,
    pub missing: Beginning<Planned>,
    pub rejected: Beginning<Rejected>,
    pub doubts: Beginning<Doubt>,
    pub races: Vec<RaceWanted>,
}

/// A file that was read, ready to be planned with the roster of that moment.
pub(super) struct ReadFile {
    pub header: Vec<String>,
    pub rows: Vec<RosterRow>,
    pub fields: BTreeSet<Field>,
    pub is_part: bool,
    pub rejected: Vec<Rejected>,
    pub doubts: Vec<Doubt>,
    /// Of a roster.
    pub mapping: Option<Mapping>,
}

impl ReadFile {
    pub(super) fn plan(&self, present: &[Participant], races: &[Race]) -> Plan {
        let reading = Reading {
            rows: &self.rows,
            fields: &self.fields,
            is_part: self.is_part,
        };
        plan(present, reading, races, store::new_participant_id)
    }

    pub(super) fn outcome(&self, plan: Plan) -> Outcome {
        let mut rejected: Vec<_> = self
            .rejected
            .iter()
            .chain(&plan.rejected)
            .cloned()
            .collect();
        rejected.sort_by_key(|row| row.line);
        Outcome {
            added: Beginning::of(plan.added),
            changed: Beginning::of(plan.changed),
            unchanged: plan.unchanged,
            kept: Beginning::of(plan.kept),
            missing: Beginning::of(plan.missing),
            rejected: Beginning::of(rejected),
            doubts: Beginning::of(self.doubts.clone()),
            races: plan.races,
        }
    }
}

impl<T> Default for Beginning<T> {
    fn default() -> Self {
        Self::of(Vec::new())
    }
}

impl<T> Beginning<T> {
    fn of(mut all: Vec<T>) -> Self {
        let count = all.len();
        all.truncate(limits::PREVIEW_ROWS_MAX);
        Self { count, first: all }
    }
}

type Watch<'a> = &'a mut dyn FnMut(Progress) -> ControlFlow<()>;

/// The columns first, then the rows, which may be unusable before somebody mends the columns.
pub(super) fn read_roster(
    bytes: &[u8],
    remembered: Option<&Mapping>,
    decision: Option<&Decision>,
    event_on: NaiveDate,
    watch: Watch<'_>,
) -> Result<(Preview, Option<ReadFile>), FileError> {
    let table = Table::read(bytes, watch)?;
    let mut mapping = table.mapping(remembered);
    if let Some(decision) = decision {
        decide(&mut mapping, decision);
    }
    let header = table.header().to_vec();
    let samples = (0..header.len()).map(|at| table.sample(at, limits::PREVIEW_SAMPLES));
    let samples: Vec<_> = samples.collect();
    let rows = table.len();
    let seen = |mapping: &Mapping| {
        let columns = mapping.columns.iter().zip(&samples);
        let columns = columns.map(|(column, samples)| ColumnSeen {
            header: column.header.clone(),
            column: column.column.clone(),
            is_sure: column.confidence == Confidence::Sure,
            samples: samples.clone(),
        });
        columns.collect::<Vec<_>>()
    };
    match table.people(mapping.clone(), event_on, watch) {
        Ok(file) => {
            let RosterFile {
                header,
                mapping,
                rows: people,
                rejected,
                doubts,
                questions,
                ..
            } = file;
            let preview = Preview {
                rows,
                columns: seen(&mapping),
                date_order: mapping.date_order,
                questions,
                outcome: Ok(Outcome::default()),
            };
            let read = ReadFile {
                header,
                rows: people,
                fields: fields_of(&mapping),
                is_part: false,
                rejected,
                doubts,
                mapping: Some(mapping),
            };
            Ok((preview, Some(read)))
        }
        Err(FileError::Stopped) => Err(FileError::Stopped),
        Err(problem) => {
            let preview = Preview {
                rows,
                columns: seen(&mapping),
                date_order: mapping.date_order,
                questions: Vec::new(),
                outcome: Err(problem),
            };
            Ok((preview, None))
        }
    }
}

pub(super) fn read_chips(bytes: &[u8], watch: Watch<'_>) -> Result<(Preview, ReadFile), FileError> {
    let file = parse_chips(bytes, watch)?;
    let rows = file.rows.into_iter().map(|row| RosterRow {
        line: row.line,
        bib: Some(row.bib),
        chips: row.chips,
        ..RosterRow::default()
    });
    let read = ReadFile {
        header: file.header,
        rows: rows.collect(),
        fields: BTreeSet::from([Field::Chips]),
        is_part: true,
        rejected: file.rejected,
        doubts: Vec::new(),
        mapping: None,
    };
    let preview = Preview {
        rows: read.rows.len(),
        columns: Vec::new(),
        date_order: None,
        questions: Vec::new(),
        outcome: Ok(Outcome::default()),
    };
    Ok((preview, read))
}

fn decide(mapping: &mut Mapping, decision: &Decision) {
    let mut chips = 0;
    for (column, word) in mapping.columns.iter_mut().zip(&decision.columns) {
        if let Some(chosen) = Column::of_word(word, &column.header, &mut chips) {
            column.column = chosen;
            column.confidence = Confidence::Sure;
        }
    }
    mapping.date_order = decision.date_order.or(mapping.date_order);
}
