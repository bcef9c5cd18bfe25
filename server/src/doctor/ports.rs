//! The web port and the timing port: free, a running Gantry's, or another program's.
//!
//! A running server is asked over HTTP. Nobody connects to a timing port to look at it: whoever
//! listens there would take the doctor for a device.

mod judge;

pub use judge::{judge_timing, judge_web};

use crate::{data_folder::Holder, limits};
use serde::Deserialize;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// Who has the web port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Web {
    /// Nobody: it could be opened or not.
    Nobody(Bound),
    Gantry(Readiness),
    Other,
    /// Somebody who takes connections and does not answer.
    Silent,
}

/// What a running Gantry says of itself at `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Readiness {
    pub ready: bool,
    pub journal: String,
    /// `ok`, or which timing ports are not open and why.
    pub timing: Option<String>,
}

/// What became of opening a port, which is closed again at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    Free,
    Taken,
    /// The address is none of this computer's.
    NotHere,
    Forbidden,
    Failed(String),
}

pub async fn ask_web(address: SocketAddr) -> Web {
    if address.port() == 0 {
        return Web::Nobody(Bound::Free);
    }
    let limit = Duration::from_millis(limits::DOCTOR_ANSWER_MS_MAX);
    match timeout(limit, who_answers(from_here(address))).await {
        Err(_) => Web::Silent,
        Ok(Some(web)) => web,
        Ok(None) => match try_open(address).await {
            Bound::Taken => Web::Other,
            bound => Web::Nobody(bound),
        },
    }
}

/// Whether a Gantry answers at that address.
pub async fn is_gantry(address: SocketAddr) -> bool {
    let limit = Duration::from_millis(limits::DOCTOR_ANSWER_MS_MAX);
    let answered = timeout(limit, who_answers(address)).await;
    matches!(answered, Ok(Some(Web::Gantry(_))))
}

/// `None` where nobody takes a connection.
async fn who_answers(address: SocketAddr) -> Option<Web> {
    let socket = TcpStream::connect(address).await.ok()?;
    let Ok((200, health)) = get(socket, address, "/healthz").await else {
        return Some(Web::Other);
    };
    if health.trim() != "ok" {
        return Some(Web::Other);
    }
    let socket = TcpStream::connect(address).await.ok()?;
    let readiness = match get(socket, address, "/readyz").await {
        Ok((_, body)) => serde_json::from_str(&body).ok(),
        Err(_) => None,
    };
    Some(readiness.map_or(Web::Other, Web::Gantry))
}

/// The status and body of a page, in HTTP 1.0, whose answers end with the connection.
async fn get(mut socket: TcpStream, address: SocketAddr, path: &str) -> io::Result<(u16, String)> {
    let request = format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n");
    socket.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let mut socket = socket.take(limits::DOCTOR_ANSWER_BYTES_MAX);
    socket.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    parsed(&answer).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn parsed(answer: &str) -> Option<(u16, String)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    Some((status.parse().ok()?, body.to_owned()))
}

/// "Every interface" is reached by the one that never leads out.
fn from_here(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Opens the timing port as the server does.
pub async fn try_timing(address: SocketAddr, holder: &Holder) -> Bound {
    let bound = try_open(address).await;
    if bound == Bound::Free && matches!(holder, Holder::Server { .. }) && address.port() != 0 {
        // With `--lan` the server has it on every interface, and some systems let another program
        // open it on one interface all the same.
        let every = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port());
        return try_open(every).await;
    }
    bound
}

async fn try_open(address: SocketAddr) -> Bound {
    match TcpListener::bind(address).await {
        Ok(_) => Bound::Free,
        Err(error) => match error.kind() {
            io::ErrorKind::AddrInUse => Bound::Taken,
            io::ErrorKind::AddrNotAvailable => Bound::NotHere,
            io::ErrorKind::PermissionDenied => Bound::Forbidden,
            _ => Bound::Failed(error.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let check = |answer, parts: Option<(u16, &str)>| {
            let parsed = parsed(answer);
            let parsed = parsed
                .as_ref()
                .map(|(status, body)| (*status, body.as_str()));
            assert_eq!(parsed, parts, "{answer:?}");
        };
        check("HTTP/1.0 200 OK\r\na: b\r\n\r\nok\n", Some((200, "ok\n")));
        check(
            "HTTP/1.1 503 Service Unavailable\r\n\r\n{}",
            Some((503, "{}")),
        );
        check("HTTP/1.1 200 OK\r\n", None);
        check("SSH-2.0-x\r\n\r\n", None);
        check("", None);
    }
}
