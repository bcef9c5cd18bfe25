//! The database looked at from outside, by a connection of the test's own.

use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use std::path::Path;

/// What SQLite finds wrong with the file, and with what refers to what: nothing. Gives how many
/// reads it holds, whose positions have no gap.
pub async fn assert_sound(file: &Path) -> u64 {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
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
