//! The studio's bundles: each wakes what the server drew of one page, or draws the page by itself.
//! With the feature `studio` one bundle has them all, which is quicker to build.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page, which knows its own name among `app::documents`.
#[wasm_bindgen]
pub fn wake(page: &str) {
    console_error_panic_hook::set_once();
    match page {
        #[cfg(feature = "events")]
        "events" => hydrate(app::documents::events),
        #[cfg(feature = "event")]
        "event" => hydrate(app::documents::event),
        #[cfg(feature = "roster")]
        "roster" => hydrate(app::documents::roster),
        #[cfg(feature = "timing")]
        "timing" => hydrate(app::documents::timing),
        #[cfg(feature = "displays")]
        "displays" => hydrate(app::documents::displays),
        #[cfg(feature = "templates")]
        "templates" => hydrate(app::documents::templates),
        #[cfg(feature = "builder")]
        "builder" => draw(app::documents::builder),
        #[cfg(feature = "windows")]
        "windows" => beside(app::documents::windows),
        #[cfg(all(feature = "studio", debug_assertions))]
        "parts" => hydrate(app::documents::parts),
        _ => panic!("this bundle has no page {page}"),
    }
}

#[cfg(feature = "hydrate")]
fn hydrate(page: fn() -> leptos::prelude::AnyView) {
    leptos::mount::hydrate_body(page);
}

/// In the place that the builder has for it.
#[cfg(feature = "windows")]
fn beside(windows: fn() -> leptos::prelude::AnyView) {
    use wasm_bindgen::JsCast;
    let place = leptos::prelude::document().query_selector(".builder-windows");
    let place = place.ok().flatten();
    let place = place.and_then(|place| place.dyn_into().ok());
    if let Some(place) = place {
        leptos::mount::mount_to(place, windows).forget();
    }
}

/// In place of what the server drew of it, which stands first in the document's body.
#[cfg(feature = "builder")]
fn draw(page: fn() -> leptos::prelude::AnyView) {
    let drawn = leptos::prelude::document()
        .body()
        .and_then(|body| body.first_element_child());
    leptos::mount::mount_to_body(page);
    if let Some(drawn) = drawn {
        drawn.remove();
    }
}
