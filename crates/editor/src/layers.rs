//! The layers of a scene as a flat list, the topmost first, and moving them in it.

use crate::command::Drop;
use crate::group::rebased;
use crate::limits::CALLED_CHARS_MAX;
use crate::refusal::Refusal;
use crate::step::label;
use crate::tree::{frame_of, trail};
use crate::{Editor, Kind, Place};
use model::document::{Draw, Edit, EditError, Element, Letters, Property, Slot};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub id: String,
    /// The group or list that it stands in.
    pub parent: Option<String>,
    pub depth: usize,
    /// What people call it, else its kind.
    pub name: String,
    pub kind: Kind,
    pub locked: bool,
    pub hidden: bool,
    pub has_children: bool,
}

/// What people call it.
pub(crate) fn called(element: &Element) -> String {
    match element.title() {
        Some(title) => title.chars().take(CALLED_CHARS_MAX).collect(),
        None => Kind::of(&element.draw).word().to_owned(),
    }
}

fn said(element: &Element) -> String {
    match &element.draw {
        Draw::Text(text) => text.text.to_string(),
        _ => String::new(),
    }
}

impl Editor {
    /// Of the scene that is seen.
    pub fn layers(&self) -> Vec<Layer> {
        let mut layers = Vec::new();
        list(self.place.top(&self.document), None, 0, &mut layers);
        layers
    }

    /// Those with these words in their name, id or text, whatever the case of the letters.
    pub fn layers_with(&self, words: &str, letters: Letters) -> Vec<Layer> {
        let words = (letters.lower)(words.trim());
        let mut layers = self.layers();
        let top = self.place.top(&self.document);
        layers.retain(|layer| {
            let has = |text: &str| (letters.lower)(text).contains(&words);
            let says = || {
                trail(top, &layer.id)
                    .last()
                    .is_some_and(|it| has(&said(it)))
            };
            has(&layer.name) || has(&layer.id) || says()
        });
        layers
    }

    /// Where they are on the canvas, they stay.
    pub(crate) fn move_layers(&mut self, ids: &[String], to: &Drop) {
        match self.layer_edits(ids, to) {
            Ok((label, edits, place)) => {
                let is_done = self.commit(label, Edit::All(edits), None);
                if is_done {
                    self.go(place);
                    self.select(ids.to_vec());
                }
            }
            Err(error) => self.refuse(error),
        }
    }

    fn layer_edits(
        &self,
        ids: &[String],
        to: &Drop,
    ) -> Result<(String, Vec<Edit>, Place), Refusal> {
        let scene = &self.place.scene;
        let top = self.place.top(&self.document);
        let (Drop::Above(at) | Drop::Below(at) | Drop::Into(at)) = to;
        let gone = || EditError::NoElement(at.clone());
        let around = trail(top, at);
        let (target, outer) = around.split_last().ok_or_else(gone)?;
        let is_into = matches!(to, Drop::Into(_));
        let parents = if is_into { &*around } else { outer };
        let parent = parents.last().map(|parent| parent.id.clone());
        let into = frame_of(parents);
        let list = parents.last().map_or(top, |parent| parent.draw.children());
        // In the order in which they lie, the lowest first; what moves within another goes with it.
        let mut moved: Vec<(&Element, Vec<&Element>)> = Vec::new();
        crate::tree::each(top, &mut |element| {
            let trail = trail(top, &element.id);
            let is_within = |it: &&&Element| ids.contains(&it.id);
            if ids.contains(&element.id) && trail.iter().filter(is_within).count() == 1 {
                moved.push((element, trail));
            }
        });
        if moved.is_empty() || moved.iter().any(|(element, _)| element.id == *at) {
            return Ok((String::new(), Vec::new(), self.place.clone()));
        }
        let mut order: Vec<&str> = list.iter().map(|it| &*it.id).collect();
        let mut edits = Vec::new();
        let mut last: Option<&str> = None;
        for (element, trail) in &moved {
            let before = order.iter().position(|id| *id == element.id);
            if let Some(before) = before {
                order.remove(before);
            }
            let place_of = |id: &str| order.iter().position(|it| *it == id).ok_or_else(gone);
            let index = match (last, to) {
                (Some(last), _) => place_of(last)? + 1,
                (None, Drop::Above(_)) => place_of(&target.id)? + 1,
                (None, Drop::Below(_)) => place_of(&target.id)?,
                (None, Drop::Into(_)) => order.len(),
            };
            order.insert(index, &element.id);
            last = Some(&element.id);
            if before == Some(index) {
                continue;
            }
            edits.push(Edit::Move {
                scene: scene.clone(),
                id: element.id.clone(),
                to: Slot {
                    parent: parent.clone(),
                    index,
                },
            });
            let (_, outer) = trail.split_last().ok_or_else(gone)?;
            let own = rebased(element, frame_of(outer), into);
            if own.at != element.at {
                edits.push(self.set(&element.id, Property::At(own.at)));
            }
            if own.rotation_deg != element.rotation_deg {
                let to = Property::RotationDeg(own.rotation_deg);
                edits.push(self.set(&element.id, to));
            }
        }
        let elements: Vec<&Element> = moved.iter().map(|(element, _)| *element).collect();
        let place = Place {
            scene: scene.clone(),
            inside: parent,
        };
        Ok((label("Reorder", &elements), edits, place))
    }
}

fn list(elements: &[Element], parent: Option<&str>, depth: usize, layers: &mut Vec<Layer>) {
    for element in elements.iter().rev() {
        let children = element.draw.children();
        layers.push(Layer {
            id: element.id.clone(),
            parent: parent.map(str::to_owned),
            depth,
            name: called(element),
            kind: Kind::of(&element.draw),
            locked: element.locked,
            hidden: element.hidden,
            has_children: !children.is_empty(),
        });
        list(children, Some(&element.id), depth + 1, layers);
    }
}
