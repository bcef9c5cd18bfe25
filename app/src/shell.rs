//! The document round the studio: what the server sends before any script runs.

use crate::parts::{BEFORE_PAINT, SPRITE};
use leptos::{nonce::use_nonce, prelude::*};

/// The look, and what wakes a page.
#[derive(Clone, Debug)]
pub struct Assets {
    pub styles: Styles,
    pub bundle: Bundle,
    /// The builder's windows, which it has brought when the first of them is opened.
    pub windows: Option<Bundle>,
}

/// The addresses of a script and of its wasm.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub js: String,
    pub wasm: String,
}

/// Addresses of the studio's look, as they go into `href`.
#[derive(Clone, Debug)]
pub struct Styles {
    /// In the order of `STYLES`.
    pub css: Vec<String>,
    pub icon: String,
}

/// The style sheets of the studio, by their names in `style/`.
pub const STYLES: [&str; 13] = [
    "studio.css",
    "parts.css",
    "tables.css",
    "frame.css",
    "pages.css",
    "displays.css",
    "timing.css",
    "roster.css",
    "inspector.css",
    "builder.css",
    "versions.css",
    "check.css",
    "sessions.css",
];

/// One of the `documents`, whole. `name` is its name there. Needs a `Visitor` in context, and an
/// executor that leptos knows of.
pub fn shell(assets: Assets, name: &str, page: fn() -> AnyView) -> impl IntoView {
    let Assets {
        styles,
        bundle,
        windows,
    } = assets;
    let Styles { css, icon } = styles;
    let Bundle { js, wasm } = bundle;
    let mut start = format!(
        "import start,{{wake}} from {js:?};start({{module_or_path:{wasm:?}}}).then(()=>wake({name:?}));"
    );
    if let Some(Bundle { js, wasm }) = windows {
        start += &format!(
            "addEventListener(\"gantry-windows\",()=>import({js:?})\
             .then(async it=>{{await it.default({{module_or_path:{wasm:?}}});it.wake(\"windows\")}})\
             .catch(()=>dispatchEvent(new Event(\"gantry-no-windows\"))));"
        );
    }
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>"Gantry"</title>
                <link rel="icon" href=icon/>
                {css.into_iter().map(|css| view! { <link rel="stylesheet" href=css/> }).collect_view()}
                <script nonce=use_nonce()>{BEFORE_PAINT}</script>
                <link rel="modulepreload" href=js/>
                <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href=wasm/>
                <script type="module" nonce=use_nonce()>{start}</script>
            </head>
            <body>
                {page()}
                // After the page, which looks for itself at the start of the body.
                <div class="sprite" inner_html=SPRITE></div>
            </body>
        </html>
    }
}

/// A page that needs no script.
pub fn entrance<V: IntoView>(styles: Styles, page: impl FnOnce() -> V) -> impl IntoView {
    let Styles { css, icon } = styles;
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>"Gantry"</title>
                <link rel="icon" href=icon/>
                {css.into_iter().map(|css| view! { <link rel="stylesheet" href=css/> }).collect_view()}
                <script nonce=use_nonce()>{BEFORE_PAINT}</script>
            </head>
            <body>
                {page()}
            </body>
        </html>
    }
}
