//! How wide a text is in the shipped fonts, by the table of their advances (`advances.txt`).
//!
//! Owns the table's format and the rules of joining scripts, as far as widths depend on them.
//! Knows no box and no size. The texts it is asked about are NFC, without kerning or ligatures.
//!
//! A line of the table is one of these; numbers are in base 64, digits `0` to `o`, two each. The
//! largest says that there is none, the one before it says nothing.
//!
//! - `=c0 AAAAAA`: letters from U+00C0 that are as wide as another with its marks, where the family
//!   says nothing else.
//! - `@s`: what follows is of this instance: sans, condensed, sLab, mono, fall-back; bold ones have
//!   the capital, and only what is not as in the regular one.
//! - `41 2S2T` or `41-5a 2S`: advances of neighbors from U+0041, or the one that all of them have.
//! - `j`, then the same: of letters that join, the advance alone after another letter, at the begin
//!   of a joined group, inside it and at its end.
//! - `p930 941 S1`: how much more than the second's advance it is after the first; 2048 is nothing.
//! - `h` and `c`: half forms of the consonants of Devanagari from U+0915, and for each of them how
//!   much narrower it is with one that follows, in steps.

use super::signs::{is_flag, is_mark};
use model::Font;

/// What a sign counts that no font has.
const MISSING_MEM: u16 = 1_000;

const BASE: u32 = 64;
const NONE: u16 = 4_095;
const UNSAID: u16 = 4_094;
const PAIR_ZERO: i32 = 2_048;

const FAMILIES: &[u8] = b"sclmf";
const FALLBACK: usize = 4;

const CONSONANTS: std::ops::RangeInclusive<char> = '\u{915}'..='\u{939}';
const CONSONANTS_COUNT: usize = 37;
/// Of what a conjunct is narrower. Step 0 is wider, and 1 is as wide.
const STEP: i32 = 15;

/// The parsed table.
pub struct Advances {
    /// By family, and the fall-back last; regular, then bold.
    instances: [[Instance; 2]; 5],
    letters: Vec<Run>,
    numbers: Vec<u16>,
}

#[derive(Default)]
struct Instance {
    advances: Vec<Run>,
    forms: Vec<Run>,
    pairs: Vec<(char, char, i32)>,
    /// Where their numbers begin.
    halves: Option<usize>,
    conjuncts: Option<usize>,
}

/// Neighbors, all with as many numbers.
struct Run {
    first: u32,
    last: u32,
    /// Where its numbers begin.
    at: usize,
    /// From one sign's numbers to the next one's; 0 where all have the same.
    step: usize,
}

/// Of a letter that joins.
struct Forms {
    after_letter: u16,
    begin: u16,
    inside: u16,
    end: u16,
}

/// What a sign's width depends on, of those before it.
#[derive(Default)]
struct Before {
    /// The last sign that was no mark.
    sign: char,
    /// A letter that may still join to the next: what it counts now, and what then.
    joins: Option<(u16, u16)>,
    was_joining_letter: bool,
    /// The last consonant of Devanagari, and how it stands.
    consonant: Option<char>,
    is_conjunct: bool,
    has_virama: bool,
    is_half_flag: bool,
}

impl Advances {
    /// Nothing where it is no such table.
    pub fn parse(table: &str) -> Option<Self> {
        let mut advances = Self {
            instances: Default::default(),
            letters: Vec::new(),
            numbers: Vec::new(),
        };
        let mut place = (FALLBACK, 0);
        for line in table.lines() {
            let (mark, rest) = line.split_at_checked(1)?;
            match mark {
                "#" => {}
                "@" => {
                    let key = rest.as_bytes().first()?;
                    let is_key = |it: &u8| *it == key.to_ascii_lowercase();
                    let family = FAMILIES.iter().position(is_key)?;
                    place = (family, usize::from(key.is_ascii_uppercase()));
                }
                _ => advances.parse_line(place, mark, rest, line)?,
            }
        }
        Some(advances)
    }

    fn parse_line(
        &mut self,
        (family, bold): (usize, usize),
        mark: &str,
        rest: &str,
        line: &str,
    ) -> Option<()> {
        let at = self.numbers.len();
        let instance = &mut self.instances[family][bold];
        match mark {
            "=" => {
                let (first, letters) = rest.split_once(' ')?;
                let first = u32::from_str_radix(first, 16).ok()?;
                self.numbers.extend(letters.bytes().map(u16::from));
                self.letters.push(Run {
                    first,
                    last: last_of(first, letters.len())?,
                    at,
                    step: 1,
                });
            }
            "j" => {
                let run = parse_run(rest, 4, &mut self.numbers)?;
                instance.forms.push(run);
            }
            "p" => {
                let mut words = rest.split(' ');
                let first = char::from_u32(u32::from_str_radix(words.next()?, 16).ok()?)?;
                let second = char::from_u32(u32::from_str_radix(words.next()?, 16).ok()?)?;
                let digits = words.next()?.as_bytes();
                let mem = i32::from(number(digits.first()?, digits.get(1)?)?) - PAIR_ZERO;
                instance.pairs.push((first, second, mem));
            }
            "h" if rest.starts_with(' ') => {
                parse_numbers(rest.trim_start(), &mut self.numbers)?;
                instance.halves = Some(at);
            }
            "c" if rest.starts_with(' ') => {
                for digit in rest.trim_start().bytes() {
                    self.numbers.push(number(&b'0', &digit)?);
                }
                instance.conjuncts.get_or_insert(at);
            }
            _ => {
                let run = parse_run(line, 1, &mut self.numbers)?;
                instance.advances.push(run);
            }
        }
        Some(())
    }

    /// The table of the fonts that this build ships.
    #[cfg(any(test, feature = "ssr"))]
    pub fn shipped() -> &'static Self {
        static SHIPPED: std::sync::OnceLock<Advances> = std::sync::OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::parse(include_str!("advances.txt")).expect("xtask wrote it, and a test reads it")
        })
    }

    /// The width of a line in thousandths of an em.
    pub fn width_mem(&self, font: Font, text: &str) -> u32 {
        let family = font.family as usize;
        let bold = usize::from(font.bold);
        let mut before = Before::default();
        let mut width = 0;
        let mut signs = text.chars();
        while let Some(sign) = signs.next() {
            let mem = self.sign_mem(family, bold, sign, signs.as_str(), &mut before);
            width = i32::saturating_add(width, mem);
        }
        u32::try_from(width).unwrap_or(0)
    }

    /// What a sign adds, with what it changes of the one before it.
    fn sign_mem(
        &self,
        family: usize,
        bold: usize,
        sign: char,
        rest: &str,
        before: &mut Before,
    ) -> i32 {
        if is_mark(u32::from(sign)) {
            return self.mark_mem(bold, sign, before);
        }
        // A family of pictures is drawn as one, and so are the two letters of a flag.
        let is_half_flag = is_flag(sign) && !before.is_half_flag;
        let is_drawn_before =
            before.sign == '\u{200d}' && '\u{2190}' <= sign || is_flag(sign) && before.is_half_flag;
        if is_drawn_before {
            *before = Before {
                sign,
                ..Before::default()
            };
            return 0;
        }
        let mut next = Before {
            sign,
            is_half_flag,
            ..Before::default()
        };
        let mut alone = self.advance(family, bold, sign, rest);
        let mut mem = 0;
        if let Some(forms) = self.forms(bold, sign) {
            let mut onward = forms.begin;
            if let Some((counted, joined)) = before.joins.filter(|_| forms.end != NONE) {
                mem = i32::from(joined) - i32::from(counted);
                mem += self.pair_mem(bold, before.sign, sign);
                (alone, onward) = (forms.end, forms.inside);
            } else if before.was_joining_letter {
                alone = forms.after_letter;
            }
            next.joins = (onward != NONE).then_some((alone, onward));
            next.was_joining_letter = true;
        } else if CONSONANTS.contains(&sign) {
            if before.has_virama {
                mem = self.conjunct_mem(family, bold, before.consonant, sign);
                next.is_conjunct = true;
            }
            next.consonant = Some(sign);
        }
        *before = next;
        mem + i32::from(alone)
    }

    /// Marks are drawn over or under their letter. Some make another letter of it.
    fn mark_mem(&self, bold: usize, sign: char, before: &mut Before) -> i32 {
        match sign {
            '\u{94d}' => before.has_virama = before.consonant.is_some(),
            '\u{93c}' => {}
            '\u{900}'..='\u{97f}' => {
                let letter = before.consonant.take().filter(|_| !before.is_conjunct);
                before.has_virama = false;
                return letter.map_or(0, |letter| self.pair_mem(bold, letter, sign));
            }
            '\u{200c}' => *before = Before::default(),
            '\u{200d}' => before.sign = sign,
            _ => {}
        }
        0
    }

    /// How much narrower two consonants are together than they were counted so far.
    fn conjunct_mem(&self, family: usize, bold: usize, first: Option<char>, second: char) -> i32 {
        let instance = &self.instances[FALLBACK][bold];
        let (Some(first), Some(halves), Some(conjuncts)) =
            (first, instance.halves, instance.conjuncts)
        else {
            return 0;
        };
        let index = |sign: char| sign as usize - *CONSONANTS.start() as usize;
        let number = |at: usize| self.numbers.get(at).copied().map_or(1, i32::from);
        let whole = i32::from(self.advance(family, bold, first, ""));
        let half = number(halves + index(first));
        let steps = number(conjuncts + index(first) * CONSONANTS_COUNT + index(second));
        half - whole - (steps - 1) * STEP
    }

    /// The advance in the first font that has the sign and the marks on it.
    fn advance(&self, family: usize, bold: usize, sign: char, rest: &str) -> u16 {
        let marks = rest
            .chars()
            .take_while(|&mark| is_mark(u32::from(mark)))
            .filter(|&mark| !is_nothing(mark));
        let has_marks = |family| {
            let mut marks = marks.clone();
            marks.all(|mark| self.find(family, bold, mark).is_some())
        };
        let mut families = [family, FALLBACK].into_iter();
        families
            .find_map(|family| self.find(family, bold, sign).filter(|_| has_marks(family)))
            .unwrap_or(MISSING_MEM)
    }

    /// The advance in this family: a bold one has what the regular has, and a letter that is not
    /// named what it has without its marks.
    fn find(&self, family: usize, bold: usize, sign: char) -> Option<u16> {
        let said = |sign: char| {
            let mut instances = [bold, 0].into_iter();
            instances.find_map(|bold| {
                let at = place(&self.instances[family][bold].advances, sign)?;
                self.numbers.get(at).copied().filter(|&mem| mem != UNSAID)
            })
        };
        let without_marks = || {
            let letter = *self.numbers.get(place(&self.letters, sign)?)?;
            said(char::from_u32(u32::from(letter))?)
        };
        said(sign).or_else(without_marks).filter(|&mem| mem != NONE)
    }

    fn forms(&self, bold: usize, sign: char) -> Option<Forms> {
        let at = place(&self.instances[FALLBACK][bold].forms, sign)?;
        match *self.numbers.get(at..at + 4)? {
            [UNSAID, ..] => None,
            [after_letter, begin, inside, end] => Some(Forms {
                after_letter,
                begin,
                inside,
                end,
            }),
            _ => None,
        }
    }

    fn pair_mem(&self, bold: usize, first: char, second: char) -> i32 {
        let mut pairs = self.instances[FALLBACK][bold].pairs.iter();
        pairs
            .find(|pair| (pair.0, pair.1) == (first, second))
            .map_or(0, |pair| pair.2)
    }
}

/// What steers joining and looks, and asks for no glyph.
fn is_nothing(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..)
}

/// Where a sign's numbers begin.
fn place(runs: &[Run], sign: char) -> Option<usize> {
    let sign = u32::from(sign);
    let at = runs.partition_point(|run| run.last < sign);
    let run = runs.get(at).filter(|run| run.first <= sign)?;
    Some(run.at + (sign - run.first) as usize * run.step)
}

/// `41 2S2T` or `41-5a 2S`, with so many numbers for each sign.
fn parse_run(line: &str, each: usize, numbers: &mut Vec<u16>) -> Option<Run> {
    let (signs, digits) = line.split_once(' ')?;
    let at = numbers.len();
    parse_numbers(digits, numbers)?;
    let count = numbers.len() - at;
    let (first, last, step) = match signs.split_once('-') {
        Some((first, last)) => (first, u32::from_str_radix(last, 16).ok()?, 0),
        None => (signs, 0, each),
    };
    let first = u32::from_str_radix(first, 16).ok()?;
    let last = if step == 0 {
        last
    } else {
        last_of(first, count / each)?
    };
    let is_whole = count.is_multiple_of(each) && (step > 0 || count == each) && first <= last;
    is_whole.then_some(Run {
        first,
        last,
        at,
        step,
    })
}

fn last_of(first: u32, count: usize) -> Option<u32> {
    let more = u32::try_from(count.checked_sub(1)?).ok()?;
    first.checked_add(more)
}

fn parse_numbers(digits: &str, numbers: &mut Vec<u16>) -> Option<()> {
    for pair in digits.as_bytes().chunks(2) {
        numbers.push(number(pair.first()?, pair.get(1)?)?);
    }
    Some(())
}

fn number(high: &u8, low: &u8) -> Option<u16> {
    let digit = |byte: &u8| {
        let digit = u32::from(byte.checked_sub(b'0')?);
        (digit < BASE).then_some(digit)
    };
    u16::try_from(digit(high)? * BASE + digit(low)?).ok()
}

#[cfg(test)]
mod tests;
