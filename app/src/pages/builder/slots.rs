//! Small fields of the inspector: a number, a choice, a color, a switch. Each shows what the
//! selection has and sets it.
//!
//! Owns how they look and when they tell. What they are about comes in as functions on the editor.

use super::desk::Desk;
use crate::{
    format::capital,
    parts::{Glyph, IconButton},
};
use editor::{Command, Editor, arithmetic};
use leptos::{ev, html, prelude::*};
use model::document::{Color, Paint, Rgb, Role};

/// What a slot is set by. Behind a pointer: each closure would bring its own copy of the slot.
type Setter<T> = Box<dyn Fn(&Editor, T) -> Option<Command> + Send + Sync>;

/// A whole number, with arithmetic. `None` is shown as empty: several that differ, or nothing.
pub(super) fn number(
    desk: Desk,
    label: &'static str,
    words: &'static str,
    ask: impl Fn(&Editor) -> Option<i32> + Send + Sync + 'static,
    set: impl Fn(&Editor, i32) -> Option<Command> + Send + Sync + 'static,
) -> AnyView {
    number_slot(desk, label, words, desk.watch(ask), Box::new(set))
}

fn number_slot(
    desk: Desk,
    label: &'static str,
    words: &'static str,
    value: Memo<Option<i32>>,
    set: Setter<i32>,
) -> AnyView {
    let set = StoredValue::new(set);
    let problem = RwSignal::new(String::new());
    let text = move || {
        value
            .get()
            .map_or_else(String::new, |value| value.to_string())
    };
    let change = move |typed: String| {
        let typed = typed.trim();
        if typed.is_empty() {
            problem.set(String::new());
            return;
        }
        match arithmetic::evaluate(typed, value.get_untracked().unwrap_or(0)) {
            Ok(number) => {
                problem.set(String::new());
                desk.step(desk.read(|editor| set.with_value(|set| set(editor, number))));
            }
            Err(error) => problem.set(capital(&error.to_string())),
        }
    };
    let tip: Signal<String> = problem.into();
    view! {
        <label class="slot" class:wrong=move || !problem.read().is_empty() title=words>
            <span class="slot-label" aria-hidden="true">{label}</span>
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                aria-label=words
                aria-invalid=move || (!problem.read().is_empty()).then_some("true")
                title=tip
                prop:value=text
                on:change:target=move |event| change(event.target().value())
                on:keydown=stepped(value, change)
            />
        </label>
    }
    .into_any()
}

/// The arrows up and down count.
fn stepped(
    value: Memo<Option<i32>>,
    change: impl Fn(String) + Copy + 'static,
) -> impl Fn(ev::KeyboardEvent) {
    move |event| {
        let step = if event.shift_key() { 10 } else { 1 };
        let by = match &*event.key() {
            "ArrowUp" => step,
            "ArrowDown" => -step,
            _ => return,
        };
        event.prevent_default();
        if let Some(value) = value.get_untracked() {
            change((value + by).to_string());
        }
    }
}

/// One of those in a table.
pub(super) fn one_of<T: Copy + PartialEq + Send + Sync>(
    desk: Desk,
    words: &'static str,
    table: &'static [(T, &'static str)],
    ask: impl Fn(&Editor) -> Option<T> + Send + Sync + 'static,
    set: impl Fn(&Editor, T) -> Option<Command> + Send + Sync + 'static,
) -> AnyView {
    let ask = move |editor: &Editor| {
        let chosen = ask(editor)?;
        table.iter().position(|(one, _)| *one == chosen)
    };
    let set = move |editor: &Editor, index: usize| set(editor, table.get(index)?.0);
    let options = table.iter().map(|(_, words)| (*words).to_owned());
    choice(desk, words, options.collect(), ask, set)
}

/// One of several, by its place among them.
pub(super) fn choice(
    desk: Desk,
    words: &'static str,
    options: Vec<String>,
    ask: impl Fn(&Editor) -> Option<usize> + Send + Sync + 'static,
    set: impl Fn(&Editor, usize) -> Option<Command> + Send + Sync + 'static,
) -> AnyView {
    choice_slot(desk, words, options, desk.watch(ask), Box::new(set))
}

fn choice_slot(
    desk: Desk,
    words: &'static str,
    options: Vec<String>,
    value: Memo<Option<usize>>,
    set: Setter<usize>,
) -> AnyView {
    let choose = move |index| desk.step(desk.read(|editor| set(editor, index)));
    list(words, options, value.into(), Callback::new(choose))
}

/// A list to choose from; nothing is chosen where the value is none.
pub(super) fn list(
    words: &'static str,
    options: Vec<String>,
    value: Signal<Option<usize>>,
    on_choose: Callback<usize>,
) -> AnyView {
    let options = options.into_iter().enumerate().map(|(index, text)| {
        let is_chosen = move || value.get() == Some(index);
        view! { <option value=index.to_string() selected=is_chosen>{text}</option> }.into_any()
    });
    let chosen = move || {
        value
            .get()
            .map_or_else(String::new, |index| index.to_string())
    };
    view! {
        <label class="slot whole">
            <span class="slot-label">{words}</span>
            <select
                dir="auto"
                aria-label=words
                prop:value=chosen
                on:change:target=move |event| {
                    if let Ok(index) = event.target().value().parse() {
                        on_choose.run(index);
                    }
                }
            >
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// A role of the theme, or a color of its own.
pub(super) fn color(
    desk: Desk,
    words: &'static str,
    ask: impl Fn(&Editor) -> Option<Color> + Send + Sync + 'static,
    set: impl Fn(&Editor, Color) -> Option<Command> + Send + Sync + 'static,
) -> AnyView {
    color_slot(desk, words, desk.watch(ask), Box::new(set))
}

fn color_slot(
    desk: Desk,
    words: &'static str,
    value: Memo<Option<Color>>,
    set: Setter<Color>,
) -> AnyView {
    let set = StoredValue::new(set);
    let role = move || match value.get().map(|color| color.paint) {
        Some(Paint::Theme(role)) => role.name(),
        Some(Paint::Fixed(_)) => "own",
        None => "",
    };
    let seen = Signal::derive(move || {
        // A theme's is another once the theme is.
        desk.track();
        let color = value.get()?;
        Some(desk.read(|editor| match color.paint {
            Paint::Fixed(rgb) => rgb,
            Paint::Theme(role) => editor.document().theme.colors.of(role),
        }))
    });
    let give = move |paint: Paint| {
        let before = value.get_untracked();
        let color = Color {
            paint,
            opacity_percent: before.map_or(100, |color| color.opacity_percent),
        };
        desk.change(desk.read(|editor| set.with_value(|set| set(editor, color))));
    };
    let roles = Role::ALL.into_iter().map(|one| {
        let is_chosen = move || role() == one.name();
        view! { <option value=one.name() selected=is_chosen>{role_words(one)}</option> }.into_any()
    });
    let own = Callback::new(move |rgb| give(Paint::Fixed(rgb)));
    // Where there is none, there is nothing to set.
    view! {
        <div class="slot whole" hidden=move || value.read().is_none()>
            <span class="slot-label">{words}</span>
            <select
                aria-label=format!("{words}: color of the theme")
                prop:value=move || role().to_owned()
                on:change:target=move |event| {
                    match event.target().value().parse::<Role>() {
                        Ok(role) => give(Paint::Theme(role)),
                        Err(_) => {
                            if let Some(rgb) = seen.get_untracked() {
                                give(Paint::Fixed(rgb));
                            }
                        }
                    }
                    desk.command(Command::Settle);
                }
            >
                {roles.collect_view()}
                <option value="own" selected=move || role() == "own">"Own color"</option>
            </select>
            {color_input(desk, format!("{words}: own color"), seen, own)}
        </div>
    }
    .into_any()
}

/// The browser's own way to choose a color.
pub(super) fn color_input(
    desk: Desk,
    words: String,
    seen: Signal<Option<Rgb>>,
    give: Callback<Rgb>,
) -> AnyView {
    let text = move || {
        let seen = seen.get();
        seen.map_or_else(|| "#000000".to_owned(), |rgb| rgb.to_string())
    };
    view! {
        <input
            type="color"
            aria-label=words
            prop:value=text
            on:input:target=move |event| {
                if let Ok(rgb) = event.target().value().parse() {
                    give.run(rgb);
                }
            }
            on:change=move |_| desk.command(Command::Settle)
        />
    }
    .into_any()
}

pub(super) const fn role_words(role: Role) -> &'static str {
    match role {
        Role::Background => "Background",
        Role::Panel => "Panel",
        Role::Text => "Text",
        Role::Muted => "Muted",
        Role::Accent => "Accent",
        Role::OnAccent => "On accent",
    }
}

/// A button with a symbol, pressed where it holds for what is selected.
pub(super) fn switch(
    desk: Desk,
    icon: Glyph,
    words: &'static str,
    holds: impl Fn(&Editor) -> bool + Send + Sync + 'static,
    set: impl Fn(&Editor) -> Option<Command> + Send + Sync + 'static,
) -> AnyView {
    let set: Setter<()> = Box::new(move |editor, ()| set(editor));
    switch_slot(desk, icon, words, desk.watch(holds), set)
}

fn switch_slot(
    desk: Desk,
    icon: Glyph,
    words: &'static str,
    holds: Memo<bool>,
    set: Setter<()>,
) -> AnyView {
    let press = move || desk.step(desk.read(|editor| set(editor, ())));
    let pressed = Signal::from(holds);
    view! { <IconButton icon label=words small=true pressed on_press=press/> }.into_any()
}

/// A button that does one of the commands of the table, called as it is there.
pub(super) fn button(desk: Desk, icon: Glyph, command: Command) -> AnyView {
    let words = words_of(&command);
    let can = {
        let command = command.clone();
        desk.watch(move |editor| editor.can(&command))
    };
    let press = move || desk.command(command.clone());
    let disabled = Signal::derive(move || !can.get());
    view! { <IconButton icon label=words small=true disabled on_press=press/> }.into_any()
}

/// `Undo (Ctrl+Z)`
pub(super) fn words_of(command: &Command) -> String {
    let Some(entry) = command.entry() else {
        return String::new();
    };
    match entry.keys.first() {
        Some(keys) => format!("{} ({})", entry.words, keys.text(false)),
        None => entry.words.to_owned(),
    }
}

/// A field that finds among what is listed below it.
pub(super) fn search_field(
    node: NodeRef<html::Input>,
    words: &'static str,
    search: RwSignal<String>,
) -> AnyView {
    view! {
        <input
            node_ref=node
            type="search"
            class="input"
            placeholder=words
            aria-label=words
            prop:value=move || search.get()
            on:input:target=move |event| search.set(event.target().value())
        />
    }
    .into_any()
}
