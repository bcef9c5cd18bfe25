//! `/metrics`: for Prometheus. Counts of the whole server, and nothing of any partner.

use super::Web;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

pub async fn scrape(State(web): State<Web>) -> Response {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let backups = web.backups.as_ref().map(|backups| backups.report());
    let text = web.node.metrics(backups);
    ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response()
}
