//! The HTML documents of displays: what the server answers under `/d/{code}`.
//!
//! Owns the document round the board, the state embedded in it and the escaping of both.
//! Knows no HTTP and no asset names: addresses come in. The kiosk hydrates `#gantry` from
//! `#gantry-state`.

use model::{BoardState, DisplayCode, Template};
use serde::{Deserialize, Serialize};

/// The element that holds the screen's markup, and is hydrated.
pub const ROOT_ID: &str = "gantry";

/// The script element that holds the `PageState` as JSON.
pub const STATE_ID: &str = "gantry-state";

/// Stands on the answer for a display that there is not, with the value `none`. By it a screen
/// tells that answer from a proxy's that cannot reach the server.
pub const DISPLAY_HEADER: &str = "gantry-display";

/// What the page was drawn from: the kiosk begins with it and goes on over the socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageState {
    pub code: DisplayCode,
    /// Of the frame shown, as the socket's `hello` repeats them. Below 2^53, like every number
    /// on the socket: a browser reads them as doubles.
    pub epoch: u64,
    pub seq: u64,
    pub template: Template,
    pub state: BoardState,
    /// Server clock, microseconds since 1970: when the newest read in `state` reached it.
    pub received_at_us: i64,
}

/// Addresses of the kiosk bundle, as they go into `href`.
#[derive(Clone, Copy, Debug)]
pub struct Assets<'a> {
    pub css: &'a str,
    pub js: &'a str,
    pub wasm: &'a str,
}

/// JSON that may stand inside a script element: no `<` is left in it, so that neither `</script`
/// nor `<!--` can occur. `\u003c` means the same within a JSON string, and JSON has `<` nowhere
/// else.
#[cfg(feature = "ssr")]
pub fn script_json(state: &PageState) -> String {
    serde_json::to_string(state)
        .expect("plain structs with text keys always serialize")
        .replace('<', "\\u003c")
}

#[cfg(feature = "ssr")]
pub use documents::{board_html, busy_page, display_page, ended_page, no_display_page, no_page};

#[cfg(feature = "ssr")]
mod documents {
    use super::{Assets, PageState, ROOT_ID, STATE_ID, script_json};
    use crate::{Cover, EndedPage, Screen, Shown};
    use leptos::prelude::*;
    use model::BoardState;
    use std::fmt::Write as _;

    const LITE: &str = include_str!("lite.js");

    /// An arch over a line: shown in a tab, and no second request.
    const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 \
        16 16'%3E%3Cpath d='M2 14V3h12v11h-3V6H5v8z' fill='%23ffc53d'/%3E%3C/svg%3E";

    /// The inside of the root element: what the kiosk hydrates, and what the socket's `html`
    /// message carries to a lite screen.
    pub fn board_html(state: &BoardState) -> String {
        let state = state.clone();
        render(move || {
            let shown = RwSignal::new(Shown::still(state));
            let notice = RwSignal::new(String::new());
            let cover = RwSignal::new(Cover::default());
            view! { <Screen shown notice cover/> }
        })
    }

    /// The whole document of a display.
    pub fn display_page(page: &PageState, assets: Assets<'_>) -> String {
        let title = match page.state.points.as_slice() {
            [] => page.state.event.clone(),
            points => format!("{} · {}", page.state.event, points.join(", ")),
        };
        let js = escape(assets.js);
        let wasm = escape(assets.wasm);
        let start = format!(
            "import start from {js};start({{module_or_path:{wasm}}}).catch(gantryLite);",
            js = js_text(assets.js),
            wasm = js_text(assets.wasm),
        );
        let head = format!(
            "<link rel=\"modulepreload\" href=\"{js}\">\
             <link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"{wasm}\">"
        );
        // An engine without modules runs `nomodule`, one with them passes over it. A trap in the
        // wasm leaves a dead board: the lite way then takes over.
        let body = format!(
            "<div id=\"{ROOT_ID}\">{board}</div>\
             <script type=\"application/json\" id=\"{STATE_ID}\">{state}</script>\
             <script>{LITE}window.addEventListener(\"error\",function(event){{\
             if(window.WebAssembly&&event.error instanceof WebAssembly.RuntimeError)\
             {{gantryLite();}}}});</script>\
             <script nomodule>if(!(\"noModule\" in document.createElement(\"script\"))){{gantryLite();}}</script>\
             <script type=\"module\">{start}</script>",
            board = board_html(&page.state),
            state = script_json(page),
        );
        document(&title, assets.css, &head, &body)
    }

    /// For a display that was switched off or is over.
    pub fn ended_page(css: &str) -> String {
        let body = render(|| view! { <EndedPage/> });
        document("Display ended", css, "", &body)
    }

    /// Unknown, expired and foreign codes: all the same.
    pub fn no_display_page(css: &str) -> String {
        let text = "The address may be mistyped, or the display has ended. A code has eight \
                    signs, never 0, 1, i, l or o.";
        plain("No display here", text, css, "")
    }

    /// For an address that is nothing at all.
    pub fn no_page(css: &str) -> String {
        let text = "The address may be mistyped. A display is at /d/ and its code, and the \
                    studio begins at / alone.";
        plain("No page here", text, css, "")
    }

    /// For a display that cannot be looked up now. The page tries again by itself: nobody stands
    /// beside a screen.
    pub fn busy_page(css: &str) -> String {
        let text = "The display cannot be shown now. It is tried again every few seconds.";
        let again = "<meta http-equiv=\"refresh\" content=\"5\">";
        plain("One moment", text, css, again)
    }

    fn plain(title: &'static str, text: &'static str, css: &str, head: &str) -> String {
        let body = render(|| {
            view! {
                <main class="plain">
                    <div class="plain-text">
                        <h1>{title}</h1>
                        <p>{text}</p>
                    </div>
                </main>
            }
        });
        document(title, css, head, &body)
    }

    /// Renders under an owner of its own, so that every signal goes with it.
    fn render<V: IntoView>(view: impl FnOnce() -> V) -> String {
        let owner = Owner::new();
        let html = owner.with(|| view().into_view().to_html());
        owner.cleanup();
        html
    }

    fn document(title: &str, css: &str, head: &str, body: &str) -> String {
        let mut html = String::with_capacity(body.len() + head.len() + 1_024);
        write!(
            html,
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"robots\" content=\"noindex\">\
             <meta name=\"theme-color\" content=\"#0b0f17\">\
             <title>{title}</title><link rel=\"icon\" href=\"{ICON}\">\
             <link rel=\"stylesheet\" href=\"{css}\">{head}</head><body>{body}</body></html>",
            title = escape(title),
            css = escape(css),
        )
        .expect("writing to a string does not fail");
        html
    }

    /// For text and for attributes in double quotes.
    fn escape(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
    }

    /// A string of a script, quotes and all.
    fn js_text(text: &str) -> String {
        serde_json::to_string(text)
            .expect("text always serializes")
            .replace('<', "\\u003c")
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use model::Arrival;

    fn page_state(name: &str) -> PageState {
        PageState {
            code: "abcdefgh".parse().expect("eight signs of the alphabet"),
            epoch: 7,
            seq: 3,
            template: Template::Arrivals,
            state: BoardState {
                event: name.to_owned(),
                points: vec![name.to_owned(), "Finish".to_owned()],
                arrivals: vec![Arrival {
                    bib: name.to_owned(),
                    name: name.to_owned(),
                    city: name.to_owned(),
                    point: name.to_owned(),
                    read_time: name.to_owned(),
                    ..Arrival::default()
                }],
                ..BoardState::default()
            },
            received_at_us: 1_700_000_000_000_000,
        }
    }

    #[test]
    fn the_embedded_state_has_the_documented_shape() {
        let json = script_json(&page_state("A<B"));
        assert!(
            json.starts_with(
                r#"{"code":"abcdefgh","epoch":7,"seq":3,"template":"arrivals","state":{"event":"A\u003cB","#
            ),
            "{json}"
        );
        assert!(json.ends_with(r#""received_at_us":1700000000000000}"#));
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back_from_the_embedded_state(name in proptest::prelude::any::<String>()) {
            let page = page_state(&name);
            let json = script_json(&page);
            proptest::prop_assert!(!json.contains('<'));
            proptest::prop_assert_eq!(serde_json::from_str::<PageState>(&json).unwrap(), page);
        }
    }
}
