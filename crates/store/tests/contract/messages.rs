use crate::{
    database::Database,
    world::{Side, World, new_display, new_event, new_message},
};
use model::{Conditions, EventId, MessageId, PoolMessage, limits::MESSAGE_CHARS_MAX};
use store::{PartnerScope, Store, StoreError, limits};
use uuid::Uuid;

on_both! {
    messages_are_listed_as_they_were_made,
    many_are_added_whole_or_not_at_all,
    a_message_is_changed_and_taken_away_and_comes_back_as_it_was,
    what_is_no_message_is_refused,
    an_event_has_so_many_and_no_more,
}

async fn listed(store: &dyn Store, side: &Side) -> Vec<PoolMessage> {
    store.messages(&side.scope, side.event).await.unwrap()
}

async fn messages_are_listed_as_they_were_made(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, event) = (&harbour.scope, harbour.event);
    let first = listed(&**store, harbour).await;
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].show, Some(harbour.display.show));
    let rare = PoolMessage {
        weight: 100,
        conditions: Conditions {
            division: " F 35-39".to_owned(),
            city: "Lower Heath ".to_owned(),
            birthday: true,
            first_timer: true,
        },
        ..new_message("Happy birthday, {first_name} — “ÅÄÖ” 🎂")
    };
    let new = [rare, new_message("Go!")];
    store.add_messages(scope, event, &new).await.unwrap();
    let mut expected = [first, new.to_vec()].concat();
    expected[1].conditions.division = "F 35-39".to_owned();
    expected[1].conditions.city = "Lower Heath".to_owned();
    assert_eq!(listed(&**store, harbour).await, expected);

    let other = store.create_event(scope, new_event("Two")).await.unwrap();
    assert!(store.messages(scope, other).await.unwrap().is_empty());
}

async fn many_are_added_whole_or_not_at_all(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let Side {
        scope,
        event,
        stream,
        ..
    } = harbour;
    let before = listed(&**store, harbour).await;
    let other = store.create_event(scope, new_event("Two")).await.unwrap();
    let elsewhere = new_display(*event, *stream, vec![]);
    let show = store.create_display(scope, elsewhere).await.unwrap().show;
    let of_show = PoolMessage {
        show: Some(show),
        ..new_message("Here")
    };
    let known = PoolMessage {
        id: harbour.message,
        ..new_message("Again")
    };
    for (event, bad, expected) in [
        (other, of_show.clone(), "show"),
        (*event, known.clone(), "message"),
        (other, known, "message"),
    ] {
        let new = [new_message("Good"), bad];
        match store.add_messages(scope, event, &new).await {
            Err(StoreError::Foreign { what }) => assert_eq!(what, expected),
            unexpected => panic!("{unexpected:?}"),
        }
    }
    assert_eq!(listed(&**store, harbour).await, before);
    assert!(store.messages(scope, other).await.unwrap().is_empty());
    let new = [of_show];
    store.add_messages(scope, *event, &new).await.unwrap();
    assert_eq!(listed(&**store, harbour).await.len(), 2);

    let none = EventId(Uuid::now_v7());
    let error = store.add_messages(scope, none, &new).await.unwrap_err();
    assert!(
        matches!(error, StoreError::NotFound { what: "event" }),
        "{error}"
    );
}

async fn a_message_is_changed_and_taken_away_and_comes_back_as_it_was(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, event) = (&harbour.scope, harbour.event);
    let new = [new_message("Later")];
    store.add_messages(scope, event, &new).await.unwrap();
    let [first, later] = listed(&**store, harbour).await.try_into().unwrap();
    let changed = PoolMessage {
        show: None,
        text: "Bravo".to_owned(),
        weight: 7,
        conditions: Conditions {
            division: "M 20-24".to_owned(),
            ..Conditions::default()
        },
        ..first.clone()
    };
    let before = store.update_message(scope, event, &changed).await.unwrap();
    assert_eq!(before, first);
    let now = listed(&**store, harbour).await;
    assert_eq!(now, [changed.clone(), later.clone()]);

    let removed = store.remove_message(scope, event, first.id).await.unwrap();
    assert_eq!(removed, changed);
    assert_eq!(listed(&**store, harbour).await, [later]);
    for error in [
        store.remove_message(scope, event, first.id).await,
        store.update_message(scope, event, &changed).await,
    ] {
        let error = error.unwrap_err();
        assert!(
            matches!(error, StoreError::NotFound { what: "message" }),
            "{error}"
        );
    }
    let back = std::slice::from_ref(&removed);
    store.add_messages(scope, event, back).await.unwrap();
    assert_eq!(listed(&**store, harbour).await, now);
}

async fn what_is_no_message_is_refused(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let before = listed(&**store, harbour).await;
    let check = async |bad: PoolMessage| {
        let Side { scope, event, .. } = harbour;
        let new = std::slice::from_ref(&bad);
        let added = store.add_messages(scope, *event, new).await;
        let known = PoolMessage {
            id: harbour.message,
            ..bad
        };
        let changed = store.update_message(scope, *event, &known).await;
        for result in [added, changed.map(drop)] {
            assert!(
                matches!(result, Err(StoreError::Invalid { .. })),
                "{known:?}: {result:?}"
            );
        }
    };
    for text in ["", " ", "two\nlines", "nul\0"] {
        check(new_message(text)).await;
    }
    check(new_message(&"é".repeat(MESSAGE_CHARS_MAX + 1))).await;
    for weight in [0, 101] {
        check(PoolMessage {
            weight,
            ..new_message("Go!")
        })
        .await;
    }
    let long = "x".repeat(limits::NAME_CHARS_MAX + 1);
    for conditions in [
        Conditions {
            division: long.clone(),
            ..Conditions::default()
        },
        Conditions {
            city: long,
            ..Conditions::default()
        },
    ] {
        check(PoolMessage {
            conditions,
            ..new_message("Go!")
        })
        .await;
    }
    assert_eq!(listed(&**store, harbour).await, before);
    let longest = [new_message(&"é".repeat(MESSAGE_CHARS_MAX))];
    let add = store.add_messages(&harbour.scope, harbour.event, &longest);
    add.await.unwrap();
}

async fn an_event_has_so_many_and_no_more(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, event) = (&harbour.scope, harbour.event);
    let add = async |scope: &PartnerScope, count: i64| {
        let new: Vec<_> = (0..count).map(|at| new_message(&at.to_string())).collect();
        store.add_messages(scope, event, &new).await
    };
    // It has one already.
    let error = add(scope, limits::MESSAGES_PER_EVENT_MAX)
        .await
        .unwrap_err();
    assert!(
        matches!(error, StoreError::TooMany { max: 500, .. }),
        "{error}"
    );
    assert_eq!(listed(&**store, harbour).await.len(), 1);
    add(scope, limits::MESSAGES_PER_EVENT_MAX - 1)
        .await
        .unwrap();
    assert!(add(scope, 1).await.is_err());
    add(scope, 0).await.unwrap();
    let none = MessageId(Uuid::now_v7());
    assert!(store.remove_message(scope, event, none).await.is_err());
    let own = harbour.message;
    store.remove_message(scope, event, own).await.unwrap();
    add(scope, 1).await.unwrap();
}
