use super::*;
use model::{Arrival, BoardState, MonoMs, Texts};

const NOW_US: i64 = 1_000_000_000;

const STYLE: &str = r#""style": {"size_px": 40, "color": "text"}"#;

fn document(elements: &str) -> Document {
    let json = r##"{"schema": 1, "subject": "nobody", "theme": {
        "colors": {"background": "#000000", "panel": "#101010", "text": "#ffffff",
            "muted": "#cccccc", "accent": "#ffcc00", "on-accent": "#000000"},
        "fonts": {"heading": "condensed", "body": "sans", "times": "mono"}},
        "layouts": [{"canvas": {"width_px": 1600, "height_px": 900}, "scenes": [
            {"name": "resting", "elements": [ELEMENTS]}, {"name": "runner", "elements": []}]}]}"##;
    Document::parse(&json.replace("ELEMENTS", elements)).expect("a document")
}

fn element(id: &str, more: &str, draw: &str) -> String {
    format!(r#"{{"id": "{id}", "at": [0, 0, 800, 60], {more} "draw": {{{draw}}}}}"#)
}

fn text(id: &str, more: &str, pattern: &str) -> String {
    element(
        id,
        more,
        &format!(r#""text": {{"text": "{pattern}", {STYLE}}}"#),
    )
}

fn rows(kind: &str, more: &str, inside: &str) -> String {
    let rows = format!(r#""{kind}": {{{more} "pitch_px": 60, "elements": [{inside}]}}"#);
    element("rows", "", &rows)
}

fn drawn(elements: &str, shown: &Shown) -> Drawing {
    let document = document(elements);
    let tools = Tools {
        advances: Advances::shipped(),
        letters: Letters::STD,
        qr_url: "/qr/",
    };
    drawing(&document, &document.layouts[0], shown, NOW_US, tools)
}

/// What is to be read, from the first box to the last.
fn texts(elements: &str, state: &BoardState) -> Vec<String> {
    texts_of(&drawn(elements, &Shown::still(state.clone())).boxes)
}

fn texts_of(boxes: &[Drawn]) -> Vec<String> {
    let of_one = |drawn: &Drawn| match &drawn.content {
        Content::Nothing => Vec::new(),
        Content::Text(text) => vec![text.clone()],
        Content::Boxes(boxes) => texts_of(boxes),
    };
    boxes.iter().flat_map(of_one).collect()
}

fn arrival(bib: &str, name: &str) -> Arrival {
    Arrival {
        bib: bib.to_owned(),
        name: name.to_owned(),
        point: "Finish".to_owned(),
        read_time: bib.to_owned(),
        ..Arrival::default()
    }
}

fn state() -> BoardState {
    let race = |name: &str, gun_at_us, scheduled_at_us| RaceClock {
        name: name.to_owned(),
        gun_at_us,
        scheduled_at_us,
    };
    BoardState {
        event: "Harbor Half".to_owned(),
        points: vec!["5K".to_owned(), "Finish".to_owned()],
        runner: Some(arrival("7", "Ada Quill")),
        arrivals: vec![
            arrival("7", "Ada Quill"),
            arrival("9", ""),
            arrival("3", "Bo Li"),
        ],
        races: vec![
            race("Half", Some(NOW_US - 65_000_000), None),
            race("10 km", None, Some(NOW_US + 30_000_000)),
            race("Mile", None, None),
        ],
        utc_offset_s: Some(3_600),
        ..BoardState::default()
    }
}

#[test]
fn an_element_is_drawn_where_its_condition_holds() {
    let check = |when: &str, holds: bool| {
        let found = texts(&text("a", &format!(r#""when": {when},"#), "here"), &state());
        assert_eq!(!found.is_empty(), holds, "{when}");
    };
    check(r#"{"has": "name"}"#, true);
    check(r#"{"has": "city"}"#, false);
    check(r#"{"lacks": "city"}"#, true);
    check(r#"{"is": {"field": "bib", "text": "7"}}"#, true);
    check(r#"{"is": {"field": "name", "text": "ada quill"}}"#, true);
    check(r#"{"is": {"field": "races", "text": "3"}}"#, true);
    check(r#"{"is": {"field": "races", "text": "1"}}"#, false);
    check(r#"{"not": {"has": "name"}}"#, false);
    check(r#"{"all": [{"has": "name"}, {"has": "city"}]}"#, false);
    check(r#"{"any": [{"has": "name"}, {"has": "city"}]}"#, true);
    check(r#"{"has": "several_points"}"#, true);
    check(r#"{"has": "started"}"#, true);
    check(r#"{"has": "awaited"}"#, true);
    check(r#"{"has": "demo"}"#, false);
    check(r#"{"has": "unofficial"}"#, false);
}

#[test]
fn patterns_say_what_the_fields_do() {
    let check = |pattern: &str, said: &str| {
        assert_eq!(
            texts(&text("a", "", pattern), &state()),
            [said],
            "{pattern}"
        );
    };
    check("{name}", "Ada Quill");
    check("{name:upper}", "ADA QUILL");
    check("from {city|somewhere}", "from somewhere");
    check("{time|–}", "–");
    check("{event} · {points}", "Harbor Half · 5K · Finish");
    check("{races}", "3");
}

#[test]
fn a_case_is_of_the_style() {
    let check = |case: &str, said: &str| {
        let style = format!(r#""style": {{"size_px": 40, "color": "text", "case": "{case}"}}"#);
        let draw = format!(r#""text": {{"text": "{{name}} ß", {style}}}"#);
        assert_eq!(texts(&element("a", "", &draw), &state()), [said]);
    };
    check("upper", "ADA QUILL SS");
    check("lower", "ada quill ß");
}

#[test]
fn rows_are_those_of_the_list() {
    let check = |more: &str, said: &[&str]| {
        let inside = text("row", "", "{bib} {name|hidden}");
        assert_eq!(
            texts(&rows("arrivals", more, &inside), &state()),
            said,
            "{more}"
        );
    };
    check(
        r#""count_max": 5,"#,
        &["7 Ada Quill", "9 hidden", "3 Bo Li"],
    );
    check(r#""count_max": 2,"#, &["7 Ada Quill", "9 hidden"]);
    check(r#""count_max": 2, "skip": 2,"#, &["3 Bo Li"]);
    check(r#""count_max": 2, "skip": 9,"#, &[]);
}

#[test]
fn empty_rows_keep_their_places() {
    let elements = rows("arrivals", r#""count_max": 6,"#, &text("row", "", "{bib}"));
    for count in [0, 3] {
        let mut state = state();
        state.arrivals.truncate(count);
        let drawing = drawn(&elements, &Shown::still(state));
        let Content::Boxes(rows) = &drawing.boxes[0].content else {
            panic!("a list has rows");
        };
        let shown = rows.iter().filter(|row| row.class == "b").count();
        assert_eq!((rows.len(), shown), (6, count));
    }
}

#[test]
fn new_rows_are_marked() {
    let inside = text("row", r#""when": {"has": "fresh"},"#, "{bib}");
    let elements = rows("arrivals", r#""count_max": 6,"#, &inside);
    let mut before = state();
    before.arrivals.remove(0);
    let shown = Shown::still(before).followed_by(state(), true, MonoMs(0));
    assert_eq!(texts_of(&drawn(&elements, &shown).boxes), ["7"]);
}

#[test]
fn each_race_has_its_own_clock() {
    let clock = |id: &str, shows: &str, when: &str| {
        let draw = format!(r#""clock": {{"shows": "{shows}", {STYLE}}}"#);
        element(id, &format!(r#""when": {{"has": "{when}"}},"#), &draw)
    };
    let waits = r#""when": {"all": [{"lacks": "started"}, {"lacks": "awaited"}]},"#;
    let inside = [
        text("name", "", "{race}"),
        clock("runs", "elapsed", "started"),
        clock("starts", "countdown", "awaited"),
        text("none", waits, "–"),
    ]
    .join(",");
    let found = texts(&rows("races", r#""count_max": 6,"#, &inside), &state());
    assert_eq!(found, ["Half", "1:05", "10 km", "0:30", "Mile", "–"]);
}

#[test]
fn clocks_outside_of_rows_are_those_that_matter_now() {
    let check = |shows: &str, said: &str, next_us: i64| {
        let draw = format!(r#""clock": {{"shows": "{shows}", {STYLE}}}"#);
        let drawing = drawn(&element("a", "", &draw), &Shown::still(state()));
        assert_eq!(texts_of(&drawing.boxes), [said]);
        assert_eq!(
            drawing.next_change_us(NOW_US + 400_000),
            Some(NOW_US + next_us)
        );
    };
    check("elapsed", "1:05", 1_000_000);
    check("countdown", "0:30", 1_000_000);
    check("time-of-day", "01:16:40", 1_000_000);
}

#[test]
fn a_message_is_the_one_from_the_pool_or_else_its_own() {
    let draw = format!(r#""message": {{"text": "Well run, {{name}}!", {STYLE}}}"#);
    let element = element("a", "", &draw);
    assert_eq!(texts(&element, &state()), ["Well run, Ada Quill!"]);
    let mut told = state();
    let message = ("message".to_owned(), "Grandpa is proud".to_owned());
    told.runner.as_mut().unwrap().more = Texts(vec![message]);
    assert_eq!(texts(&element, &told), ["Grandpa is proud"]);
}

#[test]
fn a_box_has_its_place_and_look() {
    let check = |element: String, parts: &[&str]| {
        let drawing = drawn(&element, &Shown::still(state()));
        for part in parts {
            let style = &drawing.boxes[0].style;
            assert!(style.contains(part), "{part} in {style}");
        }
    };
    let shape = |more: &str| element("a", "", &format!(r#""shape": {{{more}}}"#));
    check(shape(""), &["left:0rem;top:0rem;width:8rem;height:0.6rem;"]);
    check(
        shape(r#""fill": {"color": "accent"}"#),
        &["background-color:rgb(255,204,0);"],
    );
    check(
        shape(r#""fill": {"color": "accent/50"}, "radius_px": 8"#),
        &["rgba(255,204,0,0.500)", "border-radius:0.08rem;"],
    );
    check(
        shape(r#""border": {"color": "text", "width_px": 4}, "form": "ellipse""#),
        &[
            "border:0.04rem solid rgb(255,255,255);",
            "border-radius:50%;",
        ],
    );
    let turned = element(
        "a",
        r#""rotation_deg": -18, "opacity_percent": 60,"#,
        r#""shape": {}"#,
    );
    check(
        turned,
        &["-webkit-transform:rotate(-18deg);", "opacity:0.600;"],
    );
    let code = element(
        "a",
        "",
        r#""qr-code": {"text": "https://example.com/{bib}"}"#,
    );
    check(code, &["url(/qr/https%3A%2F%2Fexample.com%2F7)"]);
}

#[test]
fn a_logo_is_drawn_only_where_the_theme_has_one() {
    let mut document = document(&element("a", "", r#""image": {"picture": "logo"}"#));
    let shown = Shown::still(state());
    let style = |document: &Document| {
        let tools = Tools {
            advances: Advances::shipped(),
            letters: Letters::STD,
            qr_url: "",
        };
        drawing(document, &document.layouts[0], &shown, NOW_US, tools).boxes[0]
            .style
            .clone()
    };
    assert!(!style(&document).contains("url("));
    document.theme.logo = Some(Picture::Data("data:image/png;base64,AAAA".to_owned()));
    assert!(style(&document).contains("background-image:url(data:image/png;base64,AAAA);"));
}

/// Each box's style, from the first to the last, with its colors apart from the rest.
fn styles(boxes: &[Drawn], colors: &mut Vec<String>, others: &mut Vec<String>) {
    for drawn in boxes {
        let is_color = |part: &str| part.contains("rgb(") || part.contains("rgba(");
        let parts = || drawn.style.split(';').map(str::to_owned);
        colors.extend(parts().filter(|part| is_color(part)));
        others.extend(parts().filter(|part| !is_color(part)));
        if let Content::Boxes(boxes) = &drawn.content {
            styles(boxes, colors, others);
        }
    }
}

#[test]
fn another_theme_changes_colors_and_leaves_every_box_where_it_was() {
    for template in model::Template::ALL {
        let look = |document: &Document| {
            let tools = Tools {
                advances: Advances::shipped(),
                letters: Letters::STD,
                qr_url: "/qr/",
            };
            let shown = Shown::still(state());
            let drawing = drawing(document, &document.layouts[0], &shown, NOW_US, tools);
            let (mut colors, mut others) = (Vec::new(), Vec::new());
            styles(&drawing.boxes, &mut colors, &mut others);
            (colors, others)
        };
        let (colors, others) = look(template.document());
        let mut document = template.document().clone();
        let theme = &mut document.theme.colors;
        std::mem::swap(&mut theme.text, &mut theme.on_accent);
        std::mem::swap(&mut theme.panel, &mut theme.accent);
        let (colors_of_other, others_of_other) = look(&document);
        assert_ne!(colors_of_other, colors, "{template:?}");
        assert_eq!(others_of_other, others, "{template:?}");
    }
}
