//! What only a browser knows. On the server each gives nothing, and no first frame asks for it.

use crate::rpc::RpcError;
use leptos::prelude::Effect;
#[cfg(feature = "hydrate")]
use leptos::prelude::FromServerFnError;
#[cfg(feature = "hydrate")]
use wasm_bindgen::JsCast;
#[cfg(feature = "hydrate")]
use wasm_bindgen_futures::JsFuture;

/// Does something now and whenever what it reads alters. Behind a pointer: each closure that an
/// effect is made of by itself brings its own copy of the code.
pub fn effect(work: impl FnMut() + 'static) {
    let work: Box<dyn FnMut()> = Box::new(work);
    Effect::new(work);
}

/// Its date, `2026-11-21`.
pub fn today() -> String {
    #[cfg(feature = "hydrate")]
    {
        let now = js_sys::Date::new_0();
        format!(
            "{:04}-{:02}-{:02}",
            now.get_full_year(),
            now.get_month() + 1,
            now.get_date()
        )
    }
    #[cfg(not(feature = "hydrate"))]
    String::new()
}

/// Its time zone, an IANA name.
pub fn timezone() -> String {
    #[cfg(feature = "hydrate")]
    {
        let options =
            js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new())
                .resolved_options();
        js_sys::Reflect::get(&options, &"timeZone".into())
            .ok()
            .and_then(|zone| zone.as_string())
            .unwrap_or_default()
    }
    #[cfg(not(feature = "hydrate"))]
    String::new()
}

/// Its clock in microseconds since 1970.
pub fn now_us() -> i64 {
    #[cfg(feature = "hydrate")]
    {
        (js_sys::Date::now() * 1_000.0) as i64
    }
    #[cfg(not(feature = "hydrate"))]
    0
}

/// Posts a file as it is. Answers with the number that the server gives it.
pub async fn send_file(address: &str, file: &web_sys::File) -> Result<u64, RpcError> {
    #[cfg(feature = "hydrate")]
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
        if answer.ok() {
            return text.parse().map_err(|_| RpcError::Unavailable {
                problem: "the server's answer is not understood; load the page again".to_owned(),
            });
        }
        Err(RpcError::de(text.into_bytes().into()))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (address, file);
        Err(RpcError::LoggedOut)
    }
}
