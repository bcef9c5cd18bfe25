//! A whole screen: the board and the small notice for staff; and the page of an ended display.

use crate::{ArrivalsBoard, Shown, board::Text};
use leptos::prelude::*;

/// What fills the page of a display, on the server and in the kiosk.
///
/// `notice` is empty while the screen is connected; the board stays as it is meanwhile.
#[component]
pub fn Screen(shown: RwSignal<Shown>, notice: RwSignal<String>) -> impl IntoView {
    let class: Text = Box::new(move || {
        let on = notice.with(|text| !text.is_empty());
        if on { "notice on" } else { "notice" }.to_owned()
    });
    let text: Text = Box::new(move || notice.get());
    view! {
        <div class="screen">
            <ArrivalsBoard shown/>
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
    use super::notice_text;

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
