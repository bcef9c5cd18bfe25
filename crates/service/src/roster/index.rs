//! Who a tag on the wire is (design §4 "Who is it").

use model::{Participant, ParticipantId, UnixMicros, fold_tag};
use std::collections::HashMap;
use store::BibRule;

/// An event's roster in memory, by folded tag. Rebuilt whole when the roster changes.
#[derive(Debug, Default)]
pub struct RosterIndex {
    people: Vec<Participant>,
    /// Who has a chip, and which of theirs it is: several where it was given on.
    by_chip: HashMap<String, Vec<(usize, usize)>>,
    by_bib: HashMap<String, usize>,
    by_id: HashMap<ParticipantId, usize>,
    /// Whether a tag that is no chip may be a bib.
    bibs_count: bool,
}

impl RosterIndex {
    pub fn new(people: Vec<Participant>, rule: BibRule) -> Self {
        let mut by_chip: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        let mut by_bib = HashMap::with_capacity(people.len());
        let mut by_id = HashMap::with_capacity(people.len());
        for (place, person) in people.iter().enumerate() {
            by_id.insert(person.id, place);
            let bib = fold_tag(&person.bib);
            if !bib.is_empty() {
                by_bib.insert(bib, place);
            }
            for (which, chip) in person.chips.iter().enumerate() {
                let owners = by_chip.entry(fold_tag(&chip.tag)).or_default();
                owners.push((place, which));
            }
        }
        let bibs_count = by_chip.is_empty() || rule == BibRule::Always;
        Self {
            people,
            by_chip,
            by_bib,
            by_id,
            bibs_count,
        }
    }

    /// The participant of a tag that was read then, withdrawn ones too. A chip goes before a bib of
    /// the same text.
    pub fn who(&self, tag: &str, at: UnixMicros) -> Option<&Participant> {
        let folded = fold_tag(tag);
        let by_chip = self.owners(&folded).find(|(person, which)| {
            let chip = person.chips.get(*which);
            chip.is_some_and(|chip| chip.is_valid_at(at))
        });
        match by_chip {
            Some((person, _)) => Some(person),
            None => self.wearer(&folded),
        }
    }

    /// Whether a tag is somebody's at any time.
    pub fn knows(&self, tag: &str) -> bool {
        let folded = fold_tag(tag);
        self.by_chip.contains_key(&folded) || self.wearer(&folded).is_some()
    }

    fn owners(&self, folded: &str) -> impl Iterator<Item = (&Participant, usize)> {
        let owners = self.by_chip.get(folded).map_or(&[][..], Vec::as_slice);
        let owners = owners.iter();
        owners.filter_map(|(place, which)| Some((self.people.get(*place)?, *which)))
    }

    fn wearer(&self, folded: &str) -> Option<&Participant> {
        let place = self.by_bib.get(folded).filter(|_| self.bibs_count)?;
        self.people.get(*place)
    }

    /// Whether a tag that is no chip may be a bib.
    pub fn bibs_count(&self) -> bool {
        self.bibs_count
    }

    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// In the order in which they were added.
    pub fn people(&self) -> &[Participant] {
        &self.people
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    pub fn person(&self, id: ParticipantId) -> Option<&Participant> {
        self.people.get(*self.by_id.get(&id)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Chip, ParticipantId};

    const NOON: UnixMicros = UnixMicros(1_772_800_000_000_000);

    fn person(bib: &str, chips: &[&str]) -> Participant {
        let nobody = ParticipantId("00000000-0000-7000-8000-000000000000".parse().unwrap());
        Participant {
            bib: bib.to_owned(),
            last_name: bib.to_owned(),
            chips: chips.iter().map(|chip| Chip::always(*chip)).collect(),
            ..Participant::new(nobody)
        }
    }

    #[track_caller]
    fn check(people: &[Participant], rule: BibRule, tag: &str, bib: Option<&str>) {
        let index = RosterIndex::new(people.to_vec(), rule);
        assert_eq!(
            index.who(tag, NOON).map(|person| person.bib.as_str()),
            bib,
            "tag {tag:?}"
        );
        assert_eq!(index.knows(tag), bib.is_some(), "tag {tag:?}");
    }

    #[test]
    fn without_chips_the_tag_is_the_bib() {
        let people = [person("101", &[]), person("W2", &[]), person("", &[])];
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

    #[test]
    fn a_chip_that_was_given_on_is_whose_it_was_then() {
        let mut people = [person("101", &["A7F2"]), person("102", &["a7f2"])];
        people[0].chips[0].valid_to = Some(NOON);
        people[1].chips[0].valid_from = Some(NOON.plus_ms(1_000));
        let index = RosterIndex::new(people.to_vec(), BibRule::Auto);
        let check = |at: UnixMicros, bib: Option<&str>| {
            let who = index.who("A7F2", at);
            assert_eq!(who.map(|person| person.bib.as_str()), bib, "{at:?}");
        };
        check(UnixMicros(NOON.0 - 1), Some("101"));
        check(NOON, None);
        check(NOON.plus_ms(1_000), Some("102"));
        assert!(index.knows("0a7f2"), "leading zeros aside");
        assert!(!index.knows("A7F3"));
    }
}
