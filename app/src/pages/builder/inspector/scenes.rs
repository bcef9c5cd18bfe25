//! Which scenes and canvases there are: added, called otherwise, removed.

use super::{Desk, canvas::SIZES, part::Part};
use crate::parts::{Button, Glyph, When};
use editor::{Command, Editor};
use leptos::{ev, prelude::*};
use model::{
    document::SceneLayout,
    limits::{SCENE_FADE_MS, SCENE_FADE_MS_MAX},
};

const FADE: Part<u16> = Part {
    all: |editor| Some(vec![&scene(editor)?.fade_ms]),
    change: |editor, change| {
        let mut ms = scene(editor)?.fade_ms;
        change(&mut ms);
        Some(Command::Fade(ms))
    },
};

const FADES: [(u16, &str); 4] = [
    (0, "At once"),
    (SCENE_FADE_MS, "In a quick fade"),
    (500, "In a fade"),
    (SCENE_FADE_MS_MAX, "In a slow fade"),
];

pub(super) fn section(desk: Desk) -> AnyView {
    let is_own = desk.watch(|editor| {
        let scene = &editor.place().scene.scene;
        editor.can(&Command::RemoveScene(scene.clone()))
    });
    let seen = desk.watch(|editor| editor.place().scene.scene.clone());
    let goes = desk.watch(|editor| editor.can(&Command::RemoveLayout(0)));
    view! {
        <section>
            <h2>"Scenes and canvases"</h2>
            {named(desk, "Add a scene", Memo::new(|_| String::new()), |_, name| {
                Command::AddScene(name)
            })}
            {FADE.choice(desk, "Comes", &FADES, |ms| Some(*ms), |ms, chosen| *ms = chosen)}
            <When holds=move || is_own.get()>
                {named(desk, "Its name", seen, |editor, to| {
                    let from = editor.place().scene.scene.clone();
                    Command::RenameScene { from, to }
                })}
                {remove(desk, "Remove this scene", |editor| {
                    Command::RemoveScene(editor.place().scene.scene.clone())
                })}
            </When>
            {another(desk)}
            <When holds=move || goes.get()>
                {remove(desk, "Remove this canvas", |editor| {
                    Command::RemoveLayout(editor.place().scene.layout)
                })}
            </When>
        </section>
    }
    .into_any()
}

fn scene(editor: &Editor) -> Option<&SceneLayout> {
    editor.document().scene_at(&editor.place().scene).ok()
}

/// A field for the name of a scene.
fn named(
    desk: Desk,
    words: &'static str,
    value: Memo<String>,
    command: fn(&Editor, String) -> Command,
) -> AnyView {
    let change = move |event: ev::Targeted<ev::Event, web_sys::HtmlInputElement>| {
        let field = event.target();
        let name = id_of(&field.value());
        field.set_value(&value.get_untracked());
        if !name.is_empty() && name != value.get_untracked() {
            desk.command(desk.read(|editor| command(editor, name)));
        }
    };
    view! {
        <label class="slot whole">
            <span class="slot-label">{words}</span>
            <input type="text" autocomplete="off" prop:value=move || value.get() on:change:target=change/>
        </label>
    }
    .into_any()
}

fn remove(desk: Desk, words: &'static str, command: fn(&Editor) -> Command) -> AnyView {
    view! {
        <div class="whole">
            <Button
                small=true
                icon=Glyph::Trash
                on_press=move || desk.command(desk.read(command))
            >
                {words}
            </Button>
        </div>
    }
    .into_any()
}

/// Made from the canvas that is seen: its elements follow their constraints.
fn another(desk: Desk) -> AnyView {
    let options = SIZES.iter().enumerate().skip(1);
    let options = options.map(|(index, (_, words))| {
        view! { <option value=index.to_string()>{*words}</option> }.into_any()
    });
    let options = options.collect_view();
    view! {
        <label class="slot whole">
            <span class="slot-label">"Add a canvas"</span>
            <select aria-label="Add a canvas" on:change:target=move |event| {
                let chosen: Option<usize> = event.target().value().parse().ok();
                event.target().set_value("");
                if let Some((Some(canvas), _)) = chosen.and_then(|it| SIZES.get(it)) {
                    desk.command(Command::AddLayout(*canvas));
                }
            }>
                <option value="">"Choose a size"</option>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// As documents have it: small letters, digits and hyphens.
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for sign in name.trim().to_ascii_lowercase().chars() {
        match sign {
            'a'..='z' | '0'..='9' => id.push(sign),
            _ if !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id.trim_matches('-').to_owned()
}
