//! Aligning, distributing, sizes, order, groups, layers.

use super::*;
use model::document::Letters;

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|id| (*id).to_owned()).collect()
}

fn desk() -> Desk {
    Desk::of(&[
        shape("a", [100, 100, 200, 100], 0),
        shape("b", [400, 220, 100, 50], 0),
        shape("c", [600, 500, 50, 50], 0),
    ])
}

fn order(desk: &Desk) -> Vec<&str> {
    desk.editor.list().iter().map(|it| &*it.id).collect()
}

#[test]
fn one_is_aligned_to_the_canvas_and_several_to_their_box() {
    let check = |edge: Edge, one: [i32; 2], several: [[i32; 2]; 2]| {
        let place = |desk: &Desk, id: &str| [desk.at(id)[0], desk.at(id)[1]];
        let mut desk = desk();
        desk.select(&["a"]);
        desk.run(Command::Align(edge));
        assert_eq!(place(&desk, "a"), one, "{edge:?}");
        desk.run(Command::Undo);
        desk.select(&["a", "b"]);
        desk.run(Command::Align(edge));
        assert_eq!([place(&desk, "a"), place(&desk, "b")], several, "{edge:?}");
    };
    check(Edge::Left, [0, 100], [[100, 100], [100, 220]]);
    check(Edge::Center, [400, 100], [[200, 100], [250, 220]]);
    check(Edge::Right, [800, 100], [[300, 100], [400, 220]]);
    check(Edge::Top, [100, 0], [[100, 100], [400, 100]]);
    check(Edge::Middle, [100, 350], [[100, 135], [400, 160]]);
    check(Edge::Bottom, [100, 700], [[100, 170], [400, 220]]);
}

#[test]
fn three_are_distributed_with_equal_gaps() {
    let mut desk = desk();
    desk.select(&["a", "b"]);
    let refused = Effect::Refuse(Refusal::TooFew(3));
    assert_eq!(desk.run(Command::Distribute(Axis::X)).effects, [refused]);
    desk.run(Command::SelectAll);
    desk.run(Command::Distribute(Axis::X));
    assert_eq!(
        [desk.at("a")[0], desk.at("b")[0], desk.at("c")[0]],
        [100, 400, 600]
    );
    desk.run(Command::Distribute(Axis::Y));
    assert_eq!(
        [desk.at("a")[1], desk.at("b")[1], desk.at("c")[1]],
        [100, 325, 500]
    );
}

#[test]
fn sizes_are_those_of_the_first_selected() {
    let mut desk = desk();
    desk.select(&["b", "a", "c"]);
    desk.run(Command::Same(Same::Width));
    assert_eq!(desk.at("a"), [100, 100, 100, 100]);
    assert_eq!(desk.at("c"), [600, 500, 100, 50]);
    desk.run(Command::Same(Same::Size));
    assert_eq!(desk.at("a"), [100, 100, 100, 50]);
}

#[test]
fn elements_go_to_front_and_back() {
    let check = |chosen: &[&str], to: Order, expected: [&str; 4]| {
        let shapes = ["a", "b", "c", "d"].map(|id| shape(id, [0, 0, 10, 10], 0));
        let mut desk = Desk::of(&shapes);
        desk.select(chosen);
        desk.run(Command::Order(to));
        assert_eq!(order(&desk), expected, "{chosen:?} {to:?}");
        let made = desk.editor.steps_made();
        desk.run(Command::JumpTo(0));
        assert_eq!(order(&desk), ["a", "b", "c", "d"]);
        let is_change = expected != ["a", "b", "c", "d"];
        assert_eq!(made, usize::from(is_change), "nothing is no step");
    };
    check(&["a"], Order::Front, ["b", "c", "d", "a"]);
    check(&["c", "a"], Order::Front, ["b", "d", "a", "c"]);
    check(&["c", "d"], Order::Front, ["a", "b", "c", "d"]);
    check(&["d", "b"], Order::Back, ["b", "d", "a", "c"]);
    check(&["a"], Order::Forward, ["b", "a", "c", "d"]);
    check(&["a", "b"], Order::Forward, ["c", "a", "b", "d"]);
    check(&["d", "b"], Order::Forward, ["a", "c", "b", "d"]);
    check(&["b", "d"], Order::Backward, ["b", "a", "d", "c"]);
    check(&["a", "c"], Order::Backward, ["a", "c", "b", "d"]);
}

#[test]
fn a_group_takes_the_place_of_its_topmost() {
    let mut desk = desk();
    desk.select(&["b", "a"]);
    desk.key("v");
    desk.hold("ctrl").key("g");
    assert_eq!(desk.selection(), ["group-1"]);
    assert_eq!(order(&desk), ["group-1", "c"]);
    assert_eq!(desk.at("group-1"), [100, 100, 400, 170]);
    assert_eq!(desk.at("b"), [300, 120, 100, 50]);
    assert_eq!(desk.middle("b"), [450.0, 245.0]);
    desk.run(Command::Undo);
    assert_eq!(desk.selection(), ["b", "a"]);
}

#[test]
fn what_comes_out_of_a_group_stays_where_it_was_seen() {
    let inside = [
        shape("one", [10, 20, 101, 40], 15),
        text("two", [60, 100, 80, 41], "Hello"),
    ];
    let mut desk = Desk::of(&[
        shape("below", [0, 0, 10, 10], 0),
        group("group", [300, 200, 240, 180], 30, &inside),
        shape("above", [0, 0, 10, 10], 0),
    ]);
    let before = ["one", "two"].map(|id| desk.editor.on_canvas(id).unwrap());
    desk.select(&["group"]);
    desk.hold("ctrl shift").key("g");
    assert_eq!(order(&desk), ["below", "one", "two", "above"]);
    assert_eq!(desk.selection(), ["one", "two"]);
    for (before, id) in before.into_iter().zip(["one", "two"]) {
        let after = desk.editor.on_canvas(id).unwrap();
        assert_eq!(after.turn.deg, before.turn.deg);
        assert!(after.center.distance(before.center) < 1.0, "{id}");
    }
    desk.run(Command::Undo);
    assert_eq!(desk.selection(), ["group"]);
}

#[test]
fn what_a_group_did_to_all_each_does_after_it() {
    let child =
        text("child", [0, 0, 10, 10], "x").replace("\"draw\"", "\"opacity_percent\":50,\"draw\"");
    let faded = group("group", [0, 0, 10, 10], 0, &[child]).replacen(
        "\"draw\"",
        "\"opacity_percent\":50,\"when\":{\"has\":\"city\"},\"draw\"",
        1,
    );
    let mut desk = Desk::of(&[faded]);
    desk.run(Command::SelectAll);
    desk.run(Command::Ungroup);
    assert_eq!(desk.element("child").opacity_percent, 25);
    assert!(desk.element("child").when.is_some());
}

#[test]
fn groups_stand_as_deep_as_a_document_lets_them() {
    let mut desk = desk();
    desk.select(&["a"]);
    for _ in 0..model::limits::DOCUMENT_DEPTH_MAX - 1 {
        assert_eq!(desk.run(Command::Group).effects, []);
    }
    let before = desk.editor.document().clone();
    let effects = desk.run(Command::Group).effects.clone();
    assert!(matches!(&*effects, [Effect::Refuse(Refusal::Edit(_))]));
    assert_eq!(desk.editor.document(), &before);
}

#[test]
fn layers_are_a_flat_list_with_the_topmost_first() {
    let mut desk = Desk::of(&[
        group(
            "group",
            [0, 0, 10, 10],
            0,
            &[text("t", [0, 0, 10, 10], "Hello there")],
        ),
        shape("a", [0, 0, 10, 10], 0),
    ]);
    desk.run(Command::SetOf(vec![(
        "a".to_owned(),
        model::document::Property::Name("Plate".to_owned()),
    )]));
    assert_eq!(desk.steps(), ["Rename Rectangle to Plate"]);
    let layers = desk.editor.layers();
    let seen: Vec<(&str, usize, &str)> = layers
        .iter()
        .map(|it| (&*it.id, it.depth, &*it.name))
        .collect();
    let expected = [
        ("a", 0, "Plate"),
        ("group", 0, "Group"),
        ("t", 1, "Hello there"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(layers[2].parent.as_deref(), Some("group"));
    let check = |words: &str, expected: &[&str]| {
        let found = desk.editor.layers_with(words, Letters::STD);
        let found: Vec<&str> = found.iter().map(|it| &*it.id).collect();
        assert_eq!(found, expected, "{words}");
    };
    check("THERE", &["t"]);
    check("plate", &["a"]);
    check("group", &["group"]);
    check("nothing", &[]);
}

#[test]
fn layers_are_moved_among_layers_and_stay_where_they_are_seen() {
    let check = |moved: &[&str], to: Drop, expected: &[&str]| {
        let mut desk = Desk::of(&[
            shape("a", [10, 20, 30, 40], 0),
            group(
                "group",
                [300, 200, 240, 180],
                90,
                &[shape("in", [0, 0, 9, 9], 0)],
            ),
            shape("b", [50, 60, 70, 81], 10),
            shape("c", [0, 0, 10, 10], 0),
        ]);
        let before: Vec<_> = moved.iter().map(|id| desk.editor.on_canvas(id)).collect();
        desk.run(Command::MoveLayers {
            ids: ids(moved),
            to: to.clone(),
        });
        let seen = desk.editor.layers();
        let seen: Vec<&str> = seen.iter().map(|it| &*it.id).collect();
        assert_eq!(seen, expected, "{moved:?} {to:?}");
        for (before, id) in before.into_iter().zip(moved) {
            let (before, after) = (before.unwrap(), desk.editor.on_canvas(id).unwrap());
            assert!(after.center.distance(before.center) < 1.0, "{id} {after:?}");
            assert_eq!(after.turn.deg, before.turn.deg);
        }
        desk.run(Command::JumpTo(0));
        let back = desk.editor.layers();
        let back: Vec<&str> = back.iter().map(|it| &*it.id).collect();
        assert_eq!(back, ["c", "b", "group", "in", "a"]);
    };
    let (above, below, into) = (
        |id: &str| Drop::Above(id.to_owned()),
        |id: &str| Drop::Below(id.to_owned()),
        |id: &str| Drop::Into(id.to_owned()),
    );
    check(&["a"], above("c"), &["a", "c", "b", "group", "in"]);
    check(&["c"], below("a"), &["b", "group", "in", "a", "c"]);
    check(&["c", "a"], above("b"), &["c", "a", "b", "group", "in"]);
    check(&["b", "a"], into("group"), &["c", "group", "b", "a", "in"]);
    check(&["a"], below("in"), &["c", "b", "group", "in", "a"]);
    check(&["in"], above("c"), &["in", "c", "b", "group", "a"]);
    check(
        &["in", "group"],
        above("c"),
        &["group", "in", "c", "b", "a"],
    );
    check(&["group"], into("in"), &["c", "b", "group", "in", "a"]);
}
