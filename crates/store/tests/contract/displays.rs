use crate::{
    database::Database,
    world::{World, new_display, new_stream},
};
use store::StoreError;

on_both! {
    a_display_is_loaded_with_all_it_is_bound_to,
    codes_differ,
    an_ended_display_is_loaded_no_more_and_ending_twice_is_well,
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
        .create_event(&harbour.scope, crate::world::new_event("Other"))
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
