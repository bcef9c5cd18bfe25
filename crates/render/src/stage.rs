//! How a canvas lies on a screen: as large, as far in and turned as the page's address says.
//!
//! Pure, and in whole numbers: thousandths of a pixel, millionths of a scale. Knows no window; what
//! it answers are styles. Screens that cannot run it have the same in `lite.js`.

use crate::{
    limits::{DELAY_MS_MAX, MARGIN_MILLI_MAX},
    style::{fixed, number},
};
use model::document::Canvas;

/// What the address of a page says after its `?`. What it says wrongly counts as not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    pub scale: Scale,
    /// For `Scale::One`: where the canvas begins, in dots of the screen.
    pub at: [i32; 2],
    /// What a screen hides at each of its edges, in thousandths of a percent of its length.
    pub margin_milli: u32,
    pub turn: Turn,
    /// Frames are shown this much later than they come.
    pub delay_ms: u64,
    /// The test card lies over the board.
    pub card: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// All of the canvas is seen.
    #[default]
    Fit,
    /// All of the screen is filled, and the canvas may be cut.
    Fill,
    /// A pixel of the canvas is a dot of the screen, for processors of LED walls that cut
    /// their picture out of it.
    One,
}

/// Clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    #[default]
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

/// What a page has to be drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub width_px: u32,
    pub height_px: u32,
    /// Dots of the screen to a pixel of the window, in thousandths.
    pub dots_milli: u32,
}

/// The part of a window that is seen, as it stands after its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    pub width_px: u32,
    pub height_px: u32,
    dots_milli: u32,
    setup: Setup,
    /// Where its own corner lies in the window.
    origin_px: [u32; 2],
}

/// A number with up to three digits after the point, in thousandths.
fn milli(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 5 || part.len() > 3 {
        return None;
    }
    let digits = whole.bytes().chain(part.bytes());
    let zeros = std::iter::repeat_n(b'0', 3 - part.len());
    digits.chain(zeros).try_fold(0, |number, sign| {
        sign.is_ascii_digit()
            .then(|| number * 10 + u32::from(sign - b'0'))
    })
}

/// A whole number, also below zero.
fn whole(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let number = milli(digits).filter(|_| !digits.contains('.'))?;
    Some(sign * (number / 1_000) as i32)
}

impl Setup {
    /// Of what stands in an address from its `?` on.
    pub fn of(search: &str) -> Self {
        let mut setup = Self::default();
        for pair in search.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            setup.set(name, value);
        }
        setup
    }

    fn set(&mut self, name: &str, value: &str) {
        match (name, value) {
            ("scale", "fit") => self.scale = Scale::Fit,
            ("scale", "fill") => self.scale = Scale::Fill,
            ("scale", "one") => self.scale = Scale::One,
            ("x", _) => self.at[0] = whole(value).unwrap_or(self.at[0]),
            ("y", _) => self.at[1] = whole(value).unwrap_or(self.at[1]),
            ("margin", _) => {
                let margin = milli(value).filter(|margin| *margin <= MARGIN_MILLI_MAX);
                self.margin_milli = margin.unwrap_or(self.margin_milli);
            }
            ("rotate", "0") => self.turn = Turn::None,
            ("rotate", "90") => self.turn = Turn::Quarter,
            ("rotate", "180") => self.turn = Turn::Half,
            ("rotate", "270") => self.turn = Turn::ThreeQuarters,
            ("delay", _) => {
                let delay = milli(value).map(u64::from);
                let delay = delay.filter(|delay_ms| *delay_ms <= DELAY_MS_MAX);
                self.delay_ms = delay.unwrap_or(self.delay_ms);
            }
            ("card", "1") => self.card = true,
            _ => {}
        }
    }
}

impl Stage {
    pub fn new(setup: Setup, window: Window) -> Self {
        let margin = |length: u32| match setup.scale {
            // Its place is told to the dot.
            Scale::One => 0,
            _ => (u64::from(length) * u64::from(setup.margin_milli) / 100_000) as u32,
        };
        let (left, top) = (margin(window.width_px), margin(window.height_px));
        let width = window.width_px - 2 * left;
        let height = window.height_px - 2 * top;
        let (width_px, height_px, origin_px) = match setup.turn {
            Turn::None => (width, height, [left, top]),
            Turn::Quarter => (height, width, [left + width, top]),
            Turn::Half => (width, height, [left + width, top + height]),
            Turn::ThreeQuarters => (height, width, [left, top + height]),
        };
        Self {
            width_px,
            height_px,
            dots_milli: window.dots_milli.max(1),
            setup,
            origin_px,
        }
    }

    /// Of the element that is the stage: `body`, so that all that lies in it is turned with it.
    pub fn style(&self) -> String {
        let [x, y] = self.origin_px.map(|px| number(px as i32));
        let turn = match self.setup.turn {
            Turn::None => "1,0,0,1,",
            Turn::Quarter => "0,1,-1,0,",
            Turn::Half => "-1,0,0,-1,",
            Turn::ThreeQuarters => "0,-1,1,0,",
        };
        let matrix = ["matrix(", turn, &x, ",", &y, ")"].concat();
        let (width, height) = (number(self.width_px as i32), number(self.height_px as i32));
        let size = ["width:", &width, "px;height:", &height, "px;"].concat();
        [&*size, &transform(&matrix)].concat()
    }

    /// By how much a canvas is scaled, in millionths, and where on the stage it begins, in
    /// thousandths of a pixel.
    pub fn place(&self, canvas: Canvas) -> (i64, [i64; 2]) {
        let (width, height) = (i64::from(canvas.width_px), i64::from(canvas.height_px));
        let wide = i64::from(self.width_px) * 1_000_000 / width.max(1);
        let tall = i64::from(self.height_px) * 1_000_000 / height.max(1);
        let scale = match self.setup.scale {
            Scale::Fit => wide.min(tall),
            Scale::Fill => wide.max(tall),
            Scale::One => {
                let dots = i64::from(self.dots_milli);
                let at = self.setup.at.map(|at| i64::from(at) * 1_000_000 / dots);
                return (1_000_000_000 / dots, at);
            }
        };
        // To a whole pixel, so that a canvas of the screen's own size is sharp.
        let free = |stage: u32, canvas: i64| {
            let free_px = i64::from(stage) - canvas * scale / 1_000_000;
            free_px.div_euclid(2) * 1_000
        };
        (
            scale,
            [free(self.width_px, width), free(self.height_px, height)],
        )
    }

    /// Of a canvas on it.
    pub fn canvas_style(&self, canvas: Canvas) -> String {
        let (scale, at) = self.place(canvas);
        let scale = fixed(scale as i32, 6);
        let [x, y] = at.map(|at| fixed(at as i32, 3));
        let matrix = ["matrix(", &scale, ",0,0,", &scale, ",", &x, ",", &y, ")"].concat();
        let place = "display:block;left:0;top:0;margin:0;";
        [place, &transform(&matrix)].concat()
    }
}

fn transform(matrix: &str) -> String {
    let origin = "transform-origin:0 0;";
    [
        "-webkit-",
        origin,
        origin,
        "-webkit-transform:",
        matrix,
        ";transform:",
        matrix,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HD: Canvas = Canvas {
        width_px: 1_920,
        height_px: 1_080,
    };

    fn stage(search: &str, width_px: u32, height_px: u32) -> Stage {
        let window = Window {
            width_px,
            height_px,
            dots_milli: 1_000,
        };
        Stage::new(Setup::of(search), window)
    }

    #[test]
    fn an_address_says_how_a_screen_is_set_up() {
        let check = |search, expected: Setup| assert_eq!(Setup::of(search), expected, "{search}");
        let plain = Setup::default();
        check("", plain);
        check("?", plain);
        let all = Setup {
            scale: Scale::One,
            at: [64, -8],
            margin_milli: 2_500,
            turn: Turn::Quarter,
            delay_ms: 1_500,
            card: true,
        };
        check(
            "?scale=one&x=64&y=-8&margin=2.5&rotate=90&delay=1.5&card=1",
            all,
        );
        for ignored in [
            "?scale=huge",
            "?x=1e9",
            "?x=1.5",
            "?x=",
            "?margin=-3",
            "?margin=26",
            "?margin=.5",
            "?margin=1.2345",
            "?rotate=45",
            "?rotate=-90",
            "?delay=61",
            "?delay=a",
            "?delay",
            "?card=0",
            "?card=yes",
            "?from=somewhere&else",
            "?SCALE=fill",
        ] {
            check(ignored, plain);
        }
        // The last that can be read counts.
        let turned = Setup {
            turn: Turn::Half,
            ..plain
        };
        check("?rotate=90&rotate=180&rotate=181", turned);
    }

    #[test]
    fn a_canvas_fits_or_fills() {
        let check = |search, (width, height), scale, at: [i64; 2]| {
            let at = at.map(|px| px * 1_000);
            let placed = stage(search, width, height).place(HD);
            assert_eq!(placed, (scale, at), "{search} {width} x {height}");
        };
        check("", (1_920, 1_080), 1_000_000, [0, 0]);
        check("", (960, 1_080), 500_000, [0, 270]);
        check("", (3_840, 1_080), 1_000_000, [960, 0]);
        check("?scale=fill", (960, 1_080), 1_000_000, [-480, 0]);
        check("?scale=fill", (3_840, 1_080), 2_000_000, [0, -540]);
        check("?margin=10", (1_920, 1_080), 800_000, [0, 0]);
        check("?rotate=90", (1_080, 1_920), 1_000_000, [0, 0]);
        check("?rotate=90", (1_920, 1_080), 562_500, [0, 656]);
        check("?scale=one&x=64&y=32", (1_920, 1_080), 1_000_000, [64, 32]);
        check("?scale=one&x=5&margin=9", (100, 100), 1_000_000, [5, 0]);
    }

    #[test]
    fn one_to_one_counts_dots_and_not_pixels() {
        let window = Window {
            width_px: 1_280,
            height_px: 720,
            dots_milli: 1_500,
        };
        let stage = Stage::new(Setup::of("?scale=one&x=30&y=15"), window);
        assert_eq!(stage.place(HD), (666_666, [20_000, 10_000]));
    }

    #[test]
    fn the_stage_is_what_is_seen_and_turned() {
        let check = |search, size: (u32, u32), matrix: &str| {
            let stage = stage(search, 1_000, 500);
            assert_eq!((stage.width_px, stage.height_px), size, "{search}");
            let style = stage.style();
            let wanted = ["transform:matrix(", matrix, ")"].concat();
            assert!(style.ends_with(&wanted), "{search}: {style}");
        };
        check("", (1_000, 500), "1,0,0,1,0,0");
        check("?margin=3", (940, 470), "1,0,0,1,30,15");
        check("?rotate=90", (500, 1_000), "0,1,-1,0,1000,0");
        check("?rotate=180", (1_000, 500), "-1,0,0,-1,1000,500");
        check("?rotate=270", (500, 1_000), "0,-1,1,0,0,500");
        check("?rotate=90&margin=10", (400, 800), "0,1,-1,0,900,50");
    }

    #[test]
    fn styles_are_written_for_engines_of_2014() {
        let style = stage("", 960, 540).canvas_style(HD);
        assert_eq!(
            style,
            "display:block;left:0;top:0;margin:0;\
             -webkit-transform-origin:0 0;transform-origin:0 0;\
             -webkit-transform:matrix(0.500000,0,0,0.500000,0.000,0.000);\
             transform:matrix(0.500000,0,0,0.500000,0.000,0.000)"
        );
    }
}
