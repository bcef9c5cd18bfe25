//! What is not the same in two states of a template, for somebody who decides between them.
//!
//! Elements are told apart by their ids, scenes by their names, and layouts by their sizes, then by
//! their order. Pure; knows no words for it.

use model::{
    Document,
    document::{Canvas, Draw, Element, Layout, SceneLayout},
};
use std::collections::{BTreeMap, BTreeSet};

/// Something that becomes another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its layout and scene, where it is in one.
    pub layout: Option<Canvas>,
    pub scene: Option<String>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Subject,
    Theme,
    LayoutAdded,
    LayoutRemoved,
    /// From that size.
    Resized(Canvas),
    Guides,
    SceneAdded,
    SceneRemoved,
    Background,
    /// How it comes.
    Fade,
    /// Which element lies over or within which.
    Order,
    /// By its name, or else its id.
    Added(String),
    Removed(String),
    Changed(String, Vec<Aspect>),
}

/// What of an element is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    Name,
    Place,
    Drawing,
    Visibility,
    Motion,
    Constraints,
    Lock,
}

/// What has to become another, so that `from` is `to`.
pub fn differences(from: &Document, to: &Document) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut of_all = |what| {
        found.push(Difference {
            layout: None,
            scene: None,
            what,
        });
    };
    if from.subject != to.subject {
        of_all(What::Subject);
    }
    if from.theme != to.theme {
        of_all(What::Theme);
    }
    for pair in layout_pairs(from, to) {
        match pair {
            (Some(from), Some(to)) => layout(from, to, &mut found),
            (Some(from), None) => found.push(of_layout(from, What::LayoutRemoved)),
            (None, Some(to)) => found.push(of_layout(to, What::LayoutAdded)),
            (None, None) => {}
        }
    }
    found
}

fn of_layout(layout: &Layout, what: What) -> Difference {
    Difference {
        layout: Some(layout.canvas),
        scene: None,
        what,
    }
}

/// Each of `to`'s in its order, then those of `from` that are gone.
fn layout_pairs<'a>(
    from: &'a Document,
    to: &'a Document,
) -> Vec<(Option<&'a Layout>, Option<&'a Layout>)> {
    let mut left: Vec<&Layout> = from.layouts.iter().collect();
    let mut take = |is_it: &dyn Fn(&Layout) -> bool| {
        let index = left.iter().position(|layout| is_it(layout))?;
        Some(left.remove(index))
    };
    let layouts = to.layouts.iter();
    let same = layouts.map(|to| (take(&|from| from.canvas == to.canvas), to));
    let same: Vec<_> = same.collect();
    let pairs = same
        .into_iter()
        .map(|(from, to)| (from.or_else(|| take(&|_| true)), Some(to)));
    let mut pairs: Vec<_> = pairs.collect();
    pairs.extend(left.into_iter().map(|from| (Some(from), None)));
    pairs
}

fn layout(from: &Layout, to: &Layout, found: &mut Vec<Difference>) {
    if from.canvas != to.canvas {
        found.push(of_layout(to, What::Resized(from.canvas)));
    }
    if from.guides != to.guides {
        found.push(of_layout(to, What::Guides));
    }
    let names = to.scenes.iter().chain(&from.scenes);
    let mut met = BTreeSet::new();
    for name in names.map(|scene| scene.name.as_str()) {
        if !met.insert(name) {
            continue;
        }
        let of = |layout: &'_ Layout| layout.scenes.iter().position(|scene| scene.name == name);
        let mut differs = |what| {
            found.push(Difference {
                layout: Some(to.canvas),
                scene: Some(name.to_owned()),
                what,
            });
        };
        match (of(from), of(to)) {
            (Some(before), Some(after)) => {
                scene(&from.scenes[before], &to.scenes[after], &mut differs);
            }
            (Some(_), None) => differs(What::SceneRemoved),
            (None, _) => differs(What::SceneAdded),
        }
    }
}

/// An element where it lies.
struct Placed<'a> {
    element: &'a Element,
    parent: &'a str,
}

fn scene(from: &SceneLayout, to: &SceneLayout, differs: &mut impl FnMut(What)) {
    if from.background != to.background {
        differs(What::Background);
    }
    if from.fade_ms != to.fade_ms {
        differs(What::Fade);
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    flatten(&from.elements, "", &mut before);
    flatten(&to.elements, "", &mut after);
    let by_id = |all: &[Placed<'_>]| {
        let ids = all.iter().enumerate();
        ids.map(|(index, one)| (one.element.id.clone(), index))
            .collect::<BTreeMap<_, _>>()
    };
    let (in_before, in_after) = (by_id(&before), by_id(&after));
    for one in &after {
        match in_before.get(&one.element.id) {
            None => differs(What::Added(called(one.element))),
            Some(index) => {
                let aspects = aspects(before[*index].element, one.element);
                if !aspects.is_empty() {
                    differs(What::Changed(called(one.element), aspects));
                }
            }
        }
    }
    for one in &before {
        if !in_after.contains_key(&one.element.id) {
            differs(What::Removed(called(one.element)));
        }
    }
    let order = |all: &[Placed<'_>], others: &BTreeMap<String, usize>| {
        let common = all
            .iter()
            .filter(|one| others.contains_key(&one.element.id));
        common
            .map(|one| (one.parent.to_owned(), one.element.id.clone()))
            .collect::<Vec<_>>()
    };
    if order(&before, &in_after) != order(&after, &in_before) {
        differs(What::Order);
    }
}

fn flatten<'a>(elements: &'a [Element], parent: &'a str, into: &mut Vec<Placed<'a>>) {
    for element in elements {
        into.push(Placed { element, parent });
        flatten(element.draw.children(), &element.id, into);
    }
}

fn called(element: &Element) -> String {
    match &*element.name {
        "" => element.title().unwrap_or_else(|| element.id.clone()),
        name => name.to_owned(),
    }
}

fn aspects(from: &Element, to: &Element) -> Vec<Aspect> {
    let visibility = |of: &Element| (of.hidden, of.opacity_percent, of.when.clone());
    let known = [
        (Aspect::Name, from.name != to.name),
        (
            Aspect::Place,
            (from.at, from.rotation_deg) != (to.at, to.rotation_deg),
        ),
        (Aspect::Drawing, !draws_alike(&from.draw, &to.draw)),
        (Aspect::Visibility, visibility(from) != visibility(to)),
        (Aspect::Motion, from.motion != to.motion),
        (Aspect::Constraints, from.constraints != to.constraints),
        (Aspect::Lock, from.locked != to.locked),
    ];
    let other = known.into_iter().filter(|(_, is_other)| *is_other);
    other.map(|(aspect, _)| aspect).collect()
}

/// But for the elements within, which are told by themselves.
fn draws_alike(from: &Draw, to: &Draw) -> bool {
    match (from, to) {
        (Draw::Group(_), Draw::Group(_)) => true,
        (Draw::Arrivals(from), Draw::Arrivals(to)) | (Draw::Races(from), Draw::Races(to)) => {
            (from.skip, from.count_max, from.pitch_px) == (to.skip, to.count_max, to.pitch_px)
        }
        _ => from == to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        BuiltIn,
        document::{Edit, Guide, Property, ScenePath, Slot, Subject},
    };

    fn path() -> ScenePath {
        ScenePath {
            layout: 0,
            scene: "runner".to_owned(),
        }
    }

    fn document() -> Document {
        BuiltIn::FinishWide.document().clone()
    }

    fn first() -> Element {
        let scene = document();
        let scene = scene.scene_at(&path()).unwrap();
        scene.elements[0].clone()
    }

    fn set(to: Property) -> Edit {
        let id = first().id;
        let scene = path();
        Edit::Set { scene, id, to }
    }

    /// What an edit makes another, and what its inverse does.
    #[track_caller]
    fn check(edit: Edit, there: Vec<What>, back: Vec<What>) {
        let before = document();
        let mut after = before.clone();
        after.apply(edit).unwrap();
        let what = |found: Vec<Difference>| found.into_iter().map(|it| it.what).collect::<Vec<_>>();
        assert_eq!(what(differences(&before, &after)), there);
        assert_eq!(what(differences(&after, &before)), back);
        assert_eq!(differences(&after, &after), []);
    }

    #[test]
    fn each_edit_is_a_difference() {
        let same = |what: What| (vec![what.clone()], vec![what]);
        let both = |edit, (there, back)| check(edit, there, back);
        let changed = |aspect| same(What::Changed(called(&first()), vec![aspect]));
        both(Edit::Subject(Subject::Nobody), same(What::Subject));
        let mut theme = document().theme;
        std::mem::swap(&mut theme.colors.accent, &mut theme.colors.text);
        both(Edit::Theme(theme), same(What::Theme));
        let guides = vec![Guide {
            axis: model::document::Axis::X,
            at_px: 9,
        }];
        both(Edit::Guides { layout: 0, guides }, same(What::Guides));
        both(
            set(Property::OpacityPercent(7)),
            changed(Aspect::Visibility),
        );
        both(set(Property::RotationDeg(7)), changed(Aspect::Place));
        both(
            set(Property::Locked(!first().locked)),
            changed(Aspect::Lock),
        );
        let draw = Draw::Group(model::document::Group {
            elements: Vec::new(),
        });
        both(set(Property::Draw(draw)), changed(Aspect::Drawing));
        check(
            set(Property::Name("Mark".to_owned())),
            vec![What::Changed("Mark".to_owned(), vec![Aspect::Name])],
            vec![What::Changed(called(&first()), vec![Aspect::Name])],
        );
        let remove = Edit::Remove {
            scene: path(),
            id: first().id,
        };
        check(
            remove,
            vec![What::Removed(called(&first()))],
            vec![What::Added(called(&first()))],
        );
        let to = Slot {
            parent: None,
            index: 1,
        };
        let moved = Edit::Move {
            scene: path(),
            id: first().id,
            to,
        };
        both(moved, same(What::Order));
    }

    #[test]
    fn scenes_and_layouts_come_and_go() {
        let layout = document().layouts[0].clone();
        let mut scene = layout.scenes[0].clone();
        scene.name = "interlude".to_owned();
        let insert = Edit::InsertScene {
            layout: 0,
            index: 2,
            scene,
        };
        check(insert, vec![What::SceneAdded], vec![What::SceneRemoved]);
        let small = Canvas {
            width_px: 640,
            height_px: 640,
        };
        let layout_added = Edit::InsertLayout {
            index: 0,
            layout: Layout {
                canvas: small,
                ..layout.clone()
            },
        };
        check(
            layout_added,
            vec![What::LayoutAdded],
            vec![What::LayoutRemoved],
        );
        let resized = Edit::Canvas {
            layout: 0,
            canvas: small,
        };
        check(
            resized,
            vec![What::Resized(layout.canvas)],
            vec![What::Resized(small)],
        );
    }
}
