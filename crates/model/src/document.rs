//! The template document (design §6): what a display looks like, whatever it shows.
//!
//! Every field is written, also where it has its default: a display's screens get documents in a
//! form without names (postcard).
//!
//! Owns its shape as JSON, its schema number and the way in: `Document::parse` takes a text, moves
//! it forward to the present schema, and refuses what is wrong with the path to it.
//! Knows nothing of how it is drawn.

mod color;
mod condition;
mod constraint;
mod edit;
mod motion;
mod needs;
mod nested;
mod packed;
mod pattern;
mod style;
mod validate;
mod value;

#[cfg(test)]
mod laws;

pub use color::{Color, Paint, Rgb, Role};
pub use condition::Condition;
pub use constraint::{Constraint, Constraints};
pub use edit::{Edit, EditError, Property, ScenePath, Slot};
pub use motion::{Motion, Move, Transition};
pub use needs::Needs;
pub use packed::Packed;
pub use pattern::{Binding, DataField, Format, Pattern, PatternError, Piece};
pub use style::{Align, Border, Case, Fill, FontRole, Shadow, TextStyle, VerticalAlign};
pub use validate::Fault;
pub use value::{Letters, Value};

use crate::{Family, limits};
use serde::{Deserialize, Serialize};

/// Of documents written today. Older ones are moved forward when they are read.
pub const SCHEMA: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub schema: u32,
    pub subject: Subject,
    pub theme: Theme,
    /// One or more; a screen takes the one whose canvas is nearest to its own shape.
    pub layouts: Vec<Layout>,
}

/// Whom the scene `runner` is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// One featured at a time, by the rundown.
    Runner,
    /// The last crossings: there is no turn to wait for.
    Arrivals,
    /// It always rests.
    Nobody,
}

impl Subject {
    /// Whether one runner is shown at a time, each in turn. Else there is nobody to keep on the
    /// screen or to take off it.
    pub const fn takes_turns(self) -> bool {
        matches!(self, Self::Runner)
    }
}

/// What can be changed without touching a layout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub colors: Colors,
    pub fonts: Fonts,
    #[serde(default)]
    pub logo: Option<Picture>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Colors {
    pub background: Rgb,
    /// Of areas that stand out from the background.
    pub panel: Rgb,
    pub text: Rgb,
    /// Of what is said beside.
    pub muted: Rgb,
    pub accent: Rgb,
    /// Of text on the accent.
    pub on_accent: Rgb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fonts {
    pub heading: Family,
    pub body: Family,
    pub times: Family,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    pub canvas: Canvas,
    /// Lines that whoever designs puts elements at. Never drawn.
    #[serde(default)]
    pub guides: Vec<Guide>,
    /// `resting` and `runner` always are there.
    pub scenes: Vec<SceneLayout>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    pub axis: Axis,
    pub at_px: i32,
}

/// `X` is where a guide stands upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    X,
    Y,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canvas {
    pub width_px: u32,
    pub height_px: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneLayout {
    pub name: String,
    #[serde(default)]
    pub background: Fill,
    /// How long it takes to cover the scene before it, in milliseconds; 0: it is there at once.
    #[serde(default = "default_fade_ms")]
    pub fade_ms: u16,
    /// Later ones lie over earlier ones.
    pub elements: Vec<Element>,
}

fn default_fade_ms() -> u16 {
    limits::SCENE_FADE_MS
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Unlike that of any other element of the scene.
    pub id: String,
    /// What people call it. Where it is empty, it is called by what it draws.
    #[serde(default)]
    pub name: String,
    pub at: Area,
    /// Clockwise, about the middle.
    #[serde(default)]
    pub rotation_deg: i16,
    #[serde(default = "whole")]
    pub opacity_percent: u8,
    /// It is drawn where this holds.
    #[serde(default)]
    pub when: Option<Condition>,
    #[serde(default)]
    pub motion: Motion,
    #[serde(default)]
    pub constraints: Constraints,
    /// Whoever designs does not take hold of it by chance.
    #[serde(default)]
    pub locked: bool,
    /// Not drawn, on screens either.
    #[serde(default)]
    pub hidden: bool,
    pub draw: Draw,
}

/// A rectangle on the canvas, or in the group or row that an element belongs to: `[x, y, width,
/// height]` in pixels of the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[i32; 4]", into = "[i32; 4]")]
pub struct Area {
    pub x_px: i32,
    pub y_px: i32,
    pub width_px: i32,
    pub height_px: i32,
}

/// What an element draws. One that builds on others has them in coordinates of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Draw {
    Text(Text),
    /// The message drawn for the featured runner from the pool, else its own text.
    Message(Text),
    Image(Image),
    Shape(Shape),
    /// The last crossings, newest first, one row each.
    Arrivals(Rows),
    /// The races of the event, one row each.
    Races(Rows),
    Clock(Clock),
    QrCode(QrCode),
    Sponsors(Sponsors),
    Group(Group),
    Ticker(Ticker),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub text: Pattern,
    pub style: TextStyle,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    pub picture: Picture,
    #[serde(default)]
    pub fit: ImageFit,
}

/// Where a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Picture {
    /// The theme's.
    Logo,
    /// A `data:` address of a PNG, JPEG, GIF or WebP picture in base64.
    Data(String),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImageFit {
    /// All of it, with room beside.
    #[default]
    Contain,
    /// The whole area, with some cut off.
    Cover,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    #[serde(default)]
    pub form: Form,
    #[serde(default)]
    pub fill: Fill,
    #[serde(default)]
    pub border: Option<Border>,
    #[serde(default)]
    pub shadow: Option<Shadow>,
    #[serde(default)]
    pub radius_px: u16,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    #[default]
    Rectangle,
    Ellipse,
}

/// Rows one below the other, from the top of the element's area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Entries left out before the first row.
    #[serde(default)]
    pub skip: u16,
    pub count_max: u16,
    /// From the top of one row to that of the next.
    pub pitch_px: u16,
    /// Drawn for each, in coordinates of the row.
    #[serde(deserialize_with = "nested::bounded")]
    pub elements: Vec<Element>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub shows: ClockShows,
    pub style: TextStyle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockShows {
    /// Since the gun of the row's race, or of the race that started last. Nothing before it.
    Elapsed,
    /// Until the scheduled start of the row's race, or of the next race. Nothing after it.
    Countdown,
    /// The event's own.
    TimeOfDay,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QrCode {
    /// Black on white, as cameras want it, in every theme.
    pub text: Pattern,
}

/// Pictures one after the other, the same at the same moment on all screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sponsors {
    pub pictures: Vec<Picture>,
    pub each_ms: u32,
    #[serde(default)]
    pub fit: ImageFit,
}

/// One line that runs through its area from right to left, over and over, at the same place at the
/// same moment on all screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticker {
    pub text: Pattern,
    pub style: TextStyle,
    pub px_per_s: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    #[serde(deserialize_with = "nested::bounded")]
    pub elements: Vec<Element>,
}

impl Draw {
    /// The elements that it draws with.
    pub fn children(&self) -> &[Element] {
        match self {
            Self::Arrivals(rows) | Self::Races(rows) => &rows.elements,
            Self::Group(group) => &group.elements,
            Self::Text(_)
            | Self::Message(_)
            | Self::Image(_)
            | Self::Shape(_)
            | Self::Clock(_)
            | Self::QrCode(_)
            | Self::Sponsors(_)
            | Self::Ticker(_) => &[],
        }
    }

    /// `None` where it draws with none.
    pub fn children_mut(&mut self) -> Option<&mut Vec<Element>> {
        match self {
            Self::Arrivals(rows) | Self::Races(rows) => Some(&mut rows.elements),
            Self::Group(group) => Some(&mut group.elements),
            Self::Text(_)
            | Self::Message(_)
            | Self::Image(_)
            | Self::Shape(_)
            | Self::Clock(_)
            | Self::QrCode(_)
            | Self::Sponsors(_)
            | Self::Ticker(_) => None,
        }
    }
}

/// What ids begin with that nobody has chosen; a number follows.
pub const GIVEN_IDS: [&str; 11] = [
    "text", "message", "image", "shape", "arrivals", "races", "clock", "qr-code", "sponsors",
    "ticker", "group",
];

impl Element {
    /// What people call it: its name; else the words of an id that somebody chose, as `bib-plate`;
    /// else what it says. `None` where only its kind tells it.
    pub fn title(&self) -> Option<String> {
        if !self.name.is_empty() {
            return Some(self.name.clone());
        }
        // A letter or two say nothing.
        if self.id.len() > 2 && !self.has_given_id() {
            let words = self.id.replace('-', " ");
            let (first, rest) = words.split_at_checked(1)?;
            return Some(first.to_ascii_uppercase() + rest);
        }
        let said = match &self.draw {
            Draw::Text(text) => text.text.to_string(),
            _ => return None,
        };
        let said: Vec<&str> = said.split_whitespace().collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// Whether its id is one that the editor gives, as `text-1` or `arrivals-2-bib`.
    fn has_given_id(&self) -> bool {
        GIVEN_IDS.iter().any(|begin| {
            let rest = self.id.strip_prefix(begin);
            let rest = rest.and_then(|rest| rest.strip_prefix('-'));
            rest.is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()))
        })
    }

    /// With nothing set but what has to be.
    pub fn new(id: String, at: Area, draw: Draw) -> Self {
        Self {
            id,
            name: String::new(),
            at,
            rotation_deg: 0,
            opacity_percent: whole(),
            when: None,
            motion: Motion::default(),
            constraints: Constraints::default(),
            locked: false,
            hidden: false,
            draw,
        }
    }
}

impl Document {
    /// The layout whose canvas has the shape nearest to that of a screen.
    pub fn layout_for(&self, width_px: u32, height_px: u32) -> Option<&Layout> {
        // By how much one of the two would have to grow: whole numbers, so that the server and
        // every browser choose the same.
        let unlike = |layout: &&Layout| {
            let a = u64::from(layout.canvas.width_px) * u64::from(height_px.max(1));
            let b = u64::from(layout.canvas.height_px) * u64::from(width_px.max(1));
            a.max(b) * 1_000 / a.min(b).max(1)
        };
        self.layouts.iter().min_by_key(unlike)
    }

    /// The scene by its name, else the resting one.
    pub fn scene<'a>(layout: &'a Layout, name: &str) -> Option<&'a SceneLayout> {
        let named = |name: &str| layout.scenes.iter().find(|scene| scene.name == name);
        named(name).or_else(|| named("resting"))
    }
}

impl From<[i32; 4]> for Area {
    fn from([x_px, y_px, width_px, height_px]: [i32; 4]) -> Self {
        Self {
            x_px,
            y_px,
            width_px,
            height_px,
        }
    }
}

impl From<Area> for [i32; 4] {
    fn from(area: Area) -> Self {
        [area.x_px, area.y_px, area.width_px, area.height_px]
    }
}

fn whole() -> u8 {
    100
}
