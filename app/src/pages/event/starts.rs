//! What starts when, what has started, and the gun.

use super::Shared;
use crate::{
    browser::{self, effect},
    format::{race_clock, time_of_day},
    pages::{Blank, attempt, every, opened_by},
    parts::{
        Badge, Button, ButtonKind, Checkbox, Dialog, DialogFoot, Each, EmptyState, Glyph, Menu,
        MenuItem, TextField, TextKind, TimeField, Tone, When, format_time_of_day,
        parse_time_of_day, use_toasts,
    },
    rpc::event::{
        EventView, Fired, GunRow, LocalTime, assign_gun, correct_gun, fire_gun, remove_gun, undo,
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{GunId, GunSource, UnixMicros, WaveId};

/// A wave as this part of the page names it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    wave: WaveId,
    name: String,
    scheduled: Option<LocalTime>,
    gun: Option<GunRow>,
}

fn lines(view: &EventView) -> Vec<Line> {
    let gun_of = |id: Option<GunId>| view.guns.iter().find(|gun| Some(gun.id) == id).cloned();
    let waves = view.races.iter().flat_map(|race| {
        race.waves.iter().map(move |wave| Line {
            wave: wave.id,
            name: if wave.name.is_empty() {
                race.name.clone()
            } else {
                format!("{} · {}", race.name, wave.name)
            },
            scheduled: wave.scheduled.clone(),
            gun: gun_of(wave.gun),
        })
    });
    let mut lines: Vec<_> = waves.collect();
    let time = |local: &LocalTime| (local.date.clone(), local.time_cs);
    lines.sort_by_key(|line| (line.scheduled.is_none(), line.scheduled.as_ref().map(time)));
    lines
}

#[component]
pub(super) fn Starts(shared: Shared) -> impl IntoView {
    let lines = Memo::new(move |_| shared.view.with(lines));
    let spare = Memo::new(move |_| {
        shared.view.with(|view| {
            let used = |gun: &GunRow| {
                let mut waves = view.races.iter().flat_map(|race| &race.waves);
                waves.any(|wave| wave.gun == Some(gun.id))
            };
            view.guns
                .iter()
                .filter(|gun| !used(gun))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let now_us = RwSignal::new(None::<i64>);
    every(250, move || {
        let ahead = shared.clock_ahead_us.try_get_untracked().flatten();
        now_us.try_set(ahead.map(|ahead| browser::now_us() + ahead));
    });
    let firing = RwSignal::new(false);
    let correcting = RwSignal::new(None::<GunRow>);
    view! {
        <section class="group" aria-labelledby="starts">
            <div class="group-head">
                <h2 id="starts">"Starts"</h2>
                <Button
                    kind=ButtonKind::Primary
                    icon=Glyph::Gun
                    disabled=Signal::derive(move || lines.read().is_empty())
                    on_press=move || firing.set(true)
                >
                    "Fire a gun"
                </Button>
            </div>
            <When
                holds=move || !lines.read().is_empty()
                fallback=|| view! {
                    <EmptyState icon=Glyph::Gun title="No race yet"
                        text="Make the races below; then each can be started here, by hand or by the timing device."/>
                }
            >
                <ul class="starts">
                    // A line that was altered is drawn anew; the others stay.
                    <Each each=move || lines.get() key=|line| format!("{line:?}") let(line)>
                        <Start shared line now_us correcting/>
                    </Each>
                </ul>
            </When>
            <When holds=move || !spare.read().is_empty()>
                <h3 class="sub">"Guns that started nothing"</h3>
                <ul class="starts">
                    <Each each=move || spare.get() key=|gun| (gun.id, gun.fired_at) let(gun)>
                        <Spare shared gun lines correcting/>
                    </Each>
                </ul>
            </When>
            <FireDialog shared lines open=firing/>
            <CorrectDialog shared gun=correcting/>
        </section>
    }
}

#[component]
fn Start(
    shared: Shared,
    line: Line,
    now_us: RwSignal<Option<i64>>,
    correcting: RwSignal<Option<GunRow>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let (event, wave) = (shared.id, line.wave);
    let scheduled = match &line.scheduled {
        Some(local) => format!("planned {}", time_of_day(local.time_cs)),
        None => "no time planned".to_owned(),
    };
    let Some(gun) = line.gun else {
        return view! {
            <li class="start">
                <span class="start-name" dir="auto">{line.name}</span>
                <span class="start-facts">{scheduled}</span>
                <Badge>"not started"</Badge>
            </li>
        }
        .into_any();
    };
    let fired_at = gun.fired_at;
    let clock = move || {
        let now = now_us.get();
        now.map_or("–:––".to_owned(), |now| {
            race_clock((now - fired_at.0) / 1_000)
        })
    };
    let said = format!(
        "gun {} {}",
        time_of_day(gun.local.time_cs),
        source(gun.source)
    );
    let unassign = move || {
        attempt(toasts, assign_gun(event, wave, None), move |deed| {
            shared.reload.run(());
            toasts.done_with("Gun taken off", "Undo", move || {
                attempt(toasts, undo(event, deed), move |_| shared.reload.run(()));
            });
        });
    };
    let items = vec![
        MenuItem::action("Correct the time", move || {
            correcting.set(Some(gun.clone()));
        })
        .icon(Glyph::Edit),
        MenuItem::action("Not started by this gun", unassign).icon(Glyph::Close),
    ];
    view! {
        <li class="start is-running">
            <span class="start-name" dir="auto">{line.name}</span>
            <span class="start-clock">{move || clock()}</span>
            <span class="start-facts">{said} " · " {scheduled}</span>
            <Badge tone=Tone::Good>"started"</Badge>
            <Menu id=format!("start-{wave}") label="What to do with this start" items/>
        </li>
    }
    .into_any()
}

fn source(source: GunSource) -> &'static str {
    match source {
        GunSource::Device => "by the timing device",
        GunSource::Studio => "pressed here",
        GunSource::Typed => "typed",
    }
}

#[component]
fn Spare(
    shared: Shared,
    gun: GunRow,
    lines: Memo<Vec<Line>>,
    correcting: RwSignal<Option<GunRow>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let (event, id) = (shared.id, gun.id);
    let said = format!("{} {}", time_of_day(gun.local.time_cs), source(gun.source));
    let items = Signal::derive(move || {
        let mut items: Vec<_> = lines
            .get()
            .into_iter()
            .map(|line| {
                let assign = move || {
                    attempt(toasts, assign_gun(event, line.wave, Some(id)), move |_| {
                        shared.reload.run(());
                    });
                };
                MenuItem::action(format!("It started {}", line.name), assign).icon(Glyph::Gun)
            })
            .collect();
        let gun = gun.clone();
        items.push(
            MenuItem::action("Correct the time", move || {
                correcting.set(Some(gun.clone()));
            })
            .icon(Glyph::Edit),
        );
        let remove = move || {
            attempt(toasts, remove_gun(event, id), move |deed| {
                shared.reload.run(());
                toasts.done_with("Gun removed", "Undo", move || {
                    attempt(toasts, undo(event, deed), move |_| shared.reload.run(()));
                });
            });
        };
        items.push(
            MenuItem::action("Remove", remove)
                .icon(Glyph::Trash)
                .danger(),
        );
        items
    });
    view! {
        <li class="start">
            <span class="start-name">{said}</span>
            <Menu id=format!("gun-{id}") label="What this gun started" items/>
        </li>
    }
}

/// Which waves, and then one large button: the press is the gun.
#[component]
fn FireDialog(shared: Shared, lines: Memo<Vec<Line>>, open: RwSignal<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let typed = RwSignal::new(false);
    let time = RwSignal::new(String::new());
    let date = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    // When the button was pressed, until the server knows it: a moment does not come again.
    let pressed = RwSignal::new(None::<UnixMicros>);
    // A box for each wave that has not started; the next ones by plan are ticked.
    let boxes = RwSignal::new(Vec::<(Line, Blank<bool>)>::new());
    effect(move || {
        if !open.get() {
            return;
        }
        error.set(None);
        typed.set(false);
        pressed.set(None);
        date.set(shared.view.with_untracked(|view| view.event.date.clone()));
        let waiting: Vec<_> = lines
            .get_untracked()
            .into_iter()
            .filter(|line| line.gun.is_none())
            .collect();
        let next = waiting.first().and_then(|line| line.scheduled.clone());
        let ticked = |line: &Line| waiting.len() == 1 || (next.is_some() && line.scheduled == next);
        boxes.set(
            waiting
                .iter()
                .map(|line| (line.clone(), Blank::new(ticked(line))))
                .collect(),
        );
    });
    let fire = move |fired: Fired| {
        let waves: Vec<_> = boxes.with_untracked(|boxes| {
            let ticked = boxes.iter().filter(|(_, on)| on.get());
            ticked.map(|(line, _)| line.wave).collect()
        });
        if waves.is_empty() {
            error.set(Some("Tick what the gun starts.".to_owned()));
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let event = shared.id;
        spawn_local(async move {
            let told = fire_gun(event, waves, fired).await;
            busy.try_set(false);
            match told {
                Ok(deed) => {
                    open.try_set(false);
                    shared.reload.run(());
                    toasts.done_with("Gun fired", "Undo", move || {
                        attempt(toasts, undo(event, deed), move |_| shared.reload.run(()));
                    });
                }
                Err(refused) => {
                    error.try_set(Some(refused.sentence()));
                }
            }
        });
    };
    let press = move || {
        let now = browser::now_us();
        match shared.clock_ahead_us.get_untracked() {
            Some(ahead) => {
                let at = UnixMicros(now + ahead);
                pressed.set(Some(at));
                fire(Fired::Pressed(at));
            }
            None => error.set(Some(
                "The server's clock is not known yet; type the time, or press again in a moment."
                    .to_owned(),
            )),
        }
    };
    let by_key = move |key: web_sys::KeyboardEvent| {
        if !key.repeat() && matches!(key.key().as_str(), "Enter" | " ") {
            key.prevent_default();
            press();
        }
    };
    let send = move || {
        if let Some(at) = pressed.get_untracked() {
            fire(Fired::Pressed(at));
        }
    };
    let save_typed = move || match parse_time_of_day(&time.get_untracked()) {
        Some(time_cs) => fire(Fired::Typed(LocalTime {
            date: date.get_untracked(),
            time_cs,
        })),
        None => error.set(Some(
            "Type the time of the gun, such as 8:00:03.2.".to_owned(),
        )),
    };
    view! {
        <Dialog id="fire" title="Fire a gun" open=open>
            <fieldset class="ticks">
                <legend>"It starts"</legend>
                <Each each=move || boxes.get() key=|(_, on)| on.key let((line, on))>
                    <Checkbox id=format!("fire-{}", line.wave) label=line.name
                        checked=RwSignal::from(on.value)/>
                </Each>
                <When holds=move || boxes.read().is_empty()>
                    <p class="quiet">"Everything has started. Take a gun off first to start it again."</p>
                </When>
            </fieldset>
            <p class="form-error" role="alert">{error}</p>
            <When holds=move || !boxes.read().is_empty()>
                <When
                    holds=move || typed.get()
                    fallback=move || view! {
                        <When
                            holds=move || pressed.read().is_some()
                            fallback=move || view! {
                                <button type="button" class="fire"
                                    on:pointerdown=move |_| press() on:keydown=by_key>
                                    "Gun"
                                </button>
                            }
                        >
                            <p role="status">
                                "Pressed. The moment is kept, and counts once the server knows it."
                            </p>
                            <Button kind=ButtonKind::Primary busy=busy on_press=send>
                                "Send it"
                            </Button>
                        </When>
                        <Button kind=ButtonKind::Quiet on_press=move || typed.set(true)>
                            "Type the time instead"
                        </Button>
                    }
                >
                    <TextField id="gun-date" label="Date" kind=TextKind::Date value=date/>
                    <TimeField id="gun-time" label="Time of the gun" value=time/>
                    <Button kind=ButtonKind::Primary on_press=save_typed>"Save the gun"</Button>
                </When>
            </When>
        </Dialog>
    }
}

#[component]
fn CorrectDialog(shared: Shared, gun: RwSignal<Option<GunRow>>) -> impl IntoView {
    let toasts = use_toasts();
    let open = opened_by(gun);
    let time = RwSignal::new(String::new());
    let date = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    effect(move || {
        if let Some(gun) = gun.get() {
            time.set(format_time_of_day(gun.local.time_cs));
            date.set(gun.local.date);
            error.set(None);
        }
    });
    let save = move || {
        let Some(gun) = gun.get_untracked() else {
            return;
        };
        let Some(time_cs) = parse_time_of_day(&time.get_untracked()) else {
            error.set(Some("Type a time such as 8:00:03.2.".to_owned()));
            return;
        };
        let local = LocalTime {
            date: date.get_untracked(),
            time_cs,
        };
        let event = shared.id;
        attempt(toasts, correct_gun(event, gun.id, local), move |deed| {
            open.set(false);
            shared.reload.run(());
            toasts.done_with("Gun corrected", "Undo", move || {
                attempt(toasts, undo(event, deed), move |_| shared.reload.run(()));
            });
        });
    };
    let foot = move || view! { <DialogFoot open verb="Correct" on_press=save/> };
    view! {
        <Dialog id="correct-gun" title="Correct the gun" open=open foot=foot>
            <p class="quiet">"Every gun time of what it started follows, on all screens."</p>
            <TextField id="correct-date" label="Date" kind=TextKind::Date value=date/>
            <TimeField id="correct-time" label="Time of the gun" value=time
                error=Signal::derive(move || error.get())/>
        </Dialog>
    }
}
