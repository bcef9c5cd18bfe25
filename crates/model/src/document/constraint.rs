//! How elements take another size of their canvas: what makes one layout out of another.

use super::{Area, Canvas, Draw, Element, Layout, Rows, TextStyle, Ticker};
use crate::limits::{
    PLACE_PX_MAX, TEXT_PX_MAX, TEXT_PX_MIN, TICKER_PX_PER_S_MAX, TICKER_PX_PER_S_MIN,
};
use serde::{Deserialize, Serialize};

/// Of an element, along each axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraints {
    #[serde(default)]
    pub horizontal: Constraint,
    #[serde(default)]
    pub vertical: Constraint,
}

/// What stays where the canvas, or the group around, becomes another size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Constraint {
    /// Its share of the whole.
    #[default]
    Scale,
    /// How far it is from the left or the top, and its size.
    Start,
    /// How far it is from the right or the bottom, and its size.
    End,
    /// How far it is from both: it grows between them.
    Stretch,
    /// How far its middle is from the middle of the whole, and its size.
    Center,
}

/// What is to be had of lengths: `now` where there were `before`.
#[derive(Clone, Copy)]
struct Change {
    before: i64,
    now: i64,
}

impl Change {
    fn scaled(self, px: i32) -> i32 {
        let scaled = (2 * i64::from(px) * self.now + self.before).div_euclid(2 * self.before);
        let most = i64::from(PLACE_PX_MAX);
        i32::try_from(scaled.clamp(-most, most)).unwrap_or(0)
    }

    fn grown_px(self) -> i32 {
        i32::try_from(self.now - self.before).unwrap_or(0)
    }
}

impl Constraint {
    pub const ALL: [Self; 5] = [
        Self::Scale,
        Self::Start,
        Self::End,
        Self::Stretch,
        Self::Center,
    ];

    /// Where something begins and how long it is.
    fn placed(self, start_px: i32, length_px: i32, change: Change) -> (i32, i32) {
        let grown_px = change.grown_px();
        match self {
            Self::Scale => {
                let start = change.scaled(start_px);
                (start, (change.scaled(start_px + length_px) - start).max(1))
            }
            Self::Start => (start_px, length_px),
            Self::End => (start_px + grown_px, length_px),
            Self::Stretch => (start_px, (length_px + grown_px).max(1)),
            Self::Center => (start_px + grown_px.div_euclid(2), length_px),
        }
    }
}

impl Layout {
    /// The same for another canvas, each element as its constraints say.
    #[must_use]
    pub fn resized(&self, canvas: Canvas) -> Self {
        let mut layout = self.clone();
        let change = |before: u32, now: u32| Change {
            before: i64::from(before.max(1)),
            now: i64::from(now),
        };
        let changes = [
            change(self.canvas.width_px, canvas.width_px),
            change(self.canvas.height_px, canvas.height_px),
        ];
        layout.canvas = canvas;
        for scene in &mut layout.scenes {
            resize(&mut scene.elements, changes);
        }
        for guide in &mut layout.guides {
            let [x, y] = changes;
            guide.at_px = match guide.axis {
                super::Axis::X => x.scaled(guide.at_px),
                super::Axis::Y => y.scaled(guide.at_px),
            };
        }
        layout
    }
}

impl Draw {
    /// The same in an area of another size: what it draws with follows its constraints.
    #[must_use]
    pub fn resized(&self, before: Area, now: Area) -> Self {
        let mut draw = self.clone();
        resize_draw(&mut draw, inside(before, now));
        draw
    }
}

fn inside(before: Area, now: Area) -> [Change; 2] {
    let change = |before: i32, now: i32| Change {
        before: i64::from(before.max(1)),
        now: i64::from(now),
    };
    [
        change(before.width_px, now.width_px),
        change(before.height_px, now.height_px),
    ]
}

fn resize(elements: &mut [Element], [x, y]: [Change; 2]) {
    for element in elements {
        let Constraints {
            horizontal,
            vertical,
        } = element.constraints;
        let before = element.at;
        let (x_px, width_px) = horizontal.placed(before.x_px, before.width_px, x);
        let (y_px, height_px) = vertical.placed(before.y_px, before.height_px, y);
        element.at = Area {
            x_px,
            y_px,
            width_px,
            height_px,
        };
        resize_draw(&mut element.draw, inside(before, element.at));
    }
}

/// `by` is how its own area changed.
fn resize_draw(draw: &mut Draw, by: [Change; 2]) {
    match draw {
        Draw::Text(text) | Draw::Message(text) => resize_text(&mut text.style, by),
        Draw::Clock(clock) => resize_text(&mut clock.style, by),
        Draw::Ticker(ticker) => resize_ticker(ticker, by[1]),
        Draw::Group(group) => resize(&mut group.elements, by),
        Draw::Arrivals(rows) | Draw::Races(rows) => resize_rows(rows, by),
        Draw::Image(_) | Draw::Shape(_) | Draw::QrCode(_) | Draw::Sponsors(_) => {}
    }
}

/// As many rows as before.
fn resize_rows(rows: &mut Rows, [x, y]: [Change; 2]) {
    let pitch = i32::from(rows.pitch_px);
    let now = y.scaled(pitch).clamp(1, i32::from(u16::MAX));
    rows.pitch_px = u16::try_from(now).unwrap_or(u16::MAX);
    let row = Change {
        before: i64::from(pitch.max(1)),
        now: i64::from(now),
    };
    resize(&mut rows.elements, [x, row]);
}

/// Its text has room for any width. As many letters run past in a second as before.
fn resize_ticker(ticker: &mut Ticker, y: Change) {
    resize_text(&mut ticker.style, [y, y]);
    let [least, most] = [TICKER_PX_PER_S_MIN, TICKER_PX_PER_S_MAX].map(i32::from);
    let speed = y.scaled(ticker.px_per_s.into()).clamp(least, most);
    ticker.px_per_s = u16::try_from(speed).unwrap_or(TICKER_PX_PER_S_MAX);
}

/// By the side that became less, so that what fitted still does.
fn resize_text(style: &mut TextStyle, [x, y]: [Change; 2]) {
    let less = if x.now * y.before < y.now * x.before {
        x
    } else {
        y
    };
    let scaled = |px: u16| {
        let most = i32::from(TEXT_PX_MAX);
        let px = less.scaled(px.into()).clamp(TEXT_PX_MIN.into(), most);
        u16::try_from(px).unwrap_or(TEXT_PX_MAX)
    };
    style.size_px_min = style.size_px_min.map(scaled);
    style.size_px = scaled(style.size_px);
}
