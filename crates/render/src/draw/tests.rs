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
        clock_steps: 0,
    };
    drawing(&document, &document.layouts[0], shown, NOW_US, tools)
}

#[test]
fn a_scene_says_how_long_it_takes_to_cover_the_one_before() {
    let check = |fade_ms: u16, style: &str| {
        let mut document = document("");
        document.layouts[0].scenes[0].fade_ms = fade_ms;
        let tools = Tools {
            advances: Advances::shipped(),
            letters: Letters::STD,
            qr_url: "/qr/",
            clock_steps: 0,
        };
        let shown = Shown::still(BoardState::default());
        let drawn = drawing(&document, &document.layouts[0], &shown, NOW_US, tools);
        assert_eq!(drawn.fade_ms, fade_ms);
        let own = drawn.style.split("animation-duration:").last();
        let own = own.filter(|_| drawn.style.contains("animation-duration"));
        assert_eq!(own.unwrap_or_default(), style, "{}", drawn.style);
    };
    // As the style sheet has it.
    check(250, "");
    check(0, "0.000s;");
    check(1_000, "1.000s;");
}

#[test]
fn a_ticker_fills_its_area_twice_with_the_same_words() {
    // 40 pixels high, so 3 x 40 between the words and the same words again.
    let check = |words: &str, expected: &str, times: usize| {
        let style = r#""style": {"size_px": 40, "color": "text", "font": {"own": "mono"}}"#;
        let draw = format!(r#""ticker": {{"text": "{words}", {style}, "px_per_s": 100}}"#);
        let state = BoardState::default();
        let drawn = drawn(&element("news", "", &draw), &Shown::still(state));
        let [ticker] = &*drawn.boxes else { panic!() };
        assert!(ticker.class.ends_with(" run"), "{}", ticker.class);
        let Content::Boxes(lines) = &ticker.content else {
            panic!()
        };
        let [line] = &**lines else { panic!() };
        let once = [expected, ticker::GAP].concat();
        assert_eq!(line.content, Content::Text(once.repeat(times)));
        // Every sign of this typeface is as wide as any other, and a gap's is one em.
        let advances = Advances::shipped();
        let font = Font {
            family: model::Family::Mono,
            bold: false,
        };
        let words_px = advances.width_mem(font, expected) * 40 / 1_000;
        let half_ms = (words_px + 120) * 10 * u32::try_from(times / 2).unwrap();
        assert_eq!(
            line.tick,
            Some(Tick::Run {
                once_ms: half_ms,
                clock_steps: 0
            })
        );
        let duration = format!(
            "animation-duration:{}.{:03}s;",
            half_ms / 1_000,
            half_ms % 1_000
        );
        assert!(line.style.contains(&duration), "{} {duration}", line.style);
    };
    check("GO", "GO", 2 * 5);
    check(
        "Awards at 11:00 in the big tent behind the finish",
        "Awards at 11:00 in the big tent behind the finish",
        2,
    );
    check("Line one\\nline two", "Line one line two", 2 * 2);
}

#[test]
fn a_ticker_without_words_does_not_run() {
    let style = r#""style": {"size_px": 40, "color": "text"}"#;
    let draw = format!(r#""ticker": {{"text": "{{city}}", {style}, "px_per_s": 100}}"#);
    let drawn = drawn(
        &element("news", "", &draw),
        &Shown::still(BoardState::default()),
    );
    assert_eq!(texts_of(&drawn.boxes), [""]);
    let [ticker] = &*drawn.boxes else { panic!() };
    let Content::Boxes(lines) = &ticker.content else {
        panic!()
    };
    assert_eq!(lines[0].tick, None);
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
            clock_steps: 0,
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
    for template in model::BuiltIn::ALL {
        let look = |document: &Document| {
            let tools = Tools {
                advances: Advances::shipped(),
                letters: Letters::STD,
                qr_url: "/qr/",
                clock_steps: 0,
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

#[test]
fn a_text_has_room_and_a_plate_round_it() {
    let check = |style: &str, wanted: &[&str], line: &str| {
        let style = format!(
            r#""text": {{"text": "Ada", "style": {{"size_px": 40, {style} "color": "text"}}}}"#
        );
        let drawing = drawn(&element("a", "", &style), &Shown::default());
        let drawn = &drawing.boxes[0];
        for part in wanted {
            assert!(drawn.style.contains(part), "{part} in {}", drawn.style);
        }
        let Content::Boxes(lines) = &drawn.content else {
            panic!("a text has lines");
        };
        assert_eq!(lines[0].style, line);
    };
    check("", &["font-size:0.4rem"], "top:0.08rem;");
    check(
        r#""padding_px": [20, 4], "vertical": "top","#,
        &[],
        "top:0.04rem;left:0.2rem;right:0.2rem;",
    );
    check(
        r##""plate": {"fill": {"color": "panel"}, "border": {"color": "accent", "width_px": 2},
            "radius_px": 8},"##,
        &[
            "background-color:rgb(16,16,16)",
            "border:0.02rem solid rgb(255,204,0)",
            "border-radius:0.08rem",
        ],
        "top:0.06rem;",
    );
    check(
        r##""outline": {"color": "#000000", "width_px": 3},"##,
        &["text-shadow:0.03rem 0rem 0 rgb(0,0,0),0rem 0.03rem 0 rgb(0,0,0),"],
        "top:0.08rem;",
    );
}

#[test]
fn a_text_may_have_a_typeface_of_its_own() {
    let style = r#""text": {"text": "Ada", "style": {"font": {"own": "slab"}, "size_px": 40, "color": "text"}}"#;
    let drawing = drawn(&element("a", "", style), &Shown::default());
    assert_eq!(drawing.boxes[0].class, "b e-a f-slab");
}

#[test]
fn what_is_hidden_is_not_drawn_whoever_is_shown() {
    let drawing = drawn(&text("a", r#""hidden": true,"#, "Ada"), &Shown::default());
    assert_eq!(drawing.boxes[0].class, "b e-a off");
    assert_eq!(drawing.boxes[0].content, Content::Nothing);
}
