use crate::{
    database::Database,
    world::{NOW, World, new_display, new_event, new_stream},
};
use model::{DisplayId, RundownOverrides};
use store::{Display, NewDisplay, ShowChange, StoreError, limits};
use uuid::Uuid;

on_both! {
    a_display_is_loaded_with_all_it_is_bound_to,
    codes_differ,
    an_ended_display_is_loaded_no_more_and_ending_twice_is_well,
    an_events_displays_are_listed_with_those_that_are_over,
    a_display_is_renamed_and_lives_longer_or_shorter,
    a_show_keeps_what_was_set_of_its_turns,
    a_display_takes_points_and_streams_of_its_own_event_only,
}

async fn a_display_is_loaded_with_all_it_is_bound_to(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let start = store
        .ensure_point(&harbour.scope, harbour.event, "Start")
        .await
        .unwrap();
    let made = store
        .create_display(
            &harbour.scope,
            new_display(harbour.event, harbour.stream, vec![harbour.point, start]),
        )
        .await
        .unwrap();
    let loaded = store.all_displays().await.unwrap();
    assert_eq!(loaded.len(), 3);
    assert!(loaded.contains(&made));
    assert!(loaded.contains(&harbour.display));
    assert_eq!(
        store.owner_of_code(&made.code).await.unwrap(),
        Some((harbour.scope.partner(), made.id))
    );
}

async fn codes_differ(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let mut codes = std::collections::HashSet::new();
    for _ in 0..20 {
        let new = new_display(harbour.event, harbour.stream, vec![]);
        let display = store.create_display(&harbour.scope, new).await.unwrap();
        assert!(codes.insert(display.code));
    }
}

async fn an_ended_display_is_loaded_no_more_and_ending_twice_is_well(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    for _ in 0..2 {
        store
            .end_display(&harbour.scope, harbour.display_id())
            .await
            .unwrap();
    }
    let left = store.all_displays().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_ne!(left[0].id, harbour.display_id());
}

async fn a_display_takes_points_and_streams_of_its_own_event_only(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let other = store
        .create_event(&harbour.scope, new_event("Other"))
        .await
        .unwrap();
    let stream = store
        .create_stream(&harbour.scope, new_stream(other, "Mats"))
        .await
        .unwrap();
    let before = store.all_displays().await.unwrap();
    let check = async |new, expected: &str| match store.create_display(&harbour.scope, new).await {
        Err(StoreError::Foreign { what }) => assert_eq!(what, expected),
        unexpected => panic!("{unexpected:?}"),
    };
    check(new_display(other, harbour.stream, vec![]), "stream").await;
    check(new_display(other, stream, vec![harbour.point]), "point").await;
    assert_eq!(store.all_displays().await.unwrap(), before);
}

async fn an_events_displays_are_listed_with_those_that_are_over(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, event, stream) = (&harbour.scope, harbour.event, harbour.stream);
    let other = store.create_event(scope, new_event("Other")).await.unwrap();
    let new = NewDisplay {
        name: "  Start arch ".to_owned(),
        ..new_display(event, stream, vec![])
    };
    let second = store.create_display(scope, new).await.unwrap();
    assert_eq!(second.name, "Start arch");
    store.end_display(scope, harbour.display.id).await.unwrap();
    let ended = Display {
        ended: true,
        ..harbour.display.clone()
    };
    let displays = store.displays(scope, event).await.unwrap();
    assert_eq!(displays, [ended, second]);
    assert!(store.displays(scope, other).await.unwrap().is_empty());
    let long = NewDisplay {
        name: "x".repeat(limits::NAME_CHARS_MAX + 1),
        ..new_display(event, stream, vec![])
    };
    let error = store.create_display(scope, long).await.unwrap_err();
    assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
}

async fn a_display_is_renamed_and_lives_longer_or_shorter(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, id) = (&harbour.scope, harbour.display.id);
    let stored = async || {
        let displays = store.displays(scope, harbour.event).await.unwrap();
        (displays[0].name.clone(), displays[0].expires_at)
    };
    store.rename_display(scope, id, " Big ").await.unwrap();
    for until in [NOW.plus_ms(86_400_000), NOW.plus_ms(-1)] {
        store.extend_display(scope, id, until).await.unwrap();
        assert_eq!(stored().await, ("Big".to_owned(), until));
    }
    store.rename_display(scope, id, "").await.unwrap();
    assert_eq!(stored().await.0, "");
    store.end_display(scope, id).await.unwrap();
    let error = store.extend_display(scope, id, NOW).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Stale { what: "display" }),
        "{error}"
    );
    assert_eq!(stored().await.1, NOW.plus_ms(-1));
    let none = DisplayId(Uuid::now_v7());
    for error in [
        store.extend_display(scope, none, NOW).await.unwrap_err(),
        store.rename_display(scope, none, "X").await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
}

async fn a_show_keeps_what_was_set_of_its_turns(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, id) = (&harbour.scope, harbour.display.id);
    assert_eq!(store.display(scope, id).await.unwrap(), harbour.display);
    let owner = store.owner_of_display(id).await.unwrap();
    assert_eq!(owner, Some(scope.partner()));

    let set = RundownOverrides {
        dwell_ms: Some(2_500),
        queue_max: Some(3),
        ..RundownOverrides::default()
    };
    let made = NewDisplay {
        rundown: set,
        ..new_display(harbour.event, harbour.stream, vec![])
    };
    let made = store.create_display(scope, made).await.unwrap();
    assert_eq!(store.display(scope, made.id).await.unwrap(), made);
    assert_eq!(made.rundown, set);

    let check = async |change: ShowChange, expected: RundownOverrides| {
        store.update_show(scope, id, change).await.unwrap();
        let shown = store.display(scope, id).await.unwrap();
        let expected = Display {
            rundown: expected,
            ..harbour.display.clone()
        };
        assert_eq!(shown, expected);
        assert!(store.all_displays().await.unwrap().contains(&expected));
    };
    let rundown = |rundown| ShowChange {
        rundown: Some(rundown),
        ..ShowChange::default()
    };
    let template = ShowChange {
        template: Some(harbour.display.template),
        ..ShowChange::default()
    };
    check(rundown(set), set).await;
    check(template.clone(), set).await;
    check(ShowChange::default(), set).await;
    // The one beside it keeps its own.
    let none = RundownOverrides::default();
    check(rundown(none), none).await;
    assert_eq!(store.display(scope, made.id).await.unwrap().rundown, set);

    store.end_display(scope, id).await.unwrap();
    let error = store.update_show(scope, id, template.clone()).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, StoreError::Stale { what: "display" }),
        "{error}"
    );
    let nobody = DisplayId(Uuid::now_v7());
    assert_eq!(store.owner_of_display(nobody).await.unwrap(), None);
    for error in [
        store.update_show(scope, nobody, template).await.err(),
        store.display(scope, nobody).await.err(),
    ] {
        let error = error.unwrap();
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
}
