//! A commit that PostgreSQL does and whose answer never comes: the connection is cut in between.

use crate::{
    database::{Database, Home},
    scratch::Scratch,
    world::World,
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{Appended, Location, OpenMode, StoreError};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
};

/// The end of the message that `COMMIT` is sent in.
const COMMIT: &[u8] = b"COMMIT\0";

/// Stands between a store and its database.
struct Between {
    location: Location,
    loses_next: Arc<AtomicBool>,
}

impl Between {
    async fn new(scratch: &Scratch) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let location = scratch.location_at(listener.local_addr().unwrap());
        let loses_next = Arc::new(AtomicBool::new(false));
        tokio::spawn(accept(listener, scratch.socket(), Arc::clone(&loses_next)));
        Self {
            location,
            loses_next,
        }
    }
}

async fn accept(listener: TcpListener, socket: PathBuf, loses_next: Arc<AtomicBool>) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let database = UnixStream::connect(&socket).await.unwrap();
        tokio::spawn(carry(client, database, Arc::clone(&loses_next)));
    }
}

/// Carries bytes both ways until either end closes, or an answer is to be lost.
async fn carry(mut client: TcpStream, mut database: UnixStream, loses_next: Arc<AtomicBool>) {
    let (mut said, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut said) => {
                let length = read.unwrap_or(0);
                if length == 0 || database.write_all(&said[..length]).await.is_err() {
                    return;
                }
                if said[..length].ends_with(COMMIT) && loses_next.swap(false, Ordering::Relaxed) {
                    // It comes when all is on the disk.
                    let _ = database.read(&mut answered).await;
                    return;
                }
            }
            read = database.read(&mut answered) => {
                let length = read.unwrap_or(0);
                if length == 0 || client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_recognised() {
    let world = World::new(Database::Postgres).await;
    let Home::Server(scratch) = &world.home else {
        panic!("not on a server");
    };
    let between = Between::new(scratch).await;
    let store = store::open(&between.location, OpenMode::AsIs)
        .await
        .unwrap();
    let before = store.last_position().await.unwrap();
    let batch = [
        world.harbour.entry("FINISH", "102", 1),
        world.meadow.entry("FINISH", "102", 1),
        world.harbour.entry("FINISH", "101", 0),
    ];

    between.loses_next.store(true, Ordering::Relaxed);
    let error = store.append_reads(&batch).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    assert!(
        !between.loses_next.load(Ordering::Relaxed),
        "nothing was lost"
    );
    assert_eq!(world.store.last_position().await.unwrap(), before + 2);

    let new = |position| Appended::New { position };
    let again = store.append_reads_again(&batch, before).await.unwrap();
    assert_eq!(
        again,
        [new(before + 1), new(before + 2), Appended::Duplicate]
    );
    let totals = world
        .store
        .stream_totals(&world.harbour.scope, world.harbour.stream);
    let totals = totals.await.unwrap();
    assert_eq!((totals.reads, totals.duplicates), (2, 1));
}
