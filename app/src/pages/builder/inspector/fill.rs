//! What areas are filled with and what is round them: shapes, what lies behind a text, scenes.

use super::{
    Desk,
    part::{Part, pixels},
};
use leptos::prelude::*;
use model::document::{Border, Color, Fill, Role, Shape};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    None,
    Color,
    Gradient,
}

pub(super) const KINDS: [(Kind, &str); 3] = [
    (Kind::None, "None"),
    (Kind::Color, "Color"),
    (Kind::Gradient, "Gradient"),
];

pub(super) fn slots(
    desk: Desk,
    part: Part<Fill>,
    kinds: &'static [(Kind, &'static str)],
) -> AnyView {
    view! {
        {part.choice(desk, "Fill", kinds, |fill| Some(kind(fill)), |fill, kind| {
            *fill = filled(kind, fill);
        })}
        {part.color(desk, "Color", first, |fill, color| match fill {
            Fill::None => *fill = Fill::Color(color),
            Fill::Color(own) | Fill::Gradient { from: own, .. } => *own = color,
        })}
        {part.color(desk, "To", second, |fill, color| {
            if let Fill::Gradient { to, .. } = fill {
                *to = color;
            }
        })}
    }
    .into_any()
}

/// The corners, and the line round it.
pub(super) fn edge(desk: Desk, shape: Part<Shape>, border: Part<Option<Border>>) -> AnyView {
    view! {
        {shape.number(
            desk,
            "Radius",
            "Radius of the corners in pixels",
            |shape| Some(shape.radius_px.into()),
            |shape, px| shape.radius_px = pixels(px),
        )}
        {line(desk, border, "Border", "Width of the border in pixels", |border, px| {
            widen(border, px, Role::Accent);
        })}
    }
    .into_any()
}

pub(super) fn line(
    desk: Desk,
    part: Part<Option<Border>>,
    label: &'static str,
    words: &'static str,
    widen: fn(&mut Option<Border>, i32),
) -> AnyView {
    let width = |border: &Option<Border>| Some(border.map_or(0, |border| border.width_px.into()));
    view! {
        {part.number(desk, label, words, width, widen)}
        {part.color(desk, label, |border| border.map(|border| border.color), |border, color| {
            if let Some(border) = border {
                border.color = color;
            }
        })}
    }
    .into_any()
}

/// One without width is none.
pub(super) fn widen(border: &mut Option<Border>, px: i32, usual: Role) {
    let width_px = pixels(px);
    let color = border.map_or(usual.into(), |border| border.color);
    *border = (width_px > 0).then_some(Border { color, width_px });
}

const fn kind(fill: &Fill) -> Kind {
    match fill {
        Fill::None => Kind::None,
        Fill::Color(_) => Kind::Color,
        Fill::Gradient { .. } => Kind::Gradient,
    }
}

/// Of another kind, with the colors that it had.
fn filled(kind: Kind, before: &Fill) -> Fill {
    let from = first(before).unwrap_or(Role::Panel.into());
    match kind {
        Kind::None => Fill::None,
        Kind::Color => Fill::Color(from),
        Kind::Gradient => Fill::Gradient {
            from,
            to: second(before).unwrap_or(Role::Background.into()),
            angle_deg: 90,
        },
    }
}

fn first(fill: &Fill) -> Option<Color> {
    match fill {
        Fill::None => None,
        Fill::Color(color) => Some(*color),
        Fill::Gradient { from, .. } => Some(*from),
    }
}

fn second(fill: &Fill) -> Option<Color> {
    match fill {
        Fill::Gradient { to, .. } => Some(*to),
        Fill::None | Fill::Color(_) => None,
    }
}
