//! Clicks, rectangles, keys and taps, and what is selected then.

use super::*;

/// Below each other from the top left; `front` lies over half of `a`.
fn desk() -> Desk {
    Desk::of(&[
        shape("a", [100, 100, 200, 100], 0),
        shape("b", [400, 100, 100, 100], 0),
        shape("turned", [600, 100, 200, 20], 45),
        group(
            "group",
            [100, 300, 200, 200],
            0,
            &[
                shape("one", [0, 0, 100, 100], 0),
                text("two", [100, 100, 100, 100], "Hello"),
            ],
        ),
        list(
            "list",
            [400, 300, 300, 250],
            50,
            &[text("cell", [0, 0, 200, 50], "{bib}")],
        ),
        text("text", [100, 600, 200, 50], "{name}"),
        shape("front", [200, 100, 100, 100], 0),
    ])
}

#[test]
fn a_click_selects_the_topmost() {
    let check = |at: [f64; 2], expected: &[&str]| {
        let mut desk = desk();
        desk.click(at);
        assert_eq!(desk.selection(), expected, "{at:?}");
    };
    check([110.0, 110.0], &["a"]);
    check([250.0, 150.0], &["front"]);
    check([50.0, 50.0], &[]);
    // Along the diagonal, and beside it within the bounds.
    check([650.0, 60.0], &["turned"]);
    check([650.0, 170.0], &[]);
    // A group by what is in it, a list by its whole area.
    check([150.0, 350.0], &["group"]);
    check([250.0, 350.0], &[]);
    check([690.0, 540.0], &["list"]);
}

#[test]
fn a_finger_that_rests_opens_the_menu_of_what_it_is_on() {
    let check = |at: [f64; 2], moved: [f64; 2], expected: &[&str], opens: bool| {
        let mut desk = desk();
        desk.any_pointer(Phase::Down, at, PointerKind::Touch, 7, 1);
        desk.any_pointer(Phase::Move, moved, PointerKind::Touch, 7, 1);
        desk.input(Input::LongPress);
        let menu = Effect::OpenMenu(point(moved[0], moved[1]));
        assert_eq!(desk.effects().contains(&menu), opens, "{at:?} to {moved:?}");
        desk.any_pointer(Phase::Up, moved, PointerKind::Touch, 7, 1);
        assert_eq!(desk.selection(), expected, "{at:?} to {moved:?}");
        assert!(!desk.editor.is_busy());
    };
    check([110.0, 110.0], [112.0, 113.0], &["a"], true);
    check([50.0, 50.0], [50.0, 50.0], &[], true);
    // It moves what it is on, or draws a rectangle.
    check([110.0, 110.0], [140.0, 110.0], &["a"], false);
    check([50.0, 50.0], [350.0, 250.0], &["a", "front"], false);
}

#[test]
fn a_long_press_that_is_over_does_nothing() {
    let mut desk = desk();
    desk.tap([110.0, 110.0]);
    desk.input(Input::LongPress);
    assert_eq!(desk.effects(), []);
    // The menu takes the second tap of a text that would open it.
    desk.tap([150.0, 620.0]);
    desk.any_pointer(Phase::Down, [150.0, 620.0], PointerKind::Touch, 7, 1);
    desk.input(Input::LongPress);
    desk.any_pointer(Phase::Up, [150.0, 620.0], PointerKind::Touch, 7, 1);
    assert_eq!(desk.effects(), []);
}

#[test]
fn what_is_off_for_whom_one_tries_it_with_lets_pointers_through() {
    let cover = shape("cover", [0, 0, 1_000, 800], 0);
    let mut desk = Desk::of(&[shape("a", [100, 100, 200, 100], 0), cover]);
    desk.editor.set_off(vec!["cover".to_owned()]);
    desk.click([110.0, 110.0]);
    assert_eq!(desk.selection(), ["a"]);
    desk.drag([5.0, 5.0], [900.0, 700.0]);
    assert_eq!(desk.selection(), ["a"]);
    desk.run(Command::SelectAll);
    assert_eq!(desk.selection(), ["a", "cover"], "keys reach it");
    desk.editor.set_off(Vec::new());
    desk.click([110.0, 110.0]);
    assert_eq!(desk.selection(), ["cover"]);
}

#[test]
fn what_is_locked_or_hidden_lets_clicks_through() {
    let check = |flag: &str| {
        let cover = shape("cover", [0, 0, 1_000, 800], 0);
        let cover = cover.replace("\"draw\"", &format!("\"{flag}\":true,\"draw\""));
        let mut desk = Desk::of(&[shape("a", [100, 100, 200, 100], 0), cover]);
        desk.click([110.0, 110.0]);
        assert_eq!(desk.selection(), ["a"]);
        desk.drag([5.0, 5.0], [900.0, 700.0]);
        assert_eq!(desk.selection(), ["a"], "{flag}: by a rectangle");
        desk.run(Command::SelectAll);
        assert_eq!(desk.selection(), ["a"], "{flag}: with all");
    };
    check("locked");
    check("hidden");
}

#[test]
fn a_hollow_shape_is_taken_by_its_border() {
    let frame = r#"{"id":"frame","at":[0,0,1000,800],"draw":{"shape":{"border":{"color":"text","width_px":10}}}}"#;
    let mut desk = Desk::of(&[shape("a", [100, 100, 200, 100], 0), frame.to_owned()]);
    desk.click([150.0, 150.0]);
    assert_eq!(desk.selection(), ["a"]);
    desk.click([5.0, 400.0]);
    assert_eq!(desk.selection(), ["frame"]);
}

#[test]
fn shift_adds_and_takes_away() {
    let mut desk = desk();
    desk.click([110.0, 110.0]);
    desk.hold("shift").click([450.0, 150.0]);
    assert_eq!(desk.selection(), ["a", "b"]);
    desk.click([450.0, 150.0]);
    assert_eq!(desk.selection(), ["a"]);
    desk.click([50.0, 50.0]);
    assert_eq!(desk.selection(), ["a"], "beside all, nothing is lost");
}

#[test]
fn one_of_several_stays_alone_by_a_click_and_all_go_with_a_drag() {
    let mut desk = desk();
    desk.select(&["a", "b"]);
    desk.hold("ctrl").drag([410.0, 110.0], [420.0, 110.0]);
    assert_eq!(desk.at("a"), [110, 100, 200, 100]);
    assert_eq!(desk.at("b"), [410, 100, 100, 100]);
    desk.hold("").click([450.0, 150.0]);
    assert_eq!(desk.selection(), ["b"]);
}

#[test]
fn a_rectangle_selects_what_it_touches_or_holds() {
    let check = |keys: &str, expected: &[&str]| {
        let mut desk = desk();
        desk.hold(keys);
        desk.drag([150.0, 50.0], [450.0, 230.0]);
        assert_eq!(desk.selection(), expected, "{keys}");
    };
    check("", &["a", "b", "front"]);
    check("alt", &["front"]);
    let mut desk = desk();
    desk.click([200.0, 620.0]).hold("shift");
    desk.drag([350.0, 50.0], [450.0, 230.0]);
    assert_eq!(desk.selection(), ["text", "b"], "and adds");
}

#[test]
fn a_rectangle_touches_what_is_turned_exactly() {
    let mut desk = desk();
    desk.drag([560.0, 190.0], [640.0, 150.0]);
    assert_eq!(desk.selection(), [""; 0]);
    desk.drag([560.0, 190.0], [680.0, 90.0]);
    assert_eq!(desk.selection(), ["turned"]);
}

#[test]
fn ctrl_clicks_go_down_through_layers_and_a_drag_takes_what_lies_below() {
    let mut desk = desk();
    desk.hold("ctrl").click([250.0, 150.0]);
    assert_eq!(desk.selection(), ["front"]);
    desk.click([250.0, 150.0]);
    assert_eq!(desk.selection(), ["a"]);
    desk.click([250.0, 150.0]);
    assert_eq!(desk.selection(), ["front"], "from the lowest to the top");
    desk.click([250.0, 150.0]);
    desk.drag([250.0, 150.0], [250.0, 190.0]);
    assert_eq!(desk.at("a"), [100, 140, 200, 100]);
    // However fast they come.
    desk.run(Command::Undo);
    desk.select(&[]);
    desk.double_click([250.0, 150.0]);
    assert_eq!(desk.selection(), ["a"]);
    desk.run(Command::Redo);
    desk.hold("").click([250.0, 150.0]);
    assert_eq!(desk.selection(), ["front"], "a plain click is of the top");
}

#[test]
fn a_double_click_enters_and_escape_leaves() {
    let mut desk = desk();
    desk.double_click([150.0, 350.0]);
    assert_eq!(desk.editor.place().inside.as_deref(), Some("group"));
    assert_eq!(desk.selection(), ["one"]);
    desk.hold("ctrl").drag([150.0, 350.0], [160.0, 370.0]);
    assert_eq!(desk.at("one"), [10, 20, 100, 100]);
    assert_eq!(desk.at("group"), [100, 300, 200, 200]);
    desk.hold("").key("Escape");
    assert_eq!(desk.selection(), ["group"]);
    assert_eq!(desk.editor.place().inside, None);
    desk.key("Escape");
    assert_eq!(desk.selection(), [""; 0]);
}

#[test]
fn a_click_beside_an_entered_group_leaves_it() {
    let mut desk = desk();
    desk.double_click([150.0, 350.0]).click([110.0, 110.0]);
    assert_eq!(desk.selection(), ["a"]);
    assert_eq!(desk.editor.place().inside, None);
    desk.double_click([150.0, 350.0]).click([250.0, 350.0]);
    assert_eq!(
        desk.editor.place().inside.as_deref(),
        Some("group"),
        "within it"
    );
    desk.click([350.0, 700.0]);
    assert_eq!(desk.editor.place().inside, None);
}

#[test]
fn an_entered_list_is_worked_on_in_any_of_its_rows() {
    let mut desk = desk();
    desk.double_click([650.0, 420.0]);
    assert_eq!(desk.editor.place().inside.as_deref(), Some("list"));
    desk.click([450.0, 470.0]);
    assert_eq!(desk.selection(), ["cell"], "in the fourth row");
    desk.hold("ctrl").drag([450.0, 470.0], [461.0, 475.0]);
    assert_eq!(desk.at("cell"), [11, 5, 200, 50]);
}

#[test]
fn a_text_is_opened_by_a_double_click_a_second_tap_and_enter() {
    let opened = [Effect::EditText("text".to_owned())];
    let mut desk = desk();
    desk.click([110.0, 610.0]);
    assert_eq!(desk.effects(), []);
    desk.any_pointer(Phase::Down, [110.0, 610.0], PointerKind::Mouse, 1, 2);
    assert_eq!(desk.effects(), opened);
    desk.pointer(Phase::Up, [110.0, 610.0]);
    desk.key("Enter");
    assert_eq!(desk.effects(), opened);
    desk.select(&[]);
    desk.tap([110.0, 610.0]);
    assert_eq!(desk.selection(), ["text"]);
    assert_eq!(desk.effects(), []);
    desk.tap([110.0, 610.0]);
    assert_eq!(desk.effects(), opened);
}

#[test]
fn tab_goes_through_all() {
    let mut desk = desk();
    for expected in ["a", "b", "turned"] {
        desk.key("Tab");
        assert_eq!(desk.selection(), [expected]);
    }
    desk.hold("shift").key("Tab");
    assert_eq!(desk.selection(), ["b"]);
    desk.key("Tab");
    desk.key("Tab");
    assert_eq!(desk.selection(), ["front"], "round to the last");
    desk.hold("ctrl").key("a");
    assert_eq!(desk.selection().len(), 7);
}

#[test]
fn the_menu_is_of_what_is_under_it() {
    let mut desk = desk();
    let at = point(450.0, 150.0);
    let pointer = Pointer {
        phase: Phase::Down,
        id: 1,
        kind: PointerKind::Mouse,
        button: Button::Secondary,
        at,
        over: Target::Viewport,
        modifiers: Modifiers::default(),
        clicks: 1,
    };
    desk.input(Input::Pointer(pointer));
    assert_eq!(desk.selection(), ["b"]);
    assert_eq!(desk.effects(), [Effect::OpenMenu(at)]);
}

#[test]
fn what_is_hovered_has_an_outline_and_a_hand() {
    let mut desk = desk();
    let outcome = desk.pointer(Phase::Move, [110.0, 110.0]).clone();
    assert_eq!(outcome.redraw, Redraw::Overlay);
    assert_eq!(outcome.cursor, Cursor::Move);
    let hover = desk.editor.overlay().hover.map(|hover| hover.id);
    assert_eq!(hover.as_deref(), Some("a"));
    let outcome = desk.pointer(Phase::Move, [112.0, 112.0]).clone();
    assert_eq!(outcome.redraw, Redraw::Nothing, "still the same");
}
