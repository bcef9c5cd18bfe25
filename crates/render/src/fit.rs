//! Fits a line of text to its box by an estimated width, so that the server, which has no fonts,
//! and every browser come to the same size and cut at the same sign.
//!
//! Owns the sizes of the board's boxes, in em, and the few steps in which a text may shrink.
//! Knows nothing of pixels: the style sheet gives each box at least the width named here, and a
//! test holds it to that.

mod advance;

pub use advance::width_mem;

/// A box for one line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextBox {
    /// Thousandths of an em of the box's own font size.
    pub width_mem: u32,
    /// The sizes at which a text may stand, in percent of that font size, largest first. Few, so
    /// that rows of many lengths still look alike; what is too wide at the last one is cut.
    pub percents: &'static [u32],
}

pub const BIB: TextBox = TextBox {
    width_mem: 3_300,
    percents: &[100, 73, 50],
};
/// A name is as large as the one above it, or plainly smaller: of a marathon's field one in a
/// hundred is on the second step, one in a thousand on the last.
pub const NAME: TextBox = TextBox {
    width_mem: 12_000,
    percents: &[100, 75, 50],
};
/// Point and city on one line. The last step is the least that can be read on a phone.
pub const PLACE_LINE: TextBox = TextBox {
    width_mem: 12_350,
    percents: &[100, 85],
};
/// The same in the first row, which has more room.
pub const PLACE_LINE_FIRST: TextBox = TextBox {
    width_mem: 18_400,
    percents: &[100, 75],
};
pub const EVENT: TextBox = TextBox {
    width_mem: 20_000,
    percents: &[100, 80, 62],
};
/// The points beside the event's name.
pub const POINTS: TextBox = TextBox {
    width_mem: 12_000,
    percents: &[100, 85, 70],
};
/// The points on a line of their own.
pub const POINTS_LINE: TextBox = TextBox {
    width_mem: 21_700,
    percents: &[100, 85, 70],
};
/// `125:27:47`: it always fits.
pub const TIME: TextBox = TextBox {
    width_mem: 4_500,
    percents: &[100],
};

const ELLIPSIS: char = '…';
const ELLIPSIS_MEM: u32 = 1_000;

impl TextBox {
    /// The largest step at which a text of this width fits, or else the smallest.
    pub fn percent(self, width_mem: u32) -> u32 {
        self.percent_up_to(100, width_mem)
    }

    fn percent_up_to(self, percent_max: u32, width_mem: u32) -> u32 {
        let allowed = self.percents.iter().copied();
        allowed
            .filter(|&percent| percent <= percent_max && width_mem <= self.room_mem(percent))
            .max()
            .unwrap_or_else(|| self.percent_min())
    }

    /// True where a text of this width fits at one of the steps.
    pub fn holds(self, width_mem: u32) -> bool {
        width_mem <= self.room_mem(self.percent_min())
    }

    /// How wide a text may be at this size, in thousandths of an em of that size.
    pub fn room_mem(self, percent: u32) -> u32 {
        self.width_mem.saturating_mul(100) / percent
    }

    fn percent_min(self) -> u32 {
        self.percents.iter().copied().min().unwrap_or(100)
    }
}

/// A text as it stands in its box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fitted {
    /// Cut where it has to be.
    pub text: String,
    /// Inline, for the element around the text.
    pub style: String,
}

pub fn fitted(text: &str, text_box: TextBox) -> Fitted {
    let percent = text_box.percent_up_to(percent_by_height(text), width_mem(text));
    Fitted {
        text: cut(text, text_box.room_mem(percent)),
        style: style(percent),
    }
}

/// The inline style for a size.
pub fn style(percent: u32) -> String {
    format!("font-size:{}.{:02}em", percent / 100, percent % 100)
}

/// The text where it fits, else as much of its begin as fits with an ellipsis after it. Whole
/// signs only: no mark is parted from its letter, and the ellipsis ends the line in either
/// direction of writing.
pub fn cut(text: &str, room_mem: u32) -> String {
    if width_mem(text) <= room_mem {
        return text.to_owned();
    }
    let fits = |&at: &usize| width_mem(&text[..at]).saturating_add(ELLIPSIS_MEM) <= room_mem;
    let end = advance::cuts(text).take_while(fits).last().unwrap_or(0);
    let kept = text[..end].trim_end_matches([' ', '\u{a0}', '-', ',', '(', '·']);
    format!("{kept}{ELLIPSIS}")
}

/// Scripts that reach far above and below the line are set smaller, or their marks are cut off.
fn percent_by_height(text: &str) -> u32 {
    let is_tall = |sign: char| {
        matches!(u32::from(sign),
            0x600..=0x7ff | 0x8a0..=0xeff | 0xf00..=0x109f | 0x1780..=0x17ff
            | 0xfb50..=0xfdff | 0xfe70..=0xfefe)
    };
    if text.chars().any(is_tall) { 75 } else { 100 }
}

#[cfg(test)]
mod tests;
