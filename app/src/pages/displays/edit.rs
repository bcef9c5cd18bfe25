//! The dialog that alters what a display shows and how.

use super::{Shared, card, dialogs, turns};
use crate::{
    browser::effect,
    pages::{Problem, Wrong, attempt},
    parts::{Dialog, DialogFoot, SelectField, use_toasts},
    rpc::{
        RpcError,
        displays::{DisplayEdit, DisplayRow, edit_display},
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::TemplatePin;

#[component]
pub(super) fn EditDialog(shared: Shared) -> impl IntoView {
    let toasts = use_toasts();
    let (open, row) = dialogs::dialog_of(shared, shared.open.edit);
    let (template, turns) = (RwSignal::new(String::new()), turns::Turns::new());
    let (wrong, busy) = (Wrong::new(&turns::FIELDS), RwSignal::new(false));
    // As it was when somebody began to edit it.
    let began = RwSignal::new(None::<DisplayRow>);
    effect(move || {
        if !open.get() {
            return;
        }
        wrong.clear();
        row.with_untracked(|row| {
            if let Some(row) = row {
                template.set(row.template.to_string());
                turns.begin(row.rundown);
                began.set(Some(row.clone()));
            }
        });
    });
    let takes_turns = Memo::new(move |_| match template.read().parse() {
        Ok(TemplatePin::BuiltIn(built_in)) => built_in.subject().takes_turns(),
        // What is set of turns is of no use to one without, and does it no harm.
        Ok(chosen @ TemplatePin::Version { .. }) => began.with(|row| {
            row.as_ref()
                .is_none_or(|row| row.template != chosen || row.takes_turns)
        }),
        Err(_) => false,
    });
    let typed = move || {
        let template: TemplatePin = template.get_untracked().parse().map_err(|_| {
            RpcError::invalid("", "load the page again; it is older than the server")
        })?;
        let rundown = turns.typed(takes_turns.get_untracked())?;
        Ok(DisplayEdit { template, rundown })
    };
    let refuse = move |error: RpcError| {
        turns.show(&error);
        wrong.say(error);
    };
    let save = move || {
        let Some(id) = shared.open.edit.get_untracked() else {
            return;
        };
        let edit = match typed() {
            Ok(edit) => edit,
            Err(error) => return refuse(error),
        };
        wrong.clear();
        busy.set(true);
        spawn_local(async move {
            let edited = edit_display(id, edit).await;
            busy.set(false);
            let before = match edited {
                Ok(before) => before,
                Err(error) => return refuse(error),
            };
            open.set(false);
            shared.reload.run(());
            toasts.done_with("Display changed", "Undo", move || {
                let back = edit_display(id, before.clone());
                attempt(toasts, back, move |_| shared.reload.run(()));
            });
        });
    };
    let foot = move || view! { <DialogFoot open verb="Save" busy=busy on_press=save/> };
    let newest = card::templates(shared);
    let templates = Signal::derive(move || {
        let mut options = newest.get();
        began.with(|row| {
            // An older version, or one of a template that was archived since.
            if let Some(row) = row
                && let pin = row.template.to_string()
                && options.iter().all(|(known, _)| *known != pin)
            {
                options.insert(0, (pin, card::template(row)));
            }
        });
        options
    });
    let title = Signal::derive(move || format!("Edit {}", dialogs::title(row)));
    view! {
        <Dialog id="edit" title=title open=open foot=foot>
            <SelectField id="edit-template" label="Template" value=template options=templates
                hint="Its screens change to it at once"/>
            <turns::TurnFields turns takes_turns wrong/>
            <Problem error=wrong.below()/>
        </Dialog>
    }
}
