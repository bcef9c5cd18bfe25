//! One chunk of an import: what still fits, what differs, and who gets a chip.

use super::{Tx, participant::Roster};
use crate::{
    error::Result,
    participant::{Known, as_stored, known_by},
    roster::{ChipConflict, RosterWrite, RosterWritten},
};
use model::{Chip, Participant, ParticipantId, fold_tag};
use std::collections::{HashMap, HashSet};

/// A row that is what it was planned from.
struct Fitting {
    now: Option<Participant>,
    to: Participant,
}

/// Adds, updates and counts one chunk of an import.
pub(super) async fn merge(
    tx: &mut Tx,
    roster: Roster,
    chunk: &[&RosterWrite],
    done: &mut RosterWritten,
) -> Result<()> {
    let ids: Vec<_> = chunk.iter().map(|write| write.id()).collect();
    let now = roster.load(tx, Some(&ids)).await?;
    let mut now: HashMap<_, _> = now.into_iter().map(|row| (row.id, row)).collect();
    let mut fitting = Vec::with_capacity(chunk.len());
    for write in chunk {
        let now = now.remove(&write.id());
        let planned_from = match write {
            RosterWrite::Add(_) => None,
            RosterWrite::Update { from, .. } => Some(as_stored(from)),
        };
        if now == planned_from {
            let to = as_stored(write.to());
            fitting.push(Fitting { now, to });
        } else {
            done.stale.push(write.id());
        }
    }
    let wanted: Vec<_> = fitting.iter().flat_map(|row| known_by(&row.to)).collect();
    let holders = roster.holders(tx, &wanted).await?;
    let fitting = without_taken(fitting, &holders, &mut done.stale);

    let renamed: Vec<_> = (fitting.iter())
        .filter(|row| row.now.as_ref().is_some_and(|now| is_renamed(now, &row.to)))
        .map(|row| row.to.id)
        .collect();
    roster.let_go(tx, &renamed).await?;
    let mut altered = HashSet::new();
    for row in &fitting {
        if let Some(now) = &row.now
            && differs(now, &row.to)
        {
            roster.update(tx, &row.to).await?;
            altered.insert(row.to.id);
        }
    }
    let new: Vec<_> = fitting.iter().filter(|row| row.now.is_none()).collect();
    let people: Vec<_> = new.iter().map(|row| &row.to).collect();
    roster.insert(tx, &people).await?;
    altered.extend(give_chips(tx, roster, &fitting, &mut done.conflicts).await?);
    done.added += new.len() as u64;
    for row in new {
        altered.remove(&row.to.id);
    }
    done.updated += altered.len() as u64;
    Ok(())
}

/// Those who can have the bib and the registration id that they are to get. Who cannot keeps what
/// they have, so that others may not get that either.
fn without_taken(
    mut fitting: Vec<Fitting>,
    holders: &HashMap<Known, ParticipantId>,
    stale: &mut Vec<ParticipantId>,
) -> Vec<Fitting> {
    loop {
        let free: HashSet<_> = fitting.iter().map(|row| row.to.id).collect();
        let mut taken: HashSet<Known> = holders
            .iter()
            .filter(|(_, holder)| !free.contains(holder))
            .map(|(known, _)| known.clone())
            .collect();
        let before = fitting.len();
        fitting.retain(|row| {
            let id = row.to.id;
            let own: Vec<_> = known_by(&row.to).collect();
            let fits = own.iter().all(|known| !taken.contains(known));
            if fits {
                taken.extend(own);
            } else {
                stale.push(id);
            }
            fits
        });
        if fitting.len() == before {
            return fitting;
        }
    }
}

fn is_renamed(now: &Participant, to: &Participant) -> bool {
    !known_by(now).eq(known_by(to))
}

/// In anything but the chips.
fn differs(now: &Participant, to: &Participant) -> bool {
    let chipless = |row: &Participant| Participant {
        chips: Vec::new(),
        ..row.clone()
    };
    chipless(now) != chipless(to)
}

/// Takes and gives chips, but for those that somebody else has; answers whose are others now.
async fn give_chips(
    tx: &mut Tx,
    roster: Roster,
    rows: &[Fitting],
    conflicts: &mut Vec<ChipConflict>,
) -> Result<HashSet<ParticipantId>> {
    let mut altered = HashSet::new();
    let mut wanted: Vec<(&Participant, &Chip)> = Vec::new();
    for row in rows {
        let now = row.now.as_ref().map_or(&[][..], |now| &now.chips);
        for chip in now.iter().filter(|chip| !row.to.chips.contains(chip)) {
            roster.take_chip(tx, chip).await?;
            altered.insert(row.to.id);
        }
        let new = row.to.chips.iter().filter(|chip| !now.contains(chip));
        wanted.extend(new.map(|chip| (&row.to, chip)));
    }
    let folded: Vec<_> = wanted.iter().map(|(_, chip)| fold_tag(&chip.tag)).collect();
    let owned = roster.owners(tx, &folded).await?;
    let mut owners: HashMap<&str, Vec<(&Chip, ParticipantId, &str)>> = HashMap::new();
    for (folded, owned) in &owned {
        let owned = owned.iter();
        let owned = owned.map(|owned| (&owned.chip, owned.owner, owned.owner_bib.as_str()));
        owners.insert(folded, owned.collect());
    }
    let mut given = Vec::new();
    for ((person, chip), folded) in wanted.into_iter().zip(&folded) {
        let owners = owners.entry(folded).or_default();
        match owners.iter().find(|(other, ..)| other.overlaps(chip)) {
            None => {
                owners.push((chip, person.id, &person.bib));
                given.push((person.id, chip.clone()));
            }
            Some((_, owner, owner_bib)) if *owner != person.id => conflicts.push(ChipConflict {
                chip: chip.tag.clone(),
                participant: person.id,
                bib: person.bib.clone(),
                owner_bib: (*owner_bib).to_owned(),
            }),
            Some(_) => {}
        }
    }
    roster.give_chips(tx, &given).await?;
    altered.extend(given.into_iter().map(|(id, _)| id));
    Ok(altered)
}
