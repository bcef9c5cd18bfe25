//! One server at a time works on a database: a lock of a session that does nothing else.
//!
//! The lock ends with its session, and so with its process, the network or the database. Where
//! the session is lost, it is made anew and the lock is taken again.

use super::{LOCK_CLASS, Lock, PostgresAddress, connect};
use crate::{
    error::{Result, StoreError},
    limits,
};
use sqlx::{Connection, PgConnection};
use tokio::time::{Instant, sleep, timeout};

#[derive(Debug)]
pub(crate) struct HeldDatabase {
    address: PostgresAddress,
    /// `None` while it is lost.
    session: Option<PgConnection>,
}

impl HeldDatabase {
    /// The session of a server that was ended a moment ago may still be there, so the lock is
    /// waited for a while.
    pub(crate) async fn take(address: &PostgresAddress) -> Result<Self> {
        let mut session = connect(address).await?;
        settle(&mut session).await?;
        let began = Instant::now();
        while !try_lock(&mut session).await? {
            if began.elapsed() >= limits::HOLD_WAIT {
                return Err(held(address));
            }
            sleep(limits::HOLD_RETRY).await;
        }
        Ok(Self {
            address: address.clone(),
            session: Some(session),
        })
    }

    /// Keeps the lock, and gives why it is lost: while it was, another server took it.
    pub(crate) async fn lost(&mut self) -> StoreError {
        let mut others_since = None;
        loop {
            sleep(limits::HOLD_CHECK).await;
            if let Some(session) = &mut self.session {
                let answered = timeout(limits::CONNECT_WAIT, session.ping()).await;
                if matches!(answered, Ok(Ok(()))) {
                    continue;
                }
                self.session = None;
            }
            match timeout(limits::CONNECT_WAIT, again(&self.address)).await {
                Ok(Ok(Some(session))) => {
                    self.session = Some(session);
                    others_since = None;
                }
                // It may be the session that was lost here and is not over there yet.
                Ok(Ok(None)) => {
                    let since = *others_since.get_or_insert_with(Instant::now);
                    if since.elapsed() >= limits::HOLD_WAIT {
                        return held(&self.address);
                    }
                }
                // The database is away, as everybody else tells.
                Ok(Err(_)) | Err(_) => others_since = None,
            }
        }
    }
}

/// A session with the lock, unless somebody has it.
async fn again(address: &PostgresAddress) -> Result<Option<PgConnection>> {
    let mut session = connect(address).await?;
    settle(&mut session).await?;
    Ok(try_lock(&mut session).await?.then_some(session))
}

/// It may be idle for ever, and the database notices within some seconds that a computer or a
/// cable is gone: a server that starts again there must not wait for its own past.
async fn settle(session: &mut PgConnection) -> Result<()> {
    sqlx::raw_sql(
        "SET idle_session_timeout = 0;
         SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3",
    )
    .execute(session)
    .await?;
    Ok(())
}

async fn try_lock(session: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT pg_try_advisory_lock($1, $2)")
        .bind(LOCK_CLASS)
        .bind(Lock::Server as i32)
        .fetch_one(session)
        .await?)
}

fn held(address: &PostgresAddress) -> StoreError {
    StoreError::Held {
        database: address.to_string(),
    }
}
