//! Any sequence of deeds, undone in reverse, gives each state back that was there before it. One
//! that is refused alters nothing.

use crate::{
    database::Database,
    deeds::State,
    world::{NOW, Side, World, edit, new_deed, new_gun, runner},
};
use model::{Chip, Edit, Gun, GunId, Participant, PointId, TagRange, UnixMicros, WaveId};
use proptest::{prelude::*, test_runner::TestRunner};
use std::collections::BTreeMap;
use store::{Store, StoreError};

/// What somebody does next to one of a few things. What is there is known when it is done.
#[derive(Clone, Debug)]
enum Move {
    Bib {
        who: usize,
        bib: u8,
    },
    Registration {
        who: usize,
        id: Option<u8>,
    },
    ComesOrGoes {
        who: usize,
    },
    Chip {
        who: usize,
        chip: Option<(u8, Option<i64>, Option<i64>)>,
    },
    Gun {
        which: usize,
        at: Option<i64>,
    },
    WaveGun {
        gun: Option<usize>,
    },
    ZeroCount {
        at: Option<i64>,
    },
    Ignored {
        tag: u8,
    },
    SimulatedUntil {
        at: Option<i64>,
    },
}

/// Few enough that bibs, chips and guns meet often.
const PEOPLE: usize = 4;
const GUNS: usize = 2;

fn moves() -> impl Strategy<Value = Vec<Vec<Move>>> {
    let who = || 0..PEOPLE;
    let instant = || prop::option::of(1..4_i64);
    let chip = prop::option::of((0..3_u8, instant(), instant()));
    let one = prop_oneof![
        3 => (who(), 0..5_u8).prop_map(|(who, bib)| Move::Bib { who, bib }),
        2 => (who(), prop::option::of(0..3_u8))
            .prop_map(|(who, id)| Move::Registration { who, id }),
        2 => who().prop_map(|who| Move::ComesOrGoes { who }),
        3 => (who(), chip).prop_map(|(who, chip)| Move::Chip { who, chip }),
        1 => (0..GUNS, instant()).prop_map(|(which, at)| Move::Gun { which, at }),
        1 => prop::option::of(0..GUNS).prop_map(|gun| Move::WaveGun { gun }),
        1 => instant().prop_map(|at| Move::ZeroCount { at }),
        1 => (0..2_u8).prop_map(|tag| Move::Ignored { tag }),
        1 => instant().prop_map(|at| Move::SimulatedUntil { at }),
    ];
    prop::collection::vec(prop::collection::vec(one, 1..6), 1..12)
}

/// What is there, as whoever makes a deed sees it.
#[derive(Clone)]
struct Seen {
    people: Vec<(Participant, bool)>,
    guns: Vec<(Gun, bool)>,
    wave: WaveId,
    wave_gun: Option<GunId>,
    point: PointId,
    zero_count: Option<UnixMicros>,
    ignored: BTreeMap<String, bool>,
    simulated_until: Option<UnixMicros>,
}

impl Seen {
    fn new(side: &Side) -> Self {
        let person = |number: usize| (runner(&number.to_string(), "Bo"), false);
        Self {
            people: (0..PEOPLE).map(person).collect(),
            guns: (0..GUNS).map(|_| (new_gun("X"), false)).collect(),
            wave: side.wave,
            wave_gun: Some(side.gun),
            point: side.point,
            zero_count: Some(UnixMicros(1)),
            ignored: BTreeMap::new(),
            simulated_until: None,
        }
    }

    /// The edit of a move, and what is there after it.
    fn edit(&mut self, of: &Move) -> Edit {
        match of {
            Move::Bib { who, bib } => {
                let none = *bib == 0;
                let bib = if none { String::new() } else { bib.to_string() };
                self.alter(*who, |person| person.bib = bib)
            }
            Move::Registration { who, id } => {
                let id = id.map(|id| format!("R{id}"));
                self.alter(*who, |person| person.registration_id = id)
            }
            Move::ComesOrGoes { who } => {
                let (person, is_there) = &mut self.people[*who];
                *is_there = !*is_there;
                if *is_there {
                    edit(None, Some(person))
                } else {
                    edit(Some(person), None)
                }
            }
            Move::Chip { who, chip } => {
                let chips = chip.iter().map(|(tag, from, to)| Chip {
                    tag: format!("c{tag}"),
                    valid_from: from.map(UnixMicros),
                    valid_to: to.map(UnixMicros),
                });
                let chips: Vec<_> = chips.collect();
                self.alter(*who, |person| {
                    if chips.is_empty() {
                        person.chips.clear();
                    }
                    person.chips.extend(chips);
                })
            }
            Move::Gun { which, at } => {
                let (gun, is_there) = &mut self.guns[*which];
                let before = is_there.then(|| gun.clone());
                *is_there = at.is_some();
                gun.fired_at = at.map_or(gun.fired_at, UnixMicros);
                Edit::Gun {
                    id: gun.id,
                    before,
                    after: is_there.then(|| gun.clone()),
                }
            }
            Move::WaveGun { gun } => {
                let before = self.wave_gun;
                self.wave_gun = gun.map(|gun| self.guns[gun].0.id);
                Edit::WaveGun {
                    wave: self.wave,
                    before,
                    after: self.wave_gun,
                }
            }
            Move::ZeroCount { at } => {
                let before = self.zero_count;
                self.zero_count = at.map(UnixMicros);
                Edit::ZeroCount {
                    point: self.point,
                    before,
                    after: self.zero_count,
                }
            }
            Move::Ignored { tag } => {
                let is_ignored = self.ignored.entry(tag.to_string()).or_default();
                *is_ignored = !*is_ignored;
                Edit::IgnoredTags {
                    tags: TagRange::one(tag.to_string()),
                    before: !*is_ignored,
                    after: *is_ignored,
                }
            }
            Move::SimulatedUntil { at } => {
                let before = self.simulated_until;
                self.simulated_until = at.map(UnixMicros);
                Edit::SimulatedUntil {
                    before,
                    after: self.simulated_until,
                }
            }
        }
    }

    /// Somebody who is not there yet comes with it.
    fn alter(&mut self, who: usize, alter: impl FnOnce(&mut Participant)) -> Edit {
        let (person, is_there) = &mut self.people[who];
        let before = is_there.then(|| person.clone());
        alter(person);
        *is_there = true;
        edit(before.as_ref(), Some(person))
    }
}

#[test]
fn deeds_undone_in_reverse_leave_nothing_on_sqlite() {
    check(Database::Sqlite);
}

#[test]
fn deeds_undone_in_reverse_leave_nothing_on_postgres() {
    check(Database::Postgres);
}

fn check(on: Database) {
    let config = ProptestConfig {
        cases: match on {
            Database::Sqlite => 48,
            Database::Postgres => 12,
        },
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let law = |deeds: Vec<Vec<Move>>| {
        runtime.block_on(async {
            let world = World::new(on).await;
            holds(&*world.store, &world.harbour, deeds).await
        })
    };
    let outcome = TestRunner::new(config).run(&moves(), law);
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

async fn holds(store: &dyn Store, side: &Side, deeds: Vec<Vec<Move>>) -> Result<(), TestCaseError> {
    let (scope, event) = (&side.scope, side.event);
    let mut seen = Seen::new(side);
    let mut done = Vec::new();
    for moves in deeds {
        let before = State::of(store, side).await;
        let mut then = seen.clone();
        let edits: Vec<_> = moves.iter().map(|one| then.edit(one)).collect();
        match store.do_deed(scope, event, new_deed(edits)).await {
            Ok(deed) => {
                done.push((deed, before));
                seen = then;
            }
            Err(
                StoreError::Taken { .. }
                | StoreError::InUse { .. }
                | StoreError::Foreign { .. }
                | StoreError::Invalid { .. },
            ) => {
                prop_assert_eq!(State::of(store, side).await, before);
            }
            Err(error) => panic!("{error}"),
        }
    }
    while let Some((deed, before)) = done.pop() {
        store.undo(scope, event, deed, NOW, "").await.unwrap();
        prop_assert_eq!(State::of(store, side).await, before);
    }
    Ok(())
}
