//! A bare connection to the timing port, for devices that behave as none should.

use crate::wait::SOON_S;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

pub struct Wire {
    socket: TcpStream,
    heard: String,
}

impl Wire {
    pub async fn dial(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).await.unwrap();
        Self {
            socket,
            heard: String::new(),
        }
    }

    /// One whose side of the connection holds next to nothing that it has not read.
    pub async fn dial_narrow(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(1024).unwrap();
        Self {
            socket: socket.connect(address).await.unwrap(),
            heard: String::new(),
        }
    }

    /// Goes through the opening as a device with this name, until its location is started.
    pub async fn open(&mut self, name: &str, location: &str) {
        self.say("SimpleClient~0.6.0~CTP01\r\n").await;
        self.hear("getlocations").await;
        self.say(&format!(
            "ack~getconnectionid~{name}\r\nack~geteventinfo~WILLOW10K~1~\r\n\
             ack~getlocations~{location}\r\n"
        ))
        .await;
        self.hear("start~").await;
    }

    pub async fn say(&mut self, text: &str) {
        self.say_bytes(text.as_bytes()).await;
    }

    pub async fn say_bytes(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).await.unwrap();
    }

    /// Writes what the socket takes at once.
    pub async fn try_say(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.socket.write(bytes).await
    }

    /// Reads until the text has come.
    pub async fn hear(&mut self, part: &str) {
        while !self.heard.contains(part) {
            let read = self.socket.read_buf_text().await;
            assert!(!read.is_empty(), "hung up before {part:?}: {}", self.heard);
            self.heard.push_str(&read);
        }
    }

    /// Waits until the server hangs up.
    pub async fn hung_up(&mut self) {
        while !self.socket.read_buf_text().await.is_empty() {}
    }

    /// Whether the server hangs up now, as opposed to answering a ping.
    pub async fn is_open(&mut self) -> bool {
        if self.socket.write_all(b"ping\r\n").await.is_err() {
            return false;
        }
        !self.socket.read_buf_text().await.is_empty()
    }
}

trait ReadText {
    /// What comes next; empty where the other side hung up.
    async fn read_buf_text(&mut self) -> String;
}

impl ReadText for TcpStream {
    async fn read_buf_text(&mut self) -> String {
        let mut buffer = [0; 1024];
        let read = timeout(Duration::from_secs(SOON_S), self.read(&mut buffer)).await;
        match read.expect("the server says something or hangs up") {
            Ok(length) => String::from_utf8_lossy(&buffer[..length]).into_owned(),
            Err(_) => String::new(),
        }
    }
}
