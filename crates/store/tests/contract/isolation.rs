//! A scope is a wall: another partner's rows are neither seen, nor changed, nor pointed at.

use crate::{
    database::{Database, raw},
    world::{
        NOW, World, edit, new_deed, new_display, new_gun, new_message, new_race, new_stream,
        new_template, read, runner,
    },
};
use model::{CoursePoint, Edit, MessageId, PoolMessage, RundownOverrides, ShowId, WallTime};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};
use store::{
    BibRule, DeviceGun, DraftSave, EventChange, JournalEntry, NewDisplay, NewWave, Protocol,
    Publication, RaceChange, RosterWrite, ShowChange, StoreError, StreamChange, WaveChange,
};

on_both! {
    a_foreign_scope_sees_nothing,
    a_foreign_scope_changes_nothing,
    a_foreign_scope_starts_no_race_and_does_no_deed,
}

/// Tables without a partner of their own.
const NOBODYS: [&str; 5] = [
    "node",
    "partner",
    "person",
    "quarantine",
    "quarantine_dropped",
];

/// Tables whose rows are a partner's and point at no other row of a partner's: at the partner
/// itself, or at people and what these may do.
const NO_NEIGHBOURS: [&str; 5] = ["change", "event", "login", "membership", "template"];

async fn a_foreign_scope_sees_nothing(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let (scope, event, stream) = (&meadow.scope, harbour.event, harbour.stream);
    let not_found = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::NotFound { .. })),
            "{result:?}"
        );
    };
    not_found(store.event(scope, event).await.map(drop));
    not_found(store.stream_totals(scope, stream).await.map(drop));
    not_found(store.tag_counts(scope, stream).await.map(drop));
    not_found(store.roster_mapping(scope, event).await.map(drop));
    let runner = store.participant(scope, event, harbour.runner);
    not_found(runner.await.map(drop));

    let own = store.events(scope).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].id, meadow.event);
    assert!(store.streams(scope, event).await.unwrap().is_empty());
    assert!(store.points(scope, event).await.unwrap().is_empty());
    assert!(store.locations(scope, stream).await.unwrap().is_empty());
    assert!(store.participants(scope, event).await.unwrap().is_empty());
    assert!(store.races(scope, event).await.unwrap().is_empty());
    assert!(store.guns(scope, event).await.unwrap().is_empty());
    assert!(store.deeds(scope, event, 9).await.unwrap().is_empty());
    assert!(store.zero_counts(scope, event).await.unwrap().is_empty());
    assert!(store.ignored_tags(scope, event).await.unwrap().is_empty());
    assert!(store.displays(scope, event).await.unwrap().is_empty());
    assert!(store.messages(scope, event).await.unwrap().is_empty());
    let template = harbour.template;
    not_found(store.draft(scope, template).await.map(drop));
    let document = store.version_document(scope, template, 1).await;
    not_found(document.map(drop));
    assert!(
        store
            .versions(scope, template, NOW)
            .await
            .unwrap()
            .is_empty()
    );
    let own = store.templates(scope, NOW).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].id, meadow.template);
    let activity = store.tag_activity(scope, event, 0).await.unwrap();
    assert!(activity.tags.is_empty());
    let since = WallTime(0);
    assert!(
        store
            .read_keys_since(scope, stream, since)
            .await
            .unwrap()
            .is_empty()
    );
    let days = store.undated_days(scope, stream, 9).await.unwrap();
    assert!(days.is_empty());
    assert!(
        store
            .recent_reads(scope, stream, "FINISH", 9)
            .await
            .unwrap()
            .is_empty()
    );
    let passages = store.passages(scope, stream, "FINISH", since).await;
    assert!(passages.unwrap().is_empty());
    assert!(
        store
            .reads_page(scope, event, 0, 9)
            .await
            .unwrap()
            .is_empty()
    );

    let mut named = harbour.entry("FINISH", "102", 1);
    named.read.connection_name = Some("box".to_owned());
    named.read.sequence = Some(4);
    store.append_reads(&[named]).await.unwrap();
    let points = store.resume_points(scope, stream, "box").await.unwrap();
    assert!(points.is_empty());
}

async fn a_foreign_scope_changes_nothing(on: Database) {
    let world = World::new(on).await;
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &world;
    let before = world.home.dump().await;
    let (scope, event, stream) = (&meadow.scope, harbour.event, harbour.stream);
    let refused = |result: Result<(), StoreError>| {
        assert!(
            matches!(
                result,
                Err(StoreError::NotFound { .. } | StoreError::Foreign { .. })
            ),
            "{result:?}"
        );
    };
    refused(store.set_bib_rule(scope, event, BibRule::Always).await);
    // With a name that the other's stream has, and with one it has not.
    for name in ["Mats", "New"] {
        refused(
            store
                .create_stream(scope, new_stream(event, name))
                .await
                .map(drop),
        );
    }
    let change = StreamChange {
        paused: Some(true),
        ..StreamChange::default()
    };
    refused(store.update_stream(scope, stream, change).await);
    refused(store.save_route_rule(scope, Protocol::Ctp01, stream).await);
    for name in ["FINISH", "New"] {
        refused(store.ensure_point(scope, event, name).await.map(drop));
    }
    refused(store.rename_point(scope, harbour.point, "X").await);
    refused(store.ensure_location(scope, stream, "X").await.map(drop));
    refused(store.map_location(scope, stream, "X", meadow.point).await);
    refused(
        store
            .map_location(scope, meadow.stream, "X", harbour.point)
            .await,
    );
    let rows = ["101", "999"].map(|bib| RosterWrite::Add(Box::new(runner(bib, "Eve"))));
    refused(store.import_roster(scope, event, &rows).await.map(drop));
    refused(store.set_roster_mapping(scope, event, "{}").await);
    let change = EventChange {
        archived: Some(true),
        ..EventChange::default()
    };
    refused(store.update_event(scope, event, change).await);
    let points = [harbour.point];
    refused(store.order_points(scope, event, &points).await);
    refused(store.order_points(scope, meadow.event, &points).await);
    refused(store.remove_point(scope, harbour.point).await);
    for new in [
        new_display(event, stream, vec![harbour.point]),
        new_display(event, meadow.stream, vec![]),
        new_display(meadow.event, stream, vec![]),
        new_display(meadow.event, meadow.stream, vec![harbour.point]),
    ] {
        refused(store.create_display(scope, new).await.map(drop));
    }
    let display = harbour.display_id();
    refused(store.end_display(scope, display).await);
    refused(store.extend_display(scope, display, NOW).await);
    refused(store.rename_display(scope, display, "Mine").await);
    for (event, message) in [
        (event, new_message("Mine")),
        (meadow.event, of_show(harbour.display.show)),
        (event, of_show(meadow.display.show)),
        (meadow.event, known(harbour.message)),
    ] {
        let new = std::slice::from_ref(&message);
        refused(store.add_messages(scope, event, new).await);
    }
    for event in [event, meadow.event] {
        let message = known(harbour.message);
        refused(store.update_message(scope, event, &message).await.map(drop));
        refused(
            store
                .remove_message(scope, event, message.id)
                .await
                .map(drop),
        );
    }
    let own = PoolMessage {
        id: meadow.message,
        ..of_show(harbour.display.show)
    };
    refused(
        store
            .update_message(scope, meadow.event, &own)
            .await
            .map(drop),
    );
    let change = ShowChange {
        rundown: Some(RundownOverrides::default()),
        ..ShowChange::default()
    };
    refused(store.update_show(scope, display, change).await);
    let theirs = harbour.display.template;
    let change = ShowChange {
        template: Some(theirs),
        ..ShowChange::default()
    };
    refused(store.update_show(scope, meadow.display.id, change).await);
    let new = NewDisplay {
        template: theirs,
        ..new_display(meadow.event, meadow.stream, vec![])
    };
    refused(store.create_display(scope, new).await.map(drop));
    let template = harbour.template;
    refused(store.rename_template(scope, template, "Mine").await);
    refused(store.archive_template(scope, template, true).await);
    refused(store.name_version(scope, template, 1, "Mine").await);
    refused(store.set_panel(scope, template, None).await);
    refused(
        store
            .keep_draft(scope, template, "Mine", "", NOW)
            .await
            .map(drop),
    );
    let document = new_template("Mine").document;
    let save = DraftSave {
        base: 1,
        document: &document,
        by: "",
        at: NOW,
        keep_before: NOW.plus_ms(1),
    };
    refused(store.save_draft(scope, template, save).await.map(drop));
    for (template, display) in [(template, meadow.display.id), (meadow.template, display)] {
        let publication = Publication {
            revision: 1,
            displays: &[display],
            accepted: &[],
            by: "",
            at: NOW,
        };
        let published = store.publish_draft(scope, template, publication).await;
        refused(published.map(drop));
    }
    refused(store.display(scope, display).await.map(drop));
    let stolen = JournalEntry {
        scope: *scope,
        read: read(stream, "FINISH", "999", 7),
    };
    refused(store.append_reads(&[stolen]).await.map(drop));
    assert_eq!(world.home.dump().await, before);
}

fn of_show(show: ShowId) -> PoolMessage {
    PoolMessage {
        show: Some(show),
        ..new_message("Mine")
    }
}

fn known(id: MessageId) -> PoolMessage {
    PoolMessage {
        id,
        ..new_message("Mine")
    }
}

async fn a_foreign_scope_starts_no_race_and_does_no_deed(on: Database) {
    let world = World::new(on).await;
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &world;
    let before = world.home.dump().await;
    let (scope, event) = (&meadow.scope, harbour.event);
    let refused = |result: Result<(), StoreError>| {
        assert!(
            matches!(
                result,
                Err(StoreError::NotFound { .. } | StoreError::Foreign { .. })
            ),
            "{result:?}"
        );
    };
    refused(store.create_race(scope, new_race(event)).await.map(drop));
    let change = RaceChange::default();
    refused(store.update_race(scope, harbour.race, change).await);
    let change = RaceChange {
        course: Some(vec![CoursePoint {
            point: harbour.point,
            distance_m: None,
        }]),
        ..RaceChange::default()
    };
    refused(store.update_race(scope, meadow.race, change).await);
    refused(store.remove_race(scope, harbour.race).await);
    let wave = NewWave {
        race: harbour.race,
        name: "Mine".to_owned(),
        scheduled_at: None,
    };
    refused(store.create_wave(scope, wave).await.map(drop));
    let change = WaveChange::default();
    refused(store.update_wave(scope, harbour.wave, change).await);
    refused(store.remove_wave(scope, harbour.wave).await);
    let gun = DeviceGun {
        event,
        device_key: "START".to_owned(),
        name: String::new(),
        fired_at: NOW,
    };
    refused(store.note_device_gun(scope, gun).await.map(drop));
    let gun = new_gun("Mine");
    for one in [
        edit(None, Some(&runner("999", "Eve"))),
        Edit::Gun {
            id: gun.id,
            before: None,
            after: Some(gun),
        },
        Edit::SimulatedUntil {
            before: None,
            after: Some(NOW),
        },
    ] {
        let deed = new_deed(vec![one]);
        refused(store.do_deed(scope, event, deed).await.map(drop));
    }
    for event in [event, meadow.event] {
        let undone = store.undo(scope, event, harbour.deed, NOW, "eve").await;
        refused(undone.map(drop));
    }
    assert_eq!(world.home.dump().await, before);
}

async fn columns_of(raw: &mut sqlx::SqliteConnection, table: &str) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
        .bind(table)
        .fetch_all(raw)
        .await
        .unwrap()
}

#[tokio::test]
async fn every_partners_table_carries_its_partner_in_every_foreign_key() {
    let world = World::new(Database::Sqlite).await;
    let mut raw = raw(world.home.file()).await;
    for table in world.home.tables().await {
        if NOBODYS.contains(&table.as_str()) {
            continue;
        }
        let columns = columns_of(&mut raw, &table).await;
        assert!(
            columns.iter().any(|column| column == "partner_id"),
            "{table}"
        );
        let keys = sqlx::query("SELECT id, \"table\", \"from\" FROM pragma_foreign_key_list($1)")
            .bind(&table)
            .fetch_all(&mut raw)
            .await
            .unwrap();
        assert!(!keys.is_empty(), "{table} points at nothing");
        let mut carried: BTreeMap<(i64, String), BTreeSet<String>> = BTreeMap::new();
        for key in keys {
            carried
                .entry((key.get(0), key.get(1)))
                .or_default()
                .insert(key.get(2));
        }
        for ((_, parent), columns) in carried {
            let carries = columns.contains("partner_id") || NOBODYS.contains(&parent.as_str());
            assert!(carries, "{table} to {parent}");
        }
    }
}

/// For every foreign key of every partner's table: meadow's row is made to point at harbour's.
/// Wrong code could write no more than this, and the database refuses it.
#[tokio::test]
async fn no_row_can_point_at_another_partners_row() {
    let world = World::new(Database::Sqlite).await;
    let own =
        world
            .store
            .save_route_rule(&world.meadow.scope, Protocol::Ctp01, world.meadow.stream);
    own.await.unwrap();
    world.store.close().await;
    let mut raw = raw(world.home.file()).await;
    let mut tried = BTreeSet::new();
    let partners = world.home.tables().await.into_iter().filter(|table| {
        let name = table.as_str();
        !NOBODYS.contains(&name) && !NO_NEIGHBOURS.contains(&name)
    });
    let expected: BTreeSet<String> = partners.collect();
    for table in expected.iter().cloned() {
        let keys = sqlx::query(
            "SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list($1)
             WHERE \"from\" <> 'partner_id'",
        )
        .bind(&table)
        .fetch_all(&mut raw)
        .await
        .unwrap();
        for key in &keys {
            let (column, parent, to): (String, String, String) =
                (key.get(0), key.get(1), key.get(2));
            let change = format!(
                "UPDATE \"{table}\" SET \"{column}\" =
                    (SELECT \"{to}\" FROM \"{parent}\" WHERE partner_id = $1)
                 WHERE partner_id = $2"
            );
            refused(&world, &table, change).await;
        }
        if !keys.is_empty() {
            // The row moved to the other partner, what it points at staying.
            let change = format!("UPDATE \"{table}\" SET partner_id = $1 WHERE partner_id = $2");
            refused(&world, &table, change).await;
            tried.insert(table);
        }
    }
    assert_eq!(tried, expected, "every table was tried");
}

/// On a copy without harbour's rows in that table, so that no unique key gets in the way of the
/// foreign one.
async fn refused(world: &World, table: &str, change: String) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("gantry.db");
    std::fs::copy(world.home.file(), &copy).unwrap();
    let mut raw = raw(copy).await;
    let (harbour, meadow) = (world.harbour.scope.partner(), world.meadow.scope.partner());
    let execute = |sql: String| sqlx::query(sqlx::AssertSqlSafe(sql));
    execute("PRAGMA foreign_keys = OFF".to_owned())
        .execute(&mut raw)
        .await
        .unwrap();
    execute(format!("DELETE FROM \"{table}\" WHERE partner_id = $1"))
        .bind(harbour.0)
        .execute(&mut raw)
        .await
        .unwrap();
    execute("PRAGMA foreign_keys = ON".to_owned())
        .execute(&mut raw)
        .await
        .unwrap();
    let result = execute(change.clone())
        .bind(harbour.0)
        .bind(meadow.0)
        .execute(&mut raw)
        .await;
    let by_foreign_key = matches!(
        &result,
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation()
    );
    assert!(by_foreign_key, "{change}: {result:?}");
}
