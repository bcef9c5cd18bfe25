//! The changes table: what was altered, by whatever process, for the running server to follow.
//!
//! It says what to load again, never what the new state is.

use crate::{
    error::{Result, StoreError},
    limits,
    sqlite::{self, Connected, Store, Tx},
};
use model::PartnerId;
use tokio::time::{Interval, MissedTickBehavior};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// Subject: the partner.
    Partner,
    /// Subject: the event.
    Event,
    /// Subject: the stream.
    Stream,
    /// Points or the locations mapped to them. Subject: the event.
    Point,
    /// Participants or chips. Subject: the event.
    Roster,
    /// A show or its display. Subject: the display.
    Display,
    /// The rule of a protocol. Subject: the stream it leads to.
    Route,
}

impl ChangeKind {
    const ALL: [Self; 7] = [
        Self::Partner,
        Self::Event,
        Self::Stream,
        Self::Point,
        Self::Roster,
        Self::Display,
        Self::Route,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Event => "event",
            Self::Stream => "stream",
            Self::Point => "point",
            Self::Roster => "roster",
            Self::Display => "display",
            Self::Route => "route",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Rises by commit; never comes back.
    pub seq: u64,
    pub partner: PartnerId,
    pub kind: ChangeKind,
    pub subject: Uuid,
}

/// What happened since some change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// All of it, oldest first.
    Listed(Vec<Change>),
    /// Some of it is trimmed already: load everything again, and go on after `last`.
    Missed { last: u64 },
}

impl Store {
    /// What was changed after the one numbered `seq`; after 0, everything that is kept.
    pub async fn changes_after(&self, seq: u64) -> Result<Changes> {
        let mut connection = self.reader().acquire().await?;
        changes_after(&mut connection, seq).await
    }

    /// The number of the newest change, or 0. Ask for it before loading what the changes are
    /// about, and follow from there: then nothing falls between.
    pub async fn last_change(&self) -> Result<u64> {
        let last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM change")
            .fetch_one(self.reader())
            .await?;
        Ok(last.cast_unsigned())
    }

    /// Follows what is changed after the one numbered `seq`, on a connection of its own.
    pub async fn follow_changes(&self, seq: u64) -> Result<ChangeFollower> {
        let mut poll = tokio::time::interval(limits::CHANGES_POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(ChangeFollower {
            connection: self.follower().await?,
            version: None,
            seq,
            poll,
        })
    }
}

/// Tells what any process changes, within `limits::CHANGES_POLL` and the time of a query.
#[derive(Debug)]
pub struct ChangeFollower {
    connection: Connected,
    version: Option<i64>,
    seq: u64,
    poll: Interval,
}

impl ChangeFollower {
    /// Waits for the next changes; never an empty list. May be cancelled and called again without
    /// losing any, and after an error too.
    pub async fn next(&mut self) -> Result<Changes> {
        loop {
            self.poll.tick().await;
            let version = sqlite::data_version(&mut self.connection).await?;
            if self.version == Some(version) {
                continue;
            }
            let changes = changes_after(&mut self.connection, self.seq).await?;
            self.version = Some(version);
            match &changes {
                Changes::Missed { last } => self.seq = *last,
                Changes::Listed(list) => match list.last() {
                    Some(newest) => self.seq = newest.seq,
                    None => continue,
                },
            }
            return Ok(changes);
        }
    }
}

async fn changes_after(connection: &mut Connected, seq: u64) -> Result<Changes> {
    let rows: Vec<(i64, Uuid, String, Uuid)> = sqlx::query_as(
        "SELECT seq, partner_id, kind, subject FROM change WHERE seq > $1 ORDER BY seq",
    )
    .bind(seq.cast_signed())
    .fetch_all(connection)
    .await?;
    match rows.last() {
        Some((last, ..)) if last.cast_unsigned() - seq > limits::CHANGES_KEPT_MAX => {
            Ok(Changes::Missed {
                last: last.cast_unsigned(),
            })
        }
        _ => rows
            .into_iter()
            .map(|(seq, partner, kind, subject)| {
                Ok(Change {
                    seq: seq.cast_unsigned(),
                    partner: PartnerId(partner),
                    kind: ChangeKind::ALL
                        .into_iter()
                        .find(|known| known.name() == kind)
                        .ok_or_else(|| StoreError::Corrupt {
                            detail: format!("unknown change {kind:?}"),
                        })?,
                    subject,
                })
            })
            .collect::<Result<_>>()
            .map(Changes::Listed),
    }
}

/// Goes into the transaction of what it tells of, so that neither is ever there alone.
pub(crate) async fn append(
    tx: &mut Tx,
    partner: PartnerId,
    kind: ChangeKind,
    subject: Uuid,
) -> Result<()> {
    let seq: i64 = sqlx::query_scalar(
        "INSERT INTO change (partner_id, kind, subject) VALUES ($1, $2, $3) RETURNING seq",
    )
    .bind(partner.0)
    .bind(kind.name())
    .bind(subject)
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM change WHERE seq <= $1")
        .bind(seq - limits::CHANGES_KEPT_MAX.cast_signed())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
