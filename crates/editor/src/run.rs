//! Commands: whether one can be done now, and doing it.

use crate::command::{Command, Setting, Tool};
use crate::geometry::{Turned, point};
use crate::gesture::Gesture;
use crate::outcome::{Effect, Redraw};
use crate::refusal::Refusal;
use crate::scenes::stays;
use crate::tree::trail;
use crate::{Direction, Editor, Kind};
use model::document::{Draw, Edit, EditError, Guide, Property};

/// Of what is seen, for a key.
const PAN_SHARE: f64 = 0.25;

impl Editor {
    /// Whether it would do something now: for menus, and for whether a key is the editor's.
    pub fn can(&self, command: &Command) -> bool {
        self.check(command).is_ok()
    }

    /// # Errors
    /// Why it cannot be done now.
    pub(crate) fn check(&self, command: &Command) -> Result<(), Refusal> {
        let selected = || match self.selection.is_empty() {
            true => Err(Refusal::NothingSelected),
            false => Ok(()),
        };
        let free = |least: usize| {
            selected()?;
            match self.free().len() {
                0 => Err(Refusal::Locked),
                count if count < least => Err(Refusal::TooFew(least)),
                _ => Ok(()),
            }
        };
        let guide = |index: usize| match index < self.guides().len() {
            true => Ok(()),
            false => Err(Refusal::NoGuide(index)),
        };
        match command {
            Command::FitSelection
            | Command::Copy
            | Command::Duplicate
            | Command::CopyStyle
            | Command::Order(_)
            | Command::ToggleLocked
            | Command::ToggleHidden
            | Command::EditName
            | Command::Enter => selected(),
            Command::Set(properties) => {
                selected()?;
                let is_of_one = |to: &Property| matches!(to, Property::Draw(_));
                match self.selection.len() > 1 && properties.iter().any(is_of_one) {
                    true => Err(Refusal::DrawOfSeveral),
                    false => Ok(()),
                }
            }
            Command::PasteStyle => match self.clipboard.has_style() {
                true => selected(),
                false => Err(Refusal::NoStyle),
            },
            Command::Cut
            | Command::Delete
            | Command::Nudge(..)
            | Command::Grow(..)
            | Command::Rotate(_)
            | Command::Align(_)
            | Command::Group
            | Command::Number(..) => free(1),
            Command::Same(_) => free(1).and(match self.selection.len() {
                0 | 1 => Err(Refusal::TooFew(2)),
                _ => Ok(()),
            }),
            Command::Distribute(_) => free(3),
            Command::Ungroup => {
                free(1)?;
                let is_group = |draw: &Draw| matches!(draw, Draw::Group(_));
                match self.free().iter().any(|it| is_group(&it.draw)) {
                    true => Ok(()),
                    false => Err(Refusal::NoGroup),
                }
            }
            Command::Undo => match self.history.to_undo() {
                Some(_) => Ok(()),
                None => Err(Refusal::NothingToUndo),
            },
            Command::Redo => match self.history.to_redo() {
                Some(_) => Ok(()),
                None => Err(Refusal::NothingToRedo),
            },
            Command::JumpTo(made) if *made > self.history.count() => Err(Refusal::NoStep(*made)),
            Command::Choose(Tool::Insert(Kind::Group)) | Command::Insert(Kind::Group) => {
                Err(Refusal::NoTool)
            }
            Command::MoveGuide { index, .. } | Command::RemoveGuide(index) => guide(*index),
            Command::RemoveGuides => guide(0),
            Command::RemoveScene(name) | Command::RenameScene { from: name, .. } if stays(name) => {
                Err(Refusal::SceneStays)
            }
            Command::RemoveLayout(_) if self.document.layouts.len() < 2 => Err(Refusal::LastLayout),
            _ => Ok(()),
        }
    }

    pub(crate) fn run(&mut self, command: Command) {
        let is_busy = !matches!(self.gesture, Gesture::None | Gesture::Spent);
        if is_busy && !is_beside(&command) {
            if command == Command::Leave {
                return self.cancel();
            }
            self.finish();
            self.gesture = Gesture::Spent;
        }
        if let Err(why) = self.check(&command) {
            return self.refuse(why);
        }
        match command {
            Command::ZoomIn => self.look(self.view.stepped(true)),
            Command::ZoomOut => self.look(self.view.stepped(false)),
            Command::ZoomToWhole => self.look(self.view.zoomed(1.0, self.view.center())),
            Command::FitCanvas => self.fit_canvas(),
            Command::FitSelection => self.fit_selection(),
            Command::Pan(direction) => self.pan(direction),
            Command::Choose(tool) => {
                self.tool = tool;
                self.hover = None;
                self.changed();
            }
            Command::Toggle(setting) => self.toggle_setting(setting),
            Command::GridSize(px) => self.set_grid(px),
            Command::Select(ids) => self.select_ids(ids),
            Command::Hover(id) => {
                if self.hover != id {
                    self.hover = id;
                    self.out.redraw(Redraw::Overlay);
                }
            }
            Command::SelectAll => self.select_all(),
            Command::SelectNext => self.select_beside(true),
            Command::SelectPrevious => self.select_beside(false),
            Command::Enter => self.open(None),
            Command::Leave => self.leave(),
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::JumpTo(made) => self.jump(made),
            Command::Cut => {
                self.copy();
                self.delete("Cut");
            }
            Command::Copy => self.copy(),
            Command::Paste => self.read_clipboard(false),
            Command::PasteInPlace => self.read_clipboard(true),
            Command::PasteText { text, in_place } => self.paste(&text, in_place),
            Command::Duplicate => self.duplicate(),
            Command::Delete => self.delete("Delete"),
            Command::CopyStyle => self.copy_style(),
            Command::PasteStyle => self.paste_style(),
            Command::Nudge(direction, amount) => self.nudge(direction, amount),
            Command::Grow(direction, amount) => self.grow(direction, amount),
            Command::Rotate(deg) => self.rotate(deg),
            Command::Align(edge) => self.align(edge),
            Command::Distribute(axis) => self.distribute(axis),
            Command::Same(same) => self.make_same(same),
            Command::Order(order) => self.reorder(order),
            Command::Group => self.group(),
            Command::Ungroup => self.ungroup(),
            Command::ToggleLocked => self.toggle_locked(),
            Command::ToggleHidden => self.toggle_hidden(),
            Command::EditName => {
                if let Some(id) = self.selection.first() {
                    self.out.effects.push(Effect::EditName(id.clone()));
                }
            }
            Command::MoveLayers { ids, to } => self.move_layers(&ids, &to),
            Command::Insert(kind) => self.insert(kind),
            Command::Bring(what, at) => self.bring(what, at),
            Command::Number(measure, to) => self.set_number(measure, to),
            Command::Set(properties) => self.set_all(&properties),
            Command::SetOf(each) => self.set_each(each),
            Command::Background(fill) => self.set_background(fill),
            Command::Fade(ms) => self.set_fade(ms),
            Command::Theme(theme) => self.set_theme(*theme),
            Command::Subject(subject) => {
                let edit = Edit::Subject(subject);
                self.commit("Change what it is for".to_owned(), edit, None);
            }
            Command::Replace(document) => {
                let edit = Edit::Document(document);
                self.commit("Replace all".to_owned(), edit, None);
            }
            Command::Settle => self.history.settle(),
            Command::AddGuide(guide) => self.set_guides("Add guide", |guides| guides.push(guide)),
            Command::MoveGuide { index, at_px } => self.set_guides("Move guide", |guides| {
                if let Some(guide) = guides.get_mut(index) {
                    guide.at_px = at_px;
                }
            }),
            Command::RemoveGuide(index) => self.set_guides("Remove guide", |guides| {
                guides.remove(index);
            }),
            Command::RemoveGuides => self.set_guides("Remove all guides", Vec::clear),
            Command::SwitchScene(scene) => self.switch(model::document::ScenePath {
                layout: self.place.scene.layout,
                scene,
            }),
            Command::SwitchLayout(layout) => self.switch_layout(layout),
            Command::AddScene(name) => self.add_scene(&name),
            Command::RemoveScene(name) => self.remove_scene(&name),
            Command::RenameScene { from, to } => self.rename_scene(&from, &to),
            Command::AddLayout(canvas) => self.add_layout(canvas),
            Command::RemoveLayout(index) => self.remove_layout(index),
            Command::ResizeCanvas(canvas) => self.resize_canvas(canvas),
            Command::Open(panel) => self.out.effects.push(Effect::Open(panel)),
            Command::Try(trial) => self.out.effects.push(Effect::Try(trial)),
        }
        // What is in the hand lies elsewhere now.
        self.go_on();
    }

    fn changed(&mut self) {
        self.out.panels = true;
        self.out.redraw(Redraw::Overlay);
    }

    fn read_clipboard(&mut self, in_place: bool) {
        self.out.effects.push(Effect::ReadClipboard { in_place });
    }

    fn set_guides(&mut self, label: &str, change: impl FnOnce(&mut Vec<Guide>)) {
        let Some(layout) = self.layout() else {
            return;
        };
        let mut guides = layout.guides.clone();
        change(&mut guides);
        let layout = self.place.scene.layout;
        self.commit(label.to_owned(), Edit::Guides { layout, guides }, None);
    }

    fn toggle_setting(&mut self, setting: Setting) {
        let on = match setting {
            Setting::Snapping => &mut self.settings.snapping,
            Setting::Grid => &mut self.settings.grid,
            Setting::Guides => &mut self.settings.guides,
        };
        *on = !*on;
        self.hover_guide = None;
        self.changed();
    }

    fn fit_selection(&mut self) {
        let boxes = self.selection.iter().filter_map(|id| self.on_canvas(id));
        let rect = boxes.map(Turned::bounds).reduce(crate::Rect::and);
        if let Some(rect) = rect {
            self.look(self.view.fitted(rect));
        }
    }

    fn pan(&mut self, direction: Direction) {
        let (x, y) = direction.step();
        let by = point(
            f64::from(-x) * self.view.width_px * PAN_SHARE,
            f64::from(-y) * self.view.height_px * PAN_SHARE,
        );
        self.look(self.view.panned(by));
    }

    fn select_ids(&mut self, ids: Vec<String>) {
        let top = self.place.top(&self.document);
        let parent_of = |id: &String| {
            let trail = trail(top, id);
            let (_, around) = trail.split_last()?;
            Some(around.last().map(|parent| parent.id.clone()))
        };
        let Some(inside) = ids.iter().rev().find_map(parent_of) else {
            if let Some(id) = ids.into_iter().next() {
                return self.refuse(EditError::NoElement(id).into());
            }
            return self.select(Vec::new());
        };
        let mut known = Vec::new();
        for id in ids {
            if parent_of(&id).as_ref() == Some(&inside) && !known.contains(&id) {
                known.push(id);
            }
        }
        self.go_into(inside);
        self.select(known);
        self.is_deep = true;
    }

    fn select_all(&mut self) {
        self.select(self.takeable());
    }

    /// What a pointer could take.
    fn takeable(&self) -> Vec<String> {
        let list = self.list().iter();
        let those = list.filter(|element| !element.locked && !element.hidden);
        those.map(|element| element.id.clone()).collect()
    }

    fn select_beside(&mut self, is_next: bool) {
        let ids = self.takeable();
        let own = |id: &String| self.selection.contains(id);
        let next = match is_next {
            true => ids.iter().rposition(own).map_or(0, |index| index + 1),
            false => match ids.iter().position(own) {
                Some(0) | None => ids.len().saturating_sub(1),
                Some(index) => index - 1,
            },
        };
        let next = ids.get(next).or(ids.first()).cloned();
        self.select(next.into_iter().collect());
        self.is_deep = true;
    }

    fn leave(&mut self) {
        if self.tool != Tool::Select {
            self.tool = Tool::Select;
            return self.changed();
        }
        let trail = self.place.trail(&self.document);
        match &*trail {
            [around @ .., left] => {
                let id = left.id.clone();
                let inside = around.last().map(|parent| parent.id.clone());
                self.go_into(inside);
                self.select(vec![id]);
            }
            [] => self.select(Vec::new()),
        }
    }
}

/// A gesture in progress goes on.
fn is_beside(command: &Command) -> bool {
    matches!(
        command,
        Command::ZoomIn
            | Command::ZoomOut
            | Command::ZoomToWhole
            | Command::FitCanvas
            | Command::FitSelection
            | Command::Pan(_)
            | Command::Toggle(_)
            | Command::GridSize(_)
            | Command::Hover(_)
            | Command::Settle
    )
}
