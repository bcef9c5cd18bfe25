//! The clipboard, duplicates, styles, and what is put in anew.

use super::*;
use crate::Brought;
use model::BuiltIn;
use model::document::{Draw, Paint, Pattern, Picture, Property, Role};

fn copied(desk: &mut Desk) -> String {
    match &*desk.run(Command::Copy).effects {
        [Effect::Copy(text)] => text.clone(),
        other => panic!("{other:?}"),
    }
}

fn paste(text: &str, in_place: bool) -> Command {
    Command::PasteText {
        text: text.to_owned(),
        in_place,
    }
}

#[test]
fn copies_lie_beside_and_then_further() {
    let mut desk = Desk::of_two();
    desk.select(&["t", "a"]);
    let clip = copied(&mut desk);
    desk.run(paste(&clip, false));
    assert_eq!(desk.selection(), ["shape-1", "text-1"]);
    assert_eq!(desk.at("shape-1"), [120, 120, 200, 100]);
    assert_eq!(desk.at("text-1"), [420, 320, 100, 100]);
    desk.run(paste(&clip, false));
    assert_eq!(desk.at("shape-2"), [140, 140, 200, 100]);
    desk.run(paste(&clip, true));
    assert_eq!(desk.at("shape-3"), [100, 100, 200, 100]);
    assert_eq!(desk.steps().last(), Some(&"Paste 2 elements"));
}

#[test]
fn in_another_scene_and_another_template_they_lie_where_they_were() {
    let mut desk = Desk::of_two();
    desk.select(&["a"]);
    let clip = copied(&mut desk);
    desk.run(Command::SwitchScene("runner".to_owned()));
    desk.run(paste(&clip, false));
    assert_eq!(desk.at("shape-1"), [100, 100, 200, 100]);
    let mut other = Desk::with(BuiltIn::Cheer.document().clone());
    other.run(paste(&clip, false));
    let Draw::Shape(shape) = &other.element("shape-1").draw else {
        panic!("it is a shape");
    };
    let model::document::Fill::Color(color) = shape.fill else {
        panic!("it is filled");
    };
    assert_eq!(color.paint, Paint::Theme(Role::Panel), "roles stay roles");
}

#[test]
fn what_was_copied_out_of_sight_comes_to_the_middle() {
    let mut desk = Desk::of_two();
    desk.select(&["a"]);
    let clip = copied(&mut desk);
    desk.editor.view.offset = point(-5_000.0, 0.0);
    desk.run(paste(&clip, false));
    assert_eq!(desk.middle("shape-1"), [5_500.0, 400.0]);
}

#[test]
fn into_a_group_they_come_where_they_are_seen() {
    let inside = [shape("in", [0, 0, 100, 100], 0)];
    let mut desk = Desk::of(&[
        shape("a", [100, 100, 200, 100], 0),
        group("group", [400, 400, 200, 200], 90, &inside),
    ]);
    desk.select(&["a"]);
    let clip = copied(&mut desk);
    desk.select(&["in"]);
    desk.run(paste(&clip, true));
    assert_eq!(desk.middle("shape-1"), [200.0, 150.0]);
    assert_eq!(desk.element("shape-1").rotation_deg, -90);
}

#[test]
fn a_cut_is_a_copy_that_leaves_nothing() {
    let mut desk = Desk::of_two();
    desk.select(&["a"]);
    let effects = desk.run(Command::Cut).effects.clone();
    assert!(matches!(&*effects, [Effect::Copy(_)]));
    assert_eq!(desk.steps(), ["Cut Rectangle"]);
    let clip = desk.editor.copied().unwrap().to_owned();
    desk.run(paste(&clip, false));
    assert_eq!(desk.at("shape-1"), [100, 100, 200, 100], "to where it was");
}

#[test]
fn foreign_text_becomes_a_text() {
    let mut desk = Desk::of_two();
    desk.run(paste("  Well {done}\r\nall  ", false));
    let Draw::Text(text) = &desk.element("text-1").draw else {
        panic!("it is a text");
    };
    assert_eq!(text.text.to_string(), "Well {{done}}\nall");
    assert_eq!(text.style.lines_max, 2);
    let check = |text: &str, why: Refusal| {
        let mut desk = Desk::of_two();
        let before = desk.editor.document().clone();
        assert_eq!(desk.run(paste(text, false)).effects, [Effect::Refuse(why)]);
        assert_eq!(desk.editor.document(), &before);
    };
    check(" \n ", Refusal::NothingToPaste);
    check(
        &"x".repeat(limits::PASTED_CHARS_MAX + 1),
        Refusal::TextTooLong,
    );
    check(
        &"x".repeat(limits::CLIPBOARD_BYTES_MAX + 1),
        Refusal::ClipboardTooLarge,
    );
    check("gantry-elements-1:junk!", Refusal::BadClipboard);
    check("gantry-elements-1://///w==", Refusal::BadClipboard);
    check("gantry-elements-1:AA==", Refusal::NothingToPaste);
}

#[test]
fn past_the_limit_nothing_is_half_done() {
    let shapes: Vec<String> = (0..400)
        .map(|index| shape(&format!("s{index}"), [index, 0, 10, 10], 0))
        .collect();
    let mut desk = Desk::of(&shapes);
    desk.run(Command::SelectAll);
    let effects = desk.run(Command::Duplicate).effects.clone();
    let [Effect::Refuse(why)] = &*effects else {
        panic!("{effects:?}");
    };
    assert!(
        why.to_string()
            .ends_with("a scene has at most 600 elements"),
        "{why}"
    );
    assert_eq!(desk.editor.layers().len(), 400);
    assert_eq!(desk.selection().len(), 400);
    desk.hold("alt").drag([5.0, 5.0], [5.0, 300.0]);
    assert!(matches!(desk.effects(), [Effect::Refuse(_)]));
    assert_eq!(desk.editor.layers().len(), 400);
    assert_eq!(desk.selection().len(), 400, "those that are there");
}

#[test]
fn duplicates_go_on_as_the_last_was_moved() {
    let mut desk = Desk::of_two();
    desk.select(&["a"]);
    desk.run(Command::Duplicate);
    assert_eq!(desk.at("shape-1"), [120, 120, 200, 100]);
    desk.run(Command::Nudge(Direction::Right, Amount::Large));
    desk.run(Command::Duplicate);
    assert_eq!(desk.at("shape-2"), [160, 140, 200, 100]);
    desk.run(Command::Duplicate);
    assert_eq!(desk.at("shape-3"), [190, 160, 200, 100]);
    desk.select(&["a"]);
    desk.run(Command::Duplicate);
    assert_eq!(
        desk.at("shape-4"),
        [120, 120, 200, 100],
        "another begins anew"
    );
}

#[test]
fn styles_go_from_one_to_another_as_far_as_both_have_them() {
    let bold =
        text("bold", [0, 0, 10, 10], "x").replace("\"size_px\"", "\"bold\":true,\"size_px\"");
    let bold = bold.replacen("\"draw\"", "\"opacity_percent\":40,\"draw\"", 1);
    let mut desk = Desk::of(&[
        bold,
        text("t", [400, 300, 100, 100], "{name}"),
        shape("a", [100, 100, 200, 100], 0),
    ]);
    assert!(!desk.editor.can(&Command::PasteStyle));
    desk.select(&["bold"]);
    desk.hold("ctrl alt").key("c");
    desk.select(&["t", "a"]);
    desk.key("v");
    let Draw::Text(text) = &desk.element("t").draw else {
        panic!("it is a text");
    };
    assert!(text.style.bold);
    assert_eq!(text.text.to_string(), "{name}", "its words stay");
    assert_eq!(desk.element("a").opacity_percent, 40);
    assert_eq!(desk.steps(), ["Paste style to 2 elements"]);
}

#[test]
fn each_kind_can_be_put_in_clicked_and_drawn() {
    for kind in Kind::INSERTED {
        assert!(model::document::GIVEN_IDS.contains(&kind.id()), "{kind:?}");
        for document in BuiltIn::ALL.map(BuiltIn::document) {
            let mut desk = Desk::with(document.clone());
            let count = desk.editor.list().len();
            desk.run(Command::Insert(kind));
            let id = desk
                .selection()
                .first()
                .copied()
                .map(str::to_owned)
                .unwrap();
            assert_eq!(Kind::of(&desk.element(&id).draw), kind);
            desk.run(Command::Choose(Tool::Insert(kind)));
            desk.click([300.0, 300.0]);
            desk.run(Command::Choose(Tool::Insert(kind)));
            desk.hold("ctrl").drag([10.0, 10.0], [211.0, 151.0]);
            assert_eq!(desk.editor.tool(), Tool::Select);
            let [drawn] = &*desk.selection() else {
                panic!("what was drawn is selected");
            };
            assert_eq!(desk.at(drawn), [10, 10, 201, 141]);
            assert_eq!(desk.editor.list().len(), count + 3);
            assert_eq!(desk.editor.document().check(), Ok(()));
            desk.run(Command::JumpTo(0));
            assert_eq!(desk.editor.document(), document);
        }
    }
}

#[test]
fn a_click_puts_it_from_there_on_and_onto_the_canvas() {
    let check = |at: [f64; 2], expected: [i32; 4]| {
        let mut desk = Desk::of(&[]);
        desk.run(Command::Choose(Tool::Insert(Kind::Text)));
        desk.click(at);
        assert_eq!(desk.at("text-1"), expected, "{at:?}");
    };
    check([40.0, 60.0], [40, 60, 400, 80]);
    check([990.0, 795.0], [600, 720, 400, 80]);
}

#[test]
fn what_is_drawn_follows_the_keys() {
    let check = |keys: &str, expected: [i32; 4]| {
        let mut desk = Desk::of(&[]);
        desk.run(Command::Toggle(Setting::Snapping));
        desk.run(Command::Choose(Tool::Insert(Kind::Ellipse)));
        desk.hold(keys).drag([300.0, 300.0], [250.0, 380.0]);
        assert_eq!(desk.at("shape-1"), expected, "{keys}");
    };
    check("", [250, 300, 50, 80]);
    check("shift", [220, 300, 80, 80]);
    check("alt", [250, 220, 100, 160]);
}

#[test]
fn a_new_text_waits_for_its_words_in_the_middle_of_what_is_seen() {
    let mut desk = Desk::of_two();
    desk.editor.view.offset = point(-500.0, 0.0);
    let effects = desk.run(Command::Insert(Kind::Text)).effects.clone();
    assert_eq!(effects, [Effect::EditText("text-1".to_owned())]);
    assert_eq!(desk.middle("text-1"), [750.0, 400.0]);
}

#[test]
fn ids_are_those_that_nobody_has() {
    let mut desk = Desk::of(&[
        shape("shape-1", [0, 0, 10, 10], 0),
        group(
            "group",
            [0, 0, 9, 9],
            0,
            &[shape("shape-2", [0, 0, 9, 9], 0)],
        ),
        shape("arrivals-1-name", [0, 0, 10, 10], 0),
    ]);
    desk.run(Command::Insert(Kind::Ellipse));
    assert_eq!(desk.selection(), ["shape-3"]);
    desk.run(Command::Insert(Kind::Arrivals));
    assert_eq!(desk.selection(), ["arrivals-2"]);
    let set = vec![Property::Id("mine".to_owned())];
    let refused = [Effect::Refuse(Refusal::FixedId)];
    assert_eq!(desk.run(Command::Set(set)).effects, refused);
}

#[test]
fn what_is_brought_comes_where_it_is_let_go_in_one_step() {
    let says: Pattern = "{first_name}".parse().unwrap();
    let picture = Picture::Data("data:image/png;base64,AAAA".to_owned());
    let check = |what: Brought, at: Option<Point>, id: &str, middle: [f64; 2]| {
        let mut desk = Desk::of(&[]);
        let effects = desk.run(Command::Bring(what, at)).effects.clone();
        assert_eq!(effects, []);
        assert_eq!((desk.selection(), desk.middle(id)), (vec![id], middle));
        assert_eq!(desk.steps().len(), 1);
        let draw = desk.element(id).draw.clone();
        desk.run(Command::Undo);
        assert_eq!(desk.editor.document(), Desk::of(&[]).editor.document());
        draw
    };
    let text = Brought::Text(says.clone());
    let draw = check(
        text.clone(),
        Some(point(300.0, 200.0)),
        "text-1",
        [300.0, 200.0],
    );
    assert!(matches!(draw, Draw::Text(text) if text.text == says));
    check(text, None, "text-1", [500.0, 400.0]);
    // From another program, with the fields that there are, in as many lines.
    let words = Brought::Words(" Well done,\r\n{first_name} {nobody}!\n".to_owned());
    let draw = check(words, Some(point(300.0, 200.0)), "text-1", [300.0, 200.0]);
    let Draw::Text(text) = draw else {
        panic!("it is a text");
    };
    assert_eq!(
        text.text.to_string(),
        "Well done,\n{first_name} {{nobody}}!"
    );
    assert_eq!(text.style.lines_max, 2);
    let brought = Brought::Picture(picture.clone());
    let draw = check(
        brought,
        Some(point(300.0, 200.0)),
        "image-1",
        [300.0, 200.0],
    );
    assert!(matches!(draw, Draw::Image(image) if image.picture == picture));
}

#[test]
fn words_that_are_too_long_or_none_are_not_brought() {
    let check = |words: String, effects: &[Effect]| {
        let mut desk = Desk::of(&[]);
        assert_eq!(
            desk.run(Command::Bring(Brought::Words(words), None))
                .effects,
            effects
        );
        assert_eq!(desk.steps().len(), 0);
    };
    check(" \r\n".to_owned(), &[]);
    let too_long = "x".repeat(limits::PASTED_CHARS_MAX + 1);
    check(too_long, &[Effect::Refuse(Refusal::TextTooLong)]);
}

#[test]
fn a_new_image_asks_for_its_picture_and_shows_where_it_is_until_then() {
    let mut desk = Desk::of(&[]);
    let effects = desk.run(Command::Insert(Kind::Image)).effects.clone();
    assert_eq!(effects, [Effect::ChoosePicture]);
    assert_eq!(desk.editor.overlay().empties.len(), 1);
    desk.run(Command::ToggleHidden);
    assert_eq!(desk.editor.overlay().empties.len(), 0);
    desk.run(Command::Undo);
    // In a group too, seen from outside of it, and not where that is hidden.
    let alone = desk.editor.overlay().empties.clone();
    desk.run(Command::Group);
    assert_eq!(desk.editor.overlay().empties, alone);
    desk.run(Command::ToggleHidden);
    assert_eq!(desk.editor.overlay().empties.len(), 0);
    desk.run(Command::Undo);
    desk.run(Command::Undo);
    let mut theme = desk.editor.document().theme.clone();
    theme.logo = Some(Picture::Data("data:image/png;base64,AAAA".to_owned()));
    desk.run(Command::Theme(Box::new(theme)));
    assert_eq!(desk.editor.overlay().empties.len(), 0);
}
