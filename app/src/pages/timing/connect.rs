//! What to type into the timing software, and whether somebody has done so.

use super::{Shared, words};
use crate::{
    format::is_this_computer,
    parts::{Copyable, Each, EmptyState, Glyph, StatusDot, Tone, When},
};
use leptos::prelude::*;
use model::timing_view::{ConnectionWord, Host};

#[component]
pub(super) fn Connect(shared: Shared) -> impl IntoView {
    let hint = Memo::new(move |_| shared.live.with(|view| view.connect.clone()));
    let own_ports = Memo::new(move |_| {
        shared.live.with(|view| {
            let ports = view.streams.iter();
            let ports = ports.filter_map(|it| Some((it.name.clone(), it.port?)));
            ports.collect::<Vec<_>>()
        })
    });
    let port = move || hint.with(|hint| hint.port.map(|port| port.to_string()));
    let hosts = move || hint.with(|hint| hint.hosts.clone());
    view! {
        <div class="connect">
            <When
                holds=move || hint.with(|hint| hint.port.is_some())
                fallback=|| view! {
                    <EmptyState icon=Glyph::Warning title="The shared timing port is not open"
                        text="Another program may hold it, such as the scoring software; the alarm above says which, and what to do. A stream with a port of its own works meanwhile."/>
                }
            >
                <ol class="steps">
                    <li>
                        "In SimpleClient or Classic Data Suite open the settings of an output (Direct Socket Out). Another program that speaks ChronoTrack's protocol has the same under a name such as TCP client."
                    </li>
                    <li>"As protocol choose " <strong>"CTP01"</strong> "."</li>
                    <li>
                        "As host type the address of this computer:"
                        <ul class="hosts">
                            <Each each=hosts key=|host| host.address.clone() let(host)>
                                <Address host/>
                            </Each>
                        </ul>
                        <When holds=move || hint.with(|hint| hint.only_here)>
                            <p class="form-note">
                                "Only programs on this computer reach that address. For a device elsewhere on the network start Gantry with "
                                <code>"gantry serve --lan"</code> "."
                            </p>
                        </When>
                    </li>
                    <li>
                        "As port type "
                        <Copyable label="the port"
                            text=Signal::derive(move || port().unwrap_or_default())/>
                        <Each each=move || own_ports.get() key=|it| it.clone() let((name, port))>
                            <p>
                                "or for the stream " <strong dir="auto">{name}</strong>
                                ", which has its own, "
                                <Copyable label="the stream's own port" text=port.to_string()/>
                            </p>
                        </Each>
                    </li>
                    <li>"Leave user and password empty."</li>
                    <li>
                        "Tick " <strong>"Activate connection"</strong>
                        ". It has to be ticked again after the program gave up."
                    </li>
                </ol>
            </When>
            <Seen shared/>
        </div>
    }
}

#[component]
fn Address(host: Host) -> impl IntoView {
    let note = match (is_this_computer(&host.address), host.network.as_str()) {
        (true, _) => "for programs on this computer".to_owned(),
        (false, network) => network.to_owned(),
    };
    view! {
        <li>
            <Copyable label=format!("the address {}", host.address) text=host.address/>
            " " <span class="quiet">{note}</span>
        </li>
    }
}

/// The first connection is noticed by itself.
#[component]
fn Seen(shared: Shared) -> impl IntoView {
    let seen = Memo::new(move |_| {
        shared.live.with(|view| {
            let live = view.connections.iter();
            let live = live.filter(|it| it.state != ConnectionWord::Gone);
            let newest = live.max_by_key(|it| it.since)?;
            let (tone, state) = words::connection_state(newest.state);
            let text = format!("{} at {}: {state}", words::program(newest), newest.peer);
            Some((tone, text))
        })
    });
    view! {
        <div class="seen" role="status">
            <When
                holds=move || seen.read().is_some()
                fallback=|| view! {
                    <p class="waiting">
                        <span class="pulse" aria-hidden="true"></span>
                        "Waiting for the first connection…"
                    </p>
                }
            >
                <StatusDot
                    tone=Signal::derive(move || seen.get().map_or(Tone::Neutral, |it| it.0))
                    text=Signal::derive(move || seen.get().map(|it| it.1).unwrap_or_default())
                />
            </When>
        </div>
    }
}
