//! What the builder and its windows say to each other. They are two bundles, each with a memory of
//! its own: all of it goes as bytes, through events of the browser's window.

use crate::rpc::builder::Sample;
use editor::Panel;
use leptos::prelude::*;
use model::Document;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// From the builder to its windows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tell {
    Open(Panel),
    /// Whenever it is another, and before each `Open`.
    Draft(Draft),
    /// The answer to `Ask::Save`: the revision of the draft with all that was made, or why the
    /// server does not have it.
    Saved(Result<u64, String>),
}

/// From a window to the builder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// There is somebody to be told.
    Ready,
    /// What is being made is to be settled, and sent.
    Save,
    /// As one step, which `said` tells of.
    Replace { document: Document, said: String },
    /// Where something is, with it in the hand; without an id, the scene alone.
    Show {
        layout: usize,
        scene: String,
        element: String,
    },
    /// What a screen shows, to try the template with.
    Try(Box<Sample>),
    /// Something that was done, as a toast.
    Say(String),
    /// Something that failed, as one that stays.
    Complain(String),
}

/// What is worked on, as the server has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub revision: u64,
    /// What the canvas shows.
    pub scene: String,
    pub canvas: Option<(u32, u32)>,
}

/// The page's script brings the windows' bundle when it hears this (`shell`).
const BRING: &str = "gantry-windows";
/// What it says where they do not come.
const MISSING: &str = "gantry-no-windows";
const TELL: &str = "gantry-tell";
const ASK: &str = "gantry-ask";

pub fn tell(message: &Tell) {
    say(TELL, message);
}

pub fn ask(message: &Ask) {
    say(ASK, message);
}

pub fn on_tell(work: impl Fn(Tell) + 'static) {
    listen(TELL, work);
}

pub fn on_ask(work: impl Fn(Ask) + 'static) {
    listen(ASK, work);
}

/// `missing` is called each time that their bundle does not come.
pub fn on_missing(missing: impl Fn() + 'static) {
    let heard = window_event_listener_untyped(MISSING, move |_| missing());
    on_cleanup(move || heard.remove());
}

/// Has the windows' bundle brought.
pub fn bring() {
    dispatch(BRING, &[]);
}

fn say(name: &str, message: &impl Serialize) {
    // Nothing in a message is of a kind that has no bytes.
    if let Ok(bytes) = postcard::to_allocvec(message) {
        dispatch(name, &bytes);
    }
}

fn listen<T: DeserializeOwned>(name: &str, work: impl Fn(T) + 'static) {
    let heard = window_event_listener_untyped(name, move |event| {
        // Whatever else in the page says the same name, says nothing that is one of ours.
        if let Some(message) = heard_in(&event).and_then(|it| postcard::from_bytes(&it).ok()) {
            work(message);
        }
    });
    on_cleanup(move || heard.remove());
}

fn dispatch(name: &str, bytes: &[u8]) {
    #[cfg(target_arch = "wasm32")]
    {
        let init = web_sys::CustomEventInit::new();
        init.set_detail(&js_sys::Uint8Array::from(bytes));
        if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict(name, &init) {
            // It fails only for an event that is under way already.
            let _ = window().dispatch_event(&event);
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (name, bytes);
}

fn heard_in(event: &web_sys::Event) -> Option<Vec<u8>> {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let event: &web_sys::CustomEvent = event.dyn_ref()?;
        let bytes: js_sys::Uint8Array = event.detail().dyn_into().ok()?;
        Some(bytes.to_vec())
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = event;
        None
    }
}
