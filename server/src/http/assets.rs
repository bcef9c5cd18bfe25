//! Bundles and style sheets under `/pkg/`: hashed names, immutable, compressed beforehand.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

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
        fonts_css: url(&manifest, "fonts.css"),
        advances: url(&manifest, "advances.txt"),
        js: url(&manifest, "kiosk.js"),
        wasm: url(&manifest, "kiosk.wasm"),
    }
}

/// What the pages of displays come with: another build has another hash in the name of its wasm.
/// A server that runs on while its files are built anew still says what it began with.
pub fn software() -> Arc<str> {
    static SOFTWARE: LazyLock<Arc<str>> = LazyLock::new(|| kiosk_urls().wasm.into());
    Arc::clone(&SOFTWARE)
}

/// Addresses of what wakes a page: its own bundle in a release, and else the one of all pages.
pub fn studio_urls(page: &str) -> app::Assets {
    let manifest = manifest();
    let bundle = |name: &str| {
        let has_own = manifest.contains_key(&format!("{name}.js"));
        let name = if has_own { name } else { "studio" };
        app::Bundle {
            js: url(&manifest, &format!("{name}.js")),
            wasm: url(&manifest, &format!("{name}.wasm")),
        }
    };
    app::Assets {
        styles: styles_in(&manifest),
        bundle: bundle(page),
        windows: (page == "builder").then(|| bundle("windows")),
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

/// The address of one asset.
#[cfg(debug_assertions)]
pub fn pkg_url(name: &str) -> String {
    url(&manifest(), name)
}

fn url(manifest: &BTreeMap<String, String>, name: &str) -> String {
    format!(
        "/pkg/{}",
        manifest.get(name).map_or(name, |hashed| hashed.as_str())
    )
}

pub struct KioskUrls {
    pub css: String,
    pub fonts_css: String,
    pub advances: String,
    pub js: String,
    pub wasm: String,
}

impl KioskUrls {
    pub fn assets(&self) -> render::page::Assets<'_> {
        render::page::Assets {
            css: &self.css,
            fonts_css: &self.fonts_css,
            advances: &self.advances,
            js: &self.js,
            wasm: &self.wasm,
        }
    }
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

/// The stand-alone player: a file to keep, and no page of this server.
pub async fn player() -> Response {
    let Some(file) = Site::get("player.html") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let keep = HeaderValue::from_static("attachment; filename=\"gantry-player.html\"");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, keep),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, file.data.into_owned()).into_response()
}

fn response(name: &str, file: EmbeddedFile, coding: Option<&'static str>) -> Response {
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff") => "font/woff",
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
