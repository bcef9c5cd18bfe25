//! How much a text stands out from what lies behind it, by the relative luminance of WCAG 2.1
//! (<https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>).
//!
//! Owns what may lie behind a point: what is surely there, what perhaps is, and what cannot be
//! judged, which is a picture. Knows no text.

use super::place::{Need, Placed, Presence, presence};
use crate::limits::LINT_BACKDROPS_MAX;
use model::document::{
    Canvas, Color, Colors, Draw, Fill, Form, Paint, Picture, Role, SceneLayout, Shape, Theme,
};

/// Red, green and blue, from 0 to 1 each.
pub(super) type Light = [f64; 3];

/// What may lie behind a point. `None` cannot be judged.
type Grounds = Vec<Option<Light>>;

pub(super) struct Behind<'a> {
    pub theme: &'a Theme,
    pub canvas: Canvas,
    pub scene: &'a SceneLayout,
    pub laid: &'a [Placed<'a>],
}

impl Behind<'_> {
    /// The least ratio at a point of the canvas between a color and what may lie there behind the
    /// element of that index. `None` where a picture does.
    pub fn ratio(&self, index: usize, color: Color, point: (f64, f64)) -> Option<f64> {
        let text = self.laid.get(index)?;
        let (light, opacity) = mixed(color, &self.theme.colors);
        let grounds = self.grounds(index, &text.needs, point);
        let ratios = grounds.into_iter().flatten().map(|ground| {
            let seen = over(light, opacity * text.opacity, ground);
            ratio(luminance(seen), luminance(ground))
        });
        ratios.min_by(f64::total_cmp)
    }

    fn grounds(&self, index: usize, given: &[Need<'_>], point: (f64, f64)) -> Grounds {
        let colors = &self.theme.colors;
        let (base, _) = mixed(Role::Background.into(), colors);
        let size = [self.canvas.width_px, self.canvas.height_px].map(f64::from);
        let mut grounds = vec![Some(base)];
        if let Some((light, opacity)) = filled(&self.scene.background, colors, size, point) {
            grounds = vec![Some(over(light, opacity, base))];
        }
        for (at, placed) in self.laid.iter().enumerate().take(index + 1) {
            let Some(shape) = painted(placed, &self.theme.logo) else {
                continue;
            };
            // Of a text, its own plate lies behind it, and another's too.
            let size = [placed.element.at.width_px, placed.element.at.height_px].map(f64::from);
            let inside = placed.frame.back(point.0, point.1);
            let is_there = match presence(&placed.needs, given) {
                _ if at == index => Presence::Always,
                presence => presence,
            };
            if is_there == Presence::Never || !shape.reaches(inside, size) {
                continue;
            }
            let drawn = match shape {
                Painted::Picture => None,
                Painted::Shape(shape) => match filled(&shape.fill, colors, size, inside) {
                    Some((light, opacity)) => Some((light, opacity * placed.opacity)),
                    None => continue,
                },
            };
            let with: Grounds = grounds
                .iter()
                .map(|ground| match (drawn, ground) {
                    (Some((light, opacity)), Some(ground)) => Some(over(light, opacity, *ground)),
                    (Some((light, opacity)), None) if opacity > 0.99 => Some(light),
                    _ => None,
                })
                .collect();
            if is_there == Presence::Always {
                grounds = with;
            } else {
                for ground in with {
                    if grounds.len() < LINT_BACKDROPS_MAX && !grounds.contains(&ground) {
                        grounds.push(ground);
                    }
                }
            }
        }
        grounds
    }
}

/// Between a color and the one round it.
pub(super) fn ratio_of(color: Color, other: Color, colors: &Colors) -> f64 {
    let [one, other] = [color, other].map(|color| luminance(mixed(color, colors).0));
    ratio(one, other)
}

enum Painted<'a> {
    Shape(&'a Shape),
    Picture,
}

impl Painted<'_> {
    fn reaches(&self, (x, y): (f64, f64), [width, height]: [f64; 2]) -> bool {
        let is_ellipse = matches!(self, Self::Shape(shape) if shape.form == Form::Ellipse);
        if is_ellipse {
            let (x, y) = (
                2.0 * x / width.max(1.0) - 1.0,
                2.0 * y / height.max(1.0) - 1.0,
            );
            return x.hypot(y) <= 1.0;
        }
        0.0 <= x && x <= width && 0.0 <= y && y <= height
    }
}

/// Nothing where no area is painted.
fn painted<'a>(placed: &'a Placed<'_>, logo: &Option<Picture>) -> Option<Painted<'a>> {
    match &placed.element.draw {
        Draw::Shape(shape) => Some(Painted::Shape(shape)),
        Draw::Text(text) | Draw::Message(text) => text.style.plate.as_ref().map(Painted::Shape),
        Draw::Clock(clock) => clock.style.plate.as_ref().map(Painted::Shape),
        Draw::Ticker(ticker) => ticker.style.plate.as_ref().map(Painted::Shape),
        Draw::Image(image) => {
            let is_there = image.picture != Picture::Logo || logo.is_some();
            is_there.then_some(Painted::Picture)
        }
        Draw::Sponsors(reel) => (!reel.pictures.is_empty()).then_some(Painted::Picture),
        Draw::QrCode(_) => Some(Painted::Picture),
        Draw::Arrivals(_) | Draw::Races(_) | Draw::Group(_) => None,
    }
}

/// What a fill is at a point of its box, and how opaque.
fn filled(
    fill: &Fill,
    colors: &Colors,
    [width, height]: [f64; 2],
    (x, y): (f64, f64),
) -> Option<(Light, f64)> {
    match fill {
        Fill::None => None,
        Fill::Color(color) => Some(mixed(*color, colors)),
        Fill::Gradient {
            from,
            to,
            angle_deg,
        } => {
            // As CSS has it: the line goes through the middle, and ends where the corners are.
            let (sin, cos) = f64::from(*angle_deg).to_radians().sin_cos();
            let length = (width * sin).abs() + (height * cos).abs();
            let along = (x - width / 2.0) * sin - (y - height / 2.0) * cos;
            let share = (along / length.max(1.0) + 0.5).clamp(0.0, 1.0);
            let ((from, from_opacity), (to, to_opacity)) =
                (mixed(*from, colors), mixed(*to, colors));
            let between = |from: f64, to: f64| from + (to - from) * share;
            let light = [0, 1, 2].map(|part| between(from[part], to[part]));
            Some((light, between(from_opacity, to_opacity)))
        }
    }
}

fn mixed(color: Color, colors: &Colors) -> (Light, f64) {
    let rgb = match color.paint {
        Paint::Fixed(rgb) => rgb,
        Paint::Theme(role) => colors.of(role),
    };
    let light = rgb.0.map(|part| f64::from(part) / 255.0);
    (light, f64::from(color.opacity_percent) / 100.0)
}

fn over(light: Light, opacity: f64, ground: Light) -> Light {
    [0, 1, 2].map(|part| ground[part] + (light[part] - ground[part]) * opacity)
}

fn luminance(light: Light) -> f64 {
    let [red, green, blue] = light.map(|part| match part {
        dark if dark <= 0.039_28 => dark / 12.92,
        _ => ((part + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::BuiltIn;

    #[test]
    fn ratios_are_those_of_wcag() {
        let check = |one: &str, other: &str, expected: f64| {
            let colors = &BuiltIn::Clock.document().theme.colors;
            let [one, other] = [one, other].map(|text| text.parse().unwrap());
            let found = ratio_of(one, other, colors);
            assert!((found - expected).abs() < 0.005, "{found}");
        };
        check("#000000", "#ffffff", 21.0);
        check("#777777", "#ffffff", 4.48);
        check("#767676", "#ffffff", 4.54);
        check("#ff0000", "#ffffff", 4.0);
        check("text", "text", 1.0);
    }

    #[test]
    fn a_gradient_is_what_it_is_at_the_point() {
        let colors = &BuiltIn::Clock.document().theme.colors;
        let check = |angle_deg, point, expected: f64| {
            let fill = Fill::Gradient {
                from: "#000000".parse().unwrap(),
                to: "#ffffff".parse().unwrap(),
                angle_deg,
            };
            let (light, _) = filled(&fill, colors, [200.0, 100.0], point).unwrap();
            assert!((light[0] - expected).abs() < 1e-9, "{light:?}");
        };
        check(90, (0.0, 50.0), 0.0);
        check(90, (150.0, 0.0), 0.75);
        check(0, (0.0, 100.0), 0.0);
        check(0, (70.0, 0.0), 1.0);
        check(135, (100.0, 50.0), 0.5);
        check(135, (200.0, 100.0), 1.0);
    }
}
