//! What a participant must be to be kept, in what form it is read again, and how the parts that
//! are no columns are kept as text. Knows no statement.

use crate::{
    error::{Result, StoreError},
    limits,
};
use model::{Chip, Field, Participant, UnixMicros, fold_tag};
use std::collections::{BTreeMap, BTreeSet};

/// What identifies somebody within an event, in the form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Known {
    Bib(String),
    Registration(String),
}

impl Known {
    pub(crate) const fn what(&self) -> &'static str {
        match self {
            Self::Bib(_) => "bib",
            Self::Registration(_) => "registration id",
        }
    }
}

/// By what this participant is known. Whoever has neither is found by id alone.
pub(crate) fn known_by(participant: &Participant) -> impl Iterator<Item = Known> {
    let bib = Some(fold_tag(&participant.bib)).filter(|bib| !bib.is_empty());
    let registration = participant.registration_id.clone();
    let bib = bib.map(Known::Bib);
    bib.into_iter().chain(registration.map(Known::Registration))
}

pub(crate) fn check(participant: &Participant) -> Result<()> {
    let invalid = |what, rule| Err(StoreError::Invalid { what, rule });
    let texts = texts_of(participant);
    if texts.iter().any(|text| text.contains('\0')) {
        return invalid("participant", "have no NUL character in any field");
    }
    if participant.registration_id.as_deref() == Some("") {
        return invalid("registration id", "not be empty");
    }
    if texts
        .iter()
        .any(|text| text.chars().count() > limits::FIELD_CHARS_MAX)
    {
        return Err(StoreError::TooMany {
            what: "characters in a field of the participant",
            max: limits::FIELD_CHARS_MAX as u64,
        });
    }
    StoreError::unless_fits(
        custom_text(&participant.custom).len(),
        limits::CUSTOM_BYTES_MAX,
        "bytes in the participant's own columns",
    )?;
    StoreError::unless_fits(
        participant.chips.len(),
        limits::CHIPS_PER_PARTICIPANT_MAX,
        "chips of one participant",
    )?;
    participant.chips.iter().try_for_each(check_chip)
}

/// The first instant that a chip can be somebody's from: earlier ones are kept as "since ever".
const FIRST_INSTANT: UnixMicros = UnixMicros(1);

fn check_chip(chip: &Chip) -> Result<()> {
    let invalid = |rule| Err(StoreError::Invalid { what: "chip", rule });
    if fold_tag(&chip.tag).is_empty() {
        return invalid("have a tag");
    }
    let from = chip.valid_from.unwrap_or(FIRST_INSTANT);
    if from < FIRST_INSTANT || chip.valid_to.is_some_and(|to| to <= from) {
        return invalid("be valid from an instant after 1970 to a later one");
    }
    Ok(())
}

/// Whether two of the participant's own chips are one tag at one instant.
pub(crate) fn has_chip_twice(participant: &Participant) -> bool {
    let chips = &participant.chips;
    let meets = |at: usize, chip: &Chip| {
        let folded = fold_tag(&chip.tag);
        let later = chips[at + 1..].iter();
        later
            .filter(|other| fold_tag(&other.tag) == folded)
            .any(|other| other.overlaps(chip))
    };
    let mut all = chips.iter().enumerate();
    all.any(|(at, chip)| meets(at, chip))
}

fn texts_of(participant: &Participant) -> Vec<&str> {
    let Participant {
        id: _,
        registration_id,
        bib,
        first_name,
        last_name,
        gender,
        age: _,
        birth_date,
        city,
        state,
        country,
        division,
        team,
        note,
        say_as,
        private: _,
        withdrawn: _,
        wave: _,
        custom,
        chips,
        hand_edited: _,
    } = participant;
    let mut texts = vec![
        bib.as_str(),
        first_name,
        last_name,
        gender,
        birth_date,
        city,
        state,
        country,
        division,
        team,
        note,
        say_as,
    ];
    texts.extend(registration_id.as_deref());
    texts.extend(chips.iter().map(|chip| chip.tag.as_str()));
    for (name, value) in custom {
        texts.extend([name.as_str(), value.as_str()]);
    }
    texts
}

/// The participant as it is read again after it was stored: tags without blanks round them, chips
/// in their order.
pub(crate) fn as_stored(participant: &Participant) -> Participant {
    let mut stored = participant.clone();
    for chip in &mut stored.chips {
        if chip.tag.trim().len() != chip.tag.len() {
            chip.tag = chip.tag.trim().to_owned();
        }
    }
    stored
        .chips
        .sort_by_cached_key(|chip| (fold_tag(&chip.tag), from_number(chip)));
    stored
}

/// From when on a chip is valid, as it is kept: 0 for always.
pub(crate) fn from_number(chip: &Chip) -> i64 {
    chip.valid_from.map_or(0, |from| from.0)
}

pub(crate) fn chip_of(tag: String, valid_from: i64, valid_to: Option<i64>) -> Chip {
    Chip {
        tag,
        valid_from: (valid_from != 0).then_some(UnixMicros(valid_from)),
        valid_to: valid_to.map(UnixMicros),
    }
}

/// An object of texts, its keys in order.
pub(crate) fn custom_text(custom: &BTreeMap<String, String>) -> String {
    serde_json::to_string(custom).expect("a map of texts is JSON")
}

pub(crate) fn custom_of(text: &str) -> Result<BTreeMap<String, String>> {
    if text == "{}" {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt {
        detail: "unusable columns of a participant".to_owned(),
    })
}

/// Names with commas between them.
pub(crate) fn fields_text(fields: &BTreeSet<Field>) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    names.join(",")
}

pub(crate) fn fields_of(text: &str) -> Result<BTreeSet<Field>> {
    text.split(',')
        .filter(|name| !name.is_empty())
        .map(|name| {
            let mut all = Field::ALL.into_iter();
            all.find(|field| field.name() == name)
                .ok_or_else(|| StoreError::Corrupt {
                    detail: format!("unknown field {name:?} of a participant"),
                })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ParticipantId;
    use uuid::Uuid;

    fn nobody() -> Participant {
        Participant::new(ParticipantId(Uuid::nil()))
    }

    #[test]
    fn every_field_is_kept_by_its_name() {
        for field in Field::ALL {
            let only = BTreeSet::from([field]);
            assert_eq!(fields_of(&fields_text(&only)).unwrap(), only);
            let json = serde_json::to_value(field).unwrap();
            assert_eq!(json, field.name(), "one name everywhere");
        }
        let all = BTreeSet::from(Field::ALL);
        assert_eq!(all.len(), Field::ALL.len());
        assert_eq!(fields_of(&fields_text(&all)).unwrap(), all);
        assert!(fields_of("").unwrap().is_empty());
        assert!(fields_of("shoe-size").is_err());
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        let check = |alter: fn(&mut Participant), expected: bool| {
            let mut participant = nobody();
            alter(&mut participant);
            assert_eq!(check(&participant).is_ok(), expected, "{participant:?}");
        };
        check(|_| {}, true);
        check(|nobody| nobody.note = "two\nlines".to_owned(), true);
        check(|nobody| nobody.city = "Li\0nz".to_owned(), false);
        check(|nobody| nobody.registration_id = Some(String::new()), false);
        check(
            |nobody| nobody.team = "é".repeat(limits::FIELD_CHARS_MAX),
            true,
        );
        check(
            |nobody| nobody.team = "é".repeat(limits::FIELD_CHARS_MAX + 1),
            false,
        );
        let custom = |values: usize| {
            let value = "x".repeat(limits::FIELD_CHARS_MAX);
            let column = |number: usize| (number.to_string(), value.clone());
            (0..values).map(column).collect()
        };
        let mut much = nobody();
        much.custom = custom(limits::CUSTOM_BYTES_MAX / limits::FIELD_CHARS_MAX - 1);
        assert!(super::check(&much).is_ok());
        much.custom = custom(limits::CUSTOM_BYTES_MAX / limits::FIELD_CHARS_MAX + 1);
        assert!(super::check(&much).is_err());
    }

    #[test]
    fn chips_are_valid_for_a_while_or_refused() {
        let check = |tag: &str, from: Option<i64>, to: Option<i64>, expected: bool| {
            let chip = Chip {
                tag: tag.to_owned(),
                valid_from: from.map(UnixMicros),
                valid_to: to.map(UnixMicros),
            };
            assert_eq!(check_chip(&chip).is_ok(), expected, "{chip:?}");
        };
        check("7", None, None, true);
        check(" ", None, None, false);
        check("7", Some(1), Some(2), true);
        check("7", Some(2), Some(2), false);
        check("7", Some(0), None, false);
        check("7", None, Some(0), false);
        check("7", None, Some(5), true);
    }
}
