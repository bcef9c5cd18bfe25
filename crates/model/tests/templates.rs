//! The built-in templates: whole, legible, and of their theme's colors.

use model::{
    BuiltIn, Design, Document, TemplateId, TemplatePin,
    document::{
        Area, Clock, ClockShows, Draw, Element, Fill, Form, Layout, Needs, Rgb, Rows, SceneLayout,
        Subject, Text, TextStyle, Ticker,
    },
};

/// What is said of a contrast where large letters and times are read in passing (WCAG AAA).
const CONTRAST_MIN: f64 = 7.0;

/// And of what is said beside (WCAG AA).
const CONTRAST_BESIDE_MIN: f64 = 4.5;

/// White on red marks what a simulator sent, in every theme.
const DEMO_COLORS: [&str; 2] = ["#c4321c", "#ffffff"];

fn every_scene(mut each: impl FnMut(BuiltIn, &Layout, &SceneLayout)) {
    for template in BuiltIn::ALL {
        for layout in &template.document().layouts {
            for scene in &layout.scenes {
                each(template, layout, scene);
            }
        }
    }
}

/// Each element with the place of what it lies in, the last one's where there are several rows.
fn walk<'a>(elements: &'a [Element], corner: (i32, i32), each: &mut dyn FnMut(&'a Element, Area)) {
    for element in elements {
        let at = Area {
            x_px: element.at.x_px + corner.0,
            y_px: element.at.y_px + corner.1,
            ..element.at
        };
        each(element, at);
        let last_row_px = match &element.draw {
            Draw::Arrivals(rows) | Draw::Races(rows) => last_row_px(rows),
            _ => 0,
        };
        walk(
            element.draw.children(),
            (at.x_px, at.y_px + last_row_px),
            each,
        );
    }
}

fn last_row_px(rows: &Rows) -> i32 {
    i32::from(rows.pitch_px) * (i32::from(rows.count_max) - 1)
}

fn style(draw: &Draw) -> Option<&TextStyle> {
    match draw {
        Draw::Text(Text { style, .. })
        | Draw::Message(Text { style, .. })
        | Draw::Clock(Clock { style, .. })
        | Draw::Ticker(Ticker { style, .. }) => Some(style),
        _ => None,
    }
}

#[test]
fn names_are_stable() {
    let names = [
        "finish-wide",
        "finish-tall",
        "big-type",
        "arrivals",
        "start-welcome",
        "cheer",
        "clock",
        "led-strip",
    ];
    assert_eq!(BuiltIn::ALL.map(BuiltIn::name), names);
    for template in BuiltIn::ALL {
        assert_eq!(template.name().parse::<BuiltIn>().unwrap(), template);
        assert_eq!(
            template.subject(),
            template.document().subject,
            "{template}"
        );
        let json = serde_json::to_string(&template).unwrap();
        assert_eq!(json, format!("\"{template}\""));
    }
}

#[test]
fn pins_are_texts() {
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    let check = |text: &str, expected: Option<TemplatePin>| {
        let pin = text.parse::<TemplatePin>().ok();
        assert_eq!(pin, expected, "{text}");
        if let Some(pin) = pin {
            assert_eq!(pin.to_string(), text);
            let json = serde_json::to_string(&pin).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<TemplatePin>(&json).unwrap(), pin);
            let wire = postcard::to_allocvec(&pin).unwrap();
            assert_eq!(postcard::from_bytes::<TemplatePin>(&wire).unwrap(), pin);
        }
    };
    let template: TemplateId = ID.parse().unwrap();
    let version = |number| Some(TemplatePin::Version { template, number });
    check(
        "finish-wide",
        Some(TemplatePin::BuiltIn(BuiltIn::FinishWide)),
    );
    check(&format!("{ID}@1"), version(1));
    check(&format!("{ID}@4294967295"), version(u32::MAX));
    for wrong in ["@0", "@", "", "@-1", "@4294967296", "@3@3"] {
        check(&format!("{ID}{wrong}"), None);
    }
    check("finish-wide@1", None);
    check("finish", None);
    let told = "finish".parse::<TemplatePin>().unwrap_err().to_string();
    assert!(
        told.contains("big-type") && told.contains("ID@NUMBER"),
        "{told}"
    );
}

#[test]
fn a_design_has_what_its_document_needs() {
    for built_in in BuiltIn::ALL {
        let design = Design::built_in(built_in);
        assert_eq!(design.pin, TemplatePin::BuiltIn(built_in));
        assert_eq!(&design.document, built_in.document());
        assert_eq!(design.needs, design.document.needs());
        assert_eq!(design.takes_turns(), built_in.subject() == Subject::Runner);
    }
}

#[test]
fn every_template_is_read_and_written_alike() {
    for template in BuiltIn::ALL {
        let json = serde_json::to_string(template.document()).unwrap();
        assert_eq!(
            &Document::parse(&json).unwrap(),
            template.document(),
            "{template}"
        );
        assert_eq!(
            Design::built_in(template).packed.open().as_ref(),
            Some(template.document()),
            "{template}"
        );
    }
}

/// A text of a template's color that is no role would stay when the theme is changed.
#[test]
fn only_the_mark_of_a_demo_has_colors_of_its_own() {
    fn fixed(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) if text.starts_with('#') => found.push(text.clone()),
            serde_json::Value::Array(all) => all.iter().for_each(|one| fixed(one, found)),
            serde_json::Value::Object(all) => all.values().for_each(|one| fixed(one, found)),
            _ => {}
        }
    }
    every_scene(|template, _, scene| {
        let background = serde_json::to_value(&scene.background).unwrap();
        let mut found = Vec::new();
        fixed(&background, &mut found);
        for element in &scene.elements {
            let mut own = Vec::new();
            fixed(&serde_json::to_value(element).unwrap(), &mut own);
            if element.id == "demo" {
                assert_eq!(own, DEMO_COLORS, "{template}: {}", scene.name);
            } else {
                found.append(&mut own);
            }
        }
        assert!(found.is_empty(), "{template}: {}: {found:?}", scene.name);
    });
}

#[test]
fn every_theme_is_legible() {
    for template in BuiltIn::ALL {
        let colors = &template.document().theme.colors;
        let check = |of: &str, front: Rgb, back: Rgb, least: f64| {
            let found = contrast(front, back);
            assert!(
                found >= least,
                "{template}: {of}: {found:.2} is less than {least}"
            );
        };
        for (name, back) in [("background", colors.background), ("panel", colors.panel)] {
            check(&format!("text on {name}"), colors.text, back, CONTRAST_MIN);
            check(
                &format!("accent on {name}"),
                colors.accent,
                back,
                CONTRAST_MIN,
            );
            check(
                &format!("muted on {name}"),
                colors.muted,
                back,
                CONTRAST_BESIDE_MIN,
            );
        }
        check(
            "on-accent on accent",
            colors.on_accent,
            colors.accent,
            CONTRAST_MIN,
        );
    }
    let demo: [Rgb; 2] = DEMO_COLORS.map(|color| color.parse().unwrap());
    assert!(contrast(demo[0], demo[1]) >= CONTRAST_BESIDE_MIN);
}

/// By WCAG 2.1, success criterion 1.4.3.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |Rgb(parts): Rgb| {
        let [red, green, blue] = parts.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

#[test]
fn every_text_lies_on_its_canvas() {
    every_scene(|template, layout, scene| {
        let canvas = layout.canvas;
        walk(&scene.elements, (0, 0), &mut |element, at| {
            if style(&element.draw).is_none() {
                return;
            }
            let (right, bottom) = (at.x_px + at.width_px, at.y_px + at.height_px);
            let inside = at.x_px >= 0
                && at.y_px >= 0
                && right <= canvas.width_px as i32
                && bottom <= canvas.height_px as i32;
            assert!(inside, "{template}: {}: {}: {at:?}", scene.name, element.id);
        });
    });
}

#[test]
fn texts_are_as_large_as_their_screens_ask_for() {
    every_scene(|template, layout, scene| {
        let canvas = layout.canvas;
        walk(&scene.elements, (0, 0), &mut |element, _| {
            let Some(style) = style(&element.draw) else {
                return;
            };
            let least = match (template, &*element.id) {
                (BuiltIn::LedStrip, _) => 48,
                // About a sixth of the height in letters, a fifth with their room.
                (BuiltIn::BigType, "name" | "name-hidden") => canvas.height_px / 5,
                // Only what is far too long comes so far.
                _ => canvas.width_px.min(canvas.height_px) / 80,
            };
            let found = u32::from(style.size_min_px());
            assert!(
                found >= least,
                "{template}: {}: {}: {found}",
                scene.name,
                element.id
            );
        });
    });
}

/// Thin lines and slow changes of color show the single lamps.
#[test]
fn walls_of_lamps_get_whole_areas() {
    let document = BuiltIn::LedStrip.document();
    for scene in &document.layouts[0].scenes {
        assert!(!matches!(scene.background, Fill::Gradient { .. }));
        walk(&scene.elements, (0, 0), &mut |element, at| {
            if let Draw::Shape(shape) = &element.draw {
                assert!(matches!(shape.fill, Fill::Color(_)), "{}", element.id);
                assert!(shape.border.is_none(), "{}", element.id);
                assert_eq!(shape.form, Form::Rectangle, "{}", element.id);
                assert!(at.width_px >= 16 && at.height_px >= 16, "{}", element.id);
            }
            if let Some(style) = style(&element.draw) {
                assert!(style.bold, "{}", element.id);
            }
        });
    }
}

/// A time of day beside somebody's name would be taken for the race time.
#[test]
fn no_time_of_day_stands_beside_a_runner() {
    every_scene(|template, _, scene| {
        if template.document().subject == Subject::Nobody || scene.name != "runner" {
            return;
        }
        walk(&scene.elements, (0, 0), &mut |element, _| {
            if let Draw::Clock(clock) = &element.draw {
                assert_ne!(
                    clock.shows,
                    ClockShows::TimeOfDay,
                    "{template}: {}",
                    element.id
                );
            }
        });
    });
}

#[test]
fn screens_of_both_shapes_get_a_list() {
    let arrivals = BuiltIn::Arrivals.document();
    let chosen = |width, height| {
        let canvas = arrivals.layout_for(width, height).unwrap().canvas;
        (canvas.width_px, canvas.height_px)
    };
    assert_eq!(chosen(1_366, 768), (1_920, 1_080));
    assert_eq!(chosen(390, 844), (1_080, 1_920));
}

#[test]
fn each_is_told_what_it_shows() {
    let check = |template: BuiltIn, arrivals_max, races, time_of_day| {
        let Needs {
            arrivals_max: found_max,
            races: found_races,
            time_of_day: found_time,
            ..
        } = template.document().needs();
        let found = (found_max, found_races, found_time);
        assert_eq!(found, (arrivals_max, races, time_of_day), "{template}");
    };
    check(BuiltIn::FinishWide, 4, true, true);
    check(BuiltIn::FinishTall, 3, true, true);
    check(BuiltIn::BigType, 0, false, true);
    check(BuiltIn::Arrivals, 9, false, true);
    check(BuiltIn::StartWelcome, 0, true, true);
    check(BuiltIn::Cheer, 0, false, false);
    check(BuiltIn::Clock, 0, true, true);
    check(BuiltIn::LedStrip, 0, false, true);
}

#[test]
fn an_element_is_called_by_what_somebody_chose_before_what_it_says() {
    let text = r#"{"text": {"text": " {first_name}  {last_name}", "style": {"size_px": 50, "color": "text"}}}"#;
    let shape = r#"{"shape": {"fill": {"color": "accent"}}}"#;
    let check = |id: &str, name: &str, draw: &str, expected: Option<&str>| {
        let json =
            format!(r#"{{"id": "{id}", "name": "{name}", "at": [0, 0, 9, 9], "draw": {draw}}}"#);
        let element: Element = serde_json::from_str(&json).unwrap();
        assert_eq!(element.title().as_deref(), expected, "{id}");
    };
    check("bib-plate", "Plate", shape, Some("Plate"));
    check("bib-plate", "", shape, Some("Bib plate"));
    check("last-2-name", "", text, Some("Last 2 name"));
    check("text-1", "", text, Some("{first_name} {last_name}"));
    check(
        "arrivals-2-name",
        "",
        text,
        Some("{first_name} {last_name}"),
    );
    check("shape-12", "", shape, None);
    check("a", "", shape, None);
}
