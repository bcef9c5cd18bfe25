//! What only a browser knows. On the server each gives nothing, and no first frame asks for it.

use crate::rpc::RpcError;
#[cfg(target_arch = "wasm32")]
use leptos::prelude::FromServerFnError;
use leptos::prelude::{Effect, StoredValue};
use wasm_bindgen::{JsCast, closure::Closure};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_futures::JsFuture;

/// Does something now and whenever what it reads alters. Behind a pointer: each closure that an
/// effect is made of by itself brings its own copy of the code.
pub fn effect(work: impl FnMut() + 'static) {
    let work: Box<dyn FnMut()> = Box::new(work);
    Effect::new(work);
}

/// Hears what happens at an element, until whatever asked is gone. Where a page hears much of one
/// element: each `on:` in a view brings its own copy of the code of all attributes.
pub fn listen<E: JsCast + 'static>(
    at: &web_sys::Element,
    event: &'static str,
    mut hear: impl FnMut(E) + 'static,
) {
    let hear = Box::new(move |event: web_sys::Event| hear(event.unchecked_into()));
    listen_boxed(at.clone(), event, hear);
}

fn listen_boxed(at: web_sys::Element, event: &'static str, hear: Box<dyn FnMut(web_sys::Event)>) {
    let hear = Closure::wrap(hear);
    // Neither fails but for what is no function.
    let _ = at.add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
    // Kept by the reactive owner, and dropped with it.
    StoredValue::new_local(Hearing { at, event, hear });
}

/// What would still be called after its end throws an error in the browser.
struct Hearing {
    at: web_sys::Element,
    event: &'static str,
    hear: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for Hearing {
    fn drop(&mut self) {
        let hear = self.hear.as_ref().unchecked_ref();
        let _ = self
            .at
            .remove_event_listener_with_callback(self.event, hear);
    }
}

/// Its date, `2026-11-21`.
pub fn today() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        let now = js_sys::Date::new_0();
        format!(
            "{:04}-{:02}-{:02}",
            now.get_full_year(),
            now.get_month() + 1,
            now.get_date()
        )
    }
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

/// Its time zone, an IANA name.
pub fn timezone() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        let options =
            js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new())
                .resolved_options();
        js_sys::Reflect::get(&options, &"timeZone".into())
            .ok()
            .and_then(|zone| zone.as_string())
            .unwrap_or_default()
    }
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

/// Its clock in microseconds since 1970.
pub fn now_us() -> i64 {
    #[cfg(target_arch = "wasm32")]
    {
        (js_sys::Date::now() * 1_000.0) as i64
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// The text at an address of ours. `None` where it does not come.
pub async fn load_text(address: &str) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    {
        let window = web_sys::window()?;
        let answer = JsFuture::from(window.fetch_with_str(address)).await.ok()?;
        let answer: web_sys::Response = answer.unchecked_into();
        let text = answer.ok().then(|| answer.text().ok())??;
        JsFuture::from(text).await.ok()?.as_string()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = address;
        None
    }
}

/// Posts a file as it is. Answers with the number that the server gives it.
pub async fn send_file(address: &str, file: &web_sys::File) -> Result<u64, RpcError> {
    let text = post_file(address, file).await?;
    text.parse().map_err(|_| RpcError::Unavailable {
        problem: "the server's answer is not understood; load the page again".to_owned(),
    })
}

/// Posts a picture. Answers with the address that stands for it in a template.
pub async fn send_picture(file: &web_sys::File) -> Result<String, RpcError> {
    post_file("/rpc/picture", file).await
}

async fn post_file(address: &str, file: &web_sys::File) -> Result<String, RpcError> {
    #[cfg(target_arch = "wasm32")]
    {
        let away = |_| RpcError::Unavailable {
            problem: "the file cannot be sent; check the network, and that it is still there"
                .to_owned(),
        };
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        init.set_body(file);
        let window = web_sys::window().expect("it runs in a browser");
        let answer = JsFuture::from(window.fetch_with_str_and_init(address, &init));
        let answer: web_sys::Response = answer.await.map_err(away)?.unchecked_into();
        let text = JsFuture::from(answer.text().map_err(away)?).await;
        let text = text.map_err(away)?.as_string().unwrap_or_default();
        match answer.ok() {
            true => Ok(text),
            false => Err(RpcError::de(text.into_bytes().into())),
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (address, file);
        Err(RpcError::LoggedOut)
    }
}
