//! Roster files up, and the rows of them that were rejected down. Guarded as server functions are.

use super::{logged_in, refused, unkept};
use crate::http::Web;
use axum::{
    Json, Router,
    body::to_bytes,
    extract::{ConnectInfo, Query, Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::post,
};
use model::EventId;
use serde::Deserialize;
use service::{
    ServiceError, limits,
    roster::{FileError, FileKind, UploadId},
};
use std::net::SocketAddr;

pub fn router(web: Web) -> Router {
    Router::new()
        .route("/rpc/upload-roster", post(upload))
        .route("/rpc/rejected-rows", post(rejected))
        .with_state(web)
}

#[derive(Deserialize)]
struct Upload {
    event: EventId,
    /// Bibs and chips alone.
    #[serde(default)]
    chips: bool,
}

/// The file is the body as it is. Answers with what it is called from then on.
async fn upload(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(Upload { event, chips }): Query<Upload>,
    request: Request,
) -> Response {
    let caller = match logged_in(&web, peer, request.uri(), request.headers()).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    if let Err(error) = web.node.may_upload(&caller, event).await {
        return refused(&error.into());
    }
    let bytes_max = usize::try_from(limits::ROSTER_BYTES_MAX).unwrap_or(usize::MAX);
    let Ok(bytes) = to_bytes(request.into_body(), bytes_max).await else {
        return refused(&ServiceError::from(FileError::TooLarge).into());
    };
    let kind = if chips {
        FileKind::Chips
    } else {
        FileKind::Roster
    };
    match web.node.upload(&caller, event, kind, bytes.into()).await {
        Ok(UploadId(id)) => unkept(Json(id).into_response()),
        Err(error) => refused(&error.into()),
    }
}

#[derive(Deserialize)]
struct Uploaded {
    event: EventId,
    upload: u64,
}

async fn rejected(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(Uploaded { event, upload }): Query<Uploaded>,
    request: Request,
) -> Response {
    let caller = match logged_in(&web, peer, request.uri(), request.headers()).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal,
    };
    let rows = web
        .node
        .rejected_rows(&caller, event, UploadId(upload))
        .await;
    let file = match rows {
        Ok(file) => file,
        Err(error) => return refused(&error.into()),
    };
    let mut response = file.into_response();
    let headers = response.headers_mut();
    let csv = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, csv);
    let name = HeaderValue::from_static("attachment; filename=\"rejected-rows.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    unkept(response)
}
