//! What public screens may say of a participant (design §9): hidden names keep place and time, and
//! names of the under-aged are shortened.

use crate::{Participant, document::DataField};

/// Younger people's last names are shortened to their first letter.
pub const FULL_NAME_AGE_MIN: u16 = 18;

impl Participant {
    /// On a day, `2026-03-06`. Empty where the name is hidden.
    pub fn public_name(&self, day: &str) -> String {
        if self.private {
            return String::new();
        }
        if !self.is_under_age(day) {
            return self.name();
        }
        let mut name = self.first_name.clone();
        let initial = initial_of(&self.last_name);
        if !name.is_empty() && !initial.is_empty() {
            name.push(' ');
        }
        name.push_str(&initial);
        name
    }

    /// A birth date tells more than an age, which may have been asked a year before; where either
    /// says under-aged, it counts.
    pub(crate) fn is_under_age(&self, day: &str) -> bool {
        let mut ages = [self.age, age_on(&self.birth_date, day)].into_iter();
        ages.any(|age| age.is_some_and(|age| age < FULL_NAME_AGE_MIN))
    }

    /// What a template may say of somebody, on a day. Empty where it is hidden or not known.
    pub fn public_text(&self, field: &DataField, day: &str) -> String {
        let plain = |text: &str| {
            if self.private {
                String::new()
            } else {
                text.to_owned()
            }
        };
        match field {
            DataField::Bib => self.bib.clone(),
            DataField::Name => self.public_name(day),
            DataField::FirstName => plain(&self.first_name),
            DataField::LastName => match self.is_under_age(day) {
                true => plain(&initial_of(&self.last_name)),
                false => plain(&self.last_name),
            },
            DataField::City => plain(&self.city),
            DataField::State => plain(&self.state),
            DataField::Country => plain(&self.country),
            DataField::Division => plain(&self.division),
            DataField::Team => plain(&self.team),
            DataField::Gender => plain(&self.gender),
            DataField::Age => match self.age {
                Some(age) if !self.is_under_age(day) => plain(&age.to_string()),
                _ => String::new(),
            },
            DataField::Custom(name) => self
                .custom
                .get(name)
                .map_or_else(String::new, |text| plain(text)),
            _ => String::new(),
        }
    }

    /// Where somebody lives tells who it is where few live.
    pub fn public_city(&self) -> &str {
        if self.private { "" } else { &self.city }
    }
}

fn initial_of(name: &str) -> String {
    let initial = name.chars().next();
    initial.map_or_else(String::new, |initial| [initial, '.'].iter().collect())
}

/// Year, month and day of a date such as `1987-05-31`. `None` where it is another text.
pub(crate) fn date_parts(date: &str) -> Option<(u16, u8, u8)> {
    let mut parts = date.splitn(3, '-');
    let mut next = || parts.next();
    Some((
        next()?.parse().ok()?,
        next()?.parse().ok()?,
        next()?.parse().ok()?,
    ))
}

/// In whole years. `None` where one of the dates is another text.
fn age_on(birth_date: &str, day: &str) -> Option<u16> {
    let (born, today) = (date_parts(birth_date)?, date_parts(day)?);
    let had_birthday = (born.1, born.2) <= (today.1, today.2);
    let years = today.0.checked_sub(born.0)?;
    years.checked_sub(u16::from(!had_birthday))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParticipantId;
    use uuid::Uuid;

    fn person(age: Option<u16>, birth_date: &str) -> Participant {
        Participant {
            first_name: "Ada".to_owned(),
            last_name: "Quill".to_owned(),
            city: "Port Nowhere".to_owned(),
            age,
            birth_date: birth_date.to_owned(),
            ..Participant::new(ParticipantId(Uuid::from_u128(1)))
        }
    }

    #[test]
    fn names_of_the_under_aged_are_shortened() {
        let check = |age, birth_date: &str, expected: &str| {
            let name = person(age, birth_date).public_name("2026-03-06");
            assert_eq!(name, expected, "{age:?} {birth_date:?}");
        };
        check(None, "", "Ada Quill");
        check(Some(18), "", "Ada Quill");
        check(Some(17), "", "Ada Q.");
        check(None, "2008-03-06", "Ada Quill");
        check(None, "2008-03-07", "Ada Q.");
        check(Some(18), "2008-12-31", "Ada Q.");
        check(Some(17), "2007-12-31", "Ada Q.");
        check(None, "31 May", "Ada Quill");
        check(None, "2027-01-01", "Ada Quill");
    }

    #[test]
    fn a_shortened_name_is_made_of_what_there_is() {
        let check = |first: &str, last: &str, expected: &str| {
            let person = Participant {
                first_name: first.to_owned(),
                last_name: last.to_owned(),
                ..person(Some(9), "")
            };
            assert_eq!(person.public_name("2026-03-06"), expected);
        };
        check("Ada", "", "Ada");
        check("", "Quill", "Q.");
        check("", "", "");
        check("Åsa", "Öberg", "Åsa Ö.");
    }

    #[test]
    fn a_hidden_name_hides_the_city_too() {
        let hidden = Participant {
            private: true,
            ..person(None, "")
        };
        assert_eq!(hidden.public_name("2026-03-06"), "");
        assert_eq!(hidden.public_city(), "");
        assert_eq!(person(None, "").public_city(), "Port Nowhere");
    }
}
