//! The studio's bundles: each wakes what the server drew of one page. With the feature `studio` one
//! bundle wakes them all, which is quicker to build.

use leptos::mount::hydrate_body;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page, which knows its own name among `app::documents`.
#[wasm_bindgen]
pub fn wake(page: &str) {
    console_error_panic_hook::set_once();
    match page {
        #[cfg(feature = "events")]
        "events" => hydrate_body(app::documents::events),
        #[cfg(feature = "event")]
        "event" => hydrate_body(app::documents::event),
        #[cfg(feature = "roster")]
        "roster" => hydrate_body(app::documents::roster),
        #[cfg(feature = "timing")]
        "timing" => hydrate_body(app::documents::timing),
        #[cfg(feature = "displays")]
        "displays" => hydrate_body(app::documents::displays),
        #[cfg(all(feature = "studio", debug_assertions))]
        "parts" => hydrate_body(app::documents::parts),
        _ => panic!("this bundle has no page {page}"),
    }
}
