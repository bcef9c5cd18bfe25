//! The database looked at from outside, by a connection of the test's own.

use crate::site::Site;
use sqlx::{
    Connection, Executor, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use std::path::Path;

pub async fn open(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// How many reads are stored of an install's first partner, and of how many tags.
pub async fn tags_stored(site: &Site) -> (usize, usize) {
    const COUNT: &str = "SELECT COUNT(*), COUNT(DISTINCT tag) FROM read";
    let (reads, tags): (i64, i64) = match site.postgres() {
        Some(database) => {
            let mut connection = database.connect().await;
            // Its own tables show the owner nothing either, unless it says whose.
            let whose = "SELECT set_config('gantry.partner', MIN(id::text), false) FROM partner";
            connection.execute(whose).await.unwrap();
            sqlx::query_as(COUNT).fetch_one(&mut connection).await
        }
        None => {
            let mut connection = open(&site.database()).await;
            sqlx::query_as(COUNT).fetch_one(&mut connection).await
        }
    }
    .unwrap();
    (reads as usize, tags as usize)
}

/// Alters what is there, as no command does.
pub async fn execute(site: &Site, sql: &'static str) {
    match site.postgres() {
        Some(database) => database.connect().await.execute(sql).await.map(drop),
        None => open(&site.database()).await.execute(sql).await.map(drop),
    }
    .unwrap();
}

/// What SQLite finds wrong with the file, and with what refers to what: nothing. Gives how many
/// reads it holds, whose positions have no gap.
pub async fn assert_sound(file: &Path) -> u64 {
    let mut connection = open(file).await;
    let findings: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(findings, ["ok"]);
    let dangling: Vec<SqliteRow> = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(dangling.is_empty(), "{} dangling rows", dangling.len());
    let counts = "SELECT COUNT(*), COALESCE(MAX(position), 0) FROM read";
    let (reads, last): (i64, i64) = sqlx::query_as(counts)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(reads, last, "the positions have gaps");
    connection.close().await.unwrap();
    reads as u64
}
