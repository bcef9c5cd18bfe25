//! Moving, resizing and rotating by hand and by keys.

use super::*;

fn desk() -> Desk {
    let mut desk = Desk::of(&[
        shape("a", [100, 100, 200, 100], 0),
        shape("b", [400, 300, 100, 100], 0),
        shape("turned", [600, 500, 200, 100], 90),
    ]);
    desk.run(Command::Toggle(Setting::Snapping));
    desk
}

#[test]
fn a_press_is_a_drag_after_three_pixels_and_with_a_finger_after_eight() {
    let check = |kind: PointerKind, px: f64, expected: i32| {
        let mut desk = desk();
        desk.any_pointer(Phase::Down, [150.0, 150.0], kind, 1, 1);
        desk.any_pointer(Phase::Move, [150.0 + px, 150.0], kind, 1, 1);
        desk.any_pointer(Phase::Up, [150.0 + px, 150.0], kind, 1, 1);
        assert_eq!(desk.at("a")[0], expected, "{kind:?} {px}");
    };
    check(PointerKind::Mouse, 2.0, 100);
    check(PointerKind::Mouse, 3.0, 103);
    check(PointerKind::Touch, 7.0, 100);
    check(PointerKind::Touch, 8.0, 108);
}

#[test]
fn it_is_seen_while_it_moves_and_is_one_step_at_the_end() {
    let mut desk = desk();
    desk.take([150.0, 150.0], [250.0, 170.0]);
    assert_eq!(desk.at("a"), [200, 120, 200, 100]);
    assert_eq!(desk.steps(), [""; 0]);
    assert!(desk.editor.unsaved().is_empty());
    let outcome = desk.pointer(Phase::Move, [251.0, 170.0]);
    assert_eq!(outcome.redraw, Redraw::Elements(vec!["a".to_owned()]));
    desk.pointer(Phase::Up, [251.0, 170.0]);
    assert_eq!(desk.steps(), ["Move Rectangle"]);
    assert_eq!(desk.editor.unsaved().len(), 1);
    desk.run(Command::Undo);
    assert_eq!(desk.at("a"), [100, 100, 200, 100]);
}

#[test]
fn shift_keeps_to_the_axis_that_was_gone_further() {
    let mut desk = desk();
    desk.hold("shift").drag([150.0, 150.0], [250.0, 170.0]);
    assert_eq!(desk.at("a"), [200, 100, 200, 100]);
    desk.take([250.0, 150.0], [260.0, 250.0]);
    assert_eq!(desk.at("a"), [200, 200, 200, 100]);
    desk.hold("");
    assert_eq!(desk.at("a"), [210, 200, 200, 100], "until it is let go");
}

#[test]
fn alt_leaves_the_original_and_drags_a_copy() {
    let mut desk = desk();
    desk.hold("alt").drag([150.0, 150.0], [150.0, 450.0]);
    assert_eq!(desk.at("a"), [100, 100, 200, 100]);
    assert_eq!(desk.at("shape-1"), [100, 400, 200, 100]);
    assert_eq!(desk.selection(), ["shape-1"]);
    assert_eq!(desk.steps(), ["Duplicate Rectangle"]);
    desk.hold("ctrl").key("d");
    assert_eq!(desk.at("shape-2"), [100, 700, 200, 100], "and on as far");
    desk.key("z");
    desk.key("z");
    assert_eq!(desk.selection(), ["a"]);
}

#[test]
fn alt_may_come_and_go_on_the_way() {
    let mut desk = desk();
    desk.take([150.0, 150.0], [250.0, 150.0]).hold("alt");
    assert_eq!(desk.at("a"), [100, 100, 200, 100]);
    assert_eq!(desk.at("shape-1"), [200, 100, 200, 100]);
    desk.hold("");
    assert_eq!(desk.at("a"), [200, 100, 200, 100]);
    desk.key("Escape");
    desk.pointer(Phase::Up, [250.0, 150.0]);
    assert_eq!(desk.at("a"), [100, 100, 200, 100]);
    assert_eq!(desk.steps(), [""; 0]);
}

#[test]
fn handles_resize_and_the_opposite_stands_still() {
    let check = |keys: &str, from: [f64; 2], to: [f64; 2], expected: [i32; 4]| {
        let mut desk = desk();
        desk.select(&["a"]);
        desk.hold(keys).drag(from, to);
        assert_eq!(desk.at("a"), expected, "{keys} {from:?} {to:?}");
    };
    let (left, top, right, bottom) = (100.0, 100.0, 300.0, 200.0);
    check("", [right, bottom], [350.0, 240.0], [100, 100, 250, 140]);
    check("", [left, top], [120.0, 90.0], [120, 90, 180, 110]);
    check("", [right, 150.0], [330.0, 400.0], [100, 100, 230, 100]);
    check("", [200.0, top], [0.0, 80.0], [100, 80, 200, 120]);
    // An edge is taken wherever it is.
    check("", [right, 120.0], [330.0, 120.0], [100, 100, 230, 100]);
    check(
        "shift",
        [right, bottom],
        [400.0, 210.0],
        [100, 100, 300, 150],
    );
    check("shift", [right, 150.0], [400.0, 150.0], [100, 75, 300, 150]);
    check("alt", [right, bottom], [310.0, 220.0], [90, 80, 220, 140]);
    // Not through itself.
    check("", [right, bottom], [0.0, 0.0], [100, 100, 1, 1]);
    check("", [left, 150.0], [900.0, 150.0], [299, 100, 1, 100]);
}

#[test]
fn what_is_turned_resizes_in_its_own_axes() {
    // By 90 degrees it stands from 650 to 750 and from 450 to 650.
    let mut desk = desk();
    desk.select(&["turned"]);
    desk.drag([700.0, 650.0], [700.0, 690.0]);
    let at = desk.at("turned");
    assert_eq!([at[2], at[3]], [240, 100]);
    let [x, y] = desk.middle("turned");
    assert_eq!([x, y], [700.0, 570.0], "its other end is still at 450");
}

#[test]
fn the_opposite_corner_of_what_is_askew_stands_still() {
    let check = |deg: i16| {
        let mut desk = Desk::of(&[shape("a", [300, 300, 200, 120], deg)]);
        desk.run(Command::Toggle(Setting::Snapping));
        desk.select(&["a"]);
        let before = desk.editor.on_canvas("a").unwrap();
        let (corner, still) = (before.place(1.0, 1.0), before.place(-1.0, -1.0));
        desk.drag([corner.x, corner.y], [corner.x + 40.0, corner.y + 25.0]);
        let after = desk.editor.on_canvas("a").unwrap();
        assert_ne!(before, after);
        let moved = after.place(-1.0, -1.0).distance(still);
        assert!(moved < 1.0, "{deg}: {moved}");
    };
    for deg in [1, 30, 45, 100, -77, 180] {
        check(deg);
    }
}

#[test]
fn several_resize_as_one_box() {
    let mut desk = desk();
    desk.select(&["a", "b"]);
    desk.drag([500.0, 400.0], [900.0, 700.0]);
    assert_eq!(desk.at("a"), [100, 100, 400, 200]);
    assert_eq!(desk.at("b"), [700, 500, 200, 200]);
    assert_eq!(desk.steps(), ["Resize 2 elements"]);
}

#[test]
fn what_is_in_a_group_resizes_with_it() {
    let inside = [shape("inner", [0, 0, 100, 100], 0)];
    let mut desk = Desk::of(&[group("group", [100, 100, 200, 200], 0, &inside)]);
    desk.select(&["group"]);
    desk.hold("ctrl").drag([300.0, 300.0], [500.0, 400.0]);
    assert_eq!(desk.at("group"), [100, 100, 400, 300]);
    assert_eq!(desk.at("inner"), [0, 0, 200, 150]);
}

#[test]
fn the_handle_above_rotates() {
    let check = |keys: &str, to: [f64; 2], expected: i16| {
        let mut desk = desk();
        desk.select(&["a"]);
        // About 200, 150, from straight above.
        desk.hold(keys).drag([200.0, 76.0], to);
        assert_eq!(desk.element("a").rotation_deg, expected, "{keys} {to:?}");
        assert_eq!(desk.at("a"), [100, 100, 200, 100]);
    };
    check("", [300.0, 150.0], 90);
    check("", [200.0, 300.0], 180);
    check("", [100.0, 150.0], -90);
    check("", [300.0, 148.0], 90);
    check("", [300.0, 145.0], 87);
    check("ctrl", [300.0, 148.0], 89);
    check("shift", [300.0, 130.0], 75);
}

#[test]
fn several_rotate_about_their_middle() {
    let mut desk = Desk::of(&[
        shape("a", [100, 100, 100, 100], 0),
        shape("b", [300, 100, 100, 100], 0),
    ]);
    desk.select(&["a", "b"]);
    desk.drag([250.0, 76.0], [400.0, 150.0]);
    assert_eq!(desk.middle("a"), [250.0, 50.0]);
    assert_eq!(desk.middle("b"), [250.0, 250.0]);
    assert_eq!(desk.element("b").rotation_deg, 90);
}

#[test]
fn keys_move_resize_and_rotate_and_several_are_one_step() {
    let mut desk = desk();
    desk.select(&["a"]);
    desk.key("ArrowRight");
    desk.key("ArrowDown");
    desk.hold("shift").key("ArrowRight");
    assert_eq!(desk.at("a"), [111, 101, 200, 100]);
    assert_eq!(desk.steps(), ["Move Rectangle"]);
    desk.hold("ctrl").key("ArrowRight");
    desk.hold("ctrl shift").key("ArrowUp");
    assert_eq!(desk.at("a"), [111, 101, 201, 90]);
    desk.hold("alt").key("ArrowRight");
    desk.hold("alt shift").key("ArrowLeft");
    assert_eq!(desk.element("a").rotation_deg, -14);
    assert_eq!(desk.steps().len(), 3);
    for _ in 0..3 {
        desk.run(Command::Undo);
    }
    assert_eq!(desk.at("a"), [100, 100, 200, 100]);
    assert_eq!(desk.element("a").rotation_deg, 0);
}

#[test]
fn nothing_gets_out_of_reach() {
    let mut desk = desk();
    desk.select(&["a", "b"]);
    desk.run(Command::Number(Measure::X, i32::MAX));
    assert_eq!(desk.at("b")[0], 32_768);
    assert_eq!(desk.at("a")[0], 32_768 - 300, "and they keep together");
    desk.run(Command::Number(Measure::Width, i32::MAX));
    assert_eq!(desk.editor.document().check(), Ok(()));
}

#[test]
fn what_is_locked_does_not_move() {
    let locked =
        shape("a", [100, 100, 200, 100], 0).replace("\"draw\"", "\"locked\":true,\"draw\"");
    let mut desk = Desk::of(&[locked]);
    desk.select(&["a"]);
    let refused = [Effect::Refuse(Refusal::Locked)];
    assert!(!desk.editor.can(&Command::Delete));
    assert_eq!(desk.key("ArrowRight").effects, refused);
    assert_eq!(desk.key("Delete").effects, refused);
    assert!(desk.editor.overlay().handles.is_empty());
    desk.drag([150.0, 150.0], [250.0, 150.0]);
    assert_eq!(desk.at("a"), [100, 100, 200, 100]);
}

#[test]
fn the_overlay_has_handles_where_there_is_room_for_them() {
    let check = |size: [i32; 2], expected: usize| {
        let mut desk = Desk::of(&[shape("a", [100, 100, size[0], size[1]], 0)]);
        desk.select(&["a"]);
        assert_eq!(desk.editor.overlay().handles.len(), expected, "{size:?}");
    };
    check([200, 100], 9);
    check([200, 20], 7);
    check([20, 20], 5);
    check([8, 8], 2);
}
