//! Every server function that there is, found by itself and called as nobody may call it. A new
//! one is tried as soon as it is written; one that is open to everybody has to be named here.

use super::*;
use crate::listen;
use app::rpc::Visitor;
use bytes::Bytes;
use leptos::prelude::Owner;
use serde_json::{Value, json};
use service::{Clock, Node};
use std::{net::Ipv4Addr, sync::Arc};
use store::{Location, OpenMode};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What somebody who is not logged in may call.
const FOR_EVERYBODY: [&str; 3] = ["/rpc/log-in", "/rpc/set-up", "/rpc/whoami"];

/// The plain form that has no fields.
const EMPTY_FORM: &str = "/rpc/log-out";

/// Postcard.
const SAVE: &str = "/rpc/save-template";

/// What every function understands: the arguments of all of them together, each under its name.
/// Where they come without names, those of the one.
fn arguments(path: &str) -> Vec<u8> {
    let id = "00000000-0000-7000-8000-000000000000";
    if path == EMPTY_FORM {
        return Vec::new();
    }
    if path == SAVE {
        let template: model::TemplateId = id.parse().unwrap();
        let edits = Vec::<model::document::Edit>::new();
        return postcard::to_allocvec(&(template, 1_u64, edits)).unwrap();
    }
    let person = model::Participant::new(id.parse().unwrap());
    let local = json!({ "date": "2026-11-21", "time_cs": 0 });
    let conditions = json!({
        "birthday": false, "city": "", "division": "", "first_timer": false,
    });
    let form = json!({
        "addresses": [],
        "conditions": conditions,
        "date": "2026-11-21",
        "hours": 1,
        "mode": "results",
        "name": "Run",
        "offset_ms": 0,
        "points": [],
        "rundown": {},
        "show": null,
        "text": "Go!",
        "template": "arrivals",
        "timezone": "UTC",
        "weight": 1,
    });
    let message = json!({
        "conditions": conditions, "id": id, "show": null, "text": "Go!", "weight": 1,
    });
    let arguments = [
        ("accepted", json!([])),
        ("archived", json!(true)),
        ("at", json!(0)),
        ("before", json!(person)),
        ("begins", json!({ "BuiltIn": "arrivals" })),
        ("bib", json!("7")),
        ("command", json!({ "action": "identify" })),
        ("connection", json!(1)),
        ("course", json!([])),
        ("decision", json!(null)),
        ("deed", json!(id)),
        ("display", json!(id)),
        ("displays", json!([])),
        ("distance", json!("15")),
        ("distance_m", json!(10_000)),
        ("edit", json!({ "template": "arrivals", "rundown": {} })),
        ("edits", json!([])),
        ("event", json!(id)),
        ("fired", json!({ "Typed": local })),
        ("first", json!("1")),
        ("first_name", json!("Ana")),
        ("form", json!(form)),
        ("from", json!("Now")),
        ("from_now", json!(true)),
        ("gun", json!(id)),
        ("id", json!(id)),
        ("ignored", json!(true)),
        ("last", json!("2")),
        ("last_name", json!("Okafor")),
        ("local", json!(local)),
        ("location", json!("FINISH")),
        ("make_races", json!(false)),
        ("message", json!(message)),
        ("name", json!("Run")),
        ("new", json!(person)),
        ("number", json!(1)),
        ("offset_ms", json!(0)),
        ("one", json!(id)),
        ("other", json!(id)),
        ("participant", json!(id)),
        ("partner", json!(id)),
        ("paused", json!(true)),
        ("point", json!(id)),
        ("points", json!([id])),
        (
            "query",
            json!({ "text": "", "limit": 1, "offset": 0, "sort": null }),
        ),
        ("race", json!(id)),
        ("reads_from", json!("Last")),
        ("revision", json!(1)),
        ("scheduled", json!(null)),
        ("session", json!({ "stream": id, "from": 0, "until": 1 })),
        ("stream", json!(id)),
        ("tag", json!("7")),
        ("template", json!(id)),
        ("text", json!("")),
        ("to", json!("FINISH")),
        ("turn", json!("skip")),
        ("unit", json!("km")),
        ("until", json!({ "Later": { "hours": 1 } })),
        ("upload", json!(1)),
        ("wanted", json!(person)),
        ("wave", json!(id)),
        ("waves", json!([id])),
        ("width", json!("4")),
        ("withdrawn", json!(true)),
    ];
    let arguments = arguments.map(|(name, value)| (name.to_owned(), value));
    Value::Object(arguments.into_iter().collect())
        .to_string()
        .into_bytes()
}

fn content_type(path: &str) -> &'static str {
    match path {
        SAVE => "application/x-postcard",
        _ => "application/json",
    }
}

struct Install {
    _folder: TempDir,
    web: Web,
    address: SocketAddr,
}

impl Install {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = Location::Sqlite(folder.path().join("gantry.sqlite"));
        let store = store::open(&file, OpenMode::Migrate).await.unwrap();
        let node = Node::start(store, Clock::start()).await.unwrap();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let web = Web {
            listeners: listen::start(Arc::clone(&node), any).await,
            node,
            backups: None,
            base_url: None,
        };
        let router = router(web.clone());
        let listener = TcpListener::bind(any).await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self {
            _folder: folder,
            web,
            address,
        }
    }

    /// Status, and the error in the body.
    async fn post(&self, path: &str, headers: &str, body: &[u8]) -> (u16, RpcError) {
        let Self { address, .. } = self;
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.0\r\nhost: {address}\r\ncontent-type: {}\r\n\
             content-length: {length}\r\n{headers}\r\n",
            content_type(path)
        );
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        socket.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n");
        let body = Bytes::from(answer.split_off(end.unwrap() + 4));
        let head = String::from_utf8(answer).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, RpcError::de(body))
    }

    fn visitor(&self) -> Visitor {
        Visitor {
            node: Arc::clone(&self.web.node),
            caller: None,
            token: None,
            from: Ipv4Addr::LOCALHOST.into(),
            same_computer: false,
            secure: false,
        }
    }
}

fn paths() -> Vec<&'static str> {
    let mut paths: Vec<_> = server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect();
    paths.sort_unstable();
    assert!(paths.contains(&"/rpc/log-out"), "{paths:?}");
    paths
}

fn guarded() -> Vec<&'static str> {
    let all = paths().into_iter();
    all.filter(|path| !FOR_EVERYBODY.contains(path)).collect()
}

#[test]
fn each_is_posted_under_a_name_of_its_own() {
    for (path, method) in server_fn::axum::server_fn_paths() {
        assert_eq!(method, "POST", "{path}");
        let name = path.strip_prefix("/rpc/").unwrap();
        let is_plain = |sign: u8| sign.is_ascii_lowercase() || sign == b'-';
        assert!(name.bytes().all(is_plain), "{path} has no endpoint name");
    }
    for open in FOR_EVERYBODY {
        assert!(paths().contains(&open), "{open} is no more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answers_somebody_without_a_login_that_they_are_logged_out() {
    let install = Install::new().await;
    let origin = format!("origin: http://{}\r\n", install.address);
    let forged = format!("{origin}cookie: gantry_login={}\r\n", "0".repeat(64));
    for path in guarded() {
        for headers in [&origin, &forged] {
            let answer = install.post(path, headers, &arguments(path)).await;
            assert_eq!(answer, (401, RpcError::LoggedOut), "{path}");
        }
    }
    for path in FOR_EVERYBODY {
        let (status, error) = install.post(path, &origin, b"{}").await;
        assert_ne!(status, 401, "{path}: {error}");
    }
}

/// Pages call them without a request, past whatever stands before `/rpc/`.
#[tokio::test(flavor = "multi_thread")]
async fn each_looks_by_itself_whether_somebody_is_logged_in() {
    let _ = Executor::init_tokio();
    let install = Install::new().await;
    for path in guarded() {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, content_type(path))
            .body(Body::from(arguments(path)))
            .unwrap();
        let visitor = install.visitor();
        let context = move || provide_context(visitor.clone());
        let owner = Owner::new();
        let answer = owner.with(|| leptos_axum::handle_server_fns_with_context(context, request));
        let answer = answer.await.into_response();
        let body = to_bytes(answer.into_body(), ERROR_BYTES_MAX).await.unwrap();
        assert_eq!(
            RpcError::de(body),
            RpcError::LoggedOut,
            "{path}: it begins with `backend()?`, and what it takes stands in arguments()"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refuses_what_another_sites_page_sends() {
    let install = Install::new().await;
    for path in paths() {
        for headers in [
            "origin: http://evil.example\r\n",
            "origin: null\r\n",
            "sec-fetch-site: cross-site\r\n",
            "",
        ] {
            let (status, error) = install.post(path, headers, b"{}").await;
            assert_eq!(status, 403, "{path} {headers}: {error}");
            assert!(matches!(error, RpcError::Forbidden { .. }), "{error}");
        }
    }
}
