//! `Quarantine`.

use super::{Backend, Tx};
use crate::{
    error::Result,
    limits,
    quarantine::{PeerCount, Quarantine, Quarantined},
};
use async_trait::async_trait;
use model::UnixMicros;
use std::{collections::BTreeMap, net::IpAddr};

/// The peer under which dropped lines are counted once too many peers have some.
const OTHER_PEERS: &str = "";

#[async_trait]
impl Quarantine for Backend {
    async fn quarantine(
        &self,
        peer: IpAddr,
        listener_port: u16,
        lines: &[&[u8]],
        received_at: UnixMicros,
    ) -> Result<Quarantined> {
        let (peer, port) = (peer.to_canonical().to_string(), i64::from(listener_port));
        let mut tx = self.begin_global().await?;
        expire(&mut tx, received_at).await?;
        let (of_peer, total): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM quarantine WHERE peer = $1 AND listener_port = $2),
                    (SELECT COUNT(*) FROM quarantine)",
        )
        .bind(&peer)
        .bind(port)
        .fetch_one(&mut *tx)
        .await?;
        let room = (limits::QUARANTINE_LINES_PER_PEER_MAX - of_peer)
            .min(limits::QUARANTINE_LINES_MAX - total)
            .max(0);
        let mut done = Quarantined::default();
        for line in lines {
            let fits = line.len() <= limits::QUARANTINE_LINE_BYTES_MAX;
            if !fits || done.kept.cast_signed() >= room {
                done.dropped += 1;
                continue;
            }
            sqlx::query(
                "INSERT INTO quarantine (peer, listener_port, received_at, raw)
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(&peer)
            .bind(port)
            .bind(received_at.0)
            .bind(*line)
            .execute(&mut *tx)
            .await?;
            done.kept += 1;
        }
        if done.dropped > 0 {
            count_dropped(&mut tx, &peer, port, done.dropped, received_at).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    async fn quarantine_counts(&self) -> Result<Vec<PeerCount>> {
        let mut tx = self.reading_global().await?;
        let kept: Vec<(String, i64, i64, i64)> = sqlx::query_as(
            "SELECT peer, listener_port, COUNT(*), MAX(received_at) FROM quarantine
             GROUP BY peer, listener_port",
        )
        .fetch_all(&mut *tx)
        .await?;
        let dropped: Vec<(String, i64, i64, i64)> =
            sqlx::query_as("SELECT peer, listener_port, lines, last_at FROM quarantine_dropped")
                .fetch_all(&mut *tx)
                .await?;
        let mut counts: BTreeMap<(String, i64), (i64, i64, i64)> = BTreeMap::new();
        for (peer, port, lines, last_at) in kept {
            counts.insert((peer, port), (lines, 0, last_at));
        }
        for (peer, port, lines, last_at) in dropped {
            let count = counts.entry((peer, port)).or_insert((0, 0, last_at));
            count.1 = lines;
            count.2 = count.2.max(last_at);
        }
        Ok(counts
            .into_iter()
            .map(|((peer, port), (kept, dropped, last_at))| PeerCount {
                peer: peer.parse().ok(),
                listener_port: u16::try_from(port).unwrap_or(0),
                kept: kept.cast_unsigned(),
                dropped: dropped.cast_unsigned(),
                last_at: UnixMicros(last_at),
            })
            .collect())
    }
}

async fn expire(tx: &mut Tx, now: UnixMicros) -> Result<()> {
    let oldest = now.plus_ms(-limits::QUARANTINE_KEPT_MS).0;
    sqlx::query("DELETE FROM quarantine WHERE received_at < $1")
        .bind(oldest)
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM quarantine_dropped WHERE last_at < $1")
        .bind(oldest)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn count_dropped(
    tx: &mut Tx,
    peer: &str,
    port: i64,
    lines: u64,
    at: UnixMicros,
) -> Result<()> {
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM quarantine_dropped WHERE peer <> $1 OR listener_port <> $2",
    )
    .bind(peer)
    .bind(port)
    .fetch_one(&mut **tx)
    .await?;
    let peer = if others < limits::QUARANTINE_PEERS_MAX {
        peer
    } else {
        OTHER_PEERS
    };
    sqlx::query(
        "INSERT INTO quarantine_dropped (peer, listener_port, lines, last_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (peer, listener_port) DO UPDATE
         SET lines = quarantine_dropped.lines + excluded.lines, last_at = excluded.last_at",
    )
    .bind(peer)
    .bind(port)
    .bind(lines.cast_signed())
    .bind(at.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
