//! Numbers for new rows. The write lock keeps what was asked true until it is used.

use super::Tx;
use crate::error::Result;

pub(super) async fn next_stream(tx: &mut Tx) -> Result<i64> {
    Ok(
        sqlx::query_scalar("SELECT COALESCE(MAX(key), 0) + 1 FROM stream")
            .fetch_one(&mut **tx)
            .await?,
    )
}

pub(super) async fn next_connection(tx: &mut Tx) -> Result<i64> {
    Ok(
        sqlx::query_scalar("SELECT COALESCE(MAX(key), 0) + 1 FROM connection")
            .fetch_one(&mut **tx)
            .await?,
    )
}
