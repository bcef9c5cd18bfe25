//! The history, the inspector's changes, numbers, scenes and layouts.

use super::*;
use model::document::{Canvas, Constraint, Constraints, Draw, Fill, Property, Subject};

fn opacity(percent: u8) -> Command {
    Command::Set(vec![Property::OpacityPercent(percent)])
}

#[test]
fn changes_of_the_same_are_one_step_until_they_settle() {
    let mut desk = Desk::of_two();
    desk.select(&["a", "t"]);
    for percent in [90, 80, 70] {
        desk.run(opacity(percent));
    }
    assert_eq!(desk.steps(), ["Change opacity of 2 elements"]);
    assert!(desk.editor.unsaved().is_empty(), "it still goes on");
    assert!(desk.editor.is_unsaved());
    let going_on = desk.editor.going_on().cloned().into_iter();
    desk.run(Command::Settle);
    assert_eq!(desk.editor.unsaved(), going_on.collect::<Vec<_>>());
    assert_eq!(desk.editor.unsaved().len(), 1);
    assert_eq!(desk.editor.going_on(), None);
    desk.run(opacity(60));
    assert_eq!(desk.steps().len(), 2);
    desk.run(Command::Set(vec![Property::RotationDeg(5)]));
    desk.run(opacity(50));
    assert_eq!(desk.steps().len(), 4);
    desk.select(&["a"]);
    desk.run(opacity(40));
    assert_eq!(desk.steps().len(), 5, "another selection");
    desk.run(Command::JumpTo(1));
    assert_eq!(desk.element("a").opacity_percent, 70);
    assert_eq!(desk.selection(), ["a", "t"]);
    desk.run(Command::Undo);
    assert_eq!(desk.element("a").opacity_percent, 100);
}

#[test]
fn a_text_that_is_typed_is_one_step() {
    let mut desk = Desk::of_two();
    desk.select(&["t"]);
    for words in ["W", "We", "Wel"] {
        let mut draw = desk.element("t").draw.clone();
        if let Draw::Text(text) = &mut draw {
            text.text = words.parse().unwrap();
        }
        desk.run(Command::Set(vec![Property::Draw(draw)]));
    }
    assert_eq!(desk.steps(), ["Change text of {name}"]);
    desk.run(Command::Undo);
    desk.run(Command::Redo);
    let Draw::Text(text) = &desk.element("t").draw else {
        panic!("it is a text");
    };
    assert_eq!(text.text.to_string(), "Wel");
}

#[test]
fn a_change_after_an_undo_forgets_what_was_undone() {
    let mut desk = Desk::of_two();
    desk.select(&["a"]);
    desk.run(opacity(50));
    desk.run(Command::Undo);
    desk.run(Command::Nudge(Direction::Left, Amount::Small));
    assert_eq!(desk.steps(), ["Move Rectangle"]);
    assert!(!desk.editor.can(&Command::Redo));
    let refused = [Effect::Refuse(Refusal::NothingToRedo)];
    assert_eq!(desk.run(Command::Redo).effects, refused);
}

#[test]
fn what_is_wrong_is_refused_with_its_path() {
    let mut desk = Desk::of_two();
    desk.select(&["a"]);
    let effects = desk.run(opacity(101)).effects.clone();
    let [Effect::Refuse(why)] = &*effects else {
        panic!("{effects:?}");
    };
    assert!(
        why.to_string().ends_with("101 is not between 0 and 100"),
        "{why}"
    );
    assert_eq!(desk.steps(), [""; 0]);
    let draw = desk.element("t").draw.clone();
    desk.select(&["a", "t"]);
    let refused = [Effect::Refuse(Refusal::DrawOfSeveral)];
    let set = Command::Set(vec![Property::Draw(draw)]);
    assert_eq!(desk.run(set).effects, refused);
}

#[test]
fn a_step_brings_its_scene_and_its_group_back() {
    let inside = [shape("in", [0, 0, 100, 100], 0)];
    let mut desk = Desk::of(&[group("group", [400, 400, 200, 200], 0, &inside)]);
    desk.select(&["in"]);
    desk.run(Command::Nudge(Direction::Left, Amount::Small));
    desk.run(Command::SwitchScene("runner".to_owned()));
    let outcome = desk.run(Command::Undo);
    assert_eq!(outcome.redraw, Redraw::Scene);
    assert_eq!(desk.editor.place().scene, resting());
    assert_eq!(desk.editor.place().inside.as_deref(), Some("group"));
    assert_eq!(desk.selection(), ["in"]);
}

#[test]
fn locks_and_hides_go_to_and_fro() {
    let mut desk = Desk::of_two();
    desk.select(&["a", "t"]);
    desk.run(Command::SetOf(vec![(
        "a".to_owned(),
        Property::Locked(true),
    )]));
    desk.run(Command::ToggleLocked);
    assert!(desk.element("a").locked && desk.element("t").locked);
    desk.run(Command::ToggleLocked);
    assert!(!desk.element("a").locked && !desk.element("t").locked);
    desk.run(Command::ToggleHidden);
    assert!(desk.element("a").hidden);
    let labels = [
        "Lock Rectangle",
        "Lock 2 elements",
        "Unlock 2 elements",
        "Hide 2 elements",
    ];
    assert_eq!(desk.steps(), labels);
}

#[test]
fn numbers_set_place_size_and_rotation() {
    let check = |ids: &[&str], measure: Measure, to: i32, expected: [[i32; 4]; 2]| {
        let mut desk = Desk::of(&[
            shape("a", [100, 100, 200, 100], 0),
            shape("b", [400, 300, 100, 100], 0),
        ]);
        desk.select(ids);
        desk.run(Command::Number(measure, to));
        assert_eq!([desk.at("a"), desk.at("b")], expected, "{measure:?}");
        if measure != Measure::RotationDeg {
            assert_eq!(desk.editor.measures().unwrap().get(measure), Some(to));
        }
    };
    let (a, b) = ([100, 100, 200, 100], [400, 300, 100, 100]);
    check(&["a"], Measure::X, 7, [[7, 100, 200, 100], b]);
    check(&["a"], Measure::Height, 7, [[100, 100, 200, 7], b]);
    check(
        &["a", "b"],
        Measure::Y,
        0,
        [[100, 0, 200, 100], [400, 200, 100, 100]],
    );
    check(
        &["a", "b"],
        Measure::Width,
        800,
        [[100, 100, 400, 100], [700, 300, 200, 100]],
    );
    check(&["a", "b"], Measure::RotationDeg, 30, [a, b]);
    let mut desk = Desk::of_two();
    desk.select(&["a"]);
    desk.run(Command::Number(Measure::RotationDeg, 270));
    assert_eq!(desk.editor.measures().unwrap().rotation_deg, Some(-90));
    desk.select(&["a", "t"]);
    assert_eq!(
        desk.editor.measures().unwrap().rotation_deg,
        None,
        "they differ"
    );
}

#[test]
fn scenes_come_and_go_in_every_layout() {
    let mut desk = Desk::of_two();
    let tall = Canvas {
        width_px: 500,
        height_px: 1_600,
    };
    desk.run(Command::AddLayout(tall));
    assert_eq!(desk.editor.place().scene.layout, 1);
    assert_eq!(desk.at("a"), [50, 200, 100, 200]);
    desk.run(Command::AddScene("extra".to_owned()));
    assert_eq!(desk.editor.place().scene.scene, "extra");
    desk.run(Command::SwitchLayout(0));
    assert_eq!(desk.editor.place().scene.scene, "extra");
    let to = "other".to_owned();
    let from = "extra".to_owned();
    desk.run(Command::RenameScene { from, to });
    assert_eq!(desk.editor.place().scene.scene, "other");
    desk.run(Command::RemoveScene("other".to_owned()));
    assert_eq!(desk.editor.place().scene, resting());
    for layout in &desk.editor.document().layouts {
        assert_eq!(layout.scenes.len(), 2);
    }
    let stays = [Effect::Refuse(Refusal::SceneStays)];
    let remove = Command::RemoveScene("runner".to_owned());
    assert_eq!(desk.run(remove).effects, stays);
    for name in ["resting", "Not One"] {
        let effects = &desk.run(Command::AddScene(name.to_owned())).effects;
        assert!(
            matches!(&**effects, [Effect::Refuse(Refusal::Edit(_))]),
            "{name}"
        );
    }
    desk.run(Command::JumpTo(2));
    assert_eq!(desk.editor.place().scene.scene, "extra");
}

#[test]
fn layouts_go_but_the_last() {
    let mut desk = Desk::of_two();
    let last = [Effect::Refuse(Refusal::LastLayout)];
    assert_eq!(desk.run(Command::RemoveLayout(0)).effects, last);
    desk.run(Command::AddLayout(Canvas {
        width_px: 500,
        height_px: 1_600,
    }));
    desk.run(Command::RemoveLayout(0));
    assert_eq!(desk.editor.place().scene, resting());
    assert_eq!(desk.at("a"), [50, 200, 100, 200]);
    desk.run(Command::Undo);
    assert_eq!(desk.editor.place().scene.layout, 1);
}

#[test]
fn a_canvas_takes_another_size_and_its_elements_with_it() {
    let mut desk = Desk::of_two();
    let end = Constraints {
        horizontal: Constraint::End,
        vertical: Constraint::Start,
    };
    desk.select(&["a"]);
    desk.run(Command::Set(vec![Property::Constraints(end)]));
    let canvas = |width_px| Canvas {
        width_px,
        height_px: 800,
    };
    desk.run(Command::ResizeCanvas(canvas(1_500)));
    assert_eq!(desk.at("a"), [600, 100, 200, 100]);
    assert_eq!(desk.at("t"), [600, 300, 150, 100]);
    assert_eq!(desk.steps().last(), Some(&"Resize canvas to 1500 × 800"));
    let effects = desk.run(Command::ResizeCanvas(canvas(0))).effects.clone();
    assert!(matches!(&*effects, [Effect::Refuse(Refusal::Edit(_))]));
}

#[test]
fn the_template_itself_changes_by_steps() {
    let mut desk = Desk::of_two();
    desk.run(Command::Subject(Subject::Nobody));
    for fill in [Fill::None, Fill::Color(model::document::Role::Panel.into())] {
        desk.run(Command::Background(fill));
    }
    let mut theme = desk.editor.document().theme.clone();
    theme.colors.accent = model::document::Rgb([1, 2, 3]);
    desk.run(Command::Theme(Box::new(theme)));
    desk.run(Command::Fade(500));
    let labels = [
        "Change what it is for",
        "Change background",
        "Change theme",
        "Change how the scene comes",
    ];
    assert_eq!(desk.steps(), labels);
    desk.run(Command::Fade(1_001));
    assert_eq!(desk.steps(), labels, "longer than a fade may be");
    let other = model::BuiltIn::Clock.document().clone();
    desk.run(Command::Replace(Box::new(other.clone())));
    assert_eq!(desk.editor.document(), &other);
    desk.run(Command::JumpTo(0));
    assert_eq!(desk.editor.document().subject, Subject::Runner);
}
