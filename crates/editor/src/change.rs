//! Changes from the inspector: properties of all that is selected, of the scene, of the template.

use crate::Editor;
use crate::history::Join;
use crate::layers::called;
use crate::refusal::Refusal;
use crate::step::label;
use model::document::{Draw, Edit, EditError, Element, Fill, Property, Theme};
use std::mem::discriminant;

impl Editor {
    pub(crate) fn set_all(&mut self, properties: &[Property]) {
        let each = self.selection.iter().flat_map(|id| {
            let own = properties.iter();
            own.map(|to| (id.clone(), to.clone()))
        });
        self.set_each(each.collect());
    }

    /// Also of what stands elsewhere in the scene, as a layer that is locked.
    pub(crate) fn set_each(&mut self, each: Vec<(String, Property)>) {
        if each.iter().any(|(_, to)| matches!(to, Property::Id(_))) {
            return self.refuse(Refusal::FixedId);
        }
        let join = each.iter().map(|(id, to)| (id.clone(), discriminant(to)));
        let join = Join::Set(join.collect());
        let mut first = None;
        let mut edits = Vec::new();
        // All of one element stand together.
        let mut ids: Vec<&String> = each.iter().map(|(id, _)| id).collect();
        ids.dedup();
        for (id, to) in &each {
            match self.document.element(&self.place.scene, id) {
                Ok(element) => {
                    first.get_or_insert_with(|| change_label(element, to, ids.len()));
                }
                Err(error @ EditError::NoElement(_)) => return self.refuse(error.into()),
                Err(_) => return,
            }
            edits.push(self.set(id, to.clone()));
        }
        self.commit(first.unwrap_or_default(), Edit::All(edits), Some(join));
    }

    pub(crate) fn set_background(&mut self, fill: Fill) {
        let edit = Edit::Background {
            scene: self.place.scene.clone(),
            fill,
        };
        self.commit("Change background".to_owned(), edit, Some(Join::Background));
    }

    pub(crate) fn set_fade(&mut self, ms: u16) {
        let edit = Edit::Fade {
            scene: self.place.scene.clone(),
            ms,
        };
        self.commit("Change how the scene comes".to_owned(), edit, None);
    }

    pub(crate) fn set_theme(&mut self, theme: Theme) {
        let edit = Edit::Theme(theme);
        self.commit("Change theme".to_owned(), edit, Some(Join::Theme));
    }

    pub(crate) fn toggle_locked(&mut self) {
        self.toggle_all(|it| it.locked, Property::Locked, ["Lock", "Unlock"]);
    }

    pub(crate) fn toggle_hidden(&mut self) {
        self.toggle_all(|it| it.hidden, Property::Hidden, ["Hide", "Show"]);
    }

    /// Off where all that is selected has it, else on.
    fn toggle_all(
        &mut self,
        has: fn(&Element) -> bool,
        to: fn(bool) -> Property,
        [on, off]: [&str; 2],
    ) {
        let selected = self.selected();
        let is_on = selected.iter().any(|element| !has(element));
        let others = selected.iter().filter(|element| has(element) != is_on);
        let set = others.map(|element| self.set(&element.id, to(is_on)));
        let edit = Edit::All(set.collect());
        let label = label(if is_on { on } else { off }, &selected);
        self.commit(label, edit, None);
    }
}

/// By the first change.
fn change_label(element: &Element, to: &Property, count: usize) -> String {
    let (verb, what) = match to {
        Property::Id(_) => ("Change", " id of "),
        Property::Name(name) => return ["Rename ", &called(element), " to ", name].concat(),
        Property::At(_) => ("Move", " "),
        Property::RotationDeg(_) => ("Rotate", " "),
        Property::OpacityPercent(_) => ("Change", " opacity of "),
        Property::When(_) => ("Change", " condition of "),
        Property::Motion(_) => ("Change", " motion of "),
        Property::Constraints(_) => ("Change", " constraints of "),
        Property::Locked(true) => ("Lock", " "),
        Property::Locked(false) => ("Unlock", " "),
        Property::Hidden(true) => ("Hide", " "),
        Property::Hidden(false) => ("Show", " "),
        Property::Draw(draw) => match says_else(&element.draw, draw) {
            true => ("Change", " text of "),
            false => ("Change", " look of "),
        },
    };
    let whose = match count {
        1 => called(element),
        several => [&*several.to_string(), " elements"].concat(),
    };
    [verb, what, &*whose].concat()
}

fn says_else(before: &Draw, now: &Draw) -> bool {
    match (before, now) {
        (Draw::Text(before), Draw::Text(now)) | (Draw::Message(before), Draw::Message(now)) => {
            before.text != now.text
        }
        (Draw::QrCode(before), Draw::QrCode(now)) => before.text != now.text,
        (Draw::Ticker(before), Draw::Ticker(now)) => before.text != now.text,
        _ => false,
    }
}
