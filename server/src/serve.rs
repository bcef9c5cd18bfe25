//! `gantry serve`: everything up, until it is told to stop.

use crate::{
    backup,
    cli::{self, Out},
    data_folder::{self, HeldFolder},
    host,
    http::{self, Web},
    limits,
    listen::{self, ListenerState, Listeners},
    open_files,
    settings::Settings,
};
use anyhow::Context;
use axum::serve::ListenerExt;
use clap::Args;
use model::DisplayCode;
use serde_json::json;
use service::{Clock, Node};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::Arc,
    time::Duration,
};
use store::{Hold, OpenMode};
use tokio::{net::TcpListener, sync::watch};

#[derive(Args, Debug)]
pub struct ServeArgs {
    /// Listen on every interface, and show LAN addresses.
    #[arg(long)]
    lan: bool,
    /// Print the settings in force and stop.
    #[arg(long)]
    print_config: bool,
    /// Refuse to start where the database is not up to date.
    #[arg(long)]
    no_migrate: bool,
}

pub async fn run(args: ServeArgs, settings: Settings, out: Out) -> anyhow::Result<()> {
    let settings = if args.lan {
        settings.on_every_interface()
    } else {
        settings
    };
    if args.print_config {
        return out.line(&toml::to_string_pretty(&settings)?, &settings);
    }
    let mode = if args.no_migrate {
        OpenMode::AsIs
    } else {
        OpenMode::Migrate
    };
    let running = Running::start(&settings, mode).await?;
    tell_how_to_set_up(&running.node).await?;
    running.announce(out)?;
    running.until_told().await
}

/// A server that is up.
pub struct Running {
    pub node: Arc<Node>,
    pub listeners: Arc<Listeners>,
    pub http_addr: SocketAddr,
    timing_wanted: SocketAddr,
    stop: watch::Sender<bool>,
    web: tokio::task::JoinHandle<std::io::Result<()>>,
    stop_request: StopRequest,
    _folder: HeldFolder,
    database: Hold,
}

impl Running {
    pub async fn start(settings: &Settings, mode: OpenMode) -> anyhow::Result<Self> {
        let http = TcpListener::bind(settings.http_addr).await.with_context(|| {
            format!(
                "the web address {} cannot be opened; is Gantry running already? choose another \
                 with GANTRY_HTTP_ADDR",
                settings.http_addr
            )
        })?;
        let http_addr = http.local_addr()?;
        let stop_request = StopRequest::new()?;
        let folder = data_folder::hold(settings)?;
        let database = store::hold(&settings.database()).await?;
        let store = cli::open_store(settings, mode).await?;
        let node = Node::start(store, Clock::start()).await?;
        if let Some(files) = open_files::raise() {
            tracing::info!("up to {files} files and connections may be open at once");
        }
        let listeners = listen::start(Arc::clone(&node), settings.timing_addr).await;
        let backups = backup::start(settings)?;
        tokio::spawn(host::watch(
            Arc::clone(&node),
            Arc::clone(&listeners),
            backups.clone(),
            settings.data_dir.clone(),
            host::WebPlace {
                addr: http_addr,
                base_url: settings.base_url.clone(),
            },
        ));
        let web = Web {
            node: Arc::clone(&node),
            listeners: Arc::clone(&listeners),
            backups,
            base_url: settings.base_url.clone(),
        };
        let (stop, mut stopped) = watch::channel(false);
        let router = http::router(web);
        // A frame goes out at once, also while the screen has not confirmed the one before.
        let http = http.tap_io(|socket| {
            if let Err(error) = socket.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps its small delays");
            }
        });
        let web = tokio::spawn(async move {
            axum::serve(
                http,
                router.into_make_service_with_connect_info::<SocketAddr>(),
            )
            .with_graceful_shutdown(async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            })
            .await
        });
        let timing_wanted = settings.timing_addr;
        Ok(Self {
            node,
            listeners,
            http_addr,
            timing_wanted,
            stop,
            web,
            stop_request,
            _folder: folder,
            database,
        })
    }

    /// The address of the shared listener, unless another program has the port.
    pub fn timing_addr(&self) -> Option<SocketAddr> {
        match self.listeners.shared()? {
            ListenerState::Open(address) => Some(address),
            ListenerState::Failed(_) => None,
        }
    }

    fn announce(&self, out: Out) -> anyhow::Result<()> {
        let timing = self.timing_addr();
        let text = match timing {
            Some(timing) => format!(
                "Gantry is up: http://{}\nTiming software connects to {} (CTP01)",
                reachable(self.http_addr),
                reachable(timing)
            ),
            None => format!(
                "Gantry is up: http://{}\nThe timing port {} is taken; it is tried again",
                reachable(self.http_addr),
                self.timing_wanted.port()
            ),
        };
        out.line(
            &text,
            &json!({ "ready": true, "http": self.http_addr, "timing": timing }),
        )
    }

    /// Runs until Ctrl-C or a request to end, then lets reads on their way reach the journal.
    pub async fn until_told(mut self) -> anyhow::Result<()> {
        tokio::select! {
            told = self.stop_request.comes() => told?,
            taken = self.database.lost() => return Err(taken.into()),
            part = self.node.broken() => anyhow::bail!(
                "{part} ended by a mistake in this program; start it again, and report what the \
                 log says above"
            ),
        }
        tracing::info!("stopping");
        self.stop.send_replace(true);
        let limit = Duration::from_millis(limits::STOP_MS_MAX);
        if tokio::time::timeout(limit, self.node.journal.drained())
            .await
            .is_err()
        {
            tracing::error!("reads still wait for the database; devices will send them again");
        }
        self.web.abort();
        // The log of the database moves into its file: who copies that file then copies all.
        if tokio::time::timeout(limit, self.node.close())
            .await
            .is_err()
        {
            tracing::warn!("the database was left as it is; its log file belongs to it");
        }
        Ok(())
    }
}

/// While nobody can log in. From another computer it takes somebody who can read this log.
async fn tell_how_to_set_up(node: &Node) -> anyhow::Result<()> {
    if !node.accounts.is_set_up().await? {
        let code = node.accounts.setup_code();
        tracing::warn!(
            code,
            "nobody can log in yet; open /setup in a browser (from another computer it asks for \
             this code), or use gantry user create"
        );
    }
    Ok(())
}

/// Hears a request to end from the moment it is made, so that none falls before it is waited for.
#[cfg(unix)]
struct StopRequest {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopRequest {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn comes(&mut self) -> std::io::Result<()> {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        Ok(())
    }
}

#[cfg(not(unix))]
struct StopRequest;

#[cfg(not(unix))]
impl StopRequest {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn comes(&mut self) -> std::io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}

/// What a share link begins with: the setting, else the web address as others reach it.
pub fn base_url(settings: &Settings) -> String {
    match &settings.base_url {
        Some(url) => url.clone(),
        None => format!("http://{}", reachable(settings.http_addr)),
    }
}

pub fn display_url(settings: &Settings, code: &DisplayCode) -> String {
    format!("{}/d/{code}", base_url(settings))
}

/// An address as others type it: "every interface" becomes this computer's LAN address.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(
            lan_ip().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            address.port(),
        )
    } else {
        address
    }
}

/// The address of the interface that leads out. A connected datagram socket sends nothing.
fn lan_ip() -> Option<IpAddr> {
    // A documentation address (RFC 5737): routed like any other, and nobody's.
    const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    socket
        .local_addr()
        .ok()
        .map(|address| address.ip())
        .filter(|ip| !ip.is_unspecified())
}
