//! The timing window beside the canvas: the partner's timing sessions, live and past, and the way
//! from one of them to the canvas or to a display.
//!
//! What is shown of a read here is shown to nobody else: only `binding` changes a display.

mod binding;
mod session;
mod tape;
mod watching;

use super::Around;
use crate::{
    browser::effect,
    pages::every,
    parts::{Each, Glyph, Icon, When},
    rpc::sessions::timing_sessions,
};
use editor::Panel;
use leptos::{prelude::*, task::spawn_local};
use model::session_view::{SessionKey, SessionList, SessionRow, SessionState};

/// Which sessions there are is asked for so often.
const LOOK_AGAIN_MS: u64 = 5_000;

/// The sessions as they were last told.
#[derive(Clone, Copy)]
struct Sessions {
    text: RwSignal<String>,
    list: RwSignal<SessionList>,
    problem: RwSignal<String>,
    /// Something was answered, so that an empty list is empty.
    answered: RwSignal<bool>,
    chosen: RwSignal<Option<SessionKey>>,
}

impl Sessions {
    fn look(self) {
        let Some(text) = self.text.try_get_untracked() else {
            return;
        };
        spawn_local(async move {
            let found = timing_sessions(text.clone()).await;
            // Somebody has typed on, or closed the window.
            if self.text.try_get_untracked() != Some(text) {
                return;
            }
            match found {
                Ok(list) => {
                    self.problem.set(String::new());
                    self.answered.set(true);
                    if self.list.with_untracked(|known| *known != list) {
                        self.list.set(list);
                    }
                }
                Err(error) => self.problem.set(error.sentence()),
            }
        });
    }
}

#[component]
pub(super) fn Timing(around: Around) -> impl IntoView {
    let open = around.opens(Panel::Timing);
    view! {
        <When holds=move || open.get()>{window(around, open)}</When>
    }
    .into_any()
}

fn window(around: Around, open: RwSignal<bool>) -> AnyView {
    let sessions = Sessions {
        text: RwSignal::new(String::new()),
        list: RwSignal::new(SessionList::default()),
        problem: RwSignal::new(String::new()),
        answered: RwSignal::new(false),
        chosen: RwSignal::new(None),
    };
    effect(move || {
        sessions.text.track();
        sessions.look();
    });
    every(LOOK_AGAIN_MS, move || sessions.look());
    // What is chosen stays as it was told last, also where the search finds it no more.
    let last = RwSignal::new(None::<SessionRow>);
    effect(move || {
        let key = sessions.chosen.get();
        let found = sessions.list.with(|list| {
            let mut rows = list.rows.iter();
            rows.find(|row| Some(row.key) == key).cloned()
        });
        if found.is_some() || key.is_none() {
            last.set(found);
        }
    });
    let key = Memo::new(move |_| last.with(|row| row.as_ref().map(|row| row.key)));
    let body = move || match key.get() {
        Some(key) => session::session(around, sessions.chosen, key, last),
        None => list(sessions),
    };
    view! {
        <aside class="timing-window" aria-label="Timing">
            <header>
                <h2>"Timing"</h2>
                <button
                    class="button quiet icon-only small"
                    type="button"
                    title="Close the timing window"
                    aria-label="Close the timing window"
                    on:click=move |_| open.set(false)
                >
                    <Icon glyph=Glyph::Close/>
                </button>
            </header>
            <p class="problem" role="alert" hidden=move || sessions.problem.read().is_empty()>
                {sessions.problem}
            </p>
            {body}
        </aside>
    }
    .into_any()
}

fn list(sessions: Sessions) -> AnyView {
    let rows = move || sessions.list.get().rows;
    let is_empty = move || sessions.answered.get() && sessions.list.read().rows.is_empty();
    let note = move || match sessions.list.read().more {
        true => "Older ones are not listed; search for them.",
        false => "",
    };
    view! {
        <div class="builder-search">
            <input
                type="search"
                class="input"
                placeholder="Event, device, point or day"
                aria-label="Search timing sessions"
                dir="auto"
                prop:value=sessions.text
                on:input:target=move |event| sessions.text.set(event.target().value())
            />
        </div>
        <ul class="session-list" aria-label="Timing sessions">
            <Each each=rows key=what_is_seen let(row)>
                <li>
                    <button
                        class="session-line"
                        type="button"
                        on:click=move |_| sessions.chosen.set(Some(row.key))
                    >
                        {summary(&row)}
                    </button>
                </li>
            </Each>
        </ul>
        <p class="quiet session-note" role="status">
            {move || if is_empty() { "No timing session is found." } else { note() }}
        </p>
    }
    .into_any()
}

/// A line is made anew when it is another.
fn what_is_seen(row: &SessionRow) -> (SessionKey, SessionState, [u64; 3], String) {
    let counts = [
        row.per_minute.into(),
        row.places.len() as u64,
        row.devices.len() as u64,
    ];
    (row.key, row.state, counts, row.last.clone())
}

/// What is told of a session, in three lines.
fn summary(row: &SessionRow) -> AnyView {
    let (tone, word) = match row.state {
        SessionState::Live => ("good", "live"),
        SessionState::Silent => ("wait", "silent"),
        SessionState::Ended => ("neutral", "ended"),
    };
    let places: Vec<&str> = row.places.iter().map(|place| &*place.location).collect();
    let mut facts = vec![
        row.stream.clone(),
        row.devices.join(", "),
        row.device_events.join(", "),
        places.join(", "),
    ];
    facts.retain(|fact| !fact.is_empty());
    let demo = row
        .simulated
        .then(|| view! { <span class="badge info">"DEMO"</span> });
    view! {
        <span class="session-head">
            <span class="session-name" dir="auto">{row.event_name.clone()}</span>
            {demo}
            <span class=format!("badge {tone}")>{word}</span>
        </span>
        <span class="quiet" dir="auto">{facts.join(" · ")}</span>
        <span class="quiet">{when(row)}</span>
    }
    .into_any()
}

/// `2026-03-06 08:00:01–12:30:59 · 36 a minute`
fn when(row: &SessionRow) -> String {
    if row.walls.is_none() {
        return "Nothing is read yet".to_owned();
    }
    let (day, first) = (part(&row.first, 0, 10), part(&row.first, 11, 19));
    let (end, last) = (part(&row.last, 0, 10), part(&row.last, 11, 19));
    let until = match day == end {
        true => last.to_owned(),
        false => format!("{end} {last}"),
    };
    let rate = match row.per_minute {
        0 => String::new(),
        rate => format!(" · {rate} a minute"),
    };
    format!("{day} {first}–{until}{rate}")
}

/// Of a time, which is plain signs.
fn part(time: &str, from: usize, to: usize) -> &str {
    time.get(from..to).unwrap_or_default()
}
