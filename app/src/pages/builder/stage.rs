//! The canvas in the page: puts what is drawn into the frame that looks as a display does.
//!
//! Owns the frame's elements and the widths of signs. One to a page, in the browser's own thread:
//! nothing of it is there on a server.

use crate::{browser, format::fixed};
use editor::{Editor, Redraw, View};
use js_sys::JsString;
use leptos::prelude::window;
use model::{
    MonoMs,
    document::{Letters, ScenePath},
};
use render::{
    Drawing, Shown,
    dom::{Canvas, Scenes},
    draw::{Tools, element_drawn, scene_drawing},
    fit::Advances,
    page::ROOT_ID,
};
use std::cell::RefCell;
use web_sys::{Document, HtmlIFrameElement};

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

pub(super) const LETTERS: Letters = Letters {
    upper: |text| JsString::from(text).to_upper_case().into(),
    lower: |text| JsString::from(text).to_lower_case().into(),
};

/// The class of each.
const CANVAS: &str = "canvas";

struct Stage {
    scenes: Scenes,
    advances: Advances,
    /// What the last whole drawing was of.
    of: Option<ScenePath>,
    style: String,
    placed: String,
    /// Something else than what is worked on is shown.
    plays: bool,
}

/// How what is played takes the place of what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// As what was there already.
    Stays,
    /// As something else, at once.
    Still,
    /// As another scene.
    Comes,
    /// As the next of the same scene.
    Changes,
}

/// Where the frame says that the widths of signs are.
pub fn advances_url(frame: &HtmlIFrameElement) -> Option<String> {
    let document = frame.content_document()?;
    document
        .get_element_by_id("advances")?
        .get_attribute("href")
}

/// From now on it is drawn in that frame.
pub fn open(frame: &HtmlIFrameElement, advances: Advances) -> Option<()> {
    let document: Document = frame.content_document()?;
    let root = document.get_element_by_id(ROOT_ID)?;
    let element = document.create_element("div").ok()?;
    root.set_text_content(None);
    let mut scenes = Scenes::new(root, None);
    let canvas = Canvas::new(element);
    scenes.show(canvas, CANVAS.to_owned(), 0, false, MonoMs(0));
    STAGE.set(Some(Stage {
        scenes,
        advances,
        of: None,
        style: String::new(),
        placed: String::new(),
        plays: false,
    }));
    Some(())
}

pub fn close() {
    STAGE.set(None);
}

/// Draws what has become another one.
pub fn draw(editor: &Editor, redraw: &Redraw, shown: &Shown, now_us: i64) {
    STAGE.with_borrow_mut(|stage| {
        if let Some(stage) = stage {
            stage.draw(editor, redraw, shown, now_us);
        }
    });
}

/// Shows a scene as a screen does, until the next drawing of what is worked on.
pub fn play(editor: &Editor, scene: &str, shown: &Shown, turn: Turn, now_us: i64) {
    STAGE.with_borrow_mut(|stage| {
        if let Some(stage) = stage {
            stage.play(editor, scene, shown, turn, now_us);
        }
    });
}

/// Whether what is played is still shown.
pub fn plays() -> bool {
    STAGE.with_borrow(|stage| stage.as_ref().is_some_and(|stage| stage.plays))
}

impl Stage {
    fn draw(&mut self, editor: &Editor, redraw: &Redraw, shown: &Shown, now_us: i64) {
        let document = editor.document();
        let path = &editor.place().scene;
        let Ok(scene) = document.scene_at(path) else {
            return;
        };
        let (theme, tools) = (&document.theme, tools(&self.advances));
        match redraw {
            Redraw::Elements(ids) if self.of.as_ref() == Some(path) => {
                let places = scene.elements.iter().enumerate();
                for (index, element) in places {
                    if ids.iter().any(|id| element.find(id).is_some()) {
                        let drawn = element_drawn(theme, element, shown, now_us, tools);
                        if let Some(canvas) = self.scenes.showing() {
                            canvas.draw_one(index, drawn, now_us);
                        }
                    }
                }
            }
            Redraw::Scene | Redraw::Elements(_) => {
                let Some(layout) = document.layouts.get(path.layout) else {
                    return;
                };
                let drawing = scene_drawing(theme, layout.canvas, scene, shown, now_us, tools);
                let turn = match std::mem::take(&mut self.plays) {
                    // Nothing of what still moves is left.
                    true => {
                        self.mark("");
                        Turn::Still
                    }
                    false => Turn::Stays,
                };
                self.put(drawing, turn, now_us);
                self.of = Some(path.clone());
            }
            Redraw::Overlay | Redraw::Nothing => {}
        }
        self.place(editor.view());
    }

    fn play(&mut self, editor: &Editor, scene: &str, shown: &Shown, turn: Turn, now_us: i64) {
        let document = editor.document();
        let Some(layout) = document.layouts.get(editor.place().scene.layout) else {
            return;
        };
        let Some(scene) = model::Document::scene(layout, scene) else {
            return;
        };
        let (theme, tools) = (&document.theme, tools(&self.advances));
        let drawing = scene_drawing(theme, layout.canvas, scene, shown, now_us, tools);
        self.put(drawing, turn, now_us);
        self.plays = true;
        self.mark("plays");
        self.of = None;
        self.place(editor.view());
    }

    /// Marks the frame's page, by whose style a ticker runs or stands still.
    fn mark(&mut self, class: &str) {
        let root = self.scenes.showing().map(|canvas| canvas.root().clone());
        let page = root.and_then(|root| root.owner_document());
        if let Some(body) = page.and_then(|page| page.body()) {
            body.set_class_name(class);
        }
    }

    fn put(&mut self, drawing: Drawing, turn: Turn, now_us: i64) {
        // What fades goes by the computer's clock: that of what is shown may go back.
        let now = MonoMs(browser::now_us().unsigned_abs() / 1_000);
        self.scenes.settle(now);
        self.style = drawing.style;
        let animate = matches!(turn, Turn::Comes | Turn::Changes);
        let Some(showing) = self.scenes.showing() else {
            return;
        };
        if matches!(turn, Turn::Stays | Turn::Changes) {
            showing.draw(drawing.boxes, animate, false, now_us);
            return;
        }
        let page = showing.root().owner_document();
        let Some(element) = page.and_then(|page| page.create_element("div").ok()) else {
            return;
        };
        let mut canvas = Canvas::new(element);
        canvas.draw(drawing.boxes, animate, animate, now_us);
        self.scenes
            .show(canvas, CANVAS.to_owned(), drawing.fade_ms, animate, now);
        self.placed.clear();
    }

    /// As a screen does it: the canvas is scaled as a whole. Between two pixels of the device all
    /// of it would be blurred.
    fn place(&mut self, view: &View) {
        let ratio = window().device_pixel_ratio();
        let whole = |px: f64| fixed((px * ratio).round() / ratio, 3);
        let (scale, at) = (fixed(view.scale, 6), view.offset);
        let placed = format!(
            "{}display:block;left:0;top:0;margin:0;transform-origin:0 0;\
             transform:matrix({scale},0,0,{scale},{},{})",
            self.style,
            whole(at.x),
            whole(at.y)
        );
        if placed != self.placed
            && let Some(canvas) = self.scenes.showing()
        {
            // It fails only for names that no attribute can have.
            let _ = canvas.root().set_attribute("style", &placed);
            self.placed = placed;
        }
    }
}

fn tools(advances: &Advances) -> Tools<'_> {
    Tools {
        advances,
        letters: LETTERS,
        qr_url: "/canvas/qr/",
        clock_steps: 0,
    }
}
