//! The scene that is shown, and the one before it below, until it has left.
//!
//! Another scene comes on a canvas of its own over the one before, which leaves when it is covered:
//! nothing half made is ever seen.

use super::{Canvas, set};
use crate::limits::LEAVE_SCENE_MS_MAX;
use model::MonoMs;
use web_sys::{Element, Node};

pub struct Scenes {
    parent: Element,
    /// What lies over all of them, within the same parent.
    over: Option<Node>,
    /// With its class while it does not come in.
    showing: Option<(Canvas, String)>,
    leaving: Option<Leaving>,
}

struct Leaving {
    canvas: Canvas,
    until: MonoMs,
    /// When it was first found to be over its time.
    late_since: Option<MonoMs>,
}

impl Scenes {
    pub fn new(parent: Element, over: Option<Node>) -> Self {
        Self {
            parent,
            over,
            showing: None,
            leaving: None,
        }
    }

    pub fn showing(&mut self) -> Option<&mut Canvas> {
        self.showing.as_mut().map(|(canvas, _)| canvas)
    }

    /// It is whole before it is seen, and there are two at most: one that is still coming in when
    /// the next comes is whole at once, or nothing would lie below the two.
    ///
    /// `fade_ms`: how long it takes to cover the one before.
    pub fn show(&mut self, next: Canvas, class: String, fade_ms: u16, animate: bool, now: MonoMs) {
        if let Some(before) = self.leaving.take() {
            if let Some((showing, class)) = &self.showing {
                set(showing.root(), "class", class);
            }
            before.canvas.root().remove();
        }
        let element = next.root();
        if animate {
            set(element, "class", &[&*class, " swap"].concat());
        } else {
            set(element, "class", &class);
        }
        self.add(element);
        if let Some((mut before, _)) = self.showing.replace((next, class)) {
            if animate {
                // Twice as long as it is told to take: a busy engine begins it late.
                let covered_ms = u64::from(fade_ms) * 2;
                let takes_ms = before.leave().max(covered_ms).min(LEAVE_SCENE_MS_MAX);
                self.leaving = Some(Leaving {
                    canvas: before,
                    until: now.plus_ms(takes_ms),
                    late_since: None,
                });
            } else {
                before.root().remove();
            }
        }
    }

    /// Over those that are there.
    pub fn add(&self, element: &Element) {
        // It fails only where a node would lie within itself.
        let _ = self.parent.insert_before(element, self.over.as_ref());
    }

    /// Takes away what has left and is covered: an engine that is busy for long begins a fade only
    /// afterwards, and one whose page is hidden not at all.
    pub fn settle(&mut self, now: MonoMs) {
        let covers = |showing: &(Canvas, String)| opacity(showing.0.root()) == "1";
        let showing = self.showing.as_ref();
        let left = self.leaving.take_if(|leaving| {
            if now < leaving.until {
                return false;
            }
            // Not since `until`: an engine that stood still for all that time begins its fade now.
            let since = *leaving.late_since.get_or_insert(now);
            since.plus_ms(LEAVE_SCENE_MS_MAX) <= now || showing.is_none_or(covers)
        });
        if let Some(before) = left {
            before.canvas.root().remove();
        }
    }
}

/// As it is painted now. It is whole in an engine that does not say.
fn opacity(element: &Element) -> String {
    let window = element.owner_document().and_then(|of| of.default_view());
    let style = window.and_then(|window| window.get_computed_style(element).ok().flatten());
    let told = style.and_then(|style| style.get_property_value("opacity").ok());
    told.unwrap_or_else(|| "1".to_owned())
}
