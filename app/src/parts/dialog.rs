//! Dialogs: the browser's own, which holds the focus, closes with Esc and gives the focus back.

use super::{Button, ButtonKind, Glyph, IconButton, When};
use crate::browser::effect;
use leptos::{children::ViewFn, ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// ```text
/// <Dialog id="edit-race" title="Edit race" open=open
///     foot=move || view! { <Button kind=ButtonKind::Primary on_press=save>"Save"</Button> }>
///     <TextField …/>
/// </Dialog>
/// ```
///
/// What is inside is made anew each time it opens. The first control has the focus, or the one
/// with `autofocus`. Pressing beside it closes nothing: somebody may have typed into it.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    /// For tables and mappings.
    #[prop(optional)]
    wide: bool,
    /// The buttons, the main one last.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    effect(move || {
        let Some(dialog) = node.get() else {
            return;
        };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            // By the next frame what is inside is there, and can have the focus.
            request_animation_frame(move || {
                if open.try_get_untracked() == Some(true) && !dialog.open() {
                    let _ = dialog.show_modal();
                }
            });
        }
    });
    view! {
        <dialog
            node_ref=node
            id=id
            class="dialog"
            class:wide=wide
            aria-labelledby=labelled_by
            on:close=move |event: ev::Event| {
                // A menu inside closes too, and its word comes by here.
                if event.target() == event.current_target() {
                    open.set(false);
                }
            }
        >
            <h2 id=title_id class="dialog-title">{title}</h2>
            <When holds=move || open.get()>
                <div class="dialog-body" on:keydown=press_main>{children()}</div>
                {foot.clone().map(|foot| view! { <div class="dialog-foot">{foot.run()}</div> })}
            </When>
            // Last in order, so that it is not what has the focus at first.
            <div class="dialog-close">
                <IconButton
                    icon=Glyph::Close
                    label="Close"
                    on_press=move || open.set(false)
                />
            </div>
        </dialog>
    }
    .into_any()
}

/// Enter in a line that one types into does what the dialog is for, as in any form.
fn press_main(event: ev::KeyboardEvent) {
    const LINES: &str = "input:not([type=checkbox],[type=radio],[type=file],[type=button])";
    if event.key() != "Enter" || event.is_composing() || event.default_prevented() {
        return;
    }
    let line = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let line = line.filter(|line| line.matches(LINES).unwrap_or(false));
    let dialog = line.and_then(|line| line.closest("dialog").ok().flatten());
    let main =
        dialog.and_then(|dialog| dialog.query_selector(".dialog-main button").ok().flatten());
    if let Some(main) = main.and_then(|main| main.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        main.click();
    }
}

/// The foot of most dialogs: the way out, and what the dialog is for.
/// `foot=move || view! { <DialogFoot open verb="Save" on_press=save/> }`
#[component]
pub fn DialogFoot(
    open: RwSignal<bool>,
    #[prop(into)] verb: Signal<String>,
    #[prop(default = ButtonKind::Primary)] kind: ButtonKind,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        // First, so that Enter harms nothing.
        <Button on_press=move || open.set(false)>"Cancel"</Button>
        <div class="dialog-main">
            <Button kind busy on_press>{verb}</Button>
        </div>
    }
    .into_any()
}

/// Asks before something that cannot be taken back; what can be undone is done at once, with a
/// toast. `what` says what will happen, `verb` is the button: "Remove 312 simulator reads".
///
/// `<ConfirmDialog id="zero" title="Zero counts?" what=text verb="Zero counts" open=open
/// danger=true on_confirm=zero/>`
#[component]
pub fn ConfirmDialog(
    #[prop(into)] id: String,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] what: Signal<String>,
    #[prop(into)] verb: Signal<String>,
    open: RwSignal<bool>,
    #[prop(optional)] danger: bool,
    /// The page closes the dialog: once the work is done, or at once where `busy` is not given.
    #[prop(optional, into)]
    busy: Option<Signal<bool>>,
    #[prop(into)] on_confirm: Callback<()>,
) -> impl IntoView {
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    let is_busy = Signal::derive(move || busy.is_some_and(|busy| busy.get()));
    let confirm = move || {
        if busy.is_none() {
            open.set(false);
        }
        on_confirm.run(());
    };
    let foot = move || view! { <DialogFoot open verb kind busy=is_busy on_press=confirm/> };
    view! {
        <Dialog id=id title=title open=open foot=foot>
            <p class="what" dir="auto">{what}</p>
        </Dialog>
    }
    .into_any()
}
