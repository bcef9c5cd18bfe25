//! How wide a sign is in bold sans-serif, by estimate.
//!
//! Owns the classes of signs. Knows no box and no size. The numbers were set beside the glyphs
//! of Liberation Sans and Noto Sans in Chromium: a text set a little small is better than one
//! that runs out of its box, so a class is as wide as its widest usual glyphs.

/// The estimated width of a line, in thousandths of an em.
pub fn width_mem(text: &str) -> u32 {
    let mut before = '\0';
    text.chars().fold(0u32, |sum, sign| {
        let advance = if joins_next(before) {
            // The second half of a conjunct is drawn small, or under the first.
            advance_mem(sign) / 2
        } else {
            advance_mem(sign)
        };
        before = sign;
        sum.saturating_add(advance)
    })
}

/// The byte offsets at which a text may be cut without breaking what is drawn as one sign, from
/// the first after its begin to its end. Simpler than UAX #29, and never finer.
pub fn cuts(text: &str) -> impl Iterator<Item = usize> {
    let mut before = '\0';
    let mut flags = 0;
    let inner = text.char_indices().filter_map(move |(at, sign)| {
        let is_flag = is_flag(sign);
        let together = matches!(before, '\0' | '\u{200d}')
            || is_mark(u32::from(sign))
            || is_sign_of_letter(u32::from(sign))
            || joins_next(before)
            || is_put_before(before)
            || is_flag && flags % 2 == 1;
        flags = if is_flag { flags + 1 } else { 0 };
        before = sign;
        (!together).then_some(at)
    });
    inner.chain((!text.is_empty()).then_some(text.len()))
}

/// The signs that bind the next letter into a conjunct. The Tamil one does not: it is a dot.
fn joins_next(sign: char) -> bool {
    matches!(
        u32::from(sign),
        0x94d | 0x9cd | 0xa4d | 0xacd | 0xb4d | 0xc4d | 0xccd | 0xd4d | 0x1039 | 0x17d2
    )
}

/// The Thai and Lao vowels that stand in front of the letter they belong to.
fn is_put_before(sign: char) -> bool {
    matches!(u32::from(sign), 0xe40..=0xe44 | 0xec0..=0xec4)
}

/// Flags come as two letters.
fn is_flag(sign: char) -> bool {
    matches!(u32::from(sign), 0x1f1e6..=0x1f1ff)
}

fn advance_mem(sign: char) -> u32 {
    match sign {
        'i'
        | 'j'
        | 'l'
        | 'I'
        | ' '
        | '.'
        | ','
        | '\''
        | '/'
        | '|'
        | '\\'
        | '\u{2019}'
        | '\u{a0}'
        | '\u{b7}'
        | 'Ì'..='Ï'
        | 'ì'..='ï'
        | 'ı' => 290,
        'f' | 't' | '-' | '(' | ')' | '[' | ']' | ':' | ';' | '!' | '`' => 345,
        'r' => 395,
        'a' | 'c' | 'e' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' | '0'..='9' => 560,
        'w' | 'G' | 'O' | 'Q' => 785,
        'm' | 'M' => 895,
        'W' | '@' | '%' | 'Æ' | 'Œ' | 'æ' | 'œ' | '\u{2014}' | '\u{2026}' => 1_000,
        'F' | 'L' | 'T' | 'Z' | 'b'..='z' => 615,
        'E' | 'P' | 'S' | 'V' | 'X' | 'Y' => 670,
        'A'..='Z' | '&' => 725,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => 0,
        ' '..='~' => 620,
        _ => advance_beyond_ascii_mem(u32::from(sign)),
    }
}

fn advance_beyond_ascii_mem(sign: u32) -> u32 {
    if is_mark(sign) {
        return 0;
    }
    match sign {
        // Latin with diacritics: capitals and small letters take turns. Then IPA.
        0xa0..=0xbf => 560,
        0xc0..=0xde => 785,
        0xdf..=0xff => 620,
        0x100..=0x137 | 0x14a..=0x177 | 0x1e00..=0x1eff => 740 - sign % 2 * 120,
        0x138..=0x149 | 0x178..=0x17f => 620 + sign % 2 * 110,
        0x180..=0x2ff => 740,
        // Greek: capitals, then small letters; of both, the slim and the wide ones first.
        0x38a | 0x390 | 0x399 | 0x3aa => 290,
        0x370..=0x3ab => 790,
        0x3af | 0x3b9 | 0x3ca => 345,
        0x3c8 | 0x3c9 | 0x3ce => 860,
        0x3ac..=0x3ff => 640,
        0x1f00..=0x1fff => 800,
        // Cyrillic: the slim letters, the wide ones, small letters, capitals.
        0x406 | 0x407 | 0x456..=0x458 => 290,
        0x409 | 0x40a | 0x428 | 0x429 | 0x42e => 1_100,
        0x402 | 0x40b | 0x416 | 0x41c | 0x424 | 0x42a | 0x42b => 960,
        0x444 | 0x448 | 0x449 | 0x44b | 0x44e | 0x459 | 0x45a => 900,
        0x436 | 0x43c | 0x44a => 750,
        0x430..=0x45f => 620,
        0x400..=0x42f => 730,
        0x460..=0x52f => 790,
        // Armenian, and Hebrew with its slim letters.
        0x530..=0x58f => 760,
        0x5d5 | 0x5d9 | 0x5df => 300,
        0x5be | 0x5d2 | 0x5d6 | 0x5e0 => 450,
        0x590..=0x5ff => 680,
        // Arabic in joined forms: upright letters, those that end a stroke, those with teeth.
        0x60c | 0x61b | 0x621..=0x623 | 0x625 | 0x627 | 0x644 => 340,
        0x624 | 0x629 | 0x62f..=0x632 | 0x648 | 0x698 => 560,
        0x633..=0x636 => 1_030,
        0x600..=0x7ff | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfefe => 640,
        0x900..=0xdff => advance_indic_mem(sign),
        // Thai and Lao: the vowels beside a letter, then the letters.
        0xe30..=0xe33 | 0xe40 | 0xe42..=0xe45 | 0xeb0..=0xeb3 | 0xec0..=0xec4 => 430,
        0xe00..=0xe7f => 660,
        0xe80..=0xeff => 720,
        0xf00..=0xfff => 700,
        // Burmese and Khmer: signs beside a letter, then letters.
        0x1031 => 630,
        0x102b..=0x103e => 320,
        0x1000..=0x109f => 860,
        0x17b6..=0x17d3 => 330,
        0x1780..=0x17ff => 720,
        // Georgian, Ethiopic, Cherokee.
        0x10a0..=0x10ff | 0x1c90..=0x1cbf => 680,
        0x1200..=0x13ff => 800,
        // Dashes and quotes.
        0x2010..=0x2013 => 600,
        0x2018..=0x201f => 500,
        // Half-width forms, flags by halves, pictures.
        0xff61..=0xffdc => 560,
        0x1f1e6..=0x1f1ff => 750,
        0x1f000..=0x1faff => 1_400,
        _ => 1_000,
    }
}

/// The scripts of India and Sri Lanka. Their blocks are laid out alike, 128 signs each.
fn advance_indic_mem(sign: u32) -> u32 {
    let (letter, beside) = match sign {
        0x900..=0x97f | 0xa00..=0xa7f => (690, 280),
        0x980..=0x9ff | 0xa80..=0xaff => (710, 320),
        0xb00..=0xb7f => (780, 420),
        0xb80..=0xbff => (1_060, 560),
        0xc00..=0xcff => (790, 330),
        0xd00..=0xd7f => (1_050, 560),
        _ => (980, 480),
    };
    // Vowels in two parts, and those in front of their letter.
    let is_wide = matches!(sign,
        0x9cb | 0x9cc | 0xb47..=0xb4c | 0xbc6..=0xbcc | 0xd46..=0xd4c | 0xdd9..=0xdde);
    if is_sign_of_letter(sign) && !is_wide {
        beside
    } else {
        letter
    }
}

/// Vowels and other signs that take room beside the letter they belong to.
fn is_sign_of_letter(sign: u32) -> bool {
    match sign {
        0x900..=0xd7f => {
            let place = sign & 0x7f;
            matches!(place, 0..=3 | 0x3e..=0x4f | 0x55..=0x57 | 0x62..=0x63) || sign == 0x93b
        }
        0xd80..=0xdff => matches!(sign, 0xd80..=0xd83 | 0xdca..=0xddf | 0xdf2 | 0xdf3),
        0xe30..=0xe33 | 0xe45 | 0xeb0..=0xeb3 | 0xff9e | 0xff9f => true,
        0xf3e | 0xf3f | 0xf7f | 0x102b..=0x103e | 0x1056..=0x1059 | 0x17b6..=0x17d3 => true,
        _ => false,
    }
}

/// Combining marks, joiners and the signs that only steer direction or variation.
fn is_mark(sign: u32) -> bool {
    let mut ranges = MARKS.chunks_exact(2);
    ranges.any(|range| range[0] <= sign && sign <= range[1])
}

/// From and to, in turn, along Unicode. As a table it is smaller in the kiosk than as a match.
const MARKS: &[u32] = &[
    0xad, 0xad, 0x300, 0x36f, 0x483, 0x489, 0x591, 0x5bd, 0x5bf, 0x5c7, 0x610, 0x61a, 0x64b, 0x65f,
    0x670, 0x670, 0x6d6, 0x6dc, 0x6df, 0x6e4, 0x6e7, 0x6ed, 0x900, 0x902, 0x93a, 0x93a, 0x93c,
    0x93c, 0x941, 0x948, 0x94d, 0x94d, 0x951, 0x957, 0x962, 0x963, 0x981, 0x981, 0x9bc, 0x9bc,
    0x9c1, 0x9c4, 0x9cd, 0x9cd, 0x9e2, 0x9e3, 0xa01, 0xa02, 0xa3c, 0xa3c, 0xa41, 0xa51, 0xa70,
    0xa71, 0xa81, 0xa82, 0xabc, 0xabc, 0xac1, 0xac8, 0xacd, 0xacd, 0xb01, 0xb01, 0xb3c, 0xb3c,
    0xb3f, 0xb3f, 0xb41, 0xb44, 0xb4d, 0xb4d, 0xb56, 0xb56, 0xb82, 0xb82, 0xbc0, 0xbc0, 0xbcd,
    0xbcd, 0xc3f, 0xc40, 0xc46, 0xc47, 0xc4d, 0xc4d, 0xcbc, 0xcbc, 0xcbf, 0xcbf, 0xcc6, 0xcc6,
    0xccd, 0xccd, 0xd4d, 0xd4d, 0xdca, 0xdca, 0xdd2, 0xdd6, 0xe31, 0xe31, 0xe34, 0xe3a, 0xe47,
    0xe4e, 0xeb1, 0xeb1, 0xeb4, 0xebc, 0xec8, 0xecd, 0xf18, 0xf19, 0xf71, 0xf7e, 0xf80, 0xf84,
    0xf8d, 0xfbc, 0x102d, 0x1030, 0x1032, 0x1037, 0x1039, 0x103a, 0x103d, 0x103e, 0x1160, 0x11ff,
    0x17b7, 0x17bd, 0x17c6, 0x17c6, 0x17c9, 0x17d3, 0x1ab0, 0x1aff, 0x1dc0, 0x1dff, 0x200b, 0x200f,
    0x202a, 0x202e, 0x2060, 0x206f, 0x20d0, 0x20ff, 0x302a, 0x302f, 0x3099, 0x309a, 0xfe00, 0xfe0f,
    0xfe20, 0xfe2f, 0xfeff, 0xfeff, 0x1f3fb, 0x1f3ff, 0xe0000, 0xe01ef,
];
