//! Laws of changes: whatever was made and taken back, the document is what it was; a change that is
//! refused changes nothing.

use super::*;
use proptest::sample::{Index, select};

/// A change before it is known what there is to change.
#[derive(Clone, Debug)]
struct Wish {
    kind: u8,
    places: [Index; 4],
    element: Element,
    property: Property,
    fill: Fill,
    /// Names something that may not be there.
    lost: bool,
}

fn property() -> impl Strategy<Value = Property> {
    let constraint = || select(&Constraint::ALL[..]);
    prop_oneof![
        "[a-z]{1,3}".prop_map(Property::Id),
        ".{0,8}".prop_map(Property::Name),
        any::<[i16; 4]>().prop_map(|at| Property::At(at.map(i32::from).into())),
        (-500..=500_i16).prop_map(Property::RotationDeg),
        (0..=120_u8).prop_map(Property::OpacityPercent),
        option::of(condition()).prop_map(Property::When),
        motion().prop_map(Property::Motion),
        (constraint(), constraint()).prop_map(|(horizontal, vertical)| {
            Property::Constraints(Constraints {
                horizontal,
                vertical,
            })
        }),
        any::<bool>().prop_map(Property::Locked),
        any::<bool>().prop_map(Property::Hidden),
        leaf().prop_map(Property::Draw),
    ]
}

fn wish() -> impl Strategy<Value = Wish> {
    let lost = proptest::bool::weighted(0.1);
    let places = any::<[Index; 4]>();
    (0..16_u8, places, element(), property(), fill(), lost).prop_map(
        |(kind, places, element, property, fill, lost)| Wish {
            kind,
            places,
            element,
            property,
            fill,
            lost,
        },
    )
}

fn ids<'a>(elements: &'a [Element], found: &mut Vec<&'a Element>) {
    for element in elements {
        found.push(element);
        ids(element.draw.children(), found);
    }
}

impl Wish {
    fn edit(&self, document: &Document) -> Edit {
        let [first, second, third, fourth] = self.places;
        let layout = first.index(document.layouts.len());
        let scenes = &document.layouts[layout].scenes;
        let scene = match scenes.get(second.index(scenes.len().max(1))) {
            Some(scene) if !self.lost => scene.name.clone(),
            _ => "nowhere".to_owned(),
        };
        let scene = ScenePath { layout, scene };
        let mut all = Vec::new();
        if let Ok(scene) = document.scene_at(&scene) {
            ids(&scene.elements, &mut all);
        }
        let id = match all.is_empty() {
            true => "nobody".to_owned(),
            false => third.index(all.len()).min(all.len() - 1).to_string(),
        };
        let id = id.parse::<usize>().map_or(id, |at| all[at].id.clone());
        let other = (!all.is_empty()).then(|| all[fourth.index(all.len())]);
        let slot = Slot {
            parent: other
                .filter(|other| !other.draw.children().is_empty())
                .map(|other| other.id.clone()),
            index: fourth.index(4),
        };
        match self.kind {
            0 if self.lost => Edit::Document(Box::new(crate::BuiltIn::Clock.document().clone())),
            0 => Edit::Subject(Subject::Nobody),
            1 => Edit::Theme(Theme {
                logo: None,
                ..document.theme.clone()
            }),
            2 => Edit::InsertLayout {
                index: fourth.index(document.layouts.len() + 2),
                layout: document.layouts[layout].clone(),
            },
            3 => Edit::RemoveLayout { index: layout },
            4 => Edit::Canvas {
                layout,
                canvas: Canvas {
                    width_px: 10 + u32::try_from(fourth.index(5_000)).unwrap(),
                    height_px: 700,
                },
            },
            5 => Edit::Guides {
                layout,
                guides: vec![Guide {
                    axis: Axis::X,
                    at_px: 3,
                }],
            },
            6 => {
                let mut element = self.element.clone();
                name_all(std::slice::from_mut(&mut element), &mut 0);
                Edit::InsertScene {
                    layout,
                    index: fourth.index(5),
                    scene: SceneLayout {
                        fade_ms: 0,
                        name: ["another", "free"][third.index(2)].to_owned(),
                        background: self.fill.clone(),
                        elements: vec![element],
                    },
                }
            }
            7 => Edit::RemoveScene { scene },
            8 => Edit::RenameScene {
                scene,
                name: ["renamed", "runner"][third.index(2)].to_owned(),
            },
            9 => Edit::Background {
                scene,
                fill: self.fill.clone(),
            },
            14 => Edit::Fade {
                scene,
                // One in four is too long.
                ms: [0, 250, 1_000, 1_001][third.index(4)],
            },
            10 => {
                let mut element = self.element.clone();
                name_all(std::slice::from_mut(&mut element), &mut fourth.index(40));
                Edit::Insert {
                    scene,
                    slot,
                    element: Box::new(element),
                }
            }
            11 => Edit::Remove { scene, id },
            12 | 13 => Edit::Move {
                scene,
                id,
                to: slot,
            },
            _ => Edit::Set {
                scene,
                id,
                to: self.property.clone(),
            },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_undone_was_never_there_and_what_is_redone_is(
        first in document(),
        wishes in vec(wish(), 1..24),
        checked in any::<bool>(),
    ) {
        let mut document = first.clone();
        let mut backs = Vec::new();
        for wish in &wishes {
            let before = document.clone();
            let edit = wish.edit(&document);
            let outcome = match checked {
                true => document.edited(edit),
                false if document.layouts.len() < 2 && wish.kind == 3 => continue,
                false => document.apply(edit),
            };
            match outcome {
                Ok(back) => backs.push(back),
                Err(_) => prop_assert_eq!(&document, &before),
            }
            prop_assert!(!checked || document.check().is_ok());
        }
        let last = document.clone();
        let mut forth = Vec::new();
        for back in backs.into_iter().rev() {
            forth.push(document.apply(back).unwrap());
        }
        prop_assert_eq!(&document, &first);
        for again in forth.into_iter().rev() {
            document.apply(again).unwrap();
        }
        prop_assert_eq!(document, last);
    }

    #[test]
    fn several_changes_are_one(first in document(), wishes in vec(wish(), 1..8)) {
        let mut ahead = first.clone();
        let mut edits = Vec::new();
        for wish in &wishes {
            if ahead.layouts.len() < 2 && wish.kind == 3 {
                continue;
            }
            let edit = wish.edit(&ahead);
            let is_made = ahead.apply(edit.clone()).is_ok();
            edits.push(edit);
            if !is_made {
                break;
            }
        }
        let mut document = first.clone();
        match document.apply(Edit::All(edits)) {
            Ok(back) => {
                prop_assert_eq!(&document, &ahead);
                document.apply(back).unwrap();
                prop_assert_eq!(document, first);
            }
            Err(_) => prop_assert_eq!(document, first),
        }
    }

    /// As it is sent and kept.
    #[test]
    fn a_change_survives_a_round_trip(document in document(), wish in wish()) {
        let edit = wish.edit(&document);
        let json = serde_json::to_string(&edit).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Edit>(&json).unwrap(), &edit);
        let bytes = postcard::to_allocvec(&edit).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Edit>(&bytes).unwrap(), edit);
    }

    /// Whatever its elements' constraints are.
    #[test]
    fn a_layout_of_the_same_size_is_the_same(document in document()) {
        for layout in &document.layouts {
            prop_assert_eq!(&layout.resized(layout.canvas), layout);
        }
    }
}

#[test]
fn a_refused_change_says_why() {
    let check = |edit: Edit, problem: &str| {
        let mut document = crate::BuiltIn::Arrivals.document().clone();
        assert_eq!(document.edited(edit).unwrap_err().to_string(), problem);
        assert_eq!(&document, crate::BuiltIn::Arrivals.document());
    };
    let scene = || ScenePath {
        layout: 0,
        scene: "resting".to_owned(),
    };
    let set = |id: &str, to| Edit::Set {
        scene: scene(),
        id: id.to_owned(),
        to,
    };
    check(
        set("no-such", Property::Locked(true)),
        "the element `no-such` is not there any more",
    );
    check(
        set("tape-1", Property::Id("tape-2".to_owned())),
        "something else is called `tape-2`",
    );
    // Also deep within what comes in.
    let group = |ids: &[&str]| {
        let area = [0, 0, 9, 9].into();
        let none = || Draw::Group(Group { elements: vec![] });
        let element = |id: &&str| Element::new((*id).to_owned(), area, none());
        Draw::Group(Group {
            elements: ids.iter().map(element).collect(),
        })
    };
    let insert = |id: &str, ids: &[&str]| Edit::Insert {
        scene: scene(),
        slot: Slot {
            parent: None,
            index: 0,
        },
        element: Box::new(Element::new(id.to_owned(), [0, 0, 9, 9].into(), group(ids))),
    };
    check(
        insert("new", &["other", "tape-1"]),
        "something else is called `tape-1`",
    );
    check(insert("new", &["new"]), "something else is called `new`");
    check(
        set("tape-1", Property::Draw(group(&["tape-1"]))),
        "something else is called `tape-1`",
    );
    check(
        set("tape-1", Property::OpacityPercent(101)),
        "layouts[0].scenes[0].elements[0].opacity_percent: 101 is not between 0 and 100",
    );
    check(
        Edit::RemoveScene { scene: scene() },
        "layouts[0].scenes: there is no scene `resting`",
    );
    check(
        Edit::Move {
            scene: scene(),
            id: "tape-1".to_owned(),
            to: Slot {
                parent: None,
                index: 999,
            },
        },
        "there is no place 999 to put it at",
    );
}

#[test]
fn elements_follow_their_constraints() {
    let check = |constraint: Constraint, place: [i32; 2], expected: [i32; 2]| {
        let [x, width] = place;
        let mut element = Element::new(
            "a".to_owned(),
            [x, 0, width, 10].into(),
            Draw::Group(Group {
                elements: Vec::new(),
            }),
        );
        element.constraints.horizontal = constraint;
        let layout = Layout {
            canvas: Canvas {
                width_px: 1_000,
                height_px: 100,
            },
            guides: Vec::new(),
            scenes: vec![SceneLayout {
                fade_ms: 0,
                name: "resting".to_owned(),
                background: Fill::None,
                elements: vec![element],
            }],
        };
        let wider = layout.resized(Canvas {
            width_px: 1_500,
            height_px: 100,
        });
        let at = wider.scenes[0].elements[0].at;
        assert_eq!([at.x_px, at.width_px], expected, "{constraint:?}");
    };
    check(Constraint::Scale, [100, 200], [150, 300]);
    check(Constraint::Start, [100, 200], [100, 200]);
    check(Constraint::End, [700, 200], [1_200, 200]);
    check(Constraint::Stretch, [100, 800], [100, 1_300]);
    check(Constraint::Center, [400, 200], [650, 200]);
}
