//! The bar at the top: where one is, whether all is saved, what was done, how close one looks, and
//! the way to the screens.

use super::{desk::Desk, keeping::Standing, slots::button};
use crate::parts::{Button, ButtonKind, Glyph, Icon, IconButton, When};
use editor::{Command, Panel};
use leptos::prelude::*;
use model::EventId;

#[component]
pub(super) fn Bar(
    desk: Desk,
    event: EventId,
    name: RwSignal<String>,
    history: RwSignal<bool>,
) -> impl IntoView {
    let zoom = desk.watch(|editor| (editor.view().scale * 100.0).round() as u32);
    let percent = move || format!("{} %", zoom.get());
    view! {
        <header class="builder-bar">
            <a
                class="button quiet icon-only"
                href=format!("/events/{event}/templates")
                title="All templates"
                aria-label="All templates"
            >
                <Icon glyph=Glyph::ChevronLeft/>
            </a>
            <h1 class="builder-name" dir="auto">{name}</h1>
            <Standing desk/>
            <div class="builder-group">
                {button(desk, Glyph::Undo, Command::Undo)}
                {button(desk, Glyph::Redo, Command::Redo)}
                <IconButton
                    icon=Glyph::Clock
                    label="History"
                    small=true
                    on_press=move || history.set(true)
                />
                <Button
                    small=true
                    on_press=move || desk.command(Command::Open(Panel::Versions))
                >
                    "Versions"
                </Button>
                <Button small=true on_press=move || desk.command(Command::Open(Panel::Timing))>
                    "Timing"
                </Button>
                <Button small=true on_press=move || desk.command(Command::Open(Panel::Check))>
                    "Check"
                </Button>
            </div>
            <div class="builder-group" role="group" aria-label="Zoom">
                {button(desk, Glyph::Minus, Command::ZoomOut)}
                <button
                    class="button quiet small"
                    type="button"
                    title="Fit the canvas"
                    on:click=move |_| desk.command(Command::FitCanvas)
                >
                    {percent}
                </button>
                {button(desk, Glyph::Plus, Command::ZoomIn)}
            </div>
            <Button
                kind=ButtonKind::Primary
                small=true
                icon=Glyph::Screen
                on_press=move || desk.command(Command::Open(Panel::Publish))
            >
                "Publish"
            </Button>
        </header>
    }
    .into_any()
}

#[component]
fn Standing(desk: Desk) -> impl IntoView {
    let text = move || match (desk.standing.get(), desk.is_kept.get()) {
        (Standing::Saved, _) => "Saved".to_owned(),
        (Standing::Saving, _) => "Saving…".to_owned(),
        (Standing::Away, true) => "The server is away. Kept in this browser.".to_owned(),
        (Standing::Away, false) => {
            "The server is away, and this browser has no room. Do not close this tab.".to_owned()
        }
        (Standing::Stale, true) => "Somebody else has changed it. Yours is kept here.".to_owned(),
        (Standing::Stale, false) => {
            "Somebody else has changed it, and this browser has no room for yours. Copy yours \
             first."
                .to_owned()
        }
        (Standing::Refused(problem), _) => problem,
    };
    let is_bad = move || !matches!(desk.standing.get(), Standing::Saved | Standing::Saving);
    let is_stale = move || desk.standing.get() == Standing::Stale;
    view! {
        <p class="standing" class:bad=is_bad role="status">{text}</p>
        <When holds=is_stale>
            // What is kept is offered by the page that comes.
            <Button
                small=true
                on_press=move || {
                    let _ = window().location().reload();
                }
            >
                "Load theirs"
            </Button>
        </When>
    }
    .into_any()
}
