use crate::{
    database::Database,
    world::{NOW, World, new_stream},
};
use model::{ReadKind, WallTime};
use store::{Activity, JournalEntry, TagActivity};

on_both! {
    tags_are_counted_by_stream_and_location,
    what_was_looked_at_is_not_looked_at_again,
}

async fn tags_are_counted_by_stream_and_location(on: Database) {
    let World { store, harbour, .. } = &World::new(on).await;
    let (scope, event) = (&harbour.scope, harbour.event);
    let backup = store.create_stream(scope, new_stream(event, "Backup"));
    let backup = backup.await.unwrap();
    let mut batch = vec![
        harbour.entry("FINISH", "7", 50),
        harbour.entry("FINISH", "7", 40),
        harbour.entry("START", "7", 5),
        harbour.entry("FINISH", "gun", 1),
        harbour.entry("FINISH", "7", 60),
    ];
    batch[1].read.received_at = NOW.plus_ms(7);
    batch[3].read.kind = ReadKind::Gun;
    batch[4].read.stream = backup;
    batch[4].read.simulated = true;
    store.append_reads(&batch).await.unwrap();

    let activity = store.tag_activity(scope, event, 0).await.unwrap();
    let tag = |stream, location: &str, tag: &str, reads, first, last| TagActivity {
        stream,
        location: location.to_owned(),
        tag: tag.to_owned(),
        reads,
        first_wall: WallTime::from_day(20_518, first),
        last_wall: WallTime::from_day(20_518, last),
        last_received_at: NOW,
        simulated: false,
    };
    let finish = TagActivity {
        last_received_at: NOW.plus_ms(7),
        ..tag(harbour.stream, "FINISH", "7", 2, 40, 50)
    };
    let simulated = TagActivity {
        simulated: true,
        ..tag(backup, "FINISH", "7", 1, 60, 60)
    };
    let expected = Activity {
        tags: vec![
            tag(harbour.stream, "FINISH", "101", 1, 0, 0),
            finish,
            tag(harbour.stream, "START", "7", 1, 5, 5),
            simulated,
        ],
        upto: store.last_position().await.unwrap(),
        more: false,
    };
    assert_eq!(activity, expected);
}

async fn what_was_looked_at_is_not_looked_at_again(on: Database) {
    let World {
        store,
        harbour,
        meadow,
        ..
    } = &World::new(on).await;
    let (scope, event) = (&harbour.scope, harbour.event);
    let first = store.tag_activity(scope, event, 0).await.unwrap();
    assert_eq!(first.tags.len(), 1);
    let batch: Vec<JournalEntry> = vec![
        meadow.entry("FINISH", "8", 1),
        harbour.entry("FINISH", "9", 1),
    ];
    store.append_reads(&batch).await.unwrap();
    let next = store.tag_activity(scope, event, first.upto).await.unwrap();
    let tags: Vec<_> = next.tags.iter().map(|tag| tag.tag.as_str()).collect();
    assert_eq!(
        (tags, next.upto, next.more),
        (vec!["9"], first.upto + 2, false)
    );
    let none = store.tag_activity(scope, event, next.upto).await.unwrap();
    assert_eq!((none.tags.len(), none.upto), (0, next.upto));
    // Beyond the journal there is nothing, and nothing is forgotten of where one was.
    let beyond = store
        .tag_activity(scope, event, next.upto + 9)
        .await
        .unwrap();
    assert_eq!((beyond.tags.len(), beyond.upto), (0, next.upto + 9));
    let foreign = store.tag_activity(&meadow.scope, event, 0).await.unwrap();
    assert!(foreign.tags.is_empty());
}
