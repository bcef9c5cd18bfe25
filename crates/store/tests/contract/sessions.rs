//! On which days streams were read, and their reads in the order of the device's clock.

use crate::{
    database::Database,
    world::{NOW, World, new_display, new_event, new_stream},
};
use model::{PointId, WallTime, session_view::ReadMark, time::DAY_CS};
use store::{JournalEntry, SessionDay, SessionLocation, SessionStream, StoreError};

on_both! {
    days_are_listed_over_all_events_the_newest_first,
    reads_are_paged_in_the_order_of_the_clock,
    a_show_is_bound_to_another_stream,
}

/// The day of the world's own reads.
const DAY: i64 = 20_518;

fn on_day(mut entry: JournalEntry, day: i64) -> JournalEntry {
    entry.read.wall = WallTime::from_day(day, entry.read.wall.time_of_day_cs());
    entry
}

async fn days_are_listed_over_all_events_the_newest_first(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let scope = &harbour.scope;
    let event = store.create_event(scope, new_event("Swim")).await.unwrap();
    let other = store.create_stream(scope, new_stream(event, "Buoys"));
    let other = other.await.unwrap();
    let elsewhere = |mut entry: JournalEntry| {
        entry.read.stream = other;
        entry.read.connection_name = Some("buoy".to_owned());
        entry.read.simulated = true;
        entry.read.received_at = NOW.plus_ms(9);
        entry
    };
    let batch = [
        on_day(harbour.entry("FINISH", "7", DAY_CS - 1), DAY - 2),
        on_day(harbour.entry("START", "7", 5), DAY - 2),
        elsewhere(on_day(harbour.entry("EXIT", "8", 6), DAY + 1)),
        // Two of one hundredth are one last read.
        elsewhere(on_day(harbour.entry("EXIT", "9", 6), DAY + 1)),
        on_day(meadow.entry("FINISH", "8", 1), DAY + 5),
    ];
    store.append_reads(&batch).await.unwrap();
    let told = store.session_days(scope).await.unwrap();
    assert!(!told.more);
    let wall = WallTime::from_day;
    let at = |location: &str, point| SessionLocation {
        location: location.to_owned(),
        point,
    };
    let stream = |id, name: &str, event, event_name: &str| SessionStream {
        id,
        name: name.to_owned(),
        timezone: None,
        offset_ms: 0,
        event,
        event_name: event_name.to_owned(),
        event_timezone: "Europe/Vienna".to_owned(),
    };
    let points = store.points(scope, harbour.event).await.unwrap();
    let finish = (harbour.point, points[0].name.clone(), points[0].position);
    let own = SessionDay {
        stream: stream(harbour.stream, "Mats", harbour.event, "Run"),
        first: wall(DAY, 0),
        last: wall(DAY, 0),
        received_at: NOW,
        connection: String::new(),
        simulated: false,
        locations: vec![at("FINISH", Some(finish.clone()))],
    };
    let expected = [
        SessionDay {
            stream: stream(other, "Buoys", event, "Swim"),
            first: wall(DAY + 1, 6),
            last: wall(DAY + 1, 6),
            received_at: NOW.plus_ms(9),
            connection: "buoy".to_owned(),
            simulated: true,
            locations: vec![at("EXIT", None)],
        },
        own.clone(),
        SessionDay {
            first: wall(DAY - 2, 5),
            last: wall(DAY - 2, DAY_CS - 1),
            locations: vec![at("FINISH", Some(finish)), at("START", None)],
            ..own
        },
    ];
    assert_eq!(told.days, expected);
    let theirs = store.session_days(&meadow.scope).await.unwrap().days;
    let streams: Vec<_> = theirs.iter().map(|day| day.stream.id).collect();
    assert_eq!(streams, [meadow.stream, meadow.stream]);
}

async fn reads_are_paged_in_the_order_of_the_clock(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let batch = [
        harbour.entry("FINISH", "d", 40),
        harbour.entry("FINISH", "b", 20),
        harbour.entry("FINISH", "c", 20),
        harbour.entry("START", "a", 10),
        on_day(harbour.entry("START", "late", 0), DAY + 1),
    ];
    store.append_reads(&batch).await.unwrap();
    let (from, until) = (WallTime::from_day(DAY, 1), WallTime::from_day(DAY + 1, 0));
    let (scope, stream) = (&harbour.scope, harbour.stream);
    let mut after = ReadMark::before(from);
    let mut tags = Vec::new();
    loop {
        let page = store.reads_between(scope, stream, after, until, 1).await;
        let Some((mark, stored)) = page.unwrap().pop() else {
            break;
        };
        assert!(mark > after);
        after = mark;
        tags.push(stored.read.tag);
    }
    // The two of one hundredth come in either order.
    tags[1..3].sort();
    assert_eq!(tags, ["a", "b", "c", "d"]);
    let before = ReadMark::before(from);
    let last = store.last_reads_between(scope, stream, before, until, 1);
    let last = last.await.unwrap();
    assert_eq!(last.len(), 1);
    assert_eq!((last[0].0, &*last[0].1.read.tag), (after, "d"));
    let foreign = store.reads_between(&meadow.scope, stream, before, until, 9);
    assert!(foreign.await.unwrap().is_empty());
}

async fn a_show_is_bound_to_another_stream(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let (scope, event) = (&harbour.scope, harbour.event);
    let new = new_display(event, harbour.stream, vec![harbour.point]);
    let display = store.create_display(scope, new).await.unwrap();
    let other = store.create_stream(scope, new_stream(event, "Spare"));
    let other = other.await.unwrap();
    let start = store.ensure_point(scope, event, "START").await.unwrap();
    let bind =
        async |stream, points: &[PointId]| store.bind_show(scope, display.id, stream, points).await;
    bind(other, &[start, harbour.point]).await.unwrap();
    let bound = store.display(scope, display.id).await.unwrap();
    assert_eq!(bound.stream, other);
    let mut points = bound.points.clone();
    points.sort();
    let mut expected = [start, harbour.point];
    expected.sort();
    assert_eq!(points, expected);

    let foreign = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Foreign { .. })),
            "{result:?}"
        );
    };
    foreign(bind(meadow.stream, &[start]).await);
    foreign(bind(other, &[meadow.point]).await);
    let of_theirs = store.bind_show(&meadow.scope, display.id, meadow.stream, &[]);
    let of_theirs = of_theirs.await;
    assert!(matches!(of_theirs, Err(StoreError::NotFound { .. })));
    assert_eq!(store.display(scope, display.id).await.unwrap(), bound);
    store.end_display(scope, display.id).await.unwrap();
    let ended = bind(other, &[start]).await;
    assert!(matches!(ended, Err(StoreError::Stale { .. })));
}
