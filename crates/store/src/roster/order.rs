//! In which order and in which transactions the rows of an import are written. Pure.
//!
//! Whoever gets a bib comes after whoever gives it up. Those who change bibs in a ring are written
//! in one transaction, as none of them can be first.

use super::RosterWrite;
use crate::limits;
use model::fold_tag;
use std::collections::HashMap;

/// All writes, at most `limits::IMPORT_CHUNK_ROWS` together but for a longer ring.
pub(crate) fn chunks(writes: &[RosterWrite]) -> Vec<Vec<&RosterWrite>> {
    let mut chunks: Vec<Vec<&RosterWrite>> = Vec::new();
    for group in groups(writes) {
        let rows: Vec<_> = group.into_iter().map(|at| &writes[at]).collect();
        match chunks.last_mut() {
            Some(chunk) if chunk.len() + rows.len() <= limits::IMPORT_CHUNK_ROWS => {
                chunk.extend(rows);
            }
            _ => chunks.push(rows),
        }
    }
    chunks
}

/// Places in `writes`: rings, and every other row by itself. Those who are new come last.
fn groups(writes: &[RosterWrite]) -> Vec<Vec<usize>> {
    let gives = |write: &RosterWrite| match write {
        RosterWrite::Update { from, to, .. } => {
            let (old, new) = (fold_tag(&from.bib), fold_tag(&to.bib));
            (old != new && !old.is_empty()).then_some(old)
        }
        RosterWrite::Add(_) => None,
    };
    let givers: HashMap<String, usize> = (writes.iter().enumerate())
        .filter_map(|(at, write)| Some((gives(write)?, at)))
        .collect();
    let waits_for = |at: usize| match &writes[at] {
        RosterWrite::Update { from, to, .. } => {
            let wanted = fold_tag(&to.bib);
            let giver = givers.get(&wanted).copied();
            giver.filter(|_| fold_tag(&from.bib) != wanted)
        }
        RosterWrite::Add(_) => None,
    };
    let mut groups = Vec::new();
    let mut done = vec![false; writes.len()];
    for first in 0..writes.len() {
        let (mut line, mut next) = (Vec::new(), Some(first));
        while let Some(at) = next.filter(|at| !done[*at]) {
            done[at] = true;
            line.push(at);
            next = waits_for(at);
        }
        let ring = next.and_then(|at| line.iter().position(|other| *other == at));
        if let Some(ring) = ring {
            groups.push(line.split_off(ring));
        }
        groups.extend(line.into_iter().rev().map(|at| vec![at]));
    }
    let is_new = |group: &Vec<usize>| matches!(writes[group[0]], RosterWrite::Add(_));
    groups.sort_by_key(is_new);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Participant, ParticipantId};
    use uuid::Uuid;

    /// Bibs before and after; an empty one before is somebody new.
    fn check(bibs: &[(&str, &str)], expected: &[&[usize]]) {
        let writes: Vec<_> = (bibs.iter().enumerate())
            .map(|(at, (old, new))| {
                let id = ParticipantId(Uuid::from_u128(at as u128));
                let with_bib = |bib: &str| Participant {
                    bib: bib.to_owned(),
                    ..Participant::new(id)
                };
                match *old {
                    "" => RosterWrite::Add(Box::new(with_bib(new))),
                    old => RosterWrite::Update {
                        id,
                        from: Box::new(with_bib(old)),
                        to: Box::new(with_bib(new)),
                    },
                }
            })
            .collect();
        assert_eq!(groups(&writes), expected, "{bibs:?}");
        let written: usize = chunks(&writes).iter().map(Vec::len).sum();
        assert_eq!(written, bibs.len(), "each once");
    }

    #[test]
    fn who_gets_a_bib_comes_after_who_gives_it_up() {
        check(&[("1", "1"), ("2", "2")], &[&[0], &[1]]);
        check(&[("1", "2"), ("2", "3"), ("3", "4")], &[&[2], &[1], &[0]]);
        check(&[("3", "4"), ("2", "3"), ("1", "2")], &[&[0], &[1], &[2]]);
        check(&[("", "1"), ("1", "2")], &[&[1], &[0]]);
        check(&[("01", "1")], &[&[0]]);
    }

    #[test]
    fn a_ring_is_one_group() {
        check(&[("1", "2"), ("2", "1")], &[&[0, 1]]);
        check(
            &[("9", "1"), ("1", "2"), ("2", "3"), ("3", "1")],
            &[&[1, 2, 3], &[0]],
        );
    }

    #[test]
    fn many_rows_are_written_in_several_transactions() {
        let rows = limits::IMPORT_CHUNK_ROWS * 2 + 1;
        let writes: Vec<_> = (0..rows)
            .map(|at| {
                let id = ParticipantId(Uuid::from_u128(at as u128));
                RosterWrite::Add(Box::new(Participant::new(id)))
            })
            .collect();
        let sizes: Vec<_> = chunks(&writes).iter().map(Vec::len).collect();
        let full = limits::IMPORT_CHUNK_ROWS;
        assert_eq!(sizes, [full, full, 1]);
    }
}
