//! Connections that are nobody's yet, with the one press that says whose they are.

use super::{Shared, words};
use crate::{
    format::counted,
    pages::attempt,
    parts::{Badge, Button, ButtonKind, Each, Glyph, StatusDot, Tone, When},
    rpc::timing::{StreamForm, claim, save_stream},
};
use leptos::prelude::*;
use model::timing_view::{ConnectionLive, StreamState};

#[component]
pub(super) fn Claims(shared: Shared) -> AnyView {
    let waiting = Memo::new(move |_| {
        shared.live.with(|view| {
            let nobodys = view.connections.iter().filter(|it| it.claimable);
            nobodys.cloned().collect::<Vec<_>>()
        })
    });
    view! {
        <When holds=move || !waiting.read().is_empty()>
            <section class="group" aria-labelledby="claims">
                <h2 id="claims">"Whose is it?"</h2>
                <ul class="claims">
                    <Each each=move || waiting.get() key=|it| it.id let(it)>
                        <Card shared first=it waiting/>
                    </Each>
                </ul>
            </section>
        </When>
    }
    .into_any()
}

#[component]
fn Card(shared: Shared, first: ConnectionLive, waiting: Memo<Vec<ConnectionLive>>) -> AnyView {
    let id = first.id;
    let now = Memo::new(move |before: Option<&ConnectionLive>| {
        let found = waiting.with(|all| all.iter().find(|it| it.id == id).cloned());
        found.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let takers = Memo::new(move |_| {
        shared.live.with(|view| {
            let open = view
                .streams
                .iter()
                .filter(|stream| stream.port.is_none() && stream.state == StreamState::Active);
            open.map(|stream| (stream.id, stream.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let busy = RwSignal::new(false);
    let toasts = shared.toasts;
    let claimed = move |name: String| {
        shared.reload.run(());
        toasts.done(format!("The connection is {name}'s now"));
    };
    let give = move |stream, name: String| {
        busy.set(true);
        let work = async move {
            let done = claim(id, stream).await;
            busy.try_set(false);
            done
        };
        attempt(toasts, work, move |()| claimed(name));
    };
    // Named as the device names its event, so that it is found again.
    let make = move || {
        let it = now.get_untracked();
        let taken = shared
            .live
            .with_untracked(|view| view.streams.iter().map(|it| it.name.clone()).collect());
        let name = free_name(&it, taken);
        busy.set(true);
        let form = StreamForm {
            name: name.clone(),
            ..StreamForm::default()
        };
        let event = shared.event;
        let work = async move {
            let done = match save_stream(event, None, form).await {
                Ok(stream) => claim(id, stream).await,
                Err(error) => Err(error),
            };
            busy.try_set(false);
            done
        };
        attempt(toasts, work, move |()| claimed(name));
    };
    let facts = move || {
        now.with(|it| {
            let mut facts = vec![format!("from {}", it.peer)];
            if !it.event_name.is_empty() {
                facts.push(format!("calls its event {:?}", it.event_name));
            }
            let places: Vec<_> = it.locations.iter().map(|it| it.location.clone()).collect();
            if !places.is_empty() {
                facts.push(places.join(", "));
            }
            if it.reads > 0 {
                facts.push(counted(it.reads, "read", "reads"));
            }
            facts.join(" · ")
        })
    };
    let state = move || now.with(|it| words::connection_state(it.state));
    view! {
        <li class="claim">
            <div class="claim-words">
                <p class="claim-name">
                    <strong dir="auto">{move || now.with(words::program)}</strong>
                    <StatusDot
                        tone=Signal::derive(move || state().0)
                        text=Signal::derive(move || state().1.to_owned())
                    />
                    {move || now.with(|it| it.simulated).then(|| view! {
                        <Badge tone=Tone::Info>"DEMO"</Badge>
                    })}
                </p>
                <p class="quiet" dir="auto">{move || facts()}</p>
                <p class="quiet">"It keeps its reads until somebody says whose it is; nothing is lost."</p>
            </div>
            <div class="claim-actions">
                <Each each=move || takers.get() key=|it| it.clone() let((stream, name))>
                    <Button kind=ButtonKind::Primary busy=busy
                        on_press={
                            let name = name.clone();
                            move || give(stream, name.clone())
                        }>
                        {format!("Claim for {name}")}
                    </Button>
                </Each>
                <Button icon=Glyph::Plus busy=busy on_press=make>"Claim with a new stream"</Button>
            </div>
        </li>
    }
    .into_any()
}

fn free_name(it: &ConnectionLive, taken: Vec<String>) -> String {
    let wanted = [it.event_name.as_str(), it.program.as_str(), "Timing"];
    let wanted = wanted.into_iter().find(|name| !name.trim().is_empty());
    let wanted = wanted.unwrap_or("Timing").trim();
    let numbered = (2..).map(|number| format!("{wanted} {number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    let free = names.find(|name| !taken.contains(name));
    free.unwrap_or_else(|| wanted.to_owned())
}
