//! A whole screen: the canvas, what the staff lay over it and the small notice for them; and the
//! page of an ended display.

use crate::{
    Shown,
    draw::{Tools, drawing},
    html::{canvas_html, push_escaped},
    link::Overlay,
};
use model::{Document, socket};

/// What lies over the board, and the lines that say which screen this is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    pub overlay: Overlay,
    pub identity: [String; 2],
}

impl Cover {
    pub fn class(&self) -> &'static str {
        match &self.overlay {
            Overlay::None => "cover",
            Overlay::Identify => "cover on large identify",
            Overlay::Blank => "cover on",
            // As large as the text leaves room for.
            Overlay::Message(text) => match text.chars().count() {
                0..=36 => "cover on large",
                37..=110 => "cover on middle",
                _ => "cover on small",
            },
        }
    }

    pub fn texts(&self) -> [&str; 2] {
        match &self.overlay {
            Overlay::None | Overlay::Blank => ["", ""],
            Overlay::Identify => [&self.identity[0], &self.identity[1]],
            Overlay::Message(text) => [text, ""],
        }
    }
}

/// What a screen says of itself when somebody looks for it: what to type, and what it is.
pub fn identity(code: &str, screen: &socket::Screen) -> [String; 2] {
    let socket::Screen {
        width,
        height,
        version,
        ..
    } = screen;
    [
        format!("/d/{code}"),
        format!("{width} × {height} · Gantry {version}"),
    ]
}

/// What fills the page of a display: each layout's canvas, of which the style sheet of `page`
/// shows one, what lies over it, and the notice.
pub fn screen_html(document: &Document, shown: &Shown, now_us: i64, tools: Tools<'_>) -> String {
    if shown.ended {
        return ENDED_HTML.to_owned();
    }
    let mut html = String::from("<div class=\"screen\">");
    for (index, layout) in document.layouts.iter().enumerate() {
        let drawing = drawing(document, layout, shown, now_us, tools);
        html.push_str(&canvas_html(&drawing, &layout_class(index)));
    }
    html.push_str(&cover_html(&Cover::default()));
    html.push_str("<p class=\"notice\"></p></div>");
    html
}

/// Of the canvas of a layout.
pub fn layout_class(index: usize) -> String {
    [
        "canvas l",
        &crate::style::number(i32::try_from(index).unwrap_or(0)),
    ]
    .concat()
}

/// What lies over the canvas.
pub fn cover_html(cover: &Cover) -> String {
    let [text, note] = cover.texts();
    let mut html = String::new();
    for part in ["<div class=\"", cover.class(), "\">", COVER_BEGIN] {
        html.push_str(part);
    }
    push_escaped(&mut html, text);
    html.push_str("</p><p class=\"cover-note\">");
    push_escaped(&mut html, note);
    html.push_str("</p></div></div></div>");
    html
}

const COVER_BEGIN: &str = "<div class=\"cover-middle\"><div class=\"cover-texts\">\
    <p class=\"cover-text\" dir=\"auto\">";

/// Calm, and no error: somebody switched the display off, or its time is over.
pub const ENDED_HTML: &str = "<main class=\"plain\"><div class=\"plain-text\">\
    <h1>This display has ended</h1><p>Thank you for watching.</p></div></main>";

/// How long ago the server was last heard, for the notice.
pub fn notice_text(silent_ms: u64) -> String {
    let seconds = silent_ms / 1_000;
    let ago = match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    };
    format!("Reconnecting, last update {ago} ago")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_says_what_it_was_told() {
        let check = |overlay, class, texts: [&str; 2]| {
            let identity = ["/d/abcd2345".to_owned(), "3 × 4".to_owned()];
            let cover = Cover { overlay, identity };
            assert_eq!((cover.class(), cover.texts()), (class, texts));
        };
        check(Overlay::None, "cover", ["", ""]);
        check(Overlay::Blank, "cover on", ["", ""]);
        check(
            Overlay::Identify,
            "cover on large identify",
            ["/d/abcd2345", "3 × 4"],
        );
        for (count, class) in [
            (36, "large"),
            (37, "middle"),
            (110, "middle"),
            (111, "small"),
        ] {
            let text = "é".repeat(count);
            let class = format!("cover on {class}");
            let cover = Cover {
                overlay: Overlay::Message(text.clone()),
                ..Cover::default()
            };
            assert_eq!((cover.class(), cover.texts()), (&*class, [&*text, ""]));
        }
    }

    #[test]
    fn the_notice_says_how_old_the_picture_is() {
        let check = |ms, ago: &str| {
            assert_eq!(
                notice_text(ms),
                format!("Reconnecting, last update {ago} ago")
            );
        };
        check(5_999, "5 s");
        check(60_000, "1 min 00 s");
        check(3_599_000, "59 min 59 s");
        check(7_500_000, "2 h 05 min");
    }
}
