//! What is told of the reads over a location where races start.

use crate::{
    database::Database,
    world::{NOW, World},
};
use model::{ReadKind, WallTime};
use store::JournalEntry;

on_both! {
    passages_are_told_in_few_lines,
}

async fn passages_are_told_in_few_lines(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let bucket_cs = store::limits::PASSAGE_BUCKET_CS;
    let read = |location: &str, tag: &str, cs: i64| {
        let mut entry = harbour.entry(location, tag, cs);
        entry.read.received_at = NOW.plus_ms(10 * cs);
        entry
    };
    let simulated = |mut entry: JournalEntry| {
        entry.read.simulated = true;
        entry
    };
    let mut gun = read("START", "guntime", 2);
    gun.read.kind = ReadKind::Gun;
    let batch = [
        read("START", "101", 0),
        read("START", "101", bucket_cs - 1),
        read("START", "101", 20),
        read("START", "101", bucket_cs),
        read("START", "102", 30),
        simulated(read("START", "101", 40)),
        read("FINISH", "101", 50),
        gun,
    ];
    store.append_reads(&batch).await.unwrap();
    let wall = |cs| batch[0].read.wall.0 + cs;
    let passages = async |since_cs| {
        let since = WallTime(wall(since_cs));
        let passages = store.passages(&harbour.scope, harbour.stream, "START", since);
        let mut passages: Vec<_> = passages
            .await
            .unwrap()
            .into_iter()
            .map(|it| {
                let received_cs = it.received_at.ms_since(NOW) / 10;
                let (first, last) = (it.first.0 - wall(0), it.last.0 - wall(0));
                (it.tag, first, last, received_cs, it.simulated)
            })
            .collect();
        passages.sort();
        passages
    };
    let told = |tag: &str, first, last, simulated| (tag.to_owned(), first, last, last, simulated);
    assert_eq!(
        passages(0).await,
        [
            told("101", 0, bucket_cs - 1, false),
            told("101", 40, 40, true),
            told("101", bucket_cs, bucket_cs, false),
            told("102", 30, 30, false),
        ]
    );
    assert_eq!(
        passages(bucket_cs).await,
        [told("101", bucket_cs, bucket_cs, false)]
    );
}
