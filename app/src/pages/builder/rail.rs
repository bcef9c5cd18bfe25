//! The tools at the left, the scenes, and below them the layers or the fields.

use super::{
    desk::Desk,
    fields::Fields,
    layers::{Layers, glyph},
    slots::choice,
};
use crate::{
    browser::effect,
    parts::{Glyph, Icon, truth},
};
use editor::{Command, Editor, Kind, Panel, Tool};
use leptos::prelude::*;
use model::document::ScenePath;

#[component]
pub(super) fn Rail(desk: Desk) -> impl IntoView {
    let kinds = Kind::INSERTED.into_iter();
    let kinds = kinds.map(|kind| tool(desk, Tool::Insert(kind), glyph(kind), kind.word()));
    let panel = RwSignal::new(0_usize);
    let shows_side = RwSignal::new(false);
    effect(move || {
        if desk.panel.get() == Some(Panel::LayerSearch) {
            panel.set(0);
            shows_side.set(true);
        }
    });
    view! {
        <div class="builder-tools" class:shows-side=move || shows_side.get()>
            <div class="builder-rail" role="toolbar" aria-label="Tools" aria-orientation="vertical">
                {tool(desk, Tool::Select, Glyph::Cursor, "Select")}
                {tool(desk, Tool::Hand, Glyph::Hand, "Move the view")}
                {kinds.collect_view()}
                <button
                    class="button quiet icon-only side-switch"
                    type="button"
                    title="Layers and fields"
                    aria-label="Layers and fields"
                    aria-pressed=move || truth(shows_side.get())
                    on:click=move |_| shows_side.update(|shows| *shows = !*shows)
                >
                    <Icon glyph=Glyph::Layers/>
                </button>
            </div>
            <div class="builder-side">
                {scenes(desk)}
                <div class="builder-tabs" role="tablist" aria-label="Panel">
                    {tab(panel, 0, "Layers")}
                    {tab(panel, 1, "Fields")}
                </div>
                {move || match panel.get() {
                    0 => view! { <Layers desk/> }.into_any(),
                    _ => view! { <Fields desk/> }.into_any(),
                }}
            </div>
        </div>
    }
    .into_any()
}

fn tool(desk: Desk, tool: Tool, icon: Glyph, words: &'static str) -> AnyView {
    let holds = desk.watch(move |editor| editor.tool() == tool);
    view! {
        <button
            class="button quiet icon-only"
            type="button"
            title=words
            aria-label=words
            aria-pressed=move || truth(holds.get())
            on:click=move |event| desk.command(match tool {
                // Pressed by a key: there is no pointer in hand to draw it with.
                Tool::Insert(kind) if event.detail() == 0 => Command::Insert(kind),
                tool => Command::Choose(tool),
            })
        >
            <Icon glyph=icon/>
        </button>
    }
    .into_any()
}

fn tab(panel: RwSignal<usize>, index: usize, words: &'static str) -> AnyView {
    let holds = move || panel.get() == index;
    view! {
        <button
            class="builder-tab"
            type="button"
            role="tab"
            aria-selected=move || if holds() { "true" } else { "false" }
            on:click=move |_| panel.set(index)
        >
            {words}
        </button>
    }
    .into_any()
}

/// One can work in each; `resting` and `runner` always are there.
fn scenes(desk: Desk) -> AnyView {
    let names = desk.watch(|editor| {
        let layout = editor.layout();
        let scenes = layout.into_iter().flat_map(|layout| &layout.scenes);
        scenes.map(|scene| scene.name.clone()).collect::<Vec<_>>()
    });
    let here = desk.watch(|editor| editor.place().scene.clone());
    let layouts = desk.watch(|editor| {
        let layouts = editor.document().layouts.iter();
        layouts
            .map(|layout| layout.canvas)
            .map(|of| (of.width_px, of.height_px))
            .collect::<Vec<_>>()
    });
    let lines = move || {
        let names = names.get().into_iter();
        let lines = names.map(|name| {
            let is_here = {
                let name = name.clone();
                move || here.with(|ScenePath { scene, .. }| *scene == name)
            };
            let words = scene_words(&name);
            view! {
                <button
                    class="button quiet small"
                    type="button"
                    aria-pressed=move || truth(is_here())
                    on:click=move |_| desk.command(Command::SwitchScene(name.clone()))
                >
                    {words}
                </button>
            }
            .into_any()
        });
        lines.collect_view()
    };
    let sizes = move || {
        let layouts = layouts.get();
        if layouts.len() < 2 {
            return None;
        }
        let sizes = layouts.into_iter();
        let sizes = sizes.map(|(width, height)| format!("{width} × {height}"));
        let ask = |editor: &Editor| Some(editor.place().scene.layout);
        let choice = choice(desk, "Canvas", sizes.collect(), ask, |_, index| {
            Some(Command::SwitchLayout(index))
        });
        Some(choice)
    };
    view! {
        <div class="builder-scenes" role="group" aria-label="Scenes">
            {lines}
            {sizes}
        </div>
    }
    .into_any()
}

fn scene_words(name: &str) -> String {
    match name {
        "resting" => "Resting".to_owned(),
        "runner" => "Runner".to_owned(),
        other => other.to_owned(),
    }
}
