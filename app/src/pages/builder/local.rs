//! What the browser itself keeps: edits that the server does not have, and what was copied.
//!
//! The storage of the browser is the clipboard too: on plain http the system's is hidden, but for
//! the moment in which somebody presses its keys (`canvas`).

use super::keeping::Unsaved;
use model::TemplateId;

const CLIPBOARD: &str = "gantry-clipboard";

/// What a tab is called among those of a browser, also after a reload.
const TAB: &str = "gantry-tab";

/// Nothing: the server has all. False where the browser has no room for it, or keeps nothing.
pub fn keep(id: TemplateId, unsaved: Option<&Unsaved>) -> bool {
    let Some(storage) = storage() else {
        return unsaved.is_none();
    };
    let name = name_of(id);
    let Some(unsaved) = unsaved else {
        return storage.remove_item(&name).is_ok();
    };
    let Ok(bytes) = postcard::to_allocvec(unsaved) else {
        return false;
    };
    storage.set_item(&name, &text_of(&bytes)).is_ok()
}

/// What an earlier page of this tab could not send, or else that of one whose tab may be closed. It
/// is this tab's from now on.
pub fn kept(id: TemplateId) -> Option<Unsaved> {
    let storage = storage()?;
    let own = name_of(id);
    let names = (0..storage.length().ok()?).filter_map(|index| storage.key(index).ok().flatten());
    let others = names.filter(|name| name.starts_with(&begin_of(id)));
    let name = Some(own.clone())
        .filter(|own| storage.get_item(own).is_ok_and(|kept| kept.is_some()))
        .or_else(|| others.min())?;
    let text = storage.get_item(&name).ok()??;
    if name != own && storage.set_item(&own, &text).is_ok() {
        let _ = storage.remove_item(&name);
    }
    postcard::from_bytes(&bytes_of(&text)?).ok()
}

pub fn copy(text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(CLIPBOARD, text).is_ok())
}

/// What was copied last, here or in another tab.
pub fn copied() -> String {
    let text = storage().and_then(|storage| storage.get_item(CLIPBOARD).ok().flatten());
    text.unwrap_or_default()
}

fn begin_of(id: TemplateId) -> String {
    format!("gantry-unsaved-{id}")
}

/// Each tab keeps its own: one that saves must not take away what another could not.
fn name_of(id: TemplateId) -> String {
    [&*begin_of(id), "-", &*tab()].concat()
}

fn tab() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        let storage = leptos::prelude::window().session_storage().ok().flatten();
        let known = storage
            .as_ref()
            .and_then(|of| of.get_item(TAB).ok().flatten());
        let name = known.unwrap_or_else(|| crate::browser::now_us().to_string());
        if let Some(storage) = storage {
            let _ = storage.set_item(TAB, &name);
        }
        name
    }
    #[cfg(not(target_arch = "wasm32"))]
    TAB.to_owned()
}

fn storage() -> Option<web_sys::Storage> {
    #[cfg(target_arch = "wasm32")]
    return leptos::prelude::window().local_storage().ok().flatten();
    #[cfg(not(target_arch = "wasm32"))]
    None
}

/// A storage keeps texts. Each byte is a sign of its own number, as Latin-1 has them.
fn text_of(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|sign| u8::try_from(sign).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_as_text() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes_of(&text_of(&bytes)), Some(bytes));
        assert_eq!(bytes_of("€"), None);
    }
}
