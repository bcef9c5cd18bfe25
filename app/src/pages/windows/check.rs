//! What is found in the template, beside the canvas, so that it can be mended while it is read.
//!
//! Owns when the server looks: whenever the draft is saved. What there is to find and how it is
//! said, the server knows.

use super::{
    Around,
    messages::{Ask, ask},
};
use crate::{
    browser::effect,
    format::capital,
    pages::{Problem, Wrong, send},
    parts::{Glyph, IconButton, TextField, TextKind, When},
    rpc::lint::{CheckView, FoundRow, check_template, set_panel},
};
use editor::Panel;
use leptos::{ev, prelude::*, task::spawn_local};

#[derive(Clone, Copy)]
struct Check {
    around: Around,
    open: RwSignal<bool>,
    /// `None`: not looked yet.
    found: RwSignal<Option<Vec<FoundRow>>>,
    width: RwSignal<String>,
    distance: RwSignal<String>,
    wrong: Wrong,
    /// An answer to an earlier question is thrown away.
    asked: StoredValue<u32>,
}

/// Beside the canvas, so that what is found can be mended while it is read.
#[component]
pub(super) fn CheckWindow(around: Around) -> impl IntoView {
    let check = Check {
        around,
        open: around.opens(Panel::Check),
        found: RwSignal::new(None),
        width: RwSignal::new(String::new()),
        distance: RwSignal::new(String::new()),
        wrong: Wrong::new(&["width", "distance"]),
        asked: StoredValue::new(0),
    };
    let revision = Memo::new(move |_| around.draft.read().revision);
    effect(move || {
        if check.open.get() {
            // Read, as a memo that nobody has read yet tells nobody of what is new.
            revision.get();
            check.look();
        }
    });
    let says = move || match &*check.found.read() {
        None => "Looking…".to_owned(),
        Some(found) if found.is_empty() => "Nothing to mend.".to_owned(),
        Some(found) => format!("{} found.", found.len()),
    };
    let field = move |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <TextField
                id=format!("check-{id}")
                label
                value
                kind=TextKind::Number
                error=check.wrong.at(id)
                on_change=move |_| check.set_panel()
            />
        }
        .into_any()
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            check.open.set(false);
        }
    };
    view! {
        <When holds=move || check.open.get()>
            <section class="check-window" aria-labelledby="check-title" on:keydown=keys>
                <h2 id="check-title">"Can it be read?"</h2>
                <div class="window-close">
                    <IconButton
                        icon=Glyph::Close
                        label="Close the check"
                        on_press=move || check.open.set(false)
                    />
                </div>
                <div class="check-panel">
                    {field("width", "Screen is wide, m", check.width)}
                    {field("distance", "Read from, m", check.distance)}
                </div>
                <Problem error=check.wrong.below()/>
                <p class="quiet" role="status">{says}</p>
                {move || list(check.found.get().unwrap_or_default(), true)}
            </section>
        </When>
    }
    .into_any()
}

impl Check {
    fn look(self) {
        self.asked.update_value(|asked| *asked += 1);
        let asked = self.asked.get_value();
        spawn_local(async move {
            let answer = check_template(self.around.event, self.around.template).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok(view) => self.take(view),
                Err(error) => self.wrong.say(error),
            }
        });
    }

    fn take(self, view: CheckView) {
        self.wrong.clear();
        // What somebody types is theirs.
        if self.found.with_untracked(Option::is_none) {
            self.width.set(view.width);
            self.distance.set(view.distance);
        }
        // Nothing loses the focus where nothing is new.
        if self
            .found
            .with_untracked(|found| found.as_ref() != Some(&view.found))
        {
            self.found.set(Some(view.found));
        }
    }

    fn set_panel(self) {
        let (width, distance) = (self.width.get_untracked(), self.distance.get_untracked());
        // The other one is still to come.
        if width.is_empty() != distance.is_empty() {
            return;
        }
        let work = set_panel(self.around.template, width, distance);
        send(self.wrong, work, move |()| self.look());
    }
}

/// By scene. `leads`: each can be pressed, and is then in the hand.
pub(super) fn list(found: Vec<FoundRow>, leads: bool) -> AnyView {
    let mut lines: Vec<AnyView> = Vec::new();
    let mut before = None;
    for row in found {
        let here = (row.layout, row.scene.clone());
        if before.as_ref() != Some(&here) {
            lines.push(heading(&here));
            before = Some(here);
        }
        lines.push(line(row, leads));
    }
    view! { <ul class="check-list">{lines}</ul> }.into_any()
}

fn heading((layout, scene): &(usize, String)) -> AnyView {
    let words = match layout {
        0 => capital(scene),
        layout => format!("{}, canvas {}", capital(scene), layout + 1),
    };
    view! { <li class="check-scene" dir="auto">{words}</li> }.into_any()
}

fn line(row: FoundRow, leads: bool) -> AnyView {
    let words = view! {
        <strong dir="auto">{row.name.clone()}</strong>
        <span dir="auto">{row.sentence.clone()}</span>
    };
    let accepted = row.accepted;
    let show = Ask::Show {
        layout: row.layout,
        scene: row.scene,
        element: row.element,
    };
    let body = match leads {
        false => words.into_any(),
        true => {
            view! { <button type="button" on:click=move |_| ask(&show)>{words}</button> }.into_any()
        }
    };
    view! { <li class:accepted=accepted>{body}</li> }.into_any()
}
