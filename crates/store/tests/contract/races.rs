use crate::{
    database::Database,
    world::{NOW, Side, World, edit, new_deed, new_event, new_race},
};
use model::{CoursePoint, Edit, Gun, GunSource, PointId, RaceId, Unit, WaveId};
use store::{DeviceGun, NewRace, NewWave, RaceChange, StoreError, WaveChange, limits};
use uuid::Uuid;

on_both! {
    a_race_is_kept_with_its_course_and_waves,
    names_are_given_once,
    a_course_goes_past_points_of_its_own_event,
    what_somebody_is_entered_in_stays,
    a_race_keeps_one_wave,
    what_is_not_there_is_not_found,
    races_waves_and_passages_are_counted,
    a_devices_gun_is_known_again,
}

fn named(side: &Side, name: &str) -> NewRace {
    NewRace {
        name: name.to_owned(),
        ..new_race(side.event)
    }
}

fn wave(race: RaceId, name: &str) -> NewWave {
    NewWave {
        race,
        name: name.to_owned(),
        scheduled_at: None,
    }
}

fn passed(point: PointId) -> CoursePoint {
    CoursePoint {
        point,
        distance_m: None,
    }
}

async fn a_race_is_kept_with_its_course_and_waves(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side {
        scope,
        event,
        point,
        ..
    } = harbour;
    let turn = store.ensure_point(scope, *event, "Turn").await.unwrap();
    let race = NewRace {
        distance_m: 42_195,
        unit: Unit::Mi,
        ..named(harbour, " Marathon ")
    };
    let race = store.create_race(scope, race).await.unwrap();
    let passage = |point, distance_m| CoursePoint { point, distance_m };
    // The turn is passed on both laps.
    let course = vec![
        passage(turn, Some(10_000)),
        passage(*point, None),
        passage(turn, Some(31_000)),
        passage(*point, Some(42_195)),
    ];
    let change = RaceChange {
        course: Some(course.clone()),
        ..RaceChange::default()
    };
    store.update_race(scope, race, change).await.unwrap();
    let elite = NewWave {
        scheduled_at: Some(NOW),
        ..wave(race, "Elite")
    };
    let elite = store.create_wave(scope, elite).await.unwrap();

    let races = store.races(scope, *event).await.unwrap();
    assert_eq!(races.len(), 2, "that of the world comes first");
    let stored = &races[1];
    assert_eq!((stored.id, stored.name.as_str()), (race, "Marathon"));
    assert_eq!((stored.distance_m, stored.unit), (42_195, Unit::Mi));
    assert_eq!(stored.course, course);
    let [first, second] = &stored.waves[..] else {
        panic!("{stored:?}");
    };
    assert_eq!((first.name.as_str(), first.scheduled_at), ("", None));
    assert_eq!((second.id, second.name.as_str()), (elite, "Elite"));
    assert_eq!((second.scheduled_at, second.gun), (Some(NOW), None));

    let change = WaveChange {
        name: Some("Elite women".to_owned()),
        scheduled_at: Some(None),
    };
    store.update_wave(scope, elite, change).await.unwrap();
    let change = RaceChange {
        name: Some("Half".to_owned()),
        distance_m: Some(21_098),
        unit: Some(Unit::Km),
        course: Some(vec![passed(*point)]),
    };
    store.update_race(scope, race, change).await.unwrap();
    let unchanged = store.races(scope, *event).await.unwrap();
    let change = RaceChange::default();
    store.update_race(scope, race, change).await.unwrap();
    let stored = store.races(scope, *event).await.unwrap();
    assert_eq!(stored, unchanged);
    let half = &stored[1];
    assert_eq!((half.name.as_str(), half.distance_m), ("Half", 21_098));
    assert_eq!((half.unit, half.course.len()), (Unit::Km, 1));
    assert_eq!(half.waves[1].name, "Elite women");
    assert_eq!(half.waves[1].scheduled_at, None);

    store.remove_wave(scope, elite).await.unwrap();
    store.remove_race(scope, race).await.unwrap();
    assert_eq!(store.races(scope, *event).await.unwrap(), races[..1]);
}

async fn names_are_given_once(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side { scope, event, .. } = harbour;
    let taken = |error: StoreError| assert!(matches!(error, StoreError::Taken { .. }), "{error}");
    taken(
        store
            .create_race(scope, named(harbour, "10 KM"))
            .await
            .unwrap_err(),
    );
    let five = store
        .create_race(scope, named(harbour, "5 km"))
        .await
        .unwrap();
    let rename = |name: &str| RaceChange {
        name: Some(name.to_owned()),
        ..RaceChange::default()
    };
    taken(
        store
            .update_race(scope, five, rename("10 km"))
            .await
            .unwrap_err(),
    );
    store
        .update_race(scope, five, rename("5 KM"))
        .await
        .unwrap();
    taken(store.create_wave(scope, wave(five, "")).await.unwrap_err());
    let a = store.create_wave(scope, wave(five, "A")).await.unwrap();
    taken(store.create_wave(scope, wave(five, "a")).await.unwrap_err());
    let rename = |name: &str| WaveChange {
        name: Some(name.to_owned()),
        ..WaveChange::default()
    };
    taken(store.update_wave(scope, a, rename("")).await.unwrap_err());
    store.update_wave(scope, a, rename("a")).await.unwrap();
    // Another race and another event have names of their own.
    store
        .create_wave(scope, wave(harbour.race, "A"))
        .await
        .unwrap();
    let other = store.create_event(scope, new_event("Other")).await.unwrap();
    store.create_race(scope, new_race(other)).await.unwrap();
    assert_eq!(store.races(scope, *event).await.unwrap().len(), 2);
}

async fn a_course_goes_past_points_of_its_own_event(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let scope = &harbour.scope;
    let before = store.races(scope, harbour.event).await.unwrap();
    let other = store.create_event(scope, new_event("Other")).await.unwrap();
    let elsewhere = store.ensure_point(scope, other, "Turn").await.unwrap();
    for point in [elsewhere, meadow.point, PointId(Uuid::now_v7())] {
        let change = RaceChange {
            name: Some("Never".to_owned()),
            course: Some(vec![passed(harbour.point), passed(point)]),
            ..RaceChange::default()
        };
        let error = store.update_race(scope, harbour.race, change).await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, StoreError::Foreign { what: "point" }),
            "{error}"
        );
    }
    assert_eq!(store.races(scope, harbour.event).await.unwrap(), before);
}

async fn what_somebody_is_entered_in_stays(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side {
        scope,
        event,
        race,
        wave: entered,
        ..
    } = harbour;
    let spare = store
        .create_wave(scope, wave(*race, "Spare"))
        .await
        .unwrap();
    let in_use = |error: StoreError| assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    in_use(store.remove_wave(scope, *entered).await.unwrap_err());
    in_use(store.remove_race(scope, *race).await.unwrap_err());
    let races = store.races(scope, *event).await.unwrap();
    assert_eq!((races[0].waves.len(), races[0].course.len()), (2, 1));
    store.remove_wave(scope, spare).await.unwrap();
    let ada = harbour.people(&**store).await.remove(0);
    let gone = new_deed(vec![edit(Some(&ada), None)]);
    store.do_deed(scope, *event, gone).await.unwrap();
    store.remove_race(scope, *race).await.unwrap();
    assert!(store.races(scope, *event).await.unwrap().is_empty());
}

async fn a_race_keeps_one_wave(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let race = store
        .create_race(scope, named(harbour, "5 km"))
        .await
        .unwrap();
    let only = store.races(scope, harbour.event).await.unwrap()[1].waves[0].id;
    let error = store.remove_wave(scope, only).await.unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    let second = store.create_wave(scope, wave(race, "B")).await.unwrap();
    store.remove_wave(scope, only).await.unwrap();
    let error = store.remove_wave(scope, second).await.unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
}

async fn what_is_not_there_is_not_found(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let (race, no_wave) = (RaceId(Uuid::now_v7()), WaveId(Uuid::now_v7()));
    let nowhere = NewRace {
        event: model::EventId(Uuid::now_v7()),
        ..named(harbour, "X")
    };
    for error in [
        store.create_race(scope, nowhere).await.unwrap_err(),
        store
            .update_race(scope, race, RaceChange::default())
            .await
            .unwrap_err(),
        store.remove_race(scope, race).await.unwrap_err(),
        store.create_wave(scope, wave(race, "")).await.unwrap_err(),
        store
            .update_wave(scope, no_wave, WaveChange::default())
            .await
            .unwrap_err(),
        store.remove_wave(scope, no_wave).await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
}

async fn races_waves_and_passages_are_counted(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let too_many = |error: StoreError| {
        assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
    };
    for number in 1..limits::RACES_PER_EVENT_MAX {
        let race = named(harbour, &format!("Race {number}"));
        store.create_race(scope, race).await.unwrap();
    }
    too_many(
        store
            .create_race(scope, named(harbour, "X"))
            .await
            .unwrap_err(),
    );
    for number in 1..limits::WAVES_PER_RACE_MAX {
        let wave = wave(harbour.race, &number.to_string());
        store.create_wave(scope, wave).await.unwrap();
    }
    too_many(
        store
            .create_wave(scope, wave(harbour.race, "X"))
            .await
            .unwrap_err(),
    );
    let lap = passed(harbour.point);
    let laps = |laps: usize| RaceChange {
        course: Some(vec![lap; laps]),
        ..RaceChange::default()
    };
    let most = limits::COURSE_POINTS_PER_RACE_MAX;
    store
        .update_race(scope, harbour.race, laps(most))
        .await
        .unwrap();
    too_many(
        store
            .update_race(scope, harbour.race, laps(most + 1))
            .await
            .unwrap_err(),
    );
}

async fn a_devices_gun_is_known_again(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side { scope, event, .. } = harbour;
    let told = |key: &str| DeviceGun {
        event: *event,
        device_key: key.to_owned(),
        name: "Gun 1".to_owned(),
        fired_at: NOW.plus_ms(-5_000),
    };
    let note = async |key: &str| store.note_device_gun(scope, told(key)).await.unwrap();
    let id = note("START~8:00:00").await.unwrap();
    assert_eq!(note("START~8:00:00").await, None);
    let guns = store.guns(scope, *event).await.unwrap();
    assert_eq!(guns.len(), 2, "the earliest first");
    let gun = Gun {
        id,
        name: "Gun 1".to_owned(),
        fired_at: NOW.plus_ms(-5_000),
        source: GunSource::Device,
        device_key: Some("START~8:00:00".to_owned()),
    };
    assert_eq!(guns[0], gun);

    let corrected = Gun {
        fired_at: NOW.plus_ms(-4_000),
        source: GunSource::Typed,
        ..gun.clone()
    };
    let alter = async |before: Option<&Gun>, after: Option<&Gun>| {
        let edit = Edit::Gun {
            id,
            before: before.cloned(),
            after: after.cloned(),
        };
        store
            .do_deed(scope, *event, new_deed(vec![edit]))
            .await
            .unwrap()
    };
    alter(Some(&gun), Some(&corrected)).await;
    assert_eq!(note("START~8:00:00").await, None);
    assert_eq!(store.guns(scope, *event).await.unwrap()[0], corrected);
    let gone = alter(Some(&corrected), None).await;
    assert_eq!(note("START~8:00:00").await, None, "somebody took it back");
    assert_eq!(store.guns(scope, *event).await.unwrap().len(), 1);
    assert!(note("START~8:10:00").await.is_some());
    store.undo(scope, *event, gone, NOW, "").await.unwrap();
    assert_eq!(store.guns(scope, *event).await.unwrap().len(), 3);

    for key in ["", "a\0b", &"x".repeat(limits::DEVICE_KEY_CHARS_MAX + 1)] {
        let error = store.note_device_gun(scope, told(key)).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
    }
}
