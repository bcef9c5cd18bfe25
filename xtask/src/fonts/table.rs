//! The table of advances that `crates/render/src/fit/advances.rs` reads and describes.
//! Owns what is written in it; knows nothing of where it lies.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::face::{Face, is_of_keycap};
use super::plan::STACKS;

/// Digits are `0` to `o`, two for a number; the largest means none.
const BASE: i64 = 64;
const NONE: i64 = BASE * BASE - 1;
/// Between two entries of a line: nothing is said.
const UNSAID: i64 = NONE - 1;
/// Differences are written with half of the range below zero.
const ZERO: i64 = 2_048;

/// The stack that is asked last.
const FALLBACK: char = 'f';

/// Signs as wide as this need no entry in the fall-back: it is what a missing one counts.
const EM: i64 = 1_000;

/// Letters to put a mark on, of the scripts whose marks may take room.
const CARRIERS: [char; 4] = ['\u{915}', '\u{e01}', '\u{5d0}', '\u{628}'];

/// From a sign to its numbers: one advance, or four of a letter that joins.
type Numbers = BTreeMap<u32, Vec<i64>>;

pub fn write(faces: &[Face]) -> Result<String> {
    let mut table = String::from(
        "# Advances of the shipped fonts, written by `cargo xtask fonts`: see advances.rs\n",
    );
    let letters = letters();
    for (&sign, &letter) in &letters {
        if !letters.contains_key(&(sign - 1)) {
            table.push_str(&format!("\n={sign:x} "));
        }
        table.push(char::from_u32(letter).expect("a letter"));
    }
    table = table.replace("\n\n", "\n");
    table.push('\n');
    for stack in &STACKS {
        let instances = [false, true].map(|bold| {
            let its = |face: &&Face| face.stack.key == stack.key && face.bold == bold;
            faces.iter().filter(its).collect::<Vec<_>>()
        });
        let is_asked_for =
            |face: &Face, sign| stack.key != FALLBACK || in_fallback(faces, face, sign);
        let regular = advances(&instances[0], is_asked_for)?;
        let bold = advances(&instances[1], is_asked_for)?;
        ensure!(
            regular.keys().eq(bold.keys()),
            "{} has not the same signs in bold",
            stack.css
        );
        let is_in_font = |sign: u32| {
            let signs = instances[0].iter().flat_map(|face| &face.signs);
            signs.into_iter().any(|&it| u32::from(it) == sign)
        };
        let missing: Vec<u32> = letters
            .keys()
            .copied()
            .filter(|&sign| !is_in_font(sign))
            .collect();
        let said = said(&letters, &missing, stack.key == FALLBACK, regular, bold);
        let keys = [stack.key, stack.key.to_ascii_uppercase()];
        for ((key, advances), instance) in keys.into_iter().zip(said).zip(instances) {
            table.push_str(&format!("@{key}\n"));
            runs(&mut table, "", &advances);
            for face in instance {
                match face.source.subset {
                    "arabic" => arabic(&mut table, face)?,
                    "devanagari" => devanagari(&mut table, face)?,
                    _ => {}
                }
            }
        }
    }
    Ok(table)
}

fn advances(instance: &[&Face], is_asked_for: impl Fn(&Face, char) -> bool) -> Result<Numbers> {
    let mut advances = Numbers::new();
    for face in instance {
        for &sign in face.signs.iter().filter(|&&sign| is_asked_for(face, sign)) {
            let mem = advance(face, sign)?;
            ensure!((0..UNSAID).contains(&mem), "{sign:?} is {mem} wide");
            advances.entry(u32::from(sign)).or_insert(vec![mem]);
        }
    }
    fill_pictures(&mut advances);
    Ok(advances)
}

/// What all families have is asked of the fall-back only under a mark that they lack, and digits
/// only in keycaps.
fn in_fallback(faces: &[Face], face: &Face, sign: char) -> bool {
    if is_of_keycap(sign) {
        return face.signs.contains(&'\u{20e3}');
    }
    let is_everywhere = STACKS.iter().all(|stack| {
        let mut its = faces.iter().filter(|face| face.stack.key == stack.key);
        stack.key == FALLBACK || its.any(|face| face.signs.contains(&sign))
    });
    is_combining_mark(sign) || sign.is_ascii_alphabetic() || !is_everywhere
}

/// What has to be said of a regular and a bold instance, beside what follows from the letters
/// without their marks, and for the bold one from the regular.
fn said(
    letters: &BTreeMap<u32, u32>,
    missing: &[u32],
    is_fallback: bool,
    mut regular: Numbers,
    mut bold: Numbers,
) -> [Numbers; 2] {
    if is_fallback {
        let is_usual = |sign: &u32| !letters.contains_key(sign) && bold[sign] == [EM];
        regular.retain(|sign, mem| *mem != [EM] || !is_usual(sign));
        bold.retain(|sign, _| regular.contains_key(sign));
    }
    for &sign in missing {
        regular.insert(sign, vec![NONE]);
        bold.insert(sign, vec![NONE]);
    }
    let without_marks = |advances: &Numbers, sign: &u32| advances.get(letters.get(sign)?).cloned();
    let said_of = |advances: &Numbers, unsaid: &dyn Fn(&u32) -> Option<Vec<i64>>| {
        let mut said = advances.clone();
        said.retain(|sign, mem| unsaid(sign).as_ref() != Some(mem));
        said
    };
    let of_regular = said_of(&regular, &|sign| without_marks(&regular, sign));
    let of_bold = said_of(&bold, &|sign| {
        of_regular
            .get(sign)
            .cloned()
            .or_else(|| without_marks(&bold, sign))
    });
    [of_regular, of_bold]
}

/// The letters of Latin that are one of ASCII with marks, and usually as wide as that.
fn letters() -> BTreeMap<u32, u32> {
    let signs = ('\u{c0}'..='\u{24f}').chain('\u{1e00}'..='\u{1eff}');
    let letter = |sign: char| {
        let letter = sign.nfd().next()?;
        let is_one = letter != sign && letter.is_ascii_alphabetic();
        is_one.then_some((u32::from(sign), u32::from(letter)))
    };
    signs.filter_map(letter).collect()
}

/// What is between two pictures of one width is one too, or will be: fewer runs.
fn fill_pictures(advances: &mut Numbers) {
    const PICTURES: std::ops::Range<u32> = 0x1f000..0x1fb00;
    let there: Vec<u32> = advances.range(PICTURES).map(|(&sign, _)| sign).collect();
    for pair in there.windows(2) {
        let mem = advances[&pair[0]].clone();
        if mem == advances[&pair[1]] {
            for sign in pair[0] + 1..pair[1] {
                advances.insert(sign, mem.clone());
            }
        }
    }
}

fn advance(face: &Face, sign: char) -> Result<i64> {
    if !is_combining_mark(sign) {
        return face.width(&sign.to_string());
    }
    let carrier = CARRIERS.iter().find(|it| face.signs.contains(it));
    let Some(carrier) = carrier else {
        return Ok(0);
    };
    let with = face.width(&format!("{carrier}{sign}"))?;
    Ok((with - face.width(&carrier.to_string())?).max(0))
}

/// A line for each run of neighbors: the first sign, then the numbers of each; or first, last and
/// the numbers that all of them have.
fn runs(table: &mut String, mark: &str, entries: &Numbers) {
    /// As many alike are worth a line of their own.
    const ALIKE_MIN: usize = 8;
    /// As few between two are written as none: a new line is longer.
    const GAP_MAX: u32 = 2;
    let list: Vec<(u32, &Vec<i64>)> = entries.iter().map(|(&sign, list)| (sign, list)).collect();
    let alike = |at: usize| {
        let (sign, numbers) = list[at];
        let same = |(step, it): &(u32, &(u32, &Vec<i64>))| it.0 == sign + step && it.1 == numbers;
        (0..).zip(&list[at..]).take_while(same).count()
    };
    let mut at = 0;
    while at < list.len() {
        let (first, numbers) = list[at];
        let count = alike(at);
        if count >= ALIKE_MIN {
            let last = list[at + count - 1].0;
            table.push_str(&format!("{mark}{first:x}-{last:x} {}\n", digits(numbers)));
            at += count;
            continue;
        }
        table.push_str(&format!("{mark}{first:x} {}", digits(numbers)));
        let mut before = first;
        at += 1;
        while at < list.len() && list[at].0 <= before + 1 + GAP_MAX && alike(at) < ALIKE_MIN {
            let (sign, numbers) = list[at];
            for _ in before + 1..sign {
                table.push_str(&digits(&vec![UNSAID; numbers.len()]));
            }
            table.push_str(&digits(numbers));
            before = sign;
            at += 1;
        }
        table.push('\n');
    }
}

fn digits(numbers: &[i64]) -> String {
    let digit = |value: i64| char::from(b'0' + u8::try_from(value).expect("below the base"));
    numbers
        .iter()
        .flat_map(|number| [digit(number / BASE), digit(number % BASE)])
        .collect()
}

/// For each letter that joins: alone after another letter, at the begin of a joined group, inside
/// it, at its end. Then by how much lam and what follows it are wider than that.
fn arabic(table: &mut String, face: &Face) -> Result<()> {
    // Dal joins to what is before it only, beh to both sides.
    const DAL: char = '\u{62f}';
    const BEH: char = '\u{628}';
    const LAM: char = '\u{644}';
    let letters = face.signs.iter().copied().filter(|&sign| {
        matches!(u32::from(sign), 0x620..=0x64a | 0x66e..=0x66f | 0x671..=0x6d3 | 0x6d5
            | 0x6ee..=0x6ef | 0x6fa..=0x6ff | 0x750..=0x77f)
    });
    let dal = face.part(&[DAL], 0)?;
    let beh = face.part(&[BEH], 0)?;
    let mut forms = BTreeMap::new();
    for sign in letters {
        let joins_next = face.part(&[sign, DAL], 1)?.glyphs != dal.glyphs;
        let joins_before = face.part(&[BEH, sign], 0)?.glyphs != beh.glyphs;
        let part = |asked: bool, text: &[char], at: usize| {
            if asked {
                Ok(face.part(text, at)?.mem)
            } else {
                Ok::<i64, anyhow::Error>(NONE)
            }
        };
        let list = vec![
            part(true, &[DAL, sign], 1)?,
            part(joins_next, &[sign, DAL], 0)?,
            part(joins_next && joins_before, &[BEH, sign, BEH], 1)?,
            part(joins_before, &[BEH, sign], 1)?,
        ];
        if joins_next || joins_before {
            forms.insert(u32::from(sign), list);
        }
    }
    runs(table, "j", &forms);
    let Some(lam) = forms.get(&u32::from(LAM)) else {
        return Ok(());
    };
    for (&code, list) in forms.iter().filter(|(_, list)| list[1] == NONE) {
        let sign = char::from_u32(code).expect("a letter");
        let beh_begin = face.part(&[BEH, DAL], 0)?.mem;
        let alone = face.width(&format!("{LAM}{sign}"))? - lam[1] - list[3];
        let after = face.width(&format!("{BEH}{LAM}{sign}"))? - beh_begin - lam[2] - list[3];
        if alone != 0 || after != 0 {
            pair(table, LAM, sign, alone.max(after));
        }
    }
    Ok(())
}

fn pair(table: &mut String, first: char, second: char, mem: i64) {
    let (first, second) = (u32::from(first), u32::from(second));
    table.push_str(&format!(
        "p{first:x} {second:x} {}\n",
        digits(&[ZERO + mem])
    ));
}

/// The consonants of Devanagari, and a step of what a pair of them is narrower than half and whole
/// beside each other. Step 0 is wider, and what is between two counts as the wider one.
const CONSONANTS: std::ops::RangeInclusive<char> = '\u{915}'..='\u{939}';
const STEP: i64 = 15;

/// The half forms of all consonants in a line; a line of steps for each consonant, with all that
/// may follow; then the vowels that are wider on one letter than on the others.
fn devanagari(table: &mut String, face: &Face) -> Result<()> {
    const VIRAMA: char = '\u{94d}';
    const RA: char = '\u{930}';
    let whole = |sign: char| face.width(&sign.to_string());
    let half = |sign: char| {
        if sign == RA {
            // It goes above the next letter.
            return Ok(0);
        }
        face.width(&format!("{sign}{VIRAMA}\u{200d}"))
    };
    let halves = CONSONANTS.map(half).collect::<Result<Vec<_>>>()?;
    table.push_str(&format!("h {}\n", digits(&halves)));
    for (first, half) in CONSONANTS.zip(halves) {
        table.push_str("c ");
        for second in CONSONANTS {
            let both = face.width(&format!("{first}{VIRAMA}{second}"))?;
            let narrower = half + whole(second)? - both;
            let steps = (narrower.div_euclid(STEP) + 1).clamp(0, BASE - 1);
            table.push(char::from(b'0' + u8::try_from(steps)?));
        }
        table.push('\n');
    }
    for vowel in [
        '\u{941}', '\u{942}', '\u{943}', '\u{944}', '\u{962}', '\u{963}',
    ] {
        for letter in CONSONANTS {
            let mem = face.width(&format!("{letter}{vowel}"))? - whole(letter)?;
            if mem != 0 {
                pair(table, letter, vowel, mem);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entries: &[(u32, i64)], expected: &str) {
        let entries = entries.iter().map(|&(sign, mem)| (sign, vec![mem]));
        let mut table = String::new();
        runs(&mut table, "", &entries.collect());
        assert_eq!(table, expected);
    }

    #[test]
    fn neighbors_share_a_line() {
        check(&[(0x41, 1), (0x42, 64)], "41 0110\n");
        check(&[(0x41, 1), (0x44, 2)], "41 01onon02\n");
        check(&[(0x41, 1), (0x45, 2)], "41 01\n45 02\n");
        let alike: Vec<(u32, i64)> = (0x41..0x49).map(|sign| (sign, 5)).collect();
        check(&alike, "41-48 05\n");
        check(&[(0x40, 7)], "40 07\n");
    }

    #[test]
    fn only_what_does_not_follow_is_said() {
        let numbers = |list: &[(u32, i64)]| -> Numbers {
            list.iter().map(|&(sign, mem)| (sign, vec![mem])).collect()
        };
        let letters = BTreeMap::from([(0xc0, 0x41), (0xc1, 0x41), (0xc2, 0x41)]);
        let regular = numbers(&[(0x41, 1), (0x42, 2), (0xc0, 1), (0xc1, 3)]);
        let bold = numbers(&[(0x41, 4), (0x42, 2), (0xc0, 4), (0xc1, 4)]);
        let [regular, bold] = said(&letters, &[0xc2], false, regular, bold);
        assert_eq!(
            regular,
            numbers(&[(0x41, 1), (0x42, 2), (0xc1, 3), (0xc2, NONE)])
        );
        assert_eq!(bold, numbers(&[(0x41, 4), (0xc1, 4)]));
    }
}
