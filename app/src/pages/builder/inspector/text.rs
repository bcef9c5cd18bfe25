//! What texts say, and how they look.

use super::{
    Desk, bound,
    completion::completed,
    fill,
    part::{Part, drawn, pixels, within},
};
use crate::{
    format::capital,
    pages::builder::{fields, slots::switch},
    parts::Glyph,
};
use editor::{Command, Editor};
use leptos::{html, prelude::*};
use model::{
    Family,
    document::{
        Align, Border, Case, Clock, Color, Draw, Fill, FontRole, Form, Paint, Pattern, Rgb, Role,
        Shadow, Shape, Text, TextStyle, Ticker, VerticalAlign,
    },
    limits::{LINES_MAX, TEXT_PX_MAX, TEXT_PX_MIN},
};

macro_rules! styled {
    ($style:ident => $part:expr) => {
        drawn!(
            Draw::Text(Text { style: $style, .. })
            | Draw::Message(Text { style: $style, .. })
            | Draw::Clock(Clock { style: $style, .. })
            | Draw::Ticker(Ticker { style: $style, .. }) => $part
        )
    };
}

const PATTERN: Part<Pattern> = drawn!(
    Draw::Text(Text { text, .. })
    | Draw::Message(Text { text, .. })
    | Draw::Ticker(Ticker { text, .. }) => *text
);
const STYLE: Part<TextStyle> = styled!(style => *style);
const OUTLINE: Part<Option<Border>> = styled!(style => style.outline);

const PLATE: Part<Shape> = Part {
    all: |editor| plates(editor, |plate| plate),
    change: |editor, change| (STYLE.change)(editor, &|style| plated(style, change)),
};

const PLATE_FILL: Part<Fill> = Part {
    all: |editor| plates(editor, |plate| &plate.fill),
    change: |editor, change| (PLATE.change)(editor, &|plate| change(&mut plate.fill)),
};

const PLATE_BORDER: Part<Option<Border>> = Part {
    all: |editor| plates(editor, |plate| &plate.border),
    change: |editor, change| (PLATE.change)(editor, &|plate| change(&mut plate.border)),
};

/// What a text without a plate has: as `Shape::default`.
const BARE: Shape = Shape {
    form: Form::Rectangle,
    fill: Fill::None,
    border: None,
    shadow: None,
    radius_px: 0,
};

const FONTS: [(FontRole, &str); 7] = [
    (FontRole::Heading, "Theme headings"),
    (FontRole::Body, "Theme text"),
    (FontRole::Times, "Theme times"),
    (FontRole::Own(Family::Sans), "Sans"),
    (FontRole::Own(Family::Condensed), "Condensed"),
    (FontRole::Own(Family::Slab), "Slab"),
    (FontRole::Own(Family::Mono), "Mono"),
];

const CASES: [(Option<Case>, &str); 3] = [
    (None, "As they are"),
    (Some(Case::Upper), "LARGE"),
    (Some(Case::Lower), "small"),
];

pub(super) fn says(desk: Desk) -> AnyView {
    let field = NodeRef::<html::Textarea>::new();
    crate::browser::effect(move || {
        if desk.writes.get().is_some()
            && let Some(field) = field.get()
        {
            let _ = field.focus();
            field.select();
            desk.writes.set(None);
        }
    });
    view! {
        <section>
            <h2>"Says"</h2>
            {pattern(desk, "Text, with fields in braces", PATTERN, field, true)}
        </section>
    }
    .into_any()
}

/// A text with fields in it. `live`: set with every letter.
pub(super) fn pattern(
    desk: Desk,
    words: &'static str,
    part: Part<Pattern>,
    field: NodeRef<html::Textarea>,
    live: bool,
) -> AnyView {
    let text = desk.watch(move |editor| part.alike(editor, |pattern| Some(pattern.to_string())));
    let problem = RwSignal::new(String::new());
    let set = move |pattern: Pattern| {
        desk.change(desk.read(|editor| (part.change)(editor, &|one| one.clone_from(&pattern))));
    };
    let typed = move |typed: String| match typed.parse::<Pattern>() {
        Ok(pattern) => {
            problem.set(String::new());
            set(pattern);
        }
        Err(error) => problem.set(capital(&error.to_string())),
    };
    let area = view! {
        <textarea
            node_ref=field
            class="slot-text"
            aria-label=words
            spellcheck="false"
            prop:value=move || text.get().unwrap_or_default()
            aria-invalid=move || (!problem.read().is_empty()).then_some("true")
            on:input:target=move |event| {
                if live {
                    typed(event.target().value());
                }
            }
            on:change:target=move |event| {
                if !live {
                    typed(event.target().value());
                }
                // Nothing that was typed is lost: what is no field can be seen as it is.
                if !problem.read_untracked().is_empty() {
                    set(Pattern::forgiving(&event.target().value()));
                }
                desk.command(Command::Settle);
            }
        ></textarea>
    };
    let names = fields::all(desk).into_iter();
    let names = names.map(|(_, field)| field.name().into_owned()).collect();
    view! {
        {completed(names, typed, area.into_any())}
        <p class="slot-problem" role="alert" hidden=move || problem.read().is_empty()>
            {problem}
        </p>
        {bound::rows(desk, part)}
    }
    .into_any()
}

pub(super) fn style(desk: Desk) -> AnyView {
    let is_bold = |editor: &_| STYLE.alike(editor, |style| Some(style.bold)) == Some(true);
    let has_shadow =
        |editor: &_| STYLE.alike(editor, |style| Some(style.shadow.is_some())) == Some(true);
    view! {
        <section>
            <h2>"Type"</h2>
            {STYLE.choice(desk, "Typeface", &FONTS, |style| Some(style.font), |style, font| {
                style.font = font;
            })}
            {STYLE.number(
                desk,
                "Size",
                "Size in pixels",
                |style| Some(style.size_px.into()),
                |style, px| {
                    style.size_px = size(px);
                    style.size_px_min = style.size_px_min.map(|least| least.min(style.size_px));
                },
            )}
            {STYLE.number(
                desk,
                "Least",
                "Least size in pixels, to which long texts shrink",
                |style| Some(style.size_min_px().into()),
                |style, px| style.size_px_min = Some(size(px).min(style.size_px)),
            )}
            {STYLE.number(
                desk,
                "Lines",
                "Lines at most",
                |style| Some(style.lines_max.into()),
                |style, lines| style.lines_max = within(lines, 1, LINES_MAX),
            )}
            {STYLE.number(
                desk,
                "Leading",
                "From one line to the next, in percent of the size",
                |style| Some(style.line_percent.into()),
                |style, percent| style.line_percent = within(percent, 50, 300),
            )}
            {STYLE.number(
                desk,
                "Spacing",
                "Between letters, in thousandths of the size",
                |style| Some(style.spacing_mem.into()),
                |style, spacing| style.spacing_mem = within(spacing, -200, 2_000),
            )}
            {STYLE.choice(desk, "Letters", &CASES, |style| Some(style.case), |style, case| {
                style.case = case;
            })}
            {STYLE.color(desk, "Color", |style| Some(style.color), |style, color| {
                style.color = color;
            })}
            <div class="inspector-row" role="group" aria-label="Text alignment">
                {switch(desk, Glyph::Bold, "Bold", is_bold, move |editor| {
                    let bold = !is_bold(editor);
                    (STYLE.change)(editor, &|style| style.bold = bold)
                })}
                {align(desk, Glyph::TextLeft, "Text to the left", Align::Left)}
                {align(desk, Glyph::TextCenter, "Text in the middle", Align::Center)}
                {align(desk, Glyph::TextRight, "Text to the right", Align::Right)}
                {vertical(desk, Glyph::AlignTop, "Text to the top", VerticalAlign::Top)}
                {vertical(desk, Glyph::AlignMiddle, "Text half-way down", VerticalAlign::Middle)}
                {vertical(desk, Glyph::AlignBottom, "Text to the bottom", VerticalAlign::Bottom)}
                {switch(desk, Glyph::Shadow, "Shadow", has_shadow, move |editor| {
                    let has = has_shadow(editor);
                    (STYLE.change)(editor, &|style| {
                        style.shadow = (!has).then(|| soft(style.size_px));
                    })
                })}
            </div>
            {fill::line(
                desk,
                OUTLINE,
                "Outline",
                "Width of the outline round each letter, in pixels",
                |outline, px| fill::widen(outline, px, Role::Background),
            )}
        </section>
        <section>
            <h2>"Behind the text"</h2>
            {fill::slots(desk, PLATE_FILL, &fill::KINDS)}
            {fill::edge(desk, PLATE, PLATE_BORDER)}
            {STYLE.number(
                desk,
                "↔",
                "Room at the left and right of the text, in pixels",
                |style| Some(style.padding_px[0].into()),
                |style, px| style.padding_px[0] = pixels(px),
            )}
            {STYLE.number(
                desk,
                "↕",
                "Room above and below the text, in pixels",
                |style| Some(style.padding_px[1].into()),
                |style, px| style.padding_px[1] = pixels(px),
            )}
        </section>
    }
    .into_any()
}

fn align(desk: Desk, icon: Glyph, words: &'static str, to: Align) -> AnyView {
    let holds = move |editor: &_| STYLE.alike(editor, |style| Some(style.align)) == Some(to);
    switch(desk, icon, words, holds, move |editor| {
        (STYLE.change)(editor, &|style| style.align = to)
    })
}

fn vertical(desk: Desk, icon: Glyph, words: &'static str, to: VerticalAlign) -> AnyView {
    let holds = move |editor: &_| STYLE.alike(editor, |style| Some(style.vertical)) == Some(to);
    switch(desk, icon, words, holds, move |editor| {
        (STYLE.change)(editor, &|style| style.vertical = to)
    })
}

fn plates<S>(editor: &Editor, part: fn(&Shape) -> &S) -> Option<Vec<&S>> {
    let styles = (STYLE.all)(editor)?.into_iter();
    let plates = styles.map(|style| part(style.plate.as_ref().unwrap_or(&BARE)));
    Some(plates.collect())
}

/// One that nobody would see is none.
fn plated(style: &mut TextStyle, change: &dyn Fn(&mut Shape)) {
    let mut plate = style.plate.take().unwrap_or_default();
    change(&mut plate);
    style.plate = (plate != BARE).then_some(plate);
}

/// So that a text is read over a picture.
fn soft(size_px: u16) -> Shadow {
    Shadow {
        color: Color {
            paint: Paint::Fixed(Rgb([0; 3])),
            opacity_percent: 60,
        },
        x_px: 0,
        y_px: i16::try_from(size_px / 24).unwrap_or(2).max(1),
        blur_px: (size_px / 8).max(2),
    }
}

fn size(px: i32) -> u16 {
    within(px, TEXT_PX_MIN, TEXT_PX_MAX)
}
