use crate::{
    database::Database,
    world::{NOW, Side, World, new_stream, read},
};
use model::{Read, ReadKind, WallTime};
use std::{
    collections::HashMap,
    future::Future,
    pin::pin,
    task::{Context, Poll},
};
use store::{
    Appended, JournalEntry, Location, OpenMode, ResumePoint, StoreError, StreamTotals, Undated,
    UndatedDay,
};

on_both! {
    a_read_comes_back_as_it_went_in,
    a_nul_in_a_text_holds_nothing_up,
    an_empty_batch_is_nothing,
    the_key_is_what_the_device_said_and_nothing_else,
    two_streams_never_share_a_key,
    totals_count_what_came,
    a_connection_is_resumed_after_its_last_new_read_by_arrival,
    the_window_is_loaded,
    the_newest_dates_of_undated_lines_are_loaded,
    an_undated_line_is_found_by_what_it_says_whatever_its_day,
    a_batch_whose_answer_was_lost_gets_it_when_it_comes_again,
    recent_reads_are_the_newest_of_their_location,
    pages_cover_an_event_once,
    different_reads_of_one_hash_are_all_stored_once,
    a_batch_with_a_foreign_stream_stores_nothing,
    a_batch_that_is_dropped_anywhere_is_stored_whole_or_not_at_all,
}

const fn new(position: u64) -> Appended {
    Appended::New { position }
}

async fn a_read_comes_back_as_it_went_in(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let plain = harbour.entry("FINISH", "102", 1);
    let odd = JournalEntry {
        scope: harbour.scope,
        read: Read {
            kind: ReadKind::Gun,
            location: "Ziel Ä".to_owned(),
            tag: "guntime".to_owned(),
            wall: WallTime(-5),
            time_text: "23:59:59.95".to_owned(),
            dated: false,
            sequence: Some(u64::from(u32::MAX) + 7),
            occurrence: String::new(),
            reader: "23H016".to_owned(),
            antenna: "0".to_owned(),
            connection_name: Some("9f3c".to_owned()),
            raw: b"\xff\x00 bytes that are no text".to_vec(),
            late: true,
            simulated: true,
            ..plain.read.clone()
        },
    };
    let batch = [plain, odd];
    assert_eq!(
        store.append_reads(&batch).await.unwrap(),
        [new(3), new(4)],
        "each of the two partners has one read already"
    );
    let page = store
        .reads_page(&harbour.scope, harbour.event, 1, 10)
        .await
        .unwrap();
    assert_eq!(
        page.iter()
            .map(|stored| stored.position)
            .collect::<Vec<_>>(),
        [3, 4]
    );
    assert_eq!(page[0].read, batch[0].read);
    assert_eq!(page[1].read, batch[1].read);
    assert_eq!(store.last_position().await.unwrap(), 4);
}

async fn a_nul_in_a_text_holds_nothing_up(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let mut odd = harbour.entry("FIN\0ISH", "10\u{0}2", 1);
    odd.read.reader = "\0".to_owned();
    odd.read.connection_name = Some("b\0x".to_owned());
    odd.read.sequence = Some(4);
    let batch = [odd.clone(), harbour.entry("FINISH", "103", 2)];
    assert_eq!(store.append_reads(&batch).await.unwrap(), [new(3), new(4)]);
    assert_eq!(
        store.append_reads(&batch).await.unwrap(),
        [Appended::Duplicate; 2]
    );
    let page = store
        .reads_page(&harbour.scope, harbour.event, 2, 1)
        .await
        .unwrap();
    let stored = &page[0].read;
    assert_eq!(stored.location, "FIN\u{fffd}ISH");
    assert_eq!(stored.tag, "10\u{fffd}2");
    assert_eq!(stored.reader, "\u{fffd}");
    assert_eq!(stored.connection_name.as_deref(), Some("b\u{fffd}x"));
    assert_eq!(stored.raw, odd.read.raw);
}

async fn an_empty_batch_is_nothing(on: Database) {
    let World { store, .. } = &World::new(on).await;
    assert_eq!(store.append_reads(&[]).await.unwrap(), []);
}

async fn the_key_is_what_the_device_said_and_nothing_else(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let first = harbour.entry("FINISH", "102", 1);
    store
        .append_reads(std::slice::from_ref(&first))
        .await
        .unwrap();
    let check = async |change: fn(&mut Read), stored: bool| {
        let mut entry = first.clone();
        change(&mut entry.read);
        let answer = store.append_reads(&[entry]).await.unwrap()[0];
        assert_eq!(answer != Appended::Duplicate, stored);
    };
    check(|_| {}, false).await;
    check(|read| read.sequence = Some(9), false).await;
    check(|read| read.time_text.clear(), false).await;
    check(|read| read.dated = false, false).await;
    check(|read| read.occurrence.push('1'), false).await;
    check(|read| read.raw.push(b'~'), false).await;
    check(|read| read.connection_name = Some("b".to_owned()), false).await;
    check(|read| read.late = true, false).await;
    check(|read| read.received_at.0 += 1, false).await;
    check(|read| read.kind = ReadKind::Gun, false).await;

    check(|read| read.wall.0 += 1, true).await;
    check(|read| read.location.make_ascii_lowercase(), true).await;
    check(|read| read.tag.insert(0, '0'), true).await;
    check(|read| read.reader.push('x'), true).await;
    check(|read| read.antenna = "2".to_owned(), true).await;
}

async fn two_streams_never_share_a_key(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let backup = store
        .create_stream(&harbour.scope, new_stream(harbour.event, "Backup"))
        .await
        .unwrap();
    let entry = |stream| JournalEntry {
        scope: harbour.scope,
        read: read(stream, "FINISH", "102", 1),
    };
    let batch = [entry(harbour.stream), entry(backup), entry(backup)];
    assert_eq!(
        store.append_reads(&batch).await.unwrap(),
        [new(3), new(4), Appended::Duplicate]
    );
}

async fn totals_count_what_came(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let entry = |location: &str, tag: &str, at, sequence, late| {
        let mut entry = harbour.entry(location, tag, at);
        entry.read.sequence = sequence;
        entry.read.late = late;
        entry.read.received_at = NOW.plus_ms(at);
        entry
    };
    let batch = [
        entry("FINISH", "102", 10, Some(7), false),
        entry("START", "102", 2, Some(8), true),
        entry("FINISH", "103", 12, Some(9), false),
        entry("FINISH", "102", 10, Some(7), true),
    ];
    store.append_reads(&batch).await.unwrap();
    store.append_reads(&batch[..2]).await.unwrap();
    let totals = store
        .stream_totals(&harbour.scope, harbour.stream)
        .await
        .unwrap();
    assert_eq!(
        totals,
        StreamTotals {
            reads: 4,
            duplicates: 3,
            late: 1,
            last: vec![
                ("FINISH".to_owned(), Some(9)),
                ("START".to_owned(), Some(8))
            ],
        }
    );
    let mut gun = entry("START", "guntime", 0, None, false);
    gun.read.kind = ReadKind::Gun;
    store.append_reads(&[gun]).await.unwrap();
    let tags = store
        .tag_counts(&harbour.scope, harbour.stream)
        .await
        .unwrap();
    assert_eq!(tags.upto, store.last_position().await.unwrap());
    assert_eq!(
        tags.tags,
        [
            ("101".to_owned(), 1),
            ("102".to_owned(), 2),
            ("103".to_owned(), 1)
        ]
    );
    let streams = store.streams(&harbour.scope, harbour.event).await.unwrap();
    assert_eq!(streams[0].last_read_at, Some(NOW.plus_ms(12)));
}

async fn a_connection_is_resumed_after_its_last_new_read_by_arrival(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let entry = |name: Option<&str>, location: &str, sequence: Option<u64>, at| {
        let mut entry = harbour.entry(location, "102", at);
        entry.read.sequence = sequence;
        entry.read.connection_name = name.map(str::to_owned);
        entry
    };
    let batch = [
        entry(Some("box"), "FINISH", Some(41), 100),
        // Older by its time, newer by arrival.
        entry(Some("box"), "FINISH", Some(40), 90),
        entry(Some("box"), "START", Some(3), 10),
        entry(Some("other"), "FINISH", Some(77), 110),
        entry(None, "FINISH", Some(78), 120),
        entry(Some("box"), "10K", None, 50),
    ];
    store.append_reads(&batch).await.unwrap();
    // A rewind that breaks off moves nothing.
    store.append_reads(&batch[..1]).await.unwrap();
    let point = |location: &str, sequence, at| ResumePoint {
        location: location.to_owned(),
        sequence,
        tag: "102".to_owned(),
        reader: "0F2A38".to_owned(),
        antenna: "1".to_owned(),
        wall: WallTime::from_day(20_518, at),
    };
    let points = |name| store.resume_points(&harbour.scope, harbour.stream, name);
    assert_eq!(
        points("box").await.unwrap(),
        [point("FINISH", 40, 90), point("START", 3, 10)]
    );
    assert_eq!(points("other").await.unwrap(), [point("FINISH", 77, 110)]);
    assert_eq!(points("").await.unwrap(), []);
    assert_eq!(points("unknown").await.unwrap(), []);

    // A new session of the controller begins its numbers anew.
    let anew = entry(Some("box"), "FINISH", Some(1), 200);
    store.append_reads(&[anew]).await.unwrap();
    assert_eq!(points("box").await.unwrap()[0], point("FINISH", 1, 200));
}

async fn the_window_is_loaded(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let undated = undated(harbour, "102", 5, 20_518, 500).0;
    let dated = harbour.entry("FINISH", "103", 600);
    store
        .append_reads(&[undated.clone(), dated.clone()])
        .await
        .unwrap();
    let keys = store
        .read_keys_since(&harbour.scope, harbour.stream, undated.read.wall)
        .await
        .unwrap();
    assert_eq!(keys, [undated.read.key(), dated.read.key()]);
}

/// A line without a date, as the device says it, and the day that it was given.
fn undated(side: &Side, tag: &str, sequence: u64, day: i64, cs: i64) -> (JournalEntry, UndatedDay) {
    let mut entry = side.entry("FINISH", tag, 0);
    let read = &mut entry.read;
    read.wall = WallTime::from_day(day, cs);
    read.dated = false;
    read.sequence = Some(sequence);
    read.time_text = format!("{cs} hundredths");
    let of = Undated {
        location: read.location.clone(),
        sequence: read.sequence,
        tag: read.tag.clone(),
        time_text: read.time_text.clone(),
        reader: read.reader.clone(),
        time_of_day_cs: cs,
    };
    (entry, UndatedDay { of, day })
}

async fn the_newest_dates_of_undated_lines_are_loaded(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let lines = [
        undated(harbour, "102", 5, 20_518, 500),
        undated(harbour, "103", 6, 20_516, 8_639_999),
        undated(harbour, "104", 7, 20_517, 0),
    ];
    let batch = lines.each_ref().map(|(entry, _)| entry.clone());
    store.append_reads(&batch).await.unwrap();
    let [first, second, third] = lines.map(|(_, day)| day);
    let days = async |limit| {
        let days = store.undated_days(&harbour.scope, harbour.stream, limit);
        days.await.unwrap()
    };
    assert_eq!(days(9).await, [second, third.clone(), first.clone()]);
    assert_eq!(days(2).await, [third, first]);
    assert_eq!(days(0).await, []);
}

async fn an_undated_line_is_found_by_what_it_says_whatever_its_day(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let early = undated(harbour, "102", 5, 20_110, 500);
    let late = undated(harbour, "103", 6, 20_518, 0);
    let same_time = undated(harbour, "104", 7, 20_110, 500);
    let batch = [&early, &late, &same_time].map(|(entry, _)| entry.clone());
    store.append_reads(&batch).await.unwrap();
    let mut dated = undated(harbour, "105", 8, 20_110, 500);
    dated.0.read.dated = true;
    store.append_reads(&[dated.0]).await.unwrap();
    let found = async |lines: &[Undated]| {
        let days = store.undated_days_of(&harbour.scope, harbour.stream, lines);
        days.await.unwrap()
    };
    let (early, late) = (early.1, late.1);
    assert_eq!(found(&[]).await, []);
    let one = std::slice::from_ref(&early);
    assert_eq!(found(std::slice::from_ref(&early.of)).await, one);
    let both = [late.of.clone(), early.of.clone(), late.of.clone()];
    assert_eq!(found(&both).await, [early.clone(), late]);
    let unlike = |change: fn(&mut Undated)| {
        let mut other = early.of.clone();
        change(&mut other);
        other
    };
    let others = [
        unlike(|line| line.location.push('2')),
        unlike(|line| line.sequence = Some(6)),
        unlike(|line| line.sequence = None),
        unlike(|line| line.tag.insert(0, '0')),
        unlike(|line| line.time_text.push('0')),
        unlike(|line| line.reader.push('x')),
        unlike(|line| line.time_of_day_cs += 1),
        dated.1.of,
    ];
    assert_eq!(found(&others).await, []);
}

/// As where the connection is lost between a commit and its answer.
async fn a_batch_whose_answer_was_lost_gets_it_when_it_comes_again(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let before = store.last_position().await.unwrap();
    let mut late = harbour.entry("FINISH", "103", 2);
    late.read.late = true;
    let batch = [
        harbour.entry("FINISH", "102", 1),
        harbour.entry("FINISH", "101", 0),
        late,
        harbour.entry("FINISH", "102", 1),
    ];
    let dup = Appended::Duplicate;
    let answers = [new(before + 1), dup, new(before + 2), dup];
    assert_eq!(store.append_reads(&batch).await.unwrap(), answers);
    let totals = || store.stream_totals(&harbour.scope, harbour.stream);
    let counted = totals().await.unwrap();
    assert_eq!((counted.reads, counted.duplicates, counted.late), (3, 2, 1));
    for _ in 0..2 {
        let again = store.append_reads_again(&batch, before).await.unwrap();
        assert_eq!(again, answers);
        assert_eq!(totals().await.unwrap(), counted);
    }
    // What was answered is stored, so it is a rewind.
    let again = store.append_reads_again(&batch, before + 2).await.unwrap();
    assert_eq!(again, [dup; 4]);
    assert_eq!(totals().await.unwrap().duplicates, 6);
    // Nothing of it was stored, or could be.
    let other = [harbour.entry("FINISH", "104", 3), batch[0].clone()];
    let again = store.append_reads_again(&other, before + 2).await.unwrap();
    assert_eq!(again, [new(before + 3), dup]);
    assert_eq!(store.last_position().await.unwrap(), before + 3);
}

async fn recent_reads_are_the_newest_of_their_location(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let batch: Vec<_> = [
        ("FINISH", 30),
        ("START", 99),
        ("FINISH", 10),
        ("FINISH", 20),
    ]
    .into_iter()
    .map(|(location, at)| harbour.entry(location, "102", at))
    .collect();
    store.append_reads(&batch).await.unwrap();
    let recent = async |location, limit| {
        store
            .recent_reads(&harbour.scope, harbour.stream, location, limit)
            .await
            .unwrap()
            .into_iter()
            .map(|stored| stored.read.wall.time_of_day_cs())
            .collect::<Vec<_>>()
    };
    assert_eq!(recent("FINISH", 3).await, [30, 20, 10]);
    assert_eq!(recent("FINISH", 99).await, [30, 20, 10, 0]);
    assert_eq!(recent("START", 3).await, [99]);
    assert!(recent("10K", 3).await.is_empty());
}

async fn pages_cover_an_event_once(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let batch: Vec<_> = (0..500)
        .map(|number| {
            let side = if number % 3 == 0 { meadow } else { harbour };
            side.entry("FINISH", &number.to_string(), 1 + number)
        })
        .collect();
    store.append_reads(&batch).await.unwrap();
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page = store
            .reads_page(&harbour.scope, harbour.event, after, 64)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = last.position;
        seen.extend(page.into_iter().map(|stored| stored.read.tag));
    }
    let expected: Vec<String> = std::iter::once("101".to_owned())
        .chain((0..500).filter(|n| n % 3 != 0).map(|n| n.to_string()))
        .collect();
    assert_eq!(seen, expected);
}

async fn a_batch_with_a_foreign_stream_stores_nothing(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let stolen = JournalEntry {
        scope: meadow.scope,
        read: read(harbour.stream, "FINISH", "102", 1),
    };
    let mine = harbour.entry("FINISH", "102", 1);
    for batch in [vec![mine.clone(), stolen.clone()], vec![stolen, mine]] {
        assert!(matches!(
            store.append_reads(&batch).await,
            Err(StoreError::Foreign { what: "stream" })
        ));
    }
    assert_eq!(store.last_position().await.unwrap(), 2);
}

/// Polls a future so many times and then drops it, wherever it is.
async fn dropped_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context: &mut Context<'_>| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

async fn a_batch_that_is_dropped_anywhere_is_stored_whole_or_not_at_all(on: Database) {
    let world = World::new(on).await;
    let store = &world.store;
    let (mut dropped, mut stored) = (0, 2);
    // Where a future waits is chance: on an idle machine in many places, on a busy one in few.
    while dropped < 40 {
        let batch: Vec<_> = (0..1_000)
            .map(|number| world.harbour.entry("FINISH", &number.to_string(), stored))
            .collect();
        let mut polls = 1;
        while dropped_after(polls, store.append_reads(&batch))
            .await
            .is_none()
        {
            let last = store.last_position().await.unwrap() as i64;
            assert!(
                last == stored || last == stored + 1_000,
                "{last} after {stored} and {polls} polls"
            );
            dropped += 1;
            polls += 1;
        }
        stored += 1_000;
        assert_eq!(store.last_position().await.unwrap() as i64, stored);
    }
    let totals = store
        .stream_totals(&world.harbour.scope, world.harbour.stream)
        .await
        .unwrap();
    assert_eq!(totals.reads as i64, stored - 1);
}

/// Found by trying: reads of one hundredth whose stored hash, half of the key's, is the same.
fn clashing(side: &Side) -> Vec<[JournalEntry; 2]> {
    let mut by_hash: HashMap<i32, JournalEntry> = HashMap::new();
    let mut found = Vec::new();
    for number in 0..250_000 {
        let entry = side.entry("FINISH", &format!("E{number}"), 7);
        let hash = entry.read.key_hash() as i32;
        if let Some(other) = by_hash.insert(hash, entry.clone()) {
            found.push([other, entry]);
        }
    }
    found
}

async fn different_reads_of_one_hash_are_all_stored_once(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let pairs = clashing(harbour);
    assert!(pairs.len() > 3, "{} pairs", pairs.len());
    let mut last = store.last_position().await.unwrap();
    let mut check = async |batch: &[JournalEntry], news: usize| {
        let answers = store.append_reads(batch).await.unwrap();
        let mut expected = vec![Appended::Duplicate; batch.len()];
        for answer in &mut expected[batch.len() - news..] {
            last += 1;
            *answer = new(last);
        }
        assert_eq!(answers, expected);
    };
    let (apart, together) = pairs.split_at(2);
    for [one, other] in apart {
        let (one, other) = (std::slice::from_ref(one), std::slice::from_ref(other));
        check(one, 1).await;
        check(other, 1).await;
        check(other, 0).await;
        check(one, 0).await;
    }
    for pair in together {
        check(pair, 2).await;
        check(pair, 0).await;
    }
    let mixed = [&apart[0][1..], &together[0][..]].concat();
    check(&mixed, 0).await;
}

#[tokio::test]
async fn what_was_answered_is_there_after_the_process_is_gone() {
    let world = World::new(Database::Sqlite).await;
    world
        .store
        .append_reads(&[world.harbour.entry("FINISH", "102", 1)])
        .await
        .unwrap();
    // The file and its log, copied while the store is open, are what a crash would leave.
    let copy = tempfile::tempdir().unwrap();
    for name in ["gantry.db", "gantry.db-wal"] {
        std::fs::copy(
            world.home.file().with_file_name(name),
            copy.path().join(name),
        )
        .unwrap();
    }
    let file = Location::Sqlite(copy.path().join("gantry.db"));
    let store = store::open(&file, OpenMode::AsIs).await.unwrap();
    assert_eq!(store.last_position().await.unwrap(), 3);
    let again = store
        .append_reads(&[world.harbour.entry("FINISH", "102", 1)])
        .await
        .unwrap();
    assert_eq!(again, [Appended::Duplicate]);
}
