//! Pages of the studio: whom they are shown to, and the headers round them.

use super::{Web, assets, canvas, qr, visitor};
use crate::limits;
use app::{
    Styles,
    documents::{self, NoPage},
    pages::{LoginPage, SetupPage},
    rpc::Visitor,
};
use axum::{
    Extension, Router,
    extract::{ConnectInfo, Query, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get},
};
use leptos::{
    IntoView,
    nonce::use_nonce,
    prelude::{AnyView, ServerActionError, expect_context, provide_context},
    view,
};
use leptos_axum::ResponseOptions;
use serde::Deserialize;
use service::ServiceError;
use std::net::SocketAddr;

/// All pages of the studio, and the two for somebody who is not logged in, below one guard.
pub fn router(web: Web) -> Router {
    Router::new()
        .route(
            "/login",
            get(|visitor, form, request| entrance(visitor, form, request, login)),
        )
        .route(
            "/setup",
            get(|visitor, form, request| entrance(visitor, form, request, setup)),
        )
        .route("/", page("events", documents::events))
        .route("/events/{event}", page("event", documents::event))
        .route("/events/{event}/roster", page("roster", documents::roster))
        .route("/events/{event}/timing", page("timing", documents::timing))
        .route(
            "/events/{event}/displays",
            page("displays", documents::displays),
        )
        .route(
            "/events/{event}/templates",
            page("templates", documents::templates),
        )
        .route(
            "/events/{event}/templates/{template}",
            page("builder", documents::builder),
        )
        .route("/canvas", get(canvas::page))
        .route("/canvas/qr/{text}", get(canvas::qr))
        .route(
            "/canvas/picture/{template}",
            get(canvas::picture).with_state(web.clone()),
        )
        .route("/events/{event}/{page}", get(no_page))
        .route("/qr/{code}", get(qr::serve))
        .layer(middleware::from_fn_with_state(web, guard))
}

/// The components of the studio, shown together: for developers, and there is nobody's data.
#[cfg(debug_assertions)]
pub fn parts() -> Router {
    let show = async |request: Request| {
        let shell = || app::shell(assets::studio_urls("parts"), "parts", documents::parts);
        let render = leptos_axum::render_app_to_stream_in_order_with_context(set_headers, shell);
        made_whole(render(request)).await
    };
    Router::new().route("/dev/parts", get(show))
}

/// One of the app's documents. All of it can be read before any script runs.
fn page(name: &'static str, document: fn() -> AnyView) -> MethodRouter {
    get(
        async move |Extension(visitor): Extension<Visitor>, request: Request| {
            let context = move || {
                provide_context(visitor.clone());
                set_headers();
            };
            let shell = move || app::shell(assets::studio_urls(name), name, document);
            let render = leptos_axum::render_app_to_stream_in_order_with_context(context, shell);
            made_whole(render(request)).await
        },
    )
}

async fn no_page(request: Request) -> Response {
    let page = || app::entrance(assets::style_urls(), || view! { <NoPage/> });
    let render = leptos_axum::render_app_to_stream_with_context(set_headers, page);
    let mut page = made_whole(render(request)).await;
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

/// A page is made to its end, whoever waits for it: what leptos makes for somebody who has gone
/// would go on without what it needs. One that cannot be made is told as such, and not broken off.
async fn made_whole(page: impl Future<Output = Response> + Send + 'static) -> Response {
    let made = tokio::spawn(async move {
        let (head, body) = page.await.into_parts();
        let body = axum::body::to_bytes(body, limits::PAGE_BYTES_MAX).await?;
        Ok::<_, axum::Error>(Response::from_parts(head, body.into()))
    });
    match made.await {
        Ok(Ok(page)) => return page,
        Ok(Err(error)) => tracing::error!(%error, "a page cannot be made"),
        Err(error) => tracing::error!(%error, "a page cannot be made"),
    }
    let text = "This page cannot be made now. Load it again; what is wrong is in the log.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

fn login(assets: Styles) -> impl IntoView {
    app::entrance(assets, || view! { <LoginPage/> })
}

fn setup(assets: Styles) -> impl IntoView {
    app::entrance(assets, || view! { <SetupPage/> })
}

/// Where whoever may not see a page is sent instead.
fn elsewhere(path: &str, is_set_up: bool, is_logged_in: bool) -> Option<&'static str> {
    match (path, is_set_up, is_logged_in) {
        ("/setup", false, _) | ("/login", true, false) => None,
        (_, false, _) => Some("/setup"),
        (_, true, false) => Some("/login"),
        ("/login" | "/setup", true, true) => Some("/"),
        (_, true, true) => None,
    }
}

/// Before every page of the studio: nobody sees one who is not logged in, and while nobody can log
/// in, all lead to the set-up. The `Visitor` is then in the request's extensions.
pub async fn guard(
    State(web): State<Web>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = match visitor::of(&web, peer, request.headers()).await {
        Ok(visitor) => visitor,
        Err(error) => return unavailable(&error),
    };
    let is_set_up = match web.node.accounts.is_set_up().await {
        Ok(is_set_up) => is_set_up,
        Err(error) => return unavailable(&error),
    };
    let path = request.uri().path();
    if let Some(other) = elsewhere(path, is_set_up, visitor.caller.is_some()) {
        return Redirect::to(other).into_response();
    }
    let fetched = visitor::fetch_site(request.headers());
    if has_form_error(request.uri()) && fetched.is_some_and(|site| site != "same-origin") {
        return Redirect::to(path).into_response();
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

fn unavailable(error: &ServiceError) -> Response {
    tracing::warn!(%error, "a page could not be shown");
    let text = "The server's database does not answer. Try again in a moment.\n";
    (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
}

/// What leptos puts into the address when a plain form was refused. A link from elsewhere could
/// have any words in it, so only our own forms are let through.
#[derive(Clone, Debug, Deserialize)]
struct FormError {
    #[serde(rename = "__path")]
    path: Option<String>,
    #[serde(rename = "__err")]
    error: Option<String>,
}

fn has_form_error(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.contains("__err"))
}

async fn entrance<V: IntoView + 'static>(
    Extension(visitor): Extension<Visitor>,
    Query(form): Query<FormError>,
    request: Request,
    page: fn(Styles) -> V,
) -> Response {
    let context = move || {
        provide_context(visitor.clone());
        if let (Some(path), Some(error)) = (&form.path, &form.error) {
            provide_context(ServerActionError::new(path, error));
        }
        set_headers();
    };
    let render =
        leptos_axum::render_app_to_stream_with_context(context, move || page(assets::style_urls()));
    made_whole(render(request)).await
}

/// For every page that leptos renders: called where its context is made. Only scripts with the
/// page's nonce run, and only ours. The address of a page stays with us, as a form that was refused
/// leads back to it.
pub fn set_headers() {
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data:; \
         font-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; \
         form-action 'self'; base-uri 'none'"
    );
    let response = expect_context::<ResponseOptions>();
    let set = |name: HeaderName, value: &str| {
        let value = HeaderValue::from_str(value).expect("our own words and a nonce's signs");
        response.insert_header(name, value);
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_not_see_a_page_is_sent_elsewhere() {
        let check = |path: &str, is_set_up: bool, is_logged_in: bool, to: Option<&str>| {
            assert_eq!(elsewhere(path, is_set_up, is_logged_in), to, "{path}");
        };
        for path in ["/", "/login", "/events/1"] {
            check(path, false, false, Some("/setup"));
        }
        check("/setup", false, false, None);
        check("/", true, false, Some("/login"));
        check("/events/1", true, false, Some("/login"));
        check("/setup", true, false, Some("/login"));
        check("/login", true, false, None);
        check("/", true, true, None);
        check("/events/1", true, true, None);
        check("/login", true, true, Some("/"));
        check("/setup", true, true, Some("/"));
    }
}
