//! A copy of the file: made by `SQLite` itself, inside one read transaction.

use super::{MIGRATIONS, cannot_open, found_by, look_at};
use crate::{
    error::{Result, StoreError},
    limits,
    open::{Found, OpenMode},
    snapshot::{COUNTS, Contents},
};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};
use std::path::Path;

/// `VACUUM INTO` reads as any reader does, which with a write-ahead log keeps nobody from writing
/// (sqlite.org/lang_vacuum.html, sqlite.org/wal.html). The copy has no log and no gaps.
pub(crate) async fn snapshot(file: &Path, into: &Path) -> Result<Contents> {
    if let Found::Nothing = look_at(file).await? {
        return Err(StoreError::NoDatabase {
            database: file.display().to_string(),
        });
    }
    let name = into.to_str().ok_or(StoreError::Invalid {
        what: "name of the copy",
        rule: "be text",
    })?;
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(limits::BUSY_WAIT)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(cannot_open(file))?;
    sqlx::query("VACUUM INTO ?")
        .bind(name)
        .execute(&mut connection)
        .await
        .map_err(cannot_open(into))?;
    // Meanwhile the log could not be moved into the file and has grown. Whoever commits next would
    // do it all at once, and the reads behind that commit would wait; here nobody does.
    sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    check(into).await
}

pub(crate) async fn check(file: &Path) -> Result<Contents> {
    // Immutable: it is read as it lies there, without a lock or a file beside it.
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .immutable(true)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(cannot_open(file))?;
    let contents = look_through(&mut connection, file).await;
    connection.close().await?;
    contents
}

async fn look_through(connection: &mut SqliteConnection, file: &Path) -> Result<Contents> {
    let found = found_by(connection, file).await?;
    found.is_behind(&MIGRATIONS, OpenMode::Migrate, &file.display())?;
    let Found::Applied(applied) = found else {
        return Err(StoreError::NotOurs {
            database: file.display().to_string(),
        });
    };
    let finding: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut *connection)
        .await?;
    if finding != "ok" {
        return Err(StoreError::Corrupt { detail: finding });
    }
    let counts = sqlx::query_as(COUNTS).fetch_one(connection).await?;
    let schema = applied.last().map_or(0, |(version, _)| *version);
    Ok(Contents::new(schema, counts))
}
