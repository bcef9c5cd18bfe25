//! A whole screen: the board, what the staff lay over it and the small notice for them; and the
//! page of an ended display.

use crate::{ArrivalsBoard, Shown, board::Text, link::Overlay};
use leptos::prelude::*;
use model::socket;

/// What lies over the board, and the lines that say which screen this is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    pub overlay: Overlay,
    pub identity: [String; 2],
}

impl Cover {
    fn class(&self) -> &'static str {
        match &self.overlay {
            Overlay::None => "cover",
            Overlay::Identify => "cover on large",
            Overlay::Blank => "cover on",
            // As large as the text leaves room for.
            Overlay::Message(text) => match text.chars().count() {
                0..=36 => "cover on large",
                37..=110 => "cover on middle",
                _ => "cover on small",
            },
        }
    }

    fn texts(&self) -> [&str; 2] {
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

/// What fills the page of a display, on the server and in the kiosk.
///
/// `notice` is empty while the screen is connected; the board stays as it is meanwhile.
#[component]
pub fn Screen(
    shown: RwSignal<Shown>,
    notice: RwSignal<String>,
    cover: RwSignal<Cover>,
) -> impl IntoView {
    let over: Text = Box::new(move || cover.with(|cover| cover.class().to_owned()));
    let over_text: Text = Box::new(move || cover.with(|cover| cover.texts()[0].to_owned()));
    let over_small: Text = Box::new(move || cover.with(|cover| cover.texts()[1].to_owned()));
    let class: Text = Box::new(move || {
        let on = notice.with(|text| !text.is_empty());
        if on { "notice on" } else { "notice" }.to_owned()
    });
    let text: Text = Box::new(move || notice.get());
    view! {
        <div class="screen">
            <ArrivalsBoard shown/>
            <div class=over>
                <div class="cover-middle">
                    <div class="cover-texts">
                        <p class="cover-text" dir="auto">{over_text}</p>
                        <p class="cover-note">{over_small}</p>
                    </div>
                </div>
            </div>
            <p class=class>{text}</p>
        </div>
    }
}

/// Calm, and no error: somebody switched the display off, or its time is over.
#[component]
pub fn EndedPage() -> impl IntoView {
    view! {
        <main class="plain">
            <div class="plain-text">
                <h1>"This display has ended"</h1>
                <p>"Thank you for watching."</p>
            </div>
        </main>
    }
}

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
            "cover on large",
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
