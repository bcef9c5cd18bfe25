//! `/rpc/…`: server functions. Looked at before one of them is run: that a page of ours asks, and
//! that somebody is logged in.

use super::{Web, visitor};
use any_spawner::Executor;
use app::rpc::{RpcError, Visitor};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use leptos::{
    prelude::{FromServerFnError, provide_context},
    server_fn::{self, ContentType, codec::PostcardEncoding, error::SERVER_FN_ERROR_HEADER},
};
use service::Caller;
use std::net::SocketAddr;

mod picture;
mod roster;
#[cfg(test)]
mod tests;

/// Those that are there for somebody who is not logged in.
const OPEN: [&str; 3] = ["/rpc/log-in", "/rpc/set-up", "/rpc/whoami"];

/// Bytes of an answer that says no. More than its longest text takes.
const ERROR_BYTES_MAX: usize = 64 * 1024;

pub fn router(web: Web) -> Router {
    // Leptos works on the runtime's threads. That it was told so before is no error.
    let _ = Executor::init_tokio();
    let of_call = web.clone();
    let call = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request| {
        call(of_call.clone(), peer, request)
    };
    Router::new()
        .route("/rpc/{*name}", post(call))
        .merge(picture::router(web.clone()))
        .merge(roster::router(web))
}

/// Who asks, if they may: a page of ours sent it, and they are logged in where the path needs it.
async fn admitted(
    web: &Web,
    peer: SocketAddr,
    path: &str,
    headers: &HeaderMap,
) -> Result<Visitor, Response> {
    if !visitor::is_from_our_page(web.base_url.as_deref(), headers) {
        let problem = "this was not sent by a page of this server; open the page here and try \
                       again (behind a proxy, hand on the Host header or set GANTRY_BASE_URL)";
        return Err(refused(&RpcError::Forbidden {
            problem: problem.to_owned(),
        }));
    }
    let visitor = match visitor::of(web, peer, headers).await {
        Ok(visitor) => visitor,
        Err(error) => return Err(refused(&error.into())),
    };
    if visitor.caller.is_none() && !OPEN.contains(&path) {
        return Err(match wants_page(headers) {
            true => Redirect::to("/login").into_response(),
            false => refused(&RpcError::LoggedOut),
        });
    }
    Ok(visitor)
}

/// Who asks, on a page of ours and with a login.
async fn logged_in(
    web: &Web,
    peer: SocketAddr,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Caller, Response> {
    let visitor = admitted(web, peer, uri.path(), headers).await?;
    visitor.caller.ok_or_else(|| refused(&RpcError::LoggedOut))
}

async fn call(web: Web, peer: SocketAddr, request: Request) -> Response {
    let path = request.uri().path();
    let visitor = match admitted(&web, peer, path, request.headers()).await {
        Ok(visitor) => visitor,
        Err(refusal) => return refusal,
    };
    let method = request.method().clone();
    if server_fn::axum::get_server_fn_service(path, method).is_none() {
        let problem = format!("there is no {path} here; load the page again");
        return refused(&RpcError::NotFound { problem });
    }
    let context = move || provide_context(visitor.clone());
    let answer = leptos_axum::handle_server_fns_with_context(context, request).await;
    with_its_status(answer.into_response()).await
}

/// Whether a plain form asks, as one does before any script runs.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn refused(error: &RpcError) -> Response {
    let status = StatusCode::from_u16(error.status()).expect("a status that HTTP knows");
    let mut response = (status, Body::from(error.ser())).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static(PostcardEncoding::CONTENT_TYPE);
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(SERVER_FN_ERROR_HEADER, HeaderValue::from_static("/rpc"));
    unkept(response)
}

/// Leptos answers every error with 500; machines and logs are told which it is.
async fn with_its_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return unkept(response);
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, ERROR_BYTES_MAX).await.unwrap_or_default();
    if let Ok(error) = postcard::from_bytes::<RpcError>(&body)
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        parts.status = status;
    }
    unkept(Response::from_parts(parts, Body::from(body)))
}

/// What one person was answered is nobody else's, in whatever cache.
fn unkept(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
