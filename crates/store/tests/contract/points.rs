use crate::{
    database::Database,
    world::{NOW, World, new_deed, new_display, new_event, new_stream},
};
use model::{Edit, PointId};
use store::{RaceChange, StoreError, limits};
use uuid::Uuid;

on_both! {
    points_are_made_once_whatever_the_case,
    a_location_stays_mapped_when_its_point_is_renamed,
    a_second_stream_finds_the_point_of_that_name,
    a_location_can_be_mapped_elsewhere,
    two_points_never_share_a_name,
    a_device_that_invents_locations_is_stopped,
    points_are_put_in_order,
    a_point_goes_when_nothing_holds_it,
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

async fn points_are_put_in_order(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, event) = (&harbour.scope, harbour.event);
    let [start, five, ten] = ["Start", "5 km", "10 km"];
    let start = store.ensure_point(scope, event, start).await.unwrap();
    let five = store.ensure_point(scope, event, five).await.unwrap();
    let ten = store.ensure_point(scope, event, ten).await.unwrap();
    let check = async |order: &[PointId], expected: [PointId; 4]| {
        store.order_points(scope, event, order).await.unwrap();
        let points = store.points(scope, event).await.unwrap();
        let ids: Vec<_> = points.iter().map(|point| point.id).collect();
        let places: Vec<_> = points.iter().map(|point| point.position).collect();
        assert_eq!((&ids[..], &places[..]), (&expected[..], &[1, 2, 3, 4][..]));
    };
    let finish = harbour.point;
    check(&[start, five, ten, finish], [start, five, ten, finish]).await;
    check(&[ten], [ten, start, five, finish]).await;
    check(&[], [ten, start, five, finish]).await;
    check(&[finish, finish, five], [finish, five, ten, start]).await;
    let other = store.create_event(scope, new_event("Other")).await.unwrap();
    let elsewhere = store.ensure_point(scope, other, "Start").await.unwrap();
    for foreign in [elsewhere, PointId(Uuid::now_v7())] {
        let error = store.order_points(scope, event, &[ten, foreign]).await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, StoreError::Foreign { what: "point" }),
            "{error}"
        );
    }
    check(&[], [finish, five, ten, start]).await;
}

async fn a_point_goes_when_nothing_holds_it(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, event, point) = (&harbour.scope, harbour.event, harbour.point);
    let is_held = async || {
        let error = store.remove_point(scope, point).await.unwrap_err();
        assert!(
            matches!(error, StoreError::InUse { what: "point" }),
            "{error}"
        );
    };
    is_held().await;
    let spare = store.ensure_point(scope, event, "Spare").await.unwrap();
    let location = store.map_location(scope, harbour.stream, "FINISH", spare);
    location.await.unwrap();
    is_held().await;
    let change = RaceChange {
        course: Some(vec![]),
        ..RaceChange::default()
    };
    store
        .update_race(scope, harbour.race, change)
        .await
        .unwrap();
    is_held().await;
    let second = new_display(event, harbour.stream, vec![point, spare]);
    let second = store.create_display(scope, second).await.unwrap();
    store.end_display(scope, harbour.display.id).await.unwrap();
    is_held().await;
    store.end_display(scope, second.id).await.unwrap();
    assert_eq!(store.zero_counts(scope, event).await.unwrap().len(), 1);
    store.remove_point(scope, point).await.unwrap();
    assert!(store.zero_counts(scope, event).await.unwrap().is_empty());
    let points = store.points(scope, event).await.unwrap();
    assert_eq!(
        points.iter().map(|left| left.id).collect::<Vec<_>>(),
        [spare]
    );
    let displays = store.displays(scope, event).await.unwrap();
    assert_eq!(
        displays[1].points,
        [spare],
        "those that are over go on without it"
    );
    let error = store.remove_point(scope, point).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    let mark = Edit::ZeroCount {
        point,
        before: None,
        after: Some(NOW),
    };
    let error = store.do_deed(scope, event, new_deed(vec![mark])).await;
    assert!(matches!(error, Err(StoreError::Foreign { .. })));
}
