//! One display: its address, who watches, and what can be done with it.

use super::{Shared, dialogs, is_running, title_of};
use crate::{
    format::{ago, counted, roughly, time_of_day},
    pages::built_in_words,
    parts::{
        Badge, ButtonLink, Copyable, Glyph, Menu, MenuItem, StatusDot, Tone, When, use_toasts,
    },
    rpc::displays::{DisplayRow, DisplayState, ScreenGroup},
};
use leptos::prelude::*;
use model::{
    BuiltIn, ShowMode, TemplatePin,
    socket::{Command, Level},
};

#[component]
pub(super) fn Card(shared: Shared, first: DisplayRow) -> impl IntoView {
    let (id, toasts) = (first.id, use_toasts());
    let row = Memo::new(move |before: Option<&DisplayRow>| {
        let now = shared.row(id);
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let title = Memo::new(move |_| row.with(title_of));
    let on = Memo::new(move |_| row.with(is_running));
    let address = Memo::new(move |_| row.with(|row| shared.address(row)));
    let path = Memo::new(move |_| row.with(|row| format!("/d/{}", row.code)));
    let qr = Memo::new(move |_| qr_address(&row.read(), &shared.base.read()));
    let facts = Memo::new(move |_| row.with(facts));
    let is_ended = Memo::new(move |_| row.with(|row| row.state == DisplayState::Ended));
    let tell = move |command: Command| dialogs::tell(shared, toasts, id, command);
    let takes_turns = Memo::new(move |_| row.read().takes_turns);
    let screens_menu = Signal::derive(move || {
        let mut items = match takes_turns.get() {
            true => dialogs::turn_items(shared, toasts, id),
            false => Vec::new(),
        };
        items.extend([
            MenuItem::action("Show which screen is which", move || {
                tell(Command::Identify);
            })
            .icon(Glyph::Info),
            MenuItem::action("Message…", move || shared.open.message.set(Some(id)))
                .icon(Glyph::Edit),
            MenuItem::action("Make them black", move || tell(Command::Blank { on: true }))
                .icon(Glyph::Moon),
            MenuItem::action("Show the board again", move || {
                tell(Command::Message {
                    text: String::new(),
                });
                tell(Command::Blank { on: false });
            })
            .icon(Glyph::Sun),
            MenuItem::action("Load the page anew", move || tell(Command::Reload))
                .icon(Glyph::Refresh),
        ]);
        items
    });
    let more = Signal::derive(move || {
        let mut items = Vec::new();
        if on.get() {
            items.push(
                MenuItem::action("Large QR code", move || shared.open.qr.set(Some(id)))
                    .icon(Glyph::Search),
            );
        }
        if !is_ended.get() {
            items.push(
                MenuItem::action("A day longer", move || dialogs::longer(shared, toasts, id))
                    .icon(Glyph::Clock),
            );
            items.push(
                MenuItem::action("Until…", move || shared.open.until.set(Some(id)))
                    .icon(Glyph::Calendar),
            );
        }
        if !is_ended.get() {
            items.push(
                MenuItem::action("Template and timing…", move || {
                    shared.open.edit.set(Some(id));
                })
                .icon(Glyph::Settings),
            );
        }
        items.push(
            MenuItem::action("Rename", move || shared.open.rename.set(Some(id))).icon(Glyph::Edit),
        );
        if !is_ended.get() {
            items.push(
                MenuItem::action("Switch off", move || shared.open.end.set(Some(id)))
                    .icon(Glyph::Close)
                    .danger(),
            );
        }
        items
    });
    view! {
        <li class="display-card" class:is-over=move || !on.get() aria-labelledby=format!("d-{id}")>
            <div class="display-head">
                <h2 id=format!("d-{id}") dir="auto">{title}</h2>
                <Badge>{move || mode(row.read().mode)}</Badge>
                <Menu
                    id=format!("more-{id}")
                    label=Signal::derive(move || format!("Actions for {}", title.get()))
                    items=more
                />
            </div>
            <p class="quiet" dir="auto">{facts}</p>
            <When holds=move || on.get() fallback=move || view! {
                <p>{move || over(&row.read())}</p>
            }>
                <div class="display-way">
                    <button
                        type="button"
                        class="qr"
                        title="Large QR code"
                        aria-label=move || format!("Large QR code of {}", title.get())
                        on:click=move |_| shared.open.qr.set(Some(id))
                    >
                        {move || (!qr.read().is_empty()).then(|| view! {
                            <img src=qr.get() alt="" width="88" height="88"/>
                        })}
                    </button>
                    <div class="display-words">
                        <Copyable
                            label=Signal::derive(move || format!("the address of {}", title.get()))
                            text=address
                        />
                        <Watching row/>
                    </div>
                </div>
                <div class="display-actions">
                    <ButtonLink href=path icon=Glyph::External new_tab=true>"Open"</ButtonLink>
                    <Menu
                        id=format!("screens-{id}")
                        label="Its screens"
                        labelled=true
                        icon=Glyph::ChevronDown
                        items=screens_menu
                    />
                </div>
            </When>
        </li>
    }
}

/// Empty until it is known what the address begins with.
pub(super) fn qr_address(row: &DisplayRow, base: &str) -> String {
    if base.is_empty() {
        return String::new();
    }
    let base = base.replace(':', "%3A").replace('/', "%2F");
    let base = base.replace('[', "%5B").replace(']', "%5D");
    format!("/qr/{}?base={base}", row.code)
}

pub(super) const fn mode(mode: ShowMode) -> &'static str {
    match mode {
        ShowMode::PreRace => "before the race",
        ShowMode::Results => "results",
    }
}

/// To choose from, as `SelectField` takes them: the built-in ones after those that are published.
pub(super) fn templates(shared: Shared) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let own = shared.view.with(|view| view.templates.clone()).into_iter();
        let own = own.map(|(pin, name)| (pin.to_string(), name));
        let built_in = BuiltIn::ALL.map(|it| (it.name().to_owned(), built_in_words(it).to_owned()));
        own.chain(built_in).collect()
    })
}

/// What a display draws with: `Arrivals`, `Finish 2026, version 3`.
pub(super) fn template(row: &DisplayRow) -> String {
    match row.template {
        TemplatePin::BuiltIn(it) => built_in_words(it).to_owned(),
        TemplatePin::Version { number, .. } => format!("{}, version {number}", row.template_name),
    }
}

/// `Arrivals at FINISH, 10K · stream mats`
fn facts(row: &DisplayRow) -> String {
    let shows = template(row);
    format!(
        "{shows} at {} · stream {}",
        row.points.join(", "),
        row.stream
    )
}

fn over(row: &DisplayRow) -> String {
    let (date, time) = (&row.expires.date, time_of_day(row.expires.time_cs));
    match row.state {
        DisplayState::Ended => "Switched off for good.".to_owned(),
        DisplayState::Expired | DisplayState::Running { .. } => {
            format!("Expired on {date} at {time}. Choose “A day longer” to have it back.")
        }
    }
}

/// Who watches, how fresh it is, how long it lives.
#[component]
fn Watching(row: Memo<DisplayRow>) -> impl IntoView {
    let sockets = Memo::new(move |_| match row.read().state {
        DisplayState::Running { sockets, .. } => sockets as u64,
        DisplayState::Expired | DisplayState::Ended => 0,
    });
    let tone = Signal::derive(move || match sockets.get() {
        0 => Tone::Neutral,
        _ => Tone::Good,
    });
    let watched = Signal::derive(move || match sockets.get() {
        0 => "No screen has it open".to_owned(),
        count => format!("{} open", counted(count, "screen", "screens")),
    });
    let groups = Memo::new(move |_| match &row.read().state {
        DisplayState::Running { screens, .. } => screens.clone(),
        DisplayState::Expired | DisplayState::Ended => Vec::new(),
    });
    let fresh = move || match row.read().state {
        DisplayState::Running {
            frame_age_s: Some(age_s),
            ..
        } => format!("Changed {}", ago(age_s * 1_000)),
        _ => "Nothing shown yet".to_owned(),
    };
    let ends = move || {
        let row = row.read();
        // To the minute.
        let time = time_of_day(row.expires.time_cs - row.expires.time_cs % 6_000);
        let date = &row.expires.date;
        match row.state {
            DisplayState::Running { expires_in_s, .. } => {
                format!("On for {} (until {date}, {time})", roughly(expires_in_s))
            }
            DisplayState::Expired | DisplayState::Ended => String::new(),
        }
    };
    let lines = move || {
        let groups = groups.get();
        let lines = groups
            .iter()
            .map(|group| view! { <li>{screen(group)}</li> });
        lines.map(IntoAny::into_any).collect_view()
    };
    view! {
        <p class="watching"><StatusDot tone text=watched/></p>
        <ul class="screens">
            {lines}
        </ul>
        <p class="quiet sub-facts"><span>{move || fresh()}</span> <span>{move || ends()}</span></p>
    }
}

/// `2 × 1920 × 1080 px, Gantry 0.1.0`
fn screen(group: &ScreenGroup) -> String {
    let screen = &group.screen;
    let mut text = match group.count {
        1 => String::new(),
        count => format!("{count} of "),
    };
    text += &format!("{} × {} px", screen.width, screen.height);
    if screen.level == Level::Lite {
        text += ", plain (an old browser)";
    }
    if !screen.version.is_empty() {
        text += &format!(", Gantry {}", screen.version);
    }
    text
}
