//! Writes a drawing as HTML, for the first page and for screens that cannot draw.

use crate::draw::{Content, Drawing, Drawn, Tick};

/// The canvas with all its boxes. `class` tells layouts apart.
pub fn canvas_html(drawing: &Drawing, class: &str) -> String {
    let mut html = String::with_capacity(8 * 1_024);
    push(&mut html, &["<div class=\"", class, "\" style=\""]);
    push_escaped(&mut html, &drawing.style);
    html.push_str("\">");
    push_boxes(&mut html, &drawing.boxes);
    html.push_str("</div>");
    html
}

fn push_boxes(html: &mut String, boxes: &[Drawn]) {
    for drawn in boxes {
        push(html, &["<div class=\"", &drawn.class, "\""]);
        if !drawn.style.is_empty() {
            html.push_str(" style=\"");
            push_escaped(html, &drawn.style);
            html.push('"');
        }
        if let Some(tick) = drawn.tick {
            let (name, number) = match tick {
                Tick::Since(at) => ("since", at),
                Tick::Until(at) => ("until", at),
                Tick::Day(offset_s) => ("day", offset_s.into()),
                Tick::Reel(each_ms) => ("reel", each_ms.into()),
                Tick::Run { once_ms, .. } => ("run", once_ms.into()),
            };
            push(html, &[" data-", name, "=\"", &number.to_string(), "\""]);
        }
        match &drawn.content {
            Content::Nothing => html.push('>'),
            Content::Text(text) => {
                // Names are written in their own direction.
                html.push_str(" dir=\"auto\">");
                push_escaped(html, text);
            }
            Content::Boxes(boxes) => {
                html.push('>');
                push_boxes(html, boxes);
            }
        }
        html.push_str("</div>");
    }
}

fn push(html: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| html.push_str(part));
}

/// For text and for attributes in double quotes.
pub fn push_escaped(html: &mut String, text: &str) {
    for sign in text.chars() {
        match sign {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            sign => html.push(sign),
        }
    }
}
