use super::*;
use crate::{NewEvent, NewStream, OpenMode, Proof, Protocol};
use model::{UnixMicros, WallTime};
use tempfile::TempDir;

#[tokio::test]
async fn different_reads_of_one_hash_are_all_stored_once() {
    let (_folder, store, scope, stream) = store_with_a_stream().await;
    let clash = |_: &Read| 7;
    let read = |location: &str, tag: &str, reader: &str, antenna: &str| JournalEntry {
        scope,
        read: Read {
            location: location.to_owned(),
            tag: tag.to_owned(),
            reader: reader.to_owned(),
            antenna: antenna.to_owned(),
            ..read_of(stream)
        },
    };
    let first = [
        read("FINISH", "101", "R1", "1"),
        read("FINISH", "102", "R1", "1"),
        read("FINISH", "101", "R1", "1"),
    ];
    let second = [
        read("START", "101", "R1", "1"),
        read("FINISH", "102", "R1", "1"),
        read("FINISH", "101", "R2", "1"),
        read("FINISH", "101", "R1", "2"),
        read("START", "101", "R1", "1"),
    ];
    let new = |position| Appended::New { position };
    let check = |answers: Vec<Appended>, expected: &[Appended]| assert_eq!(answers, expected);

    let append = async |batch: &[JournalEntry]| store.append_hashed(batch, clash).await.unwrap();
    check(append(&first).await, &[new(1), new(2), Appended::Duplicate]);
    check(
        append(&second).await,
        &[
            new(3),
            Appended::Duplicate,
            new(4),
            new(5),
            Appended::Duplicate,
        ],
    );
    check(append(&first).await, &[Appended::Duplicate; 3]);
    check(append(&second).await, &[Appended::Duplicate; 5]);

    let salts: Vec<(i64, i64)> =
        sqlx::query_as("SELECT position, salt FROM read WHERE key_hash = 7 ORDER BY position")
            .fetch_all(store.reader())
            .await
            .unwrap();
    assert_eq!(salts, [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)]);
}

#[test]
fn short_hash_is_stored_and_so_never_changes() {
    let read = Read {
        location: "FINISH".to_owned(),
        tag: "101".to_owned(),
        reader: "0F2A38".to_owned(),
        antenna: "1".to_owned(),
        ..read_of(StreamId(Uuid::nil()))
    };
    assert_eq!(short_hash(&read), 1_491_944_522_119_609_478_i64 as i32);
}

#[test]
fn rows_go_into_few_statements_of_set_sizes() {
    let check = |rows: usize, sizes: &[usize]| {
        let rows: Vec<usize> = (0..rows).collect();
        let chunks: Vec<&[usize]> = in_statements(&rows).collect();
        assert_eq!(chunks.concat(), rows);
        assert_eq!(
            chunks.iter().map(|chunk| chunk.len()).collect::<Vec<_>>(),
            sizes
        );
    };
    check(0, &[]);
    check(3, &[1, 1, 1]);
    check(64, &[64]);
    check(74, &[64, 8, 1, 1]);
}

fn read_of(stream: StreamId) -> Read {
    Read {
        stream,
        kind: ReadKind::Tag,
        location: String::new(),
        tag: String::new(),
        wall: WallTime(177_000_000_000),
        time_text: "10:00:00.00".to_owned(),
        dated: false,
        sequence: None,
        occurrence: "0".to_owned(),
        reader: String::new(),
        antenna: String::new(),
        connection_name: None,
        raw: b"line".to_vec(),
        received_at: UnixMicros(1_770_000_000_000_000),
        late: false,
    }
}

async fn store_with_a_stream() -> (TempDir, Store, PartnerScope, StreamId) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("gantry.db"), OpenMode::Migrate)
        .await
        .unwrap();
    let partner = store.create_partner("Harbour Timing").await.unwrap();
    let scope = PartnerScope::proven(partner, Proof::Shell);
    let event = store
        .create_event(
            &scope,
            NewEvent {
                name: "Harbour Run".to_owned(),
                date: "2026-03-06".to_owned(),
                timezone: "Europe/Vienna".to_owned(),
            },
        )
        .await
        .unwrap();
    let stream = store
        .create_stream(
            &scope,
            NewStream {
                event,
                name: "Finish".to_owned(),
                protocol: Protocol::Ctp01,
                port: None,
            },
        )
        .await
        .unwrap();
    (folder, store, scope, stream)
}
