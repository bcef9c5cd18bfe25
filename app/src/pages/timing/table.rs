//! The places of a stream: each location with its point, its pace and its troubles, live.

use super::{Shared, words};
use crate::{
    browser::effect,
    format::{ago, count},
    pages::{attempt, opened_by},
    parts::{Button, ButtonKind, Dialog, Each, Glyph, Icon, RateStrip, StatusDot, TextField, When},
    rpc::timing::map_location,
};
use leptos::prelude::*;
use model::{
    StreamId,
    limits::MINUTES_PER_PLACE,
    timing_view::{ConnectionWord, PlaceLive, TimingView},
};

/// Minutes of a strip. The half of what is kept: more would be too fine to be seen.
const STRIP_MINUTES: usize = MINUTES_PER_PLACE / 2;

/// Those with reads as the course has them, then those that only greeted.
fn places_of(view: &TimingView, id: StreamId) -> Vec<PlaceLive> {
    let stream = view.streams.iter().find(|it| it.id == id);
    let mut places = stream.map(|it| it.places.clone()).unwrap_or_default();
    let live = view.connections.iter();
    let live = live.filter(|it| it.stream == Some(id) && it.state != ConnectionWord::Gone);
    for location in live.flat_map(|it| &it.locations) {
        if !places
            .iter()
            .any(|place| place.location == location.location)
        {
            let name = location.point.as_ref().unwrap_or(&location.location);
            places.push(PlaceLive {
                location: location.location.clone(),
                name: name.clone(),
                ..PlaceLive::default()
            });
        }
    }
    places
}

#[component]
pub(super) fn Places(shared: Shared, id: StreamId) -> AnyView {
    let places = Memo::new(move |_| shared.live.with(|view| places_of(view, id)));
    let locations = Memo::new(move |_| {
        let places = places.read();
        places
            .iter()
            .map(|it| it.location.clone())
            .collect::<Vec<_>>()
    });
    let mapping = RwSignal::new(None::<String>);
    view! {
        <When holds=move || !locations.read().is_empty()>
            <div class="table-box">
                <table class="table places">
                    <caption class="hidden-words">"Points of the stream"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Point"</th>
                            <th scope="col" class="strip">"Reads per minute"</th>
                            <th scope="col">"Last read"</th>
                            <th scope="col">"Its clock"</th>
                            <th scope="col" class="number">"Reads"</th>
                            <th scope="col" class="number">"Late"</th>
                            <th scope="col" class="number">"Unknown"</th>
                            <th scope="col" class="number">"Duplicates"</th>
                            <th scope="col" class="number">"Missing"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <Each each=move || locations.get() key=|it| it.clone() let(location)>
                            <Row places location mapping/>
                        </Each>
                    </tbody>
                </table>
            </div>
        </When>
        <MapDialog shared stream=id places mapping/>
    }
    .into_any()
}

#[component]
fn Row(
    places: Memo<Vec<PlaceLive>>,
    location: String,
    mapping: RwSignal<Option<String>>,
) -> AnyView {
    let place = {
        let location = location.clone();
        Memo::new(move |before: Option<&PlaceLive>| {
            let found = places.with(|all| all.iter().find(|it| it.location == location).cloned());
            found.or_else(|| before.cloned()).unwrap_or_default()
        })
    };
    let name = Memo::new(move |_| place.with(|it| it.name.clone()));
    let says = {
        let location = location.clone();
        move || (name.read() != location).then(|| format!("the device says {location}"))
    };
    let last = move || match place.with(|it| it.last_read_age_ms) {
        None => "none yet".to_owned(),
        Some(age_ms) => ago(age_ms),
    };
    let clock = move || place.with(|it| words::clock(it.clock_difference_ms));
    let strip = Signal::derive(move || {
        place.with(|it| {
            let known = it.minutes.len().min(STRIP_MINUTES);
            let mut minutes = vec![0; STRIP_MINUTES - known];
            minutes.extend_from_slice(&it.minutes[it.minutes.len() - known..]);
            minutes
        })
    });
    let pace = move || {
        count(
            place
                .with(|it| it.minutes.last().copied().unwrap_or(0))
                .into(),
        )
    };
    let readers = move || {
        place.with(|it| {
            let each = it.readers.iter().map(|reader| {
                let reads = format!("{}: {} reads", reader.reader, count(reader.reads));
                match reader.clock_difference_ms {
                    None => reads,
                    told => format!("{reads}, {}", words::clock(told).1),
                }
            });
            each.collect::<Vec<_>>().join(" · ")
        })
    };
    let unknown = move || {
        place.with(|it| match (it.unknown, it.tags) {
            (0, _) => "–".to_owned(),
            (unknown, 0) => count(unknown),
            (unknown, of) => {
                format!("{} ({}%)", count(unknown), it.tags_unknown * 100 / of)
            }
        })
    };
    let number = move |look: fn(&PlaceLive) -> u64| words::or_none(place.with(look));
    let map = {
        let location = location.clone();
        move |_| mapping.set(Some(location.clone()))
    };
    view! {
        <tr>
            <td class="place">
                <button type="button" class="place-name" on:click=map
                    aria-label=move || format!("{}: choose the point of this mat", name.get())>
                    <span dir="auto">{name}</span>
                    <Icon glyph=Glyph::Edit/>
                </button>
                <span class="quiet" dir="auto">{move || says()}</span>
                <span class="quiet readers" dir="auto">{move || readers()}</span>
            </td>
            <td class="strip">
                <span class="strip-box">
                    <RateStrip
                        label=Signal::derive(move || format!("Reads per minute at {}", name.get()))
                        counts=strip
                    />
                    <span class="pace number">{move || pace()} " a min"</span>
                </span>
            </td>
            <td class="last" data-label="Last read">{move || last()}</td>
            <td data-label="Its clock">
                <StatusDot
                    tone=Signal::derive(move || clock().0)
                    text=Signal::derive(move || clock().1)
                />
            </td>
            <td class="number" data-label="Reads">{move || number(|it| it.reads)}</td>
            <td class="number" data-label="Late">{move || number(|it| it.late)}</td>
            <td class="number" data-label="Unknown">{move || unknown()}</td>
            <td class="number" data-label="Duplicates">{move || number(|it| it.duplicates)}</td>
            <td class="number" data-label="Missing">{move || number(|it| it.missing)}</td>
        </tr>
    }
    .into_any()
}

/// Which point a location is.
#[component]
fn MapDialog(
    shared: Shared,
    stream: StreamId,
    places: Memo<Vec<PlaceLive>>,
    mapping: RwSignal<Option<String>>,
) -> AnyView {
    let open = opened_by(mapping);
    let name = RwSignal::new(String::new());
    effect(move || {
        if mapping.read().is_some() {
            name.set(String::new());
        }
    });
    let toasts = shared.toasts;
    let send = move |point: String| {
        let Some(location) = mapping.get_untracked() else {
            return;
        };
        let before = places.with_untracked(|all| {
            let known = all.iter().find(|it| it.location == location);
            known
                .filter(|it| it.point.is_some())
                .map(|it| it.name.clone())
        });
        let said = format!("{location} is {point} now");
        let work = map_location(stream, location.clone(), point);
        attempt(toasts, work, move |()| {
            open.set(false);
            shared.reload.run(());
            let Some(before) = before else {
                return toasts.done(said);
            };
            toasts.done_with(said, "Undo", move || {
                let work = map_location(stream, location.clone(), before.clone());
                attempt(toasts, work, move |()| shared.reload.run(()));
            });
        });
    };
    let points = move || shared.facts.with(|facts| facts.points.clone());
    let is_now = move |point: &str| {
        let location = mapping.get();
        places.with(|all| {
            let here = all
                .iter()
                .find(|it| Some(&it.location) == location.as_ref());
            here.is_some_and(|it| it.point.is_some() && it.name == point)
        })
    };
    let kind_of = move |point: &str| {
        if is_now(point) {
            ButtonKind::Primary
        } else {
            ButtonKind::Plain
        }
    };
    let title = move || format!("Which point is {}?", mapping.get().unwrap_or_default());
    view! {
        <Dialog id=format!("map-{stream}") title=Signal::derive(title) open=open>
            <p class="quiet">
                "What was read there already moves with it, on all screens. A backup mat goes to the same point."
            </p>
            <ul class="choices">
                <Each each=points key=|it| (it.id, it.name.clone()) let(point)>
                    <li>
                        <Button
                            kind=kind_of(&point.name)
                            on_press={
                                let name = point.name.clone();
                                move || send(name.clone())
                            }>
                            {point.name}
                        </Button>
                    </li>
                </Each>
            </ul>
            <form class="with-button" on:submit=move |event| {
                event.prevent_default();
                send(name.get_untracked());
            }>
                <TextField id=format!("map-new-{stream}") label="Another point" value=name
                    hint="It is made if there is none of that name"/>
                <Button submit=true>"Use it"</Button>
            </form>
        </Dialog>
    }
    .into_any()
}
