//! Who a tag on the wire is (design §4 "Who is it").

use model::{Participant, ParticipantId, fold_tag};
use std::collections::HashMap;
use store::BibRule;

/// An event's roster in memory, by folded tag. Rebuilt whole when the roster changes.
#[derive(Debug, Default)]
pub struct RosterIndex {
    people: Vec<Participant>,
    by_chip: HashMap<String, usize>,
    by_bib: HashMap<String, usize>,
    /// Whether a tag that is no chip may be a bib.
    bibs_count: bool,
}

impl RosterIndex {
    pub fn new(people: Vec<Participant>, rule: BibRule) -> Self {
        let mut by_chip = HashMap::new();
        let mut by_bib = HashMap::with_capacity(people.len());
        for (place, person) in people.iter().enumerate() {
            by_bib.insert(fold_tag(&person.bib), place);
            for chip in &person.chips {
                by_chip.insert(fold_tag(chip), place);
            }
        }
        let bibs_count = by_chip.is_empty() || rule == BibRule::Always;
        Self {
            people,
            by_chip,
            by_bib,
            bibs_count,
        }
    }

    /// The participant of a tag. A chip goes before a bib of the same text.
    pub fn who(&self, tag: &str) -> Option<&Participant> {
        let folded = fold_tag(tag);
        let place = self
            .by_chip
            .get(&folded)
            .or_else(|| self.by_bib.get(&folded).filter(|_| self.bibs_count))?;
        self.people.get(*place)
    }

    pub fn len(&self) -> usize {
        self.people.len()
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// For tests and tools that look somebody up by id.
    pub fn person(&self, id: ParticipantId) -> Option<&Participant> {
        self.people.iter().find(|person| person.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ParticipantId;

    fn person(bib: &str, chips: &[&str]) -> Participant {
        Participant {
            id: ParticipantId("00000000-0000-7000-8000-000000000000".parse().unwrap()),
            bib: bib.to_owned(),
            first_name: String::new(),
            last_name: bib.to_owned(),
            gender: String::new(),
            age: None,
            city: String::new(),
            state: String::new(),
            country: String::new(),
            chips: chips.iter().map(|chip| (*chip).to_owned()).collect(),
        }
    }

    #[track_caller]
    fn check(people: &[Participant], rule: BibRule, tag: &str, bib: Option<&str>) {
        let index = RosterIndex::new(people.to_vec(), rule);
        assert_eq!(
            index.who(tag).map(|person| person.bib.as_str()),
            bib,
            "tag {tag:?}"
        );
    }

    #[test]
    fn without_chips_the_tag_is_the_bib() {
        let people = [person("101", &[]), person("W2", &[])];
        check(&people, BibRule::Auto, "101", Some("101"));
        check(&people, BibRule::Auto, "000101", Some("101"));
        check(&people, BibRule::Auto, "w2", Some("W2"));
        check(&people, BibRule::Auto, "102", None);
        check(&people, BibRule::Auto, "", None);
    }

    #[test]
    fn with_chips_only_chips_count_unless_the_rule_is_turned_back_on() {
        let people = [
            person("101", &["A7F2", "0055"]),
            person("102", &[]),
            person("55", &[]),
        ];
        check(&people, BibRule::Auto, "a7f2", Some("101"));
        check(&people, BibRule::Auto, "55", Some("101"));
        check(&people, BibRule::Auto, "102", None);
        check(&people, BibRule::Always, "102", Some("102"));
        check(&people, BibRule::Always, "55", Some("101"));
    }
}
