//! The web: displays, their sockets, assets, health, and the studio with its server functions.

mod assets;
mod canvas;
mod display;
#[cfg(debug_assertions)]
mod fit;
mod health;
mod metrics;
mod qr;
mod rpc;
mod socket;
mod studio;
mod visitor;

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use service::Node;
use std::sync::Arc;

use crate::{backup::Backups, listen::Listeners};

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

pub fn router(web: Web) -> Router {
    let studio = studio::router(web.clone());
    let functions = rpc::router(web.clone());
    let router = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::scrape))
        .route(
            "/d/{code}",
            get(display::page).layer(map_response(display::for_players)),
        )
        .route("/d/{code}/live", any(socket::upgrade))
        .route("/d/{code}/qr/{text}", get(display::qr))
        .route("/pkg/{*file}", get(assets::serve))
        .route("/player.html", get(assets::player))
        .fallback(not_found)
        .with_state(web)
        .merge(studio)
        .merge(functions);
    #[cfg(debug_assertions)]
    let router = router.merge(studio::parts()).merge(fit::router());
    router
}

async fn not_found() -> Response {
    let page = html(render::page::no_page(&assets::kiosk_urls().css));
    (StatusCode::NOT_FOUND, page).into_response()
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
             'unsafe-inline'; img-src 'self' data:; media-src data:; font-src 'self'; \
             connect-src 'self'; \
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
