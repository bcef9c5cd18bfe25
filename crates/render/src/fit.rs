//! Fits a line of text to its box by an estimated width, so that the server, which has no fonts,
//! and every browser come to the same size.
//!
//! Owns the estimate and the sizes of the board's boxes, in em. Knows nothing of pixels: the
//! style sheet gives each box at least the width named here, and a test holds it to that.

/// A box for one line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextBox {
    /// Thousandths of an em of the box's own font size.
    pub width_mem: u32,
    /// The smallest share of that font size; what is still too wide then ends in an ellipsis.
    pub percent_min: u32,
}

pub const BIB: TextBox = TextBox {
    width_mem: 3_300,
    percent_min: 50,
};
pub const NAME: TextBox = TextBox {
    width_mem: 12_000,
    percent_min: 46,
};
/// Point and city on one line.
pub const PLACE_LINE: TextBox = TextBox {
    width_mem: 13_000,
    percent_min: 64,
};
pub const EVENT: TextBox = TextBox {
    width_mem: 20_000,
    percent_min: 50,
};
pub const POINTS: TextBox = TextBox {
    width_mem: 12_000,
    percent_min: 50,
};
/// `20:27:47`: it always fits.
pub const TIME: TextBox = TextBox {
    width_mem: 4_050,
    percent_min: 50,
};

/// The share of the box's font size, in percent, at which a text of this width fits.
/// From `percent_min` to 100. It never grows when the text does.
pub fn percent(width_mem: u32, text_box: TextBox) -> u32 {
    if width_mem <= text_box.width_mem {
        return 100;
    }
    let fitting = u64::from(text_box.width_mem) * 100 / u64::from(width_mem);
    u32::try_from(fitting)
        .unwrap_or(100)
        .max(text_box.percent_min)
}

/// The inline style for a text in its box.
pub fn style(text: &str, text_box: TextBox) -> String {
    size_style(percent(width_mem(text), text_box).min(percent_by_height(text)))
}

/// The inline style for a line of several parts, of which only the width is known.
pub fn style_of_width(width_mem: u32, text_box: TextBox) -> String {
    size_style(percent(width_mem, text_box))
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

fn size_style(percent: u32) -> String {
    format!("font-size:{}.{:02}em", percent / 100, percent % 100)
}

/// The estimated width of a line in bold sans-serif, in thousandths of an em.
pub fn width_mem(text: &str) -> u32 {
    text.chars()
        .fold(0u32, |sum, sign| sum.saturating_add(advance_mem(sign)))
}

/// The advance of one sign. Signs fall into classes as wide as the widest usual glyph in them:
/// a text set a little small is better than one that runs out of its box. The Latin classes
/// follow the widths that Helvetica's bold and its metric copies have; a mark that sits on
/// another sign counts nothing, and what no class holds counts one em.
fn advance_mem(sign: char) -> u32 {
    match sign {
        'i' | 'j' | 'l' | 'I' | ' ' | '.' | ',' | '\'' | '/' | '|' | '\u{2019}' | '\u{a0}'
        | '\u{b7}' => 290,
        'f' | 't' | 'r' | '(' | ')' | '-' | ':' | ';' | '!' | '[' | ']' | '"' | '`' => 395,
        'm' | 'M' => 895,
        'w' | 'G' | 'O' | 'Q' => 785,
        'W' | '@' | '%' | '\u{2014}' | '\u{2026}' => 1_000,
        'a' | 'c' | 'e' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | '0'..='9' => 560,
        'b'..='z' => 615,
        'A'..='Z' | '&' => 725,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => 0,
        ' '..='~' => 620,
        'Æ' | 'Œ' | 'æ' | 'œ' => 1_000,
        _ => advance_beyond_ascii_mem(u32::from(sign)),
    }
}

fn advance_beyond_ascii_mem(sign: u32) -> u32 {
    if is_mark(sign) {
        return 0;
    }
    match sign {
        // Latin with diacritics, IPA.
        0xa0..=0xbf => 560,
        0xc0..=0xde => 785,
        0xdf..=0xff => 620,
        0x100..=0x2ff | 0x1e00..=0x1eff => 740,
        // Greek: capitals, then small letters.
        0x370..=0x3ab | 0x1f00..=0x1fff => 800,
        0x3ac..=0x3ff => 690,
        // Cyrillic: the wide letters first (zh, m, sh, shch, y, yu, f).
        0x416 | 0x41c | 0x424 | 0x428 | 0x429 | 0x42b | 0x42e => 1_050,
        0x436 | 0x43c | 0x444 | 0x448 | 0x449 | 0x44b | 0x44e => 900,
        0x430..=0x45f => 640,
        0x400..=0x52f => 790,
        // Armenian, Hebrew, and Arabic with its joined forms.
        0x530..=0x58f => 760,
        0x590..=0x5ff => 640,
        0x627 | 0x623 | 0x625 | 0x622 | 0x644 | 0x60c | 0x61b => 340,
        0x633..=0x636 => 1_000,
        0x600..=0x7ff | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfefe => 640,
        // The scripts of India, then Thai, Lao, Georgian.
        0x900..=0xdff => 780,
        0xe00..=0xeff => 680,
        0x10a0..=0x10ff => 700,
        // Dashes and quotes.
        0x2010..=0x2013 => 600,
        0x2018..=0x201f => 500,
        // Half-width forms.
        0xff61..=0xffdc => 560,
        // Flags come as two letters.
        0x1f1e6..=0x1f1ff => 750,
        0x1f000..=0x1faff => 1_400,
        _ => 1_000,
    }
}

/// Combining marks, joiners and the signs that only steer direction or variation.
fn is_mark(sign: u32) -> bool {
    matches!(sign,
        0xad | 0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x5bf..=0x5c7
        | 0x610..=0x61a | 0x64b..=0x65f | 0x670 | 0x6d6..=0x6dc | 0x6df..=0x6ed
        | 0x900..=0x902 | 0x93c | 0x941..=0x948 | 0x94d
        | 0xe31 | 0xe34..=0xe3a | 0xe47..=0xe4e | 0xeb1 | 0xeb4..=0xebc | 0xec8..=0xecd
        | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x206f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0xfeff
        | 0x1f3fb..=0x1f3ff | 0xe0000..=0xe01ef)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_names_stand_at_full_size_and_long_ones_shrink() {
        let check = |name: &str, expected: u32| {
            assert_eq!(percent(width_mem(name), NAME), expected, "{name}");
        };
        check("", 100);
        check("Q", 100);
        check("Jo Lin", 100);
        check("Annabel Fitzwilliam", 100);
        check("Wilhelmina Woodhouse-Montgomery", 66);
        check("王小明", 100);
        check("ポルフィリオ・アレクサンドロヴィチ", 70);
        check("W".repeat(200).as_str(), NAME.percent_min);
    }

    #[test]
    fn marks_and_joiners_take_no_room() {
        let check = |text, same_as| assert_eq!(width_mem(text), width_mem(same_as), "{text:?}");
        check("Zoe\u{308}", "Zoe");
        check("م\u{64f}ح", "مح");
        check("\u{2067}אבג\u{2069}", "אבג");
        check("👩\u{200d}👩", "👩👩");
        check("ก\u{e34}น", "กน");
    }

    #[test]
    fn the_style_has_two_decimals() {
        let check = |width, style: &str| assert_eq!(style_of_width(width, NAME), style);
        check(0, "font-size:1.00em");
        check(12_001, "font-size:0.99em");
        check(24_000, "font-size:0.50em");
        check(u32::MAX, "font-size:0.46em");
    }

    #[test]
    fn tall_scripts_keep_their_marks_inside_the_line() {
        let check = |text: &str, expected: &str| assert_eq!(style(text, NAME), expected, "{text}");
        check("Ada Quill", "font-size:1.00em");
        check("نور", "font-size:0.75em");
        check("Ada نور", "font-size:0.75em");
        check("ณัฐ", "font-size:0.75em");
        check("Αλέξης", "font-size:1.00em");
        check(&"ن".repeat(60), "font-size:0.46em");
    }

    proptest! {
        #[test]
        fn a_text_is_never_wider_than_its_box_above_the_floor(
            text in any::<String>(),
            width in 1u32..40_000,
            percent_min in 1u32..=100,
        ) {
            let text_box = TextBox { width_mem: width, percent_min };
            let estimated = width_mem(&text);
            let size = percent(estimated, text_box);
            prop_assert!((percent_min..=100).contains(&size));
            let set = u64::from(estimated) * u64::from(size);
            prop_assert!(size == percent_min || set <= u64::from(width) * 100);
        }

        #[test]
        fn a_longer_text_is_never_set_larger(text in "\\PC{0,60}", more in "\\PC{0,20}") {
            let longer = format!("{text}{more}");
            prop_assert!(
                percent(width_mem(&longer), NAME) <= percent(width_mem(&text), NAME)
            );
        }
    }
}
