//! What stands in the page: the stage, the canvas on it, what lies over it, the notice.
//!
//! Owns which scene of which template is shown, and that another template is seen once its pictures
//! are there. How one scene comes over the other, `render::dom` knows.

use js_sys::{Function, Reflect};
use model::{Document, MonoMs};
use render::{
    Cover, Drawing, Shown,
    dom::{Canvas, Scenes},
    draw::{Tools, drawing},
    limits::LOAD_MS_MAX,
    link::Overlay,
    screen::{ENDED_HTML, cover_html, layout_class},
    stage::{Setup, Stage},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Window};

/// Of the page: tells when the pictures and fonts of an element have come.
const LOADS: &str = "gantryLoads";

pub struct View {
    setup: Setup,
    cover: Cover,
    notice: String,
    page: Option<Page>,
    timer: Option<i32>,
}

/// What a picture is made of.
pub struct Picture<'a> {
    /// How many templates came before this one.
    pub template: u32,
    pub document: &'a Document,
    pub shown: &'a Shown,
    /// On the server's clock.
    pub now_us: i64,
    pub tools: Tools<'a>,
    pub animate: bool,
}

/// The elements, once there is something to draw.
struct Page {
    screen: Element,
    cover: Element,
    cover_text: Element,
    cover_note: Element,
    notice: Element,
    scenes: Scenes,
    /// What is shown.
    of: Option<Scene>,
    coming: Option<Coming>,
}

/// Of another template: in the page and not seen, until its pictures are there.
struct Coming {
    canvas: Canvas,
    of: Scene,
    fade_ms: u16,
    since: MonoMs,
    loaded: Option<Function>,
}

/// What a canvas is of.
#[derive(Clone, Copy, PartialEq)]
struct Scene {
    layout: usize,
    scene: &'static str,
    template: u32,
}

impl View {
    pub fn new(setup: Setup, cover: Cover) -> Self {
        Self {
            setup,
            cover,
            notice: String::new(),
            page: None,
            timer: None,
        }
    }

    /// Gives the next moment at which it looks different by itself, on the server's clock.
    pub fn draw(
        &mut self,
        window: &Window,
        root: &Element,
        picture: &Picture<'_>,
        now: MonoMs,
    ) -> Option<i64> {
        let stage = Stage::new(self.setup, size(window));
        if picture.shown.ended {
            self.page = None;
            set_stage(root, &stage);
            root.set_inner_html(ENDED_HTML);
            return None;
        }
        let document = picture.document;
        let layout = document.layout_for(stage.width_px, stage.height_px)?;
        let index = document.layouts.iter().position(|one| one == layout)?;
        let of = Scene {
            layout: index,
            scene: picture.shown.state.scene(document.subject).name(),
            template: picture.template,
        };
        let drawing = drawing(
            document,
            layout,
            picture.shown,
            picture.now_us,
            picture.tools,
        );
        let next = drawing.next_change_us(picture.now_us);
        let is_new = self.page.is_none();
        if is_new {
            self.page = Some(Page::new(root)?);
        }
        let page = self.page.as_mut()?;
        page.put(window, of, drawing, &stage, picture.animate && !is_new, now)?;
        if is_new {
            // The server's picture goes when this one is whole.
            root.set_text_content(None);
            let _ = root.append_child(&page.screen);
        }
        set_stage(root, &stage);
        if is_new {
            self.refresh();
        }
        next
    }

    /// What time alone brings: a canvas that has left, a template whose pictures have come. True
    /// where the picture is another one now.
    pub fn settle(&mut self, now: MonoMs) -> bool {
        self.page.as_mut().is_some_and(|page| page.settle(now))
    }

    /// One timer at a time.
    pub fn wait(&mut self, window: &Window, timer: i32) {
        if let Some(before) = self.timer.replace(timer) {
            window.clear_timeout_with_handle(before);
        }
    }

    pub fn lay_over(&mut self, overlay: Overlay) {
        let overlay = match overlay {
            Overlay::None if self.setup.card => Overlay::Identify,
            overlay => overlay,
        };
        if self.cover.overlay != overlay {
            self.cover.overlay = overlay;
            self.refresh();
        }
    }

    pub fn notice(&mut self, notice: String) {
        if self.notice != notice {
            self.notice = notice;
            self.refresh();
        }
    }

    fn refresh(&self) {
        let Some(page) = &self.page else { return };
        let [text, note] = self.cover.texts();
        set(&page.cover, "class", self.cover.class());
        page.cover_text.set_text_content(Some(text));
        page.cover_note.set_text_content(Some(note));
        let class = if self.notice.is_empty() {
            "notice"
        } else {
            "notice on"
        };
        set(&page.notice, "class", class);
        page.notice.set_text_content(Some(&self.notice));
    }
}

impl Page {
    fn new(root: &Element) -> Option<Self> {
        let document = root.owner_document()?;
        let screen = document.create_element("div").ok()?;
        screen.set_class_name("screen");
        let cover = cover_html(&Cover::default());
        screen.set_inner_html(&[&*cover, "<p class=\"notice\"></p>"].concat());
        let find = |name: &str| screen.query_selector(name).ok().flatten();
        let cover = find(".cover")?;
        Some(Self {
            scenes: Scenes::new(screen.clone(), Some(cover.clone().into())),
            cover,
            cover_text: find(".cover-text")?,
            cover_note: find(".cover-note")?,
            notice: find(".notice")?,
            screen,
            of: None,
            coming: None,
        })
    }

    fn put(
        &mut self,
        window: &Window,
        of: Scene,
        drawing: Drawing,
        stage: &Stage,
        animate: bool,
        now: MonoMs,
    ) -> Option<()> {
        let style = [&*drawing.style, &stage.canvas_style(drawing.canvas)].concat();
        let fit = |canvas: &Canvas| set(canvas.root(), "style", &style);
        if self.of == Some(of) {
            let showing = self.scenes.showing()?;
            fit(showing);
            showing.draw(drawing.boxes, animate, false, drawing.now_us);
            return Some(());
        }
        // Another shape of the window is no event.
        let turned = |before: Scene| before.layout != of.layout;
        let animate = animate && !self.of.is_some_and(turned);
        let is_other = self.of.map(|before| before.template) != Some(of.template);
        if let Some(coming) = self.coming.as_mut().filter(|coming| coming.of == of) {
            fit(&coming.canvas);
            coming
                .canvas
                .draw(drawing.boxes, false, false, drawing.now_us);
            return Some(());
        }
        // It waits no longer than the first of its template did.
        let mut since = now;
        if let Some(coming) = self.coming.take() {
            coming.canvas.root().remove();
            if coming.of.template == of.template {
                since = coming.since;
            }
        }
        let element = self.screen.owner_document()?.create_element("div").ok()?;
        let mut canvas = Canvas::new(element.clone());
        fit(&canvas);
        set(&element, "class", &layout_class(of.layout));
        let waits = self.of.is_some() && is_other;
        canvas.draw(drawing.boxes, animate, animate && !waits, drawing.now_us);
        if waits {
            set(
                &element,
                "class",
                &[&*layout_class(of.layout), " coming"].concat(),
            );
            self.scenes.add(&element);
            let loads = Reflect::get(window, &LOADS.into()).ok();
            let loads = loads.and_then(|loads| loads.dyn_into::<Function>().ok());
            let loaded = loads.and_then(|loads| loads.call1(&JsValue::NULL, &element).ok());
            self.coming = Some(Coming {
                canvas,
                of,
                fade_ms: drawing.fade_ms,
                since,
                loaded: loaded.and_then(|loaded| loaded.dyn_into().ok()),
            });
        } else {
            self.show(canvas, of, drawing.fade_ms, animate, now);
        }
        Some(())
    }

    fn show(&mut self, canvas: Canvas, of: Scene, fade_ms: u16, animate: bool, now: MonoMs) {
        let class = layout_class(of.layout);
        self.scenes.show(canvas, class, fade_ms, animate, now);
        self.of = Some(of);
    }

    fn settle(&mut self, now: MonoMs) -> bool {
        self.scenes.settle(now);
        let come = self.coming.take_if(|coming| {
            let loaded = coming.loaded.as_ref();
            let loaded = loaded.and_then(|loaded| loaded.call0(&JsValue::NULL).ok());
            loaded.is_none_or(|loaded| loaded.is_truthy())
                || coming.since.plus_ms(LOAD_MS_MAX) <= now
        });
        let has_come = come.is_some();
        if let Some(coming) = come {
            self.show(coming.canvas, coming.of, coming.fade_ms, true, now);
        }
        has_come
    }
}

/// Of the page's body, on which all lies, and of the unit of lengths on it.
fn set_stage(root: &Element, stage: &Stage) {
    let Some(document) = root.owner_document() else {
        return;
    };
    if let Some(body) = document.body() {
        set(&body, "style", &stage.style());
    }
    if let Some(html) = document.document_element() {
        set(&html, "style", "font-size:100px");
    }
}

fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // It fails only for names that no attribute can have.
        let _ = element.set_attribute(name, value);
    }
}

/// Of the window, in its own pixels.
fn size(window: &Window) -> render::stage::Window {
    let pixels = |length: Result<JsValue, _>| {
        let length = length.ok().and_then(|length| length.as_f64());
        length.unwrap_or_default() as u32
    };
    render::stage::Window {
        width_px: pixels(window.inner_width()),
        height_px: pixels(window.inner_height()),
        dots_milli: (window.device_pixel_ratio() * 1_000.0) as u32,
    }
}
