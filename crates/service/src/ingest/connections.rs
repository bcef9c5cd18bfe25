//! What is known of each timing connection, for status pages and for the resume rule that no two
//! live connections may hold one name.

use crate::limits;
use model::{StreamId, UnixMicros};
use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// It has not greeted yet, or not said what it is.
    Identifying,
    /// Nobody's: no stream takes it.
    Unclaimed,
    /// Its stream is paused; it keeps its reads until it is started again.
    Held,
    Streaming,
    /// Three pings were not answered.
    Stale,
    Ended,
}

#[derive(Clone, Debug)]
pub struct ConnectionStatus {
    pub id: ConnectionId,
    pub peer: SocketAddr,
    pub port: u16,
    pub since: UnixMicros,
    pub state: ConnectionState,
    /// Of the timing software, as it greets.
    pub program: String,
    pub version: String,
    /// The name it gives its connection.
    pub name: Option<String>,
    pub event_name: Option<String>,
    pub locations: Vec<String>,
    pub stream: Option<StreamId>,
    pub reads: u64,
    pub last_read_at: Option<UnixMicros>,
    /// Lines that are no record known to us; kept in the log.
    pub unknown_lines: u64,
    /// Received minus read time of the newest read, in milliseconds.
    pub clock_difference_ms: Option<i64>,
    /// Why it ended, or what is wrong with it.
    pub note: Option<String>,
    pub ended: Option<Ended>,
}

impl ConnectionStatus {
    /// Whether it is Gantry's own simulator, and no mat.
    pub fn is_simulator(&self) -> bool {
        timing::ctp01::is_simulator(&self.program)
    }

    /// Whether reads come. One of which none came for a while is quiet.
    pub fn is_reading(&self, now: UnixMicros) -> bool {
        let is_new = |at| now.ms_since(at) <= limits::QUIET_MS;
        self.state == ConnectionState::Streaming && self.last_read_at.is_some_and(is_new)
    }
}

/// When a connection ended, and whether the device itself closed it in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub at: UnixMicros,
    pub by_device: bool,
}

/// How a connection ends.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum End {
    #[error("closed by the device")]
    ByDevice,
    /// For people.
    #[error("{0}")]
    Fault(String),
}

/// All timing connections of this node.
#[derive(Default)]
pub struct Connections {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    next: u64,
    live: BTreeMap<ConnectionId, ConnectionStatus>,
    ended: VecDeque<ConnectionStatus>,
}

/// Past `limits::CONNECTIONS_MAX` a connection is not taken.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} timing connections are open, which is the limit; close some",
    limits::CONNECTIONS_MAX
)]
pub struct TooManyConnections;

impl Connections {
    pub fn open(
        &self,
        peer: SocketAddr,
        port: u16,
        since: UnixMicros,
    ) -> Result<ConnectionId, TooManyConnections> {
        let mut inner = self.lock();
        if inner.live.len() >= limits::CONNECTIONS_MAX {
            return Err(TooManyConnections);
        }
        inner.next += 1;
        let id = ConnectionId(inner.next);
        let status = ConnectionStatus {
            id,
            peer,
            port,
            since,
            state: ConnectionState::Identifying,
            program: String::new(),
            version: String::new(),
            name: None,
            event_name: None,
            locations: Vec::new(),
            stream: None,
            reads: 0,
            last_read_at: None,
            unknown_lines: 0,
            clock_difference_ms: None,
            note: None,
            ended: None,
        };
        inner.live.insert(id, status);
        Ok(id)
    }

    /// `None` where it is not there any more.
    pub fn update<T>(
        &self,
        id: ConnectionId,
        change: impl FnOnce(&mut ConnectionStatus) -> T,
    ) -> Option<T> {
        self.lock().live.get_mut(&id).map(change)
    }

    /// A live one.
    pub fn get(&self, id: ConnectionId) -> Option<ConnectionStatus> {
        self.lock().live.get(&id).cloned()
    }

    /// `end`: `None` where its task ended by a mistake in the program.
    pub fn close(&self, id: ConnectionId, end: Option<End>, at: UnixMicros) {
        let mut inner = self.lock();
        let Some(mut status) = inner.live.remove(&id) else {
            return;
        };
        status.state = ConnectionState::Ended;
        status.ended = Some(Ended {
            at,
            by_device: end == Some(End::ByDevice),
        });
        status.note = end.map(|end| end.to_string());
        // A device that came back is one line, not two.
        inner.ended.retain(|ended| {
            (ended.peer.ip(), &ended.program, &ended.locations)
                != (status.peer.ip(), &status.program, &status.locations)
        });
        inner.ended.push_back(status);
        if inner.ended.len() > limits::ENDED_CONNECTIONS_MAX {
            inner.ended.pop_front();
        }
    }

    /// Whether the simulator is at its other end.
    pub fn is_simulator(&self, id: ConnectionId) -> bool {
        let inner = self.lock();
        let status = inner.live.get(&id);
        status.is_some_and(ConnectionStatus::is_simulator)
    }

    /// Whether another live connection of the stream holds this name.
    pub fn name_is_held(&self, stream: StreamId, name: &str, by_other_than: ConnectionId) -> bool {
        self.lock().live.values().any(|status| {
            status.id != by_other_than
                && status.stream == Some(stream)
                && status.name.as_deref() == Some(name)
        })
    }

    /// The live ones by age, then the ended ones that have not come back, newest first.
    pub fn list(&self) -> Vec<ConnectionStatus> {
        let inner = self.lock();
        let back = |ended: &ConnectionStatus| {
            inner.live.values().any(|live| {
                live.peer.ip() == ended.peer.ip()
                    && live.program == ended.program
                    && live.locations == ended.locations
            })
        };
        let ended = inner.ended.iter().rev().filter(|ended| !back(ended));
        inner.live.values().chain(ended).cloned().collect()
    }

    pub fn live_count(&self) -> usize {
        self.lock().live.len()
    }

    /// Live ones that nobody has proved to own.
    pub fn unclaimed_count(&self) -> usize {
        let inner = self.lock();
        let unclaimed = |status: &&ConnectionStatus| status.state == ConnectionState::Unclaimed;
        inner.live.values().filter(unclaimed).count()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
