//! What a browser does with the studio's pages and server functions: it keeps cookies, and says
//! where a request comes from.

use crate::{server::Server, wait::SOON_S};
use app::rpc::{RpcError, account::Me};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

pub struct Browser {
    address: SocketAddr,
    /// What stands in the address line.
    host: String,
    /// What a proxy adds on the way.
    proxy: &'static str,
    cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub bytes: Vec<u8>,
    /// The same as text, as far as it is.
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value)
    }

    /// What a server function answered.
    #[track_caller]
    pub fn value<T: DeserializeOwned>(&self) -> T {
        postcard::from_bytes(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// That it says no in this way, for a reason with these words in it.
    #[track_caller]
    pub fn is_no(&self, status: u16, kind: &str, words: &str) {
        let Self { body, head, .. } = self;
        assert_eq!(self.status, status, "{head} {body}");
        let error = serde_json::to_value(self.value::<RpcError>()).unwrap();
        let found = match &error {
            Value::Object(fields) => fields.keys().next().map(String::as_str),
            other => other.as_str(),
        };
        assert_eq!(found, Some(kind), "{body}");
        assert!(body.contains(words), "{body}");
    }

    #[track_caller]
    pub fn is_yes(&self) {
        assert_eq!(self.status, 200, "{} {}", self.head, self.body);
    }

    #[track_caller]
    pub fn leads_to(&self, page: &str) {
        assert!(
            [302, 303].contains(&self.status),
            "{} {}",
            self.head,
            self.body
        );
        assert_eq!(self.header("location"), Some(page));
    }
}

impl Browser {
    /// At the server's own computer.
    pub fn at(server: &Server) -> Self {
        let address = server.ports.http;
        Self {
            address,
            host: address.to_string(),
            proxy: "",
            cookies: BTreeMap::new(),
        }
    }

    /// At another computer. All of a test is on one, so a proxy brings it.
    pub fn elsewhere(server: &Server) -> Self {
        Self {
            proxy: "x-forwarded-for: 192.0.2.7\r\n",
            ..Self::at(server)
        }
    }

    /// Under another name of the server.
    pub fn with_host(server: &Server, host: &str) -> Self {
        Self {
            host: host.to_owned(),
            ..Self::at(server)
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn keep(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub async fn open(&mut self, page: &str) -> Answer {
        let accept = "accept: text/html\r\n";
        self.send("GET", page, accept, "").await
    }

    /// A server function, called by a script.
    pub async fn call(&mut self, name: &str, arguments: Value) -> Answer {
        let headers = format!("{}content-type: application/json\r\n", self.origin());
        let body = arguments.to_string();
        self.send("POST", &format!("/rpc/{name}"), &headers, &body)
            .await
    }

    /// A form, sent by a script.
    pub async fn submit(&mut self, name: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = self.origin();
        self.form(name, &headers, fields).await
    }

    /// A form on that page, sent before any script runs.
    pub async fn submit_plainly(
        &mut self,
        page: &str,
        name: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let referer = format!("referer: {}{page}\r\n", self.site());
        let headers = format!("{}accept: text/html\r\n{referer}", self.origin());
        self.form(name, &headers, fields).await
    }

    pub async fn form(&mut self, name: &str, headers: &str, fields: &[(&str, &str)]) -> Answer {
        let kind = "content-type: application/x-www-form-urlencoded\r\n";
        let pairs = fields
            .iter()
            .map(|(key, value)| format!("{key}={}", encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let headers = format!("{headers}{kind}");
        self.send("POST", &format!("/rpc/{name}"), &headers, &body)
            .await
    }

    pub async fn log_in(&mut self, email: &str, password: &str) -> Answer {
        self.submit("log-in", &[("email", email), ("password", password)])
            .await
    }

    /// Somebody's address and partner, where this browser is logged in.
    pub async fn whoami(&mut self) -> Value {
        let answer = self.call("whoami", serde_json::json!({})).await;
        answer.is_yes();
        serde_json::to_value(answer.value::<Option<Me>>()).unwrap()
    }

    /// Asks for a page, reads no more of it than so many bytes, and goes.
    pub async fn leaves(&self, page: &str, bytes: usize) {
        let request = self.request("GET", page, "accept: text/html\r\n", "");
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut read = vec![0; bytes];
        // A short page may be over before.
        let _ = socket.read_exact(&mut read).await;
    }

    fn site(&self) -> String {
        format!("http://{}", self.host)
    }

    fn origin(&self) -> String {
        format!("origin: {}\r\n", self.site())
    }

    /// HTTP 1.0, whose answers are never in chunks.
    fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let Self { host, proxy, .. } = self;
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.0\r\nhost: {host}\r\n{proxy}cookie: {cookies}\r\n{headers}\
             content-length: {length}\r\n\r\n{body}"
        )
    }

    pub async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let request = self.request(method, path, headers, body);
        let address = self.address;
        let answer = timeout(Duration::from_secs(SOON_S), async {
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.write_all(request.as_bytes()).await.unwrap();
            let mut bytes = Vec::new();
            socket.read_to_end(&mut bytes).await.unwrap();
            bytes
        });
        let mut head = answer.await.expect("an answer comes at once");
        let end = head.windows(4).position(|part| part == b"\r\n\r\n");
        let bytes = head.split_off(end.expect("a head ends") + 4);
        let head = String::from_utf8(head).unwrap();
        let answer = Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        };
        if let Some(cookie) = answer.header("set-cookie") {
            let (name, value) = cookie.split_once(';').unwrap().0.split_once('=').unwrap();
            match value {
                "" => drop(self.cookies.remove(name)),
                value => self.keep(name, value),
            }
        }
        answer
    }
}

fn encoded(text: &str) -> String {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(sign).collect()
}
