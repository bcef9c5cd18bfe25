//! Timing listeners: the shared one, and one for each stream with a port of its own.

mod ctp01;

use crate::limits;
use service::Node;
use std::{
    collections::{BTreeMap, BTreeSet},
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
    let mut told = BTreeSet::new();
    loop {
        let now = node.clock.now();
        let mut wanted = BTreeSet::new();
        for stream in node.registry.streams() {
            let row = stream.row();
            let Some(port) = row.port.filter(|_| row.active(now)) else {
                continue;
            };
            if port != shared.port() {
                wanted.insert(SocketAddr::new(shared.ip(), port));
            } else if told.insert(row.id) {
                let name = row.name;
                tracing::error!(
                    "nothing comes to the stream {name:?}: its own port {port} is the shared one; \
                     make it anew without --port, or with another"
                );
            }
        }
        let unwanted: Vec<_> = running
            .extract_if(.., |address, _| !wanted.contains(address))
            .collect();
        for (address, task) in unwanted {
            task.abort();
            // Only then is the port free to be opened again, and nobody says anything of it.
            let _ = task.await;
            listeners.remove(address);
        }
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
            let reason = failure(wanted, wanted == listeners.shared, &error);
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

/// Why a port is not open, and what helps: the shared one is a setting, others are the streams'.
fn failure(wanted: SocketAddr, shared: bool, error: &io::Error) -> String {
    let (ip, port) = (wanted.ip(), wanted.port());
    let choose = if shared {
        "with GANTRY_TIMING_ADDR"
    } else {
        "by making the stream anew with --port"
    };
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "timing port {port} is taken by another program on this computer; close that, or \
             choose another port {choose} ({} may be free); trying again",
            port.checked_add(1).unwrap_or(port - 1)
        ),
        io::ErrorKind::PermissionDenied => format!(
            "timing port {port} may not be opened by this user; choose one above 1023 {choose}"
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "timing port {port} cannot be opened: {ip} is no address of this computer at present; \
             choose another with GANTRY_TIMING_ADDR (0.0.0.0 is every one); trying again"
        ),
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
