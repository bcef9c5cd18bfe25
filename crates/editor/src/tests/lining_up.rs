//! Snapping: to what, from how far, what wins, and what is shown.

use super::*;
use model::document::Guide;

fn desk(elements: &[String]) -> Desk {
    Desk::of(elements)
}

/// Where `a`, 100 by 60 from 300, 300, comes to lie when it is dragged so far.
#[track_caller]
fn check(others: &[String], by: [f64; 2], expected: [i32; 2]) -> Desk {
    let mut elements = vec![shape("a", [300, 300, 100, 60], 0)];
    elements.extend_from_slice(others);
    let mut desk = desk(&elements);
    desk.take([350.0, 330.0], [350.0 + by[0], 330.0 + by[1]]);
    let at = desk.at("a");
    assert_eq!([at[0], at[1]], expected);
    desk
}

#[test]
fn to_the_canvas() {
    check(&[], [-296.0, -295.0], [0, 0]);
    check(&[], [-293.0, 50.0], [7, 350]);
    check(&[], [596.0, 445.0], [900, 740]);
    check(&[], [147.0, 73.0], [450, 370]);
}

#[test]
fn to_edges_and_middles_of_others() {
    let other = [shape("b", [50, 500, 70, 170], 0)];
    // Left to left, left to right, top to top.
    check(&other, [-246.0, 20.0], [50, 320]);
    check(&other, [-175.0, 20.0], [120, 320]);
    check(&other, [30.0, 197.0], [330, 500]);
    // Middle to middle.
    check(&other, [30.0, 251.0], [330, 555]);
    let hidden = other[0].replace("\"draw\"", "\"hidden\":true,\"draw\"");
    check(&[hidden], [-246.0, 20.0], [54, 320]);
}

#[test]
fn to_guides_before_all_else() {
    let mut desk = desk(&[
        shape("a", [300, 300, 100, 60], 0),
        shape("b", [100, 700, 50, 50], 0),
    ]);
    let guide = |at_px| Guide {
        axis: Axis::X,
        at_px,
    };
    desk.run(Command::AddGuide(guide(104)));
    // As far from the guide as from the other's edge.
    desk.take([350.0, 310.0], [152.0, 330.0]);
    assert_eq!(desk.at("a")[0], 104);
    desk.key("Escape");
    desk.pointer(Phase::Up, [152.0, 310.0]);
    desk.run(Command::Toggle(Setting::Guides));
    desk.take([350.0, 310.0], [152.0, 330.0]);
    assert_eq!(desk.at("a")[0], 100);
}

#[test]
fn to_the_grid_only_where_it_is_on() {
    let mut desk = desk(&[shape("a", [300, 300, 100, 60], 0)]);
    desk.run(Command::GridSize(40));
    desk.drag([350.0, 330.0], [389.0, 353.0]);
    assert_eq!(desk.at("a"), [339, 323, 100, 60]);
    desk.run(Command::Toggle(Setting::Grid));
    desk.drag([389.0, 353.0], [409.0, 352.0]);
    assert_eq!(desk.at("a"), [360, 320, 100, 60]);
}

#[test]
fn not_while_ctrl_is_held_nor_where_it_is_off() {
    let mut desk = desk(&[shape("a", [300, 300, 100, 60], 0)]);
    desk.take([350.0, 330.0], [54.0, 330.0]);
    assert_eq!(desk.at("a")[0], 0);
    desk.hold("ctrl");
    assert_eq!(desk.at("a")[0], 4);
    assert!(desk.editor.overlay().lines.is_empty());
    desk.hold("");
    assert_eq!(desk.at("a")[0], 0);
    desk.pointer(Phase::Up, [54.0, 330.0]);
    desk.run(Command::Toggle(Setting::Snapping));
    desk.drag([50.0, 330.0], [54.0, 330.0]);
    assert_eq!(desk.at("a")[0], 4);
}

#[test]
fn within_six_pixels_of_the_viewport_whatever_the_zoom() {
    let check = |scale: f64, by_px: f64, expected: i32| {
        let mut desk = desk(&[shape("a", [300, 300, 100, 60], 0)]);
        desk.editor.view.scale = scale;
        let from = [350.0 * scale, 330.0 * scale];
        desk.take(from, [from[0] + by_px, from[1]]);
        assert_eq!(desk.at("a")[0], expected, "{scale}");
    };
    // 8 px of the canvas are 4 px here.
    check(0.5, -146.0, 0);
    check(2.0, -584.0, 8);
    check(2.0, -596.0, 0);
}

#[test]
fn between_two_at_equal_distances() {
    let others = [
        shape("left", [100, 310, 100, 40], 0),
        shape("right", [503, 310, 100, 40], 0),
    ];
    let desk = check(&others, [3.0, 40.0], [302, 340]);
    let overlay = desk.editor.overlay();
    let texts: Vec<&str> = overlay.gaps.iter().map(|gap| &*gap.text).collect();
    // Two gaps of 101.5 are not to be had in whole pixels.
    assert_eq!(texts, ["102", "101"]);
}

#[test]
fn on_at_the_distance_of_two_that_stand_beside() {
    let others = [
        shape("one", [10, 310, 60, 40], 0),
        shape("two", [113, 310, 60, 40], 0),
    ];
    // They are 43 apart.
    let desk = check(&others, [-81.0, 0.0], [216, 300]);
    let gaps = desk.editor.overlay().gaps;
    assert_eq!(gaps.len(), 2);
    assert_eq!((&*gaps[0].text, &*gaps[1].text), ("43", "43"));
    assert_eq!(gaps[0].line.from.x, 70.0);
    assert_eq!(gaps[1].line.to.x, 216.0);
    let others = [
        shape("one", [613, 310, 60, 40], 0),
        shape("two", [716, 310, 60, 40], 0),
    ];
    check(&others, [167.0, 0.0], [470, 300]);
}

#[test]
fn lines_reach_from_one_to_the_other() {
    let desk = check(
        &[shape("b", [50, 500, 70, 170], 0)],
        [-246.0, 20.0],
        [50, 320],
    );
    let lines = desk.editor.overlay().lines;
    let expected = Line {
        from: point(50.0, 320.0),
        to: point(50.0, 670.0),
    };
    assert!(lines.contains(&expected), "{lines:?}");
}

#[test]
fn resized_edges_line_up_and_the_others_stay() {
    let mut desk = desk(&[
        shape("a", [300, 300, 100, 60], 0),
        shape("b", [477, 500, 70, 100], 0),
    ]);
    desk.select(&["a"]);
    desk.drag([400.0, 360.0], [473.0, 440.0]);
    assert_eq!(desk.at("a"), [300, 300, 177, 140]);
}

#[test]
fn in_a_row_to_the_row() {
    let cells = [text("cell", [50, 10, 100, 30], "{bib}")];
    let mut desk = desk(&[list("list", [200, 200, 400, 300], 60, &cells)]);
    desk.double_click([300.0, 230.0]);
    desk.drag([300.0, 230.0], [253.0, 233.0]);
    assert_eq!(
        desk.at("cell"),
        [0, 15, 100, 30],
        "its left edge, and its middle"
    );
}

#[test]
fn what_is_drawn_lines_up_at_both_ends() {
    let mut desk = desk(&[shape("b", [477, 500, 70, 100], 0)]);
    desk.run(Command::Choose(Tool::Insert(Kind::Rectangle)));
    desk.drag([96.0, 96.0], [474.0, 497.0]);
    assert_eq!(desk.at("shape-1"), [96, 96, 381, 404]);
}

#[test]
fn a_copy_lines_up_with_its_original() {
    let mut desk = desk(&[shape("a", [300, 300, 100, 60], 0)]);
    desk.hold("alt").drag([350.0, 330.0], [353.0, 480.0]);
    assert_eq!(desk.at("shape-1"), [300, 450, 100, 60]);
}
