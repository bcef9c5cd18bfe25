//! Edits of what stands where one works, each made of a few words.
//!
//! Owns how they name the scene and the place in it. Changes nothing.

use crate::Editor;
use crate::geometry::moved;
use model::document::{Area, Draw, Edit, Element, Property, Slot};

impl Editor {
    pub(crate) fn set(&self, id: &str, to: Property) -> Edit {
        Edit::Set {
            scene: self.place.scene.clone(),
            id: id.to_owned(),
            to,
        }
    }

    pub(crate) fn set_areas(&self, areas: impl Iterator<Item = (String, Area)>) -> Edit {
        let set = areas.map(|(id, at)| self.set(&id, Property::At(at)));
        Edit::All(set.collect())
    }

    /// Another area, and what the element draws with follows its constraints.
    pub(crate) fn area_edits(&self, element: &Element, at: Area) -> Vec<Edit> {
        let before = element.at;
        let mut edits = Vec::new();
        if at != before {
            edits.push(self.set(&element.id, Property::At(at)));
        }
        let holds = matches!(
            element.draw,
            Draw::Group(_) | Draw::Arrivals(_) | Draw::Races(_)
        );
        if holds && (at.width_px, at.height_px) != (before.width_px, before.height_px) {
            let draw = element.draw.resized(before, at);
            edits.push(self.set(&element.id, Property::Draw(draw)));
        }
        edits
    }

    pub(crate) fn insertion(&self, index: usize, element: Element) -> Edit {
        Edit::Insert {
            scene: self.place.scene.clone(),
            slot: self.slot(index),
            element: Box::new(element),
        }
    }

    /// Right over the topmost of what is selected; else over all.
    pub(crate) fn copies_at(
        &self,
        copies: &[Element],
        originals: &[String],
        by: (i32, i32),
    ) -> Edit {
        let list = self.list();
        let topmost = list.iter().rposition(|it| originals.contains(&it.id));
        let first = topmost.map_or(list.len(), |index| index + 1);
        let inserts = copies.iter().enumerate().map(|(index, copy)| {
            let copy = Element {
                at: moved(copy.at, by),
                ..copy.clone()
            };
            self.insertion(first + index, copy)
        });
        Edit::All(inserts.collect())
    }

    pub(crate) fn removals(&self, elements: &[&Element]) -> Vec<Edit> {
        let removals = elements.iter().map(|element| Edit::Remove {
            scene: self.place.scene.clone(),
            id: element.id.clone(),
        });
        removals.collect()
    }

    pub(crate) fn slot(&self, index: usize) -> Slot {
        Slot {
            parent: self.place.inside.clone(),
            index,
        }
    }
}
