use crate::{
    database::Database,
    world::{NOW, World},
};
use std::net::IpAddr;
use store::{Quarantined, limits};

on_both! {
    lines_wait_and_are_seen_by_count_only,
    a_peer_past_its_cap_is_counted_and_dropped,
    a_line_that_is_too_long_is_dropped,
    lines_expire,
}

const HALL: &str = "192.0.2.7";

async fn lines_wait_and_are_seen_by_count_only(on: Database) {
    let World { store, .. } = &World::new(on).await;
    let done = store
        .quarantine(ip(HALL), 61_611, &[b"one".as_slice(), b"t\xffo"], NOW)
        .await
        .unwrap();
    assert_eq!(done, kept(2, 0));
    let counts = store.quarantine_counts().await.unwrap();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[0].peer, Some(ip(HALL)));
    assert_eq!(counts[0].listener_port, 61_611);
    assert_eq!((counts[0].kept, counts[0].dropped), (2, 0));
    assert_eq!(counts[0].last_at, NOW);
}

async fn a_peer_past_its_cap_is_counted_and_dropped(on: Database) {
    let World { store, .. } = &World::new(on).await;
    let cap = limits::QUARANTINE_LINES_PER_PEER_MAX as usize;
    let lines = vec![b"line".as_slice(); cap + 10];
    let quarantine = |peer| store.quarantine(ip(peer), 61_611, &lines, NOW);
    assert_eq!(quarantine(HALL).await.unwrap(), kept(cap as u64, 10));
    // The same address written as IPv6 is the same peer.
    assert_eq!(
        quarantine("::ffff:192.0.2.7").await.unwrap(),
        kept(0, cap as u64 + 10)
    );
    assert_eq!(quarantine("192.0.2.8").await.unwrap(), kept(cap as u64, 10));
    let counts = store.quarantine_counts().await.unwrap();
    assert_eq!(
        counts
            .iter()
            .map(|count| (count.kept, count.dropped))
            .collect::<Vec<_>>(),
        [(cap as u64, cap as u64 + 20), (cap as u64, 10)]
    );
}

async fn a_line_that_is_too_long_is_dropped(on: Database) {
    let World { store, .. } = &World::new(on).await;
    let long = vec![b'x'; limits::QUARANTINE_LINE_BYTES_MAX + 1];
    let lines = [long.as_slice(), &long[1..]];
    let done = store.quarantine(ip(HALL), 1, &lines, NOW).await.unwrap();
    assert_eq!(done, kept(1, 1));
}

async fn lines_expire(on: Database) {
    let World { store, .. } = &World::new(on).await;
    store.quarantine(ip(HALL), 1, &[b"old"], NOW).await.unwrap();
    let later = NOW.plus_ms(limits::QUARANTINE_KEPT_MS + 1);
    store
        .quarantine(ip("192.0.2.8"), 1, &[b"new"], later)
        .await
        .unwrap();
    let counts = store.quarantine_counts().await.unwrap();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[0].peer, Some(ip("192.0.2.8")));
}

fn kept(kept: u64, dropped: u64) -> Quarantined {
    Quarantined { kept, dropped }
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}
