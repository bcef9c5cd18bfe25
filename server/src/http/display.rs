//! `/d/{code}`: a display, drawn by the server with its present state.

use super::{Web, assets, html, not_found};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::HeaderValue,
    response::Response,
};
use model::DisplayCode;
use render::page::{Assets, DISPLAY_HEADER, PageState, display_page};

/// Unknown, expired and foreign codes are all the same 404.
pub async fn page(State(web): State<Web>, code: Result<Path<String>, PathRejection>) -> Response {
    let Some(code) = code
        .ok()
        .and_then(|Path(code)| code.parse::<DisplayCode>().ok())
    else {
        return no_display().await;
    };
    let Some(shown) = web.node.shown(&code).await else {
        return no_display().await;
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

/// Said in a header too, for a screen that asks whether its display is over.
async fn no_display() -> Response {
    let mut response = not_found().await;
    let none = HeaderValue::from_static("none");
    response.headers_mut().insert(DISPLAY_HEADER, none);
    response
}
