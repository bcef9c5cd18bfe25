//! Following changes: a listener is woken by each, and asks what there is. A notice that is lost
//! with a connection loses nothing, as the question is what came after the last change heard of.

use super::{CHANNEL, PostgresStore, Tx, both::changes, refusals};
use crate::{
    changes::{ChangeFollower, Changes},
    error::Result,
    limits,
};
use async_trait::async_trait;
use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};
use tokio::time::{Interval, MissedTickBehavior};

pub(super) struct Follower {
    /// Where it asks.
    store: PostgresStore,
    /// Where it listens: one connection, of its own.
    pool: PgPool,
    /// `None` while there is none that surely hears everything.
    listener: Option<PgListener>,
    /// Whether there may be something to ask for.
    woken: bool,
    seq: u64,
    poll: Interval,
}

impl Follower {
    pub(super) async fn start(store: &PostgresStore, seq: u64) -> Result<Self> {
        let mut poll = tokio::time::interval(limits::CHANGES_NET);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut follower = Self {
            store: store.clone(),
            pool: PgPoolOptions::new()
                .max_connections(1)
                .acquire_timeout(limits::CONNECT_WAIT)
                .max_lifetime(None)
                .connect_lazy_with(store.address.options()),
            listener: None,
            woken: true,
            seq,
            poll,
        };
        follower.listen().await?;
        Ok(follower)
    }

    /// What is changed from here on wakes; what was changed before has to be asked for.
    async fn listen(&mut self) -> Result<()> {
        if self.listener.is_none() {
            let mut listener = PgListener::connect_with(&self.pool)
                .await
                .map_err(refusals::no_connection)?;
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await?;
            self.listener = Some(listener);
            self.woken = true;
        }
        Ok(())
    }

    async fn wait(&mut self) {
        let Some(listener) = &mut self.listener else {
            return;
        };
        tokio::select! {
            // Not only where the connection is lost: an error may leave it in any state.
            heard = listener.try_recv() => if !matches!(heard, Ok(Some(_))) {
                self.listener = None;
            },
            _ = self.poll.tick() => {}
        }
        self.woken = true;
    }
}

#[async_trait]
impl ChangeFollower for Follower {
    async fn next(&mut self) -> Result<Changes> {
        loop {
            self.listen().await?;
            if !self.woken {
                self.wait().await;
                continue;
            }
            let mut tx: Tx = self.store.reading_global().await?;
            let changes = changes::after(&mut tx, self.seq).await?;
            self.woken = false;
            if let Some(newest) = changes.newest() {
                self.seq = newest;
                return Ok(changes);
            }
        }
    }
}
