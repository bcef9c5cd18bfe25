use crate::{
    database::Database,
    world::{
        NOW, Side, World, edit, new_deed, new_display, new_event, new_gun, new_message, new_race,
        new_stream, new_template, runner,
    },
};
use model::Edit;
use std::{sync::Arc, time::Duration};
use store::{
    BibRule, Change, ChangeFollower, ChangeKind, Changes, DeviceGun, DraftSave, EventChange,
    NewWave, Protocol, Publication, RaceChange, RosterWrite, ShowChange, Store, StreamChange,
    WaveChange, limits,
};
use uuid::Uuid;

on_both! {
    every_mutation_tells_of_itself_and_no_read_does,
    what_the_studio_does_tells_of_itself,
    what_becomes_of_a_template_tells_of_itself,
    what_fails_tells_nothing,
    a_follower_hears_another_process,
    a_follower_that_is_cancelled_loses_nothing,
    changes_are_trimmed_and_whoever_is_behind_is_told,
    numbers_rise_in_the_order_of_commits,
}

async fn listed(store: &dyn Store, after: u64) -> Vec<Change> {
    match store.changes_after(after).await.unwrap() {
        Changes::Listed(list) => list,
        Changes::Missed { last } => panic!("missed up to {last}"),
    }
}

async fn every_mutation_tells_of_itself_and_no_read_does(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side {
        scope,
        event,
        stream,
        point,
        ..
    } = harbour;
    let check = async |kind, subject: Uuid| {
        let list = listed(&**store, 0).await;
        let newest = list.last().unwrap();
        assert_eq!((newest.kind, newest.subject), (kind, subject));
        assert_eq!(store.last_change().await.unwrap(), newest.seq);
        newest.seq
    };
    let before = store.last_change().await.unwrap();

    let partner = store.create_partner("Third").await.unwrap();
    check(ChangeKind::Partner, partner.0).await;
    let second = store.create_event(scope, new_event("Two")).await.unwrap();
    check(ChangeKind::Event, second.0).await;
    store
        .set_bib_rule(scope, *event, BibRule::Always)
        .await
        .unwrap();
    check(ChangeKind::Event, event.0).await;
    let made = store
        .create_stream(scope, new_stream(second, "Mats"))
        .await
        .unwrap();
    check(ChangeKind::Stream, made.0).await;
    store
        .update_stream(scope, *stream, StreamChange::default())
        .await
        .unwrap();
    check(ChangeKind::Stream, stream.0).await;
    store
        .save_route_rule(scope, Protocol::Ctp01, made)
        .await
        .unwrap();
    check(ChangeKind::Route, made.0).await;
    store.ensure_point(scope, second, "Start").await.unwrap();
    check(ChangeKind::Point, second.0).await;
    store.rename_point(scope, *point, "Ziel").await.unwrap();
    check(ChangeKind::Point, event.0).await;
    store.ensure_location(scope, made, "10K").await.unwrap();
    check(ChangeKind::Point, second.0).await;
    store
        .map_location(scope, *stream, "GOAL", *point)
        .await
        .unwrap();
    check(ChangeKind::Point, event.0).await;
    store
        .import_roster(
            scope,
            *event,
            &[RosterWrite::Add(Box::new(runner("7", "Bo")))],
        )
        .await
        .unwrap();
    check(ChangeKind::Roster, event.0).await;
    let display = store
        .create_display(scope, new_display(*event, *stream, vec![]))
        .await
        .unwrap();
    check(ChangeKind::Display, display.id.0).await;
    store
        .rename_display(scope, display.id, "Big one")
        .await
        .unwrap();
    check(ChangeKind::Display, display.id.0).await;
    store.extend_display(scope, display.id, NOW).await.unwrap();
    check(ChangeKind::Display, display.id.0).await;
    let change = ShowChange::default();
    store.update_show(scope, display.id, change).await.unwrap();
    check(ChangeKind::Display, display.id.0).await;
    store.end_display(scope, display.id).await.unwrap();
    let last = check(ChangeKind::Display, display.id.0).await;
    assert_eq!(last - before, 16, "one change for each");

    store.ensure_point(scope, second, "start").await.unwrap();
    store.ensure_location(scope, made, "10K").await.unwrap();
    store
        .append_reads(&[harbour.entry("FINISH", "7", 9)])
        .await
        .unwrap();
    assert!(listed(&**store, last).await.is_empty());
}

async fn what_becomes_of_a_template_tells_of_itself(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side { scope, display, .. } = harbour;
    let mut told = store.last_change().await.unwrap();
    let mut check = async |expected: &[(ChangeKind, Uuid)]| {
        let list = listed(&**store, told).await;
        let found: Vec<_> = list.iter().map(|one| (one.kind, one.subject)).collect();
        assert_eq!(found, expected);
        told = store.last_change().await.unwrap();
    };
    let new = new_template("Start");
    let id = store.create_template(scope, new, NOW).await.unwrap();
    let template = [(ChangeKind::Template, id.0)];
    check(&template).await;
    store.rename_template(scope, id, "Begin").await.unwrap();
    check(&template).await;
    store.archive_template(scope, id, true).await.unwrap();
    check(&template).await;
    let save = DraftSave {
        base: 1,
        document: &new_template("").document,
        by: "",
        at: NOW,
        keep_before: NOW,
    };
    store.save_draft(scope, id, save).await.unwrap();
    check(&template).await;
    store.keep_draft(scope, id, "Kept", "", NOW).await.unwrap();
    check(&template).await;
    store.name_version(scope, id, 1, "").await.unwrap();
    check(&template).await;
    let publication = Publication {
        revision: 2,
        displays: &[display.id],
        accepted: &[],
        by: "",
        at: NOW,
    };
    store.publish_draft(scope, id, publication).await.unwrap();
    check(&[template[0], (ChangeKind::Display, display.id.0)]).await;
    // What cannot be done tells nothing.
    assert!(store.save_draft(scope, id, save).await.is_err());
    check(&[]).await;
}

async fn what_the_studio_does_tells_of_itself(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side { scope, event, .. } = harbour;
    let mut told = store.last_change().await.unwrap();
    let mut check = async |kinds: &[ChangeKind]| {
        let list = listed(&**store, told).await;
        let found: Vec<_> = list.iter().map(|change| change.kind).collect();
        assert_eq!(found, kinds);
        assert!(list.iter().all(|change| change.subject == event.0));
        told = store.last_change().await.unwrap();
    };
    let change = EventChange::default();
    store.update_event(scope, *event, change).await.unwrap();
    check(&[ChangeKind::Event]).await;
    store.set_roster_mapping(scope, *event, "{}").await.unwrap();
    check(&[ChangeKind::Event]).await;
    store.order_points(scope, *event, &[]).await.unwrap();
    check(&[ChangeKind::Point]).await;
    let spare = store.ensure_point(scope, *event, "Spare").await.unwrap();
    store.remove_point(scope, spare).await.unwrap();
    check(&[ChangeKind::Point, ChangeKind::Point]).await;

    let message = new_message("Go!");
    let new = std::slice::from_ref(&message);
    store.add_messages(scope, *event, new).await.unwrap();
    check(&[ChangeKind::Message]).await;
    store.update_message(scope, *event, &message).await.unwrap();
    check(&[ChangeKind::Message]).await;
    store
        .remove_message(scope, *event, message.id)
        .await
        .unwrap();
    check(&[ChangeKind::Message]).await;

    let mut new = new_race(*event);
    new.name = "5 km".to_owned();
    let race = store.create_race(scope, new).await.unwrap();
    check(&[ChangeKind::Race]).await;
    let change = RaceChange::default();
    store.update_race(scope, race, change).await.unwrap();
    check(&[ChangeKind::Race]).await;
    let new = NewWave {
        race,
        name: "B".to_owned(),
        scheduled_at: None,
    };
    let wave = store.create_wave(scope, new).await.unwrap();
    check(&[ChangeKind::Race]).await;
    let change = WaveChange::default();
    store.update_wave(scope, wave, change).await.unwrap();
    check(&[ChangeKind::Race]).await;
    store.remove_wave(scope, wave).await.unwrap();
    check(&[ChangeKind::Race]).await;
    store.remove_race(scope, race).await.unwrap();
    check(&[ChangeKind::Race]).await;
    let gun = DeviceGun {
        event: *event,
        device_key: "START 1".to_owned(),
        name: String::new(),
        fired_at: NOW,
    };
    store.note_device_gun(scope, gun.clone()).await.unwrap();
    check(&[ChangeKind::Race]).await;
    store.note_device_gun(scope, gun).await.unwrap();
    check(&[]).await;

    let pressed = new_gun("Wave B");
    let pressed = Edit::Gun {
        id: pressed.id,
        before: None,
        after: Some(pressed),
    };
    let added = edit(None, Some(&runner("300", "Di")));
    let deed = new_deed(vec![pressed.clone()]);
    store.do_deed(scope, *event, deed).await.unwrap();
    check(&[ChangeKind::Race]).await;
    let both = new_deed(vec![added, pressed.inverse()]);
    let both = store.do_deed(scope, *event, both).await.unwrap();
    check(&[ChangeKind::Roster, ChangeKind::Race]).await;
    store.undo(scope, *event, both, NOW, "").await.unwrap();
    check(&[ChangeKind::Roster, ChangeKind::Race]).await;
}

async fn what_fails_tells_nothing(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let before = store.last_change().await.unwrap();
    store.create_partner("Harbour Timing").await.unwrap_err();
    store
        .create_stream(&harbour.scope, new_stream(harbour.event, "Mats"))
        .await
        .unwrap_err();
    assert_eq!(store.last_change().await.unwrap(), before);
}

async fn a_follower_hears_another_process(on: Database) {
    let world = World::new(on).await;
    let seen = world.store.last_change().await.unwrap();
    let mut follower = world.store.follow_changes(seen).await.unwrap();
    let other = world.home.open().await;

    for name in ["One", "Two", "Three"] {
        let event = other
            .create_event(&world.harbour.scope, new_event(name))
            .await
            .unwrap();
        // Journalling wakes the follower, and is nothing to tell of.
        let entry = world.harbour.entry("FINISH", name, 5);
        world.store.append_reads(&[entry]).await.unwrap();
        let Changes::Listed(list) = follower.next().await.unwrap() else {
            panic!("missed");
        };
        let subjects: Vec<_> = list
            .iter()
            .map(|change| (change.kind, change.subject))
            .collect();
        assert_eq!(subjects, [(ChangeKind::Event, event.0)]);
    }
}

async fn a_follower_that_is_cancelled_loses_nothing(on: Database) {
    let world = World::new(on).await;
    let mut follower = world.store.follow_changes(0).await.unwrap();
    let mut heard = Vec::new();
    let all = world.store.last_change().await.unwrap() as usize + 1;
    world.store.create_partner("Third").await.unwrap();
    while heard.len() < all {
        // Given up again and again, as in a select! with something busier.
        let brief = Duration::from_millis(7);
        if let Ok(changes) = tokio::time::timeout(brief, follower.next()).await {
            let Changes::Listed(list) = changes.unwrap() else {
                panic!("missed");
            };
            heard.extend(list);
        }
    }
    assert_eq!(heard, listed(&*world.store, 0).await);
}

/// The listener is ended between two changes, again and again, and what happens while it is away
/// is heard all the same, once and in order.
#[tokio::test]
async fn a_follower_whose_connection_is_ended_loses_nothing() {
    let world = World::new(Database::Postgres).await;
    let other = world.home.open().await;
    let seen = world.store.last_change().await.unwrap();
    let mut follower = world.store.follow_changes(seen).await.unwrap();
    let mut heard = Vec::new();
    for round in 0..10 {
        other.create_partner(&format!("A{round}")).await.unwrap();
        while world.home.end_connections("query LIKE 'LISTEN%'").await == 0 {
            // It has not yet noticed that the last one was ended.
            hear(&mut *follower, Duration::from_millis(20), &mut heard).await;
        }
        other.create_partner(&format!("B{round}")).await.unwrap();
        let last = other.last_change().await.unwrap();
        while heard.last().map(|change: &Change| change.seq) != Some(last) {
            hear(&mut *follower, Duration::from_secs(60), &mut heard).await;
        }
    }
    assert_eq!(heard, listed(&*other, seen).await);
    assert_eq!(heard.len(), 20);
}

/// What the follower tells within that time.
async fn hear(follower: &mut dyn ChangeFollower, within: Duration, heard: &mut Vec<Change>) {
    match tokio::time::timeout(within, follower.next())
        .await
        .map(Result::unwrap)
    {
        Ok(Changes::Listed(list)) => heard.extend(list),
        Ok(Changes::Missed { last }) => panic!("missed up to {last}"),
        Err(_) => {}
    }
}

/// What a stop leaves is one file, which a director can copy to a stick.
#[tokio::test]
async fn the_end_of_the_store_waits_for_a_follower() {
    let world = World::new(Database::Sqlite).await;
    let seen = world.store.last_change().await.unwrap();
    let mut follower = world.store.follow_changes(seen).await.unwrap();
    world.store.create_partner("Third").await.unwrap();
    follower.next().await.unwrap();
    let log = world.home.file().with_file_name("gantry.db-wal");
    assert!(log.exists());
    let store = Arc::clone(&world.store);
    let closing = tokio::spawn(async move { store.close().await });
    tokio::task::yield_now().await;
    drop(follower);
    closing.await.unwrap();
    assert!(!log.exists(), "the log is in the file");
}

/// Many write at once, and whoever follows never sees a number before a lower one.
async fn numbers_rise_in_the_order_of_commits(on: Database) {
    let world = World::new(on).await;
    let seen = world.store.last_change().await.unwrap();
    let mut follower = world.store.follow_changes(seen).await.unwrap();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = Arc::clone(&world.store);
            tokio::spawn(async move {
                for number in 0..10 {
                    let name = format!("Partner {writer} {number}");
                    store.create_partner(&name).await.unwrap();
                }
            })
        })
        .collect();
    let mut heard = Vec::new();
    while heard.len() < 40 {
        let Changes::Listed(list) = follower.next().await.unwrap() else {
            panic!("missed");
        };
        heard.extend(list);
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(heard, listed(&*world.store, seen).await);
}

async fn changes_are_trimmed_and_whoever_is_behind_is_told(on: Database) {
    let world = World::new(on).await;
    let store = &world.store;
    let seen = store.last_change().await.unwrap();
    let mut follower = store.follow_changes(seen).await.unwrap();
    let far = seen + limits::CHANGES_KEPT_MAX;
    world.home.number_a_change(far).await;
    assert_eq!(listed(&**store, seen).await.len(), 1);
    assert!(matches!(follower.next().await.unwrap(), Changes::Listed(_)));

    store.create_partner("Third").await.unwrap();
    let missed = Changes::Missed { last: far + 1 };
    assert_eq!(store.changes_after(seen).await.unwrap(), missed);
    assert_eq!(listed(&**store, seen + 1).await.len(), 2);
    // The follower was not behind.
    assert!(matches!(
        follower.next().await.unwrap(),
        Changes::Listed(list) if list.len() == 1
    ));
    let kept = world.home.texts("SELECT kind FROM change".to_owned()).await;
    assert_eq!(kept.len(), 2);
}
