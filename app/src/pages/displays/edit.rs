//! The dialog that alters what a display shows and how.

use super::{Shared, card, dialogs, turns};
use crate::{
    browser::effect,
    pages::{Problem, Wrong, attempt},
    parts::{Button, ButtonKind, Dialog, SelectField, use_toasts},
    rpc::{
        RpcError,
        displays::{DisplayEdit, edit_display},
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::Template;

#[component]
pub(super) fn EditDialog(shared: Shared) -> impl IntoView {
    let toasts = use_toasts();
    let (open, row) = dialogs::dialog_of(shared, shared.open.edit);
    let (template, turns) = (RwSignal::new(String::new()), turns::Turns::new());
    let (wrong, busy) = (Wrong::new(&turns::FIELDS), RwSignal::new(false));
    effect(move || {
        if !open.get() {
            return;
        }
        wrong.clear();
        row.with_untracked(|row| {
            if let Some(row) = row {
                template.set(row.template.name().to_owned());
                turns.begin(row.rundown);
            }
        });
    });
    let typed = move || {
        let template: Template = template.get_untracked().parse().map_err(|_| {
            RpcError::invalid("", "load the page again; it is older than the server")
        })?;
        let rundown = turns.typed(template)?;
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
    let foot = move || {
        view! {
            <Button on_press=move || open.set(false)>"Cancel"</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=save>"Save"</Button>
        }
    };
    let templates = Signal::stored(card::templates());
    let title = Signal::derive(move || format!("Edit {}", dialogs::title(row)));
    view! {
        <Dialog id="edit" title=title open=open foot=foot>
            <SelectField id="edit-template" label="Template" value=template options=templates
                hint="Its screens change to it at once"/>
            <turns::TurnFields turns template wrong/>
            <Problem error=wrong.below()/>
        </Dialog>
    }
}
