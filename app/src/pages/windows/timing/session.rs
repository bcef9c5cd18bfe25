//! One session: its reads as they come or as they are played, and whoever is pressed on the canvas.

use super::{
    super::Around,
    binding, part, summary,
    tape::{Line, SPEEDS},
    watching::{Mode, Watching},
};
use crate::parts::{Each, Glyph, Icon};
use leptos::prelude::*;
use model::{
    WallTime,
    session_view::{SessionKey, SessionRow, SessionState},
    timing_view::ReadStatus,
};

pub(super) fn session(
    around: Around,
    chosen: RwSignal<Option<SessionKey>>,
    key: SessionKey,
    row: RwSignal<Option<SessionRow>>,
) -> AnyView {
    let view = Watching::new(key, row);
    view.go_on();
    let told = move || row.with(|row| row.as_ref().map(summary));
    let rows = move || view.lines.get().into_iter().rev();
    view! {
        <div class="session">
            <button
                class="button quiet small"
                type="button"
                on:click=move |_| chosen.set(None)
            >
                <Icon glyph=Glyph::ChevronLeft/>
                "All sessions"
            </button>
            <div class="session-line">{told}</div>
            {controls(view)}
            {binding::binding(around, row)}
            <p class="problem" role="alert" hidden=move || view.problem.read().is_empty()>
                {view.problem}
            </p>
            <ul class="session-reads" aria-label="Reads, the newest first">
                <Each each=rows key=|(number, _)| *number let((number, line))>
                    {read(view, number, &line)}
                </Each>
            </ul>
        </div>
    }
    .into_any()
}

fn read(view: Watching, number: u64, line: &Line) -> AnyView {
    let read = &line.read;
    let word = match read.status {
        ReadStatus::New => "",
        ReadStatus::Gun => "gun",
        ReadStatus::Ignored => "ignored",
        ReadStatus::Duplicate => "duplicate",
        ReadStatus::Unknown => "unknown",
        ReadStatus::Late => "late",
    };
    view! {
        <li>
            <button
                class="field-line"
                type="button"
                disabled=line.arrival.is_none()
                on:click=move |_| view.press(number)
            >
                <span class="field-name">{part(&read.time, 11, 21).to_owned()}</span>
                <span class="session-who" dir="auto">{read.who.clone()}</span>
                <span class="field-says" dir="auto">{format!("{} {word}", read.place)}</span>
            </button>
        </li>
    }
    .into_any()
}

fn controls(view: Watching) -> AnyView {
    let walls = Memo::new(move |_| view.row.with(|row| row.as_ref().and_then(|row| row.walls)));
    let is_over = Memo::new(move |_| {
        let is_over = |row: &SessionRow| row.state == SessionState::Ended;
        view.row.with(|row| row.as_ref().is_none_or(is_over))
    });
    let follows = move || view.mode.get() == Mode::Followed;
    let plays = move || view.mode.get() == Mode::Played;
    let on_tape = move || matches!(view.mode.get(), Mode::Played | Mode::Paused);
    let play = move || {
        if let Some((first, last)) = walls.get_untracked() {
            view.press_play(first, last);
        }
    };
    let seek = move |second: i64| {
        if let Some((first, _)) = walls.get_untracked() {
            view.play_from(WallTime(first.0 + second * 100));
        }
    };
    let seconds = move || {
        walls
            .get()
            .map_or(0, |(first, last)| (last.0 - first.0 + 99) / 100)
    };
    let second = move || {
        let first = walls.get().map_or(0, |(first, _)| first.0);
        ((view.at.get() - first) / 100).max(0)
    };
    let clock = move || part(&WallTime(view.at.get()).to_string(), 11, 19).to_owned();
    let speeds = SPEEDS.map(|speed| {
        view! { <option value=speed.to_string()>{format!("{speed}×")}</option> }.into_any()
    });
    view! {
        <div class="session-tools">
            <button
                class="button small"
                type="button"
                hidden=move || is_over.get()
                aria-pressed=move || if follows() { "true" } else { "false" }
                on:click=move |_| view.list(if follows() { Mode::Listed } else { Mode::Followed })
            >
                "Follow live"
            </button>
            <button
                class="button small"
                type="button"
                disabled=move || walls.get().is_none()
                on:click=move |_| play()
            >
                {move || if plays() { "Pause" } else { "Play" }}
            </button>
            <select
                aria-label="Speed"
                on:change:target=move |event| {
                    if let Ok(speed) = event.target().value().parse() {
                        view.speed.set(speed);
                    }
                }
            >
                {speeds.into_iter().collect_view()}
            </select>
            <button
                class="button quiet small"
                type="button"
                hidden=move || !on_tape()
                on:click=move |_| view.list(Mode::Listed)
            >
                "Stop"
            </button>
        </div>
        <div class="session-tape" hidden=move || !on_tape()>
            <input
                type="range"
                aria-label="Position"
                min="0"
                max=seconds
                prop:value=move || second().to_string()
                on:change:target=move |event| {
                    if let Ok(second) = event.target().value().parse() {
                        seek(second);
                    }
                }
            />
            <output>{clock}</output>
            <p class="quiet">"Pauses of more than five seconds are cut to one. Only this canvas shows it."</p>
        </div>
    }
    .into_any()
}
