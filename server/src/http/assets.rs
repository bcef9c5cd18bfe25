//! Bundles and style sheets under `/pkg/`: hashed names, immutable, compressed beforehand.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::{borrow::Cow, collections::BTreeMap};

/// What `cargo xtask build` made: embedded in a release, read from disk in a debug build.
#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// The hashed name of each asset by its plain one, such as `kiosk.js`.
pub fn manifest() -> BTreeMap<String, String> {
    let Some(file) = Site::get("manifest.json") else {
        return BTreeMap::new();
    };
    serde_json::from_slice(&file.data).unwrap_or_default()
}

/// Addresses of the kiosk bundle. Before the bundles are built they lead nowhere, and a display
/// shows the state it was opened with.
pub fn kiosk_urls() -> KioskUrls {
    let manifest = manifest();
    KioskUrls {
        css: url(&manifest, "kiosk.css"),
        js: url(&manifest, "kiosk.js"),
        wasm: url(&manifest, "kiosk.wasm"),
    }
}

/// Addresses of what wakes a page: its own bundle in a release, and else the one of all pages.
pub fn studio_urls(page: &str) -> app::Assets {
    let manifest = manifest();
    let has_own = manifest.contains_key(&format!("{page}.js"));
    let bundle = if has_own { page } else { "studio" };
    app::Assets {
        styles: styles_in(&manifest),
        js: url(&manifest, &format!("{bundle}.js")),
        wasm: url(&manifest, &format!("{bundle}.wasm")),
    }
}

pub fn style_urls() -> app::Styles {
    styles_in(&manifest())
}

fn styles_in(manifest: &BTreeMap<String, String>) -> app::Styles {
    app::Styles {
        css: app::STYLES.map(|name| url(manifest, name)).to_vec(),
        icon: url(manifest, "icon.svg"),
    }
}

fn url(manifest: &BTreeMap<String, String>, name: &str) -> String {
    format!(
        "/pkg/{}",
        manifest.get(name).map_or(name, |hashed| hashed.as_str())
    )
}

pub struct KioskUrls {
    pub css: String,
    pub js: String,
    pub wasm: String,
}

pub async fn serve(Path(name): Path<String>, request: HeaderMap) -> Response {
    let accepted = request
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let accepts = |coding: &str| {
        accepted.split(',').any(|part| {
            let mut parts = part.split(';').map(str::trim);
            parts.next() == Some(coding) && !parts.any(|weight| weight == "q=0")
        })
    };
    for (coding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(coding)
            && let Some(file) = Site::get(&format!("pkg/{name}{ending}"))
        {
            return response(&name, file, Some(coding));
        }
    }
    match Site::get(&format!("pkg/{name}")) {
        Some(file) => response(&name, file, None),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn response(name: &str, file: EmbeddedFile, coding: Option<&'static str>) -> Response {
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let body = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}
