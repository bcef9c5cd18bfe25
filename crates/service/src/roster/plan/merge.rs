//! What a row makes of somebody.

use crate::roster::{Column, Mapping, RosterRow};
use model::{Chip, Field, Participant, WaveId, fold_tag};
use std::collections::BTreeSet;

/// What a file with these columns can say of somebody.
pub fn fields_of(mapping: &Mapping) -> BTreeSet<Field> {
    let fields = mapping.columns.iter().flat_map(|it| match it.column {
        Column::RegistrationId => &[Field::RegistrationId][..],
        Column::Bib => &[Field::Bib],
        Column::Chip(_) => &[Field::Chips],
        Column::FirstName => &[Field::FirstName],
        Column::LastName => &[Field::LastName],
        Column::FullName => &[Field::FirstName, Field::LastName],
        Column::Race | Column::Wave => &[Field::Wave],
        Column::Division => &[Field::Division],
        Column::Team => &[Field::Team],
        Column::BirthDate => &[Field::BirthDate],
        Column::Age => &[Field::Age],
        // An unusual one is a custom field.
        Column::Gender => &[Field::Gender, Field::Custom],
        Column::City => &[Field::City],
        Column::State => &[Field::State],
        Column::Country => &[Field::Country],
        Column::Privacy | Column::Public => &[Field::Private],
        Column::Note => &[Field::Note],
        Column::SayAs => &[Field::SayAs],
        Column::Custom(_) => &[Field::Custom],
        Column::Ignored => &[],
    });
    // The only race of an event needs no column.
    fields.copied().chain([Field::Wave]).collect()
}

/// The person with what the row says, and what it says in vain as a hand has altered it.
pub(super) fn merged(
    from: Participant,
    row: &RosterRow,
    fields: &BTreeSet<Field>,
    wave: Option<WaveId>,
) -> (Participant, BTreeSet<Field>) {
    let said = as_said(&from, row, wave);
    let mut kept = BTreeSet::new();
    let mut to = from.clone();
    for field in from.differing(&said).intersection(fields) {
        if from.hand_edited.contains(field) {
            kept.insert(*field);
        } else {
            copy(*field, &said, &mut to);
        }
    }
    (to, kept)
}

fn as_said(from: &Participant, row: &RosterRow, wave: Option<WaveId>) -> Participant {
    let mut said = Participant {
        id: from.id,
        registration_id: row.registration_id.clone().or(from.registration_id.clone()),
        // A bib that was given out is not taken back by an empty cell.
        bib: row.bib.as_ref().unwrap_or(&from.bib).trim().to_owned(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        gender: row.gender.clone(),
        age: row.age,
        birth_date: row.birth_date.map(|on| on.to_string()).unwrap_or_default(),
        city: row.city.clone(),
        state: row.state.clone(),
        country: row.country.clone(),
        division: row.division.clone(),
        team: row.team.clone(),
        note: row.note.clone(),
        say_as: row.say_as.clone(),
        private: row.private,
        withdrawn: from.withdrawn,
        wave,
        custom: from.custom.clone(),
        chips: from.chips.clone(),
        hand_edited: from.hand_edited.clone(),
    };
    let custom = row.custom.iter();
    let custom = custom.map(|(name, value)| (name.clone(), value.clone()));
    said.custom.extend(custom);
    for tag in row.chips.iter().map(|tag| tag.trim()) {
        let folded = fold_tag(tag);
        let is_known = |chip: &Chip| fold_tag(&chip.tag) == folded;
        if !folded.is_empty() && !said.chips.iter().any(is_known) {
            said.chips.push(Chip::always(tag));
        }
    }
    said
}

fn copy(field: Field, from: &Participant, to: &mut Participant) {
    match field {
        Field::RegistrationId => to.registration_id.clone_from(&from.registration_id),
        Field::Bib => to.bib.clone_from(&from.bib),
        Field::FirstName => to.first_name.clone_from(&from.first_name),
        Field::LastName => to.last_name.clone_from(&from.last_name),
        Field::Gender => to.gender.clone_from(&from.gender),
        Field::Age => to.age = from.age,
        Field::BirthDate => to.birth_date.clone_from(&from.birth_date),
        Field::City => to.city.clone_from(&from.city),
        Field::State => to.state.clone_from(&from.state),
        Field::Country => to.country.clone_from(&from.country),
        Field::Division => to.division.clone_from(&from.division),
        Field::Team => to.team.clone_from(&from.team),
        Field::Note => to.note.clone_from(&from.note),
        Field::SayAs => to.say_as.clone_from(&from.say_as),
        Field::Private => to.private = from.private,
        Field::Withdrawn => to.withdrawn = from.withdrawn,
        Field::Wave => to.wave = from.wave,
        Field::Custom => to.custom.clone_from(&from.custom),
        Field::Chips => to.chips.clone_from(&from.chips),
    }
}
