//! One CTP01 connection: a thin loop between the socket, the protocol's machine and the node.

use crate::limits;
use model::{ReadKind, UnixMicros};
use service::{
    Node,
    ingest::{ConnectionId, ConnectionState, End},
    node::{Route, Routed},
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use timing::ctp01::{
    UnknownReason,
    record::DeviceRead,
    server::{Identity, Input, Output, ServerSession, StartPlan},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, tcp::OwnedWriteHalf},
    time::{Instant, sleep_until, timeout},
};

pub async fn run(node: Arc<Node>, socket: TcpStream, peer: SocketAddr, port: u16, shared: bool) {
    let id = match node.connections.open(peer, port, node.clock.now()) {
        Ok(id) => id,
        Err(error) => {
            tracing::warn!(%peer, %error, "a timing connection was refused");
            return;
        }
    };
    tracing::info!(%peer, port, "timing connection opened");
    let (mut reader, writer) = socket.into_split();
    let session = ServerSession::new(node.clock.mono());
    let name = None;
    let mut connection = Connection {
        node,
        id,
        peer,
        port,
        shared,
        writer,
        session,
        name,
        identified: false,
        routed: None,
        route_again_at: None,
        standing: ConnectionState::Identifying,
        unknown_lines: 0,
        ended: None,
    };
    let ended = connection.serve(&mut reader).await;
    tracing::info!(%peer, port, reason = %ended, "timing connection ended");
    connection.ended = Some(ended);
}

impl Drop for Connection {
    /// Also where its task panicked: it would keep its place and its name for ever.
    fn drop(&mut self) {
        let now = self.node.clock.now();
        self.node.connections.close(self.id, self.ended.take(), now);
    }
}

struct Connection {
    node: Arc<Node>,
    id: ConnectionId,
    peer: SocketAddr,
    port: u16,
    shared: bool,
    writer: OwnedWriteHalf,
    session: ServerSession,
    /// What the device calls its connection.
    name: Option<String>,
    identified: bool,
    routed: Option<Routed>,
    /// When to look for the stream again, where the last look failed.
    route_again_at: Option<Instant>,
    /// Its state whenever it is not stale.
    standing: ConnectionState,
    unknown_lines: u64,
    /// Why it ended.
    ended: Option<End>,
}

impl Connection {
    /// Runs until either side ends; the reason is for people.
    async fn serve(&mut self, reader: &mut (impl AsyncReadExt + Unpin)) -> End {
        let mut buffer = vec![0; limits::TIMING_READ_BYTES];
        let mut routes = self.node.routes_changed();
        loop {
            let timer = self
                .session
                .next_timer()
                .map(|due| self.node.clock.instant_of(due));
            let route_again_at = self.route_again_at;
            let outputs = tokio::select! {
                // In this order: what lies in the socket was said before a time-out was due, also
                // where this loop was held up; and no flood keeps a pause from being heard.
                biased;
                changed = routes.changed(), if self.identified => {
                    if changed.is_err() {
                        return End::Fault("the server is stopping".to_owned());
                    }
                    self.route().await
                }
                () = async { sleep_until(route_again_at.unwrap_or_else(Instant::now)).await },
                    if route_again_at.is_some() => self.route().await,
                read = reader.read(&mut buffer) => match read {
                    Ok(0) => return End::ByDevice,
                    Ok(length) => {
                        let now = self.node.clock.mono();
                        self.session.apply(now, Input::Bytes(&buffer[..length]))
                    }
                    Err(error) => return End::Fault(lost(&error)),
                },
                () = async { sleep_until(timer.unwrap_or_else(Instant::now)).await },
                    if timer.is_some() => {
                        self.session.apply(self.node.clock.mono(), Input::Timer)
                    }
            };
            if let Err(reason) = self.handle(outputs).await {
                return End::Fault(reason);
            }
        }
    }

    async fn handle(&mut self, outputs: Vec<Output>) -> Result<(), String> {
        let received_at = self.node.clock.now();
        let mut work = outputs;
        // Routing answers with further outputs; they are handled in their turn.
        while !work.is_empty() {
            let mut further = Vec::new();
            let mut reads = Vec::new();
            let mut answers = Vec::new();
            let mut ended = Ok(());
            for output in work {
                match output {
                    Output::Read(read) => reads.push(read),
                    Output::Send(bytes) => answers.extend(bytes),
                    Output::Identified(identity) => further.extend(self.identified(identity).await),
                    other => ended = ended.and(self.note(other)),
                }
            }
            // Before the answers: a device that takes none has still said what it said.
            self.take(reads, received_at).await;
            self.send(&answers).await?;
            ended?;
            work = further;
        }
        Ok(())
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        if bytes.is_empty() {
            return Ok(());
        }
        let limit = Duration::from_millis(limits::TIMING_WRITE_MS_MAX);
        match timeout(limit, self.writer.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(lost(&error)),
            Err(_) => Err("the device takes no more bytes".to_owned()),
        }
    }

    async fn identified(&mut self, identity: Identity) -> Vec<Output> {
        self.identified = true;
        self.name.clone_from(&identity.connection_name);
        self.node.connections.update(self.id, |status| {
            status.name = identity.connection_name;
            status.event_name = identity.event.map(|event| event.name);
            status.locations = identity.locations;
        });
        self.route().await
    }

    /// Finds the connection's stream, at first and whenever streams or routes change.
    async fn route(&mut self) -> Vec<Output> {
        let failed_before = self.route_again_at.take().is_some();
        let route = match self
            .node
            .route(self.peer.ip(), self.port, self.shared)
            .await
        {
            Ok(route) => route,
            Err(error) => {
                if !failed_before {
                    tracing::warn!(
                        peer = %self.peer,
                        %error,
                        "the stream could not be looked up; trying again"
                    );
                }
                self.route_again_at =
                    Some(Instant::now() + Duration::from_millis(limits::ROUTE_RETRY_MS));
                if self.routed.is_none() {
                    self.set_state(ConnectionState::Unclaimed);
                }
                return Vec::new();
            }
        };
        let now = self.node.clock.mono();
        match route {
            Route::Stream(routed) => {
                let known = self.routed.as_ref().map(|known| known.runtime.id);
                if known == Some(routed.runtime.id) {
                    return Vec::new();
                }
                let stream = routed.runtime.id;
                self.node
                    .connections
                    .update(self.id, |status| status.stream = Some(stream));
                let name = self.name.as_deref();
                let plan = self.node.start_plan(self.id, &routed, name).await;
                let plan = plan.unwrap_or_else(|error| {
                    tracing::warn!(
                        peer = %self.peer,
                        %error,
                        "it is not known where the device left off; all is asked for again"
                    );
                    StartPlan::default()
                });
                self.routed = Some(routed);
                self.set_state(ConnectionState::Streaming);
                self.session.apply(now, Input::Start(plan))
            }
            Route::Held(runtime) => {
                self.node
                    .connections
                    .update(self.id, |status| status.stream = Some(runtime.id));
                self.set_state(ConnectionState::Held);
                match self.routed.take() {
                    Some(_) => self.session.apply(now, Input::Hold),
                    None => Vec::new(),
                }
            }
            Route::Unclaimed => {
                // A connection that has its stream keeps it.
                if self.routed.is_none() {
                    self.set_state(ConnectionState::Unclaimed);
                }
                Vec::new()
            }
        }
    }

    async fn take(&mut self, reads: Vec<DeviceRead>, received_at: UnixMicros) {
        if reads.is_empty() {
            return;
        }
        let Some(routed) = self.routed.clone() else {
            self.node
                .quarantine(self.peer, self.port, &reads, received_at)
                .await;
            return;
        };
        let guns = reads
            .iter()
            .filter(|read| read.kind == ReadKind::Gun)
            .count();
        if guns > 0 {
            tracing::info!(peer = %self.peer, guns, "gun times received");
        }
        let name = self.name.as_deref();
        self.node
            .take(self.id, &routed, name, reads, received_at)
            .await;
    }

    /// Outputs that only say something.
    fn note(&mut self, output: Output) -> Result<(), String> {
        let update = |change: &dyn Fn(&mut service::ingest::ConnectionStatus)| {
            self.node.connections.update(self.id, change);
        };
        match output {
            Output::Greeted { program, version } => update(&|status| {
                status.program.clone_from(&program);
                status.version.clone_from(&version);
            }),
            Output::Locations(locations) => {
                update(&|status| status.locations.clone_from(&locations));
            }
            Output::Unknown { raw, reason } => {
                update(&|status| status.unknown_lines += 1);
                self.log_unknown(&raw, &reason);
            }
            Output::Stale => self.show_state(ConnectionState::Stale),
            Output::Heard => self.show_state(self.standing),
            Output::Close(reason) => return Err(reason.to_string()),
            Output::Send(_) | Output::Read(_) | Output::Identified(_) => {}
        }
        Ok(())
    }

    fn log_unknown(&mut self, raw: &[u8], reason: &UnknownReason) {
        self.unknown_lines += 1;
        if self.unknown_lines <= limits::UNKNOWN_LINES_LOGGED_MAX {
            let line = String::from_utf8_lossy(raw).into_owned();
            tracing::warn!(peer = %self.peer, %reason, line, "a line that is not understood");
        }
        if self.unknown_lines == limits::UNKNOWN_LINES_LOGGED_MAX {
            tracing::warn!(peer = %self.peer, "further such lines are counted and not logged");
        }
    }

    fn set_state(&mut self, state: ConnectionState) {
        self.standing = state;
        self.show_state(state);
    }

    fn show_state(&self, state: ConnectionState) {
        self.node
            .connections
            .update(self.id, |status| status.state = state);
    }
}

fn lost(error: &io::Error) -> String {
    format!("lost: {error}")
}
