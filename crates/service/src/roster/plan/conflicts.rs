//! What one person only can have: bibs, and chips, which are on the bibs.

use super::{Entry, Reading};
use model::{Field, Participant, ParticipantId, fold_tag};
use std::collections::HashMap;

/// Refuses rows that would give somebody a bib that another keeps.
pub(super) fn settle_bibs(present: &[Participant], entries: &mut [Entry<'_>]) {
    let_go(entries);
    // Who is refused keeps the bib they had, which may be what another row was to get.
    loop {
        let mut holders: HashMap<String, (ParticipantId, String)> = HashMap::new();
        let mut hold = |person: &Participant| {
            let bib = fold_tag(&person.bib);
            if !bib.is_empty() {
                holders.insert(bib, (person.id, person.name()));
            }
        };
        let mut changes = vec![false; present.len()];
        for entry in entries.iter().filter(|entry| entry.refused.is_none()) {
            if let Some(place) = entry.place {
                changes[place] = fold_tag(&present[place].bib) != fold_tag(&entry.to.bib);
            }
        }
        for (person, changes) in present.iter().zip(changes) {
            if !changes {
                hold(person);
            }
        }
        let mut refused = false;
        for entry in entries.iter_mut().filter(|entry| entry.refused.is_none()) {
            let bib = fold_tag(&entry.to.bib);
            if bib.is_empty() {
                continue;
            }
            let (id, name) = (entry.to.id, entry.to.name());
            let (holder, wearer) = holders.entry(bib).or_insert((id, name));
            if *holder != id {
                entry.refused = Some(format!(
                    "bib {} is {wearer}'s; give one of the two another bib, or remove {wearer}",
                    entry.to.bib
                ));
                refused = true;
            }
        }
        if !refused {
            return;
        }
    }
}

/// Whoever has no bib in the file loses theirs where another row has it.
fn let_go(entries: &mut [Entry<'_>]) {
    let wanted: HashMap<String, ParticipantId> = (entries.iter())
        .filter_map(|entry| Some((fold_tag(entry.row.bib.as_deref()?), entry.to.id)))
        .collect();
    for entry in entries.iter_mut().filter(|entry| entry.row.bib.is_none()) {
        let other = wanted.get(&fold_tag(&entry.to.bib));
        let is_anothers = other.is_some_and(|other| *other != entry.to.id);
        if is_anothers && !entry.to.hand_edited.contains(&Field::Bib) {
            entry.to.bib.clear();
        }
    }
}

/// Takes chips from those whose they are no more; answers whom of those not in the file.
pub(super) fn settle_chips(
    present: &[Participant],
    entries: &mut [Entry<'_>],
    reading: Reading<'_>,
) -> Vec<(usize, Participant)> {
    if !reading.fields.contains(&Field::Chips) {
        chips_go_with_bibs(present, entries);
        return Vec::new();
    }
    let owners: HashMap<String, ParticipantId> = (entries.iter())
        .filter(|entry| entry.refused.is_none() && !entry.kept.contains(&Field::Chips))
        .flat_map(|entry| {
            let tags = entry.row.chips.iter();
            tags.map(|tag| (fold_tag(tag), entry.to.id))
        })
        .collect();
    let without = |person: &mut Participant| {
        if person.hand_edited.contains(&Field::Chips) {
            return;
        }
        let id = person.id;
        person.chips.retain(|chip| {
            let owner = owners.get(&fold_tag(&chip.tag));
            owner.is_none_or(|owner| *owner == id)
        });
    };
    let mut is_here = vec![false; present.len()];
    for entry in entries.iter_mut().filter(|entry| entry.refused.is_none()) {
        if let Some(place) = entry.place {
            is_here[place] = true;
        }
        without(&mut entry.to);
    }
    if !reading.is_part {
        // Of somebody whom the file does not know, nothing is altered.
        return Vec::new();
    }
    let others = present.iter().enumerate().zip(is_here);
    others
        .filter(|(_, is_here)| !is_here)
        .filter_map(|((place, person), _)| {
            let mut to = person.clone();
            without(&mut to);
            (to != *person).then_some((place, to))
        })
        .collect()
}

/// Where people change bibs among each other and the file says nothing of chips.
fn chips_go_with_bibs(present: &[Participant], entries: &mut [Entry<'_>]) {
    let moves = |entry: &Entry<'_>| {
        let place = entry.place.filter(|_| entry.refused.is_none())?;
        let (old, new) = (fold_tag(&present[place].bib), fold_tag(&entry.to.bib));
        (old != new).then_some((place, old, new))
    };
    let gave_up: HashMap<String, usize> = (entries.iter())
        .filter_map(|entry| moves(entry).map(|(place, old, _)| (old, place)))
        .filter(|(old, _)| !old.is_empty())
        .collect();
    let taken: HashMap<String, ()> = (entries.iter())
        .filter(|entry| entry.refused.is_none())
        .map(|entry| (fold_tag(&entry.to.bib), ()))
        .collect();
    let is_free = |place: usize| !present[place].hand_edited.contains(&Field::Chips);
    for entry in entries {
        let moved = moves(entry);
        let new = match (&moved, entry.place) {
            (Some((_, _, new)), _) => new.clone(),
            (None, None) if entry.refused.is_none() => fold_tag(&entry.to.bib),
            _ => continue,
        };
        if moved.as_ref().is_some_and(|(place, ..)| !is_free(*place)) {
            continue;
        }
        let former = gave_up.get(&new).copied().filter(|place| is_free(*place));
        let loses = moved.is_some_and(|(_, old, _)| taken.contains_key(&old));
        match former {
            Some(place) => entry.to.chips.clone_from(&present[place].chips),
            None if loses => entry.to.chips.clear(),
            None => {}
        }
    }
}
