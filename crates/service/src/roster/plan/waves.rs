//! Which wave the words of a row mean, and which races they name that are not there.

use crate::roster::{RosterRow, file::fold::fold};
use model::{Race, Unit, WaveId};

/// A race that the file names, with the waves that are to be made in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaceWanted {
    pub name: String,
    /// The event has it; only waves are wanted.
    pub is_there: bool,
    /// As its name says; `None` where that says nothing.
    pub distance: Option<(u32, Unit)>,
    pub waves: Vec<String>,
}

pub(super) struct Waves {
    races: Vec<Known>,
    wanted: Vec<RaceWanted>,
}

struct Known {
    name: String,
    folded: String,
    waves: Vec<(String, WaveId)>,
}

impl Waves {
    pub(super) fn of(races: &[Race]) -> Self {
        let known = |race: &Race| Known {
            name: race.name.clone(),
            folded: fold(&race.name),
            waves: race
                .waves
                .iter()
                .map(|wave| (fold(&wave.name), wave.id))
                .collect(),
        };
        Self {
            races: races.iter().map(known).collect(),
            wanted: Vec::new(),
        }
    }

    /// `None` where nothing is said, or what is said is not there yet.
    pub(super) fn find(&mut self, row: &RosterRow) -> Option<WaveId> {
        let (race, wave) = (fold(&row.race), fold(&row.wave));
        let of_race = match &self.races[..] {
            _ if !race.is_empty() => self.races.iter().find(|known| known.folded == race),
            [only] => Some(only),
            _ => return self.only_wave_named(&wave),
        };
        let Some(known) = of_race else {
            if !race.is_empty() {
                self.want(&row.race, false, &row.wave);
            }
            return None;
        };
        if wave.is_empty() {
            if race.is_empty() && known.waves.len() > 1 {
                return None;
            }
            let unnamed = known.waves.iter().find(|(name, _)| name.is_empty());
            return unnamed.or(known.waves.first()).map(|(_, id)| *id);
        }
        let found = known.waves.iter().find(|(name, _)| *name == wave);
        let found = found.map(|(_, id)| *id);
        if found.is_none() {
            let name = known.name.clone();
            self.want(&name, true, &row.wave);
        }
        found
    }

    /// In an event with several races, of which the row names none.
    fn only_wave_named(&self, wave: &str) -> Option<WaveId> {
        let all = self.races.iter().flat_map(|race| &race.waves);
        let mut named = all.filter(|(name, _)| !wave.is_empty() && name == wave);
        let found = named.next().map(|(_, id)| *id);
        found.filter(|_| named.next().is_none())
    }

    fn want(&mut self, race: &str, is_there: bool, wave: &str) {
        let folded = fold(race);
        let at = self.wanted.iter().position(|it| fold(&it.name) == folded);
        let at = at.unwrap_or_else(|| {
            self.wanted.push(RaceWanted {
                name: race.trim().to_owned(),
                is_there,
                distance: distance_in(race),
                waves: Vec::new(),
            });
            self.wanted.len() - 1
        });
        let waves = &mut self.wanted[at].waves;
        let folded = fold(wave);
        if !folded.is_empty() && !waves.iter().any(|known| fold(known) == folded) {
            waves.push(wave.trim().to_owned());
        }
    }

    pub(super) fn wanted(self) -> Vec<RaceWanted> {
        self.wanted
    }
}

/// The distance that a race is called by: `10K`, `5 miles`, `Half Marathon`.
fn distance_in(name: &str) -> Option<(u32, Unit)> {
    let name = name.to_lowercase();
    let signs = name.find(|sign: char| sign.is_ascii_digit());
    if let Some(start) = signs {
        let rest = &name[start..];
        let is_number = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ',');
        let end = rest.find(|sign| !is_number(sign)).unwrap_or(rest.len());
        let number: Option<f64> = rest[..end].replace(',', ".").parse().ok();
        let after = rest[end..].trim_start_matches([' ', '-']);
        let unit = match after {
            _ if after.starts_with("mi") => Some(Unit::Mi),
            _ if after.starts_with('k') => Some(Unit::Km),
            _ => None,
        };
        if let (Some(number), Some(unit)) = (number, unit) {
            let meters = (number * unit.meters()).round();
            let fits = meters >= 1.0 && meters <= f64::from(crate::limits::RACE_DISTANCE_M_MAX);
            return fits.then_some((meters as u32, unit));
        }
    }
    match () {
        () if name.contains("half") => Some((21_098, Unit::Km)),
        () if name.contains("marathon") => Some((42_195, Unit::Km)),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_distance_or_nothing() {
        let check = |name: &str, meters: Option<u32>| {
            assert_eq!(
                distance_in(name).map(|(meters, _)| meters),
                meters,
                "{name}"
            );
        };
        check("10K", Some(10_000));
        check("Harbor 5 km", Some(5_000));
        check("5 Mile Run", Some(8_047));
        check("Half Marathon", Some(21_098));
        check("Marathon", Some(42_195));
        check("21,1 km", Some(21_100));
        check("Relay 2026", None);
        check("Fun Run", None);
    }
}
