//! What lies over the canvas as a picture: outlines, handles, lines that say what snaps.
//!
//! Writes SVG as text: it is made anew at each movement, and a text is the least work for that.

use crate::format::tenths;
use editor::{Handle, Label, Line, Outline, Overlay, Point, Quad};
use model::document::Axis;
use std::fmt::Write;

/// Of the square that a handle is drawn as. What takes hold of it is larger.
const HANDLE_PX: u8 = 8;

/// The inside of an `svg` as large as the viewport.
pub fn svg(overlay: &Overlay, width_px: f64, height_px: f64) -> String {
    let mut svg = String::new();
    for guide in &overlay.guides {
        let (from, to) = match guide.axis {
            Axis::X => ((guide.at, 0.0), (guide.at, height_px)),
            Axis::Y => ((0.0, guide.at), (width_px, guide.at)),
        };
        line(&mut svg, "over-guide", from, to);
    }
    for empty in &overlay.empties {
        quad(&mut svg, "over-empty", empty);
    }
    if let Some(inside) = &overlay.inside {
        quad(&mut svg, "over-hover", inside);
    }
    if let Some(Outline { quad: of, .. }) = &overlay.hover {
        quad(&mut svg, "over-hover", of);
    }
    for outline in &overlay.outlines {
        quad(&mut svg, "over-outline", &outline.quad);
    }
    if let Some(bounds) = &overlay.bounds {
        quad(&mut svg, "over-box", bounds);
    }
    for mark in &overlay.handles {
        let half = f64::from(HANDLE_PX / 2);
        let round = match mark.handle {
            Handle::Rotate => HANDLE_PX / 2,
            Handle::Edge { .. } => 1,
        };
        push(
            &mut svg,
            format_args!(
                "<rect class=\"over-handle\" x=\"{}\" y=\"{}\" width=\"{HANDLE_PX}\" \
                 height=\"{HANDLE_PX}\" rx=\"{round}\" transform=\"rotate({} {} {})\"/>",
                tenths(mark.at.x - half),
                tenths(mark.at.y - half),
                mark.turn_deg,
                tenths(mark.at.x),
                tenths(mark.at.y)
            ),
        );
    }
    for Line { from, to } in &overlay.lines {
        line(&mut svg, "over-snap", (from.x, from.y), (to.x, to.y));
    }
    for gap in &overlay.gaps {
        let Line { from, to } = gap.line;
        line(&mut svg, "over-snap", (from.x, from.y), (to.x, to.y));
        let middle = (from + to) * 0.5;
        text(&mut svg, middle.x, middle.y - 6.0, &gap.text);
    }
    if let Some(marquee) = &overlay.marquee {
        push(
            &mut svg,
            format_args!(
                "<rect class=\"over-marquee\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                tenths(marquee.left),
                tenths(marquee.top),
                tenths(marquee.width()),
                tenths(marquee.height())
            ),
        );
    }
    if let Some(Label { at, text: said }) = &overlay.label {
        text(&mut svg, at.x, at.y, said);
    }
    svg
}

fn push(svg: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = svg.write_fmt(what);
}

fn line(svg: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    push(
        svg,
        format_args!(
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            tenths(from.0),
            tenths(from.1),
            tenths(to.0),
            tenths(to.1)
        ),
    );
}

fn quad(svg: &mut String, class: &str, quad: &Quad) {
    push(svg, format_args!("<polygon class=\"{class}\" points=\""));
    for Point { x, y } in quad {
        push(svg, format_args!("{},{} ", tenths(*x), tenths(*y)));
    }
    svg.push_str("\"/>");
}

/// Numbers and units only: nothing to escape.
fn text(svg: &mut String, x: f64, y: f64, said: &str) {
    let (x, y) = (tenths(x), tenths(y));
    push(
        svg,
        format_args!("<text class=\"over-label\" x=\"{x}\" y=\"{y}\">{said}</text>"),
    );
}
