//! The rosters that somebody looks through, ready to be searched and sorted.
//!
//! Made from the node's index when it is asked for, and kept as long as that is the same one.

use super::{RosterLine, RosterQuery, RosterWindow, SortBy, WINDOW_ROWS};
use crate::{fuzzy::Index, rpc::RpcError};
use model::{EventId, Participant, WaveId};
use service::{Caller, Node, Right, roster::RosterIndex};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Rosters that are kept ready. The one that was made first makes room.
const READY_MAX: usize = 16;

static READY: Mutex<Vec<(EventId, Arc<Ready>)>> = Mutex::new(Vec::new());
static REVISION: AtomicU64 = AtomicU64::new(1);

struct Ready {
    revision: u64,
    roster: Arc<RosterIndex>,
    waves: Vec<(WaveId, String)>,
    /// Places of people by bib; the texts of `index` are in this order.
    by_bib: Vec<usize>,
    index: Index,
}

/// Of all races, with what they are called.
pub async fn waves(
    node: &Node,
    caller: &Caller,
    event: EventId,
) -> Result<Vec<(WaveId, String)>, RpcError> {
    let (races, _) = service::race::races(node.store(), caller, event).await?;
    let mut waves = Vec::new();
    for race in races {
        for wave in race.waves {
            let name = match wave.name.as_str() {
                "" => race.name.clone(),
                wave => format!("{} · {wave}", race.name),
            };
            waves.push((wave.id, name));
        }
    }
    Ok(waves)
}

pub async fn page(
    node: &Node,
    caller: &Caller,
    event: EventId,
    query: &RosterQuery,
) -> Result<RosterWindow, RpcError> {
    Ok(ready_of(node, caller, event).await?.page(query))
}

/// Those that have one, as places among the people of the roster: by bib, or the best first where
/// they are searched.
pub async fn with_bib(
    node: &Node,
    caller: &Caller,
    event: EventId,
    text: &str,
) -> Result<(Arc<RosterIndex>, Vec<usize>), RpcError> {
    let ready = ready_of(node, caller, event).await?;
    Ok((Arc::clone(&ready.roster), ready.with_bib(text)))
}

async fn ready_of(node: &Node, caller: &Caller, event: EventId) -> Result<Arc<Ready>, RpcError> {
    let scope = service::setup::scope_of_event(node.store(), caller, event, Right::See).await?;
    let waves = waves(node, caller, event).await?;
    let roster = match node.registry.roster(event) {
        Some(roster) => roster,
        // Made a moment ago: it is followed by the next look.
        None => {
            let people = node.store().participants(&scope, event).await;
            let people = people.map_err(service::ServiceError::from)?;
            Arc::new(RosterIndex::new(people, store::BibRule::Auto))
        }
    };
    Ok(ready(event, roster, waves))
}

fn ready(event: EventId, roster: Arc<RosterIndex>, waves: Vec<(WaveId, String)>) -> Arc<Ready> {
    let locked = || READY.lock().unwrap_or_else(PoisonError::into_inner);
    let is_same = |it: &Ready| Arc::ptr_eq(&it.roster, &roster) && it.waves == waves;
    if let Some((_, known)) = locked().iter().find(|(id, it)| *id == event && is_same(it)) {
        return Arc::clone(known);
    }
    let made = Arc::new(Ready::new(roster, waves));
    let mut all = locked();
    all.retain(|(id, _)| *id != event);
    if all.len() == READY_MAX {
        all.remove(0);
    }
    all.push((event, Arc::clone(&made)));
    made
}

impl Ready {
    fn new(roster: Arc<RosterIndex>, waves: Vec<(WaveId, String)>) -> Self {
        let people = roster.people();
        let mut by_bib: Vec<usize> = (0..people.len()).collect();
        by_bib.sort_by_cached_key(|at| bib_key(&people[*at].bib));
        let names: HashMap<_, _> = waves
            .iter()
            .map(|(id, name)| (*id, name.as_str()))
            .collect();
        let index = Index::new(by_bib.iter().map(|at| {
            let person = &people[*at];
            let race = person.wave.and_then(|wave| names.get(&wave).copied());
            let mut text = format!(
                "{} {} {} {} {} {}",
                person.bib,
                person.name(),
                person.city,
                person.team,
                person.division,
                race.unwrap_or_default(),
            );
            let more = person.chips.iter().map(|chip| chip.tag.as_str());
            for word in more.chain(person.registration_id.as_deref()) {
                text.push(' ');
                text.push_str(word);
            }
            text
        }));
        Self {
            revision: REVISION.fetch_add(1, Ordering::Relaxed),
            roster,
            waves,
            by_bib,
            index,
        }
    }

    fn found(&self, text: &str) -> Vec<usize> {
        match text.trim() {
            "" => self.by_bib.clone(),
            text => (self.index.search(text).into_iter())
                .map(|at| self.by_bib[at])
                .collect(),
        }
    }

    fn with_bib(&self, text: &str) -> Vec<usize> {
        let mut found = self.found(text);
        let people = self.roster.people();
        found.retain(|at| !people[*at].bib.is_empty());
        found
    }

    fn page(&self, query: &RosterQuery) -> RosterWindow {
        let people = self.roster.people();
        let mut found = self.found(&query.text);
        if let Some((by, descending)) = query.sort {
            self.sort(&mut found, by);
            if descending {
                found.reverse();
            }
        }
        let rows = found.iter().skip(query.offset);
        let rows = rows.take(query.limit.min(2 * WINDOW_ROWS));
        RosterWindow {
            revision: self.revision,
            total: people.len(),
            found: found.len(),
            rows: rows.map(|at| self.line(&people[*at])).collect(),
        }
    }

    fn sort(&self, found: &mut [usize], by: SortBy) {
        let people = self.roster.people();
        let low = |text: &str| (text.is_empty(), text.to_lowercase());
        let mut by_text = |text: &dyn Fn(&Participant) -> String| {
            found.sort_by_cached_key(|at| (low(&text(&people[*at])), bib_key(&people[*at].bib)));
        };
        match by {
            SortBy::Bib => found.sort_by_cached_key(|at| bib_key(&people[*at].bib)),
            SortBy::Age => found.sort_by_cached_key(|at| {
                let person = &people[*at];
                (person.age.is_none(), person.age, bib_key(&person.bib))
            }),
            SortBy::Name => by_text(&|it| format!("{} {}", it.last_name, it.first_name)),
            SortBy::Race => by_text(&|it| self.race(it)),
            SortBy::Gender => by_text(&|it| it.gender.clone()),
            SortBy::City => by_text(&|it| it.city.clone()),
            SortBy::Team => by_text(&|it| team(it).to_owned()),
        }
    }

    fn race(&self, person: &Participant) -> String {
        let wave = self.waves.iter().find(|(id, _)| Some(*id) == person.wave);
        wave.map(|(_, name)| name.clone()).unwrap_or_default()
    }

    fn line(&self, person: &Participant) -> RosterLine {
        let chips = person.chips.iter().filter(|chip| chip.valid_to.is_none());
        let chips: Vec<_> = chips.map(|chip| chip.tag.as_str()).collect();
        RosterLine {
            id: person.id,
            bib: person.bib.clone(),
            name: person.name(),
            race: self.race(person),
            gender: person.gender.clone(),
            age: person.age,
            city: person.city.clone(),
            team: team(person).to_owned(),
            chips: chips.join(", "),
            withdrawn: person.withdrawn,
            private: person.private,
            edited: !person.hand_edited.is_empty(),
        }
    }
}

fn team(person: &Participant) -> &str {
    if person.team.is_empty() {
        &person.division
    } else {
        &person.team
    }
}

/// Numbers by their size, then bibs with letters, then those without a bib.
fn bib_key(bib: &str) -> (u8, u64, String) {
    match bib.trim().parse() {
        Ok(number) => (0, number, String::new()),
        Err(_) if bib.is_empty() => (2, 0, String::new()),
        Err(_) => {
            let letters = bib.trim_end_matches(|sign: char| sign.is_ascii_digit());
            let number = bib[letters.len()..].parse().unwrap_or(0);
            (1, number, letters.to_lowercase())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Chip, ParticipantId};
    use store::BibRule;

    fn person(bib: &str, name: &str, city: &str) -> Participant {
        let nobody = ParticipantId("00000000-0000-7000-8000-000000000000".parse().unwrap());
        let (first, last) = name.split_once(' ').unwrap();
        Participant {
            bib: bib.to_owned(),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            city: city.to_owned(),
            chips: vec![Chip::always(format!("A{bib}"))],
            ..Participant::new(nobody)
        }
    }

    #[test]
    fn it_is_found_with_a_mistake_and_sorted_by_size() {
        let people = vec![
            person("100", "Ana Okafor", "Harbor"),
            person("7", "Bo Lindqvist", "Fernhill"),
            person("W2", "Cy Żółć", "Harbor"),
            person("", "Dee Arden", ""),
            person("20", "Eli Okafor", "Fernhill"),
        ];
        let ready = Ready::new(
            Arc::new(RosterIndex::new(people, BibRule::Auto)),
            Vec::new(),
        );
        let check = |text: &str, sort: Option<(SortBy, bool)>, bibs: &[&str]| {
            let query = RosterQuery {
                text: text.to_owned(),
                sort,
                offset: 0,
                limit: 10,
            };
            let page = ready.page(&query);
            let shown: Vec<_> = page.rows.iter().map(|row| row.bib.as_str()).collect();
            assert_eq!(shown, bibs, "{text} {sort:?}");
            assert_eq!((page.found, page.total), (bibs.len(), 5));
        };
        check("", None, &["7", "20", "100", "W2", ""]);
        check("okafro", None, &["20", "100"]);
        check("a100", None, &["100"]);
        check("zolc", None, &["W2"]);
        check("nobody", None, &[]);
        check("okafor", Some((SortBy::Bib, true)), &["100", "20"]);
        check(
            "",
            Some((SortBy::City, false)),
            &["7", "20", "100", "W2", ""],
        );
        let query = RosterQuery {
            offset: 2,
            limit: 2,
            ..RosterQuery::default()
        };
        assert_eq!(ready.page(&query).rows.len(), 2);

        let check = |text: &str, bibs: &[&str]| {
            let people = ready.roster.people();
            let found = ready.with_bib(text).into_iter();
            let found: Vec<_> = found.map(|at| people[at].bib.as_str()).collect();
            assert_eq!(found, bibs, "{text}");
        };
        check(" ", &["7", "20", "100", "W2"]);
        check("okafro", &["20", "100"]);
        check("dee arden", &[]);
    }
}
