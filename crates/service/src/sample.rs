//! Whom a template can be tried with: the people of an event's roster as its screens would show
//! them.
//!
//! Owns what is told of them, which is what a public screen may say and nothing beyond it; where
//! nobody has crossed yet, it lends them a time. Knows nothing of how a template looks.

use crate::{Caller, Right, ServiceError, limits, setup::scope_of_event};
use model::{
    Arrival, BoardState, EventId, Participant, Race, Texts, UnixMicros, document::DataField,
    limits::ARRIVALS_MAX,
};
use scoring::RaceBook;
use std::collections::BTreeSet;
use store::{PartnerScope, Store};
use timing::StreamClock;

/// An event as its screens would show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Samples {
    /// With nobody in it yet.
    pub board: BoardState,
    /// All who have a bib, in the order of the roster.
    pub people: Vec<Arrival>,
    /// The names of the roster's own columns.
    pub columns: Vec<String>,
}

impl Samples {
    /// Somebody crosses, after those who are before them in the roster.
    pub fn board_of(&self, index: usize) -> BoardState {
        let mut board = self.board.clone();
        let first = index.saturating_sub(ARRIVALS_MAX - 1);
        let before = self.people.get(first..=index).unwrap_or_default();
        board.arrivals = before.iter().rev().cloned().collect();
        board.runner = board.arrivals.first().cloned();
        board.unofficial = true;
        board
    }
}

pub async fn samples(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    now: UnixMicros,
) -> Result<Samples, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    let Around { board, races } = around(store, &scope, event, now).await?;
    let participants = store.participants(&scope, event).await?;
    let mut columns = BTreeSet::new();
    let mut people = Vec::with_capacity(participants.len());
    for (index, person) in participants.iter().enumerate() {
        if person.bib.is_empty() {
            continue;
        }
        for column in person.custom.keys() {
            if columns.len() < limits::SAMPLE_COLUMNS_MAX && !columns.contains(column) {
                columns.insert(column.clone());
            }
        }
        people.push(crossing(person, index, &races, &board));
    }
    Ok(Samples {
        board,
        people,
        columns: columns.into_iter().collect(),
    })
}

/// The event with these people, the last of whom crosses now. `first` is the place of the first of
/// them among all.
pub async fn crossed(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    (people, first): (&[&Participant], usize),
    now: UnixMicros,
) -> Result<BoardState, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    let Around { board, races } = around(store, &scope, event, now).await?;
    let people = people.iter().enumerate();
    let people = people.map(|(index, person)| crossing(person, first + index, &races, &board));
    let of_them = Samples {
        people: people.collect(),
        columns: Vec::new(),
        board,
    };
    Ok(match of_them.people.len().checked_sub(1) {
        Some(last) => of_them.board_of(last),
        None => of_them.board,
    })
}

/// What an event's screens show whoever crosses.
struct Around {
    board: BoardState,
    races: Vec<Race>,
}

async fn around(
    store: &dyn Store,
    scope: &PartnerScope,
    event: EventId,
    now: UnixMicros,
) -> Result<Around, ServiceError> {
    let of_event = store.event(scope, event).await?;
    let races = store.races(scope, event).await?;
    let guns = store.guns(scope, event).await?;
    let mut points = store.points(scope, event).await?;
    // A screen stands at one point as a rule: the last is where most of them do.
    let point = points.pop().map_or("FINISH".to_owned(), |point| point.name);
    let zone = timing::parse_zone(&of_event.timezone).ok();
    let clock = zone.map(|zone| StreamClock { zone, offset_ms: 0 });
    Ok(Around {
        board: BoardState {
            event: of_event.name,
            event_date: of_event.date,
            points: vec![point],
            races: RaceBook::new(&races, &guns, &[]).clocks(&races),
            utc_offset_s: clock.map(|clock| clock.utc_offset_s(now)),
            ..BoardState::default()
        },
        races,
    })
}

/// How far apart two people cross, and how long the first takes for a kilometer. After so many they
/// begin anew: of tens of thousands the last would take days.
const BETWEEN_MS: u64 = 4_300;
const FIRST_MS_PER_KM: u64 = 183_000;
const PLACES: u64 = 2_000;

/// Somebody at a point, in a time that could be theirs.
fn crossing(person: &Participant, index: usize, races: &[Race], board: &BoardState) -> Arrival {
    let day = &*board.event_date;
    let point = board.points.first().cloned().unwrap_or_default();
    let of_wave = |race: &&Race| race.waves.iter().any(|wave| Some(wave.id) == person.wave);
    let only = || races.first().filter(|_| races.len() == 1);
    let race = races.iter().find(of_wave).or_else(only);
    let distance_m = race.map(|race| race.distance_m);
    let first_ms = u64::from(distance_m.unwrap_or(10_000)) * FIRST_MS_PER_KM / 1_000;
    let place = u64::try_from(index).unwrap_or(0) % PLACES;
    let gun_ms = first_ms + place * BETWEEN_MS;
    let chip_ms = gun_ms.saturating_sub(1_000 * u64::try_from(index % 90).unwrap_or(0));
    let fields = DataField::plain().filter(|field| {
        let own = [DataField::Bib, DataField::Name, DataField::City];
        !own.contains(field)
    });
    let custom = person.custom.keys().cloned().map(DataField::Custom);
    let more = fields.chain(custom).filter_map(|field| {
        let text = person.public_text(&field, day);
        (!text.is_empty()).then(|| (field.name().into_owned(), text))
    });
    Arrival {
        bib: person.bib.clone(),
        name: person.public_name(day),
        city: person.public_city().to_owned(),
        point,
        race: race.map(|race| race.name.clone()).unwrap_or_default(),
        gun_time_ms: Some(gun_ms),
        chip_time_ms: Some(chip_ms),
        distance_m,
        more: Texts(more.collect()),
        // Tells crossings apart; nobody sees it.
        read_time: format!("{day}T{index}"),
        late: false,
    }
}
