//! `/` of the demo, with its server function under `/rpc/`.

use super::{Web, assets};
use crate::overview;
use any_spawner::Executor;
use app::OverviewSource;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::header,
    routing::{get, post},
};
use leptos::prelude::provide_context;
use std::sync::Arc;

pub fn router(web: Web) -> Router {
    // Leptos renders on the runtime's threads. That it was told so before is no error.
    let _ = Executor::init_tokio();
    let page = {
        let web = web.clone();
        get(move |request: Request<Body>| {
            let source = source(web.clone(), &request);
            let render = leptos_axum::render_app_to_stream_with_context(
                move || provide_context(source.clone()),
                || app::shell(assets::studio_urls()),
            );
            render(request)
        })
    };
    let functions = post(move |request: Request<Body>| {
        let source = source(web.clone(), &request);
        leptos_axum::handle_server_fns_with_context(
            move || provide_context(source.clone()),
            request,
        )
    });
    Router::new()
        .route("/", page)
        .route("/rpc/{*name}", functions)
}

fn source(web: Web, request: &Request<Body>) -> OverviewSource {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.map(str::to_owned);
    OverviewSource(Arc::new(move || overview::of(&web, host.as_deref())))
}
