//! Puts a drawing into a browser's page, and only what differs from the one before it: for the
//! kiosk and for the builder's canvas.
//!
//! Boxes keep their places in the tree from frame to frame, so a board that runs for days has as
//! many nodes as at its first frame.

mod scenes;

pub use scenes::Scenes;

use crate::{
    Drawn,
    draw::Content,
    style::{Style, push_begun, push_timing},
};
use model::document::Transition;
use web_sys::{Document, Element, Node};

/// The boxes below one element, as they were last drawn.
pub struct Canvas {
    root: Element,
    boxes: Vec<Drawn>,
}

impl Canvas {
    /// Below an element that is empty.
    pub fn new(root: Element) -> Self {
        Self {
            root,
            boxes: Vec::new(),
        }
    }

    pub fn root(&self) -> &Element {
        &self.root
    }

    /// `enters`: the scene is another one than before, so all that is drawn comes new. `now_us`: of
    /// the drawing.
    pub fn draw(&mut self, boxes: Vec<Drawn>, animate: bool, enters: bool, now_us: i64) {
        let Some(document) = self.root.owner_document() else {
            return;
        };
        let painter = Painter {
            document,
            animate,
            enters,
            now_us,
        };
        painter.all(&self.root, &self.boxes, &boxes);
        self.boxes = boxes;
    }

    /// One of its boxes, where nothing else is another.
    pub fn draw_one(&mut self, index: usize, drawn: Drawn, now_us: i64) {
        let (Some(document), Some(before)) =
            (self.root.owner_document(), self.boxes.get_mut(index))
        else {
            return;
        };
        let mut element = self.root.first_element_child();
        for _ in 0..index {
            element = element.and_then(|element| element.next_element_sibling());
        }
        let painter = Painter {
            document,
            animate: false,
            enters: false,
            now_us,
        };
        if let Some(element) = element {
            painter.one(&element, Some(before), &drawn);
            *before = drawn;
        }
    }

    /// Its boxes go, each as it does. Gives how long that takes, in milliseconds.
    pub fn leave(&mut self) -> u64 {
        leave(&self.root, &self.boxes)
    }
}

fn leave(parent: &Element, boxes: &[Drawn]) -> u64 {
    let mut takes_ms = 0;
    let mut next = parent.first_element_child();
    for drawn in boxes {
        let Some(element) = next else { break };
        if !is_off(drawn) {
            if let Some(exit) = drawn.motion.exit {
                animate(&element, drawn, "out-", exit);
                takes_ms = takes_ms.max(u64::from(exit.ms) + u64::from(exit.delay_ms));
            }
            if let Content::Boxes(boxes) = &drawn.content {
                takes_ms = takes_ms.max(leave(&element, boxes));
            }
        }
        next = element.next_element_sibling();
    }
    takes_ms
}

fn animate(element: &Element, drawn: &Drawn, direction: &str, transition: Transition) {
    let mut timing = Style::default();
    push_timing(&mut timing, transition);
    let class = [&*drawn.class, " ", direction, transition.by.name()].concat();
    begin(element, &drawn.class, &class, &drawn.style, timing);
}

/// Begins an animation. An engine does so anew only where it saw the box without it.
fn begin(element: &Element, without: &str, class: &str, style: &str, timing: Style) {
    set(element, "class", without);
    let _ = element.client_width();
    set(element, "class", class);
    set(element, "style", &[style, &timing.into_text()].concat());
}

fn is_off(drawn: &Drawn) -> bool {
    drawn.style.is_empty()
}

struct Painter {
    document: Document,
    animate: bool,
    enters: bool,
    now_us: i64,
}

impl Painter {
    fn all(&self, parent: &Element, old: &[Drawn], new: &[Drawn]) {
        let mut next = parent.first_element_child();
        for (index, drawn) in new.iter().enumerate() {
            let (element, before) = match (next.take(), old.get(index)) {
                (Some(element), Some(before)) => (element, Some(before)),
                _ => {
                    let Ok(element) = self.document.create_element("div") else {
                        return;
                    };
                    append(parent, &element);
                    (element, None)
                }
            };
            self.one(&element, before, drawn);
            next = element.next_element_sibling();
        }
        while let Some(element) = next {
            next = element.next_element_sibling();
            element.remove();
        }
    }

    fn one(&self, element: &Element, before: Option<&Drawn>, drawn: &Drawn) {
        if before == Some(drawn) && !self.enters {
            return;
        }
        match self.animation(before, drawn) {
            Some(transition) => animate(element, drawn, "in-", transition),
            None if before.is_none_or(|before| {
                before.class != drawn.class
                    || before.style != drawn.style
                    || before.tick != drawn.tick
            }) =>
            {
                match drawn.tick.and_then(|tick| tick.run_ms(self.now_us)) {
                    Some(run_ms) => {
                        let mut timing = Style::default();
                        push_begun(&mut timing, run_ms);
                        begin(element, "", &drawn.class, &drawn.style, timing);
                    }
                    None => {
                        set(element, "class", &drawn.class);
                        set(element, "style", &drawn.style);
                    }
                }
            }
            None => {}
        }
        let old = before.map(|before| &before.content);
        match (old, &drawn.content) {
            (Some(Content::Boxes(old)), Content::Boxes(new)) => self.all(element, old, new),
            (old, content) if old == Some(content) => {}
            (old, Content::Boxes(new)) => {
                if old.is_some_and(|old| *old != Content::Nothing) {
                    element.set_text_content(None);
                }
                self.all(element, &[], new);
            }
            (_, Content::Text(text)) => {
                // Names are written in their own direction.
                set(element, "dir", "auto");
                element.set_text_content(Some(text));
            }
            (_, Content::Nothing) => element.set_text_content(None),
        }
    }

    /// The animation that this change begins.
    fn animation(&self, before: Option<&Drawn>, drawn: &Drawn) -> Option<Transition> {
        if !self.animate || is_off(drawn) {
            return None;
        }
        let comes = self.enters || before.is_none_or(is_off);
        match before {
            Some(before) if !comes && says(before) != says(drawn) => drawn.motion.change,
            _ if comes => drawn.motion.enter,
            _ => None,
        }
    }
}

/// All texts of a box, one after the other: what a change of it is.
fn says(drawn: &Drawn) -> String {
    match &drawn.content {
        Content::Text(text) => text.clone(),
        Content::Boxes(boxes) => boxes.iter().map(says).collect(),
        // A picture.
        Content::Nothing => drawn.style.clone(),
    }
}

fn set(element: &Element, name: &str, value: &str) {
    // It fails only for names that no attribute can have.
    let _ = element.set_attribute(name, value);
}

fn append(parent: &Node, child: &Node) {
    // It fails only where a node would lie within itself.
    let _ = parent.append_child(child);
}
