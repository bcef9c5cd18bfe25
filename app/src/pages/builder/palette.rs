//! All commands, found by their words; and what was done, to jump in.

use super::{desk::Desk, stage::LETTERS};
use crate::{
    browser::effect,
    parts::{Dialog, Each},
};
use editor::{COMMANDS, Command, Panel, Tool};
use leptos::{ev, prelude::*};

#[component]
pub(super) fn Palette(desk: Desk) -> impl IntoView {
    let open = opens(desk, Panel::Palette);
    let (search, chosen) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Memo::new(move |_| {
        let wanted = (LETTERS.lower)(&search.read());
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let fits = |text: &str| words.iter().all(|word| text.contains(word));
        // Those that begin with what is typed come first.
        let (mut indices, mut others) = (Vec::new(), Vec::new());
        for (index, entry) in COMMANDS.iter().enumerate() {
            let text = (LETTERS.lower)(entry.words);
            if text.starts_with(wanted.trim()) {
                indices.push(index);
            } else if fits(&text) {
                others.push(index);
            }
        }
        indices.append(&mut others);
        indices
    });
    let run = move |index: usize| {
        open.set(false);
        search.set(String::new());
        desk.command(match COMMANDS[index].command.clone() {
            // There is no pointer in hand to draw it with.
            Command::Choose(Tool::Insert(kind)) => Command::Insert(kind),
            command => command,
        });
    };
    let key = move |event: ev::KeyboardEvent| {
        let count = found.read().len();
        match &*event.key() {
            "ArrowDown" if count > 0 => chosen.update(|index| *index = (*index + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|index| *index = (*index + count - 1) % count),
            "Enter" => {
                if let Some(index) = found.read_untracked().get(chosen.get_untracked()) {
                    run(*index);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let line = move |(place, index): (usize, usize)| {
        let entry = &COMMANDS[index];
        let keys = entry.keys.first().map(|keys| keys.text(false));
        let can = desk.read(|editor| editor.can(&entry.command));
        view! {
            <li
                role="option"
                class:quiet=!can
                aria-disabled=move || (!can).then_some("true")
                aria-selected=move || if chosen.get() == place { "true" } else { "false" }
                on:click=move |_| run(index)
            >
                <span>{entry.words}</span>
                {keys.map(|keys| view! { <kbd>{keys}</kbd> })}
            </li>
        }
        .into_any()
    };
    let rows = move || found.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <Dialog id="palette" title="Commands" open>
            <div class="palette">
                <input
                    type="text"
                    autofocus=true
                    autocomplete="off"
                    placeholder="What do you want to do?"
                    aria-label="Search commands"
                    aria-controls="palette-list"
                    prop:value=move || search.get()
                    on:input:target=move |event| {
                        search.set(event.target().value());
                        chosen.set(0);
                    }
                    on:keydown=key
                />
                <ul id="palette-list" role="listbox" aria-label="Commands">
                    <Each each=rows key=|row| *row let(row)>
                        {line(row)}
                    </Each>
                </ul>
            </div>
        </Dialog>
    }
    .into_any()
}

#[component]
pub(super) fn History(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let steps = desk.watch(|editor| {
        let steps: Vec<String> = editor.steps().map(str::to_owned).collect();
        (steps, editor.steps_made())
    });
    let lines = move || {
        let (steps, made) = steps.get();
        let first = std::iter::once("As it was opened".to_owned());
        let lines = first.chain(steps).enumerate().map(|(index, label)| {
            let is_here = index == made;
            view! {
                <li>
                    <button
                        class="button quiet small"
                        type="button"
                        aria-current=is_here.then_some("step")
                        on:click=move |_| desk.command(Command::JumpTo(index))
                    >
                        {label}
                    </button>
                </li>
            }
            .into_any()
        });
        // The newest first.
        let mut lines: Vec<AnyView> = lines.collect();
        lines.reverse();
        lines
    };
    view! {
        <Dialog id="history" title="What was done" open>
            <ul class="history">{lines}</ul>
        </Dialog>
    }
    .into_any()
}

/// The switch of a dialog that a command opens.
pub(super) fn opens(desk: Desk, panel: Panel) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || {
        if desk.panel.get() == Some(panel) {
            desk.panel.set(None);
            open.set(true);
        }
    });
    open
}
