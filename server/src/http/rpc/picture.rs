//! Pictures for templates. Guarded as server functions are.

use super::{logged_in, refused, unkept};
use crate::http::Web;
use axum::{
    Router,
    body::to_bytes,
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse, Response},
    routing::post,
};
use service::{ServiceError, limits, picture::for_template};
use std::net::SocketAddr;
use tokio::sync::Semaphore;

/// Pictures that are read at the same time: each may take a core and a quarter of a gigabyte. The
/// others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(1);

pub fn router(web: Web) -> Router {
    Router::new()
        .route("/rpc/picture", post(upload))
        .with_state(web)
}

/// The file is the body as it is. Answers with the address that stands for it in a template.
async fn upload(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    if let Err(refusal) = logged_in(&web, peer, request.uri(), request.headers()).await {
        return refusal;
    }
    let Ok(file) = to_bytes(request.into_body(), limits::PICTURE_FILE_BYTES_MAX).await else {
        let mb = limits::PICTURE_FILE_BYTES_MAX / 1024 / 1024;
        let problem = format!("it has more than {mb} MB; use a smaller one");
        return refused(&ServiceError::invalid("picture", problem).into());
    };
    let turn = AT_ONCE.acquire().await;
    let made = tokio::task::spawn_blocking(move || for_template(&file)).await;
    drop(turn);
    match made {
        Ok(Ok(address)) => unkept(address.into_response()),
        Ok(Err(error)) => refused(&error.into()),
        Err(error) => {
            tracing::error!(%error, "a picture could not be read");
            let problem = "it is damaged or no picture; open it elsewhere and save it anew";
            refused(&ServiceError::invalid("picture", problem).into())
        }
    }
}
