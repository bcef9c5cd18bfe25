//! Where the selection is, how it lies among the others, and what it keeps on another canvas.

use super::{
    Desk,
    part::{Part, owned, within},
};
use crate::{
    pages::builder::slots::{button, number, switch},
    parts::Glyph,
};
use editor::{Command, Edge, Editor, Measure, Order};
use leptos::{html, prelude::*};
use model::document::{Axis, Constraint, Property};

const OPACITY: Part<u8> = owned!(OpacityPercent, opacity_percent);
const ACROSS: Part<Constraint> = owned!(Constraints, constraints.horizontal);
const DOWN: Part<Constraint> = owned!(Constraints, constraints.vertical);

const KEPT_ACROSS: [(Constraint, &str); 5] = kept("Keep to the left", "Keep to the right");
const KEPT_DOWN: [(Constraint, &str); 5] = kept("Keep to the top", "Keep to the bottom");

const ALIGNS: [(Glyph, Command); 6] = [
    (Glyph::AlignLeft, Command::Align(Edge::Left)),
    (Glyph::AlignCenter, Command::Align(Edge::Center)),
    (Glyph::AlignRight, Command::Align(Edge::Right)),
    (Glyph::AlignTop, Command::Align(Edge::Top)),
    (Glyph::AlignMiddle, Command::Align(Edge::Middle)),
    (Glyph::AlignBottom, Command::Align(Edge::Bottom)),
];

const ARRANGES: [(Glyph, Command); 5] = [
    (Glyph::ChevronUp, Command::Order(Order::Forward)),
    (Glyph::ChevronDown, Command::Order(Order::Backward)),
    (Glyph::DistributeX, Command::Distribute(Axis::X)),
    (Glyph::DistributeY, Command::Distribute(Axis::Y)),
    (Glyph::Group, Command::Group),
];

pub(super) fn section(desk: Desk) -> AnyView {
    let measured = |label, words, measure: Measure| {
        let ask = move |editor: &Editor| editor.measures()?.get(measure);
        number(desk, label, words, ask, move |_, value| {
            Some(Command::Number(measure, value))
        })
    };
    let buttons = |commands: &[(Glyph, Command)]| {
        let commands = commands.iter().cloned();
        commands
            .map(|(icon, command)| button(desk, icon, command))
            .collect_view()
    };
    view! {
        <section>
            {name(desk)}
            {measured("X", "Left edge", Measure::X)}
            {measured("Y", "Top edge", Measure::Y)}
            {measured("W", "Width", Measure::Width)}
            {measured("H", "Height", Measure::Height)}
            {measured("∠", "Rotation in degrees", Measure::RotationDeg)}
            {OPACITY.number(
                desk,
                "%",
                "Opacity in percent",
                |percent| Some((*percent).into()),
                |percent, typed| *percent = within(typed, 0, 100),
            )}
            <div class="inspector-row" role="group" aria-label="Align">{buttons(&ALIGNS)}</div>
            <div class="inspector-row" role="group" aria-label="Arrange">
                {buttons(&ARRANGES)}
                {switch(
                    desk,
                    Glyph::Lock,
                    "Locked",
                    |editor| editor.selected().iter().any(|one| one.locked),
                    |_| Some(Command::ToggleLocked),
                )}
                {switch(
                    desk,
                    Glyph::EyeOff,
                    "Hidden",
                    |editor| editor.selected().iter().any(|one| one.hidden),
                    |_| Some(Command::ToggleHidden),
                )}
            </div>
        </section>
    }
    .into_any()
}

fn name(desk: Desk) -> AnyView {
    let name = desk.watch(|editor| Desk::only(editor).map(|one| one.name.clone()));
    let called = desk.watch(|editor| {
        let kind = |one: &model::document::Element| editor::Kind::of(&one.draw).word().to_owned();
        match editor.selection().len() {
            1 => Desk::only(editor).map(kind).unwrap_or_default(),
            count => format!("{count} elements"),
        }
    });
    let field = NodeRef::<html::Input>::new();
    crate::browser::effect(move || {
        if desk.panel.get() == Some(editor::Panel::Numbers)
            && let Some(field) = field.get()
        {
            let _ = field.focus();
            field.select();
            desk.panel.set(None);
        }
    });
    view! {
        <h2>{called}</h2>
        <label class="slot whole">
            <span class="slot-label">"Name"</span>
            <input
                node_ref=field
                type="text"
                aria-label="Name"
                autocomplete="off"
                maxlength=model::limits::NAME_CHARS_MAX.to_string()
                disabled=move || name.read().is_none()
                prop:value=move || name.get().unwrap_or_default()
                on:change:target=move |event| {
                    let name = event.target().value().trim().to_owned();
                    desk.step(Some(Command::Set(vec![Property::Name(name)])));
                }
            />
        </label>
    }
    .into_any()
}

/// For another layout of the template.
pub(super) fn constraints(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"On another canvas"</h2>
            {ACROSS.choice(desk, "Across", &KEPT_ACROSS, |kept| Some(*kept), |kept, to| *kept = to)}
            {DOWN.choice(desk, "Down", &KEPT_DOWN, |kept| Some(*kept), |kept, to| *kept = to)}
        </section>
    }
    .into_any()
}

const fn kept(start: &'static str, end: &'static str) -> [(Constraint, &'static str); 5] {
    [
        (Constraint::Scale, "Scale"),
        (Constraint::Start, start),
        (Constraint::End, end),
        (Constraint::Stretch, "Stretch between both"),
        (Constraint::Center, "Keep in the middle"),
    ]
}
