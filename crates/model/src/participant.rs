//! The person entered, and how a tag or bib is compared.

use crate::{ParticipantId, UnixMicros, WaveId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One row of a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub id: ParticipantId,
    /// Of the registration service: who somebody is, whatever bib they wear.
    pub registration_id: Option<String>,
    /// As printed on the number; empty before one was given out.
    pub bib: String,
    pub first_name: String,
    pub last_name: String,
    pub gender: String,
    pub age: Option<u16>,
    /// `1987-05-31`, or empty.
    pub birth_date: String,
    pub city: String,
    pub state: String,
    pub country: String,
    pub division: String,
    pub team: String,
    /// For the staff and the announcer; never on a public screen.
    pub note: String,
    /// How the name is said.
    pub say_as: String,
    /// Whether public screens hide the name.
    pub private: bool,
    /// Did not start or has gone home; counts no more.
    pub withdrawn: bool,
    pub wave: Option<WaveId>,
    /// Columns of the roster that Gantry has no word for.
    pub custom: BTreeMap<String, String>,
    /// Tags that read as this person.
    pub chips: Vec<Chip>,
    /// What somebody altered by hand, and no import may alter again.
    pub hand_edited: BTreeSet<Field>,
}

/// A tag, and when it is the participant's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    pub tag: String,
    /// `None`: since ever.
    pub valid_from: Option<UnixMicros>,
    /// `None`: for ever. A read at that instant is another's.
    pub valid_to: Option<UnixMicros>,
}

/// A part of a participant that a roster file can bring and a hand can alter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    RegistrationId,
    Bib,
    FirstName,
    LastName,
    Gender,
    Age,
    BirthDate,
    City,
    State,
    Country,
    Division,
    Team,
    Note,
    SayAs,
    Private,
    Withdrawn,
    Wave,
    Custom,
    Chips,
}

impl Field {
    pub const ALL: [Self; 19] = [
        Self::RegistrationId,
        Self::Bib,
        Self::FirstName,
        Self::LastName,
        Self::Gender,
        Self::Age,
        Self::BirthDate,
        Self::City,
        Self::State,
        Self::Country,
        Self::Division,
        Self::Team,
        Self::Note,
        Self::SayAs,
        Self::Private,
        Self::Withdrawn,
        Self::Wave,
        Self::Custom,
        Self::Chips,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::RegistrationId => "registration-id",
            Self::Bib => "bib",
            Self::FirstName => "first-name",
            Self::LastName => "last-name",
            Self::Gender => "gender",
            Self::Age => "age",
            Self::BirthDate => "birth-date",
            Self::City => "city",
            Self::State => "state",
            Self::Country => "country",
            Self::Division => "division",
            Self::Team => "team",
            Self::Note => "note",
            Self::SayAs => "say-as",
            Self::Private => "private",
            Self::Withdrawn => "withdrawn",
            Self::Wave => "wave",
            Self::Custom => "custom",
            Self::Chips => "chips",
        }
    }
}

impl Chip {
    /// A tag that is the participant's for ever.
    pub fn always(tag: impl Into<String>) -> Self {
        Self {
            tag: tag.into(),
            valid_from: None,
            valid_to: None,
        }
    }

    pub fn is_valid_at(&self, at: UnixMicros) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && self.valid_to.is_none_or(|to| at < to)
    }

    /// Whether it is valid at an instant at which the other is, whatever tags they have.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_before_end = |one: &Self, other: &Self| match (one.valid_from, other.valid_to) {
            (Some(from), Some(to)) => from < to,
            _ => true,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}

impl Participant {
    /// Somebody of whom nothing is known yet.
    pub fn new(id: ParticipantId) -> Self {
        Self {
            id,
            registration_id: None,
            bib: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            gender: String::new(),
            age: None,
            birth_date: String::new(),
            city: String::new(),
            state: String::new(),
            country: String::new(),
            division: String::new(),
            team: String::new(),
            note: String::new(),
            say_as: String::new(),
            private: false,
            withdrawn: false,
            wave: None,
            custom: BTreeMap::new(),
            chips: Vec::new(),
            hand_edited: BTreeSet::new(),
        }
    }

    /// In what the other differs. Neither's id nor marks of a hand are looked at.
    pub fn differing(&self, other: &Self) -> BTreeSet<Field> {
        let Self {
            id: _,
            registration_id,
            bib,
            first_name,
            last_name,
            gender,
            age,
            birth_date,
            city,
            state,
            country,
            division,
            team,
            note,
            say_as,
            private,
            withdrawn,
            wave,
            custom,
            chips,
            hand_edited: _,
        } = self;
        let differ = [
            (
                Field::RegistrationId,
                *registration_id != other.registration_id,
            ),
            (Field::Bib, *bib != other.bib),
            (Field::FirstName, *first_name != other.first_name),
            (Field::LastName, *last_name != other.last_name),
            (Field::Gender, *gender != other.gender),
            (Field::Age, *age != other.age),
            (Field::BirthDate, *birth_date != other.birth_date),
            (Field::City, *city != other.city),
            (Field::State, *state != other.state),
            (Field::Country, *country != other.country),
            (Field::Division, *division != other.division),
            (Field::Team, *team != other.team),
            (Field::Note, *note != other.note),
            (Field::SayAs, *say_as != other.say_as),
            (Field::Private, *private != other.private),
            (Field::Withdrawn, *withdrawn != other.withdrawn),
            (Field::Wave, *wave != other.wave),
            (Field::Custom, *custom != other.custom),
            (Field::Chips, *chips != other.chips),
        ];
        let differ = differ.into_iter().filter(|(_, differs)| *differs);
        differ.map(|(field, _)| field).collect()
    }

    /// First and last name with one blank between, or whichever there is.
    pub fn name(&self) -> String {
        [self.first_name.as_str(), self.last_name.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The form in which tags and bibs are compared: case and leading zeros folded, blanks trimmed.
/// A tag of nothing but zeros folds to `0`.
pub fn fold_tag(text: &str) -> String {
    let upper = text.trim().to_uppercase();
    let folded = upper.trim_start_matches('0');
    if folded.is_empty() && !upper.is_empty() {
        "0".to_owned()
    } else {
        folded.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Chip, fold_tag};
    use crate::UnixMicros;

    #[test]
    fn chips_overlap_where_an_instant_is_in_both() {
        let check =
            |one: (Option<i64>, Option<i64>), other: (Option<i64>, Option<i64>), expected| {
                let chip = |(from, to): (Option<i64>, Option<i64>)| Chip {
                    valid_from: from.map(UnixMicros),
                    valid_to: to.map(UnixMicros),
                    ..Chip::always("7")
                };
                let (one, other) = (chip(one), chip(other));
                assert_eq!(one.overlaps(&other), expected, "{one:?} and {other:?}");
                assert_eq!(other.overlaps(&one), expected, "{other:?} and {one:?}");
                let both = (0..30)
                    .any(|at| one.is_valid_at(UnixMicros(at)) && other.is_valid_at(UnixMicros(at)));
                assert_eq!(both, expected, "{one:?} and {other:?}");
            };
        check((None, None), (None, None), true);
        check((None, Some(10)), (Some(10), None), false);
        check((None, Some(10)), (Some(9), None), true);
        check((Some(5), Some(10)), (Some(10), Some(20)), false);
        check((Some(5), Some(10)), (Some(1), Some(6)), true);
        check((Some(5), Some(10)), (None, None), true);
        check((Some(5), Some(10)), (Some(6), Some(7)), true);
    }

    #[test]
    fn tags_fold_case_blanks_and_leading_zeros() {
        let check = |text, folded| assert_eq!(fold_tag(text), folded, "{text:?}");
        check("101", "101");
        check("000101", "101");
        check(" w2 ", "W2");
        check("0", "0");
        check("000", "0");
        check("", "");
        check("00f1E2", "F1E2");
        check("1010", "1010");
    }
}
