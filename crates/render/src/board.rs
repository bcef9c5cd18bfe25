//! The `arrivals` template as Leptos components.
//!
//! Owns the markup. A fixed pool of rows is patched in place: a frame changes texts, never the
//! tree, so a board that runs for days has as many nodes as at its first frame.

use crate::{
    Shown,
    line::{Header, Line},
};
use leptos::prelude::*;
use model::limits::ARRIVALS_MAX;

/// One type for all that changes: each further closure type costs kilobytes of wasm.
pub(crate) type Text = Box<dyn Fn() -> String + Send + Sync>;

fn text<T: Send + Sync + 'static>(of: Memo<T>, pick: fn(&T) -> &str) -> Text {
    Box::new(move || of.with(|value| pick(value).to_owned()))
}

/// The last crossings, newest first, or the message that stands in their place.
#[component]
pub fn ArrivalsBoard(shown: RwSignal<Shown>) -> impl IntoView {
    let header = Memo::new(move |_| shown.with(Header::of));
    let rows = (0..ARRIVALS_MAX)
        .map(|index| {
            row(Memo::new(move |_| {
                shown.with(|shown| Line::at(shown, index))
            }))
        })
        .collect_view();
    view! {
        <main class=text(header, |header| header.class)>
            <header class=text(header, |header| header.head_class)>
                <p class=text(header, |header| header.kicker_class)>
                    {text(header, |header| header.kicker)}
                </p>
                <h1 class="event" dir="auto">
                    <span style=text(header, |header| &header.event.style)>
                        {text(header, |header| &header.event.text)}
                    </span>
                </h1>
                <p class="points" dir="auto">
                    <span style=text(header, |header| &header.points.style)>
                        {text(header, |header| &header.points.text)}
                    </span>
                </p>
                <div class="labels">
                    <span class="label-bib">"Bib"</span>
                    <span class="label-name">"Name"</span>
                    <span class="label-time">{text(header, |header| header.time_label)}</span>
                </div>
            </header>
            <p class="rest">
                <span class="rest-text">{text(header, |header| header.message)}</span>
            </p>
            <ol class="rows">{rows}</ol>
        </main>
    }
}

fn row(line: Memo<Line>) -> impl IntoView {
    view! {
        <li class=text(line, |line| line.class)>
            <div class="cells">
                <span class="bib">
                    <span style=text(line, |line| &line.bib.style)>
                        {text(line, |line| &line.bib.text)}
                    </span>
                </span>
                <span class="name" dir="auto">
                    <span style=text(line, |line| &line.name.style)>
                        {text(line, |line| &line.name.text)}
                    </span>
                </span>
                <span class="place-line" dir="auto">
                    <span style=text(line, |line| &line.place_style)>
                        <b class="point" dir="auto">{text(line, |line| &line.point)}</b>
                        <span class="city" dir="auto">{text(line, |line| &line.city)}</span>
                    </span>
                </span>
                <span class="time">{text(line, |line| &line.time)}</span>
                <span class="mark">{text(line, |line| &line.mark)}</span>
            </div>
        </li>
    }
}
