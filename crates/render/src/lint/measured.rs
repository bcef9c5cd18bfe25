//! How large the texts of an element come out in its box, and which of them are cut there: by the
//! fit of `text`, as screens draw them.

use super::said::{Wide, width_mem};
use crate::{
    draw::room_px,
    fit::Advances,
    limits::{LINT_FITS_MAX, LINT_FITS_MIN, LINT_SIZES_MAX},
    text::{Fitted, fitted},
};
use model::{
    Font,
    document::{Align, Area, TextStyle, VerticalAlign},
};

pub(super) struct Measured {
    /// The smallest that any of them gets.
    pub size_px: f64,
    /// Where something is written, at most: left, top, right and bottom in the box.
    pub ink: [f64; 4],
    /// The widest that is cut, and how many people's others are.
    pub cut: Option<(String, u32)>,
}

pub(super) struct Boxed<'a> {
    pub style: &'a TextStyle,
    pub at: Area,
    pub font: Font,
    pub advances: &'a Advances,
}

impl Boxed<'_> {
    /// A text that has no other.
    pub fn of_one(&self, text: &str) -> Measured {
        let fitted = self.fitted(text, self.style);
        Measured {
            size_px: f64::from(fitted.size_px),
            ink: self.ink(
                self.width_px(&fitted),
                f64::from(fitted.line_px),
                fitted.lines.len(),
            ),
            cut: is_less(text, &fitted).then(|| (text.to_owned(), 0)),
        }
    }

    /// `None` where they say nothing.
    pub fn of_all(&self, wide: &Wide, fits_left: &mut usize) -> Option<Measured> {
        let (room, height) = self.room();
        if !wide.said.is_all {
            let floor = f64::from(self.style.size_min_px());
            let ink = self.ink(f64::from(room), f64::from(height), 1);
            return Some(Measured {
                size_px: floor,
                ink,
                cut: None,
            });
        }
        let texts = &wide.said.texts;
        let of = |(_, index): &(u32, usize)| texts.get(*index);
        let widest = wide.widths.iter().take(LINT_SIZES_MAX).filter_map(of);
        let mut measured: Option<Measured> = None;
        for (text, _) in widest {
            let one = self.of_one(text);
            measured = Some(match measured {
                None => one,
                Some(all) => Measured {
                    size_px: all.size_px.min(one.size_px),
                    ink: around(all.ink, one.ink),
                    cut: None,
                },
            });
        }
        let mut measured = measured?;
        measured.cut = self.cut(wide, fits_left);
        Some(measured)
    }

    fn cut(&self, wide: &Wide, fits_left: &mut usize) -> Option<(String, u32)> {
        let floor = TextStyle {
            size_px: self.style.size_min_px(),
            size_px_min: Some(self.style.size_min_px()),
            ..self.style.clone()
        };
        let room_mem = self.room().0.saturating_mul(1_000) / u32::from(floor.size_px.max(1));
        let mut cut: Option<(String, u32)> = None;
        // What is no wider stands on one line.
        let doubtful = wide
            .widths
            .iter()
            .take_while(|(width, _)| *width > room_mem);
        for (_, index) in doubtful.take((*fits_left).clamp(LINT_FITS_MIN, LINT_FITS_MAX)) {
            *fits_left = fits_left.saturating_sub(1);
            let Some((text, people)) = wide.said.texts.get(*index) else {
                continue;
            };
            let is_cut = floor.lines_max == 1 || is_less(text, &self.fitted(text, &floor));
            if is_cut {
                match &mut cut {
                    None => cut = Some((text.clone(), people - 1)),
                    Some((_, others)) => *others += people,
                }
            }
        }
        cut
    }

    fn room(&self) -> (u32, u32) {
        let (width_px, height_px) = room_px(self.style, self.at);
        (width_px.unsigned_abs(), height_px.unsigned_abs())
    }

    fn fitted(&self, text: &str, style: &TextStyle) -> Fitted {
        fitted(text, style, self.font, self.room(), self.advances)
    }

    fn width_px(&self, fitted: &Fitted) -> f64 {
        let spacing_mem = self.style.spacing_mem;
        let lines = fitted.lines.iter();
        let widths = lines.map(|line| width_mem(self.advances, self.font, spacing_mem, line));
        f64::from(widths.max().unwrap_or(0)) * f64::from(fitted.size_px) / 1_000.0
    }

    fn ink(&self, width: f64, line: f64, lines: usize) -> [f64; 4] {
        let (room, free) = {
            let (room, height) = self.room();
            (f64::from(room), f64::from(height))
        };
        let height = line * f64::from(u16::try_from(lines).unwrap_or(u16::MAX));
        let [pad_x, pad_y] = self.style.padding_px.map(f64::from);
        let width = width.min(room);
        let left = pad_x
            + match self.style.align {
                Align::Left => 0.0,
                Align::Center => (room - width) / 2.0,
                Align::Right => room - width,
            };
        let top = pad_y
            + match self.style.vertical {
                VerticalAlign::Top => 0.0,
                VerticalAlign::Middle => (free - height) / 2.0,
                VerticalAlign::Bottom => free - height,
            };
        // Letters are lower than their line: by a tenth of it above and below.
        let spare = line / 10.0;
        [left, top + spare, left + width, top + height - spare]
    }
}

fn around(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    let [left, top, right, bottom] = one;
    [
        left.min(other[0]),
        top.min(other[1]),
        right.max(other[2]),
        bottom.max(other[3]),
    ]
}

/// Whether signs of the text are not on the lines.
fn is_less(text: &str, fitted: &Fitted) -> bool {
    let signs = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).count();
    let kept: usize = fitted.lines.iter().map(|line| signs(line)).sum();
    let has_ellipsis = |line: &String| line.ends_with('…');
    kept < signs(text) || !text.ends_with('…') && fitted.lines.iter().any(has_ellipsis)
}
