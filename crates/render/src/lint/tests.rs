//! Small templates with one thing wrong each, and the built-in ones with hard names.

use super::*;
use crate::{limits::LINT_TEXTS_MIN, samples};
use model::{BuiltIn, RaceClock, Texts as More};

/// A template of 1,000 by 500 with that in its scene `runner`.
fn document(elements: &str, background: &str) -> Document {
    let json = format!(
        r##"{{"schema": 1, "subject": "runner", "theme": {{
        "colors": {{"background": "#000000", "panel": "#222222", "text": "#ffffff",
        "muted": "#555555", "accent": "#ffff00", "on-accent": "#000000"}},
        "fonts": {{"heading": "sans", "body": "sans", "times": "mono"}}}},
        "layouts": [{{"canvas": {{"width_px": 1000, "height_px": 500}}, "scenes": [
        {{"name": "resting", "elements": [{{"id": "rest", "at": [0, 0, 1000, 500],
        "draw": {{"shape": {{"fill": {{"color": "panel"}}}}}}}}]}},
        {{"name": "runner", {background} "elements": [{elements}]}}]}}]}}"##
    );
    Document::parse(&json).unwrap()
}

fn text(id: &str, at: &str, says: &str, more: &str) -> String {
    format!(
        r#"{{"id": "{id}", "at": [{at}], "draw": {{"text": {{"text": "{says}",
        "style": {{"size_px": 100, "color": "text" {more}}}}}}}}}"#
    )
}

fn person(bib: &str, name: &str) -> Arrival {
    Arrival {
        bib: bib.to_owned(),
        name: name.to_owned(),
        more: More(vec![("first_name".to_owned(), name.to_owned())]),
        ..Arrival::default()
    }
}

struct World {
    board: BoardState,
    people: Vec<Arrival>,
    messages: Vec<String>,
    panel: Option<Panel>,
    lite_screens: u32,
}

impl World {
    fn new() -> Self {
        Self {
            board: BoardState {
                event: "Harbor Run".to_owned(),
                event_date: "2026-03-06".to_owned(),
                points: vec!["Finish".to_owned()],
                races: vec![RaceClock {
                    name: "10 km".to_owned(),
                    ..RaceClock::default()
                }],
                ..BoardState::default()
            },
            people: vec![person("1", "Bo Li"), person("2", "Ann Day")],
            messages: Vec::new(),
            panel: None,
            lite_screens: 0,
        }
    }

    fn findings(&self, document: &Document) -> Vec<Finding> {
        let facts = Facts {
            panel: self.panel,
            board: &self.board,
            people: &self.people,
            messages: &self.messages,
            lite_screens: self.lite_screens,
            advances: Advances::shipped(),
        };
        findings(document, &facts)
    }

    /// The keys, without the scene.
    #[track_caller]
    fn check(&self, elements: &str, expected: &[&str]) {
        let found = self.findings(&document(elements, ""));
        let keys: Vec<_> = found.iter().map(Finding::key).collect();
        let keys: Vec<_> = keys
            .iter()
            .map(|key| key.replace("0/runner/", "").trim_end().to_owned())
            .collect();
        assert_eq!(keys, expected, "{found:#?}");
    }
}

const WIDE: &str = "0, 0, 1000, 120";

#[test]
fn letters_are_as_high_as_the_distance_asks_for() {
    let check = |width_m: u32, distance_m: u32, more: &str, expected: Option<(u32, u32)>| {
        let panel = Panel {
            width_mm: width_m * 1_000,
            distance_mm: distance_m * 1_000,
        };
        let world = World {
            panel: Some(panel),
            ..World::new()
        };
        let found = world.findings(&document(&text("a", WIDE, "Go", more), ""));
        let sizes = found.iter().filter_map(|finding| match finding.kind {
            FindingKind::TooSmall {
                height_mm,
                needed_mm,
            } => Some((height_mm, needed_mm)),
            _ => None,
        });
        assert_eq!(sizes.collect::<Vec<_>>(), Vec::from_iter(expected));
    };
    // 100 px of 1,000 on 2 m are 200 mm, of which a capital is 140: good for 42 m.
    check(2, 41, "", None);
    check(2, 43, "", Some((140, 144)));
    check(4, 43, "", None);
    // What always fits is never made smaller.
    check(2, 41, r#", "size_px_min": 10"#, None);
}

#[test]
fn what_gets_smaller_is_judged_by_the_smallest() {
    let panel = Panel {
        width_mm: 2_000,
        distance_mm: 30_000,
    };
    let long = person("3", "Maximiliane Evangeline Featherstone");
    let check = |people: Vec<Arrival>, says: &str, expected: &[&str]| {
        let world = World {
            people,
            panel: Some(panel),
            ..World::new()
        };
        let more = r#", "size_px_min": 40"#;
        world.check(&text("a", WIDE, says, more), expected);
    };
    check(vec![person("1", "Bo Li")], "{name}", &[]);
    check(
        vec![person("1", "Bo Li"), long.clone()],
        "{name}",
        &["too-small a"],
    );
    check(vec![person("1", "Bo Li"), long], "{bib}", &[]);
    // Nobody is known: anybody may come.
    check(Vec::new(), "{name}", &["too-small a"]);
    check(Vec::new(), "{time|–}", &[]);
}

#[test]
fn text_stands_out_from_what_is_behind_it() {
    let shape = |id: &str, at: &str, color: &str, more: &str| {
        format!(
            r#"{{"id": "{id}", "at": [{at}] {more},
            "draw": {{"shape": {{"fill": {{"color": "{color}"}}}}}}}},"#
        )
    };
    let go = |more: &str| text("go", WIDE, "Go", more);
    let world = World::new();
    let check = |elements: String, is_pale: bool| {
        let expected: &[&str] = if is_pale { &["contrast go"] } else { &[] };
        world.check(&elements, expected);
    };
    let white = |at: &str, more: &str| shape("white", at, "#ffffff", more);
    check(go(""), false);
    check(white(WIDE, "") + &go(""), true);
    check(white(WIDE, r#", "hidden": true"#) + &go(""), false);
    check(white(WIDE, r#", "opacity_percent": 10"#) + &go(""), false);
    // Beside the letters, and behind them.
    check(white("500, 0, 500, 500", "") + &go(""), false);
    check(white("0, 0, 90, 500", "") + &go(""), true);
    check(
        white("500, 0, 500, 500", "") + &go(r#", "align": "right""#),
        true,
    );
    // Turned away, and turned in.
    check(
        white("0, 0, 90, 500", r#", "rotation_deg": 90"#) + &go(""),
        false,
    );
    // Perhaps it is there.
    check(white(WIDE, r#", "when": {"has": "demo"}"#) + &go(""), true);
    // Covered again, by a shape or a plate of its own.
    let cover = shape("cover", WIDE, "#000000", "");
    check(white(WIDE, "") + &cover + &go(""), false);
    let plate = r##", "plate": {"fill": {"color": "#000000"}}"##;
    check(white(WIDE, "") + &go(plate), false);
    let outline = r##", "outline": {"color": "#000000", "width_px": 6}"##;
    check(white(WIDE, "") + &go(outline), false);
    // A picture is not judged.
    let picture = r#"{"id": "picture", "at": [0, 0, 1000, 500],
        "draw": {"image": {"picture": {"data": "data:image/png;base64,AAAA"}}}},"#;
    check(white(WIDE, "") + picture + &go(""), false);
    // What lies over it, nobody sees through.
    check(go("") + "," + white(WIDE, "").trim_end_matches(','), false);
    let muted = go("").replace(r#""color": "text""#, r#""color": "muted""#);
    check(muted, true);
}

#[test]
fn what_is_never_there_at_once_is_not_compared() {
    let plate = |when: &str| {
        format!(
            r##"{{"id": "plate", "at": [0, 0, 1000, 120], "when": {when},
            "draw": {{"shape": {{"fill": {{"color": "#ffffff"}}}}}}}},"##
        )
    };
    let says = |when: &str| {
        text("a", WIDE, "Go", "").replacen(r#""draw""#, &format!(r#""when": {when}, "draw""#), 1)
    };
    let check = |behind: &str, of: &str, expected: &[&str]| {
        World::new().check(&(plate(behind) + &says(of)), expected);
    };
    check(r#"{"has": "late"}"#, r#"{"has": "late"}"#, &["contrast a"]);
    check(r#"{"has": "late"}"#, r#"{"lacks": "late"}"#, &[]);
    check(
        r#"{"has": "late"}"#,
        r#"{"has": "unofficial"}"#,
        &["contrast a"],
    );
    let both = r#"{"all": [{"has": "unofficial"}, {"lacks": "late"}]}"#;
    check(r#"{"has": "late"}"#, both, &[]);
    // Nobody of the event sees it.
    check(r#"{"has": "late"}"#, r#"{"has": "demo"}"#, &[]);
}

#[test]
fn names_that_are_cut_are_counted() {
    let long = "Maximiliane Evangeline Featherstonehaugh-Cholmondeley";
    let mut world = World::new();
    world.people.push(person("3", long));
    world
        .people
        .push(person("4", "Bartholomew Alexander Featherstonehaugh"));
    let check = |more: &str, expected: Option<(&str, u32)>| {
        let found = world.findings(&document(&text("a", "0, 0, 900, 220", "{name}", more), ""));
        let cut = found.iter().find_map(|finding| match &finding.kind {
            FindingKind::DoesNotFit { text, others } => Some((&**text, *others)),
            _ => None,
        });
        assert_eq!(cut, expected);
    };
    check(r#", "size_px_min": 80"#, Some((long, 1)));
    check(r#", "size_px_min": 20"#, None);
    check(r#", "size_px_min": 40, "lines_max": 2"#, None);
}

#[test]
fn what_lies_off_the_canvas_is_named() {
    let world = World::new();
    world.check(
        &text("a", "1000, 0, 500, 120", "Go", ""),
        &["off-canvas a wholly"],
    );
    world.check(
        &text("a", "900, 0, 500, 120", "Go {name}", ""),
        &["off-canvas a partly"],
    );
    // Its box does, and what it says does not.
    world.check(&text("a", "700, 0, 500, 120", "Go", ""), &[]);
    // Areas may: that is how they fill the edge.
    let shape = r#"{"id": "a", "at": [-50, -50, 500, 120], "draw": {"shape": {}}}"#;
    world.check(shape, &[]);
    // The last row.
    let rows = |count: u16| {
        let row = text("row", WIDE, "{name}", "");
        format!(
            r#"{{"id": "list", "at": [0, 0, 1000, 500], "draw": {{"arrivals":
            {{"count_max": {count}, "pitch_px": 120, "elements": [{row}]}}}}}}"#
        )
    };
    world.check(&rows(4), &[]);
    world.check(&rows(5), &["off-canvas row partly"]);
    world.check(&rows(6), &["off-canvas row wholly"]);
}

#[test]
fn fields_that_nothing_fills_are_named() {
    let world = World::new();
    let check = |says: &str, expected: &[&str]| world.check(&text("a", WIDE, says, ""), expected);
    check("{name} {bib}", &[]);
    check("from {city}", &["unfilled a city"]);
    check("from {city|here}", &[]);
    check("{custom.Charity}", &["unfilled a custom.Charity"]);
    check("{message}", &["unfilled a message"]);
    check("{event} {event_date}", &[]);
    check("{gun_time} {pace}", &[]);
    let cares = text("a", WIDE, "from {city}", "").replacen(
        r#""draw""#,
        r#""when": {"has": "city"}, "draw""#,
        1,
    );
    world.check(&cares, &[]);
    let nobody = World {
        people: Vec::new(),
        ..World::new()
    };
    nobody.check(&text("a", "0, 0, 1000, 120", "from {city}", ""), &[]);

    // Nobody is featured while a display rests, but there may be a list.
    let mut document = document(&text("go", WIDE, "Go", ""), "");
    let element = |json: &str| serde_json::from_str::<Element>(json).unwrap();
    let scene = &mut document.layouts[0].scenes[0];
    scene.elements.push(element(&text("a", WIDE, "{name}", "")));
    let row = text("row", WIDE, "{name}", "");
    scene.elements.push(element(&format!(
        r#"{{"id": "list", "at": [0, 0, 1000, 120], "draw": {{"arrivals":
        {{"count_max": 1, "pitch_px": 120, "elements": [{row}]}}}}}}"#
    )));
    let keys: Vec<_> = world.findings(&document).iter().map(Finding::key).collect();
    assert_eq!(keys, ["unfilled 0/resting/a name"]);
}

#[test]
fn pictures_that_are_not_there_are_named_once() {
    let logo = |id: &str| {
        format!(
            r#"{{"id": "{id}", "at": [0, 0, 9, 9], "draw": {{"image": {{"picture": "logo"}}}}}}"#
        )
    };
    let world = World::new();
    world.check(&[logo("a"), logo("b")].join(","), &["missing-image a"]);
    let reel = r#"{"id": "a", "at": [0, 0, 9, 9],
        "draw": {"sponsors": {"pictures": [], "each_ms": 1000}}}"#;
    let parsed = serde_json::from_str::<Element>(reel).unwrap();
    let mut document = document("", "");
    document.layouts[0].scenes[1].elements.push(parsed);
    let keys: Vec<_> = world.findings(&document).iter().map(Finding::key).collect();
    assert_eq!(keys, ["missing-image 0/runner/a"]);
}

#[test]
fn old_screens_are_thought_of_where_there_are_any() {
    let moving = r#"{"id": "a", "at": [0, 0, 9, 9], "motion": {"enter": {"by": "fade", "ms": 300}},
        "draw": {"image": {"picture": {"data": "data:image/webp;base64,AAAA"}}}}"#;
    let check = |lite_screens, expected: &[&str]| {
        let world = World {
            lite_screens,
            ..World::new()
        };
        world.check(moving, expected);
    };
    check(0, &[]);
    check(2, &["old-screens a webp", "old-screens a motion"]);
}

/// The made-up event with the people of that case.
fn made_up(case: &str) -> World {
    let cases = samples::all();
    let state = |name: &str| &cases.iter().find(|case| case.name == name).unwrap().state;
    World {
        people: state(case).arrivals.clone(),
        board: BoardState {
            arrivals: Vec::new(),
            runner: None,
            ..state("races-3").clone()
        },
        lite_screens: 1,
        ..World::new()
    }
}

/// Whatever the event lacks, a director is told of nothing that they cannot see in the template.
#[test]
fn of_the_built_in_templates_it_is_said_that_there_is_no_logo_and_what_old_screens_lack() {
    let bare = |person: &Arrival| Arrival {
        bib: person.bib.clone(),
        name: person.name.clone(),
        ..Arrival::default()
    };
    let usual = || made_up("full");
    let worlds = [
        ("usual", usual()),
        (
            "a bib and a name",
            World {
                people: usual().people.iter().map(bare).collect(),
                ..usual()
            },
        ),
        (
            "nobody yet",
            World {
                people: Vec::new(),
                ..usual()
            },
        ),
        (
            "no race",
            World {
                board: BoardState {
                    races: Vec::new(),
                    ..usual().board
                },
                ..usual()
            },
        ),
        (
            "a pool",
            World {
                messages: vec!["Mom, you are my hero! Leo".to_owned()],
                ..usual()
            },
        ),
    ];
    for (what, world) in worlds {
        for template in BuiltIn::ALL {
            for finding in world.findings(template.document()) {
                let is_known = matches!(
                    finding.kind,
                    FindingKind::MissingImage(Missing::Logo) | FindingKind::OldScreens { .. }
                );
                assert!(is_known, "{template}, {what}: {finding:?}");
            }
        }
    }
}

#[test]
fn hard_names_are_all_that_is_cut_in_the_built_in_templates() {
    let world = World {
        lite_screens: 0,
        ..made_up("hard")
    };
    for template in BuiltIn::ALL {
        for finding in world.findings(template.document()) {
            let is_known = match &finding.kind {
                FindingKind::MissingImage(Missing::Logo) => true,
                FindingKind::DoesNotFit { text, .. } => {
                    // Where they were is before it.
                    let own = text.rsplit(['\n', '·']).next().unwrap().trim();
                    world.people.iter().any(|person| {
                        let first = person.more.get("first_name");
                        let names = [&*person.bib, &person.name, &person.city];
                        names.contains(&own) || first == Some(own)
                    })
                }
                _ => false,
            };
            assert!(is_known, "{template}: {finding:?}");
        }
    }
}

#[test]
fn every_template_is_readable_on_a_panel_of_its_size() {
    let world = World {
        panel: Some(Panel {
            width_mm: 4_000,
            distance_mm: 10_000,
        }),
        lite_screens: 0,
        ..made_up("full")
    };
    for template in BuiltIn::ALL {
        for finding in world.findings(template.document()) {
            let is_known = matches!(finding.kind, FindingKind::MissingImage(Missing::Logo));
            assert!(is_known, "{template}: {finding:?}");
        }
    }
}

#[test]
fn scenes_that_no_screen_shows_are_not_judged() {
    let mut document = document("", "");
    let element = |json: &str| serde_json::from_str::<Element>(json).unwrap();
    let mut scene = document.layouts[0].scenes[1].clone();
    scene
        .elements
        .push(element(&text("a", "1000, 0, 500, 120", "Go", "")));
    document.layouts[0].scenes[1] = scene.clone();
    let keys = |document: &Document| {
        let found = World::new().findings(document);
        found.iter().map(Finding::key).collect::<Vec<_>>()
    };
    assert_eq!(keys(&document), ["off-canvas 0/runner/a wholly"]);
    // It always rests.
    document.subject = Subject::Nobody;
    assert!(keys(&document).is_empty());
    document.subject = Subject::Runner;
    document.layouts[0].scenes[1].elements = vec![element(&text("a", WIDE, "Go", ""))];
    scene.name = "podium".to_owned();
    document.layouts[0].scenes.push(scene);
    assert!(keys(&document).is_empty());
}

#[test]
fn a_clock_that_is_cut_is_named() {
    let clock = |width: u32| {
        format!(
            r#"{{"id": "a", "at": [0, 0, {width}, 120], "draw": {{"clock": {{"shows": "elapsed",
            "style": {{"size_px": 100, "size_px_min": 80, "color": "text"}}}}}}}}"#
        )
    };
    let world = World::new();
    world.check(&clock(600), &[]);
    world.check(&clock(200), &["does-not-fit a"]);
}

#[test]
fn so_many_are_found_and_no_more() {
    let world = World::new();
    let far = |index: usize| text(&format!("a{index}"), "1000, 0, 500, 120", "Go", "");
    let elements: Vec<_> = (0..FINDINGS_MAX + 10).map(far).collect();
    let found = world.findings(&document(&elements.join(","), ""));
    assert_eq!(found.len(), FINDINGS_MAX);
}

#[test]
fn a_template_that_says_too_much_is_judged_with_fewer_people() {
    let people = 0..2 * LINT_TEXTS_MIN;
    let world = World {
        people: people
            .map(|index| person(&index.to_string(), "Bo Li"))
            .collect(),
        ..World::new()
    };
    let facts = Facts {
        panel: None,
        board: &world.board,
        people: &world.people,
        messages: &[],
        lite_screens: 0,
        advances: Advances::shipped(),
    };
    let document = document(&text("a", WIDE, "{bib}", ""), "");
    let Draw::Text(drawn) = &document.layouts[0].scenes[1].elements[0].draw else {
        panic!("{document:?}");
    };
    let asked = Asked {
        pattern: &drawn.text,
        is_message: false,
        whose: Whose::People,
        style: &drawn.style,
        needs: &[],
    };
    let font = font_of(&document.theme, &drawn.style);
    let check = |left, expected| {
        let mut texts = Texts::new(&facts);
        texts.left = left;
        assert_eq!(texts.wide(&asked, font).widths.len(), expected);
        texts.left
    };
    let all = world.people.len();
    assert_eq!(check(3 * all, all), all);
    assert_eq!(check(LINT_TEXTS_MIN, LINT_TEXTS_MIN), 0);
    assert_eq!(check(0, LINT_TEXTS_MIN), 0);
}

#[test]
fn a_scene_with_nothing_in_it_is_found() {
    let world = World::new();
    world.check("", &["empty-scene"]);
    let hidden = r#"{"id": "a", "at": [0, 0, 9, 9], "hidden": true,
        "draw": {"shape": {"fill": {"color": "accent"}}}}"#;
    world.check(hidden, &["empty-scene"]);
    world.check(&text("a", WIDE, "Go", ""), &[]);
}
