//! `gantry serve` in a process of its own: started, asked over HTTP, stopped the hard way.

use crate::wait::{SOON_S, until, until_async};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    time::timeout,
};

/// Where a server listens. Port 0 lets the system choose.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    pub http: SocketAddr,
    pub timing: SocketAddr,
}

impl Ports {
    pub fn any() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            http: any,
            timing: any,
        }
    }
}

pub struct Server {
    child: Child,
    pub ports: Ports,
    /// What it said when it was up.
    pub ready: Value,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a command that serves, and waits until it says that it is ready.
    pub async fn start(mut command: Command, wanted: Ports) -> Self {
        let mut child = command
            .env("GANTRY_HTTP_ADDR", wanted.http.to_string())
            .env("GANTRY_TIMING_ADDR", wanted.timing.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        keep_lines(child.stderr.take().unwrap(), Arc::clone(&log));
        let first = first_line(child.stdout.take().unwrap());
        let Ok(Ok(first)) = timeout(Duration::from_secs(SOON_S), first).await else {
            let _ = child.kill();
            panic!("the server is not ready: {:?}", log.lock().unwrap());
        };
        let ready: Value = serde_json::from_str(&first).unwrap();
        assert_eq!(ready["ready"], true, "{ready}");
        let address = |name: &str| ready[name].as_str().map(|text| text.parse().unwrap());
        let ports = Ports {
            http: address("http").unwrap(),
            timing: address("timing").unwrap_or(wanted.timing),
        };
        Self {
            child,
            ports,
            ready,
            log,
        }
    }

    /// A start that comes as far as it does in that time.
    pub async fn cut_short(mut command: Command, alive: Duration) {
        let any = Ports::any();
        let mut child = command
            .env("GANTRY_HTTP_ADDR", any.http.to_string())
            .env("GANTRY_TIMING_ADDR", any.timing.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(alive).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) -> Ports {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.ports
    }

    /// Stops it as a laptop that is closed does, until `go_on`. The signal only asks for that: on
    /// a busy machine its threads work on for a while, so they are waited for.
    pub async fn freeze(&self) {
        signal("STOP", &self.id());
        until("the server stands still", || {
            stands_still(&self.id()).then_some(())
        })
        .await;
    }

    pub fn go_on(&self) {
        signal("CONT", &self.id());
    }

    /// Asks it to end, and gives whether it did so in order.
    pub async fn terminate(self) -> bool {
        signal("TERM", &self.id());
        self.ended().await
    }

    /// Waits until it ends by itself, and gives whether it did so in order.
    pub async fn ended(mut self) -> bool {
        let status = until("the server ends", || self.child.try_wait().unwrap()).await;
        status.success()
    }

    fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// What it holds of the machine's memory, where the system tells.
    pub fn memory_bytes(&self) -> Option<usize> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).ok()?;
        let resident = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kib: usize = resident.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kib * 1024)
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Waits for words in the log, which comes through a pipe and so a little after what it tells.
    pub async fn logs(&self, words: &str) {
        until("the log says it", || {
            self.log().contains(words).then_some(())
        })
        .await;
    }

    /// The status and body of a page.
    pub async fn get(&self, path: &str) -> (u16, String) {
        get(self.ports.http, path).await
    }

    /// Whether it says that it is ready, and what its journal says.
    pub async fn readiness(&self) -> (bool, String) {
        let (status, body) = self.get("/readyz").await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(status == 200, body["ready"] == true, "{status} {body}");
        (status == 200, body["journal"].as_str().unwrap().to_owned())
    }

    /// Waits until it says that it is ready and the journal well. While the database takes its time
    /// it does not.
    pub async fn says_ready(&self) {
        until_async("the server says that it is ready", async || {
            (self.readiness().await == (true, "ok".to_owned())).then_some(())
        })
        .await;
    }

    /// Waits until it says that it cannot write, and gives why.
    pub async fn trouble(&self) -> String {
        until_async("the server says that it cannot write", async || {
            let (ready, why) = self.readiness().await;
            (!ready).then_some(why)
        })
        .await
    }

    /// What a counter of `/metrics` stands at.
    pub async fn counted(&self, name: &str) -> u64 {
        let (_, text) = self.get("/metrics").await;
        let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
        text.lines().find_map(value).unwrap()
    }
}

/// To a process, or to a whole group of them where a minus is before its number.
pub fn signal(name: &str, to: &str) {
    let name = format!("-{name}");
    let words = [name.as_str(), "--", to];
    let status = Command::new("kill").args(words).status().unwrap();
    assert!(status.success(), "signal {words:?}");
}

/// Whether every thread of a process is stopped, or where the system does not tell, true.
pub fn stands_still(process: &str) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else {
        return true;
    };
    threads.flatten().all(|thread| {
        std::fs::read_to_string(thread.path().join("status"))
            .is_ok_and(|status| status.contains("\nState:\tT"))
    })
}

/// HTTP 1.0, whose answers are never in chunks.
async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let answer = timeout(Duration::from_secs(SOON_S), async {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8(bytes).unwrap()
    });
    let answer = answer.await.expect("a page comes at once");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

fn keep_lines(from: impl Read + Send + 'static, log: Arc<Mutex<Vec<String>>>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            log.lock().unwrap().push(line);
        }
    });
}

fn first_line(from: impl Read + Send + 'static) -> oneshot::Receiver<String> {
    let (found, wait) = oneshot::channel();
    thread::spawn(move || {
        let mut lines = BufReader::new(from).lines().map_while(Result::ok);
        if let Some(line) = lines.next() {
            let _ = found.send(line);
        }
        // The pipe stays open, so that nothing the server prints can end it.
        lines.for_each(drop);
    });
    wait
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be frozen, and it may be gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            let tail = lines.len().saturating_sub(40);
            eprintln!("the server's log ends:\n{}", lines[tail..].join("\n"));
        }
    }
}
