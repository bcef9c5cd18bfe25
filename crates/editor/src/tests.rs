//! Behaviour by real sequences of inputs: a pointer that goes down, moves and goes up; keys;
//! commands. What each file tries, its name says.

mod arranging;
mod changing;
mod copying;
mod laws;
mod lining_up;
mod looking;
mod selecting;
mod transforming;

use crate::*;
use model::Document;
use model::document::{Axis, Element, ScenePath};

/// An editor with one scene of elements, seen at 100 % from the canvas's corner.
pub(crate) struct Desk {
    pub(crate) editor: Editor,
    modifiers: Modifiers,
    last: Outcome,
}

const CANVAS: [u32; 2] = [1_000, 800];

/// `ID`, its area and its rotation, drawn as a filled rectangle.
pub(crate) fn shape(id: &str, at: [i32; 4], deg: i16) -> String {
    format!(
        r#"{{"id":"{id}","at":{at:?},"rotation_deg":{deg},"draw":{{"shape":{{"fill":{{"color":"panel"}}}}}}}}"#
    )
}

pub(crate) fn text(id: &str, at: [i32; 4], words: &str) -> String {
    format!(
        r#"{{"id":"{id}","at":{at:?},"draw":{{"text":{{"text":"{words}","style":{{"size_px":20,"color":"text"}}}}}}}}"#
    )
}

pub(crate) fn group(id: &str, at: [i32; 4], deg: i16, inside: &[String]) -> String {
    let inside = inside.join(",");
    format!(
        r#"{{"id":"{id}","at":{at:?},"rotation_deg":{deg},"draw":{{"group":{{"elements":[{inside}]}}}}}}"#
    )
}

pub(crate) fn list(id: &str, at: [i32; 4], pitch_px: u16, inside: &[String]) -> String {
    let inside = inside.join(",");
    format!(
        r#"{{"id":"{id}","at":{at:?},"draw":{{"arrivals":{{"count_max":5,"pitch_px":{pitch_px},"elements":[{inside}]}}}}}}"#
    )
}

pub(crate) fn document(elements: &[String]) -> Document {
    let [width, height] = CANVAS;
    let elements = elements.join(",");
    let colors = r##""background":"#000000","panel":"#222222","text":"#ffffff","muted":"#999999","accent":"#ffaa00","on-accent":"#000000""##;
    let json = format!(
        r#"{{"schema":1,"subject":"runner",
        "theme":{{"colors":{{{colors}}},"fonts":{{"heading":"sans","body":"sans","times":"mono"}}}},
        "layouts":[{{"canvas":{{"width_px":{width},"height_px":{height}}},"scenes":[
            {{"name":"resting","elements":[{elements}]}},
            {{"name":"runner","elements":[]}}]}}]}}"#
    );
    Document::parse(&json).unwrap()
}

pub(crate) fn resting() -> ScenePath {
    ScenePath {
        layout: 0,
        scene: "resting".to_owned(),
    }
}

impl Desk {
    pub(crate) fn of(elements: &[String]) -> Self {
        Self::with(document(elements))
    }

    /// A shape `a` and a text `t`.
    pub(crate) fn of_two() -> Self {
        Self::of(&[
            shape("a", [100, 100, 200, 100], 0),
            text("t", [400, 300, 100, 100], "{name}"),
        ])
    }

    pub(crate) fn with(document: Document) -> Self {
        let mut desk = Self {
            editor: Editor::new(document, resting()),
            modifiers: Modifiers::default(),
            last: Outcome::default(),
        };
        desk.input(Input::Resized {
            width_px: 1_000.0,
            height_px: 800.0,
        });
        desk.editor.view.scale = 1.0;
        desk.editor.view.offset = point(0.0, 0.0);
        desk
    }

    pub(crate) fn input(&mut self, input: Input) -> &Outcome {
        self.last = self.editor.input(input);
        &self.last
    }

    pub(crate) fn run(&mut self, command: Command) -> &Outcome {
        self.input(Input::Command(command))
    }

    pub(crate) fn select(&mut self, ids: &[&str]) -> &Outcome {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        self.run(Command::Select(ids))
    }

    pub(crate) fn key(&mut self, key: &str) -> &Outcome {
        let command = Command::of_key(key, self.modifiers, false).unwrap();
        self.run(command)
    }

    /// Held from here on.
    pub(crate) fn hold(&mut self, keys: &str) -> &mut Self {
        self.modifiers = Modifiers {
            shift: keys.contains("shift"),
            alt: keys.contains("alt"),
            ctrl: keys.contains("ctrl"),
            meta: false,
            space: keys.contains("space"),
        };
        let modifiers = self.modifiers;
        self.input(Input::Modifiers(modifiers));
        self
    }

    pub(crate) fn pointer(&mut self, phase: Phase, at: [f64; 2]) -> &Outcome {
        self.any_pointer(phase, at, PointerKind::Mouse, 1, 1)
    }

    pub(crate) fn any_pointer(
        &mut self,
        phase: Phase,
        [x, y]: [f64; 2],
        kind: PointerKind,
        id: i32,
        clicks: u8,
    ) -> &Outcome {
        let modifiers = self.modifiers;
        self.input(Input::Pointer(Pointer {
            phase,
            id,
            kind,
            button: Button::Primary,
            at: point(x, y),
            over: Target::Viewport,
            modifiers,
            clicks,
        }))
    }

    pub(crate) fn click(&mut self, at: [f64; 2]) -> &mut Self {
        self.pointer(Phase::Down, at);
        self.pointer(Phase::Up, at);
        self
    }

    pub(crate) fn double_click(&mut self, at: [f64; 2]) -> &mut Self {
        self.click(at);
        self.any_pointer(Phase::Down, at, PointerKind::Mouse, 1, 2);
        self.pointer(Phase::Up, at);
        self
    }

    pub(crate) fn tap(&mut self, at: [f64; 2]) -> &mut Self {
        self.any_pointer(Phase::Down, at, PointerKind::Touch, 7, 1);
        self.any_pointer(Phase::Up, at, PointerKind::Touch, 7, 1);
        self
    }

    /// Down, some moves on the way, and up.
    pub(crate) fn drag(&mut self, from: [f64; 2], to: [f64; 2]) -> &mut Self {
        self.take(from, to);
        self.pointer(Phase::Up, to);
        self
    }

    /// The same, and still down.
    pub(crate) fn take(&mut self, from: [f64; 2], to: [f64; 2]) -> &mut Self {
        self.pointer(Phase::Down, from);
        for step in 1..=4 {
            let share = f64::from(step) / 4.0;
            let at = [0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * share);
            self.pointer(Phase::Move, at);
        }
        self
    }

    pub(crate) fn element(&self, id: &str) -> &Element {
        let scene = &self.editor.place().scene;
        self.editor.document().element(scene, id).unwrap()
    }

    pub(crate) fn at(&self, id: &str) -> [i32; 4] {
        self.element(id).at.into()
    }

    pub(crate) fn selection(&self) -> Vec<&str> {
        let ids = self.editor.selection().iter();
        ids.map(String::as_str).collect()
    }

    pub(crate) fn effects(&self) -> &[Effect] {
        &self.last.effects
    }

    pub(crate) fn steps(&self) -> Vec<&str> {
        self.editor.steps().collect()
    }

    /// Where an element has its middle on the canvas.
    pub(crate) fn middle(&self, id: &str) -> [f64; 2] {
        let center = self.editor.on_canvas(id).unwrap().center;
        [center.x, center.y]
    }
}
