//! The streams: what feeds each, what came from its mats, and the dialog that sets one up.

use super::{Shared, table::Places, words};
use crate::{
    browser::effect,
    format::{ago, count},
    pages::{Problem, Wrong, attempt, opened_by, send},
    parts::{
        Badge, Button, ButtonKind, Dialog, DialogFoot, Each, EmptyState, Glyph, Menu, MenuItem,
        StatusDot, TextArea, TextField, TextKind, Tone, When,
    },
    rpc::timing::{StreamForm, archive_stream, pause_stream, save_stream, wake_stream},
};
use leptos::prelude::*;
use model::{
    StreamId,
    timing_view::{ConnectionLive, StreamLive, StreamState},
};

#[component]
pub(super) fn Streams(shared: Shared) -> AnyView {
    let shows_archived = RwSignal::new(false);
    let ids = move |archived: bool| {
        Memo::new(move |_| {
            shared.live.with(|view| {
                let all = view.streams.iter();
                let those = all.filter(|it| (it.state == StreamState::Archived) == archived);
                those.map(|it| it.id).collect::<Vec<_>>()
            })
        })
    };
    let (open, archived) = (ids(false), ids(true));
    view! {
        <section class="group" aria-label="Streams">
            <When
                holds=move || !open.read().is_empty()
                fallback=move || view! {
                    <EmptyState icon=Glyph::Mat title="No stream yet"
                        text="A stream takes the reads of one timing computer. Connect it as said below, and it shows up here by itself; or make the stream first.">
                        <Button kind=ButtonKind::Primary icon=Glyph::Plus
                            on_press=move || shared.form.set(Some(None))>
                            "New stream"
                        </Button>
                        <Button on_press=move || shared.tab.set("connect".to_owned())>
                            "What to type into the timing software"
                        </Button>
                    </EmptyState>
                }
            >
                <ul class="streams">
                    <Each each=move || open.get() key=|id| *id let(id)><Card shared id/></Each>
                </ul>
            </When>
            <When holds=move || !archived.read().is_empty()>
                <div>
                    <Button kind=ButtonKind::Quiet
                        on_press=move || shows_archived.update(|on| *on = !*on)>
                        {move || match shows_archived.get() {
                            true => "Hide archived streams".to_owned(),
                            false => format!("Show {} archived", archived.read().len()),
                        }}
                    </Button>
                </div>
                <When holds=move || shows_archived.get()>
                    <ul class="streams">
                        <Each each=move || archived.get() key=|id| *id let(id)>
                            <Card shared id/>
                        </Each>
                    </ul>
                </When>
            </When>
        </section>
    }
    .into_any()
}

#[component]
fn Card(shared: Shared, id: StreamId) -> AnyView {
    let stream = Memo::new(move |before: Option<&Option<StreamLive>>| {
        let found = shared
            .live
            .with(|view| view.streams.iter().find(|it| it.id == id).cloned());
        // One that has just gone is drawn as it was until its card goes too.
        found.or_else(|| before.cloned().flatten())
    });
    let of = move |look: fn(&StreamLive) -> String| {
        move || stream.with(|it| it.as_ref().map(look).unwrap_or_default())
    };
    let state = Memo::new(move |_| {
        let state = stream.with(|it| it.as_ref().map(|it| it.state));
        state.unwrap_or(StreamState::Active)
    });
    let settings = of(|it| {
        let mut facts = vec![match it.port {
            Some(port) => format!("own port {port}"),
            None => "shared port".to_owned(),
        }];
        if let Some(zone) = &it.timezone {
            facts.push(zone.replace('_', " "));
        }
        if it.offset_ms != 0 {
            let sign = if it.offset_ms > 0 { "+" } else { "" };
            facts.push(format!("offset {sign}{}", words::offset(it.offset_ms)));
        }
        facts.join(" · ")
    });
    let items = Signal::derive(move || items(shared, id, state.get()));
    let label = Signal::derive(of(|it| format!("Actions for {}", it.name)));
    let state_words = move || words::stream_state(state.get());
    view! {
        <li class="stream">
            <div class="stream-head">
                <h2 dir="auto">{of(|it| it.name.clone())}</h2>
                <StatusDot
                    tone=Signal::derive(move || state_words().0)
                    text=Signal::derive(move || state_words().1.to_owned())
                />
                <span class="quiet stream-settings">{move || settings()}</span>
                <Menu id=format!("stream-{id}") label items/>
            </div>
            <Connections shared id/>
            <Places shared id/>
            <p class="stream-totals quiet">
                <Total value=of(|it| count(it.reads)) what="reads"/>
                <Total value=of(|it| count(it.late)) what="late"/>
                <Total value=of(|it| it.unknown.map_or("…".to_owned(), count)) what="of unknown tags"/>
                <Total value=of(|it| count(it.duplicates)) what="duplicates"/>
            </p>
        </li>
    }
    .into_any()
}

#[component]
fn Total(value: impl Fn() -> String + Send + Sync + 'static, what: &'static str) -> impl IntoView {
    view! { <span><strong>{value}</strong> " " {what}</span> }
}

fn items(shared: Shared, id: StreamId, state: StreamState) -> Vec<MenuItem> {
    let toasts = shared.toasts;
    let pause = move |paused: bool| {
        attempt(toasts, pause_stream(id, paused), move |()| {
            shared.reload.run(());
            let said = match paused {
                true => "Paused; its devices keep their reads",
                false => "Started",
            };
            toasts.done_with(said, "Undo", move || {
                attempt(toasts, pause_stream(id, !paused), move |()| {
                    shared.reload.run(());
                });
            });
        });
    };
    let archive = move |archived: bool| {
        attempt(toasts, archive_stream(id, archived), move |()| {
            shared.reload.run(());
            let said = if archived {
                "Archived"
            } else {
                "Taken back, and started"
            };
            toasts.done_with(said, "Undo", move || {
                attempt(toasts, archive_stream(id, !archived), move |()| {
                    shared.reload.run(());
                });
            });
        });
    };
    let wake = move || {
        attempt(toasts, wake_stream(id), move |()| {
            shared.reload.run(());
            toasts.done("It takes reads again");
        });
    };
    let edit = MenuItem::action("Edit", move || shared.form.set(Some(Some(id)))).icon(Glyph::Edit);
    let to_pause = MenuItem::action("Pause", move || pause(true)).icon(Glyph::Pause);
    let to_archive = MenuItem::action("Archive", move || archive(true)).icon(Glyph::Archive);
    match state {
        StreamState::Active => vec![edit, to_pause, to_archive],
        StreamState::Paused => vec![
            MenuItem::action("Start", move || pause(false)).icon(Glyph::Play),
            edit,
            to_archive,
        ],
        StreamState::Asleep => vec![
            MenuItem::action("Wake", wake).icon(Glyph::Play),
            edit,
            to_pause,
            to_archive,
        ],
        StreamState::Archived => {
            vec![MenuItem::action("Take back", move || archive(false)).icon(Glyph::Undo)]
        }
    }
}

/// What dials in for it, the gone ones too.
#[component]
fn Connections(shared: Shared, id: StreamId) -> AnyView {
    let own = Memo::new(move |_| {
        shared.live.with(|view| {
            let own = view.connections.iter().filter(|it| it.stream == Some(id));
            own.cloned().collect::<Vec<_>>()
        })
    });
    view! {
        <ul class="connections">
            <Each each=move || own.get() key=|it| it.id let(it)>
                <Connection first=it own/>
            </Each>
        </ul>
        <When holds=move || own.read().is_empty()>
            <p class="quiet waiting">
                <span class="pulse" aria-hidden="true"></span>
                "Waiting for the first connection… "
                <button type="button" class="as-link"
                    on:click=move |_| shared.tab.set("connect".to_owned())>
                    "What to type into the timing software"
                </button>
            </p>
        </When>
    }
    .into_any()
}

#[component]
fn Connection(first: ConnectionLive, own: Memo<Vec<ConnectionLive>>) -> AnyView {
    let id = first.id;
    let now = Memo::new(move |before: Option<&ConnectionLive>| {
        let found = own.with(|all| all.iter().find(|it| it.id == id).cloned());
        found.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let state = move || now.with(|it| words::connection_state(it.state));
    let facts = move || {
        now.with(|it| {
            let mut facts = vec![it.peer.clone()];
            if !it.event_name.is_empty() {
                facts.push(format!("calls its event {:?}", it.event_name));
            }
            if let Some(age_ms) = it.last_read_age_ms {
                facts.push(format!("last read {}", ago(age_ms)));
            }
            if it.unknown_lines > 0 {
                facts.push(format!("{} lines not understood", count(it.unknown_lines)));
            }
            facts.extend(it.note.clone());
            facts.join(" · ")
        })
    };
    view! {
        <li class="connection">
            <span class="connection-name" dir="auto">{move || now.with(words::program)}</span>
            {move || now.with(|it| it.simulated).then(|| view! { <Badge tone=Tone::Info>"DEMO"</Badge> })}
            <StatusDot
                tone=Signal::derive(move || state().0)
                text=Signal::derive(move || state().1.to_owned())
            />
            <span class="quiet connection-facts" dir="auto">{move || facts()}</span>
        </li>
    }
    .into_any()
}

/// Makes a stream, or alters what it is set to.
#[component]
pub(super) fn StreamDialog(shared: Shared) -> impl IntoView {
    let (which, open) = (shared.form, opened_by(shared.form));
    let name = RwSignal::new(String::new());
    let timezone = RwSignal::new(String::new());
    let offset = RwSignal::new(String::new());
    let port = RwSignal::new(String::new());
    let addresses = RwSignal::new(String::new());
    let wrong = Wrong::new(&["name", "offset", "port", "timezone", "addresses"]);
    let busy = RwSignal::new(false);
    effect(move || {
        let Some(id) = which.get() else {
            return;
        };
        wrong.clear();
        let known = id.and_then(|id| {
            shared
                .live
                .with_untracked(|view| view.streams.iter().find(|it| it.id == id).cloned())
        });
        let listed = shared.facts.with_untracked(|facts| {
            let mut all = facts.addresses.iter();
            all.find(|(of, _)| Some(*of) == id)
                .map(|(_, list)| list.join("\n"))
        });
        addresses.set(listed.unwrap_or_default());
        match known {
            None => {
                let first = shared.live.with_untracked(|view| view.streams.is_empty());
                name.set(if first { "Timing" } else { "" }.to_owned());
                for field in [timezone, port] {
                    field.set(String::new());
                }
                offset.set("0".to_owned());
            }
            Some(stream) => {
                name.set(stream.name);
                timezone.set(stream.timezone.unwrap_or_default());
                offset.set(words::offset(stream.offset_ms));
                port.set(stream.port.map(|port| port.to_string()).unwrap_or_default());
            }
        }
    });
    let typed = move || {
        let offset_ms = words::offset_of(&offset.get_untracked()).ok_or((
            "offset",
            "type it as 1:00:03 or -2.5; it is added to every read",
        ))?;
        let port = port.get_untracked();
        let port = match port.trim() {
            "" => None,
            text => Some(
                text.parse()
                    .map_err(|_| ("port", "a port is a number from 1 to 65535"))?,
            ),
        };
        let addresses = addresses.get_untracked();
        let addresses = addresses.split([' ', ',', ';', '\n', '\t']);
        let addresses = addresses.filter(|text| !text.is_empty());
        Ok(StreamForm {
            name: name.get_untracked(),
            port,
            timezone: timezone.get_untracked(),
            offset_ms,
            addresses: addresses.map(str::to_owned).collect(),
        })
    };
    let save = move || {
        let Some(id) = which.get_untracked() else {
            return;
        };
        let form = match typed() {
            Ok(form) => form,
            Err((field, problem)) => return wrong.say_of(field, problem),
        };
        busy.set(true);
        let work = async move {
            let done = save_stream(shared.event, id, form).await;
            busy.try_set(false);
            done
        };
        send(wrong, work, move |_| {
            open.set(false);
            shared.reload.run(());
            shared.toasts.done("Stream saved");
        });
    };
    let foot = move || view! { <DialogFoot open verb="Save" busy=busy on_press=save/> };
    let title = move || match which.get() {
        Some(Some(_)) => "Edit the stream",
        _ => "New stream",
    };
    view! {
        <Dialog id="stream-form" title=Signal::derive(move || title().to_owned()) open=open foot=foot>
            <TextField id="stream-name" label="Name" value=name autofocus=true required=true
                error=wrong.at("name") hint="As you call the timing computer, such as Finish box"/>
            <div class="pair">
                <TextField id="stream-zone" label="Time zone" value=timezone error=wrong.at("timezone")
                    placeholder="that of the event" hint="Only where its clock is set to another"/>
                <TextField id="stream-offset" label="Offset" value=offset error=wrong.at("offset")
                    hint="Added to every read, such as 1:00:03"/>
            </div>
            <TextField id="stream-port" label="Port of its own" kind=TextKind::Number value=port
                error=wrong.at("port") placeholder="none: the shared port"
                hint="Whatever comes there is this stream's"/>
            <TextArea id="stream-addresses" label="Allowed addresses" value=addresses rows=2
                error=wrong.at("addresses")
                hint="Devices at these addresses are yours, also at the shared port; one a line"/>
            <Problem error=wrong.below()/>
        </Dialog>
    }
}
