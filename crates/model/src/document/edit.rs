//! Changes of a document. Each is a value with an exact inverse, so that everything can be undone,
//! kept, sent and made again elsewhere.
//!
//! Owns where a change goes and what takes it back; whether the document is a good one afterwards
//! is `Document::check`'s word, which `Document::edited` asks. Knows no gestures.

use super::{
    Area, Canvas, Condition, Constraints, Document, Draw, Element, Fault, Fill, Guide, Layout,
    Motion, SceneLayout, Subject, Theme, nested,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A scene of a layout.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScenePath {
    /// Its index.
    pub layout: usize,
    pub scene: String,
}

/// A place in a list of elements. Those at it and after it move on by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The id of the group or list, else it is the scene itself.
    pub parent: Option<String>,
    pub index: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// Another one in its place: an older version, a copy of another template.
    Document(Box<Document>),
    Subject(Subject),
    Theme(Theme),
    InsertLayout {
        index: usize,
        layout: Layout,
    },
    RemoveLayout {
        index: usize,
    },
    Canvas {
        layout: usize,
        canvas: Canvas,
    },
    Guides {
        layout: usize,
        guides: Vec<Guide>,
    },
    InsertScene {
        layout: usize,
        index: usize,
        scene: SceneLayout,
    },
    RemoveScene {
        scene: ScenePath,
    },
    RenameScene {
        scene: ScenePath,
        name: String,
    },
    Background {
        scene: ScenePath,
        fill: Fill,
    },
    Fade {
        scene: ScenePath,
        ms: u16,
    },
    Insert {
        scene: ScenePath,
        slot: Slot,
        element: Box<Element>,
    },
    Remove {
        scene: ScenePath,
        id: String,
    },
    /// `to` counts after the element was taken out.
    Move {
        scene: ScenePath,
        id: String,
        to: Slot,
    },
    Set {
        scene: ScenePath,
        id: String,
        to: Property,
    },
    /// One after the other, all of them or none.
    All(#[serde(deserialize_with = "nested::bounded")] Vec<Edit>),
}

/// Something of an element that is put in the place of what was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Property {
    Id(String),
    Name(String),
    At(Area),
    RotationDeg(i16),
    OpacityPercent(u8),
    When(Option<Condition>),
    Motion(Motion),
    Constraints(Constraints),
    Locked(bool),
    Hidden(bool),
    /// With all that it draws with.
    Draw(Draw),
}

/// Why a change was not made. The document is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("the layout is not there any more")]
    NoLayout,
    #[error("the scene `{0}` is not there any more")]
    NoScene(String),
    #[error("the element `{0}` is not there any more")]
    NoElement(String),
    #[error("`{0}` cannot hold elements")]
    NoParent(String),
    #[error("there is no place {0} to put it at")]
    NoPlace(usize),
    /// Another has it, so that nobody could tell the two apart when it is taken back.
    #[error("something else is called `{0}`")]
    Taken(String),
    #[error("`{0}` cannot lie within itself")]
    WithinItself(String),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Document {
    /// Makes the change if the document is a good one afterwards. Gives what takes it back.
    ///
    /// # Errors
    /// Why not; the document is as it was.
    pub fn edited(&mut self, edit: Edit) -> Result<Edit, EditError> {
        let back = self.apply(edit)?;
        match self.check() {
            Ok(()) => Ok(back),
            Err(fault) => {
                self.take_back(back);
                Err(fault.into())
            }
        }
    }

    /// Makes the change, whatever becomes of the document. Gives what takes it back.
    ///
    /// # Errors
    /// Where there is nothing to change; the document is as it was.
    pub fn apply(&mut self, edit: Edit) -> Result<Edit, EditError> {
        Ok(match edit {
            Edit::Document(mut document) => {
                document.layouts.iter().try_for_each(distinct_ids)?;
                std::mem::swap(self, &mut document);
                Edit::Document(document)
            }
            Edit::Subject(subject) => Edit::Subject(std::mem::replace(&mut self.subject, subject)),
            Edit::Theme(theme) => Edit::Theme(std::mem::replace(&mut self.theme, theme)),
            Edit::InsertLayout { index, layout } => {
                distinct_ids(&layout)?;
                insert(&mut self.layouts, index, layout)?;
                Edit::RemoveLayout { index }
            }
            Edit::RemoveLayout { index } => {
                let layout = remove(&mut self.layouts, index).ok_or(EditError::NoLayout)?;
                Edit::InsertLayout { index, layout }
            }
            Edit::Canvas { layout, canvas } => {
                let of = self.layout_mut(layout)?;
                let canvas = std::mem::replace(&mut of.canvas, canvas);
                Edit::Canvas { layout, canvas }
            }
            Edit::Guides { layout, guides } => {
                let of = self.layout_mut(layout)?;
                let guides = std::mem::replace(&mut of.guides, guides);
                Edit::Guides { layout, guides }
            }
            Edit::InsertScene {
                layout,
                index,
                scene,
            } => {
                let path = ScenePath {
                    layout,
                    scene: scene.name.clone(),
                };
                free_scene(self, &path)?;
                take_ids(&scene.elements, &mut BTreeSet::new())?;
                insert(&mut self.layout_mut(layout)?.scenes, index, scene)?;
                Edit::RemoveScene { scene: path }
            }
            Edit::RemoveScene { scene } => {
                let scenes = &mut self.layout_mut(scene.layout)?.scenes;
                let index = scenes.iter().position(|one| one.name == scene.scene);
                let index = index.ok_or_else(|| EditError::NoScene(scene.scene.clone()))?;
                Edit::InsertScene {
                    layout: scene.layout,
                    index,
                    scene: scenes.remove(index),
                }
            }
            Edit::RenameScene { scene, name } => {
                let renamed = ScenePath {
                    layout: scene.layout,
                    scene: name.clone(),
                };
                if renamed != scene {
                    free_scene(self, &renamed)?;
                }
                let before = std::mem::replace(&mut self.scene_mut(&scene)?.name, name);
                Edit::RenameScene {
                    scene: renamed,
                    name: before,
                }
            }
            Edit::Background { scene, fill } => {
                let of = self.scene_mut(&scene)?;
                let fill = std::mem::replace(&mut of.background, fill);
                Edit::Background { scene, fill }
            }
            Edit::Fade { scene, ms } => {
                let of = self.scene_mut(&scene)?;
                let ms = std::mem::replace(&mut of.fade_ms, ms);
                Edit::Fade { scene, ms }
            }
            Edit::Insert {
                scene,
                slot,
                element,
            } => {
                let mut taken = BTreeSet::new();
                ids_beside(&self.scene_at(&scene)?.elements, None, &mut taken);
                take_ids(std::slice::from_ref(&*element), &mut taken)?;
                let id = element.id.clone();
                let list = self.list_mut(&scene, slot.parent.as_deref())?;
                insert(list, slot.index, *element)?;
                Edit::Remove { scene, id }
            }
            Edit::Remove { scene, id } => {
                let slot = self.slot_of(&scene, &id)?;
                let list = self.list_mut(&scene, slot.parent.as_deref())?;
                let element = Box::new(list.remove(slot.index));
                Edit::Insert {
                    scene,
                    slot,
                    element,
                }
            }
            Edit::Move { scene, id, to } => {
                let from = self.slot_of(&scene, &id)?;
                if let Some(parent) = &to.parent {
                    let moved = self.element(&scene, &id)?;
                    if moved.find(parent).is_some() {
                        return Err(EditError::WithinItself(id));
                    }
                }
                let list = self.list_mut(&scene, from.parent.as_deref())?;
                let element = list.remove(from.index);
                let into = self.list_mut(&scene, to.parent.as_deref());
                let outcome = match into {
                    Ok(list) if to.index <= list.len() => {
                        list.insert(to.index, element);
                        return Ok(Edit::Move {
                            scene,
                            id,
                            to: from,
                        });
                    }
                    Ok(_) => EditError::NoPlace(to.index),
                    Err(error) => error,
                };
                let list = self.list_mut(&scene, from.parent.as_deref())?;
                list.insert(from.index, element);
                return Err(outcome);
            }
            Edit::Set { scene, id, to } => {
                if let Property::Id(to) = &to
                    && *to != id
                {
                    self.free_id(&scene, to)?;
                }
                if let Property::Draw(draw) = &to {
                    let mut taken = BTreeSet::new();
                    ids_beside(&self.scene_at(&scene)?.elements, Some(&id), &mut taken);
                    take_ids(draw.children(), &mut taken)?;
                }
                let of = self.element_mut(&scene, &id)?;
                let to = of.set(to);
                let id = of.id.clone();
                Edit::Set { scene, id, to }
            }
            Edit::All(edits) => {
                let mut backs = Vec::with_capacity(edits.len());
                for edit in edits {
                    match self.apply(edit) {
                        Ok(back) => backs.push(back),
                        Err(error) => {
                            backs
                                .into_iter()
                                .rev()
                                .for_each(|back| self.take_back(back));
                            return Err(error);
                        }
                    }
                }
                backs.reverse();
                Edit::All(backs)
            }
        })
    }

    fn free_id(&self, scene: &ScenePath, id: &str) -> Result<(), EditError> {
        match self.element(scene, id) {
            Ok(_) => Err(EditError::Taken(id.to_owned())),
            Err(EditError::NoElement(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn take_back(&mut self, back: Edit) {
        let done = self.apply(back);
        debug_assert!(
            done.is_ok(),
            "what was just made can be taken back: {done:?}"
        );
    }

    /// # Errors
    /// Where it is not there.
    pub fn scene_at(&self, path: &ScenePath) -> Result<&SceneLayout, EditError> {
        let layout = self.layouts.get(path.layout).ok_or(EditError::NoLayout)?;
        let scene = layout.scenes.iter().find(|one| one.name == path.scene);
        scene.ok_or_else(|| EditError::NoScene(path.scene.clone()))
    }

    /// Also one within groups and lists.
    ///
    /// # Errors
    /// Where it is not there.
    pub fn element(&self, path: &ScenePath, id: &str) -> Result<&Element, EditError> {
        let elements = &self.scene_at(path)?.elements;
        let found = elements.iter().find_map(|element| element.find(id));
        found.ok_or_else(|| EditError::NoElement(id.to_owned()))
    }

    /// Where an element stands.
    ///
    /// # Errors
    /// Where it is not there.
    pub fn slot_of(&self, path: &ScenePath, id: &str) -> Result<Slot, EditError> {
        fn look(elements: &[Element], parent: Option<&str>, id: &str) -> Option<Slot> {
            let index = elements.iter().position(|element| element.id == id);
            if let Some(index) = index {
                let parent = parent.map(str::to_owned);
                return Some(Slot { parent, index });
            }
            elements
                .iter()
                .find_map(|element| look(element.draw.children(), Some(&element.id), id))
        }
        let found = look(&self.scene_at(path)?.elements, None, id);
        found.ok_or_else(|| EditError::NoElement(id.to_owned()))
    }

    fn layout_mut(&mut self, index: usize) -> Result<&mut Layout, EditError> {
        self.layouts.get_mut(index).ok_or(EditError::NoLayout)
    }

    fn scene_mut(&mut self, path: &ScenePath) -> Result<&mut SceneLayout, EditError> {
        let scenes = &mut self.layout_mut(path.layout)?.scenes;
        let scene = scenes.iter_mut().find(|one| one.name == path.scene);
        scene.ok_or_else(|| EditError::NoScene(path.scene.clone()))
    }

    fn element_mut(&mut self, path: &ScenePath, id: &str) -> Result<&mut Element, EditError> {
        let elements = &mut self.scene_mut(path)?.elements;
        let found = elements.iter_mut().find_map(|element| element.find_mut(id));
        found.ok_or_else(|| EditError::NoElement(id.to_owned()))
    }

    fn list_mut(
        &mut self,
        path: &ScenePath,
        parent: Option<&str>,
    ) -> Result<&mut Vec<Element>, EditError> {
        match parent {
            None => Ok(&mut self.scene_mut(path)?.elements),
            Some(parent) => {
                let list = self.element_mut(path, parent)?.draw.children_mut();
                list.ok_or_else(|| EditError::NoParent(parent.to_owned()))
            }
        }
    }
}

impl Element {
    /// Itself or one within it.
    pub fn find(&self, id: &str) -> Option<&Self> {
        if self.id == id {
            return Some(self);
        }
        self.draw.children().iter().find_map(|child| child.find(id))
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut Self> {
        if self.id == id {
            return Some(self);
        }
        let children = self.draw.children_mut()?;
        children.iter_mut().find_map(|child| child.find_mut(id))
    }

    /// Gives what was there before.
    fn set(&mut self, to: Property) -> Property {
        fn swapped<T>(of: &mut T, to: T) -> T {
            std::mem::replace(of, to)
        }
        match to {
            Property::Id(id) => Property::Id(swapped(&mut self.id, id)),
            Property::Name(name) => Property::Name(swapped(&mut self.name, name)),
            Property::At(at) => Property::At(swapped(&mut self.at, at)),
            Property::RotationDeg(degrees) => {
                Property::RotationDeg(swapped(&mut self.rotation_deg, degrees))
            }
            Property::OpacityPercent(percent) => {
                Property::OpacityPercent(swapped(&mut self.opacity_percent, percent))
            }
            Property::When(when) => Property::When(swapped(&mut self.when, when)),
            Property::Motion(motion) => Property::Motion(swapped(&mut self.motion, motion)),
            Property::Constraints(constraints) => {
                Property::Constraints(swapped(&mut self.constraints, constraints))
            }
            Property::Locked(locked) => Property::Locked(swapped(&mut self.locked, locked)),
            Property::Hidden(hidden) => Property::Hidden(swapped(&mut self.hidden, hidden)),
            Property::Draw(draw) => Property::Draw(swapped(&mut self.draw, draw)),
        }
    }
}

fn free_scene(document: &Document, path: &ScenePath) -> Result<(), EditError> {
    match document.scene_at(path) {
        Ok(_) => Err(EditError::Taken(path.scene.clone())),
        Err(EditError::NoScene(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Notes the ids of elements with all that they draw with, but for what the one named draws with.
fn ids_beside<'a>(elements: &'a [Element], but: Option<&str>, noted: &mut BTreeSet<&'a str>) {
    for element in elements {
        noted.insert(&element.id);
        if Some(&*element.id) != but {
            ids_beside(element.draw.children(), but, noted);
        }
    }
}

/// Notes the ids of elements that are to come in.
fn take_ids<'a>(elements: &'a [Element], noted: &mut BTreeSet<&'a str>) -> Result<(), EditError> {
    elements.iter().try_for_each(|element| {
        if !noted.insert(&element.id) {
            return Err(EditError::Taken(element.id.clone()));
        }
        take_ids(element.draw.children(), noted)
    })
}

fn distinct_ids(layout: &Layout) -> Result<(), EditError> {
    let mut scenes = layout.scenes.iter();
    scenes.try_for_each(|scene| take_ids(&scene.elements, &mut BTreeSet::new()))
}

fn insert<T>(list: &mut Vec<T>, index: usize, one: T) -> Result<(), EditError> {
    if list.len() < index {
        return Err(EditError::NoPlace(index));
    }
    list.insert(index, one);
    Ok(())
}

fn remove<T>(list: &mut Vec<T>, index: usize) -> Option<T> {
    (index < list.len()).then(|| list.remove(index))
}
