//! The timing points: from when on their reads count, their names, and the simulator's reads.

use super::Shared;
use crate::{
    browser::effect,
    format::time_of_day,
    pages::{attempt, opened_by},
    parts::{
        Button, Dialog, DialogFoot, Each, EmptyState, Glyph, Menu, MenuItem, TextField, TextKind,
        TimeField, When, format_time_of_day, parse_time_of_day,
    },
    rpc::{
        event::LocalTime,
        timing::{CountsFrom, PointRow, remove_simulated, rename_point, zero_count},
    },
};
use leptos::prelude::*;
use model::PointId;

#[component]
pub(super) fn Points(shared: Shared) -> impl IntoView {
    let points = Memo::new(move |_| shared.facts.with(|facts| facts.points.clone()));
    let simulated = Memo::new(move |_| shared.facts.with(|facts| facts.simulated));
    let typing = RwSignal::new(None::<PointRow>);
    let naming = RwSignal::new(None::<PointRow>);
    let remove = move || {
        attempt(shared.toasts, remove_simulated(shared.event), move |deed| {
            shared.did("The simulator's reads are put aside", deed);
        });
    };
    view! {
        <When holds=move || simulated.get()>
            <div class="demo-reads">
                <p>
                    <strong>"There are reads of the simulator."</strong>
                    " They are marked DEMO, and no result counts them."
                </p>
                <Button icon=Glyph::Trash on_press=remove>"Remove simulator reads"</Button>
            </div>
        </When>
        <h2>"From when on reads count"</h2>
        <p class="quiet">
            "Zero counts: reads before that moment, such as those of people who walk over the mats while they are set up, feed no screen, no counter and no result. They stay stored."
        </p>
        <When
            holds=move || !points.read().is_empty()
            fallback=|| view! {
                <EmptyState icon=Glyph::Mat title="No timing point yet"
                    text="Points are made with the course of a race, or by the first device that names its locations."/>
            }
        >
            <ul class="points">
                <Each each=move || points.get() key=|it| (it.id, it.name.clone(), from_key(it))
                    let(point)>
                    <Row shared point typing naming/>
                </Each>
            </ul>
        </When>
        <TypedDialog shared typing/>
        <NameDialog shared naming/>
    }
}

fn from_key(point: &PointRow) -> Option<(String, u32)> {
    let from = point.counts_from.clone()?;
    Some((from.date, from.time_cs))
}

fn count_from(shared: Shared, point: PointId, name: &str, from: CountsFrom) {
    let said = match &from {
        CountsFrom::Now => format!("{name} counts from now on"),
        CountsFrom::Typed(local) => {
            format!("{name} counts from {}", time_of_day(local.time_cs))
        }
        CountsFrom::Ever => format!("All reads at {name} count"),
    };
    let work = zero_count(shared.event, point, from);
    attempt(shared.toasts, work, move |deed| shared.did(said, deed));
}

#[component]
fn Row(
    shared: Shared,
    point: PointRow,
    typing: RwSignal<Option<PointRow>>,
    naming: RwSignal<Option<PointRow>>,
) -> impl IntoView {
    let kept = StoredValue::new(point.clone());
    let is_marked = point.counts_from.is_some();
    let from = match &point.counts_from {
        None => "all of its reads count".to_owned(),
        Some(local) => {
            let today = shared.facts.with_untracked(|facts| facts.now.date.clone());
            let day = match local.date == today {
                true => String::new(),
                false => format!("{} ", local.date),
            };
            format!("counts from {day}{}", time_of_day(local.time_cs))
        }
    };
    let mark = move |from: CountsFrom| {
        let PointRow { id, name, .. } = kept.get_value();
        count_from(shared, id, &name, from);
    };
    let mut items = vec![
        MenuItem::action("Type the time", move || typing.set(Some(kept.get_value())))
            .icon(Glyph::Clock),
        MenuItem::action("Rename", move || naming.set(Some(kept.get_value()))).icon(Glyph::Edit),
    ];
    if is_marked {
        let all = MenuItem::action("Count all reads", move || mark(CountsFrom::Ever));
        items.insert(1, all.icon(Glyph::Close));
    }
    view! {
        <li class="point-row">
            <span class="point-words">
                <strong dir="auto">{point.name.clone()}</strong>
                <span class="quiet">{from}</span>
            </span>
            <Button small=true on_press=move || mark(CountsFrom::Now)>"Count from now"</Button>
            <Menu id=format!("point-{}", point.id) label=format!("Actions for {}", point.name) items/>
        </li>
    }
}

#[component]
fn TypedDialog(shared: Shared, typing: RwSignal<Option<PointRow>>) -> impl IntoView {
    let open = opened_by(typing);
    let date = RwSignal::new(String::new());
    let time = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    effect(move || {
        if let Some(point) = typing.get() {
            let now = shared.facts.with_untracked(|facts| facts.now.clone());
            let from = point.counts_from.unwrap_or(now);
            time.set(format_time_of_day(from.time_cs));
            date.set(from.date);
            error.set(None);
        }
    });
    let save = move || {
        let Some(point) = typing.get_untracked() else {
            return;
        };
        let Some(time_cs) = parse_time_of_day(&time.get_untracked()) else {
            return error.set(Some("Type a time such as 7:45:00.".to_owned()));
        };
        let local = LocalTime {
            date: date.get_untracked(),
            time_cs,
        };
        count_from(shared, point.id, &point.name, CountsFrom::Typed(local));
        open.set(false);
    };
    let foot = move || view! { <DialogFoot open verb="Count from then" on_press=save/> };
    let title = move || {
        let name = typing.get().map(|point| point.name).unwrap_or_default();
        format!("From when on does {name} count?")
    };
    view! {
        <Dialog id="zero-count" title=Signal::derive(title) open=open foot=foot>
            <TextField id="zero-date" label="Date" kind=TextKind::Date value=date/>
            <TimeField id="zero-time" label="Time on the event's clock" value=time
                error=Signal::derive(move || error.get())/>
        </Dialog>
    }
}

#[component]
fn NameDialog(shared: Shared, naming: RwSignal<Option<PointRow>>) -> impl IntoView {
    let open = opened_by(naming);
    let name = RwSignal::new(String::new());
    effect(move || {
        if let Some(point) = naming.get() {
            name.set(point.name);
        }
    });
    let toasts = shared.toasts;
    let save = move || {
        let Some(PointRow { name: from, .. }) = naming.get_untracked() else {
            return;
        };
        let to = name.get_untracked().trim().to_owned();
        let work = rename_point(shared.event, from.clone(), to.clone());
        attempt(toasts, work, move |()| {
            open.set(false);
            shared.reload.run(());
            toasts.done_with(format!("{from} is {to} now"), "Undo", move || {
                let back = rename_point(shared.event, to.clone(), from.clone());
                attempt(toasts, back, move |()| shared.reload.run(()));
            });
        });
    };
    let foot = move || view! { <DialogFoot open verb="Rename" on_press=save/> };
    view! {
        <Dialog id="rename-point" title="Rename the point" open=open foot=foot>
            <TextField id="point-name" label="Name" value=name autofocus=true required=true
                hint="As screens show it; what devices call their location stays mapped to it"/>
        </Dialog>
    }
}
