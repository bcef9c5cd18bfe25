//! The canvas and the theme: what is there where nothing is selected.

use super::{Desk, fill, part::Part, picture};
use crate::{
    pages::builder::slots::{color_input, role_words},
    parts::{Button, When},
};
use editor::{Command, Editor};
use leptos::prelude::*;
use model::{
    Family,
    document::{Canvas, Fill, Role, Subject, Theme},
    limits::{CANVAS_PX_MAX, CANVAS_PX_MIN},
};

const CANVAS: Part<Canvas> = Part {
    all: |editor| Some(vec![&editor.layout()?.canvas]),
    change: |editor, change| {
        let mut canvas = editor.layout()?.canvas;
        change(&mut canvas);
        Some(Command::ResizeCanvas(canvas))
    },
};

const SUBJECT: Part<Subject> = Part {
    all: |editor| Some(vec![&editor.document().subject]),
    change: |editor, change| {
        let mut subject = editor.document().subject;
        change(&mut subject);
        Some(Command::Subject(subject))
    },
};

const BACKGROUND: Part<Fill> = Part {
    all: |editor| Some(vec![background(editor)?]),
    change: |editor, change| {
        let mut fill = background(editor)?.clone();
        change(&mut fill);
        Some(Command::Background(fill))
    },
};

const THEME: Part<Theme> = Part {
    all: |editor| Some(vec![&editor.document().theme]),
    change: |editor, change| {
        let mut theme = editor.document().theme.clone();
        change(&mut theme);
        Some(Command::Theme(Box::new(theme)))
    },
};

/// What screens are.
pub(super) const SIZES: [(Option<Canvas>, &str); 9] = [
    (None, "Own size"),
    (size(1_920, 1_080), "1080p, 1920 × 1080"),
    (size(1_080, 1_920), "1080p upright, 1080 × 1920"),
    (size(3_840, 2_160), "4K, 3840 × 2160"),
    (size(2_160, 3_840), "4K upright, 2160 × 3840"),
    (size(1_080, 1_080), "Square, 1080 × 1080"),
    (size(1_280, 960), "Tablet, 1280 × 960"),
    (size(1_536, 384), "LED strip 4:1, 1536 × 384"),
    (size(1_024, 512), "LED wall 2:1, 1024 × 512"),
];

const SUBJECTS: [(Subject, &str); 3] = [
    (Subject::Runner, "One runner at a time"),
    (Subject::Arrivals, "The last crossings"),
    (Subject::Nobody, "Nobody: it always rests"),
];

const FILLS: [(fill::Kind, &str); 3] = [
    (fill::Kind::None, "The theme's"),
    (fill::Kind::Color, "Color"),
    (fill::Kind::Gradient, "Gradient"),
];

const FAMILIES: [(Family, &str); 4] = [
    (Family::Sans, "Sans"),
    (Family::Condensed, "Condensed"),
    (Family::Slab, "Slab"),
    (Family::Mono, "Mono"),
];

pub(super) fn section(desk: Desk) -> AnyView {
    view! {
        <section>
            <h2>"Canvas"</h2>
            {CANVAS.choice(desk, "Size", &SIZES, |canvas| Some(known(*canvas)), |canvas, chosen| {
                *canvas = chosen.unwrap_or(*canvas);
            })}
            {CANVAS.number(
                desk,
                "W",
                "Width of the canvas",
                |canvas| i32::try_from(canvas.width_px).ok(),
                |canvas, px| canvas.width_px = side(px),
            )}
            {CANVAS.number(
                desk,
                "H",
                "Height of the canvas",
                |canvas| i32::try_from(canvas.height_px).ok(),
                |canvas, px| canvas.height_px = side(px),
            )}
            {SUBJECT.choice(desk, "Shows", &SUBJECTS, |subject| Some(*subject), |subject, to| {
                *subject = to;
            })}
            <h2>"Background of the scene"</h2>
            {fill::slots(desk, BACKGROUND, &FILLS)}
        </section>
    }
    .into_any()
}

pub(super) fn theme(desk: Desk) -> AnyView {
    let has_logo = desk.watch(|editor| editor.document().theme.logo.is_some());
    let colors = Role::ALL.into_iter().map(|role| theme_color(desk, role));
    view! {
        <section>
            <h2>"Theme"</h2>
            {colors.collect_view()}
            {THEME.choice(
                desk,
                "Headings",
                &FAMILIES,
                |theme| Some(theme.fonts.heading),
                |theme, family| theme.fonts.heading = family,
            )}
            {THEME.choice(
                desk,
                "Text",
                &FAMILIES,
                |theme| Some(theme.fonts.body),
                |theme, family| theme.fonts.body = family,
            )}
            {THEME.choice(
                desk,
                "Times",
                &FAMILIES,
                |theme| Some(theme.fonts.times),
                |theme, family| theme.fonts.times = family,
            )}
            {picture::chooser(desk, "Choose the logo…", |editor, picture| {
                (THEME.change)(editor, &|theme| theme.logo = Some(picture.clone()))
            }, false)}
            <When holds=move || has_logo.get()>
                <div class="whole">
                    <Button
                        small=true
                        on_press=move || {
                            desk.step(
                                desk.read(|editor| {
                                    (THEME.change)(editor, &|theme| theme.logo = None)
                                }),
                            );
                        }
                    >
                        "Take the logo away"
                    </Button>
                </div>
            </When>
        </section>
    }
    .into_any()
}

fn theme_color(desk: Desk, role: Role) -> AnyView {
    let rgb = desk.watch(move |editor| Some(editor.document().theme.colors.of(role)));
    let give = move |rgb| {
        desk.change(
            desk.read(|editor| (THEME.change)(editor, &|theme| *theme.colors.of_mut(role) = rgb)),
        );
    };
    let words = role_words(role);
    view! {
        <label class="slot whole">
            <span class="slot-label">{words}</span>
            {color_input(desk, format!("{words}: color of the theme"), rgb.into(), Callback::new(give))}
        </label>
    }
    .into_any()
}

fn background(editor: &Editor) -> Option<&Fill> {
    let scene = editor.document().scene_at(&editor.place().scene).ok()?;
    Some(&scene.background)
}

const fn size(width_px: u32, height_px: u32) -> Option<Canvas> {
    Some(Canvas {
        width_px,
        height_px,
    })
}

/// As it is in the table; none for a size of one's own.
fn known(canvas: Canvas) -> Option<Canvas> {
    let is_known = SIZES.iter().any(|(size, _)| *size == Some(canvas));
    is_known.then_some(canvas)
}

fn side(px: i32) -> u32 {
    let px = u32::try_from(px).unwrap_or(0);
    px.clamp(CANVAS_PX_MIN, CANVAS_PX_MAX)
}
