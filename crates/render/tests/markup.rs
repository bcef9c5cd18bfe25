//! What the server sends: its shape, its escaping, and its restraint towards old engines.
#![cfg(feature = "ssr")]

use model::{Arrival, BoardState, Template, limits::ARRIVALS_MAX};
use render::{
    board_html, fit,
    page::{Assets, PageState, display_page, ended_page, no_display_page, no_page},
};

const CSS: &str = include_str!("../../../style/kiosk.css");
const LITE: &str = include_str!("../src/lite.js");
const HOSTILE: &str = "</script><img src=x onerror=alert(1)><!--&amp;\"'";

fn state(text: &str, points: &[&str], rows: usize) -> BoardState {
    BoardState {
        event: text.to_owned(),
        points: points.iter().map(|&point| point.to_owned()).collect(),
        arrivals: (0..rows)
            .map(|index| Arrival {
                bib: format!("{}", 100 + index),
                name: text.to_owned(),
                city: text.to_owned(),
                point: points.first().copied().unwrap_or_default().to_owned(),
                read_time: format!("2026-03-06T20:27:{index:02}.39"),
                gun_time_ms: Some(3_599_000 + index as u64),
                chip_time_ms: (index == 0).then_some(2_530_000),
                late: index == 1,
                ..Arrival::default()
            })
            .collect(),
        unofficial: rows > 0,
        ..BoardState::default()
    }
}

fn page(state: BoardState) -> String {
    let page = PageState {
        code: "abcdefgh".parse().expect("eight signs of the alphabet"),
        epoch: 7,
        seq: 3,
        template: Template::Arrivals,
        state,
        received_at_us: 5,
    };
    let assets = Assets {
        css: "/pkg/kiosk.css",
        js: "/pkg/kiosk.js",
        wasm: "/pkg/kiosk.wasm",
    };
    display_page(&page, assets)
}

/// The text a reader sees, blanks folded.
fn visible_text(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for sign in html.chars() {
        match sign {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            sign if !in_tag => text.push(sign),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_board_reads_from_the_top_down() {
    let html = board_html(&state("Ada Quill", &["Finish"], 2));
    assert_eq!(
        visible_text(&html),
        "Latest arrivals Ada Quill Finish Bib Name Gun time · unofficial \
         100 Ada Quill Ada Quill 59:59 chip 42:10 101 Ada Quill Ada Quill 1:00:00 late"
    );
}

#[test]
fn a_resting_board_says_that_it_waits() {
    let html = board_html(&state("Harbor Half", &[], 0));
    assert_eq!(
        visible_text(&html),
        "Latest arrivals Harbor Half Bib Name Gun time Waiting for the first arrival"
    );
    assert!(html.contains("class=\"board resting\""), "{html}");
}

#[test]
fn the_pool_of_rows_is_the_same_however_many_arrived() {
    for rows in [0, 1, ARRIVALS_MAX, ARRIVALS_MAX + 5] {
        let html = board_html(&state("Ada Quill", &["5K", "Finish"], rows));
        assert_eq!(
            html.matches("<li ").count(),
            ARRIVALS_MAX,
            "{rows} arrivals"
        );
    }
}

#[test]
fn the_same_state_makes_the_same_markup() {
    let state = state("Ada Quill", &["5K", "Finish"], 9);
    assert_eq!(board_html(&state), board_html(&state));
}

#[test]
fn hostile_names_stay_text() {
    let clean = page(state("Ada Quill", &["Finish"], 3));
    let hostile = page(state(HOSTILE, &[HOSTILE, "Finish"], 3));
    for html in [&clean, &hostile] {
        assert_eq!(html.matches("<script").count(), 4);
        assert_eq!(html.matches("</script").count(), 4);
        assert_eq!(html.matches("<img").count(), 0);
        assert_eq!(html.matches("<!--").count(), 0);
    }
    assert!(hostile.contains("&lt;img src=x onerror=alert(1)&gt;"));
}

#[test]
fn the_page_is_whole_and_loads_only_what_it_was_given() {
    let html = page(state("Ada Quill", &["Finish"], 1));
    assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"));
    assert!(html.ends_with("</body></html>"));
    assert!(html.contains("<title>Ada Quill · Finish</title>"));
    assert!(html.contains("<link rel=\"stylesheet\" href=\"/pkg/kiosk.css\">"));
    assert!(html.contains("import start from \"/pkg/kiosk.js\""));
    let root = format!(
        "<div id=\"gantry\">{}</div>",
        board_html(&state("Ada Quill", &["Finish"], 1))
    );
    assert!(
        html.contains(&root),
        "the kiosk hydrates the whole inside of the root"
    );
    for other in [
        ended_page("/pkg/kiosk.css"),
        no_display_page("/pkg/kiosk.css"),
        no_page("/pkg/kiosk.css"),
    ] {
        assert!(other.contains("/pkg/kiosk.css") && !other.contains("<script"));
    }
}

/// Each is newer than the engines of 2014, or breaks a page there.
const DENIED: &[&str] = &[
    "gap:",
    "gap ",
    "grid",
    "var(",
    "--",
    "@layer",
    "@container",
    "@property",
    "@supports",
    "&",
    "inset",
    "aspect-ratio:",
    "clamp(",
    "min(",
    "max(",
    ":is(",
    ":where(",
    ":has(",
    ":not(",
    "sticky",
    "-inline",
    "-block:",
    "backdrop-filter",
    "color-mix",
    "conic-gradient",
    "dvh",
    "svh",
    "lvh",
    "object-fit",
    "display: contents",
    "overflow: clip",
    "place-",
    "isolation",
    "oklch",
    "translate:",
    "rotate:",
    "scale:",
    "revert",
    "unset",
    "accent-color",
    "image-set(",
];

#[test]
fn the_style_stays_within_what_old_engines_know() {
    let without_comments = strip_comments(CSS);
    let html = page(state(
        "Maximiliana Quintanilla-Abernathy",
        &["5K", "Finish"],
        20,
    ));
    let inline: String = html
        .split("style=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|style| format!("{style}\n"))
        .collect();
    assert!(
        inline.contains("font-size:"),
        "the inline styles were found"
    );
    for denied in DENIED {
        // Element classes such as `.place-line` are names of ours, no properties.
        let declarations = declarations(&without_comments);
        assert!(!declarations.contains(denied), "kiosk.css uses {denied:?}");
        assert!(!inline.contains(denied), "an inline style uses {denied:?}");
    }
    assert_eq!(
        without_comments.matches('{').count(),
        without_comments.matches('}').count()
    );
    assert!(!nests_rules(&without_comments), "kiosk.css nests rules");
}

#[test]
fn the_script_for_old_engines_is_of_their_language() {
    for denied in [
        "=>", "let ", "const ", "`", "async", "class ", "fetch(", "...",
    ] {
        let code: String = LITE
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        assert!(!code.contains(denied), "lite.js uses {denied:?}");
    }
}

/// The style sheet gives each fitted text at least the width it was fitted to.
#[test]
fn boxes_are_as_wide_as_the_fit_believes() {
    let boxes = [
        (".bib", fit::BIB),
        (".name", fit::NAME),
        (".place-line", fit::PLACE_LINE),
        (".row:first-child .place-line", fit::PLACE_LINE_FIRST),
        (".event", fit::EVENT),
        (".points", fit::POINTS),
        (".long .points", fit::POINTS_LINE),
        (".time", fit::TIME),
    ];
    let css = strip_comments(CSS);
    for (class, text_box) in boxes {
        let mut found = 0;
        for rule in css.split('}') {
            let Some((selector, body)) = rule.rsplit_once('{') else {
                continue;
            };
            if !selector
                .split(',')
                .any(|one| one.trim_end().ends_with(class))
            {
                continue;
            }
            let (Some(width), Some(size)) = (rem(body, "width"), rem(body, "font-size")) else {
                assert!(
                    rem(body, "width").is_none() && rem(body, "font-size").is_none(),
                    "{selector} sets width or font size, but not both"
                );
                continue;
            };
            let em = width / size * 1_000.0;
            assert!(
                em >= f64::from(text_box.width_mem),
                "{selector} is {em} thousandths of an em wide"
            );
            found += 1;
        }
        assert!(found >= 2, "{class} has a box lying and one standing");
    }
}

fn rem(body: &str, property: &str) -> Option<f64> {
    body.split(';').find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        (name.trim() == property)
            .then(|| value.trim().strip_suffix("rem")?.parse().ok())
            .flatten()
    })
}

fn strip_comments(css: &str) -> String {
    css.split("/*")
        .enumerate()
        .map(|(index, part)| match index {
            0 => part,
            _ => part.split_once("*/").expect("a comment is closed").1,
        })
        .collect()
}

/// Only what stands between braces and is no selector.
fn declarations(css: &str) -> String {
    css.split(['{', '}', ';'])
        .filter(|part| part.contains(": ") && !part.contains("@media"))
        .collect::<Vec<_>>()
        .join(";\n")
        + ";"
}

/// True where a rule opens inside another that is no media query.
fn nests_rules(css: &str) -> bool {
    let mut open: Vec<bool> = Vec::new();
    let mut prelude = String::new();
    for sign in css.chars() {
        match sign {
            '{' => {
                if open.last() == Some(&false) {
                    return true;
                }
                open.push(prelude.trim().starts_with("@media"));
                prelude.clear();
            }
            '}' => {
                open.pop();
                prelude.clear();
            }
            ';' => prelude.clear(),
            sign => prelude.push(sign),
        }
    }
    false
}
