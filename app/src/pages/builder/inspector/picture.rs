//! Pictures: chosen from a file, made small enough by the server, and put into the selection or
//! the theme.

use super::Desk;
use crate::{
    browser::{effect, send_picture},
    parts::{Button, Glyph},
};
use editor::{Command, Editor};
use leptos::{html, prelude::*, task::spawn_local};
use model::document::Picture;

/// What browsers and the server both know.
const TYPES: &str = "image/png,image/jpeg,image/gif,image/webp";

/// What a picture that was chosen does.
pub(super) type Put = fn(&Editor, Picture) -> Option<Command>;

/// `asks`: at once where the element was made a moment ago.
pub(super) fn chooser(desk: Desk, words: &'static str, put: Put, asks: bool) -> AnyView {
    let field = NodeRef::<html::Input>::new();
    effect(move || {
        if asks
            && let Some(field) = field.get()
            && desk.chooses.get()
        {
            desk.chooses.set(false);
            field.click();
        }
    });
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let chosen = move |_| {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let Some(file) = field.files().and_then(|files| files.get(0)) else {
            return;
        };
        // The same file again is a change too.
        field.set_value("");
        busy.set(true);
        problem.set(String::new());
        // It is for these, whatever is selected by the time that it has come.
        let meant = desk.read(|editor| editor.selection().to_vec());
        spawn_local(async move {
            match send_picture(&file).await {
                Ok(address) => {
                    if !meant.is_empty() {
                        desk.command(Command::Select(meant.clone()));
                    }
                    desk.step(desk.read(|editor| {
                        let is_there = meant.is_empty() || editor.selection() == meant;
                        put(editor, Picture::Data(address)).filter(|_| is_there)
                    }));
                }
                // Beside the button, as long as that is there.
                Err(error) => {
                    if let Some(problem) = problem.try_set(error.sentence()) {
                        desk.toasts.error(problem);
                    }
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="whole">
            <input
                node_ref=field
                type="file"
                accept=TYPES
                hidden
                aria-label="Picture file"
                on:change=chosen
            />
            <Button
                small=true
                icon=Glyph::Upload
                busy
                on_press=move || {
                    if let Some(field) = field.get_untracked() {
                        field.click();
                    }
                }
            >
                {words}
            </Button>
            <p class="slot-problem" role="alert" hidden=move || problem.read().is_empty()>
                {problem}
            </p>
        </div>
    }
    .into_any()
}
