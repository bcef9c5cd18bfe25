//! What the server sends: its shape, its escaping, and its restraint towards old engines.
#![cfg(feature = "ssr")]

use model::{
    Arrival, BoardState, BuiltIn, DisplayCode, Document, RaceClock, Texts,
    document::{Packed, Subject},
    limits::ARRIVALS_MAX,
};
use render::{
    board_html,
    page::{Assets, PageState, display_page, ended_page, no_display_page, no_page},
};

const CSS: &str = include_str!("../../../style/kiosk.css");
const SCRIPTS: [&str; 2] = [
    include_str!("../src/lite.js"),
    include_str!("../src/steady.js"),
];
const HOSTILE: &str = "</script><img src=x onerror=alert(1)><!--&amp;\"'";
const NOW_US: i64 = 1_772_792_675_000_000;

fn arrival(bib: &str, text: &str) -> Arrival {
    let more = ["first_name", "last_name", "division", "message", "team"];
    let more = more.map(|field| (field.to_owned(), text.to_owned()));
    Arrival {
        bib: bib.to_owned(),
        name: text.to_owned(),
        city: text.to_owned(),
        point: text.to_owned(),
        race: text.to_owned(),
        gun_time_ms: Some(3_599_000),
        chip_time_ms: Some(2_530_000),
        distance_m: Some(10_000),
        more: Texts(more.to_vec()),
        read_time: format!("2026-03-06T20:27:{bib}"),
        late: false,
    }
}

fn state(text: &str, rows: usize) -> BoardState {
    let arrivals: Vec<Arrival> = (0..rows)
        .map(|index| arrival(&format!("{}", 100 + index), text))
        .collect();
    let race = |gun_at_us, scheduled_at_us| RaceClock {
        name: text.to_owned(),
        gun_at_us,
        scheduled_at_us,
    };
    BoardState {
        event: text.to_owned(),
        event_date: "2026-03-06".to_owned(),
        points: vec![text.to_owned(), "Finish".to_owned()],
        runner: arrivals.first().cloned(),
        unofficial: rows > 0,
        arrivals,
        races: vec![
            race(Some(NOW_US - 754_000_000), None),
            race(None, Some(NOW_US + 90_000_000)),
        ],
        utc_offset_s: Some(0),
        demo: false,
    }
}

fn code() -> DisplayCode {
    "abcdefgh".parse().expect("eight signs of the alphabet")
}

fn board(template: BuiltIn, state: &BoardState) -> String {
    board_html(&code(), template.document(), state, NOW_US)
}

fn page(template: BuiltIn, state: BoardState) -> String {
    page_of(template.document(), state)
}

fn page_of(document: &Document, state: BoardState) -> String {
    let page = PageState {
        code: code(),
        epoch: 7,
        seq: 3,
        template: BuiltIn::Arrivals.into(),
        document: Packed::of(document),
        state,
        received_at_us: NOW_US - 5,
        sent_at_us: NOW_US,
        software: "8d3c".to_owned(),
    };
    let assets = Assets {
        css: "/pkg/kiosk.css",
        fonts_css: "/pkg/fonts.css",
        advances: "/pkg/advances.txt",
        js: "/pkg/kiosk.js",
        wasm: "/pkg/kiosk.wasm",
    };
    display_page(&page, document, assets)
}

/// The text a reader sees on the first layout, one line after the other.
fn visible_text(html: &str) -> Vec<String> {
    let first = html
        .split("<div class=\"canvas ")
        .nth(1)
        .unwrap_or_default();
    let first = first.split("<div class=\"cover").next().unwrap_or_default();
    let lines = first.split(" dir=\"auto\">").skip(1);
    lines
        .filter_map(|line| line.split('<').next())
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn shows(template: BuiltIn, state: &BoardState, text: &str) -> bool {
    let lines = visible_text(&board(template, state));
    lines.iter().any(|line| line.contains(text))
}

fn check_all(mut check: impl FnMut(BuiltIn)) {
    BuiltIn::ALL.into_iter().for_each(&mut check);
}

#[test]
fn a_list_reads_from_the_top_down() {
    let mut state = state("Ada Quill", 2);
    state.points = vec!["Finish".to_owned()];
    state.arrivals[1].chip_time_ms = None;
    state.arrivals[1].late = true;
    assert_eq!(
        visible_text(&board(BuiltIn::Arrivals, &state)).join(" | "),
        "Ada Quill | FINISH | 100 | Ada Quill | Ada Quill | 59:59 | Chip 42:10 | BIB | NAME | \
         Unofficial | CHIP TIME | GUN TIME | 101 | Ada Quill | Ada Quill | late | – | 59:59"
    );
}

#[test]
fn a_resting_screen_is_no_empty_one() {
    check_all(|template| {
        let lines = visible_text(&board(template, &state("Harbor Half", 0)));
        assert!(
            lines.contains(&"Harbor Half".to_owned()),
            "{template}: {lines:?}"
        );
        assert!(lines.len() >= 3, "{template}: {lines:?}");
    });
}

/// What privacy hides leaves no hole, and nobody is called by nothing.
#[test]
fn a_hidden_name_gives_way_to_the_bib() {
    check_all(|template| {
        if template.document().subject == Subject::Nobody {
            return;
        }
        let mut state = state("Ada Quill", 1);
        let hidden = Arrival {
            bib: "4711".to_owned(),
            ..Arrival::default()
        };
        state.arrivals = vec![hidden.clone()];
        state.runner = Some(hidden);
        assert!(shows(template, &state, "Bib 4711"), "{template}");
    });
}

#[test]
fn race_times_are_marked_where_they_are_unofficial() {
    check_all(|template| {
        let mut state = state("Ada Quill", 3);
        let has_time = shows(template, &state, "42:10") || shows(template, &state, "59:59");
        let says = |state: &BoardState| shows(template, state, "nofficial");
        assert_eq!(says(&state), has_time, "{template}");
        state.unofficial = false;
        assert!(!says(&state), "{template}");
    });
}

#[test]
fn where_there_is_no_race_time_stands_a_dash() {
    check_all(|template| {
        let mut state = state("Ada Quill", 3);
        let has_time = shows(template, &state, "42:10");
        for arrival in state.arrivals.iter_mut().chain(&mut state.runner) {
            arrival.gun_time_ms = None;
            arrival.chip_time_ms = None;
        }
        let lines = visible_text(&board(template, &state));
        assert_eq!(
            lines.iter().any(|line| line == "–"),
            has_time,
            "{template}: {lines:?}"
        );
        if template.document().subject != Subject::Nobody {
            assert!(!shows(template, &state, "20:27"), "{template}");
        }
    });
}

#[test]
fn what_a_simulator_sent_is_marked_everywhere() {
    check_all(|template| {
        for rows in [0, 3] {
            let mut state = state("Ada Quill", rows);
            assert!(!shows(template, &state, "DEMO"), "{template}");
            state.demo = true;
            assert!(shows(template, &state, "DEMO"), "{template}");
        }
    });
}

#[test]
fn missing_texts_leave_no_separators() {
    check_all(|template| {
        let mut state = state("Ada Quill", 3);
        for arrival in state.arrivals.iter_mut().chain(&mut state.runner) {
            arrival.city.clear();
            arrival.more = Texts::default();
            arrival.distance_m = None;
        }
        for line in visible_text(&board(template, &state)) {
            let bare = line.trim();
            let whole = !bare.starts_with('·') && !bare.ends_with('·') && bare != "from";
            assert!(whole, "{template}: {line:?}");
        }
    });
}

#[test]
fn a_clock_shows_as_many_races_as_there_are() {
    for count in 0..=6 {
        let mut state = state("Harbor Half", 0);
        let race = |index: usize| RaceClock {
            name: format!("Race {index}"),
            gun_at_us: Some(NOW_US - 1_000_000 * index as i64),
            scheduled_at_us: None,
        };
        state.races = (1..=count).map(race).collect();
        let lines = visible_text(&board(BuiltIn::Clock, &state));
        for index in 1..=6 {
            let name = format!("Race {index}");
            let found = lines.iter().filter(|line| **line == name).count();
            assert_eq!(
                found,
                usize::from(index <= count),
                "{name} of {count}: {lines:?}"
            );
            let clock = format!("0:0{index}");
            assert_eq!(
                lines.contains(&clock),
                index <= count,
                "{clock} of {count}: {lines:?}"
            );
        }
    }
}

#[test]
fn the_same_state_makes_the_same_markup() {
    check_all(|template| {
        let state = state("Ada Quill", 9);
        assert_eq!(
            board(template, &state),
            board(template, &state),
            "{template}"
        );
    });
}

#[test]
fn hostile_texts_stay_text() {
    check_all(|template| {
        let clean = page(template, state("Ada Quill", 3));
        let hostile = page(template, state(HOSTILE, 3));
        for html in [&clean, &hostile] {
            assert_eq!(html.matches("<script").count(), 4, "{template}");
            assert_eq!(html.matches("</script").count(), 4, "{template}");
            assert_eq!(html.matches("<img").count(), 0, "{template}");
            assert_eq!(html.matches("<!--").count(), 0, "{template}");
        }
        assert!(hostile.contains("&lt;/script&gt;"), "{template}");
    });
}

/// Templates come from elsewhere too: what they say is no markup either.
#[test]
fn hostile_templates_stay_text() {
    let mut json = serde_json::to_value(BuiltIn::BigType.document()).unwrap();
    for scene in json["layouts"][0]["scenes"].as_array_mut().unwrap() {
        for element in scene["elements"].as_array_mut().unwrap() {
            if let Some(text) = element["draw"].pointer_mut("/text/text") {
                *text = HOSTILE.into();
            }
        }
    }
    let document = Document::parse(&json.to_string()).unwrap();
    for rows in [0, 1] {
        let html = page_of(&document, state("Ada Quill", rows));
        assert_eq!(html.matches("<script").count(), 4);
        assert_eq!(html.matches("<img").count(), 0);
        assert!(html.contains("&lt;"));
    }
}

#[test]
fn the_page_is_whole_and_loads_only_what_it_was_given() {
    check_all(|template| {
        let state = state("Ada Quill", 1);
        let html = page(template, state.clone());
        let begin = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">";
        assert!(html.starts_with(begin));
        assert!(html.ends_with("</body></html>"));
        assert!(html.contains("<title>Ada Quill · Ada Quill, Finish</title>"));
        assert!(html.contains("import start from \"/pkg/kiosk.js\""));
        let root = format!("<div id=\"gantry\">{}</div>", board(template, &state));
        assert!(
            html.contains(&root),
            "{template}: the kiosk takes over the inside of the root"
        );
        assert_eq!(html.matches("<div").count(), html.matches("</div>").count());
        for address in addresses(&html) {
            assert!(
                address.starts_with("/pkg/") || address.starts_with("data:image/"),
                "{template} loads {address}"
            );
        }
    });
    for other in [
        ended_page("/pkg/kiosk.css"),
        no_display_page("/pkg/kiosk.css"),
        no_page("/pkg/kiosk.css"),
    ] {
        assert!(other.contains("/pkg/kiosk.css") && !other.contains("<script"));
    }
}

fn addresses(html: &str) -> Vec<&str> {
    let after = |begin: &'static str, end: char| {
        let parts = html.split(begin).skip(1);
        parts.filter_map(move |rest| rest.split(end).next())
    };
    after("href=\"", '"')
        .chain(after("src=\"", '"'))
        .chain(after("url(", ')'))
        .collect()
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
    "clip-path",
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
    // Element classes such as `.place-line` are names of ours, no properties.
    let declarations = declarations(&without_comments);
    for denied in DENIED {
        assert!(!declarations.contains(denied), "kiosk.css uses {denied:?}");
    }
    let opened = without_comments.matches('{').count();
    assert_eq!(opened, without_comments.matches('}').count());
    assert!(!nests_rules(&without_comments), "kiosk.css nests rules");
    check_all(|template| {
        for rows in [0, ARRIVALS_MAX] {
            let html = page(template, state("Maximiliana Quintanilla-Abernathy", rows));
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
            let sheet = html.split("<style>").nth(1).expect("a style of its own");
            let sheet = sheet.split("</style>").next().unwrap_or_default();
            assert!(
                sheet.contains("font-size:"),
                "the sizes of canvases were found"
            );
            assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
            for denied in DENIED {
                assert!(
                    !inline.contains(denied),
                    "{template}: a style uses {denied:?}"
                );
                // To ask for the screen's shape is old; to give a box one is not.
                let asks = sheet.replace("-aspect-ratio:", "-shape:");
                assert!(
                    !asks.contains(denied),
                    "{template}: the page uses {denied:?}"
                );
            }
        }
    });
}

#[test]
fn the_scripts_for_old_engines_are_of_their_language() {
    for script in SCRIPTS {
        let lines = script.lines();
        let code: String = lines
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for denied in [
            "=>", "let ", "const ", "`", "async", "class ", "fetch(", "...",
        ] {
            assert!(!code.contains(denied), "a script uses {denied:?}");
        }
    }
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

/// True where a rule opens inside another that is no media query and no animation.
fn nests_rules(css: &str) -> bool {
    let mut open: Vec<bool> = Vec::new();
    let mut prelude = String::new();
    for sign in css.chars() {
        match sign {
            '{' => {
                if open.last() == Some(&false) {
                    return true;
                }
                let holds_rules = ["@media", "@keyframes", "@-webkit-keyframes"];
                let rule = prelude.trim();
                open.push(holds_rules.iter().any(|begin| rule.starts_with(begin)));
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
