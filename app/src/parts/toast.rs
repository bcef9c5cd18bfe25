//! Short words about what was just done, with a way to take it back.

use super::{Button, ButtonKind, Each, Glyph, Icon, IconButton};
use leptos::prelude::*;
use std::time::Duration;

const SHOWN_FOR: Duration = Duration::from_secs(6);
/// With an action, which takes longer to decide on.
const ACTION_SHOWN_FOR: Duration = Duration::from_secs(12);
/// More than these are no news: the oldest goes.
const TOASTS_MAX: usize = 4;

#[derive(Clone, Debug)]
struct Toast {
    id: u64,
    text: String,
    is_error: bool,
    /// Once the server answers, this is no news any more.
    is_away: bool,
    action: Option<(String, Callback<()>)>,
}

/// Where toasts are put. `let toasts = use_toasts(); toasts.done("Event archived");`
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next_id: StoredValue<u64>,
}

/// Called once, by `App`.
pub fn provide_toasts() {
    provide_context(Toasts::new());
}

/// Those of this page.
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(Toasts::new)
}

impl Toasts {
    fn new() -> Toasts {
        Toasts {
            shown: RwSignal::new(Vec::new()),
            next_id: StoredValue::new(0),
        }
    }

    /// Something is done, and nothing needs to be.
    pub fn done(self, text: impl Into<String>) {
        self.add(text.into(), false, false, None);
    }

    /// Something is done, and can be taken back for a while:
    /// `toasts.done_with("Ana Okafor withdrawn", "Undo", move || restore(id))`
    pub fn done_with(
        self,
        text: impl Into<String>,
        verb: impl Into<String>,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        let action = (verb.into(), Callback::new(move |()| run()));
        self.add(text.into(), false, false, Some(action));
    }

    /// Something failed; it stays until somebody closes it. Says what to do.
    pub fn error(self, text: impl Into<String>) {
        self.add(text.into(), true, false, None);
    }

    /// The server cannot be reached; it stays until somebody closes it, or the server answers.
    pub fn away(self, text: String) {
        self.add(text, true, true, None);
    }

    /// The server answered, whatever it said.
    pub fn answered(self) {
        self.close_those(|toast| toast.is_away);
    }

    fn add(
        self,
        text: String,
        is_error: bool,
        is_away: bool,
        action: Option<(String, Callback<()>)>,
    ) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id + 1);
        let shown_for = if action.is_some() {
            ACTION_SHOWN_FOR
        } else {
            SHOWN_FOR
        };
        self.shown.update(|shown| {
            // Said twice it covers more, and says no more.
            shown.retain(|toast| !(is_error && toast.is_error && toast.text == text));
            if shown.len() == TOASTS_MAX {
                // Errors stay longest.
                let oldest = shown.iter().position(|toast| !toast.is_error);
                shown.remove(oldest.unwrap_or(0));
            }
            shown.push(Toast {
                id,
                text,
                is_error,
                is_away,
                action,
            });
        });
        if !is_error {
            self.close_later(id, shown_for);
        }
    }

    /// Not while somebody points at it or is in it.
    fn close_later(self, id: u64, after: Duration) {
        set_timeout(
            move || {
                let selector = format!("#toast-{id}:is(:hover, :focus-within)");
                if matches!(document().query_selector(&selector), Ok(Some(_))) {
                    self.close_later(id, SHOWN_FOR);
                } else {
                    self.close(id);
                }
            },
            after,
        );
    }

    fn close(self, id: u64) {
        self.close_those(|toast| toast.id == id);
    }

    fn close_those(self, those: impl Fn(&Toast) -> bool) {
        let is_shown = self
            .shown
            .try_with_untracked(|shown| shown.iter().any(&those));
        if is_shown == Some(true) {
            self.shown
                .update(|shown| shown.retain(|toast| !those(toast)));
        }
    }
}

/// Part of the frame; a page without one puts `<ToastHost/>` last.
#[component]
pub fn ToastHost() -> impl IntoView {
    let toasts = use_toasts();
    let those = move |errors: bool| {
        let mut shown = toasts.shown.get();
        shown.retain(|toast| toast.is_error == errors);
        shown
    };
    view! {
        <div class="toasts">
            <div role="alert">
                <Each each=move || those(true) key=|toast| toast.id let:toast>
                    {line(toasts, toast)}
                </Each>
            </div>
            <div role="status">
                <Each each=move || those(false) key=|toast| toast.id let:toast>
                    {line(toasts, toast)}
                </Each>
            </div>
        </div>
    }
    .into_any()
}

fn line(toasts: Toasts, toast: Toast) -> AnyView {
    let Toast {
        id,
        text,
        is_error,
        action,
        ..
    } = toast;
    let glyph = if is_error {
        Glyph::Warning
    } else {
        Glyph::Check
    };
    let action = action.map(|(verb, action)| {
        let run = move || {
            toasts.close(id);
            action.run(());
        };
        view! {
            <Button kind=ButtonKind::Quiet small=true on_press=run>
                {verb}
            </Button>
        }
    });
    view! {
        <div class="toast" class:error=is_error id=format!("toast-{id}")>
            <Icon glyph/>
            <p dir="auto">{text}</p>
            {action}
            <IconButton icon=Glyph::Close label="Close" on_press=move || toasts.close(id)/>
        </div>
    }
    .into_any()
}
