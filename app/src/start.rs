//! The start page of a demo: what to open, what is connected, what went through.
//!
//! Owns the page and its polling. The server's own numbers and ages are shown as they came, so
//! that both sides draw the same.

use crate::{
    format::{ago, clock_difference, count, counted, is_this_computer},
    overview::{Connection, Display, Overview, Totals, read_overview},
};
use leptos::{either::Either, prelude::*, task::spawn_local};
use std::time::Duration;

const POLL_EVERY: Duration = Duration::from_secs(1);

#[component]
pub fn App() -> impl IntoView {
    let overview = RwSignal::new(SharedValue::new(first_overview).into_inner());
    let answers = RwSignal::new(true);
    // Effects run in the browser only.
    Effect::new(move |_| poll_later(overview, answers));
    view! {
        <header class="top">
            <div class="brand">
                <span class="arch" aria-hidden="true"></span>
                <h1>"Gantry"</h1>
                <span class="chip">"demo"</span>
            </div>
            <p class="version">{move || overview.with(|all| all.version.clone())}</p>
        </header>
        <main>
            <p class="trouble" role="status" hidden=move || answers.get()>
                "The server does not answer. This is what it said last; the page goes on asking."
            </p>
            <section aria-labelledby="displays">
                <h2 id="displays">"Displays"</h2>
                {move || overview.with(|all| displays(&all.displays))}
            </section>
            <section aria-labelledby="timing">
                <h2 id="timing">"Timing"</h2>
                {move || overview.with(listener)}
                {move || overview.with(|all| connections(&all.connections))}
            </section>
            <section aria-labelledby="totals">
                <h2 id="totals">"Since the start"</h2>
                <p class="lead">"Each read counts once; sent again, it is a duplicate."</p>
                {move || overview.with(|all| totals(all.totals))}
            </section>
        </main>
    }
}

#[cfg(feature = "ssr")]
fn first_overview() -> Overview {
    use_context::<crate::OverviewSource>()
        .map(|source| (source.0)())
        .unwrap_or_default()
}

/// In the browser the first overview comes with the page.
#[cfg(not(feature = "ssr"))]
fn first_overview() -> Overview {
    Overview::default()
}

/// The next question is asked a while after the last answer, so that a slow server is not
/// asked faster than it answers.
fn poll_later(overview: RwSignal<Overview>, answers: RwSignal<bool>) {
    set_timeout(
        move || {
            spawn_local(async move {
                match read_overview().await {
                    Ok(new) => {
                        overview.set(new);
                        answers.set(true);
                    }
                    Err(_) => answers.set(false),
                }
                poll_later(overview, answers);
            });
        },
        POLL_EVERY,
    );
}

fn displays(displays: &[Display]) -> impl IntoView + use<> {
    if displays.is_empty() {
        return Either::Left(view! {
            <p class="empty">
                "No display yet. Make one with " <code>"gantry display create"</code> "."
            </p>
        });
    }
    let lead = if displays
        .iter()
        .any(|display| is_this_computer(&display.url))
    {
        "These addresses open on this computer only. For other screens, start Gantry with --lan \
         and open this page under this computer's address."
    } else {
        "Open one on any screen that reaches this computer."
    };
    let cards = displays.iter().map(display_card).collect_view();
    Either::Right(view! {
        <p class="lead">{lead}</p>
        <ul class="cards">{cards}</ul>
    })
}

fn display_card(display: &Display) -> impl IntoView + use<> {
    let points = if display.points.is_empty() {
        "No point bound".to_owned()
    } else {
        display.points.join(" · ")
    };
    let last_frame = match display.last_frame_age_ms {
        Some(age) => format!("last frame {}", ago(age)),
        None => "no frame yet".to_owned(),
    };
    view! {
        <li class="card">
            <h3 dir="auto">{points}</h3>
            <p class="facts">
                <span dir="auto">{display.name.clone()}</span> " · " {display.template.clone()}
            </p>
            <a class="address" href=display.url.clone() target="_blank" rel="noopener">
                {display.url.clone()}
            </a>
            <p class="facts">
                {counted(u64::from(display.screens), "screen", "screens")} " · " {last_frame}
            </p>
        </li>
    }
}

fn listener(overview: &Overview) -> impl IntoView + use<> {
    let trouble = overview.timing_trouble.clone();
    let address = if overview.timing_address.is_empty() {
        Either::Left(view! { <p class="lead">"No timing listener is up."</p> })
    } else {
        let software = if is_this_computer(&overview.timing_address) {
            "In the timing software on this computer, send to "
        } else {
            "In the timing software, send to "
        };
        Either::Right(view! {
            <p class="lead">
                {software} <code>{overview.timing_address.clone()}</code>
            </p>
        })
    };
    view! {
        {address}
        <p class="trouble" hidden=trouble.is_empty()>{trouble.clone()}</p>
    }
}

fn connections(connections: &[Connection]) -> impl IntoView + use<> {
    if connections.is_empty() {
        return Either::Left(view! {
            <p class="empty">"Nothing has connected yet. Reads appear here as soon as they come."</p>
        });
    }
    let cards = connections.iter().map(connection_card).collect_view();
    Either::Right(view! { <ul class="cards wide">{cards}</ul> })
}

fn connection_card(connection: &Connection) -> impl IntoView + use<> {
    let title = connection
        .stream
        .clone()
        .unwrap_or_else(|| "Not claimed by a stream".to_owned());
    let program = if connection.program.is_empty() {
        "has not named itself".to_owned()
    } else {
        format!("{} {}", connection.program, connection.version)
    };
    let device = match (connection.event.is_empty(), connection.locations.is_empty()) {
        (true, true) => String::new(),
        (false, true) => connection.event.clone(),
        (true, false) => connection.locations.join(", "),
        (false, false) => format!("{}: {}", connection.event, connection.locations.join(", ")),
    };
    let last_read = connection.last_read_age_ms.map_or("none".to_owned(), ago);
    let clock = connection
        .clock_difference_ms
        .map_or("not known yet".to_owned(), clock_difference);
    let alarms = connection
        .alarms
        .iter()
        .map(|alarm| view! { <li>{alarm.clone()}</li> })
        .collect_view();
    let word = connection.state.word();
    view! {
        <li class="card">
            <div class="card-head">
                <h3 dir="auto">{title}</h3>
                <span class=format!("state {word}")>{word}</span>
            </div>
            <p class="facts">{connection.peer.clone()} " · " {program}</p>
            <p class="facts" dir="auto" hidden=device.is_empty()>{device.clone()}</p>
            <ul class="alarms" hidden=connection.alarms.is_empty()>{alarms}</ul>
            <dl class="numbers">
                {number("Reads received", count(connection.reads))}
                {number("Duplicates", count(connection.duplicates))}
                {number("Late", count(connection.late))}
                {number("Unknown", unknown(connection.unknown))}
                {number("Last read", last_read)}
                {number("Its clock", clock)}
            </dl>
        </li>
    }
}

fn totals(totals: Totals) -> impl IntoView + use<> {
    view! {
        <dl class="numbers large">
            {number("Reads", count(totals.reads))}
            {number("Duplicates", count(totals.duplicates))}
            {number("Late", count(totals.late))}
            {number("Unknown", unknown(totals.unknown))}
            {number("Frames", count(totals.frames))}
            {number("Screens", count(totals.screens))}
        </dl>
    }
}

fn unknown(reads: Option<u64>) -> String {
    reads.map_or("being counted".to_owned(), count)
}

fn number(label: &'static str, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
        </div>
    }
}
