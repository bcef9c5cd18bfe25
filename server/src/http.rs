//! The web: displays, their sockets, assets, health and, in the demo, the start page.

mod assets;
mod display;
mod health;
mod metrics;
mod socket;
mod start_page;

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use service::Node;
use std::sync::Arc;

use crate::{backup::Backups, listen::Listeners, overview};

/// What every handler can reach.
#[derive(Clone)]
pub struct Web {
    pub node: Arc<Node>,
    pub listeners: Arc<Listeners>,
    /// Those that the server makes by itself, where it is to.
    pub backups: Option<Arc<Backups>>,
    /// What share links begin with, where it is set.
    pub base_url: Option<String>,
}

/// Whether `/` shows what runs here. Only the demo does: nobody has logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartPage {
    Shown,
    Hidden,
}

pub fn router(web: Web, start_page: StartPage) -> Router {
    let start = match start_page {
        StartPage::Shown => start_page::router(web.clone()),
        StartPage::Hidden => Router::new()
            .route("/", get(running))
            .with_state(web.clone()),
    };
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::scrape))
        .route("/d/{code}", get(display::page))
        .route("/d/{code}/live", any(socket::upgrade))
        .route("/pkg/{file}", get(assets::serve))
        .fallback(not_found)
        .with_state(web)
        .merge(start)
}

/// For whoever opens the server's address: nothing that only its operator may know.
async fn running(State(web): State<Web>) -> String {
    let mut text =
        "Gantry is running. Displays are at the URLs that gantry display create prints.\n"
            .to_owned();
    let (address, trouble) = overview::listener(&web);
    if !address.is_empty() {
        text.push_str(&format!("Timing software connects to {address} (CTP01).\n"));
    }
    if !trouble.is_empty() {
        text.push_str(&format!("Trouble: {trouble}.\n"));
    }
    text
}

async fn not_found() -> Response {
    (
        StatusCode::NOT_FOUND,
        html(render::page::not_found_page(&assets::kiosk_urls().css)),
    )
        .into_response()
}

/// A page that is made anew for each request.
fn html(body: String) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' \
             'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
             base-uri 'none'; form-action 'none'",
        ),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}
