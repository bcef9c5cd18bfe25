//! Copies: of elements as text on the system's clipboard, of a style, and beside the original.
//!
//! A text that Gantry did not write becomes a text element; what it wrote is read with a bound and
//! then checked as every change is.

use crate::geometry::{Frame, Rect, bounded_by, moved, size_px, whole};
use crate::group::rebased;
use crate::insert::{lines_of, say, tidied};
use crate::limits::{CLIPBOARD_BYTES_MAX, PASTED_CHARS_MAX};
use crate::outcome::Effect;
use crate::refusal::Refusal;
use crate::step::label;
use crate::{Editor, Kind};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::document::{
    Area, Border, Draw, Edit, Element, Fill, Pattern, Piece, Property, Shadow, TextStyle,
};
use serde::{Deserialize, Serialize};

/// Before the bytes, so that other texts are known as such; with the number of their form.
const MARKER: &str = "gantry-elements-1:";

/// How far a copy lies from its original where nobody has said more.
const BESIDE_PX: i32 = 20;

#[derive(Debug, Default)]
pub(crate) struct Clipboard {
    text: Option<String>,
    style: Option<Style>,
    last: Option<Repeat>,
}

/// A duplicate that may have been moved since: the next one goes on as far.
#[derive(Debug)]
struct Repeat {
    copies: Vec<String>,
    /// Where the first original was.
    original: Area,
}

/// With places on the canvas.
#[derive(Debug, Serialize, Deserialize)]
struct Clip {
    elements: Vec<Element>,
}

/// What of an element is its look, where it has it.
#[derive(Clone, Debug)]
struct Style {
    opacity_percent: u8,
    shadow: Option<Option<Shadow>>,
    text: Option<TextStyle>,
    shape: Option<(Fill, Option<Border>, u16)>,
}

impl Clipboard {
    pub(crate) fn has_style(&self) -> bool {
        self.style.is_some()
    }

    pub(crate) fn repeat(&mut self, copies: Vec<String>, original: Option<Area>) {
        self.last = original.map(|original| Repeat { copies, original });
    }
}

impl Editor {
    /// What was copied last here, for where a browser does not let its clipboard be read.
    pub fn copied(&self) -> Option<&str> {
        self.clipboard.text.as_deref()
    }

    pub(crate) fn copy(&mut self) {
        let frame = self.frame();
        let chosen = self.chosen().into_iter();
        let elements = chosen.map(|element| rebased(element, frame, Frame::CANVAS));
        let clip = Clip {
            elements: elements.collect(),
        };
        let bytes = postcard::to_allocvec(&clip);
        let bytes = bytes.expect("elements have only what postcard can write");
        let text = [MARKER, &*BASE64_STANDARD.encode(bytes)].concat();
        self.clipboard.text = Some(text.clone());
        self.out.effects.push(Effect::Copy(text));
    }

    pub(crate) fn delete(&mut self, verb: &str) {
        let free = self.free();
        let label = label(verb, &free);
        let edits = self.removals(&free);
        self.commit(label, Edit::All(edits), None);
    }

    pub(crate) fn paste(&mut self, text: &str, in_place: bool) {
        let elements = match read(text) {
            Ok(Some(elements)) => elements,
            Ok(None) => return self.paste_words(text),
            Err(why) => return self.refuse(why),
        };
        let elements = self.renamed(self.brought_in(&elements));
        let refs: Vec<&Element> = elements.iter().collect();
        let Some(rect) = Self::around(&refs) else {
            return self.refuse(Refusal::NothingToPaste);
        };
        let by = if in_place {
            (0, 0)
        } else {
            self.beside(&elements, rect)
        };
        let by = bounded_by(elements.iter().map(|it| it.at), by);
        let label = label("Paste", &refs);
        let ids = elements.iter().map(|element| element.id.clone()).collect();
        let edit = self.copies_at(&elements, &[], by);
        if self.commit(label, edit, None) {
            self.select(ids);
        }
    }

    /// Where the original would be seen, beside it and what was pasted before; else in the middle
    /// of what is seen.
    fn beside(&self, elements: &[Element], rect: Rect) -> (i32, i32) {
        let center = self.frame().out(rect.center());
        if !self.view.visible().holds(center) && self.view.width_px > 0.0 {
            let middle = self.local(self.view.center()) - rect.center();
            return (whole(middle.x), whole(middle.y));
        }
        let Some(first) = elements.first() else {
            return (0, 0);
        };
        let list = self.list();
        let is_there = |px: i32| list.iter().any(|it| it.at == moved(first.at, (px, px)));
        let mut px = 0;
        while is_there(px) {
            px += BESIDE_PX;
        }
        (px, px)
    }

    /// Somebody else's text.
    fn paste_words(&mut self, text: &str) {
        let words = tidied(text);
        if words.is_empty() {
            return self.refuse(Refusal::NothingToPaste);
        }
        if words.chars().count() > PASTED_CHARS_MAX {
            return self.refuse(Refusal::TextTooLong);
        }
        let words = Pattern {
            pieces: vec![Piece::Text(words)],
        };
        let canvas = self.canvas_rect();
        let lines = lines_of(&words);
        let center = self.local(self.view.center());
        let at = Area {
            x_px: whole(center.x - canvas.width() / 4.0),
            y_px: whole(center.y - canvas.height() / 20.0),
            width_px: size_px(canvas.width() / 2.0),
            height_px: size_px(canvas.height() / 10.0 * f64::from(lines)),
        };
        let by = bounded_by(std::iter::once(at), (0, 0));
        let mut element = self.made(Kind::Text, self.fresh_id(Kind::Text.id()), moved(at, by));
        if let Draw::Text(of) = &mut element.draw {
            say(of, words);
        }
        let id = element.id.clone();
        let edit = self.insert_edit(element);
        if self.commit("Paste text".to_owned(), edit, None) {
            self.select(vec![id]);
        }
    }

    pub(crate) fn duplicate(&mut self) {
        let chosen = self.chosen();
        let Some(first) = chosen.first().map(|element| element.at) else {
            return;
        };
        let mut by = (BESIDE_PX, BESIDE_PX);
        if let Some(last) = &self.clipboard.last
            && last.copies == self.selection
        {
            let moved = (
                first.x_px - last.original.x_px,
                first.y_px - last.original.y_px,
            );
            if moved != (0, 0) {
                by = moved;
            }
        }
        let by = bounded_by(chosen.iter().map(|it| it.at), by);
        let label = label("Duplicate", &chosen);
        let copies = self.renamed(chosen.into_iter().cloned().collect());
        let ids: Vec<String> = copies.iter().map(|it| it.id.clone()).collect();
        let edit = self.copies_at(&copies, &self.selection, by);
        if self.commit(label, edit, None) {
            self.clipboard.repeat(ids.clone(), Some(first));
            self.select(ids);
        }
    }

    pub(crate) fn copy_style(&mut self) {
        if let Some(element) = self.selected().first() {
            self.clipboard.style = Some(Style::of(element));
            self.out.panels = true;
        }
    }

    pub(crate) fn paste_style(&mut self) {
        let Some(style) = self.clipboard.style.clone() else {
            return;
        };
        let selected = self.selected();
        let mut edits = Vec::new();
        for element in &selected {
            if element.opacity_percent != style.opacity_percent {
                let to = Property::OpacityPercent(style.opacity_percent);
                edits.push(self.set(&element.id, to));
            }
            let mut draw = element.draw.clone();
            style.put_on(&mut draw);
            if draw != element.draw {
                edits.push(self.set(&element.id, Property::Draw(draw)));
            }
        }
        let label = label("Paste style to", &selected);
        self.commit(label, Edit::All(edits), None);
    }
}

/// `None` where the text is somebody else's.
fn read(text: &str) -> Result<Option<Vec<Element>>, Refusal> {
    if text.len() > CLIPBOARD_BYTES_MAX {
        return Err(Refusal::ClipboardTooLarge);
    }
    let Some(base64) = text.trim().strip_prefix(MARKER) else {
        return Ok(None);
    };
    let bytes = BASE64_STANDARD.decode(base64);
    let bytes = bytes.map_err(|_| Refusal::BadClipboard)?;
    let clip: Clip = postcard::from_bytes(&bytes).map_err(|_| Refusal::BadClipboard)?;
    // Places are reckoned with before the change is checked.
    let is_sound = |at: Area| {
        let most = model::limits::PLACE_PX_MAX;
        let is_place = |px: i32| (-most..=most).contains(&px);
        let is_size = |px: i32| (1..=most).contains(&px);
        is_place(at.x_px) && is_place(at.y_px) && is_size(at.width_px) && is_size(at.height_px)
    };
    match clip.elements.iter().all(|element| is_sound(element.at)) {
        true => Ok(Some(clip.elements)),
        false => Err(Refusal::BadClipboard),
    }
}

impl Style {
    fn of(element: &Element) -> Self {
        let mut style = Self {
            opacity_percent: element.opacity_percent,
            shadow: None,
            text: None,
            shape: None,
        };
        match &element.draw {
            Draw::Text(text) | Draw::Message(text) => style.text(&text.style),
            Draw::Clock(clock) => style.text(&clock.style),
            Draw::Ticker(ticker) => style.text(&ticker.style),
            Draw::Shape(shape) => {
                style.shadow = Some(shape.shadow);
                style.shape = Some((shape.fill.clone(), shape.border, shape.radius_px));
            }
            Draw::Image(_)
            | Draw::Arrivals(_)
            | Draw::Races(_)
            | Draw::QrCode(_)
            | Draw::Sponsors(_)
            | Draw::Group(_) => {}
        }
        style
    }

    fn text(&mut self, of: &TextStyle) {
        self.shadow = Some(of.shadow);
        self.text = Some(of.clone());
    }

    fn put_on(&self, draw: &mut Draw) {
        match draw {
            Draw::Text(text) | Draw::Message(text) => self.put_on_text(&mut text.style),
            Draw::Clock(clock) => self.put_on_text(&mut clock.style),
            Draw::Ticker(ticker) => self.put_on_text(&mut ticker.style),
            Draw::Shape(shape) => {
                if let Some((fill, border, radius_px)) = &self.shape {
                    shape.fill = fill.clone();
                    shape.border = *border;
                    shape.radius_px = *radius_px;
                }
                shape.shadow = self.shadow.unwrap_or(shape.shadow);
            }
            Draw::Image(_)
            | Draw::Arrivals(_)
            | Draw::Races(_)
            | Draw::QrCode(_)
            | Draw::Sponsors(_)
            | Draw::Group(_) => {}
        }
    }

    fn put_on_text(&self, style: &mut TextStyle) {
        match &self.text {
            Some(text) => *style = text.clone(),
            None => style.shadow = self.shadow.unwrap_or(style.shadow),
        }
    }
}
