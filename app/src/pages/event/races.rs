//! The races: distance, waves, and the course as a line past its points.

use super::Shared;
use crate::{
    browser::effect,
    format::{distance, meters_of, time_of_day},
    pages::{Blank, Problem, Wrong, attempt, opened_by, send},
    parts::{
        Button, ButtonKind, ConfirmDialog, Dialog, DialogFoot, Each, EmptyState, Glyph, IconButton,
        Menu, MenuItem, SelectField, TextField, TextKind, TimeField, When, format_time_of_day,
        parse_time_of_day, use_toasts,
    },
    rpc::event::{
        LocalTime, RaceRow, WaveRow, create_race, create_wave, remove_race, remove_wave,
        set_course, update_race, update_wave,
    },
};
use leptos::prelude::*;
use model::{PointId, RaceId, Unit};

/// What is open in a dialog.
#[derive(Clone, Copy)]
struct Open {
    race: RwSignal<Option<Option<RaceRow>>>,
    course: RwSignal<Option<RaceRow>>,
    wave: RwSignal<Option<(RaceId, Option<WaveRow>)>>,
    removed: RwSignal<Option<RaceRow>>,
}

#[component]
pub(super) fn Races(shared: Shared) -> impl IntoView {
    let races = Memo::new(move |_| shared.view.with(|view| view.races.clone()));
    let open = Open {
        race: RwSignal::new(None),
        course: RwSignal::new(None),
        wave: RwSignal::new(None),
        removed: RwSignal::new(None),
    };
    let begin = move || open.race.set(Some(None));
    view! {
        <section class="group" aria-labelledby="races">
            <div class="group-head">
                <h2 id="races">"Races"</h2>
                <Button icon=Glyph::Plus on_press=begin>"New race"</Button>
            </div>
            <When
                holds=move || !races.read().is_empty()
                fallback=move || view! {
                    <EmptyState icon=Glyph::Gun title="No race yet"
                        text="A race is a distance within the event, such as 10K or Half.">
                        <Button kind=ButtonKind::Primary icon=Glyph::Plus on_press=begin>
                            "New race"
                        </Button>
                    </EmptyState>
                }
            >
                <ul class="races">
                    // A race that was altered is drawn anew; the others stay.
                    <Each each=move || races.get() key=race_key let(race)>
                        <Card shared race open/>
                    </Each>
                </ul>
            </When>
            <RaceDialog shared which=open.race/>
            <CourseDialog shared which=open.course/>
            <WaveDialog shared which=open.wave/>
            <RemoveDialog shared which=open.removed/>
        </section>
    }
}

/// All that is drawn of it.
fn race_key(race: &RaceRow) -> String {
    format!("{race:?}")
}

#[component]
fn Card(shared: Shared, race: RaceRow, open: Open) -> impl IntoView {
    let (id, kept) = (race.id, StoredValue::new(race.clone()));
    let items = vec![
        MenuItem::action("Edit", move || open.race.set(Some(Some(kept.get_value()))))
            .icon(Glyph::Edit),
        MenuItem::action("Course", move || open.course.set(Some(kept.get_value())))
            .icon(Glyph::Mat),
        MenuItem::action("Add a wave", move || open.wave.set(Some((id, None)))).icon(Glyph::Plus),
        MenuItem::action("Remove", move || open.removed.set(Some(kept.get_value())))
            .icon(Glyph::Trash)
            .danger(),
    ];
    let waves = race.waves.clone().into_iter().map(|wave| {
        let shown = if wave.name.is_empty() {
            "All start together".to_owned()
        } else {
            wave.name.clone()
        };
        let planned = match &wave.scheduled {
            Some(local) => time_of_day(local.time_cs),
            None => "no time planned".to_owned(),
        };
        view! {
            <li>
                <button type="button" class="wave"
                    on:click=move |_| open.wave.set(Some((id, Some(wave.clone()))))>
                    <span dir="auto">{shown}</span>
                    <span class="quiet">{planned}</span>
                </button>
            </li>
        }
    });
    let waves = waves.map(IntoAny::into_any).collect_view();
    let course = course_line(shared, &race);
    view! {
        <li class="race">
            <div class="race-head">
                <h3 dir="auto">{race.name.clone()}</h3>
                <span class="quiet">{distance(race.distance_m, race.unit)}</span>
                <Menu id=format!("race-{id}") label=format!("Actions for {}", race.name) items/>
            </div>
            {course}
            <ul class="waves">{waves}</ul>
        </li>
    }
}

/// The points along a line, where their distances are known, else evenly.
fn course_line(shared: Shared, race: &RaceRow) -> AnyView {
    if race.course.is_empty() {
        return view! { <p class="quiet">"No course yet. It says which mats a runner passes, in which order."</p> }
            .into_any();
    }
    let names = shared.view.with_untracked(|view| view.points.clone());
    let name_of = |id: PointId| {
        let known = names.iter().find(|(known, _)| *known == id);
        known.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let unit = race.unit;
    let marks = race.course.iter().map(|passage| {
        let at = passage.distance_m.map(|at| distance(at, unit));
        view! {
            <li class="mark-point">
                <span class="point-name" dir="auto">{name_of(passage.point)}</span>
                <span class="quiet">{at}</span>
            </li>
        }
    });
    view! { <ol class="course">{marks.map(IntoAny::into_any).collect_view()}</ol> }.into_any()
}

fn units() -> Vec<(String, String)> {
    vec![
        ("km".to_owned(), "km".to_owned()),
        ("mi".to_owned(), "miles".to_owned()),
    ]
}

fn unit_of(text: &str) -> Unit {
    if text == "mi" { Unit::Mi } else { Unit::Km }
}

#[component]
fn RaceDialog(shared: Shared, which: RwSignal<Option<Option<RaceRow>>>) -> impl IntoView {
    let open = opened_by(which);
    let name = RwSignal::new(String::new());
    let length = RwSignal::new(String::new());
    let unit = RwSignal::new("km".to_owned());
    let wrong = Wrong::new(&["name", "distance"]);
    effect(move || {
        let Some(race) = which.get() else {
            return;
        };
        wrong.clear();
        match race {
            None => {
                name.set(String::new());
                length.set(String::new());
            }
            Some(race) => {
                name.set(race.name);
                unit.set(race.unit.name().to_owned());
                length.set(crate::format::distance_number(race.distance_m, race.unit));
            }
        }
    });
    let save = move || {
        let unit = unit_of(&unit.get_untracked());
        let (event, name) = (shared.id, name.get_untracked());
        if name.trim().is_empty() {
            return wrong.say_of("name", "give it a name");
        }
        let Some(distance_m) = meters_of(&length.get_untracked(), unit) else {
            return wrong.say_of("distance", "type the distance as a number, such as 21.0975");
        };
        let edited = which.get_untracked().flatten().map(|race| race.id);
        let work = async move {
            match edited {
                None => create_race(event, name, distance_m, unit).await.map(|_| ()),
                Some(race) => update_race(event, race, name, distance_m, unit).await,
            }
        };
        send(wrong, work, move |()| {
            open.set(false);
            shared.reload.run(());
        });
    };
    let foot = move || view! { <DialogFoot open verb="Save" on_press=save/> };
    let title = move || match which.get().flatten() {
        None => "New race".to_owned(),
        Some(race) => format!("Edit {}", race.name),
    };
    view! {
        <Dialog id="race-form" title=Signal::derive(title) open=open foot=foot>
            <TextField id="race-name" label="Name" value=name autofocus=true required=true
                error=wrong.at("name") hint="As on the bibs, such as 10K"/>
            <div class="pair">
                <TextField id="race-length" label="Distance" value=length required=true
                    error=wrong.at("distance")/>
                <SelectField id="race-unit" label="Unit" value=unit options=units()/>
            </div>
            <Problem error=wrong.below()/>
        </Dialog>
    }
}

/// Its passages in order: the point's name, and how far it is from the start.
#[component]
fn CourseDialog(shared: Shared, which: RwSignal<Option<RaceRow>>) -> impl IntoView {
    let toasts = use_toasts();
    let open = opened_by(which);
    let error = RwSignal::new(None::<String>);
    let passages = RwSignal::new(Vec::<(Blank<String>, Blank<String>)>::new());
    let passage = |name: String, at: String| (Blank::new(name), Blank::new(at));
    effect(move || {
        let Some(race) = which.get() else {
            return;
        };
        error.set(None);
        let points = shared.view.with_untracked(|view| view.points.clone());
        let name_of = |id: PointId| {
            let known = points.iter().find(|(known, _)| *known == id);
            known.map(|(_, name)| name.clone()).unwrap_or_default()
        };
        let mut list: Vec<_> = race
            .course
            .iter()
            .map(|it| {
                let at = it
                    .distance_m
                    .map(|at| crate::format::distance_number(at, race.unit));
                passage(name_of(it.point), at.unwrap_or_default())
            })
            .collect();
        if list.is_empty() {
            // What the mats have named so far is the best guess.
            list = points
                .into_iter()
                .map(|(_, name)| passage(name, String::new()))
                .collect();
        }
        passages.set(list);
    });
    let shift = move |id: u64, by: isize| {
        passages.update(|list| {
            let from = list.iter().position(|(name, _)| name.key == id);
            let to = from.and_then(|from| from.checked_add_signed(by));
            if let (Some(from), Some(to)) = (from, to)
                && to < list.len()
            {
                list.swap(from, to);
            }
        });
    };
    let take_out = move |id: u64| {
        passages.update(|list| list.retain(|(name, _)| name.key != id));
    };
    let add = move || {
        let new = passage(String::new(), String::new());
        passages.update(|list| list.push(new));
    };
    let save = move || {
        let Some(race) = which.get_untracked() else {
            return;
        };
        let mut course = Vec::new();
        for (name, at) in passages.get_untracked() {
            let at = at.get();
            let meters = meters_of(&at, race.unit);
            if !at.trim().is_empty() && meters.is_none() {
                error.set(Some(format!(
                    "{at:?} is no distance; type a number, or leave it empty."
                )));
                return;
            }
            course.push((name.get(), meters));
        }
        let event = shared.id;
        leptos::task::spawn_local(async move {
            match set_course(event, race.id, course).await {
                Ok(()) => {
                    open.set(false);
                    shared.reload.run(());
                    toasts.done("Course saved");
                }
                Err(refused) => error.set(Some(refused.sentence())),
            }
        });
    };
    let foot = move || view! { <DialogFoot open verb="Save the course" on_press=save/> };
    let unit = move || which.get().map_or("km", |race| race.unit.name());
    view! {
        <Dialog id="course-form" title="Course" open=open foot=foot wide=true>
            <p class="quiet">
                "The mats in the order in which they are passed; one that is passed twice is there twice."
            </p>
            <ol class="passages">
                <Each each=move || passages.get() key=|(name, _)| name.key let((name, distance))>
                    {
                        let id = name.key;
                        view! {
                            <li class="passage">
                                <TextField id=format!("passage-{id}") label="Point"
                                    value=RwSignal::from(name.value)/>
                                <TextField id=format!("passage-at-{id}")
                                    label=Signal::derive(move || format!("At ({})", unit()))
                                    value=RwSignal::from(distance.value)/>
                                <div class="passage-tools">
                                    <IconButton icon=Glyph::ChevronUp label="Earlier"
                                        on_press=move || shift(id, -1)/>
                                    <IconButton icon=Glyph::ChevronDown label="Later"
                                        on_press=move || shift(id, 1)/>
                                    <IconButton icon=Glyph::Trash label="Take out"
                                        on_press=move || take_out(id)/>
                                </div>
                            </li>
                        }
                    }
                </Each>
            </ol>
            <Button icon=Glyph::Plus on_press=add>"Add a point"</Button>
            <p class="form-error" role="alert">{error}</p>
        </Dialog>
    }
}

#[component]
fn WaveDialog(shared: Shared, which: RwSignal<Option<(RaceId, Option<WaveRow>)>>) -> impl IntoView {
    let open = opened_by(which);
    let name = RwSignal::new(String::new());
    let date = RwSignal::new(String::new());
    let time = RwSignal::new(String::new());
    let wrong = Wrong::new(&["name", "date", "time"]);
    effect(move || {
        let Some((_, wave)) = which.get() else {
            return;
        };
        wrong.clear();
        name.set(
            wave.as_ref()
                .map(|wave| wave.name.clone())
                .unwrap_or_default(),
        );
        let planned = wave.and_then(|wave| wave.scheduled);
        date.set(match &planned {
            Some(local) => local.date.clone(),
            None => shared.view.with_untracked(|view| view.event.date.clone()),
        });
        time.set(
            planned
                .map(|local| format_time_of_day(local.time_cs))
                .unwrap_or_default(),
        );
    });
    let planned = move || {
        let text = time.get_untracked();
        if text.trim().is_empty() {
            return Ok(None);
        }
        match parse_time_of_day(&text) {
            Some(time_cs) => Ok(Some(LocalTime {
                date: date.get_untracked(),
                time_cs,
            })),
            None => Err("type a time such as 8:00, or leave it empty"),
        }
    };
    let save = move || {
        let Some((race, wave)) = which.get_untracked() else {
            return;
        };
        let planned = match planned() {
            Ok(planned) => planned,
            Err(problem) => return wrong.say_of("time", problem),
        };
        let (event, name) = (shared.id, name.get_untracked());
        let work = async move {
            match wave {
                None => create_wave(event, race, name, planned).await.map(|_| ()),
                Some(wave) => update_wave(event, wave.id, name, planned).await,
            }
        };
        send(wrong, work, move |()| {
            open.set(false);
            shared.reload.run(());
        });
    };
    let remove = move || {
        let Some((_, Some(wave))) = which.get_untracked() else {
            return;
        };
        send(wrong, remove_wave(shared.id, wave.id), move |()| {
            open.set(false);
            shared.reload.run(());
        });
    };
    let is_new = move || matches!(which.get(), Some((_, None)));
    let foot = move || {
        view! {
            <When holds=move || !is_new()>
                <Button kind=ButtonKind::Danger on_press=remove>"Remove"</Button>
            </When>
            <Button on_press=move || open.set(false)>"Cancel"</Button>
            <Button kind=ButtonKind::Primary on_press=save>"Save"</Button>
        }
    };
    let title = move || if is_new() { "New wave" } else { "Wave" }.to_owned();
    view! {
        <Dialog id="wave-form" title=Signal::derive(title) open=open foot=foot>
            <TextField id="wave-name" label="Name" value=name autofocus=true error=wrong.at("name")
                hint="Such as Wave A; none is needed where all start together"/>
            <div class="pair">
                <TextField id="wave-date" label="Date" kind=TextKind::Date value=date
                    error=wrong.at("date")/>
                <TimeField id="wave-time" label="Planned start" value=time
                    error=wrong.at("time")/>
            </div>
            <Problem error=wrong.below()/>
        </Dialog>
    }
}

#[component]
fn RemoveDialog(shared: Shared, which: RwSignal<Option<RaceRow>>) -> impl IntoView {
    let toasts = use_toasts();
    let open = opened_by(which);
    let remove = move || {
        if let Some(race) = which.get_untracked() {
            attempt(toasts, remove_race(shared.id, race.id), move |()| {
                shared.reload.run(());
                toasts.done(format!("{} removed", race.name));
            });
        }
    };
    let what = move || match which.get() {
        Some(race) => format!(
            "{} goes with its waves and its course. Nobody may be entered in it any more.",
            race.name
        ),
        None => String::new(),
    };
    view! {
        <ConfirmDialog id="remove-race" title="Remove the race?" what=Signal::derive(what)
            verb="Remove" open=open danger=true on_confirm=remove/>
    }
}
