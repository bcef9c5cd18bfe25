//! Following changes: the file is asked whether anybody has committed.

use super::{SqliteStore, both::changes};
use crate::{
    changes::{ChangeFollower, Changes},
    error::Result,
    limits,
};
use async_trait::async_trait;
use sqlx::{Sqlite, SqliteConnection, pool::PoolConnection};
use tokio::time::{Interval, MissedTickBehavior};

pub(super) struct Follower {
    /// Of the pool, whose end waits for it: left open, it would keep the log from its move into the
    /// file.
    connection: PoolConnection<Sqlite>,
    version: Option<i64>,
    seq: u64,
    poll: Interval,
}

impl Follower {
    pub(super) async fn start(store: &SqliteStore, seq: u64) -> Result<Self> {
        let mut poll = tokio::time::interval(limits::CHANGES_POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self {
            connection: store.reader.acquire().await?,
            version: None,
            seq,
            poll,
        })
    }
}

#[async_trait]
impl ChangeFollower for Follower {
    async fn next(&mut self) -> Result<Changes> {
        loop {
            self.poll.tick().await;
            let version = data_version(&mut self.connection).await?;
            if self.version == Some(version) {
                continue;
            }
            let changes = changes::after(&mut self.connection, self.seq).await?;
            self.version = Some(version);
            if let Some(newest) = changes.newest() {
                self.seq = newest;
                return Ok(changes);
            }
        }
    }
}

/// Rises whenever another connection, in this process or not, has committed.
async fn data_version(connection: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("PRAGMA data_version")
        .fetch_one(connection)
        .await?)
}
