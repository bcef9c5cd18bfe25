//! The fields of somebody, as they are typed.

use crate::pages::Blank;
use leptos::prelude::*;
use model::{Chip, Participant, WaveId};

#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) bib: RwSignal<String>,
    pub(super) first_name: RwSignal<String>,
    pub(super) last_name: RwSignal<String>,
    pub(super) gender: RwSignal<String>,
    pub(super) age: RwSignal<String>,
    pub(super) birth_date: RwSignal<String>,
    pub(super) wave: RwSignal<String>,
    pub(super) division: RwSignal<String>,
    pub(super) team: RwSignal<String>,
    pub(super) city: RwSignal<String>,
    pub(super) state: RwSignal<String>,
    pub(super) country: RwSignal<String>,
    pub(super) say_as: RwSignal<String>,
    pub(super) note: RwSignal<String>,
    pub(super) private: RwSignal<bool>,
    pub(super) custom: RwSignal<Vec<(String, Blank<String>)>>,
    pub(super) chips: RwSignal<Vec<Chip>>,
}

impl Form {
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            bib: text(),
            first_name: text(),
            last_name: text(),
            gender: text(),
            age: text(),
            birth_date: text(),
            wave: text(),
            division: text(),
            team: text(),
            city: text(),
            state: text(),
            country: text(),
            say_as: text(),
            note: text(),
            private: RwSignal::new(false),
            custom: RwSignal::new(Vec::new()),
            chips: RwSignal::new(Vec::new()),
        }
    }

    pub(super) fn fill(self, person: &Participant) {
        let age = person.age.map(|age| age.to_string()).unwrap_or_default();
        let wave = person.wave.map(|wave| wave.to_string()).unwrap_or_default();
        for (signal, text) in [
            (self.bib, &person.bib),
            (self.first_name, &person.first_name),
            (self.last_name, &person.last_name),
            (self.gender, &person.gender),
            (self.age, &age),
            (self.birth_date, &person.birth_date),
            (self.wave, &wave),
            (self.division, &person.division),
            (self.team, &person.team),
            (self.city, &person.city),
            (self.state, &person.state),
            (self.country, &person.country),
            (self.say_as, &person.say_as),
            (self.note, &person.note),
        ] {
            signal.set(text.clone());
        }
        self.private.set(person.private);
        let custom = person.custom.iter();
        let custom = custom.map(|(name, value)| (name.clone(), Blank::new(value.clone())));
        self.custom.set(custom.collect());
        self.chips.set(person.chips.clone());
    }

    /// What is typed, over what was there; or what to do.
    pub(super) fn read(self, before: &Participant) -> Result<Participant, String> {
        let age = self.age.get_untracked();
        let age =
            match age.trim() {
                "" => None,
                age => Some(age.parse().map_err(|_| {
                    format!("{age:?} is no age; type whole years, or leave it empty.")
                })?),
            };
        let wave: Option<WaveId> = self.wave.get_untracked().parse().ok();
        let custom = self.custom.get_untracked().into_iter();
        let custom = custom.map(|(name, value)| (name, value.get()));
        Ok(Participant {
            bib: typed(self.bib),
            first_name: typed(self.first_name),
            last_name: typed(self.last_name),
            gender: typed(self.gender),
            age,
            birth_date: typed(self.birth_date),
            wave,
            division: typed(self.division),
            team: typed(self.team),
            city: typed(self.city),
            state: typed(self.state),
            country: typed(self.country),
            say_as: typed(self.say_as),
            note: typed(self.note),
            private: self.private.get_untracked(),
            custom: custom.collect(),
            chips: self.chips.get_untracked(),
            ..before.clone()
        })
    }
}

fn typed(signal: RwSignal<String>) -> String {
    signal.with_untracked(|text| text.trim().to_owned())
}
