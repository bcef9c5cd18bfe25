//! The document round the studio: what the server sends before any script runs.

use crate::App;
use leptos::prelude::*;

/// Addresses of the studio bundle and its style, as they go into `href`.
#[derive(Clone, Debug)]
pub struct Assets {
    pub css: String,
    pub js: String,
    pub wasm: String,
    pub icon: String,
}

/// The whole page. Needs an `OverviewSource` in context, and an executor that leptos knows of.
pub fn shell(assets: Assets) -> impl IntoView {
    let Assets {
        css,
        js,
        wasm,
        icon,
    } = assets;
    let start = format!("import start from {js:?};start({{module_or_path:{wasm:?}}});");
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>"Gantry"</title>
                <link rel="icon" href=icon/>
                <link rel="stylesheet" href=css/>
                <link rel="modulepreload" href=js/>
                <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href=wasm/>
                <script type="module">{start}</script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
