//! The address of the page, which says what it is about.

use model::{EventId, TemplateId};

/// Where the page is, without the host: `/events/{event}/roster`.
pub fn path() -> String {
    #[cfg(feature = "ssr")]
    {
        let request = leptos::prelude::use_context::<http::request::Parts>();
        request.map_or_else(String::new, |request| request.uri.path().to_owned())
    }
    #[cfg(not(feature = "ssr"))]
    leptos::prelude::location().pathname().unwrap_or_default()
}

/// The event that the page is about, in `/events/{event}/…`.
pub fn event() -> Option<EventId> {
    event_in(&path())
}

/// The template that the page is about, in `/events/{event}/templates/{template}`.
pub fn template() -> Option<TemplateId> {
    path().split('/').nth(4)?.parse().ok()
}

/// Whether it is about a template, be there one or not.
pub fn is_of_template() -> bool {
    path().split('/').nth(4).is_some()
}

fn event_in(path: &str) -> Option<EventId> {
    let below = path.strip_prefix("/events/")?;
    below.split('/').next()?.parse().ok()
}

/// Loads another page.
pub fn go_to(address: &str) {
    // It fails only in a page that is going away.
    let _ = leptos::prelude::location().set_href(address);
}

/// The template in `/events/{event}/displays?template={template}`, in the browser.
pub fn asked_template() -> Option<TemplateId> {
    let asked = leptos::prelude::location().search().ok()?;
    asked.strip_prefix("?template=")?.parse().ok()
}

/// Takes what follows `?` or `#` off the address, without a step in the history.
pub fn forget_asked() {
    // It fails only in a page that is going away.
    if let Ok(history) = leptos::prelude::window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_is_the_second_part() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let check = |path: String, found: bool| {
            let event = event_in(&path).map(|event| event.to_string());
            assert_eq!(event.as_deref(), found.then_some(id), "{path}");
        };
        check(format!("/events/{id}"), true);
        check(format!("/events/{id}/"), true);
        check(format!("/events/{id}/timing"), true);
        check(format!("/{id}"), false);
        check("/events/".to_owned(), false);
        check("/events/7/timing".to_owned(), false);
        check("/".to_owned(), false);
    }
}
