//! Groups, made and taken apart, and the order in which elements lie. Where elements are on the
//! canvas, they stay.

use crate::Editor;
use crate::command::Order;
use crate::geometry::{Frame, area_about, normal_deg};
use crate::refusal::Refusal;
use crate::step::label;
use crate::tree::turned;
use model::document::{Area, Condition, Draw, Edit, Element, Group, Motion};
use model::limits::PLACE_PX_MAX;

/// The same element in other coordinates, where it was on the canvas.
pub(crate) fn rebased(element: &Element, from: Frame, to: Frame) -> Element {
    let mut own = element.clone();
    if from == to {
        return own;
    }
    let on_canvas = from.out_box(turned(element));
    let center = to.into(on_canvas.center);
    own.at = area_about(center, (element.at.width_px, element.at.height_px));
    if from.turn != to.turn {
        let by = from.turn.deg - to.turn.deg;
        own.rotation_deg = normal_deg(i32::from(element.rotation_deg) + by);
    }
    own
}

impl Editor {
    pub(crate) fn group(&mut self) {
        let chosen = self.chosen();
        let Some(rect) = Self::around(&chosen) else {
            return;
        };
        let (x_px, y_px) = (rect.left.floor() as i32, rect.top.floor() as i32);
        let at = Area {
            x_px,
            y_px,
            width_px: (rect.right.ceil() as i32 - x_px).clamp(1, PLACE_PX_MAX),
            height_px: (rect.bottom.ceil() as i32 - y_px).clamp(1, PLACE_PX_MAX),
        };
        let mut elements: Vec<Element> = chosen.iter().copied().cloned().collect();
        for element in &mut elements {
            element.at.x_px -= x_px;
            element.at.y_px -= y_px;
        }
        let list = self.list();
        let topmost = list.iter().rposition(|it| self.selection.contains(&it.id));
        let index = topmost.map_or(0, |index| index + 1 - chosen.len());
        let id = self.fresh_id("group");
        let label = label("Group", &chosen);
        let mut edits = self.removals(&chosen);
        let group = Element::new(id.clone(), at, Draw::Group(Group { elements }));
        edits.push(self.insertion(index, group));
        if self.commit(label, Edit::All(edits), None) {
            self.select(vec![id]);
        }
    }

    pub(crate) fn ungroup(&mut self) {
        let mut edits = Vec::new();
        let mut ids = Vec::new();
        // Those below a group move on by as many as it had children.
        let mut index = 0;
        let mut groups = Vec::new();
        for element in self.list() {
            let Draw::Group(inner) = &element.draw else {
                index += 1;
                continue;
            };
            if element.locked || !self.selection.contains(&element.id) {
                index += 1;
                continue;
            }
            groups.push(element);
            edits.extend(self.removals(&[element]));
            let frame = Frame::CANVAS.within(turned(element));
            for child in &inner.elements {
                let child = inherited(rebased(child, frame, Frame::CANVAS), element);
                ids.push(child.id.clone());
                edits.push(self.insertion(index, child));
                index += 1;
            }
        }
        if groups.is_empty() {
            return self.refuse(Refusal::NoGroup);
        }
        let label = label("Ungroup", &groups);
        if self.commit(label, Edit::All(edits), None) {
            self.select(ids);
        }
    }

    pub(crate) fn reorder(&mut self, order: Order) {
        let mut ids: Vec<&str> = self.list().iter().map(|it| &*it.id).collect();
        let is_chosen = |id: &str| self.selection.iter().any(|chosen| chosen == id);
        let last = ids.len().saturating_sub(1);
        let mut moves: Vec<(String, usize)> = Vec::new();
        let mut shift = |ids: &mut Vec<&str>, from: usize, to: usize| {
            if from != to {
                let id = ids.remove(from);
                ids.insert(to, id);
                moves.push((id.to_owned(), to));
            }
        };
        match order {
            Order::Front | Order::Back => {
                let chosen: Vec<&str> = ids.iter().copied().filter(|id| is_chosen(id)).collect();
                let all_last = ids.len() - chosen.len();
                for (place, id) in chosen.iter().enumerate() {
                    let from = ids.iter().position(|it| it == id).unwrap_or(0);
                    // Each goes to the end after those before it, so that they keep their order.
                    match order {
                        Order::Back => shift(&mut ids, from, place),
                        _ if ids.get(all_last..) != Some(&chosen) => shift(&mut ids, from, last),
                        _ => {}
                    }
                }
            }
            Order::Forward => {
                for index in (0..last).rev() {
                    let pair = (ids.get(index), ids.get(index + 1));
                    if let (Some(own), Some(above)) = pair
                        && is_chosen(own)
                        && !is_chosen(above)
                    {
                        shift(&mut ids, index, index + 1);
                    }
                }
            }
            Order::Backward => {
                for index in 1..ids.len() {
                    let pair = (ids.get(index), ids.get(index - 1));
                    if let (Some(own), Some(below)) = pair
                        && is_chosen(own)
                        && !is_chosen(below)
                    {
                        shift(&mut ids, index, index - 1);
                    }
                }
            }
        }
        let verb = match order {
            Order::Front => "Bring to front",
            Order::Forward => "Bring forward",
            Order::Backward => "Send backward",
            Order::Back => "Send to back",
        };
        let label = label(verb, &self.selected());
        let edits = moves.into_iter().map(|(id, index)| Edit::Move {
            scene: self.place.scene.clone(),
            id,
            to: self.slot(index),
        });
        let edit = Edit::All(edits.collect());
        self.commit(label, edit, None);
    }
}

/// What a group did to all of its elements, each does by itself when the group is gone.
fn inherited(mut child: Element, group: &Element) -> Element {
    let percent = u32::from(child.opacity_percent) * u32::from(group.opacity_percent);
    child.opacity_percent = u8::try_from((percent + 50) / 100).unwrap_or(100);
    child.hidden |= group.hidden;
    child.when = match (child.when.take(), &group.when) {
        (own, None) => own,
        (None, Some(of_group)) => Some(of_group.clone()),
        (Some(own), Some(of_group)) => Some(Condition::All(vec![of_group.clone(), own])),
    };
    if child.motion == Motion::default() {
        child.motion = group.motion;
    }
    child
}
