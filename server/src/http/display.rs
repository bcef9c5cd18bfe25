//! `/d/{code}`: a display, drawn by the server with its present state.

use super::{Web, assets, html, qr};
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::DisplayCode;
use render::page::{DISPLAY_HEADER, PageState, busy_page, display_page, no_display_page};
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
        template: shown.design.pin,
        document: shown.design.packed.clone(),
        state: shown.state.clone(),
        received_at_us: shown.received_at.0,
        sent_at_us: web.node.clock.now().0,
        software: assets::software().to_string(),
    };
    let urls = assets::kiosk_urls();
    html(display_page(&page, &shown.design.document, urls.assets()))
}

/// `/d/{code}/qr/{text}`: the picture of a QR code of the display's template.
pub async fn qr(
    State(web): State<Web>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    let Some((code, text)) = path
        .ok()
        .and_then(|Path((code, text))| Some((code.parse::<DisplayCode>().ok()?, text)))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match web.node.shown(&code).await {
        Ok(Some(_)) => qr::shown(&text),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => busy(&code, &error),
    }
}

/// A stand-alone player asks from elsewhere whether a display is there, which everybody may know
/// who has its code.
pub async fn for_players(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let all = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, all);
    let read = HeaderValue::from_static(DISPLAY_HEADER);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, read);
    response
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
