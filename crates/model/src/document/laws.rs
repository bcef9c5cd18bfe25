//! Laws of documents: any document survives its ways as JSON and as bytes, any junk is refused with
//! a path, and what is drawn of it is bound before.

mod edits;

use super::*;
use crate::{
    Family,
    limits::{SCENE_FADE_MS_MAX, TICKER_PX_PER_S_MAX, TICKER_PX_PER_S_MIN},
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::Value as Json;

fn color() -> impl Strategy<Value = Color> {
    let paint = prop_oneof![
        proptest::sample::select(&Role::ALL[..]).prop_map(Paint::Theme),
        any::<[u8; 3]>().prop_map(|parts| Paint::Fixed(Rgb(parts))),
    ];
    (paint, 0..=100_u8).prop_map(|(paint, opacity_percent)| Color {
        paint,
        opacity_percent,
    })
}

fn field() -> impl Strategy<Value = DataField> {
    let plain: Vec<DataField> = DataField::plain().collect();
    prop_oneof![
        4 => proptest::sample::select(plain),
        1 => "[A-Za-z0-9][A-Za-z0-9 ]{0,10}[A-Za-z0-9]".prop_map(DataField::Custom),
    ]
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let formats: Vec<Format> = Format::all().collect();
    let binding = (
        field(),
        vec(proptest::sample::select(formats), 0..3),
        option::of("[^{}]{0,12}"),
    );
    let bound = binding.prop_map(|(field, formats, fallback)| {
        Piece::Bound(Binding {
            field,
            formats,
            fallback,
        })
    });
    // No two texts follow each other: they would be read as one.
    (
        option::of(".{1,12}"),
        vec((bound, option::of(".{1,12}")), 0..4),
    )
        .prop_map(|(first, rest)| {
            let mut pieces: Vec<Piece> = first.map(Piece::Text).into_iter().collect();
            for (bound, text) in rest {
                pieces.push(bound);
                pieces.extend(text.map(Piece::Text));
            }
            Pattern { pieces }
        })
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        field().prop_map(Condition::Has),
        field().prop_map(Condition::Lacks),
        (field(), ".{0,8}").prop_map(|(field, text)| Condition::Is { field, text }),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Condition::Not(Box::new(one))),
            vec(inner.clone(), 0..3).prop_map(Condition::All),
            vec(inner, 0..3).prop_map(Condition::Any),
        ]
    })
}

fn transition() -> impl Strategy<Value = Transition> {
    let by = proptest::sample::select(&Move::ALL[..]);
    (by, 1..2_000_u16, 0..2_000_u16).prop_map(|(by, ms, delay_ms)| Transition { by, ms, delay_ms })
}

fn motion() -> impl Strategy<Value = Motion> {
    let one = || option::of(transition());
    (one(), one(), one()).prop_map(|(enter, exit, change)| Motion {
        enter,
        exit,
        change,
    })
}

fn shadow() -> impl Strategy<Value = Shadow> {
    (color(), -50..50_i16, -50..50_i16, 0..90_u16).prop_map(|(color, x_px, y_px, blur_px)| Shadow {
        color,
        x_px,
        y_px,
        blur_px,
    })
}

fn fill() -> impl Strategy<Value = Fill> {
    prop_oneof![
        Just(Fill::None),
        color().prop_map(Fill::Color),
        (color(), color(), -360..360_i16).prop_map(|(from, to, angle_deg)| Fill::Gradient {
            from,
            to,
            angle_deg
        }),
    ]
}

fn border() -> impl Strategy<Value = Border> {
    (color(), any::<u16>()).prop_map(|(color, width_px)| Border { color, width_px })
}

fn shape() -> BoxedStrategy<Shape> {
    let form = proptest::sample::select(vec![Form::Rectangle, Form::Ellipse]);
    let edge = (option::of(border()), option::of(shadow()), any::<u16>());
    (form, fill(), edge)
        .prop_map(|(form, fill, (border, shadow, radius_px))| Shape {
            form,
            fill,
            border,
            shadow,
            radius_px,
        })
        .boxed()
}

fn text_style() -> BoxedStrategy<TextStyle> {
    use proptest::sample::select;
    let fonts = prop_oneof![
        select(vec![FontRole::Heading, FontRole::Body, FontRole::Times]),
        select(&Family::ALL[..]).prop_map(FontRole::Own),
    ];
    let align = select(vec![Align::Left, Align::Center, Align::Right]);
    let vertical = select(vec![
        VerticalAlign::Top,
        VerticalAlign::Middle,
        VerticalAlign::Bottom,
    ]);
    let case = option::of(select(vec![Case::Upper, Case::Lower]));
    let size = (8..900_u16).prop_flat_map(|size| (Just(size), option::of(4..=size)));
    let lines = (1..=20_u8, 50..=300_u16, -200..=2_000_i16);
    let around = (option::of(border()), option::of(shape()), any::<[u16; 2]>());
    let look = (color(), option::of(shadow()), around);
    (
        fonts,
        any::<bool>(),
        size,
        lines,
        look,
        align,
        vertical,
        case,
    )
        .prop_map(
            |(font, bold, (size_px, size_px_min), lines, look, align, vertical, case)| TextStyle {
                font,
                bold,
                size_px,
                size_px_min,
                lines_max: lines.0,
                line_percent: lines.1,
                spacing_mem: lines.2,
                color: look.0,
                align,
                vertical,
                case,
                outline: look.2.0,
                shadow: look.1,
                plate: look.2.1,
                padding_px: look.2.2,
            },
        )
        .boxed()
}

fn picture() -> impl Strategy<Value = Picture> {
    prop_oneof![
        Just(Picture::Logo),
        "[A-Za-z0-9+/]{4,40}={0,2}"
            .prop_map(|base64| Picture::Data(format!("data:image/png;base64,{base64}"))),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    (pattern(), text_style()).prop_map(|(text, style)| Text { text, style })
}

fn image_fit() -> impl Strategy<Value = ImageFit> {
    proptest::sample::select(vec![ImageFit::Contain, ImageFit::Cover])
}

fn leaf() -> BoxedStrategy<Draw> {
    use proptest::sample::select;
    let shows = select(vec![
        ClockShows::Elapsed,
        ClockShows::Countdown,
        ClockShows::TimeOfDay,
    ]);
    prop_oneof![
        text().prop_map(Draw::Text),
        text().prop_map(Draw::Message),
        (picture(), image_fit()).prop_map(|(picture, fit)| Draw::Image(Image { picture, fit })),
        shape().prop_map(Draw::Shape),
        (shows, text_style()).prop_map(|(shows, style)| Draw::Clock(Clock { shows, style })),
        pattern().prop_map(|text| Draw::QrCode(QrCode { text })),
        (
            pattern(),
            text_style(),
            TICKER_PX_PER_S_MIN..=TICKER_PX_PER_S_MAX
        )
            .prop_map(|(text, style, px_per_s)| Draw::Ticker(Ticker {
                text,
                style,
                px_per_s
            })),
        (vec(picture(), 1..4), 1_000..600_000_u32, image_fit()).prop_map(
            |(pictures, each_ms, fit)| Draw::Sponsors(Sponsors {
                pictures,
                each_ms,
                fit
            })
        ),
    ]
    .boxed()
}

/// Ids come later: they are to differ.
fn element() -> impl Strategy<Value = Element> {
    let around = |draw: Draw| {
        let area = [-500..4_000_i32, -500..4_000, 1..4_000, 1..4_000];
        let constraint = || proptest::sample::select(&Constraint::ALL[..]);
        let constraints =
            (constraint(), constraint()).prop_map(|(horizontal, vertical)| Constraints {
                horizontal,
                vertical,
            });
        let flags = (constraints, any::<bool>(), any::<bool>());
        let turned = (-360..=360_i16, 0..=100_u8, flags, ".{0,8}");
        (area, turned, option::of(condition()), motion(), Just(draw)).prop_map(
            |(at, (rotation_deg, opacity_percent, flags, name), when, motion, draw)| Element {
                name,
                rotation_deg,
                opacity_percent,
                when,
                motion,
                constraints: flags.0,
                locked: flags.1,
                hidden: flags.2,
                ..Element::new(String::new(), at.into(), draw)
            },
        )
    };
    let leaf = leaf().prop_flat_map(around);
    leaf.prop_recursive(3, 12, 4, move |inner| {
        let elements = vec(inner, 0..4);
        let rows = (0..9_u16, 1..=100_u16, 1..500_u16, elements.clone()).prop_map(
            |(skip, count_max, pitch_px, elements)| Rows {
                skip,
                count_max,
                pitch_px,
                elements,
            },
        );
        let draw = prop_oneof![
            rows.clone().prop_map(Draw::Arrivals),
            rows.prop_map(Draw::Races),
            elements.prop_map(|elements| Draw::Group(Group { elements })),
        ];
        draw.prop_flat_map(around)
    })
}

fn name_all(elements: &mut [Element], next: &mut usize) {
    for element in elements {
        *next += 1;
        element.id = format!("e{next}");
        match &mut element.draw {
            Draw::Arrivals(rows) | Draw::Races(rows) => name_all(&mut rows.elements, next),
            Draw::Group(group) => name_all(&mut group.elements, next),
            _ => {}
        }
    }
}

fn scene(name: &'static str) -> impl Strategy<Value = SceneLayout> {
    let parts = (fill(), 0..=SCENE_FADE_MS_MAX, vec(element(), 0..5));
    parts.prop_map(move |(background, fade_ms, mut elements)| {
        name_all(&mut elements, &mut 0);
        SceneLayout {
            name: name.to_owned(),
            background,
            fade_ms,
            elements,
        }
    })
}

prop_compose! {
    fn document()(
        subject in proptest::sample::select(vec![
            Subject::Runner,
            Subject::Arrivals,
            Subject::Nobody,
        ]),
        colors in any::<[[u8; 3]; 6]>(),
        families in [(); 3].map(|()| proptest::sample::select(&Family::ALL[..])),
        logo in option::of("[A-Za-z0-9+/]{4,40}"),
        layouts in vec(
            (16..4_000_u32, 16..4_000_u32, scene("resting"), scene("runner"), scene("free")),
            1..3,
        ),
    ) -> Document {
        let [background, panel, text, muted, accent, on_accent] = colors.map(Rgb);
        let [heading, body, times] = families;
        Document {
            schema: SCHEMA,
            subject,
            theme: Theme {
                colors: Colors { background, panel, text, muted, accent, on_accent },
                fonts: Fonts { heading, body, times },
                logo: logo.map(|logo| Picture::Data(format!("data:image/webp;base64,{logo}"))),
            },
            layouts: layouts
                .into_iter()
                .map(|(width_px, height_px, resting, runner, free)| Layout {
                    canvas: Canvas { width_px, height_px },
                    guides: Vec::new(),
                    scenes: vec![resting, runner, free],
                })
                .collect(),
        }
    }
}

/// Where a value can be put in the place of another: all objects' members and lists' entries.
fn places(json: &Json, path: &str, found: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            for (name, inner) in members {
                let path = format!("{path}/{name}");
                found.push(path.clone());
                places(inner, &path, found);
            }
        }
        Json::Array(entries) => {
            for (index, inner) in entries.iter().enumerate() {
                let path = format!("{path}/{index}");
                found.push(path.clone());
                places(inner, &path, found);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_document_survives_a_round_trip(document in document()) {
        let json = serde_json::to_string(&document).unwrap();
        prop_assert_eq!(&Document::parse(&json).unwrap(), &document);
        prop_assert_eq!(Packed::of(&document).open(), Some(document));
    }

    /// Whatever stands in the place of one value of a document: it is another good document, or it
    /// is refused, and the path leads to the place or to what it lies in.
    #[test]
    fn junk_is_refused_with_a_path_to_it(
        document in document(),
        place in any::<proptest::sample::Index>(),
        junk in prop_oneof![
            Just(serde_json::json!({"what": "is this"})),
            Just(serde_json::json!(["a", 1])),
            Just(serde_json::json!(-1e300)),
            Just(Json::Null),
            ".{0,6}".prop_map(Json::String),
        ],
    ) {
        let mut json = serde_json::to_value(&document).unwrap();
        let mut found = Vec::new();
        places(&json, "", &mut found);
        let place = place.get(&found).clone();
        *json.pointer_mut(&place).unwrap() = junk;
        match Document::parse(&json.to_string()) {
            Ok(read) => prop_assert!(read.check().is_ok()),
            Err(fault) => {
                let steps: String = fault.path.replace("].", "/").replace(['.', '[', ']'], "/");
                let steps = format!("/{}", steps.trim_matches('/'));
                let (path, place) = (format!("{}/", steps.trim_end_matches('/')), format!("{place}/"));
                prop_assert!(
                    place.starts_with(&path) || path.starts_with(&place),
                    "the fault is at {} and not at {place}: {fault}", fault.path
                );
                prop_assert!(!fault.problem.is_empty());
            }
        }
    }

    #[test]
    fn any_bytes_are_no_panic(text in ".{0,80}") {
        let _ = Document::parse(&text);
        let _ = Packed(text).open();
    }
}

#[test]
fn faults_say_where_and_what_to_do() {
    let check = |change: &dyn Fn(&mut Json), fault: &str| {
        let json = include_str!("../../templates/arrivals.json");
        let mut json: Json = serde_json::from_str(json).unwrap();
        change(&mut json);
        assert_eq!(
            Document::parse(&json.to_string()).unwrap_err().to_string(),
            fault
        );
    };
    check(
        &|json| json["schema"] = 2.into(),
        "schema: this Gantry knows schema 1 and not 2; use a newer Gantry",
    );
    check(
        &|json| drop(json.as_object_mut().unwrap().remove("schema")),
        "schema: a template says its schema, as a number",
    );
    check(
        &|json| json["theme"]["colors"]["accent"] = "gold".into(),
        "theme.colors.accent: not a color: write `#1b2c3d` or one of background, panel, text, \
         muted, accent and on-accent; an opacity in percent may follow, as in `text/60`",
    );
    check(
        &|json| json["layouts"][0]["canvas"]["width_px"] = 9.into(),
        "layouts[0].canvas.width_px: 9 is not between 16 and 16384",
    );
    check(
        &|json| json["layouts"][0]["scenes"][0]["name"] = "calm".into(),
        "layouts[0].scenes: there is no scene `resting`",
    );
    check(
        &|json| {
            let first = json["layouts"][0]["scenes"][0]["elements"][0]["id"].clone();
            json["layouts"][0]["scenes"][0]["elements"][1]["id"] = first;
        },
        "layouts[0].scenes[0].elements[1].id: another element of the scene is called `tape-1`",
    );
}
