//! Laws: whatever is done, the document stays a good one, and all of it can be taken back.

use super::*;
use model::BuiltIn;
use model::document::{Canvas, Color, Constraint, Constraints, Edit, Fill, Guide, Property, Role};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn at() -> impl Strategy<Value = Point> {
    // Often where something is, now and then far away.
    prop_oneof![
        12 => (-40..1_040_i32, -40..840_i32).prop_map(|(x, y)| point(x.into(), y.into())),
        1 => (-1e5..1e5_f64, -1e5..1e5_f64).prop_map(|(x, y)| point(x, y)),
    ]
}

fn modifiers() -> impl Strategy<Value = Modifiers> {
    let held = || prop::bool::weighted(0.2);
    (held(), held(), held(), prop::bool::weighted(0.05)).prop_map(|(shift, alt, ctrl, space)| {
        Modifiers {
            shift,
            alt,
            ctrl,
            meta: false,
            space,
        }
    })
}

fn pointer() -> impl Strategy<Value = Pointer> {
    let phase = select(vec![
        Phase::Down,
        Phase::Move,
        Phase::Move,
        Phase::Move,
        Phase::Up,
        Phase::Up,
        Phase::Cancel,
    ]);
    let kind = select(vec![
        (PointerKind::Mouse, 1),
        (PointerKind::Mouse, 1),
        (PointerKind::Mouse, 1),
        (PointerKind::Touch, 2),
        (PointerKind::Touch, 3),
        (PointerKind::Pen, 4),
    ]);
    let button = prop_oneof![
        10 => Just(Button::Primary),
        1 => Just(Button::Middle),
        1 => Just(Button::Secondary),
    ];
    let over = prop_oneof![
        10 => Just(Target::Viewport),
        1 => Just(Target::Ruler(Axis::X)),
        1 => Just(Target::Ruler(Axis::Y)),
    ];
    (phase, kind, button, at(), over, modifiers(), 1..=2_u8).prop_map(
        |(phase, (kind, id), button, at, over, modifiers, clicks)| Pointer {
            phase,
            id,
            kind,
            button,
            at,
            over,
            modifiers,
            clicks,
        },
    )
}

fn id() -> impl Strategy<Value = String> {
    let known = vec![
        "a",
        "b",
        "c",
        "turned",
        "group",
        "inner",
        "inner-text",
        "list",
        "cell",
        "locked",
        "hidden",
        "text-1",
        "shape-1",
        "group-1",
        "nobody",
    ];
    select(known).prop_map(str::to_owned)
}

fn property() -> impl Strategy<Value = Property> {
    let constraint = || select(&Constraint::ALL[..]);
    prop_oneof![
        ".{0,6}".prop_map(Property::Name),
        Just(Property::Id("other".to_owned())),
        any::<[i16; 4]>().prop_map(|at| Property::At(at.map(i32::from).into())),
        (-400..=400_i16).prop_map(Property::RotationDeg),
        (0..=110_u8).prop_map(Property::OpacityPercent),
        any::<bool>().prop_map(Property::Locked),
        any::<bool>().prop_map(Property::Hidden),
        (constraint(), constraint()).prop_map(|(horizontal, vertical)| {
            Property::Constraints(Constraints {
                horizontal,
                vertical,
            })
        }),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let table = COMMANDS.iter().map(|entry| entry.command.clone());
    let table = select(table.collect::<Vec<_>>());
    let drop = (0..3, id()).prop_map(|(kind, id)| match kind {
        0 => Drop::Above(id),
        1 => Drop::Below(id),
        _ => Drop::Into(id),
    });
    let measure = select(vec![
        Measure::X,
        Measure::Y,
        Measure::Width,
        Measure::Height,
        Measure::RotationDeg,
    ]);
    let scene = || select(vec!["resting", "runner", "extra", "Not one"]).prop_map(str::to_owned);
    let canvas = (1..3_000_u32, 10..20_000_u32).prop_map(|(width_px, height_px)| Canvas {
        width_px,
        height_px,
    });
    let guide = (any::<bool>(), -40_000..40_000_i32).prop_map(|(is_x, at_px)| Guide {
        axis: if is_x { Axis::X } else { Axis::Y },
        at_px,
    });
    let rare = prop_oneof![
        (0..12_usize).prop_map(Command::JumpTo),
        guide.prop_map(Command::AddGuide),
        (0..3_usize, any::<i16>()).prop_map(|(index, at_px)| Command::MoveGuide {
            index,
            at_px: at_px.into(),
        }),
        (0..3_usize).prop_map(Command::RemoveGuide),
        scene().prop_map(Command::SwitchScene),
        (0..3_usize).prop_map(Command::SwitchLayout),
        scene().prop_map(Command::AddScene),
        scene().prop_map(Command::RemoveScene),
        (scene(), scene()).prop_map(|(from, to)| Command::RenameScene { from, to }),
        canvas.clone().prop_map(Command::AddLayout),
        (0..3_usize).prop_map(Command::RemoveLayout),
        canvas.prop_map(Command::ResizeCanvas),
        select(&Role::ALL[..]).prop_map(|it| Command::Background(Fill::Color(Color::from(it)))),
        Just(Command::Replace(Box::new(
            BuiltIn::Cheer.document().clone()
        ))),
    ];
    prop_oneof![
        8 => table,
        3 => vec(id(), 0..4).prop_map(Command::Select),
        1 => option::of(id()).prop_map(Command::Hover),
        1 => select(&Kind::INSERTED[..]).prop_map(Command::Insert),
        2 => (vec(id(), 1..3), drop).prop_map(|(ids, to)| Command::MoveLayers { ids, to }),
        1 => (measure, any::<i32>()).prop_map(|(measure, to)| Command::Number(measure, to)),
        2 => vec(property(), 1..3).prop_map(Command::Set),
        1 => vec((id(), property()), 1..3).prop_map(Command::SetOf),
        1 => ".{0,20}".prop_map(|text| Command::PasteText { text, in_place: false }),
        1 => Just(Command::Settle),
        1 => any::<i32>().prop_map(Command::GridSize),
        2 => rare,
    ]
}

#[derive(Clone, Debug)]
enum Doing {
    Input(Input),
    /// What the editor put on the clipboard comes back.
    PasteCopied,
    Drag(Point, Point, Modifiers),
}

fn doing() -> impl Strategy<Value = Doing> {
    let by = (-300.0..300.0_f64, -300.0..300.0_f64);
    let wheel = (at(), by, modifiers()).prop_map(|(at, (x, y), modifiers)| Wheel {
        at,
        by: point(x, y),
        modifiers,
    });
    let size = (0.0..2_000.0_f64, 0.0..2_000.0_f64);
    prop_oneof![
        6 => (at(), at(), modifiers()).prop_map(|(a, b, held)| Doing::Drag(a, b, held)),
        6 => pointer().prop_map(|pointer| Doing::Input(Input::Pointer(pointer))),
        8 => command().prop_map(|command| Doing::Input(Input::Command(command))),
        1 => Just(Doing::Input(Input::LongPress)),
        1 => wheel.prop_map(|wheel| Doing::Input(Input::Wheel(wheel))),
        1 => modifiers().prop_map(|it| Doing::Input(Input::Modifiers(it))),
        1 => size.prop_map(|(width_px, height_px)| {
            Doing::Input(Input::Resized { width_px, height_px })
        }),
        1 => Just(Doing::PasteCopied),
    ]
}

fn first_document() -> impl Strategy<Value = Document> {
    let ours = document(&[
        shape("a", [100, 100, 200, 100], 0),
        shape("b", [400, 100, 101, 57], 0),
        text("c", [100, 400, 300, 50], "{name}"),
        shape("turned", [600, 300, 200, 80], 30),
        group(
            "group",
            [300, 500, 200, 200],
            20,
            &[
                shape("inner", [0, 0, 100, 100], 0),
                text("inner-text", [50, 120, 150, 40], "Hello"),
            ],
        ),
        list(
            "list",
            [600, 450, 300, 250],
            50,
            &[text("cell", [10, 0, 200, 50], "{bib}")],
        ),
        shape("locked", [0, 700, 1_000, 100], 0).replace("\"draw\"", "\"locked\":true,\"draw\""),
        shape("hidden", [0, 0, 1_000, 800], 0).replace("\"draw\"", "\"hidden\":true,\"draw\""),
    ]);
    prop_oneof![
        4 => Just(ours),
        1 => select(&BuiltIn::ALL[..]).prop_map(|template| template.document().clone()),
    ]
}

impl Desk {
    fn do_it(&mut self, doing: &Doing) {
        match doing {
            Doing::Input(input) => {
                self.input(input.clone());
            }
            Doing::PasteCopied => {
                if let Some(text) = self.editor.copied().map(str::to_owned) {
                    self.run(Command::PasteText {
                        text,
                        in_place: true,
                    });
                }
            }
            Doing::Drag(from, to, held) => {
                self.modifiers = *held;
                self.drag([from.x, from.y], [to.x, to.y]);
            }
        }
    }

    fn is_sound(&self) -> Result<(), TestCaseError> {
        let editor = &self.editor;
        if !editor.is_busy() {
            prop_assert_eq!(editor.document().check(), Ok(()));
            prop_assert!(editor.trial.is_none());
        }
        prop_assert_eq!(editor.selected().len(), editor.selection().len());
        prop_assert!(editor.document().scene_at(&editor.place().scene).is_ok());
        let overlay = editor.overlay();
        prop_assert_eq!(overlay.outlines.len() > 1, overlay.bounds.is_some());
        let quads = overlay.outlines.iter().flat_map(|outline| outline.quad);
        prop_assert!(quads.into_iter().all(Point::is_finite));
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_done_can_be_undone_and_redone_and_saved(
        first in first_document(),
        doings in vec(doing(), 1..60),
    ) {
        let mut desk = Desk::with(first.clone());
        let mut saved = first.clone();
        for doing in &doings {
            desk.do_it(doing);
            desk.is_sound()?;
            // As a server does that gets them now and then.
            let edits = desk.editor.unsaved().to_vec();
            desk.editor.saved(edits.len());
            for edit in edits {
                prop_assert!(saved.edited(edit).is_ok());
            }
        }
        desk.editor.cancel();
        desk.editor.gesture = gesture::Gesture::None;
        desk.run(Command::Settle);
        for edit in desk.editor.unsaved().to_vec() {
            prop_assert!(saved.edited(edit).is_ok());
        }
        let last = desk.editor.document().clone();
        prop_assert_eq!(&saved, &last);
        let made = desk.editor.steps_made();
        let all = desk.steps().len();
        desk.run(Command::JumpTo(0));
        prop_assert_eq!(desk.editor.document(), &first);
        desk.run(Command::JumpTo(made));
        prop_assert_eq!(desk.editor.document(), &last);
        desk.run(Command::JumpTo(all));
        desk.is_sound()?;
    }

    #[test]
    fn a_canceled_gesture_leaves_no_trace(
        first in first_document(),
        selected in vec(id(), 0..3),
        tool in option::of(select(&Kind::INSERTED[..])),
        down in at(),
        moves in vec((at(), modifiers()), 1..6),
        by_key in any::<bool>(),
    ) {
        let mut desk = Desk::with(first.clone());
        desk.run(Command::Select(selected));
        if let Some(kind) = tool {
            desk.run(Command::Choose(Tool::Insert(kind)));
        }
        let before = desk.editor.situation();
        desk.pointer(Phase::Down, [down.x, down.y]);
        for (at, modifiers) in moves {
            desk.modifiers = modifiers;
            desk.pointer(Phase::Move, [at.x, at.y]);
        }
        match by_key {
            true => desk.run(Command::Leave),
            false => desk.pointer(Phase::Cancel, [0.0, 0.0]),
        };
        prop_assert_eq!(desk.editor.situation(), before);
        prop_assert_eq!(desk.editor.document(), &first);
        prop_assert_eq!(desk.steps().len(), 0);
        prop_assert!(desk.editor.unsaved().is_empty());
    }

    #[test]
    fn without_snapping_it_moves_exactly_so_far(
        id in select(vec!["a", "b", "turned"]),
        x in -300..300_i32,
        y in -300..300_i32,
    ) {
        let elements = [
            shape("a", [100, 100, 200, 100], 0),
            shape("b", [400, 100, 101, 57], 0),
            shape("turned", [600, 300, 200, 80], 30),
        ];
        let mut desk = Desk::of(&elements);
        desk.run(Command::Toggle(Setting::Snapping));
        prop_assume!(f64::from(x).hypot(f64::from(y)) >= 3.0);
        let [left, top, width, height] = desk.at(id);
        let from = desk.middle(id);
        desk.drag(from, [from[0] + f64::from(x), from[1] + f64::from(y)]);
        prop_assert_eq!(desk.at(id), [left + x, top + y, width, height]);
        prop_assert_eq!(desk.steps().len(), 1);
    }

    #[test]
    fn arranging_again_changes_nothing(
        boxes in vec((0..500_i32, 0..500_i32, 1..200_i32, 1..200_i32), 2..6),
        command in select(vec![
            Command::Align(Edge::Left),
            Command::Align(Edge::Center),
            Command::Align(Edge::Right),
            Command::Align(Edge::Top),
            Command::Align(Edge::Middle),
            Command::Align(Edge::Bottom),
            Command::Distribute(Axis::X),
            Command::Distribute(Axis::Y),
            Command::Same(Same::Size),
        ]),
    ) {
        let elements: Vec<String> = boxes
            .iter()
            .enumerate()
            .map(|(index, (x, y, width, height))| {
                shape(&format!("s{index}"), [*x, *y, *width, *height], 0)
            })
            .collect();
        let mut desk = Desk::of(&elements);
        desk.run(Command::SelectAll);
        desk.run(command.clone());
        let once = desk.editor.document().clone();
        desk.run(command);
        prop_assert_eq!(desk.editor.document(), &once);
    }

    #[test]
    fn grouped_and_ungrouped_elements_are_where_they_were(
        boxes in vec((0..500_i32, 0..500_i32, 1..200_i32, 1..200_i32, -180..180_i16), 1..6),
        chosen in vec(any::<bool>(), 6),
    ) {
        let id = |index: usize| format!("s{index}");
        let elements: Vec<String> = boxes
            .iter()
            .enumerate()
            .map(|(index, (x, y, width, height, deg))| {
                shape(&id(index), [*x, *y, *width, *height], *deg)
            })
            .collect();
        let mut desk = Desk::of(&elements);
        let ids = (0..boxes.len()).filter(|index| chosen[*index]).map(id);
        desk.run(Command::Select(ids.collect()));
        desk.run(Command::Group);
        desk.run(Command::Ungroup);
        for (index, (x, y, width, height, deg)) in boxes.iter().enumerate() {
            prop_assert_eq!(desk.at(&id(index)), [*x, *y, *width, *height]);
            prop_assert_eq!(desk.element(&id(index)).rotation_deg, *deg);
        }
    }

    #[test]
    fn the_viewport_and_the_canvas_are_the_same_place(
        scale in 0.02..64.0_f64,
        offset in at(),
        place in at(),
    ) {
        let view = View { scale, offset, width_px: 1_000.0, height_px: 800.0 };
        let again = view.to_canvas(view.to_viewport(place));
        prop_assert!(again.distance(place) < 1e-3, "{again:?}");
    }

    /// What is read from the system's clipboard may be anybody's.
    #[test]
    fn no_text_on_the_clipboard_does_harm(bytes in vec(any::<u8>(), 0..80)) {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let mut desk = Desk::of(&[shape("a", [0, 0, 10, 10], 0)]);
        let text = ["gantry-elements-1:", &BASE64_STANDARD.encode(bytes)].concat();
        desk.run(Command::PasteText { text, in_place: false });
        desk.is_sound()?;
    }
}

/// A change that waits for the server is not lost where many wait.
#[test]
fn many_unsaved_changes_become_one() {
    let mut desk = Desk::of(&[shape("a", [100, 100, 200, 100], 0)]);
    let mut saved = desk.editor.document().clone();
    desk.select(&["a"]);
    for _ in 0..limits::UNSAVED_EDITS_MAX + 10 {
        desk.run(Command::Nudge(Direction::Right, Amount::Small));
        desk.run(Command::Settle);
    }
    let mut count = 0;
    while !desk.editor.unsaved().is_empty() {
        let edits: Vec<Edit> = desk.editor.unsaved().to_vec();
        assert!(edits.len() <= limits::SAVE_EDITS_MAX);
        count += edits.len();
        desk.editor.saved(edits.len());
        for edit in edits {
            saved.edited(edit).unwrap();
        }
    }
    assert!(count < limits::UNSAVED_EDITS_MAX);
    assert_eq!(&saved, desk.editor.document());
    assert_eq!(desk.steps().len(), limits::STEPS_MAX);
}
