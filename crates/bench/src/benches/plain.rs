//! The baselines that are SQL: prepared statements, row by row, over a plain sqlx connection with
//! the store's own settings.

use model::PartnerId;
use sqlx::{
    ConnectOptions, PgConnection, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::path::Path;

pub async fn connect(file: &Path) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging();
    Ok(options.connect().await?)
}

/// As the login of the URL, which owns the tables.
pub async fn connect_postgres(url: &str) -> anyhow::Result<PgConnection> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options.disable_statement_logging().connect().await?)
}

/// From here on as the server works: one partner's rows, and not the owner's rights.
pub async fn as_server(connection: &mut PgConnection, partner: PartnerId) -> anyhow::Result<()> {
    sqlx::raw_sql("SET ROLE gantry_app")
        .execute(&mut *connection)
        .await?;
    sqlx::query("SELECT set_config('gantry.partner', $1, false)")
        .bind(partner.0.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
