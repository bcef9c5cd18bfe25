//! Whose a row is: by registration id where there is one, else by bib. A bib that was given out by
//! hand says nothing of who the file means, so there the name decides.

use super::Reading;
use crate::roster::{RosterRow, file::fold::fold};
use model::{Field, Participant, fold_tag};
use std::collections::HashMap;

pub(super) enum Found {
    /// At that place among the present.
    Present(usize),
    New,
    /// With what to do.
    Nobody(String),
}

pub(super) struct Known<'a> {
    present: &'a [Participant],
    by_registration: HashMap<&'a str, usize>,
    by_bib: HashMap<String, usize>,
    /// Who got a bib by hand, by folded name; `None` where two are called so.
    moved: HashMap<String, Option<usize>>,
}

impl<'a> Known<'a> {
    pub(super) fn of(present: &'a [Participant]) -> Self {
        let mut known = Self {
            present,
            by_registration: HashMap::new(),
            by_bib: HashMap::with_capacity(present.len()),
            moved: HashMap::new(),
        };
        for (place, person) in present.iter().enumerate() {
            if let Some(id) = &person.registration_id {
                known.by_registration.insert(id, place);
            }
            let bib = fold_tag(&person.bib);
            if !bib.is_empty() {
                known.by_bib.insert(bib, place);
            }
            if person.hand_edited.contains(&Field::Bib) {
                let same_name = known.moved.entry(fold(&person.name()));
                same_name.and_modify(|it| *it = None).or_insert(Some(place));
            }
        }
        known
    }

    /// In the order of the rows, nobody twice.
    pub(super) fn find(&self, reading: Reading<'_>) -> Vec<Found> {
        let mut claimed = vec![false; self.present.len()];
        let registered: Vec<_> = (reading.rows.iter())
            .map(|row| {
                let id = row.registration_id.as_deref()?;
                let place = self.by_registration.get(id).copied()?;
                claimed[place] = true;
                Some(place)
            })
            .collect();
        let rows = reading.rows.iter().zip(registered);
        rows.map(|(row, registered)| match registered {
            Some(place) => Found::Present(place),
            None => {
                let found = self.find_one(row, reading, &claimed);
                if let Found::Present(place) = found {
                    claimed[place] = true;
                }
                found
            }
        })
        .collect()
    }

    fn find_one(&self, row: &RosterRow, reading: Reading<'_>, claimed: &[bool]) -> Found {
        let bib = row.bib.as_deref().unwrap_or_default();
        let holder = self.by_bib.get(&fold_tag(bib)).copied();
        let holder = holder.filter(|place| !claimed[*place] && self.may_be(*place, row));
        if reading.is_part {
            return match holder {
                Some(place) => Found::Present(place),
                None => Found::Nobody(format!("nobody has bib {bib}; import the roster first")),
            };
        }
        let name = fold(&format!("{} {}", row.first_name, row.last_name));
        let moved = || {
            let place = self.moved.get(&name).copied().flatten()?;
            (!claimed[place] && self.may_be(place, row)).then_some(place)
        };
        let Some(place) = holder else {
            return moved().map_or(Found::New, Found::Present);
        };
        let person = &self.present[place];
        let is_moved = person.hand_edited.contains(&Field::Bib);
        if !is_moved || fold(&person.name()) == name {
            return Found::Present(place);
        }
        moved().map_or_else(
            || {
                let wearer = person.name();
                Found::Nobody(format!(
                    "bib {bib} was given to {wearer} by hand; give this row another bib, or edit \
                     {wearer}"
                ))
            },
            Found::Present,
        )
    }

    /// Whether nothing says that they are two people.
    fn may_be(&self, place: usize, row: &RosterRow) -> bool {
        let person = &self.present[place];
        row.registration_id.is_none()
            || person.registration_id.is_none()
            || person.registration_id == row.registration_id
    }
}
