//! `/d/{code}`: a display, drawn by the server with its present state.

use super::{Web, assets, html, not_found};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use model::DisplayCode;
use render::page::{Assets, PageState, display_page};

/// Unknown, expired and foreign codes are all the same 404.
pub async fn page(State(web): State<Web>, code: Result<Path<String>, PathRejection>) -> Response {
    let Some(code) = code
        .ok()
        .and_then(|Path(code)| code.parse::<DisplayCode>().ok())
    else {
        return not_found().await;
    };
    let Some(shown) = web.node.shown(&code).await else {
        return not_found().await;
    };
    let page = PageState {
        code,
        epoch: shown.epoch,
        seq: shown.seq,
        template: shown.template,
        state: shown.state.clone(),
        received_at_us: shown.received_at.0,
    };
    let urls = assets::kiosk_urls();
    html(display_page(
        &page,
        Assets {
            css: &urls.css,
            js: &urls.js,
            wasm: &urls.wasm,
        },
    ))
}
