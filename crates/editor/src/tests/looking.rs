//! Zoom, pan, guides, and the table of commands.

use super::*;
use model::document::Guide;

fn desk() -> Desk {
    Desk::of(&[shape("a", [100, 100, 200, 100], 0)])
}

fn wheel(by: [f64; 2], keys: &str) -> Input {
    Input::Wheel(Wheel {
        at: point(300.0, 200.0),
        by: point(by[0], by[1]),
        modifiers: Modifiers {
            ctrl: keys == "ctrl",
            shift: keys == "shift",
            ..Modifiers::default()
        },
    })
}

#[test]
fn a_canvas_is_fitted_until_somebody_looks_elsewhere() {
    let mut editor = Editor::new(document(&[]), resting());
    let mut resize = |before: Option<Command>, width_px: f64, height_px: f64| {
        if let Some(command) = before {
            editor.input(Input::Command(command));
        }
        editor.input(Input::Resized {
            width_px,
            height_px,
        });
        (editor.view().scale, editor.view().offset)
    };
    assert_eq!(resize(None, 564.0, 600.0), (0.5, point(32.0, 100.0)));
    // A tablet is turned.
    assert_eq!(resize(None, 1_100.0, 464.0), (0.5, point(300.0, 32.0)));
    assert_eq!(resize(None, 564.0, 600.0), (0.5, point(32.0, 100.0)));
    // What was in the middle stays there.
    let closer = resize(Some(Command::ZoomToWhole), 664.0, 500.0);
    assert_eq!(closer, (1.0, point(-168.0, -150.0)));
    let fitted = resize(Some(Command::FitCanvas), 564.0, 600.0);
    assert_eq!(fitted, (0.5, point(32.0, 100.0)));
}

#[test]
fn a_wheel_pans_and_with_ctrl_zooms_to_the_pointer() {
    let mut desk = desk();
    desk.input(wheel([0.0, 50.0], ""));
    assert_eq!(desk.editor.view().offset, point(0.0, -50.0));
    desk.input(wheel([0.0, 50.0], "shift"));
    assert_eq!(desk.editor.view().offset, point(-50.0, -50.0));
    let at = point(300.0, 200.0);
    let under = desk.editor.view().to_canvas(at);
    desk.input(wheel([0.0, -10.0], "ctrl"));
    assert!(desk.editor.view().scale > 1.0);
    assert!(desk.editor.view().to_canvas(at).distance(under) < 1e-6);
    for _ in 0..1_000 {
        desk.input(wheel([0.0, 100.0], "ctrl"));
    }
    assert_eq!(desk.editor.view().scale, limits::SCALE_MIN);
    for _ in 0..1_000 {
        desk.input(wheel([0.0, -100.0], "ctrl"));
    }
    assert_eq!(desk.editor.view().scale, limits::SCALE_MAX);
}

#[test]
fn keys_zoom_by_steps_and_fit() {
    let mut desk = desk();
    desk.key("+");
    assert_eq!(desk.editor.view().scale, 1.5);
    desk.key("-");
    desk.key("-");
    assert_eq!(desk.editor.view().scale, 0.67);
    desk.key("0");
    assert_eq!(desk.editor.view().scale, 1.0);
    desk.key("1");
    let canvas = desk.editor.view().to_viewport(point(500.0, 400.0));
    assert_eq!(canvas, point(500.0, 400.0));
    desk.run(Command::SelectAll);
    desk.key("2");
    let middle = desk.editor.view().to_viewport(point(200.0, 150.0));
    assert!(middle.distance(point(500.0, 400.0)) < 1e-6);
}

#[test]
fn space_the_hand_and_the_middle_button_pan() {
    let check = |prepare: &dyn Fn(&mut Desk), button: Button| {
        let mut desk = desk();
        prepare(&mut desk);
        let modifiers = desk.modifiers;
        let mut pointer = Pointer {
            phase: Phase::Down,
            id: 1,
            kind: PointerKind::Mouse,
            button,
            at: point(150.0, 150.0),
            over: Target::Viewport,
            modifiers,
            clicks: 1,
        };
        desk.input(Input::Pointer(pointer));
        pointer.phase = Phase::Move;
        pointer.at = point(170.0, 140.0);
        assert_eq!(desk.input(Input::Pointer(pointer)).cursor, Cursor::Fist);
        pointer.phase = Phase::Up;
        desk.input(Input::Pointer(pointer));
        assert_eq!(desk.editor.view().offset, point(20.0, -10.0));
        assert_eq!(desk.at("a"), [100, 100, 200, 100]);
        assert_eq!(desk.selection(), [""; 0]);
    };
    check(&|_| {}, Button::Middle);
    check(
        &|desk| {
            desk.hold("space");
        },
        Button::Primary,
    );
    let hand = Command::Choose(Tool::Hand);
    check(
        &|desk| {
            desk.run(hand.clone());
        },
        Button::Primary,
    );
}

#[test]
fn two_fingers_pan_and_pinch_and_take_back_what_one_began() {
    let mut desk = desk();
    let touch = PointerKind::Touch;
    desk.any_pointer(Phase::Down, [150.0, 150.0], touch, 1, 1);
    desk.any_pointer(Phase::Move, [180.0, 150.0], touch, 1, 1);
    assert_ne!(desk.at("a"), [100, 100, 200, 100]);
    desk.any_pointer(Phase::Down, [380.0, 150.0], touch, 2, 1);
    assert_eq!(desk.at("a"), [100, 100, 200, 100]);
    let under = desk.editor.view().to_canvas(point(280.0, 150.0));
    desk.any_pointer(Phase::Move, [130.0, 250.0], touch, 1, 1);
    desk.any_pointer(Phase::Move, [530.0, 250.0], touch, 2, 1);
    assert!((desk.editor.view().scale - 2.0).abs() < 1e-9);
    let middle = desk.editor.view().to_viewport(under);
    assert!(middle.distance(point(330.0, 250.0)) < 1e-6);
    desk.any_pointer(Phase::Up, [130.0, 250.0], touch, 1, 1);
    let view = *desk.editor.view();
    desk.any_pointer(Phase::Move, [630.0, 550.0], touch, 2, 1);
    assert_eq!(
        *desk.editor.view(),
        view,
        "the finger that is left does nothing"
    );
    desk.any_pointer(Phase::Up, [630.0, 550.0], touch, 2, 1);
    assert!(!desk.editor.is_busy());
    assert_eq!(desk.steps(), [""; 0]);
}

#[test]
fn a_tablet_is_turned_under_two_fingers() {
    let mut desk = desk();
    let touch = PointerKind::Touch;
    desk.any_pointer(Phase::Down, [150.0, 150.0], touch, 1, 1);
    desk.any_pointer(Phase::Down, [380.0, 150.0], touch, 2, 1);
    desk.input(Input::Resized {
        width_px: 600.0,
        height_px: 900.0,
    });
    desk.any_pointer(Phase::Move, [130.0, 250.0], touch, 1, 1);
    let view = desk.editor.view();
    assert_eq!([view.width_px, view.height_px], [600.0, 900.0]);
}

#[test]
fn a_drag_goes_on_while_one_zooms() {
    let mut desk = desk();
    desk.run(Command::Toggle(Setting::Snapping));
    desk.take([150.0, 150.0], [300.0, 200.0]);
    desk.input(wheel([0.0, -20.0], "ctrl"));
    assert_eq!(
        desk.at("a"),
        [250, 150, 200, 100],
        "it stays under the pointer"
    );
}

#[test]
fn guides_come_out_of_rulers_and_go_over_the_edge() {
    let mut desk = desk();
    let pointer = |phase, at: [f64; 2], over| {
        Input::Pointer(Pointer {
            phase,
            id: 1,
            kind: PointerKind::Mouse,
            button: Button::Primary,
            at: point(at[0], at[1]),
            over,
            modifiers: Modifiers::default(),
            clicks: 1,
        })
    };
    let guides = |desk: &Desk| desk.editor.layout().unwrap().guides.clone();
    let upright = |at_px| Guide {
        axis: Axis::X,
        at_px,
    };
    desk.input(pointer(Phase::Down, [-10.0, 300.0], Target::Ruler(Axis::X)));
    desk.input(pointer(Phase::Move, [-5.0, 300.0], Target::Ruler(Axis::X)));
    assert_eq!(guides(&desk), []);
    desk.input(pointer(Phase::Move, [500.0, 300.0], Target::Viewport));
    assert_eq!(guides(&desk), [upright(500)]);
    assert!(desk.editor.overlay().guides[0].is_active);
    desk.input(pointer(Phase::Up, [520.0, 300.0], Target::Viewport));
    desk.drag([521.0, 600.0], [700.0, 600.0]);
    assert_eq!(guides(&desk), [upright(700)]);
    desk.drag([700.0, 600.0], [-8.0, 600.0]);
    assert_eq!(guides(&desk), []);
    assert_eq!(desk.steps(), ["Add guide", "Move guide", "Remove guide"]);
    desk.run(Command::AddGuide(upright(40)));
    desk.run(Command::MoveGuide {
        index: 0,
        at_px: 50,
    });
    assert_eq!(guides(&desk), [upright(50)]);
    desk.run(Command::RemoveGuide(0));
    let gone = [Effect::Refuse(Refusal::NoGuide(0))];
    assert_eq!(desk.run(Command::RemoveGuide(0)).effects, gone);
}

#[test]
fn keys_are_found_with_what_is_held_and_written_as_each_system_does() {
    let check = |key: &str, held: &str, is_mac: bool, expected: Option<Command>| {
        let modifiers = Modifiers {
            shift: held.contains('s'),
            alt: held.contains('a'),
            ctrl: held.contains('c'),
            meta: held.contains('m'),
            space: false,
        };
        let found = Command::of_key(key, modifiers, is_mac);
        assert_eq!(found, expected, "{key} {held} {is_mac}");
    };
    check("z", "c", false, Some(Command::Undo));
    check("z", "m", true, Some(Command::Undo));
    check("z", "c", true, None);
    check("Z", "cs", false, Some(Command::Redo));
    check("V", "", false, Some(Command::Choose(Tool::Select)));
    check("?", "s", false, Some(Command::Open(Panel::Shortcuts)));
    check("+", "s", false, Some(Command::ZoomIn));
    check("]", "c", false, Some(Command::Order(Order::Forward)));
    check("}", "cs", false, Some(Command::Order(Order::Front)));
    check("ç", "ma", true, Some(Command::CopyStyle));
    check("Tab", "s", false, Some(Command::SelectPrevious));
    check("F7", "", false, None);
    let text = |command: &Command, is_mac| command.entry().unwrap().keys[0].text(is_mac);
    assert_eq!(text(&Command::Redo, false), "Ctrl+Shift+Z");
    assert_eq!(text(&Command::Redo, true), "⇧⌘Z");
}

#[test]
fn no_two_commands_have_the_same_keys_or_words() {
    let mut seen = std::collections::BTreeSet::new();
    let mut words = std::collections::BTreeSet::new();
    for entry in &COMMANDS {
        assert!(words.insert(entry.words), "{}", entry.words);
        for keys in entry.keys {
            assert!(seen.insert(keys.text(false)), "{}", keys.text(false));
        }
    }
    for section in Section::ALL {
        assert!(COMMANDS.iter().any(|entry| entry.section == section));
    }
}

#[test]
fn cursors_say_what_a_press_would_do() {
    let check = |at: [f64; 2], expected: Cursor| {
        let mut desk = Desk::of(&[shape("a", [100, 100, 200, 100], 0)]);
        desk.run(Command::SelectAll);
        assert_eq!(desk.pointer(Phase::Move, at).cursor, expected, "{at:?}");
    };
    check([100.0, 100.0], Cursor::Resize(45));
    check([300.0, 100.0], Cursor::Resize(135));
    check([200.0, 100.0], Cursor::Resize(90));
    check([300.0, 130.0], Cursor::Resize(0));
    check([200.0, 76.0], Cursor::Rotate);
    check([200.0, 150.0], Cursor::Move);
    check([500.0, 500.0], Cursor::Arrow);
}
