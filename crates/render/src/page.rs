//! The HTML documents of displays: what the server answers under `/d/{code}`.
//!
//! Owns the document round the board, the state embedded in it and the escaping of both.
//! Knows no HTTP and no asset names: addresses come in. The kiosk takes `#gantry` over with what
//! `#gantry-state` tells it.

use model::{BoardState, DisplayCode, TemplatePin, document::Packed};
use serde::{Deserialize, Serialize};

/// The element that holds the screen's markup.
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
    pub template: TemplatePin,
    pub document: Packed,
    pub state: BoardState,
    /// Server clock, microseconds since 1970: when the newest read in `state` reached it.
    pub received_at_us: i64,
    /// The same clock when the page was drawn.
    pub sent_at_us: i64,
    /// Of what the page comes with, as the socket's pings say it.
    pub software: String,
}

/// Addresses of the kiosk bundle, as they go into `href`.
#[derive(Clone, Copy, Debug)]
pub struct Assets<'a> {
    pub css: &'a str,
    pub fonts_css: &'a str,
    /// The widths of the fonts' signs.
    pub advances: &'a str,
    pub js: &'a str,
    pub wasm: &'a str,
}

/// Of the pictures of QR codes on a display.
pub fn qr_url(code: &DisplayCode) -> String {
    ["/d/", code.as_str(), "/qr/"].concat()
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
pub use documents::{
    board_html, busy_page, canvas_page, display_page, ended_page, no_display_page, no_page,
    picture_page,
};

#[cfg(feature = "ssr")]
mod documents {
    use super::{Assets, PageState, ROOT_ID, STATE_ID, qr_url, script_json};
    use crate::{
        Shown,
        draw::Tools,
        fit::Advances,
        html::push_escaped,
        screen::{ENDED_HTML, screen_html},
        style::color,
    };
    use model::{
        BoardState, DisplayCode, Document,
        document::{Letters, Role},
    };
    use std::fmt::Write as _;

    /// Where one works or chooses, nothing runs past until the builder plays a scene.
    const STILL_CSS: &str = "body:not(.plays) .run>.l{animation:none!important}";

    const LITE: &str = include_str!("lite.js");
    const STEADY: &str = include_str!("steady.js");

    /// Not begun by then, the bundle is not waited for any longer: the server draws.
    const BEGIN_MS_MAX: u32 = 20_000;

    /// Between two pages of a screen that runs no script.
    const REFRESH_S: u32 = 5;

    /// An arch over a line: shown in a tab, and no second request.
    const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 \
        16 16'%3E%3Cpath d='M2 14V3h12v11h-3V6H5v8z' fill='%23ffc53d'/%3E%3C/svg%3E";

    /// The inside of the root element: the first picture, and what the socket's `html` message
    /// carries to a lite screen.
    pub fn board_html(
        code: &DisplayCode,
        document: &Document,
        state: &BoardState,
        now_us: i64,
    ) -> String {
        let shown = Shown::still(state.clone());
        let tools = Tools {
            advances: Advances::shipped(),
            letters: Letters::STD,
            qr_url: &qr_url(code),
            clock_steps: 0,
        };
        screen_html(document, &shown, now_us, tools)
    }

    /// The whole document of a display.
    pub fn display_page(page: &PageState, document: &Document, assets: Assets<'_>) -> String {
        let title = match page.state.points.as_slice() {
            [] => page.state.event.clone(),
            points => format!("{} · {}", page.state.event, points.join(", ")),
        };
        let js = escape(assets.js);
        let wasm = escape(assets.wasm);
        let start = format!(
            "import start from {js};window.gantryAdvances={advances};window.gantryLiteRuns||start({{module_or_path:{wasm}}}).then(function(){{window.gantryFull=true;}},gantryLite);",
            advances = js_text(assets.advances),
            js = js_text(assets.js),
            wasm = js_text(assets.wasm),
        );
        let head = format!(
            "<link rel=\"stylesheet\" href=\"{fonts}\"><style>{layouts}</style>\
             <noscript><meta http-equiv=\"refresh\" content=\"{REFRESH_S}\"></noscript>\
             <link rel=\"preload\" as=\"fetch\" crossorigin href=\"{advances}\">\
             <link rel=\"modulepreload\" href=\"{js}\">\
             <link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"{wasm}\">",
            fonts = escape(assets.fonts_css),
            layouts = layouts_css(document),
            advances = escape(assets.advances),
        );
        // An engine without modules runs `nomodule`, one with them passes over it. Whatever breaks
        // before the bundle has begun, a trap in its wasm later, and a bundle that does not come:
        // the lite way takes over.
        let body = format!(
            "<div id=\"{ROOT_ID}\">{board}</div>\
             <script type=\"application/json\" id=\"{STATE_ID}\">{state}</script>\
             <script>{LITE}window.addEventListener(\"error\",function(event){{\
             if(!window.gantryFull||event.error instanceof WebAssembly.RuntimeError)\
             {{gantryLite();}}}});\
             setTimeout(function(){{window.gantryFull||gantryLite();}},{BEGIN_MS_MAX});\
             {STEADY}</script>\
             <script nomodule>if(!(\"noModule\" in document.createElement(\"script\"))){{gantryLite();}}</script>\
             <script type=\"module\" onerror=\"gantryLite()\">{start}</script>",
            board = board_html(&page.code, document, &page.state, page.sent_at_us),
            state = script_json(page),
        );
        whole(&title, assets.css, &head, &body)
    }

    /// What a template looks like with somebody in it: a still picture as large as its window,
    /// without a script.
    pub fn picture_page(
        document: &Document,
        state: &BoardState,
        now_us: i64,
        qr_url: &str,
        assets: Assets<'_>,
    ) -> String {
        let shown = Shown::still(state.clone());
        let tools = Tools {
            advances: Advances::shipped(),
            letters: Letters::STD,
            qr_url,
            clock_steps: 0,
        };
        let head = format!(
            "<link rel=\"stylesheet\" href=\"{fonts}\"><style>{layouts}{STILL_CSS}</style>",
            fonts = escape(assets.fonts_css),
            layouts = layouts_css(document),
        );
        let screen = screen_html(document, &shown, now_us, tools);
        let body = format!("<div id=\"{ROOT_ID}\">{screen}</div>");
        whole("Template", assets.css, &head, &body)
    }

    /// An empty page that looks as a display's does: the builder draws in it.
    pub fn canvas_page(assets: Assets<'_>) -> String {
        let head = format!(
            "<link rel=\"stylesheet\" href=\"{fonts}\">\
             <link id=\"advances\" rel=\"x-gantry-advances\" href=\"{advances}\">\
             <style>html{{font-size:100px}}body{{background:none}}
             .canvas{{box-shadow:0 0 0 2px rgba(128,128,128,.6)}}{STILL_CSS}</style>",
            fonts = escape(assets.fonts_css),
            advances = escape(assets.advances),
        );
        let body = format!("<div id=\"{ROOT_ID}\"></div>");
        whole("Canvas", assets.css, &head, &body)
    }

    /// For a display that was switched off or is over.
    pub fn ended_page(css: &str) -> String {
        whole("Display ended", css, "", ENDED_HTML)
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
        let body = format!(
            "<main class=\"plain\"><div class=\"plain-text\"><h1>{title}</h1><p>{text}</p></div></main>"
        );
        whole(title, css, head, &body)
    }

    /// Which layout is shown on a screen of which shape, and how large: the canvas fills as much of
    /// the screen as it can without a script.
    fn layouts_css(document: &Document) -> String {
        let mut css = format!(
            "body{{background-color:{}}}",
            color(Role::Background.into(), &document.theme.colors)
        );
        let mut layouts: Vec<(usize, u32, u32)> = document
            .layouts
            .iter()
            .enumerate()
            .map(|(index, layout)| (index, layout.canvas.width_px, layout.canvas.height_px))
            .collect();
        let shape = |&(_, width, height): &(usize, u32, u32)| f64::from(width) / f64::from(height);
        layouts.sort_by(|one, other| shape(one).total_cmp(&shape(other)));
        for (place, of) in layouts.iter().enumerate() {
            let (index, width, height) = *of;
            // Half-way between two shapes, as `Document::layout_for` has it.
            let border = |other: &(usize, u32, u32)| (shape(of) * shape(other)).sqrt() * 1_000.0;
            let from = place
                .checked_sub(1)
                .map_or(0.0, |before| border(&layouts[before]));
            let to = layouts.get(place + 1).map(border);
            let to = to.map_or_else(String::new, |to| {
                format!(" and (max-aspect-ratio:{}/1000)", to as u32 - 1)
            });
            let own = format!("(min-aspect-ratio:{}/1000){to}", from as u32);
            let wide = 10_000.0 / f64::from(width);
            let tall = 10_000.0 / f64::from(height);
            let (w, h) = (f64::from(width) / 200.0, f64::from(height) / 200.0);
            // The last: on a screen as large as the canvas, parts of a percent would blur it.
            write!(
                css,
                ".l{index}{{display:none;margin:-{h:.2}rem 0 0 -{w:.2}rem}}\
                 @media {own}{{html{{font-size:{wide:.6}vw}}.l{index}{{display:block}}}}\
                 @media {own} and (min-aspect-ratio:{width}/{height}){{html{{font-size:{tall:.6}vh}}}}\
                 @media (width:{width}px) and (height:{height}px){{html{{font-size:100px}}}}"
            )
            .expect("writing to a string does not fail");
        }
        css
    }

    fn whole(title: &str, css: &str, head: &str, body: &str) -> String {
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

    fn escape(text: &str) -> String {
        let mut escaped = String::new();
        push_escaped(&mut escaped, text);
        escaped
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
    use model::{Arrival, BuiltIn, Design};

    fn page_state(name: &str) -> PageState {
        PageState {
            code: "abcdefgh".parse().expect("eight signs of the alphabet"),
            epoch: 7,
            seq: 3,
            template: BuiltIn::Arrivals.into(),
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
            document: Design::built_in(BuiltIn::Arrivals).packed.clone(),
            received_at_us: 1_700_000_000_000_000,
            sent_at_us: 1_700_000_000_500_000,
            software: "8d3c".to_owned(),
        }
    }

    #[test]
    fn the_embedded_state_has_the_documented_shape() {
        let json = script_json(&page_state("A<B"));
        let begin = r#"{"code":"abcdefgh","epoch":7,"seq":3,"template":"arrivals","document":""#;
        assert!(json.starts_with(begin), "{json}");
        assert!(json.contains(r#"","state":{"event":"A\u003cB","#), "{json}");
        let end =
            r#""received_at_us":1700000000000000,"sent_at_us":1700000000500000,"software":"8d3c"}"#;
        assert!(json.ends_with(end), "{json}");
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
