use crate::{
    database::Database,
    world::{NOW, Side, World, edit, new_deed, new_gun, runner},
};
use model::{
    Chip, DeedId, Edit, EventId, Field, Gun, GunId, GunSource, Participant, PointId, TagRange,
    UnixMicros, WaveId,
};
use std::collections::BTreeSet;
use store::{Deed, NewDeed, Store, StoreError, limits};
use uuid::Uuid;

on_both! {
    each_kind_of_edit_is_done_and_undone,
    deeds_are_listed_newest_first,
    an_edit_that_finds_something_else_does_nothing,
    edits_of_one_thing_follow_on_each_other,
    what_was_altered_since_is_not_undone,
    a_deed_is_undone_once,
    an_undo_is_undone,
    a_gun_that_started_a_wave_stays,
    what_is_elsewhere_is_foreign,
    odd_deeds_are_refused,
}

pub async fn done(store: &dyn Store, side: &Side, edits: Vec<Edit>) -> DeedId {
    let deed = store.do_deed(&side.scope, side.event, new_deed(edits));
    deed.await.unwrap()
}

pub async fn refused(store: &dyn Store, side: &Side, edits: Vec<Edit>) -> StoreError {
    let deed = store.do_deed(&side.scope, side.event, new_deed(edits));
    deed.await.unwrap_err()
}

pub async fn undone(store: &dyn Store, side: &Side, deed: DeedId) -> Result<DeedId, StoreError> {
    let by = "bo@example.com";
    store.undo(&side.scope, side.event, deed, NOW, by).await
}

pub async fn ada(store: &dyn Store, side: &Side) -> Participant {
    let ada = store.participant(&side.scope, side.event, side.runner);
    ada.await.unwrap()
}

pub fn with_bib(person: &Participant, bib: &str) -> Participant {
    Participant {
        bib: bib.to_owned(),
        ..person.clone()
    }
}

pub fn with_chips(person: &Participant, chips: Vec<Chip>) -> Participant {
    Participant {
        chips,
        ..person.clone()
    }
}

fn gun_edit(before: Option<&Gun>, after: Option<&Gun>) -> Edit {
    Edit::Gun {
        id: before.or(after).unwrap().id,
        before: before.cloned(),
        after: after.cloned(),
    }
}

async fn each_kind_of_edit_is_done_and_undone(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (store, Side { scope, event, .. }) = (&**store, harbour);
    let ada = ada(store, harbour).await;
    let altered = Participant {
        city: "Graz".to_owned(),
        withdrawn: true,
        wave: None,
        chips: vec![Chip::always("BEEF"), Chip::always("F00D")],
        hand_edited: BTreeSet::from([Field::City, Field::Chips]),
        ..ada.clone()
    };
    let pressed = store.guns(scope, *event).await.unwrap().remove(0);
    let corrected = Gun {
        fired_at: NOW.plus_ms(-200),
        ..pressed.clone()
    };
    let second = new_gun("Wave B");
    let point = harbour.point;
    let zero_count = |before, after| Edit::ZeroCount {
        point,
        before,
        after,
    };
    let ignored = |tag: &str, before, after| Edit::IgnoredTags {
        tags: TagRange::one(tag.to_owned()),
        before,
        after,
    };
    let until = |before, after| Edit::SimulatedUntil { before, after };
    let wave_gun = |before, after| Edit::WaveGun {
        wave: harbour.wave,
        before,
        after,
    };
    let some = |at| Some(UnixMicros(at));
    let before = State::of(store, harbour).await;
    let check = async |edits: Vec<Edit>, alter: &dyn Fn(&mut State)| {
        let deed = done(store, harbour, edits.clone()).await;
        let mut expected = before.clone();
        alter(&mut expected);
        assert_eq!(State::of(store, harbour).await, expected, "{edits:?}");
        assert_ne!(expected, before, "{edits:?}");
        undone(store, harbour, deed).await.unwrap();
        assert_eq!(State::of(store, harbour).await, before, "{edits:?}");
    };
    check(vec![edit(Some(&ada), Some(&altered))], &|state| {
        state.people = vec![altered.clone()];
    })
    .await;
    let bo = runner("102", "Bo");
    check(vec![edit(None, Some(&bo))], &|state| {
        state.people.push(bo.clone());
    })
    .await;
    check(vec![edit(Some(&ada), None)], &|state| state.people.clear()).await;
    check(vec![gun_edit(None, Some(&second))], &|state| {
        state.guns.push(second.clone());
    })
    .await;
    check(vec![gun_edit(Some(&pressed), Some(&corrected))], &|state| {
        state.guns = vec![corrected.clone()];
    })
    .await;
    let off = wave_gun(Some(pressed.id), None);
    check(vec![off.clone()], &|state| state.wave_guns = vec![None]).await;
    check(vec![off, gun_edit(Some(&pressed), None)], &|state| {
        (state.guns, state.wave_guns) = (Vec::new(), vec![None]);
    })
    .await;
    check(vec![zero_count(some(1), None)], &|state| {
        state.zero_counts.clear();
    })
    .await;
    check(vec![zero_count(some(1), some(2))], &|state| {
        state.zero_counts = vec![(point, UnixMicros(2))];
    })
    .await;
    check(vec![ignored("TEST", true, false)], &|state| {
        state.ignored.clear();
    })
    .await;
    check(vec![ignored("9001", false, true)], &|state| {
        state.ignored.insert(0, TagRange::one("9001".to_owned()));
    })
    .await;
    check(vec![until(None, some(7))], &|state| {
        state.simulated_until = some(7);
    })
    .await;
}

/// All that deeds can alter.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    people: Vec<Participant>,
    guns: Vec<Gun>,
    wave_guns: Vec<Option<GunId>>,
    zero_counts: Vec<(PointId, UnixMicros)>,
    ignored: Vec<TagRange>,
    simulated_until: Option<UnixMicros>,
}

impl State {
    pub async fn of(store: &dyn Store, side: &Side) -> Self {
        let Side { scope, event, .. } = side;
        let races = store.races(scope, *event).await.unwrap();
        let waves = races.iter().flat_map(|race| &race.waves);
        Self {
            people: side.people(store).await,
            guns: store.guns(scope, *event).await.unwrap(),
            wave_guns: waves.map(|wave| wave.gun).collect(),
            zero_counts: store.zero_counts(scope, *event).await.unwrap(),
            ignored: store.ignored_tags(scope, *event).await.unwrap(),
            simulated_until: store.event(scope, *event).await.unwrap().simulated_until,
        }
    }
}

async fn deeds_are_listed_newest_first(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (store, Side { scope, event, .. }) = (&**store, harbour);
    let add = |bib: &str, at: i64| NewDeed {
        at: NOW.plus_ms(at),
        by: format!("{bib}@example.com"),
        summary: format!("bib {bib} is new"),
        edits: vec![edit(None, Some(&runner(bib, "Bo")))],
    };
    let first = store.do_deed(scope, *event, add("102", 1)).await.unwrap();
    let second = store.do_deed(scope, *event, add("103", 2)).await.unwrap();
    let back = store.undo(scope, *event, first, NOW.plus_ms(3), "cy");
    let back = back.await.unwrap();
    let deed = |id, at, by: &str, summary: &str, undone_by| Deed {
        id,
        at: NOW.plus_ms(at),
        by: by.to_owned(),
        summary: summary.to_owned(),
        undone_by,
    };
    let all = store.deeds(scope, *event, 10).await.unwrap();
    assert_eq!(
        all,
        [
            deed(back, 3, "cy", "undo: bib 102 is new", None),
            deed(second, 2, "103@example.com", "bib 103 is new", None),
            deed(first, 1, "102@example.com", "bib 102 is new", Some(back)),
            deed(harbour.deed, 0, "ada@example.com", "set up", None),
        ]
    );
    assert_eq!(store.deeds(scope, *event, 2).await.unwrap(), all[..2]);
}

async fn an_edit_that_finds_something_else_does_nothing(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let ada = ada(store, harbour).await;
    let other = Participant {
        city: "Graz".to_owned(),
        ..ada.clone()
    };
    let bo = runner("102", "Bo");
    let pressed = store.guns(&harbour.scope, harbour.event).await.unwrap();
    let pressed = &pressed[0];
    let typed = Gun {
        source: GunSource::Typed,
        ..pressed.clone()
    };
    let point = harbour.point;
    let (wave, gun) = (harbour.wave, harbour.gun);
    let at = |at| Some(UnixMicros(at));
    let ignored = |tag: &str, before, after| Edit::IgnoredTags {
        tags: TagRange::one(tag.to_owned()),
        before,
        after,
    };
    let zero_count = |before, after| Edit::ZeroCount {
        point,
        before,
        after,
    };
    let before = State::of(store, harbour).await;
    let deeds = store.deeds(&harbour.scope, harbour.event, 9).await.unwrap();
    for stale in [
        edit(Some(&other), Some(&ada)),
        edit(Some(&other), None),
        edit(Some(&bo), Some(&bo)),
        edit(None, Some(&ada)),
        gun_edit(None, Some(pressed)),
        gun_edit(Some(&typed), Some(pressed)),
        gun_edit(Some(&new_gun("X")), None),
        Edit::WaveGun {
            wave,
            before: None,
            after: Some(gun),
        },
        zero_count(None, at(5)),
        zero_count(at(2), None),
        ignored("TEST", false, true),
        ignored("9001", true, false),
        Edit::SimulatedUntil {
            before: at(1),
            after: None,
        },
    ] {
        // What goes well before it is not done either.
        let fine = edit(None, Some(&runner("105", "Di")));
        let error = refused(store, harbour, vec![fine, stale.clone()]).await;
        assert!(
            matches!(error, StoreError::Stale { .. }),
            "{stale:?}: {error}"
        );
    }
    assert_eq!(State::of(store, harbour).await, before);
    let after = store.deeds(&harbour.scope, harbour.event, 9).await.unwrap();
    assert_eq!(after, deeds);
}

async fn edits_of_one_thing_follow_on_each_other(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let before = State::of(store, harbour).await;
    let (bo, gun) = (runner("102", "Bo"), new_gun("B"));
    let renamed = with_bib(&bo, "104");
    let later = Gun {
        fired_at: NOW.plus_ms(1),
        ..gun.clone()
    };
    let deed = vec![
        edit(None, Some(&bo)),
        gun_edit(None, Some(&gun)),
        edit(Some(&bo), Some(&renamed)),
        gun_edit(Some(&gun), Some(&later)),
    ];
    let deed = done(store, harbour, deed).await;
    let after = State::of(store, harbour).await;
    assert_eq!(after.people[1..], [renamed]);
    assert_eq!(after.guns[1..], [later]);
    undone(store, harbour, deed).await.unwrap();
    assert_eq!(State::of(store, harbour).await, before);
    // Somebody who comes and goes within it leaves nothing.
    let nothing = vec![edit(None, Some(&bo)), edit(Some(&bo), None)];
    done(store, harbour, nothing).await;
    assert_eq!(State::of(store, harbour).await, before);
}

async fn what_was_altered_since_is_not_undone(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let bo = runner("102", "Bo");
    let renamed = with_bib(&bo, "104");
    let first = done(store, harbour, vec![edit(None, Some(&bo))]).await;
    let second = done(store, harbour, vec![edit(Some(&bo), Some(&renamed))]).await;
    let before = State::of(store, harbour).await;
    let error = undone(store, harbour, first).await.unwrap_err();
    assert!(matches!(error, StoreError::Stale { .. }), "{error}");
    assert_eq!(State::of(store, harbour).await, before);
    // The bib that it would give back is another's by now.
    done(store, harbour, vec![edit(None, Some(&runner("102", "Cy")))]).await;
    let error = undone(store, harbour, second).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Taken { what: "bib" }),
        "{error}"
    );
    // A point that a mark was at is gone.
    let (scope, event) = (&harbour.scope, harbour.event);
    let turn = store.ensure_point(scope, event, "Turn").await.unwrap();
    let mark = |before, after| Edit::ZeroCount {
        point: turn,
        before,
        after,
    };
    let made = done(store, harbour, vec![mark(None, Some(NOW))]).await;
    let gone = done(store, harbour, vec![mark(Some(NOW), None)]).await;
    store.remove_point(scope, turn).await.unwrap();
    for deed in [made, gone] {
        let error = undone(store, harbour, deed).await.unwrap_err();
        assert!(matches!(error, StoreError::Stale { .. }), "{error}");
    }
}

async fn a_deed_is_undone_once(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let store = &**store;
    undone(store, harbour, harbour.deed).await.unwrap();
    let before = State::of(store, harbour).await;
    let error = undone(store, harbour, harbour.deed).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Stale { what: "deed" }),
        "{error}"
    );
    for other in [meadow.deed, DeedId(Uuid::now_v7())] {
        let error = undone(store, harbour, other).await.unwrap_err();
        assert!(
            matches!(error, StoreError::NotFound { what: "deed" }),
            "{error}"
        );
    }
    assert_eq!(State::of(store, harbour).await, before);
}

async fn an_undo_is_undone(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let there = State::of(store, harbour).await;
    let mut last = undone(store, harbour, harbour.deed).await.unwrap();
    let gone = State::of(store, harbour).await;
    assert_ne!(there, gone);
    for expected in [&there, &gone, &there, &gone] {
        last = undone(store, harbour, last).await.unwrap();
        assert_eq!(State::of(store, harbour).await, *expected);
    }
}

async fn a_gun_that_started_a_wave_stays(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let guns = store.guns(&harbour.scope, harbour.event).await.unwrap();
    let error = refused(store, harbour, vec![gun_edit(Some(&guns[0]), None)]).await;
    assert!(
        matches!(error, StoreError::InUse { what: "gun" }),
        "{error}"
    );
    assert_eq!(
        store.guns(&harbour.scope, harbour.event).await.unwrap(),
        guns
    );
}

async fn what_is_elsewhere_is_foreign(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let store = &**store;
    let others = ada(store, meadow).await;
    let others_gun = store.guns(&meadow.scope, meadow.event).await.unwrap();
    let wave_gun = |wave, before, after| Edit::WaveGun {
        wave,
        before,
        after,
    };
    let zero_count = |point| Edit::ZeroCount {
        point,
        before: None,
        after: Some(NOW),
    };
    let mut own = with_chips(&with_bib(&others, "500"), vec![]);
    own.wave = None;
    let of_theirs = Participant {
        wave: Some(meadow.wave),
        ..runner("501", "Bo")
    };
    let gone = new_gun("gone");
    let deed = done(store, harbour, vec![gun_edit(None, Some(&gone))]).await;
    undone(store, harbour, deed).await.unwrap();
    let both = [
        State::of(store, harbour).await,
        State::of(store, meadow).await,
    ];
    for foreign in [
        edit(None, Some(&own)),
        edit(None, Some(&of_theirs)),
        gun_edit(None, Some(&others_gun[0])),
        wave_gun(meadow.wave, Some(meadow.gun), None),
        wave_gun(WaveId(Uuid::now_v7()), None, None),
        wave_gun(harbour.wave, Some(harbour.gun), Some(meadow.gun)),
        wave_gun(harbour.wave, Some(harbour.gun), Some(gone.id)),
        zero_count(meadow.point),
        zero_count(PointId(Uuid::now_v7())),
    ] {
        let error = refused(store, harbour, vec![foreign.clone()]).await;
        assert!(
            matches!(error, StoreError::Foreign { .. }),
            "{foreign:?}: {error}"
        );
    }
    for seen in [
        edit(Some(&others), None),
        gun_edit(Some(&others_gun[0]), None),
    ] {
        let error = refused(store, harbour, vec![seen]).await;
        assert!(matches!(error, StoreError::Stale { .. }), "{error}");
    }
    let event = EventId(Uuid::now_v7());
    let deed = new_deed(vec![edit(None, Some(&runner("502", "Bo")))]);
    let error = store
        .do_deed(&harbour.scope, event, deed)
        .await
        .unwrap_err();
    assert!(
        matches!(error, StoreError::NotFound { what: "event" }),
        "{error}"
    );
    let after = [
        State::of(store, harbour).await,
        State::of(store, meadow).await,
    ];
    assert_eq!(after, both);
}

async fn odd_deeds_are_refused(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let store = &**store;
    let check = async |deed: NewDeed, is_too_many: bool| {
        let error = store.do_deed(&harbour.scope, harbour.event, deed).await;
        let error = error.unwrap_err();
        let fits = match error {
            StoreError::TooMany { .. } => is_too_many,
            StoreError::Invalid { .. } => !is_too_many,
            _ => false,
        };
        assert!(fits, "{error}");
    };
    let ignore = |first: &str, last: &str| Edit::IgnoredTags {
        tags: TagRange {
            first: first.to_owned(),
            last: last.to_owned(),
        },
        before: false,
        after: true,
    };
    let fine = || vec![ignore("1", "2")];
    check(new_deed(vec![]), false).await;
    for summary in ["two\nlines", &"x".repeat(limits::DEED_CHARS_MAX + 1)] {
        let deed = NewDeed {
            summary: summary.to_owned(),
            ..new_deed(fine())
        };
        check(deed, false).await;
        let deed = NewDeed {
            by: summary.to_owned(),
            ..new_deed(fine())
        };
        check(deed, false).await;
    }
    let toggles = |edits: usize| {
        let toggle = |at: usize| Edit::IgnoredTags {
            tags: TagRange::one("1".to_owned()),
            before: at % 2 == 1,
            after: at.is_multiple_of(2),
        };
        (0..edits).map(toggle).collect::<Vec<_>>()
    };
    check(new_deed(toggles(limits::EDITS_PER_DEED_MAX + 1)), true).await;
    done(store, harbour, toggles(limits::EDITS_PER_DEED_MAX)).await;
    for (first, last) in [("", ""), ("007", "9"), ("a", "A"), ("\0", "\0")] {
        check(new_deed(vec![ignore(first, last)]), false).await;
    }
    let mut wrong = edit(None, Some(&runner("102", "Bo")));
    if let Edit::Participant { id, .. } = &mut wrong {
        *id = store::new_participant_id();
    }
    check(new_deed(vec![wrong]), false).await;
    let nameless = Gun {
        device_key: Some(String::new()),
        ..new_gun("X")
    };
    check(new_deed(vec![gun_edit(None, Some(&nameless))]), false).await;
    // One is there already.
    let most = limits::IGNORED_RANGES_PER_EVENT_MAX - 1;
    let many = (0..most).map(|number| ignore(&format!("T{number}"), "Z"));
    done(store, harbour, many.collect()).await;
    check(new_deed(fine()), true).await;
}
