//! What is asked about a display that is there, and what its screens are told.

use super::{Shared, card::qr_address, title_of};
use crate::{
    browser::effect,
    format::counted,
    pages::{attempt, opened_by},
    parts::{
        ConfirmDialog, Copyable, Dialog, DialogFoot, Glyph, MenuItem, TextArea, TextField,
        TextKind, TimeField, Toasts, format_time_of_day, parse_time_of_day, use_toasts,
    },
    rpc::{
        displays::{
            DisplayRow, OnScreen, TurnCommand, Until, command_display, end_display, extend_display,
            operate_display, rename_display,
        },
        event::LocalTime,
    },
};
use leptos::prelude::*;
use model::{DisplayId, socket::Command};

/// Which display each dialog is about.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) qr: RwSignal<Option<DisplayId>>,
    pub(super) message: RwSignal<Option<DisplayId>>,
    pub(super) rename: RwSignal<Option<DisplayId>>,
    pub(super) until: RwSignal<Option<DisplayId>>,
    pub(super) edit: RwSignal<Option<DisplayId>>,
    pub(super) end: RwSignal<Option<DisplayId>>,
}

impl Open {
    pub(super) fn new() -> Self {
        Self {
            qr: RwSignal::new(None),
            message: RwSignal::new(None),
            rename: RwSignal::new(None),
            until: RwSignal::new(None),
            edit: RwSignal::new(None),
            end: RwSignal::new(None),
        }
    }
}

#[component]
pub(super) fn Dialogs(shared: Shared) -> impl IntoView {
    view! {
        <QrDialog shared/>
        <MessageDialog shared/>
        <RenameDialog shared/>
        <UntilDialog shared/>
        <super::edit::EditDialog shared/>
        <EndDialog shared/>
    }
}

/// Tells the screens that watch now, and says how many heard it.
pub(super) fn tell(shared: Shared, toasts: Toasts, id: DisplayId, command: Command) {
    let says = match &command {
        Command::Identify => "say which display they show",
        Command::Reload => "load the page anew",
        Command::Blank { on: true } => "are black",
        Command::Blank { on: false } => "show the board again",
        Command::Message { text } if text.is_empty() => return silently(shared, id, command),
        Command::Message { .. } => "show the message",
        Command::Redirect { .. } => "go over to the other display",
    };
    let undo = match &command {
        Command::Blank { on: true } => Some(Command::Blank { on: false }),
        Command::Message { .. } => Some(Command::Message {
            text: String::new(),
        }),
        _ => None,
    };
    attempt(
        toasts,
        command_display(shared.id, id, command),
        move |screens| {
            let text = match screens {
                0 => return toasts.done("No screen has this display open now."),
                1 => format!("1 screen was told: {says}"),
                _ => format!(
                    "{} were told: {says}",
                    counted(screens as u64, "screen", "screens")
                ),
            };
            match undo {
                None => toasts.done(text),
                Some(undo) => toasts.done_with(text, "Undo", move || {
                    tell(shared, toasts, id, undo.clone());
                }),
            }
        },
    );
}

/// What can be done with the turns of a display whose template takes them.
pub(super) fn turn_items(shared: Shared, toasts: Toasts, id: DisplayId) -> Vec<MenuItem> {
    let item = |text, command, icon| {
        MenuItem::action(text, move || turn(shared, toasts, id, command)).icon(icon)
    };
    vec![
        item("Skip to the next", TurnCommand::Skip, Glyph::ChevronRight),
        item("Keep who is on screen", TurnCommand::Hold, Glyph::Pause),
        item("Let the next follow", TurnCommand::Release, Glyph::Play),
        item("Clear the screen", TurnCommand::Clear, Glyph::Close),
    ]
}

fn turn(shared: Shared, toasts: Toasts, id: DisplayId, command: TurnCommand) {
    attempt(toasts, operate_display(id, command), move |shown| {
        shared.reload.run(());
        let Some(OnScreen { who, held }) = shown else {
            return toasts.done("Nobody is on the screen now.");
        };
        if !held {
            return toasts.done(format!("{who} is on the screen now."));
        }
        let text = format!("{who} stays until you let the next follow, for 10 minutes at most");
        toasts.done_with(text, "Undo", move || {
            turn(shared, toasts, id, TurnCommand::Release);
        });
    });
}

/// What takes something away need not be spoken of.
fn silently(shared: Shared, id: DisplayId, command: Command) {
    leptos::task::spawn_local(async move {
        let _ = command_display(shared.id, id, command).await;
    });
}

/// A day later than planned, at once.
pub(super) fn longer(shared: Shared, toasts: Toasts, id: DisplayId) {
    extend(shared, toasts, id, Until::Later { hours: 24 }, || {});
}

fn extend(
    shared: Shared,
    toasts: Toasts,
    id: DisplayId,
    until: Until,
    done: impl FnOnce() + 'static,
) {
    attempt(
        toasts,
        extend_display(shared.id, id, until),
        move |before| {
            done();
            shared.reload.run(());
            toasts.done_with("The display stays on until then", "Undo", move || {
                let back = extend_display(shared.id, id, Until::Instant(before));
                attempt(toasts, back, move |_| shared.reload.run(()));
            });
        },
    );
}

/// A dialog that is open while there is a display for it; and that display.
pub(super) fn dialog_of(
    shared: Shared,
    which: RwSignal<Option<DisplayId>>,
) -> (RwSignal<bool>, Memo<Option<DisplayRow>>) {
    let open = opened_by(which);
    // Kept while the dialog closes.
    let row = Memo::new(move |before: Option<&Option<DisplayRow>>| {
        let now = which.get().and_then(|id| shared.row(id));
        now.or_else(|| before.cloned().flatten())
    });
    (open, row)
}

pub(super) fn title(row: Memo<Option<DisplayRow>>) -> String {
    row.with(|row| row.as_ref().map(title_of).unwrap_or_default())
}

#[component]
fn QrDialog(shared: Shared) -> impl IntoView {
    let (open, row) = dialog_of(shared, shared.open.qr);
    let picture = Memo::new(move |_| {
        let row = row.read();
        let row = row.as_ref();
        row.map_or_else(String::new, |row| qr_address(row, &shared.base.read()))
    });
    let address = Memo::new(move |_| {
        let row = row.read();
        row.as_ref()
            .map(|row| shared.address(row))
            .unwrap_or_default()
    });
    view! {
        <Dialog id="qr" title=Signal::derive(move || title(row)) open=open>
            <img class="qr-large" src=picture alt=move || format!("QR code of {}", address.get())/>
            <Copyable label="the address" text=address/>
        </Dialog>
    }
}

#[component]
fn MessageDialog(shared: Shared) -> impl IntoView {
    let toasts = use_toasts();
    let (open, row) = dialog_of(shared, shared.open.message);
    let (text, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    effect(move || {
        open.get();
        error.set(None);
    });
    let show = move || {
        let Some(id) = shared.open.message.get_untracked() else {
            return;
        };
        let words = text.get_untracked().trim().to_owned();
        let longest = model::limits::MESSAGE_CHARS_MAX;
        if words.is_empty() {
            error.set(Some("Type what the screens are to show.".to_owned()));
        } else if words.chars().count() > longest {
            error.set(Some(format!("Shorten it to {longest} characters.")));
        } else {
            open.set(false);
            tell(shared, toasts, id, Command::Message { text: words });
        }
    };
    let foot = move || view! { <DialogFoot open verb="Show it" on_press=show/> };
    view! {
        <Dialog id="message"
            title=Signal::derive(move || format!("Message on {}", title(row))) open=open foot=foot>
            <TextArea id="message-text" label="Message" value=text error=error
                hint="It covers the board until you choose “Show the board again”."/>
        </Dialog>
    }
}

#[component]
fn RenameDialog(shared: Shared) -> impl IntoView {
    let toasts = use_toasts();
    let (open, row) = dialog_of(shared, shared.open.rename);
    let (name, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    effect(move || {
        if open.get() {
            error.set(None);
            let known = row.with_untracked(|row| row.as_ref().map(|row| row.name.clone()));
            name.set(known.unwrap_or_default());
        }
    });
    let save = move || {
        let Some(id) = shared.open.rename.get_untracked() else {
            return;
        };
        let renaming = rename_display(shared.id, id, name.get_untracked());
        leptos::task::spawn_local(async move {
            match renaming.await {
                Ok(before) => {
                    open.set(false);
                    shared.reload.run(());
                    toasts.done_with("Display renamed", "Undo", move || {
                        let back = rename_display(shared.id, id, before.clone());
                        attempt(toasts, back, move |_| shared.reload.run(()));
                    });
                }
                Err(problem) => error.set(Some(problem.sentence())),
            }
        });
    };
    let foot = move || view! { <DialogFoot open verb="Save" on_press=save/> };
    view! {
        <Dialog id="rename" title=Signal::derive(move || format!("Rename {}", title(row)))
            open=open foot=foot>
            <TextField id="new-name" label="Name" value=name error=error autofocus=true
                hint="Empty, it is called by its points"/>
        </Dialog>
    }
}

#[component]
fn UntilDialog(shared: Shared) -> impl IntoView {
    let toasts = use_toasts();
    let (open, row) = dialog_of(shared, shared.open.until);
    let (date, time) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    effect(move || {
        if open.get() {
            error.set(None);
            row.with_untracked(|row| {
                if let Some(row) = row {
                    date.set(row.expires.date.clone());
                    time.set(format_time_of_day(row.expires.time_cs));
                }
            });
        }
    });
    let save = move || {
        let Some(id) = shared.open.until.get_untracked() else {
            return;
        };
        let Some(time_cs) = parse_time_of_day(&time.get_untracked()) else {
            return error.set(Some("Type a time of day, such as 18:00.".to_owned()));
        };
        let date = date.get_untracked();
        let until = Until::Local(LocalTime { date, time_cs });
        extend(shared, toasts, id, until, move || open.set(false));
    };
    let foot = move || view! { <DialogFoot open verb="Set" on_press=save/> };
    view! {
        <Dialog id="until" title=Signal::derive(move || format!("How long {} is on", title(row)))
            open=open foot=foot>
            <div class="pair">
                <TextField id="until-date" label="Date" kind=TextKind::Date value=date/>
                <TimeField id="until-time" label="Time, on the event's clock" value=time/>
            </div>
            <p class="form-error" role="alert">{error}</p>
        </Dialog>
    }
}

#[component]
fn EndDialog(shared: Shared) -> impl IntoView {
    let toasts = use_toasts();
    let (open, row) = dialog_of(shared, shared.open.end);
    let busy = RwSignal::new(false);
    let end = move || {
        let Some(id) = shared.open.end.get_untracked() else {
            return;
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            let ended = end_display(shared.id, id).await;
            busy.set(false);
            open.set(false);
            match ended {
                Ok(()) => {
                    shared.reload.run(());
                    toasts.done("The display is switched off.");
                }
                Err(problem) => toasts.error(problem.sentence()),
            }
        });
    };
    view! {
        <ConfirmDialog
            id="end"
            title=Signal::derive(move || format!("Switch {} off?", title(row)))
            what="Its screens show a calm page that says so, and nothing of the race. Its address \
                  never comes back: for the same screens later, make a new display."
            verb="Switch off"
            open=open
            danger=true
            busy=busy
            on_confirm=end
        />
    }
}
