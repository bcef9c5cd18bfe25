//! The participants that a deed alters: looked at together, as they may change bibs and chips among
//! each other.

use super::super::{Tx, participant::Roster, roster::is_room_for};
use crate::{
    error::{Result, StoreError},
    participant::{as_stored, check, has_chip_twice, known_by},
    scope::PartnerScope,
};
use model::{Chip, Edit, EventId, Participant, ParticipantId, fold_tag};
use std::collections::{BTreeMap, BTreeSet, HashMap};

type People = BTreeMap<ParticipantId, Participant>;

/// Does what the edits say of participants; the others are left.
pub(super) async fn apply(
    tx: &mut Tx,
    scope: &PartnerScope,
    event: EventId,
    edits: &[Edit],
) -> Result<()> {
    let ids: BTreeSet<_> = edits.iter().filter_map(who).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = ids.into_iter().collect();
    let roster = Roster::of(scope, event);
    let before: People = (roster.load(tx, Some(&ids)).await?)
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let after = edited(before.clone(), edits)?;

    // First all of them let go of what is one person's only, then each takes what is theirs.
    let changed = |id: &&ParticipantId| before.get(*id) != after.get(*id);
    let changed: Vec<_> = ids.iter().filter(changed).copied().collect();
    let present: Vec<_> = (changed.iter().copied())
        .filter(|id| before.contains_key(id))
        .collect();
    roster.let_go(tx, &present).await?;
    for id in &present {
        for chip in gone(&before[id], after.get(id)) {
            roster.take_chip(tx, chip).await?;
        }
        if !after.contains_key(id) {
            roster.remove(tx, *id).await?;
        }
    }
    let people: Vec<_> = changed.iter().filter_map(|id| after.get(id)).collect();
    names_are_free(tx, roster, &people).await?;
    let (mut new, mut chips) = (Vec::new(), Vec::new());
    for person in people {
        let was = before.get(&person.id);
        match was {
            Some(_) => roster.update(tx, person).await?,
            None => new.push(person),
        }
        let given = gone(person, was);
        chips.extend(given.map(|chip| (person.id, chip.clone())));
    }
    is_room_for(tx, scope, event, new.len()).await?;
    roster.insert(tx, &new).await?;
    chips_are_free(tx, roster, &chips).await?;
    roster.give_chips(tx, &chips).await
}

fn who(edit: &Edit) -> Option<ParticipantId> {
    match edit {
        Edit::Participant { id, .. } => Some(*id),
        _ => None,
    }
}

/// What the edits make of the people, each finding what it says was there.
fn edited(mut people: People, edits: &[Edit]) -> Result<People> {
    for edit in edits {
        let Edit::Participant { id, before, after } = edit else {
            continue;
        };
        let both = [before, after].into_iter().flatten();
        if both.into_iter().any(|person| person.id != *id) {
            return Err(StoreError::Invalid {
                what: "edit",
                rule: "be about one participant",
            });
        }
        let before = before.as_deref().map(as_stored);
        if people.remove(id) != before {
            return Err(StoreError::Stale {
                what: "participant",
            });
        }
        if let Some(after) = after {
            check(after)?;
            if has_chip_twice(after) {
                return Err(StoreError::Taken { what: "chip" });
            }
            people.insert(*id, as_stored(after));
        }
    }
    Ok(people)
}

/// The chips of one that the other has not.
fn gone<'a>(of: &'a Participant, other: Option<&'a Participant>) -> impl Iterator<Item = &'a Chip> {
    let kept = other.map_or(&[][..], |other| &other.chips);
    of.chips.iter().filter(move |chip| !kept.contains(chip))
}

async fn names_are_free(tx: &mut Tx, roster: Roster, people: &[&Participant]) -> Result<()> {
    let wanted: Vec<_> = people.iter().flat_map(|person| known_by(person)).collect();
    let mut holders = roster.holders(tx, &wanted).await?;
    for person in people {
        for known in known_by(person) {
            let what = known.what();
            if *holders.entry(known).or_insert(person.id) != person.id {
                return Err(StoreError::Taken { what });
            }
        }
    }
    Ok(())
}

async fn chips_are_free(
    tx: &mut Tx,
    roster: Roster,
    given: &[(ParticipantId, Chip)],
) -> Result<()> {
    let folded: Vec<_> = given.iter().map(|(_, chip)| fold_tag(&chip.tag)).collect();
    let owned = roster.owners(tx, &folded).await?;
    let mut chips: HashMap<&str, Vec<&Chip>> = HashMap::new();
    for (folded, owned) in &owned {
        chips.insert(folded, owned.iter().map(|owned| &owned.chip).collect());
    }
    for ((_, chip), folded) in given.iter().zip(&folded) {
        let others = chips.entry(folded).or_default();
        if others.iter().any(|other| other.overlaps(chip)) {
            return Err(StoreError::Taken { what: "chip" });
        }
        others.push(chip);
    }
    Ok(())
}
