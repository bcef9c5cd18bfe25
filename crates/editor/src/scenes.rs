//! Scenes and layouts: which one is seen, and which there are.

use crate::refusal::Refusal;
use crate::view::canvas_rect;
use crate::{Editor, Place};
use model::document::{Canvas, Edit, EditError, SceneLayout, ScenePath};
use model::limits::SCENE_FADE_MS;

/// Always there.
pub(crate) fn stays(scene: &str) -> bool {
    matches!(scene, "resting" | "runner")
}

impl Editor {
    pub(crate) fn switch(&mut self, scene: ScenePath) {
        match self.document.scene_at(&scene) {
            Ok(_) => self.show(scene),
            Err(error) => self.refuse(error.into()),
        }
    }

    /// Another canvas is fitted into the viewport.
    fn show(&mut self, scene: ScenePath) {
        let is_other = scene.layout != self.place.scene.layout;
        self.select(Vec::new());
        self.go(Place {
            scene,
            inside: None,
        });
        if is_other {
            self.fit_canvas();
        }
    }

    pub(crate) fn switch_layout(&mut self, layout: usize) {
        self.switch(ScenePath {
            layout,
            scene: self.place.scene.scene.clone(),
        });
    }

    pub(crate) fn fit_canvas(&mut self) {
        if let Some(layout) = self.layout() {
            let rect = canvas_rect(layout.canvas);
            self.look(self.view.fitted(rect));
        }
    }

    /// On the background of the one that is seen.
    pub(crate) fn add_scene(&mut self, name: &str) {
        let mut edits = Vec::new();
        for (index, layout) in self.document.layouts.iter().enumerate() {
            if layout.scenes.iter().any(|scene| scene.name == name) {
                return self.refuse(EditError::Taken(name.to_owned()).into());
            }
            let seen = self.place.scene.scene.as_str();
            let like = layout.scenes.iter().find(|scene| scene.name == seen);
            edits.push(Edit::InsertScene {
                layout: index,
                index: layout.scenes.len(),
                scene: SceneLayout {
                    name: name.to_owned(),
                    background: like.map(|it| it.background.clone()).unwrap_or_default(),
                    fade_ms: like.map_or(SCENE_FADE_MS, |it| it.fade_ms),
                    elements: Vec::new(),
                },
            });
        }
        let label = ["Add scene ", name].concat();
        if self.commit(label, Edit::All(edits), None) {
            self.show(ScenePath {
                layout: self.place.scene.layout,
                scene: name.to_owned(),
            });
        }
    }

    /// In which layouts it is there.
    fn with_scene(&self, name: &str) -> Vec<ScenePath> {
        let layouts = self.document.layouts.iter().enumerate();
        let with = layouts.filter(|(_, it)| it.scenes.iter().any(|scene| scene.name == name));
        let path = |(layout, _)| ScenePath {
            layout,
            scene: name.to_owned(),
        };
        with.map(path).collect()
    }

    pub(crate) fn remove_scene(&mut self, name: &str) {
        let paths = self.with_scene(name);
        if paths.is_empty() {
            return self.refuse(EditError::NoScene(name.to_owned()).into());
        }
        let edits = paths.into_iter().map(|scene| Edit::RemoveScene { scene });
        let label = ["Remove scene ", name].concat();
        self.commit(label, Edit::All(edits.collect()), None);
    }

    pub(crate) fn rename_scene(&mut self, from: &str, to: &str) {
        let paths = self.with_scene(from);
        if paths.is_empty() {
            return self.refuse(EditError::NoScene(from.to_owned()).into());
        }
        let edits = paths.into_iter().map(|scene| Edit::RenameScene {
            scene,
            name: to.to_owned(),
        });
        let label = ["Rename scene ", from, " to ", to].concat();
        if self.commit(label, Edit::All(edits.collect()), None) && self.place.scene.scene == from {
            let mut place = self.place.clone();
            place.scene.scene = to.to_owned();
            self.go(place);
        }
    }

    pub(crate) fn add_layout(&mut self, canvas: Canvas) {
        let Some(layout) = self.layout().filter(|_| is_drawable(canvas)) else {
            return self.refuse_canvas(canvas);
        };
        let index = self.document.layouts.len();
        let edit = Edit::InsertLayout {
            index,
            layout: layout.resized(canvas),
        };
        if self.commit(["Add layout ", &size(canvas)].concat(), edit, None) {
            self.show(ScenePath {
                layout: index,
                scene: self.place.scene.scene.clone(),
            });
        }
    }

    pub(crate) fn remove_layout(&mut self, index: usize) {
        let Some(layout) = self.document.layouts.get(index) else {
            return self.refuse(EditError::NoLayout.into());
        };
        if self.document.layouts.len() < 2 {
            return self.refuse(Refusal::LastLayout);
        }
        let label = ["Remove layout ", &size(layout.canvas)].concat();
        let seen = self.place.scene.layout;
        if self.commit(label, Edit::RemoveLayout { index }, None) {
            let last = self.document.layouts.len() - 1;
            let layout = if seen > index {
                seen - 1
            } else {
                seen.min(last)
            };
            let mut place = self.place.clone();
            place.scene.layout = layout;
            self.go(place);
            if seen == index {
                self.mend();
                self.fit_canvas();
            }
        }
    }

    pub(crate) fn resize_canvas(&mut self, canvas: Canvas) {
        let Some(layout) = self.layout().filter(|_| is_drawable(canvas)) else {
            return self.refuse_canvas(canvas);
        };
        if layout.canvas == canvas {
            return;
        }
        let index = self.place.scene.layout;
        let layout = layout.resized(canvas);
        let edit = Edit::All(vec![
            Edit::RemoveLayout { index },
            Edit::InsertLayout { index, layout },
        ]);
        if self.commit(["Resize canvas to ", &size(canvas)].concat(), edit, None) {
            self.fit_canvas();
        }
    }

    /// With the words of the document's own check.
    fn refuse_canvas(&mut self, canvas: Canvas) {
        let layout = self.place.scene.layout;
        self.commit(String::new(), Edit::Canvas { layout, canvas }, None);
    }
}

/// Nothing can follow its constraints to no size at all.
fn is_drawable(canvas: Canvas) -> bool {
    use model::limits::{CANVAS_PX_MAX, CANVAS_PX_MIN};
    let is_side = |px: u32| (CANVAS_PX_MIN..=CANVAS_PX_MAX).contains(&px);
    is_side(canvas.width_px) && is_side(canvas.height_px)
}

fn size(canvas: Canvas) -> String {
    [
        &*canvas.width_px.to_string(),
        " × ",
        &*canvas.height_px.to_string(),
    ]
    .concat()
}
