//! What a file comes to: its rows against the participants as they are. Pure.
//!
//! Nobody is taken away, and what somebody altered by hand stays. What a file has no column for
//! stays too.

mod conflicts;
mod identity;
mod merge;
mod waves;

#[cfg(test)]
mod tests;

pub use merge::fields_of;
pub use waves::RaceWanted;

use super::{Rejected, RosterRow};
use identity::{Found, Known};
use model::{Field, Participant, ParticipantId, Race};
use std::collections::{BTreeSet, HashMap};
use store::RosterWrite;
use waves::Waves;

/// A file that was read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub rows: &'a [RosterRow],
    /// What it has columns for.
    pub fields: &'a BTreeSet<Field>,
    /// It brings in nobody, and nobody is missing from it: a file of chips.
    pub is_part: bool,
}

#[derive(Debug, Default)]
pub struct Plan {
    pub writes: Vec<RosterWrite>,
    /// From where in the file somebody came.
    pub lines: HashMap<ParticipantId, u64>,
    pub added: Vec<Planned>,
    /// With what becomes of them.
    pub changed: Vec<Planned>,
    /// Rows that are in the roster already, just so.
    pub unchanged: u64,
    /// Whom a hand altered, with what the file would have altered back.
    pub kept: Vec<Planned>,
    /// On the roster and not in the file. They stay.
    pub missing: Vec<Planned>,
    pub rejected: Vec<Rejected>,
    /// Races and waves that the file names and the event has not.
    pub races: Vec<RaceWanted>,
}

/// Somebody in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// 0 for whom the file does not know.
    pub line: u64,
    pub id: ParticipantId,
    pub bib: String,
    pub name: String,
    pub fields: BTreeSet<Field>,
}

/// A row with who it is and what it makes of them.
struct Entry<'a> {
    row: &'a RosterRow,
    /// Their place among the present; `None` for somebody new.
    place: Option<usize>,
    to: Participant,
    kept: BTreeSet<Field>,
    /// Why the row does not go in.
    refused: Option<String>,
}

/// `new_id` gives an id to somebody new.
pub fn plan(
    present: &[Participant],
    reading: Reading<'_>,
    races: &[Race],
    mut new_id: impl FnMut() -> ParticipantId,
) -> Plan {
    let mut plan = Plan::default();
    let mut waves = Waves::of(races);
    let found = Known::of(present).find(reading);
    let mut entries = Vec::with_capacity(reading.rows.len());
    let mut in_file = vec![false; present.len()];
    for (row, found) in reading.rows.iter().zip(found) {
        let place = match found {
            Found::Present(place) => Some(place),
            Found::New => None,
            Found::Nobody(reason) => {
                plan.rejected.push(refusal(row, reason));
                continue;
            }
        };
        let from = match place {
            Some(place) => {
                in_file[place] = true;
                present[place].clone()
            }
            None => Participant::new(new_id()),
        };
        let wave = waves.find(row).or(from.wave);
        let (to, kept) = merge::merged(from, row, reading.fields, wave);
        entries.push(Entry {
            row,
            place,
            to,
            kept,
            refused: None,
        });
    }
    conflicts::settle_bibs(present, &mut entries);
    let taken = conflicts::settle_chips(present, &mut entries, reading);
    for entry in entries {
        take(&mut plan, present, entry);
    }
    for (place, to) in taken {
        update(&mut plan, &present[place], to, 0);
    }
    if !reading.is_part {
        let missing = present
            .iter()
            .zip(&in_file)
            .filter(|(_, in_file)| !**in_file);
        let missing = missing.map(|(person, _)| planned(person, 0, BTreeSet::new()));
        plan.missing = missing.collect();
    }
    // Who gives a chip up comes before who gets it.
    plan.writes.sort_by_key(|write| !gives_chips(write));
    plan.races = waves.wanted();
    plan
}

fn take(plan: &mut Plan, present: &[Participant], entry: Entry<'_>) {
    let Entry {
        row,
        place,
        to,
        kept,
        refused,
    } = entry;
    if let Some(reason) = refused {
        plan.rejected.push(refusal(row, reason));
        return;
    }
    if !kept.is_empty() {
        plan.kept.push(planned(&to, row.line, kept));
    }
    match place.map(|place| &present[place]) {
        None => {
            plan.added.push(planned(&to, row.line, BTreeSet::new()));
            plan.lines.insert(to.id, row.line);
            plan.writes.push(RosterWrite::Add(Box::new(to)));
        }
        Some(from) if from.differing(&to).is_empty() => plan.unchanged += 1,
        Some(from) => update(plan, from, to, row.line),
    }
}

fn update(plan: &mut Plan, from: &Participant, to: Participant, line: u64) {
    let fields = from.differing(&to);
    plan.changed.push(planned(&to, line, fields));
    plan.lines.insert(to.id, line);
    plan.writes.push(RosterWrite::Update {
        id: to.id,
        from: Box::new(from.clone()),
        to: Box::new(to),
    });
}

fn gives_chips(write: &RosterWrite) -> bool {
    match write {
        RosterWrite::Add(_) => false,
        RosterWrite::Update { from, to, .. } => {
            let mut chips = from.chips.iter();
            chips.any(|chip| !to.chips.contains(chip))
        }
    }
}

fn planned(person: &Participant, line: u64, fields: BTreeSet<Field>) -> Planned {
    Planned {
        line,
        id: person.id,
        bib: person.bib.clone(),
        name: person.name(),
        fields,
    }
}

fn refusal(row: &RosterRow, reason: String) -> Rejected {
    Rejected {
        line: row.line,
        reason,
        cells: Vec::new(),
    }
}
