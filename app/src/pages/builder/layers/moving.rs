//! Layers that are dragged to another place: by a mouse as browsers drag, by a finger at the handle
//! of a row, as they do not drag for one.
//!
//! Heard at the list: its rows come and go.

use super::Desk;
use crate::browser::listen;
use editor::{Command, Drop, Panel};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent, PointerEvent};

#[derive(Clone, Copy)]
pub(super) struct Moving {
    pub desk: Desk,
    pub selection: Memo<Vec<String>>,
    pub dragged: RwSignal<Option<String>>,
    /// Where it would come.
    pub aim: RwSignal<Option<Drop>>,
}

impl Moving {
    /// Rows are `.layer` with their element's id in `data-id`.
    pub fn hear(self, list: &Element) {
        listen(list, "dblclick", move |event: Event| {
            if around(&event, ".layer-name").is_some() {
                self.desk.panel.set(Some(Panel::Numbers));
            }
        });
        listen(list, "dragstart", move |event: Event| self.take(&event));
        listen(list, "dragover", move |event: MouseEvent| {
            event.prevent_default();
            self.aim_at(&event);
        });
        listen(list, "drop", move |event: Event| {
            event.prevent_default();
            self.let_go();
        });
        listen(list, "dragend", move |_: Event| self.end());
        listen(list, "pointerdown", move |event: PointerEvent| {
            self.end();
            if around(&event, ".layer-handle").is_some() {
                // A finger belongs to what it has pressed, unless that lets it go: the rows are to
                // hear of it.
                let pressed = event.target().and_then(|it| it.dyn_into::<Element>().ok());
                let _ = pressed.map(|it| it.release_pointer_capture(event.pointer_id()));
                self.take(&event);
            }
        });
        listen(list, "pointermove", move |event: PointerEvent| {
            if event.buttons() != 0 {
                self.aim_at(&event);
            }
        });
        listen(list, "pointerup", move |_: Event| self.let_go());
        listen(list, "pointercancel", move |_: Event| self.aim.set(None));
        listen(list, "pointerover", move |event: Event| {
            self.hover(id_of(&event));
        });
        listen(list, "pointerleave", move |_: Event| {
            self.aim.set(None);
            self.hover(None);
        });
    }

    /// On which side of that row, for its style.
    pub fn aimed(self, id: &str) -> Option<&'static str> {
        let (word, at) = match self.aim.get()? {
            Drop::Above(at) => ("above", at),
            Drop::Below(at) => ("below", at),
            Drop::Into(at) => ("into", at),
        };
        (id == at).then_some(word)
    }

    fn take(self, event: &Event) {
        self.dragged.set(id_of(event));
    }

    fn hover(self, id: Option<String>) {
        self.desk.command(Command::Hover(id));
    }

    /// Upper half: above it; lower half: below it; a group in its middle: into it.
    fn aim_at(self, event: &MouseEvent) {
        let (Some(moved), Some(row)) = (self.dragged.get_untracked(), row_of(event)) else {
            return;
        };
        let area = row.get_bounding_client_rect();
        let at = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0);
        let is_group = row.matches(".is-group").unwrap_or(false);
        let to = id_of(event).filter(|to| *to != moved).map(|to| match at {
            at if is_group && 0.25 < at && at < 0.75 => Drop::Into(to),
            at if at < 0.5 => Drop::Above(to),
            _ => Drop::Below(to),
        });
        if self.aim.get_untracked() != to {
            self.aim.set(to);
        }
    }

    fn let_go(self) {
        let moved = self.dragged.get_untracked();
        if let Some((moved, to)) = moved.zip(self.aim.get_untracked()) {
            let ids = self.selection.get_untracked();
            let ids = match ids.contains(&moved) {
                true => ids,
                false => vec![moved],
            };
            self.desk.command(Command::MoveLayers { ids, to });
        }
        self.end();
    }

    fn end(self) {
        self.dragged.set(None);
        self.aim.set(None);
    }
}

fn row_of(event: &Event) -> Option<Element> {
    around(event, ".layer")
}

fn id_of(event: &Event) -> Option<String> {
    row_of(event)?.get_attribute("data-id")
}

/// What it happened in.
fn around(event: &Event, what: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(what).ok()?
}
