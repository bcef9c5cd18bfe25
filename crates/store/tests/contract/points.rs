use crate::{
    database::Database,
    world::{World, new_stream},
};
use store::{StoreError, limits};

on_both! {
    points_are_made_once_whatever_the_case,
    a_location_stays_mapped_when_its_point_is_renamed,
    a_second_stream_finds_the_point_of_that_name,
    a_location_can_be_mapped_elsewhere,
    two_points_never_share_a_name,
    a_device_that_invents_locations_is_stopped,
}

async fn points_are_made_once_whatever_the_case(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let point = |name| store.ensure_point(&harbour.scope, harbour.event, name);
    let five = point("5 km").await.unwrap();
    assert_eq!(point(" 5 KM ").await.unwrap(), five);
    assert_eq!(point("finish").await.unwrap(), harbour.point);
    let points = store.points(&harbour.scope, harbour.event).await.unwrap();
    let seen: Vec<_> = points
        .iter()
        .map(|point| (point.name.as_str(), point.position))
        .collect();
    assert_eq!(seen, [("FINISH", 1), ("5 km", 2)]);
}

async fn a_location_stays_mapped_when_its_point_is_renamed(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    store
        .rename_point(&harbour.scope, harbour.point, "Ziel")
        .await
        .unwrap();
    let again = store
        .ensure_location(&harbour.scope, harbour.stream, "FINISH")
        .await
        .unwrap();
    assert_eq!(again, harbour.point);
    let points = store.points(&harbour.scope, harbour.event).await.unwrap();
    assert_eq!(points.len(), 1);
    assert_eq!(points[0].name, "Ziel");
}

async fn a_second_stream_finds_the_point_of_that_name(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let backup = store
        .create_stream(&harbour.scope, new_stream(harbour.event, "Backup"))
        .await
        .unwrap();
    let point = store
        .ensure_location(&harbour.scope, backup, "Finish")
        .await
        .unwrap();
    assert_eq!(point, harbour.point);
}

async fn a_location_can_be_mapped_elsewhere(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let five = store
        .ensure_point(&harbour.scope, harbour.event, "5 km")
        .await
        .unwrap();
    store
        .map_location(&harbour.scope, harbour.stream, "FINISH", five)
        .await
        .unwrap();
    assert_eq!(
        store
            .locations(&harbour.scope, harbour.stream)
            .await
            .unwrap(),
        [("FINISH".to_owned(), five)]
    );
}

async fn two_points_never_share_a_name(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let five = store
        .ensure_point(&harbour.scope, harbour.event, "5 km")
        .await
        .unwrap();
    assert!(matches!(
        store.rename_point(&harbour.scope, five, "finish").await,
        Err(StoreError::Taken { .. })
    ));
}

async fn a_device_that_invents_locations_is_stopped(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let mut made = 1;
    let error = loop {
        match store
            .ensure_location(&harbour.scope, harbour.stream, &format!("L{made}"))
            .await
        {
            Ok(_) => made += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
    assert_eq!(made, limits::POINTS_PER_EVENT_MAX);
}
