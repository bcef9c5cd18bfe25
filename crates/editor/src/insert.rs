//! New elements: what each kind begins as, where, and under which id.

use crate::geometry::{Frame, Point, Rect, place_px, size_px, whole};
use crate::group::rebased;
use crate::limits::PASTED_CHARS_MAX;
use crate::refusal::Refusal;
use crate::tree::each;
use crate::view::canvas_rect;
use crate::{Brought, Editor, Kind};
use model::document::{
    Align, Area, Binding, Clock, ClockShows, Color, DataField, Draw, Edit, Element, Fill, FontRole,
    Form, Image, ImageFit, Pattern, Picture, Piece, QrCode, Role, Rows, Shape, Sponsors, Text,
    TextStyle, Ticker, VerticalAlign,
};
use model::limits::{
    LINES_MAX, ROWS_MAX, TEXT_PX_MAX, TEXT_PX_MIN, TICKER_PX_PER_S_MAX, TICKER_PX_PER_S_MIN,
};
use std::collections::BTreeSet;

/// Of one picture of a reel.
const EACH_MS: u32 = 8_000;

impl Editor {
    pub(crate) fn insert(&mut self, kind: Kind) {
        let (id, edit) = self.made_about(kind, self.seen_center(), None);
        self.insert_made(kind, id, edit);
    }

    /// It says or shows what it was brought as, and asks for nothing more.
    pub(crate) fn bring(&mut self, what: Brought, at: Option<Point>) {
        let (kind, what) = match what {
            Brought::Words(words) => {
                let words = tidied(&words);
                if words.is_empty() {
                    return;
                }
                if words.chars().count() > PASTED_CHARS_MAX {
                    return self.refuse(Refusal::TextTooLong);
                }
                (Kind::Text, Brought::Text(Pattern::forgiving(&words)))
            }
            Brought::Text(_) => (Kind::Text, what),
            Brought::Picture(_) => (Kind::Image, what),
        };
        let center = at.map_or_else(|| self.seen_center(), |at| self.view.to_canvas(at));
        let (id, edit) = self.made_about(kind, center, Some(what));
        if self.commit(["Insert ", kind.word()].concat(), edit, None) {
            self.select(vec![id]);
        }
    }

    /// The middle of what can be seen of the canvas.
    fn seen_center(&self) -> Point {
        let canvas = self.canvas_rect();
        let visible = self.view.visible();
        let seen = Rect {
            left: visible.left.max(canvas.left),
            top: visible.top.max(canvas.top),
            right: visible.right.min(canvas.right),
            bottom: visible.bottom.min(canvas.bottom),
        };
        let is_seen = seen.left < seen.right && seen.top < seen.bottom;
        if is_seen { seen } else { canvas }.center()
    }

    /// At the default size, from a place of the canvas to the right and down: as far to the left
    /// and up as that needs to be on the canvas.
    pub(crate) fn insert_from(&mut self, kind: Kind, corner: Point) {
        let canvas = self.canvas_rect();
        let (width, height) = default_size(kind, canvas);
        let middle = |from: f64, size: f64, least: f64, most: f64| {
            from.min(most - size).max(least) + size / 2.0
        };
        let center = Point {
            x: middle(corner.x, width, canvas.left, canvas.right),
            y: middle(corner.y, height, canvas.top, canvas.bottom),
        };
        let (id, edit) = self.made_about(kind, center, None);
        self.insert_made(kind, id, edit);
    }

    fn insert_made(&mut self, kind: Kind, id: String, edit: Edit) {
        if self.commit(["Insert ", kind.word()].concat(), edit, None) {
            self.inserted(kind, id);
        }
    }

    /// At the default size, about a place of the canvas.
    fn made_about(&self, kind: Kind, center: Point, what: Option<Brought>) -> (String, Edit) {
        let (width, height) = default_size(kind, self.canvas_rect());
        let center = self.frame().into(center);
        let at = Area {
            x_px: place_px(center.x - width / 2.0),
            y_px: place_px(center.y - height / 2.0),
            width_px: size_px(width),
            height_px: size_px(height),
        };
        let id = self.fresh_id(kind.id());
        let mut element = self.made(kind, id.clone(), at);
        match (&mut element.draw, what) {
            (Draw::Text(text), Some(Brought::Text(says))) => say(text, says),
            (Draw::Image(image), Some(Brought::Picture(picture))) => image.picture = picture,
            _ => {}
        }
        (id, self.insert_edit(element))
    }

    pub(crate) fn canvas_rect(&self) -> Rect {
        match self.layout() {
            Some(layout) => canvas_rect(layout.canvas),
            None => Rect::between(Point::default(), Point::default()),
        }
    }

    /// As it is before anybody has said more.
    pub(crate) fn made(&self, kind: Kind, id: String, at: Area) -> Element {
        let draw = match kind {
            Kind::Text => Draw::Text(Text {
                text: bound(DataField::Name),
                style: text_style(at.height_px, Role::Text),
            }),
            Kind::Message => Draw::Message(Text {
                text: bound(DataField::Message),
                style: TextStyle {
                    lines_max: 2,
                    ..text_style(at.height_px / 2, Role::Text)
                },
            }),
            Kind::Image => Draw::Image(Image {
                picture: Picture::Logo,
                fit: ImageFit::Contain,
            }),
            Kind::Rectangle => Draw::Shape(shape(Form::Rectangle, Role::Panel)),
            Kind::Ellipse => Draw::Shape(shape(Form::Ellipse, Role::Accent)),
            Kind::Arrivals => Draw::Arrivals(self.rows(&id, at, ARRIVAL_CELLS)),
            Kind::Races => Draw::Races(self.rows(&id, at, RACE_CELLS)),
            Kind::Clock => Draw::Clock(Clock {
                shows: ClockShows::Elapsed,
                style: TextStyle {
                    font: FontRole::Times,
                    ..text_style(at.height_px, Role::Text)
                },
            }),
            Kind::QrCode => Draw::QrCode(QrCode {
                text: Pattern {
                    pieces: vec![Piece::Text("https://example.com".to_owned())],
                },
            }),
            Kind::Sponsors => Draw::Sponsors(Sponsors {
                pictures: vec![Picture::Logo],
                each_ms: EACH_MS,
                fit: ImageFit::Contain,
            }),
            Kind::Ticker => Draw::Ticker(Ticker {
                text: bound(DataField::Event),
                style: text_style(at.height_px, Role::Text),
                px_per_s: ticker_px_per_s(at.height_px),
            }),
            Kind::Group => Draw::Group(model::document::Group {
                elements: Vec::new(),
            }),
        };
        Element::new(id, at, draw)
    }

    /// As many as have room, at a twelfth of the canvas each.
    fn rows(&self, id: &str, at: Area, cells: &[Cell]) -> Rows {
        let pitch_px = (self.canvas_rect().height() / 12.0).max(1.0);
        let pitch_px = whole(pitch_px).clamp(1, at.height_px.clamp(1, u16::MAX.into()));
        let count = (at.height_px / pitch_px).clamp(1, ROWS_MAX.into());
        let elements = cells.iter();
        let elements = elements.map(|cell| cell.element(id, at.width_px, pitch_px));
        Rows {
            skip: 0,
            count_max: u16::try_from(count).unwrap_or(1),
            pitch_px: u16::try_from(pitch_px).unwrap_or(u16::MAX),
            elements: elements.collect(),
        }
    }

    /// `text-1`, or the next that neither is taken nor what others begin with.
    pub(crate) fn fresh_id(&self, begin: &str) -> String {
        Fresh::of(self).id(begin)
    }

    /// The same elements under ids that nothing in the scene has.
    pub(crate) fn renamed(&self, mut elements: Vec<Element>) -> Vec<Element> {
        fn rename(elements: &mut [Element], fresh: &mut Fresh<'_>) {
            for element in elements {
                element.id = fresh.id(Kind::of(&element.draw).id());
                if let Some(children) = element.draw.children_mut() {
                    rename(children, fresh);
                }
            }
        }
        rename(&mut elements, &mut Fresh::of(self));
        elements
    }

    /// Where one works, of elements that have places on the canvas.
    pub(crate) fn brought_in(&self, elements: &[Element]) -> Vec<Element> {
        let frame = self.frame();
        let own = elements.iter();
        own.map(|element| rebased(element, Frame::CANVAS, frame))
            .collect()
    }
}

struct Fresh<'a> {
    /// Ids, and what they begin with before a dash: the parts of a list begin with its own id.
    taken: BTreeSet<&'a str>,
    /// Up to where numbers are given.
    counts: Vec<(String, u32)>,
}

impl<'a> Fresh<'a> {
    fn of(editor: &'a Editor) -> Self {
        let mut taken = BTreeSet::new();
        each(editor.place.top(&editor.document), &mut |element| {
            let mut id = &*element.id;
            taken.insert(id);
            while let Some((begin, _)) = id.rsplit_once('-') {
                taken.insert(begin);
                id = begin;
            }
        });
        Self {
            taken,
            counts: Vec::new(),
        }
    }

    fn id(&mut self, begin: &str) -> String {
        let known = self.counts.iter_mut().find(|(of, _)| of == begin);
        let mut count = known.as_ref().map_or(0, |(_, count)| *count);
        let id = loop {
            count += 1;
            let id = [begin, "-", &*count.to_string()].concat();
            if !self.taken.contains(&*id) {
                break id;
            }
        };
        match known {
            Some((_, known)) => *known = count,
            None => self.counts.push((begin.to_owned(), count)),
        }
        id
    }
}

/// A text or clock in a row; its place and width in percent of the row.
struct Cell {
    id: &'static str,
    says: Says,
    start_percent: i32,
    width_percent: i32,
    align: Align,
    role: Role,
}

enum Says {
    Field(DataField),
    Clock(ClockShows),
}

const ARRIVAL_CELLS: &[Cell] = &[
    Cell {
        id: "bib",
        says: Says::Field(DataField::Bib),
        start_percent: 0,
        width_percent: 14,
        align: Align::Left,
        role: Role::Accent,
    },
    Cell {
        id: "name",
        says: Says::Field(DataField::Name),
        start_percent: 16,
        width_percent: 56,
        align: Align::Left,
        role: Role::Text,
    },
    Cell {
        id: "time",
        says: Says::Field(DataField::Time),
        start_percent: 74,
        width_percent: 26,
        align: Align::Right,
        role: Role::Text,
    },
];

const RACE_CELLS: &[Cell] = &[
    Cell {
        id: "race",
        says: Says::Field(DataField::Race),
        start_percent: 0,
        width_percent: 58,
        align: Align::Left,
        role: Role::Text,
    },
    Cell {
        id: "clock",
        says: Says::Clock(ClockShows::Elapsed),
        start_percent: 60,
        width_percent: 40,
        align: Align::Right,
        role: Role::Accent,
    },
];

impl Cell {
    fn element(&self, list_id: &str, width_px: i32, pitch_px: i32) -> Element {
        let style = TextStyle {
            align: self.align,
            ..text_style(pitch_px, self.role)
        };
        let draw = match &self.says {
            Says::Field(field) => Draw::Text(Text {
                text: bound(field.clone()),
                style,
            }),
            Says::Clock(shows) => Draw::Clock(Clock {
                shows: *shows,
                style: TextStyle {
                    font: FontRole::Times,
                    ..style
                },
            }),
        };
        let at = Area {
            x_px: width_px * self.start_percent / 100,
            y_px: 0,
            width_px: (width_px * self.width_percent / 100).max(1),
            height_px: pitch_px,
        };
        Element::new([list_id, "-", self.id].concat(), at, draw)
    }
}

/// What comes from outside, with no ends of lines but ours.
pub(crate) fn tidied(words: &str) -> String {
    let lines: Vec<&str> = words.trim().lines().collect();
    lines.join("\n")
}

/// As many as it is written in, and a text can have.
pub(crate) fn lines_of(words: &Pattern) -> u8 {
    let breaks = words.pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.matches('\n').count(),
        Piece::Bound(_) => 0,
    });
    let lines = breaks.sum::<usize>() + 1;
    u8::try_from(lines).map_or(LINES_MAX, |lines| lines.min(LINES_MAX))
}

/// All lines have room where one had.
pub(crate) fn say(text: &mut Text, words: Pattern) {
    let lines = lines_of(&words);
    text.text = words;
    text.style.lines_max = lines;
    text.style.size_px = (text.style.size_px / u16::from(lines)).max(TEXT_PX_MIN);
}

fn bound(field: DataField) -> Pattern {
    Pattern {
        pieces: vec![Piece::Bound(Binding {
            field,
            formats: Vec::new(),
            fallback: None,
        })],
    }
}

/// One line that has room in such a height.
fn text_style(height_px: i32, role: Role) -> TextStyle {
    let size_px = (height_px * 4 / 5).clamp(TEXT_PX_MIN.into(), TEXT_PX_MAX.into());
    TextStyle {
        font: FontRole::Body,
        bold: false,
        size_px: u16::try_from(size_px).unwrap_or(TEXT_PX_MAX),
        size_px_min: None,
        lines_max: 1,
        line_percent: 112,
        spacing_mem: 0,
        color: Color::from(role),
        align: Align::Left,
        vertical: VerticalAlign::Middle,
        case: None,
        outline: None,
        shadow: None,
        plate: None,
        padding_px: [0, 0],
    }
}

/// Some four letters in a second, which can be read from afar.
fn ticker_px_per_s(height_px: i32) -> u16 {
    let [least, most] = [TICKER_PX_PER_S_MIN, TICKER_PX_PER_S_MAX].map(i32::from);
    let speed = height_px.saturating_mul(2).clamp(least, most);
    u16::try_from(speed).unwrap_or(TICKER_PX_PER_S_MAX)
}

fn shape(form: Form, role: Role) -> Shape {
    Shape {
        form,
        fill: Fill::Color(Color::from(role)),
        border: None,
        shadow: None,
        radius_px: 0,
    }
}

/// By the canvas, so that it is neither lost on a wall nor larger than a strip of lamps.
fn default_size(kind: Kind, canvas: Rect) -> (f64, f64) {
    let (width, height) = (canvas.width(), canvas.height());
    let side = width.min(height);
    match kind {
        Kind::Text | Kind::Clock => (width * 0.4, height * 0.1),
        Kind::Message => (width * 0.5, height * 0.2),
        Kind::Ticker => (width, height * 0.08),
        Kind::Image | Kind::Sponsors => (side * 0.4, side * 0.2),
        Kind::Rectangle | Kind::Ellipse | Kind::Group => (side * 0.25, side * 0.25),
        Kind::Arrivals | Kind::Races => (width * 0.6, height * 0.5),
        Kind::QrCode => (side * 0.2, side * 0.2),
    }
}
