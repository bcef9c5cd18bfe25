//! Numbers for new rows: from sequences, as no partner's transaction sees all rows to ask for the
//! highest.

use super::Tx;
use crate::error::Result;

pub(super) async fn next_stream(tx: &mut Tx) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT nextval('stream_key_seq')")
        .fetch_one(&mut **tx)
        .await?)
}

pub(super) async fn next_connection(tx: &mut Tx) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT nextval('connection_key_seq')")
        .fetch_one(&mut **tx)
        .await?)
}
