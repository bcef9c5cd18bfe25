//! `/d/{code}`: a display, drawn by the server with its present state.

use super::{Web, assets, html};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use model::DisplayCode;
use render::page::{Assets, DISPLAY_HEADER, PageState, busy_page, display_page, no_display_page};
use service::ServiceError;

/// Unknown, expired and foreign codes are all the same 404.
pub async fn page(State(web): State<Web>, code: Result<Path<String>, PathRejection>) -> Response {
    let Some(code) = code
        .ok()
        .and_then(|Path(code)| code.parse::<DisplayCode>().ok())
    else {
        return no_display();
    };
    let shown = match web.node.shown(&code).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return no_display(),
        Err(error) => return busy(&code, &error),
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

/// The database cannot say now whether there is such a display.
pub fn busy(code: &DisplayCode, error: &ServiceError) -> Response {
    tracing::warn!(?code, %error, "a display could not be looked up");
    let page = html(busy_page(&assets::kiosk_urls().css));
    (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
}

/// Said in a header too, for a screen that asks whether its display is over.
fn no_display() -> Response {
    let page = html(no_display_page(&assets::kiosk_urls().css));
    let mut response = (StatusCode::NOT_FOUND, page).into_response();
    let none = HeaderValue::from_static("none");
    response.headers_mut().insert(DISPLAY_HEADER, none);
    response
}
