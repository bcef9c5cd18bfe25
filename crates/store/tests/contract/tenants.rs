use crate::{
    database::Database,
    world::{NOW, World, new_event, new_stream},
};
use model::{PartnerId, StreamId, UnixMicros};
use store::{
    BibRule, NewStream, PartnerScope, Proof, Protocol, RouteRule, StoreError, StreamChange,
};
use uuid::Uuid;

on_both! {
    partners_are_found_by_name_and_by_id,
    a_partners_name_is_given_once,
    ids_are_version_seven,
    events_keep_what_they_were_given,
    an_unknown_partner_has_no_events,
    streams_change_only_what_is_named,
    a_stream_sleeps_fourteen_days_after_its_last_read,
    a_streams_name_is_given_once_in_an_event,
    a_port_belongs_to_one_running_stream,
    the_first_partners_rule_stays_when_a_second_one_comes,
}

async fn partners_are_found_by_name_and_by_id(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let id = harbour.scope.partner();
    for text in ["Harbour Timing", " harbour TIMING ", &id.to_string()] {
        assert_eq!(store.partner_named(text).await.unwrap().id, id, "{text:?}");
    }
    for text in ["Harbour", "", &Uuid::now_v7().to_string()] {
        assert!(
            matches!(
                store.partner_named(text).await,
                Err(StoreError::NotFound { what: "partner" })
            ),
            "{text:?}"
        );
    }
    let names: Vec<String> = store
        .partners()
        .await
        .unwrap()
        .into_iter()
        .map(|partner| partner.name)
        .collect();
    assert_eq!(names, ["Harbour Timing", "Meadow Timing"]);
}

async fn a_partners_name_is_given_once(on: Database) {
    let World { store, .. } = &World::new(on).await;
    assert!(matches!(
        store.create_partner("HARBOUR timing").await,
        Err(StoreError::Taken { .. })
    ));
    assert!(matches!(
        store.create_partner("  ").await,
        Err(StoreError::Invalid { .. })
    ));
    assert_eq!(store.partners().await.unwrap().len(), 2);
}

async fn ids_are_version_seven(on: Database) {
    let World { harbour, .. } = &World::new(on).await;
    for id in [
        harbour.scope.partner().0,
        harbour.event.0,
        harbour.stream.0,
        harbour.point.0,
        harbour.display.id.0,
        harbour.display.show.0,
    ] {
        assert_eq!(id.get_version_num(), 7);
    }
}

async fn events_keep_what_they_were_given(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let event = store.event(&harbour.scope, harbour.event).await.unwrap();
    assert_eq!(event.name, "Run");
    assert_eq!(event.date, "2026-03-06");
    assert_eq!(event.timezone, "Europe/Vienna");
    assert_eq!(event.bib_rule, BibRule::Auto);
    assert_eq!(event.partner, harbour.scope.partner());

    store
        .set_bib_rule(&harbour.scope, harbour.event, BibRule::Always)
        .await
        .unwrap();
    let events = store.events(&harbour.scope).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].bib_rule, BibRule::Always);
    assert_eq!(
        store.owner_of_event(harbour.event).await.unwrap(),
        Some(harbour.scope.partner())
    );
    assert_eq!(
        store.owner_of_stream(harbour.stream).await.unwrap(),
        Some(harbour.scope.partner())
    );
    assert_eq!(
        store
            .owner_of_stream(StreamId(Uuid::now_v7()))
            .await
            .unwrap(),
        None
    );
}

async fn an_unknown_partner_has_no_events(on: Database) {
    let World { store, .. } = &World::new(on).await;
    let nobody = PartnerScope::proven(PartnerId(Uuid::now_v7()), Proof::Shell);
    assert!(matches!(
        store.create_event(&nobody, new_event("Run")).await,
        Err(StoreError::NotFound { what: "partner" })
    ));
}

async fn streams_change_only_what_is_named(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let change = |change: StreamChange| async {
        store
            .update_stream(&harbour.scope, harbour.stream, change)
            .await
            .unwrap();
        let stream = store
            .streams(&harbour.scope, harbour.event)
            .await
            .unwrap()
            .remove(0);
        (stream.timezone, stream.offset_ms, stream.paused)
    };
    let zone = Some("Europe/Lisbon".to_owned());
    assert_eq!(
        change(StreamChange {
            timezone: Some(zone.clone()),
            ..StreamChange::default()
        })
        .await,
        (zone.clone(), 0, false)
    );
    assert_eq!(
        change(StreamChange {
            offset_ms: Some(-3_603_000),
            ..StreamChange::default()
        })
        .await,
        (zone.clone(), -3_603_000, false)
    );
    assert_eq!(
        change(StreamChange {
            paused: Some(true),
            ..StreamChange::default()
        })
        .await,
        (zone, -3_603_000, true)
    );
    assert_eq!(
        change(StreamChange {
            timezone: Some(None),
            ..StreamChange::default()
        })
        .await,
        (None, -3_603_000, true)
    );
}

async fn a_stream_sleeps_fourteen_days_after_its_last_read(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let mut stream = store.all_streams().await.unwrap().remove(0);
    assert_eq!(stream.id, harbour.stream);
    assert_eq!(stream.last_read_at, Some(NOW));
    let fourteen_days_ms = 14 * 24 * 3_600 * 1_000;
    assert!(stream.active(NOW.plus_ms(fourteen_days_ms)));
    assert!(!stream.active(NOW.plus_ms(fourteen_days_ms + 1)));
    stream.last_read_at = None;
    assert!(stream.active(UnixMicros(i64::MAX)));
    stream.paused = true;
    assert!(!stream.active(NOW));
}

async fn a_streams_name_is_given_once_in_an_event(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    assert!(matches!(
        store
            .create_stream(&harbour.scope, new_stream(harbour.event, "MATS"))
            .await,
        Err(StoreError::Taken {
            what: "stream's name"
        })
    ));
}

async fn a_port_belongs_to_one_running_stream(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let on_port = |event, name: &str| NewStream {
        port: Some(61_700),
        ..new_stream(event, name)
    };
    let paused = |paused| StreamChange {
        paused: Some(paused),
        ..StreamChange::default()
    };
    let first = store
        .create_stream(&harbour.scope, on_port(harbour.event, "Finish"))
        .await
        .unwrap();
    let refused = store
        .create_stream(&meadow.scope, on_port(meadow.event, "Finish"))
        .await;
    assert!(matches!(refused, Err(StoreError::Taken { what: "port" })));

    store
        .update_stream(&harbour.scope, first, paused(true))
        .await
        .unwrap();
    store
        .create_stream(&meadow.scope, on_port(meadow.event, "Finish"))
        .await
        .unwrap();
    assert!(matches!(
        store
            .update_stream(&harbour.scope, first, paused(false))
            .await,
        Err(StoreError::Taken { what: "port" })
    ));
}

async fn the_first_partners_rule_stays_when_a_second_one_comes(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let save = |scope, stream| store.save_route_rule(scope, Protocol::Ctp01, stream);
    save(&harbour.scope, harbour.stream).await.unwrap();
    assert!(matches!(
        save(&meadow.scope, meadow.stream).await,
        Err(StoreError::Taken { .. })
    ));
    let rule = |stream| RouteRule {
        protocol: Protocol::Ctp01,
        partner: harbour.scope.partner(),
        stream,
    };
    assert_eq!(store.route_rules().await.unwrap(), [rule(harbour.stream)]);

    let second = store
        .create_stream(&harbour.scope, new_stream(harbour.event, "Start"))
        .await
        .unwrap();
    save(&harbour.scope, second).await.unwrap();
    assert_eq!(store.route_rules().await.unwrap(), [rule(second)]);
}
