//! Timing listeners: the shared one, and one for each stream with a port of its own.

mod ctp01;

use crate::limits;
use service::Node;
use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

/// How each wanted port stands, for status pages.
#[derive(Clone, Debug)]
pub enum ListenerState {
    Open(SocketAddr),
    /// Why it could not be opened; it is tried again and again.
    Failed(String),
}

/// The timing ports of this node by the address they were asked for.
pub struct Listeners {
    shared: SocketAddr,
    states: Mutex<BTreeMap<SocketAddr, ListenerState>>,
}

impl Listeners {
    fn new(shared: SocketAddr) -> Self {
        Self {
            shared,
            states: Mutex::default(),
        }
    }

    /// How the listener stands that devices are told of.
    pub fn shared(&self) -> Option<ListenerState> {
        self.states().remove(&self.shared)
    }

    pub fn states(&self) -> BTreeMap<SocketAddr, ListenerState> {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, wanted: SocketAddr, state: ListenerState) {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(wanted, state);
    }

    fn remove(&self, wanted: SocketAddr) {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&wanted);
    }
}

/// Opens the shared listener, which may be in use by other scoring software on this computer, and
/// goes on trying. Returns once the first try is done.
pub async fn start(node: Arc<Node>, shared: SocketAddr) -> Arc<Listeners> {
    let listeners = Arc::new(Listeners::new(shared));
    let first = open(&listeners, shared).await;
    tokio::spawn(accept(
        Arc::clone(&node),
        Arc::clone(&listeners),
        shared,
        true,
        first,
    ));
    tokio::spawn(follow_streams(node, Arc::clone(&listeners), shared));
    listeners
}

/// Keeps one listener for each active stream with a port of its own.
async fn follow_streams(node: Arc<Node>, listeners: Arc<Listeners>, shared: SocketAddr) {
    let mut changed = node.routes_changed();
    let mut running: BTreeMap<SocketAddr, JoinHandle<()>> = BTreeMap::new();
    loop {
        let now = node.clock.now();
        let streams = node.registry.streams();
        let wanted: Vec<_> = streams
            .iter()
            .map(|stream| stream.row())
            .filter(|stream| stream.active(now))
            .filter_map(|stream| Some(SocketAddr::new(shared.ip(), stream.port?)))
            .filter(|wanted| *wanted != shared)
            .collect();
        running.retain(|address, task| {
            let keep = wanted.contains(address);
            if !keep {
                task.abort();
                listeners.remove(*address);
            }
            keep
        });
        for address in wanted {
            running.entry(address).or_insert_with(|| {
                let (node, listeners) = (Arc::clone(&node), Arc::clone(&listeners));
                tokio::spawn(async move {
                    let first = open(&listeners, address).await;
                    accept(node, listeners, address, false, first).await;
                })
            });
        }
        if changed.changed().await.is_err() {
            return;
        }
    }
}

async fn open(listeners: &Listeners, wanted: SocketAddr) -> Option<TcpListener> {
    let opened = match TcpListener::bind(wanted).await {
        Ok(listener) => listener.local_addr().map(|address| (listener, address)),
        Err(error) => Err(error),
    };
    match opened {
        Ok((listener, address)) => {
            tracing::info!(%address, "waiting for timing software");
            listeners.set(wanted, ListenerState::Open(address));
            Some(listener)
        }
        Err(error) => {
            let reason = failure(wanted, &error);
            let known = matches!(
                listeners.states().get(&wanted),
                Some(ListenerState::Failed(known)) if *known == reason
            );
            if !known {
                tracing::error!("{reason}");
            }
            listeners.set(wanted, ListenerState::Failed(reason));
            None
        }
    }
}

fn failure(wanted: SocketAddr, error: &io::Error) -> String {
    let port = wanted.port();
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "timing port {port} is taken by another program on this computer; close that, or \
             choose another port with GANTRY_TIMING_ADDR ({} may be free); trying again",
            port.saturating_add(1)
        ),
        io::ErrorKind::PermissionDenied => {
            format!("timing port {port} may not be opened by this user; choose one above 1023")
        }
        _ => format!("timing port {port} cannot be opened ({error}); trying again"),
    }
}

async fn accept(
    node: Arc<Node>,
    listeners: Arc<Listeners>,
    wanted: SocketAddr,
    shared: bool,
    mut opened: Option<TcpListener>,
) {
    let retry = Duration::from_millis(limits::PORT_RETRY_MS);
    let listener = loop {
        if let Some(listener) = opened.take() {
            break listener;
        }
        sleep(retry).await;
        opened = open(&listeners, wanted).await;
    };
    let port = listener
        .local_addr()
        .map_or(wanted.port(), |address| address.port());
    loop {
        match listener.accept().await {
            Ok((socket, peer)) => {
                // Small lines go out at once; a device waits for them before it sends.
                let _ = socket.set_nodelay(true);
                tokio::spawn(ctp01::run(Arc::clone(&node), socket, peer, port, shared));
            }
            Err(error) => {
                // Out of file handles, mostly: the connections that are open go on.
                tracing::warn!(%error, port, "a timing connection could not be taken");
                sleep(retry).await;
            }
        }
    }
}
