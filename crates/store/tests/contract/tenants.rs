use crate::{
    database::Database,
    world::{NOW, World, new_event, new_stream},
};
use model::{PartnerId, StreamId, UnixMicros};
use std::net::IpAddr;
use store::{
    BibRule, Event, EventChange, NewStream, PartnerScope, Proof, Protocol, RouteRule, StoreError,
    StreamChange, limits,
};
use uuid::Uuid;

on_both! {
    partners_are_found_by_name_and_by_id,
    a_partners_name_is_given_once,
    ids_are_version_seven,
    events_keep_what_they_were_given,
    an_unknown_partner_has_no_events,
    events_change_only_what_is_named,
    streams_change_only_what_is_named,
    a_stream_is_renamed_moved_and_archived,
    addresses_are_kept_as_a_whole,
    a_stream_sleeps_fourteen_days_after_its_last_read,
    a_sleeping_stream_is_woken_for_fourteen_days,
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

async fn events_change_only_what_is_named(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let before = store.event(scope, harbour.event).await.unwrap();
    assert!(!before.archived);
    let update = async |change| store.update_event(scope, harbour.event, change).await;
    update(EventChange::default()).await.unwrap();
    assert_eq!(store.event(scope, harbour.event).await.unwrap(), before);
    let change = EventChange {
        name: Some(" Autumn run ".to_owned()),
        ..EventChange::default()
    };
    update(change).await.unwrap();
    let change = EventChange {
        date: Some("2026-10-04".to_owned()),
        timezone: Some("Europe/Lisbon".to_owned()),
        archived: Some(true),
        ..EventChange::default()
    };
    update(change).await.unwrap();
    let expected = Event {
        name: "Autumn run".to_owned(),
        date: "2026-10-04".to_owned(),
        timezone: "Europe/Lisbon".to_owned(),
        archived: true,
        ..before
    };
    assert_eq!(store.events(scope).await.unwrap(), [expected]);
    let nameless = EventChange {
        name: Some(" ".to_owned()),
        ..EventChange::default()
    };
    let error = update(nameless).await.unwrap_err();
    assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
}

async fn a_stream_is_renamed_moved_and_archived(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let scope = &harbour.scope;
    let on_port = NewStream {
        port: Some(61_700),
        ..new_stream(harbour.event, "Finish")
    };
    let id = store.create_stream(scope, on_port.clone()).await.unwrap();
    let update = async |change| {
        store.update_stream(scope, id, change).await?;
        let streams = store.streams(scope, harbour.event).await?;
        let stream = streams.into_iter().find(|stream| stream.id == id).unwrap();
        Ok((stream.name, stream.port, stream.paused, stream.archived))
    };
    let moved = StreamChange {
        name: Some("Ziel".to_owned()),
        port: Some(Some(61_701)),
        ..StreamChange::default()
    };
    let ziel = |port, paused, archived| ("Ziel".to_owned(), port, paused, archived);
    assert_eq!(
        update(moved).await.unwrap(),
        ziel(Some(61_701), false, false)
    );
    let taken = StreamChange {
        name: Some("MATS".to_owned()),
        ..StreamChange::default()
    };
    let error = update(taken).await.unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Taken {
                what: "stream's name"
            }
        ),
        "{error}"
    );
    // Its old port is free again, and the new one is not.
    let second = store.create_stream(scope, on_port).await.unwrap();
    let back = |port| StreamChange {
        port: Some(port),
        ..StreamChange::default()
    };
    let error = update(back(Some(61_700))).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Taken { what: "port" }),
        "{error}"
    );

    let archive = |archived, paused| StreamChange {
        archived: Some(archived),
        paused,
        ..StreamChange::default()
    };
    store
        .update_stream(scope, second, archive(true, None))
        .await
        .unwrap();
    assert_eq!(
        update(back(Some(61_700))).await.unwrap(),
        ziel(Some(61_700), false, false)
    );
    let archived = update(archive(true, Some(false))).await.unwrap();
    assert_eq!(archived, ziel(Some(61_700), true, true), "paused with it");
    assert_eq!(
        update(archive(false, None)).await.unwrap(),
        ziel(Some(61_700), true, false)
    );
    let running = update(archive(false, Some(false))).await.unwrap();
    assert_eq!(running, ziel(Some(61_700), false, false));
    assert_eq!(update(back(None)).await.unwrap(), ziel(None, false, false));
}

async fn addresses_are_kept_as_a_whole(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let scope = &harbour.scope;
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    let listed = async || {
        let all = store.all_streams().await.unwrap();
        let ours = all.into_iter().find(|stream| stream.id == harbour.stream);
        ours.unwrap().addresses
    };
    let set = async |addresses: Vec<IpAddr>| {
        let change = StreamChange {
            addresses: Some(addresses),
            ..StreamChange::default()
        };
        store.update_stream(scope, harbour.stream, change).await
    };
    assert_eq!(listed().await, [address("192.0.2.7")]);
    // The same one in two forms is one.
    let three = ["2001:db8::1", "::ffff:198.51.100.4", "198.51.100.4"];
    set(three.map(address).to_vec()).await.unwrap();
    assert_eq!(
        listed().await,
        [address("198.51.100.4"), address("2001:db8::1")]
    );
    let other = StreamChange::default();
    store
        .update_stream(scope, harbour.stream, other)
        .await
        .unwrap();
    assert_eq!(listed().await.len(), 2, "not named and so not changed");
    let many = 0..=limits::ADDRESSES_PER_STREAM_MAX as u8;
    let many = many.map(|last| IpAddr::from([192, 0, 2, last])).collect();
    let error = set(many).await.unwrap_err();
    assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
    set(vec![]).await.unwrap();
    assert!(listed().await.is_empty());
    let theirs = store.streams(&meadow.scope, meadow.event).await.unwrap();
    assert_eq!(theirs[0].addresses, [address("192.0.2.7")], "theirs stay");
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
    stream.paused = false;
    stream.archived = true;
    assert!(!stream.active(NOW));
}

async fn a_sleeping_stream_is_woken_for_fourteen_days(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let fourteen_days_ms = 14 * 24 * 3_600 * 1_000;
    let later = NOW.plus_ms(3 * fourteen_days_ms);
    let stream = async || store.all_streams().await.unwrap().remove(0);
    assert!(!stream().await.active(later));
    let wake = |at| StreamChange {
        woken_at: Some(at),
        ..StreamChange::default()
    };
    let (scope, id) = (&harbour.scope, harbour.stream);
    store.update_stream(scope, id, wake(later)).await.unwrap();
    let woken = stream().await;
    assert_eq!(
        (woken.woken_at, woken.last_read_at),
        (Some(later), Some(NOW))
    );
    assert!(woken.active(later.plus_ms(fourteen_days_ms)));
    assert!(!woken.active(later.plus_ms(fourteen_days_ms + 1)));
    // A read counts where it is the later of the two.
    store
        .update_stream(scope, id, wake(UnixMicros(5)))
        .await
        .unwrap();
    assert!(stream().await.active(NOW.plus_ms(fourteen_days_ms)));
    // One that never had a read does not fall asleep for having been woken.
    let silent = store.create_stream(scope, new_stream(harbour.event, "New"));
    let silent = silent.await.unwrap();
    store.update_stream(scope, silent, wake(NOW)).await.unwrap();
    let streams = store.streams(scope, harbour.event).await.unwrap();
    assert!(streams[1].active(later));
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
