//! The marks of a ruler: numbers in pixels of the canvas, as far apart as can be read.

use crate::format::tenths;
use editor::View;
use model::document::Axis;
use std::fmt::Write;

/// Between two numbers, at least.
const APART_PX: f64 = 56.0;

/// The inside of an `svg` along the viewport.
pub fn svg(view: &View, axis: Axis) -> String {
    // The upright ruler tells how far down something is.
    let (offset, length) = match axis {
        Axis::X => (view.offset.y, view.height_px),
        Axis::Y => (view.offset.x, view.width_px),
    };
    let step = step_px(APART_PX / view.scale);
    let first = (-offset / view.scale / step).floor() as i64;
    let last = ((length - offset) / view.scale / step).ceil() as i64;
    let mut svg = String::new();
    for index in first..=last {
        let number = index as f64 * step;
        let at = number * view.scale + offset;
        let (line, right, above) = (tenths(at), tenths(at + 3.0), tenths(at - 3.0));
        let number = number as i64;
        // Writing to a string does not fail.
        let _ = match axis {
            Axis::Y => write!(
                svg,
                "<line x1=\"{line}\" x2=\"{line}\" y1=\"12\" y2=\"20\"/>\
                 <text x=\"{right}\" y=\"10\">{number}</text>"
            ),
            Axis::X => write!(
                svg,
                "<line y1=\"{line}\" y2=\"{line}\" x1=\"12\" x2=\"20\"/>\
                 <text transform=\"translate(10 {above}) rotate(-90)\">{number}</text>"
            ),
        };
    }
    svg
}

/// The next of 1, 2, 5, 10, 20, 50 and so on.
fn step_px(least: f64) -> f64 {
    let mut ten = 1.0;
    loop {
        for of in [1.0, 2.0, 5.0] {
            if least <= of * ten {
                return of * ten;
            }
        }
        ten *= 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_round_and_far_enough_apart() {
        let check = |least: f64, step: f64| assert_eq!(step_px(least), step);
        check(0.3, 1.0);
        check(1.0, 1.0);
        check(3.0, 5.0);
        check(56.0, 100.0);
        check(101.0, 200.0);
        check(2_800.0, 5_000.0);
    }
}
