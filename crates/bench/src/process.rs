//! The processes beside us: the server, nats-server, and ourselves again as client and relay.
//! Each is ended when its handle is dropped. Knows how to ask the system what one of them costs.

use crate::{
    client::{Order, Report},
    limits,
};
use anyhow::{Context, bail};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A child that goes when we do.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Memory that the process holds now. None where the system does not tell.
    pub fn rss_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1_024)
    }

    /// Processor time it has used. None where the system does not tell.
    pub fn cpu(&self) -> Option<Duration> {
        #[cfg(unix)]
        {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).ok()?;
            // The name may hold anything; after its bracket come state and then numbers
            // (proc_pid_stat(5): utime and stime are fields 14 and 15).
            let (_, fields) = stat.rsplit_once(')')?;
            let mut fields = fields.split_whitespace().skip(11);
            let ticks: u64 =
                fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
            let per_second = rustix::param::clock_ticks_per_second();
            Some(Duration::from_millis(ticks * 1_000 / per_second))
        }
        #[cfg(not(unix))]
        None
    }
}

/// The release server on a world's folder.
pub struct Gantry {
    pub running: Running,
    pub http: SocketAddr,
    pub timing: SocketAddr,
}

/// The line that `gantry serve --json` prints when it is up.
#[derive(Deserialize)]
struct Ready {
    http: SocketAddr,
    timing: Option<SocketAddr>,
}

impl Gantry {
    pub fn start(binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(binary)
            .args(["serve", "--json"])
            .current_dir(folder)
            .env("GANTRY_HTTP_ADDR", "127.0.0.1:0")
            .env("GANTRY_TIMING_ADDR", "127.0.0.1:0")
            .env("GANTRY_DATA_DIR", folder)
            .env("GANTRY_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", binary.display()))?;
        let mut stdout = BufReader::new(child.stdout.take().context("stdout is piped")?);
        let running = Running(child);
        let ready: Ready = line(&mut stdout).context("the server did not come up")?;
        let timing = ready.timing.context("the server has no timing port")?;
        Ok(Self {
            running,
            http: ready.http,
            timing,
        })
    }
}

/// nats-server with a WebSocket listener and its defaults otherwise.
pub struct Nats {
    pub running: Running,
    pub tcp: SocketAddr,
    pub ws: SocketAddr,
    _folder: TempDir,
}

impl Nats {
    /// `None` where it is not installed.
    pub fn start() -> anyhow::Result<Option<Self>> {
        let (tcp, ws) = (free_address()?, free_address()?);
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("nats.conf");
        let text = format!("listen: \"{tcp}\"\nwebsocket {{ listen: \"{ws}\", no_tls: true }}\n");
        std::fs::write(&config, text)?;
        let mut found = None;
        // Debian installs it where only administrators look.
        for program in ["nats-server", "/usr/sbin/nats-server"] {
            let mut command = Command::new(program);
            command
                .arg("-c")
                .arg(&config)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            match command.spawn() {
                Ok(child) => {
                    found = Some(Running(child));
                    break;
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).context("start nats-server"),
            }
        }
        let Some(running) = found else {
            return Ok(None);
        };
        let patience = Instant::now() + Duration::from_millis(limits::START_MS_MAX);
        while TcpStream::connect(ws).is_err() {
            if Instant::now() > patience {
                bail!("nats-server did not open its ports");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(Self {
            running,
            tcp,
            ws,
            _folder: folder,
        }))
    }
}

/// Why a comparison is missing.
pub const NO_NATS: &str = "nats-server is not installed";

/// Ourselves as the bare relay.
pub struct Relay {
    pub address: SocketAddr,
    _running: Running,
}

impl Relay {
    pub fn start() -> anyhow::Result<Self> {
        let (running, _stdin, mut stdout) = ourselves("relay")?;
        Ok(Self {
            address: line(&mut stdout)?,
            _running: running,
        })
    }
}

/// Ourselves as the load client.
pub struct Client {
    _running: Running,
    orders: ChildStdin,
    reports: BufReader<ChildStdout>,
}

impl Client {
    pub fn start() -> anyhow::Result<Self> {
        let (running, orders, reports) = ourselves("client")?;
        Ok(Self {
            _running: running,
            orders,
            reports,
        })
    }

    /// Gives an order and waits until it is done.
    pub fn order(&mut self, order: &Order) -> anyhow::Result<Report> {
        let mut text = serde_json::to_string(order)?;
        text.push('\n');
        self.orders.write_all(text.as_bytes())?;
        match line(&mut self.reports).context("the load client ended")? {
            Report::Failed(why) => bail!("the load client: {why}"),
            report => Ok(report),
        }
    }
}

fn ourselves(be: &str) -> anyhow::Result<(Running, ChildStdin, BufReader<ChildStdout>)> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--be", be])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take().context("stdin is piped")?;
    let stdout = child.stdout.take().context("stdout is piped")?;
    Ok((Running(child), stdin, BufReader::new(stdout)))
}

fn line<T: DeserializeOwned>(from: &mut impl BufRead) -> anyhow::Result<T> {
    let mut text = String::new();
    if from.read_line(&mut text)? == 0 {
        bail!("it ended without a word");
    }
    Ok(serde_json::from_str(&text)?)
}

/// An address that was free a moment ago.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
