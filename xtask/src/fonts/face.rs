//! One font file as one `@font-face`: which signs it shows, so that each sign has exactly one
//! face of a family, and how wide a text of them is by a shaper.
//! Knows nothing of how that is written down.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use harfrust::{Buffer, Feature, Font, ShapeOptions, ShaperFont, Tag};
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class, is_nfc};

use super::plan::{self, Kind, Source, Stack};
use super::unpack::unpack;

pub struct Face {
    pub stack: &'static Stack,
    pub bold: bool,
    pub source: Source,
    /// In order. Marks are in every face that has them: a letter and its marks come from one.
    pub signs: BTreeSet<char>,
    font: Font,
}

/// What `font-kerning: none` and `font-variant-ligatures: none` switch off.
const OFF: [&[u8; 4]; 6] = [b"kern", b"liga", b"clig", b"dlig", b"hlig", b"calt"];

/// A sign as it stands in a text.
pub struct Part {
    pub glyphs: Vec<u32>,
    pub mem: i64,
}

impl Face {
    /// The width of the text in thousandths of an em.
    pub fn width(&self, text: &str) -> Result<i64> {
        let shaped = self.shaped(text)?;
        Ok(self.mem(shaped.iter().map(|glyph| glyph.units).sum()))
    }

    /// One sign of a text.
    pub fn part(&self, text: &[char], at: usize) -> Result<Part> {
        let start: usize = text[..at].iter().map(|sign| sign.len_utf8()).sum();
        let end = start + text[at].len_utf8();
        let shaped = self.shaped(&text.iter().collect::<String>())?;
        let its = shaped
            .iter()
            .filter(|glyph| (start..end).contains(&glyph.at));
        Ok(Part {
            glyphs: its.clone().map(|glyph| glyph.id).collect(),
            mem: self.mem(its.map(|glyph| glyph.units).sum()),
        })
    }

    fn mem(&self, units: i64) -> i64 {
        let units_per_em = i64::from(self.font.units_per_em());
        (units * 2_000 + units_per_em).div_euclid(2 * units_per_em)
    }

    fn shaped(&self, text: &str) -> Result<Vec<Glyph>> {
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let off = OFF.map(|tag| Feature::new(Tag::new(tag), 0, ..));
        let options = ShapeOptions::new().features(&off);
        harfrust::shape(&ShaperFont::new(&self.font), &mut buffer, options)
            .map_err(|error| anyhow!("shape {text:?}: {error:?}"))?;
        let glyphs = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
        let glyphs = glyphs.map(|(info, position)| Glyph {
            id: info.glyph_id,
            at: info.cluster as usize,
            units: i64::from(position.x_advance),
        });
        Ok(glyphs.collect())
    }
}

struct Glyph {
    id: u32,
    /// The place of its sign in the text, in bytes.
    at: usize,
    units: i64,
}

/// The faces of one instance of a family.
pub fn of_stack(stack: &'static Stack, bold: bool, dir: &Path) -> Result<Vec<Face>> {
    let mut claimed = BTreeSet::new();
    let mut faces = Vec::new();
    for &source in stack.sources {
        let name = format!("{} {}", source.package, source.subset);
        let face = open(stack, bold, source, dir, &claimed)
            .with_context(|| format!("read the font {name}: type `npm ci` in xtask/fonts"))?;
        claimed.extend(face.signs.iter().copied().filter(|&sign| !is_shared(sign)));
        faces.push(face);
    }
    Ok(faces)
}

fn open(
    stack: &'static Stack,
    bold: bool,
    source: Source,
    dir: &Path,
    claimed: &BTreeSet<char>,
) -> Result<Face> {
    let file = format!("files/{}.woff", source.stem(bold));
    let woff = fs::read(dir.join(plan::path(source.package, &file)))?;
    let font = Font::new(unpack(&woff)?, 0).context("this is no font")?;
    let declared = declared(source, dir)?;
    let signs: BTreeSet<char> = font
        .charmap()
        .unicodes()
        .filter_map(|(code, _)| char::from_u32(code))
        // Packages declare a mark for one of their files, and have it in all.
        .filter(|&sign| {
            canonical_combining_class(sign) != 0
                || declared.as_ref().is_none_or(|ranges| within(ranges, sign))
        })
        .filter(|&sign| is_for_text(sign, source.kind) && !claimed.contains(&sign))
        .collect();
    let mut face = Face {
        stack,
        bold,
        source,
        signs,
        font,
    };
    face.add_composed(claimed)?;
    Ok(face)
}

impl Face {
    /// A letter that the font lacks is put together from its parts by every shaper, where the font
    /// has those. It is declared, or a text of this letter alone would come from elsewhere.
    fn add_composed(&mut self, claimed: &BTreeSet<char>) -> Result<()> {
        for sign in ('\u{c0}'..='\u{24f}').chain('\u{1e00}'..='\u{1fff}') {
            let text = sign.to_string();
            if self.signs.contains(&sign) || claimed.contains(&sign) || !is_nfc(&text) {
                continue;
            }
            let mut parts = text.nfd();
            let has_parts =
                parts.clone().count() > 1 && parts.all(|part| self.signs.contains(&part));
            if has_parts && self.shaped(&text)?.iter().all(|glyph| glyph.id != 0) {
                self.signs.insert(sign);
            }
        }
        Ok(())
    }
}

type Ranges = Vec<(u32, u32)>;

/// The unicode-range that the package declares for this file; none where the file is a whole font.
fn declared(source: Source, dir: &Path) -> Result<Option<Ranges>> {
    let path = dir.join(plan::path(source.package, "unicode.json"));
    let all: Value = serde_json::from_slice(&fs::read(path)?)?;
    let Some(text) = all.get(source.subset).and_then(Value::as_str) else {
        return Ok(None);
    };
    let ranges = text.split(',').map(|range| {
        let range = range.trim().trim_start_matches("U+");
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Ok((
            u32::from_str_radix(first, 16)?,
            u32::from_str_radix(last, 16)?,
        ))
    });
    ranges.collect::<Result<Ranges>>().map(Some)
}

fn within(ranges: &Ranges, sign: char) -> bool {
    let sign = u32::from(sign);
    ranges
        .iter()
        .any(|&(first, last)| first <= sign && sign <= last)
}

/// Signs that may be in several faces: they are drawn by the one that has the letter before them.
fn is_shared(sign: char) -> bool {
    is_nothing(sign) || canonical_combining_class(sign) != 0 || is_of_keycap(sign)
}

/// Joiners, variation selectors and the tags of flags: drawn by nobody, and part of sequences.
fn is_nothing(sign: char) -> bool {
    matches!(
        sign,
        '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}'
    )
}

pub fn is_of_keycap(sign: char) -> bool {
    matches!(sign, '#' | '*' | '0'..='9' | '\u{20e3}')
}

/// Left out are controls, what steers direction and width, private signs, and what is in nobody's
/// name: raised letters, the presentation forms of Arabic, medieval and liturgical letters.
fn is_for_text(sign: char, kind: Kind) -> bool {
    let is_left_out = matches!(sign,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{fff0}'..='\u{fffd}'
        | '\u{2b0}'..='\u{2b8}' | '\u{2d0}'..='\u{2d7}'
        | '\u{2e0}'..='\u{2ff}' | '\u{460}'..='\u{489}' | '\u{870}'..='\u{8ff}'
        | '\u{1c80}'..='\u{1dff}' | '\u{2c60}'..='\u{2dff}' | '\u{2e00}'..='\u{2e7f}'
        | '\u{a640}'..='\u{a8ff}' | '\u{ab30}'..='\u{ab6f}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fb00}'..='\u{fb1c}' | '\u{fb50}'..='\u{fdff}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{fe70}'..='\u{feff}' | '\u{10780}'..='\u{107ff}' | '\u{10e00}'..='\u{10eff}'
        | '\u{11b00}'..='\u{11bff}' | '\u{1df00}'..='\u{1dfff}' | '\u{1e030}'..='\u{1e08f}'
        | '\u{1ee00}'..='\u{1eeff}');
    match kind {
        Kind::Old => !is_left_out,
        // Latin in it would never be reached.
        Kind::Large => !is_left_out && ('\u{2000}' <= sign || is_of_keycap(sign)),
    }
}
