//! Fits a text to its box: lines that are broken here and nowhere else, as large as there is room,
//! cut where it does not fit at the smallest size (design §6).
//!
//! Whole numbers throughout, so that the server and every browser come to the same.

#[cfg(test)]
mod tests;

use crate::fit::{Advances, cuts, is_tall};
use model::{Font, document::TextStyle};

/// Between one size and the next smaller one that is tried, in percent of the style's own: rows of
/// many lengths still look alike.
const STEP_PERCENT: u32 = 8;

/// How much narrower lines may get to be of like lengths, in percent.
const BALANCE_PERCENT_MIN: u32 = 50;

/// The height of a line in percent of the size, where letters have high or low marks.
const TALL_LINE_PERCENT_MIN: u32 = 135;

const ELLIPSIS: char = '…';

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    pub size_px: u32,
    /// From one line to the next.
    pub line_px: u32,
    pub lines: Vec<String>,
}

/// How wide texts of one style are.
struct Ruler<'a> {
    advances: &'a Advances,
    font: Font,
    spacing_mem: i32,
}

/// `text` in a box of that size.
pub fn fitted(
    text: &str,
    style: &TextStyle,
    font: Font,
    (width_px, height_px): (u32, u32),
    advances: &Advances,
) -> Fitted {
    let ruler = Ruler {
        advances,
        font,
        spacing_mem: style.spacing_mem.into(),
    };
    let lines_max = usize::from(style.lines_max);
    let is_tall = text.chars().any(is_tall);
    let percent = match is_tall {
        true => TALL_LINE_PERCENT_MIN.max(style.line_percent.into()),
        false => style.line_percent.into(),
    };
    let least = u32::from(style.size_min_px());
    let mut size_px = u32::from(style.size_px);
    let step = (size_px * STEP_PERCENT / 100).max(1);
    loop {
        let room_mem = width_px.saturating_mul(1_000) / size_px;
        let line_px = (size_px * percent / 100).max(1);
        let by_height = (height_px / line_px) as usize;
        // One line may reach over its box: it is centred there, and nothing is cut off.
        let at_least = usize::from(!is_tall || size_px <= least);
        let count = lines_max.min(by_height.max(at_least));
        let broken = ruler.broken(text, room_mem);
        let fits = broken.len() <= count && ruler.hold(&broken, room_mem);
        if !fits && least < size_px {
            size_px = size_px.saturating_sub(step).max(least);
            continue;
        }
        let lines = match fits {
            true => ruler.balanced(text, room_mem, broken),
            false => ruler.cut(broken, count, room_mem),
        };
        return Fitted {
            size_px,
            line_px,
            lines,
        };
    }
}

/// How wide one line of it is.
pub fn width_px(
    text: &str,
    style: &TextStyle,
    font: Font,
    size_px: u32,
    advances: &Advances,
) -> u32 {
    let ruler = Ruler {
        advances,
        font,
        spacing_mem: style.spacing_mem.into(),
    };
    let width = u64::from(ruler.width_mem(text)) * u64::from(size_px) / 1_000;
    u32::try_from(width).unwrap_or(u32::MAX)
}

impl Ruler<'_> {
    fn width_mem(&self, text: &str) -> u32 {
        let advances = self.advances.width_mem(self.font, text);
        let signs = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
        let spaces = self.spacing_mem.saturating_mul(signs);
        advances.saturating_add_signed(spaces)
    }

    fn hold(&self, lines: &[String], room_mem: u32) -> bool {
        lines.iter().all(|line| self.width_mem(line) <= room_mem)
    }

    /// As many words on each line as fit. A word that is too long stands alone, and over the edge.
    fn broken(&self, text: &str, room_mem: u32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in words(paragraph) {
                let mut longer = line.clone();
                longer.push_str(word);
                if !line.is_empty() && self.width_mem(longer.trim_end()) > room_mem {
                    lines.push(line.trim_end().to_owned());
                    word.trim_start().clone_into(&mut longer);
                }
                line = longer;
            }
            lines.push(line.trim_end().to_owned());
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// No more lines than these, of lengths as like as there are.
    fn balanced(&self, text: &str, room_mem: u32, lines: Vec<String>) -> Vec<String> {
        if lines.len() < 2 {
            return lines;
        }
        let narrower = (BALANCE_PERCENT_MIN..100).step_by(5).find_map(|percent| {
            let room_mem = room_mem / 100 * percent;
            let tried = self.broken(text, room_mem);
            (tried.len() == lines.len() && self.hold(&tried, room_mem)).then_some(tried)
        });
        narrower.unwrap_or(lines)
    }

    /// As much as there is room for, with an ellipsis where something is left out.
    fn cut(&self, mut lines: Vec<String>, count: usize, room_mem: u32) -> Vec<String> {
        if count < lines.len() {
            let rest = lines.split_off(count.saturating_sub(1)).join(" ");
            lines.push(rest);
        }
        lines
            .into_iter()
            .map(|line| self.cut_line(line, room_mem))
            .collect()
    }

    /// Whole signs only: no mark is parted from its letter.
    fn cut_line(&self, line: String, room_mem: u32) -> String {
        if self.width_mem(&line) <= room_mem {
            return line;
        }
        let with_ellipsis = |at: usize| {
            let (kept, _) = line.split_at_checked(at).unwrap_or_default();
            let kept = kept.trim_end_matches([' ', '\u{a0}', '-', ',', '(', '·']);
            let mut text = kept.to_owned();
            text.push(ELLIPSIS);
            text
        };
        let fits = |at: &usize| self.width_mem(&with_ellipsis(*at)) <= room_mem;
        let end = cuts(&line).take_while(fits).last().unwrap_or(0);
        with_ellipsis(end)
    }
}

/// The text in pieces, each with the blanks or the hyphen that it ends with. Between signs that
/// are written without blanks each is a piece of its own.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut signs = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((_, sign)) = signs.next() {
            let Some(&(at, next)) = signs.peek() else {
                break;
            };
            let ends_word = matches!(sign, ' ' | '-' | '‐' | '–') && next != ' ';
            let breaks = ends_word || (is_ideographic(sign) && is_ideographic(next));
            if breaks {
                end = at;
                break;
            }
        }
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        (!word.is_empty()).then_some(word)
    })
}

fn is_ideographic(sign: char) -> bool {
    matches!(
        u32::from(sign),
        0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0x20000..=0x3ffff
    )
}
