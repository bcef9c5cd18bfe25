//! From a session to a display: which display shows it, whole or at some of its points.

use super::super::{
    Around,
    messages::{Ask, ask},
};
use crate::{
    browser::effect,
    pages::Blank,
    parts::Each,
    rpc::{
        sessions::bind_display,
        templates::{Outlet, outlets},
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    DisplayId, PointId,
    session_view::{SessionPlace, SessionRow},
};

/// A point with its name, and whether it is ticked.
type Ticked = (PointId, String, Blank<bool>);

pub(super) fn binding(around: Around, row: RwSignal<Option<SessionRow>>) -> AnyView {
    let found = RwSignal::new(Vec::<Outlet>::new());
    let problem = RwSignal::new(String::new());
    let points = RwSignal::new(Vec::<Ticked>::new());
    effect(move || {
        if let Some(row) = row.get() {
            points.update(|points| *points = points_of(row.places, points));
        }
    });
    let display = RwSignal::new(None::<DisplayId>);
    let load = move || {
        let Some(row) = row.get_untracked() else {
            return;
        };
        spawn_local(async move {
            match outlets(row.event, around.template).await {
                Ok(mut list) => {
                    // Those that show this template first: one of them is meant as a rule.
                    list.sort_by_key(|outlet| outlet.shows.is_none());
                    display.try_set(list.first().map(|outlet| outlet.display));
                    problem.try_set(match list.is_empty() {
                        true => "This event has no display that is on.".to_owned(),
                        false => String::new(),
                    });
                    found.try_set(list);
                }
                Err(error) => {
                    problem.try_set(error.sentence());
                }
            }
        });
    };
    let bind = move || {
        let (Some(row), Some(display)) = (row.get_untracked(), display.get_untracked()) else {
            return;
        };
        let ticked = points.with_untracked(|points| {
            let ticked = points.iter().filter(|(_, _, ticked)| ticked.get());
            ticked.map(|(id, ..)| *id).collect::<Vec<_>>()
        });
        spawn_local(async move {
            ask(&match bind_display(display, row.key.stream, ticked).await {
                Ok(()) => Ask::Say("The display shows what is read there from now on.".to_owned()),
                Err(error) => Ask::Complain(error.sentence()),
            });
        });
    };
    let options = move || {
        let options = found.get().into_iter().map(|outlet| {
            let id = outlet.display;
            let words = match outlet.shows {
                Some(number) => format!("{} (version {number} of this)", outlet.title),
                None => outlet.title,
            };
            let is_chosen = move || display.get() == Some(id);
            view! { <option value=id.to_string() selected=is_chosen>{words}</option> }.into_any()
        });
        options.collect_view()
    };
    view! {
        <details
            class="session-binding"
            on:toggle:target=move |event| {
                if event.target().open() {
                    load();
                }
            }
        >
            <summary>"Show it on a display"</summary>
            <p class="quiet" role="status" hidden=move || problem.read().is_empty()>{problem}</p>
            <label class="slot whole">
                <span class="slot-label">"Display"</span>
                <select
                    dir="auto"
                    on:change:target=move |event| display.set(event.target().value().parse().ok())
                >
                    {options}
                </select>
            </label>
            <fieldset>
                <legend class="slot-label">"Points of this session"</legend>
                <Each
                    each=move || points.get()
                    key=|(_, _, ticked)| ticked.key
                    let((_, name, ticked))
                >
                    {point(name, ticked)}
                </Each>
            </fieldset>
            <button
                class="button small"
                type="button"
                disabled=move || display.get().is_none()
                on:click=move |_| bind()
            >
                "Bind the display"
            </button>
        </details>
    }
    .into_any()
}

/// Each point of the places once. One where somebody is read only now is ticked where all are.
fn points_of(places: Vec<SessionPlace>, before: &[Ticked]) -> Vec<Ticked> {
    let all = before.iter().all(|(_, _, ticked)| ticked.get());
    let mut points: Vec<Ticked> = Vec::new();
    for SessionPlace { point, name, .. } in places {
        let is_new = |id: &PointId| points.iter().all(|(known, ..)| known != id);
        let Some(id) = point.filter(is_new) else {
            continue;
        };
        let known = before.iter().find(|(known, ..)| *known == id);
        let ticked = known.map_or_else(|| Blank::new(all), |(_, _, ticked)| ticked.clone());
        points.push((id, name, ticked));
    }
    points
}

fn point(name: String, ticked: Blank<bool>) -> AnyView {
    let value = RwSignal::from(ticked.value);
    view! {
        <label class="session-point">
            <input
                type="checkbox"
                prop:checked=value
                on:change:target=move |event| value.set(event.target().checked())
            />
            <span dir="auto">{name}</span>
        </label>
    }
    .into_any()
}
