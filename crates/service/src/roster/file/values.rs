//! Values of single cells: age, gender, yes and no, names, bibs, chips. Knows no columns.

use super::fold::{fold, is_placeholder};
use crate::limits;
use std::{collections::HashMap, sync::LazyLock};

/// Whole years, with what people write behind them.
pub(super) fn age(text: &str) -> Option<u16> {
    const UNITS: [&str; 12] = [
        "", "y", "yr", "yrs", "yo", "year", "years", "jahre", "ans", "anos", "anni", "jaar",
    ];
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(end);
    let rest = rest.strip_prefix(".0").unwrap_or(rest);
    let age: u16 = digits.parse().ok()?;
    let is_age = age <= limits::AGE_YEARS_MAX && UNITS.contains(&fold(rest).as_str());
    (is_age && !rest.starts_with('-')).then_some(age)
}

/// What one letter of a column of genders means, which the others of the column tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct GenderLetters {
    /// Hombre and mujer: there is an H and no F.
    m_is_female: bool,
    /// Herren and Damen, hommes and dames: there is an H.
    d_is_female: bool,
}

impl GenderLetters {
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let (mut has_h, mut has_f) = (false, false);
        for value in values {
            has_h |= matches!(value, "H" | "h");
            has_f |= matches!(value, "F" | "f" | "W" | "w" | "D" | "d");
        }
        Self {
            m_is_female: has_h && !has_f,
            d_is_female: has_h,
        }
    }
}

/// Folded spellings by what they mean.
type Spellings<T> = LazyLock<HashMap<&'static str, T>>;

fn spellings<T: Copy, const N: usize>(rows: [(T, &'static str); N]) -> HashMap<&'static str, T> {
    let words =
        |(value, words): (T, &'static str)| words.split_whitespace().map(move |word| (word, value));
    rows.into_iter().flat_map(words).collect()
}

static GENDERS: Spellings<&str> = LazyLock::new(|| {
    spellings([
        (
            "M",
            "m male man men boy mann mannlich maennlich herr herren hombre hombres masculino \
             masculin masc homme hommes maschio uomo uomini maschile heren jongen homem varon h 1 \
             mies mand",
        ),
        (
            "F",
            "f female woman women girl lady ladies w weiblich frau frauen damen mujer mujeres \
             femenino feminin fem femme femmes dame dames donna donne femmina femminile v vrouw \
             vrouwen vrouwelijk meisje mulher feminino k kvinne kvinna kvinde nainen 2",
        ),
        (
            "X",
            "x d nb nonbinary nonbinaire nichtbinar nichtbinaer divers diverse other andere autre \
             otro altro nobinario nonbinario naobinario 9 enby genderx",
        ),
        (
            "",
            "u unknown undisclosed unspecified notspecified notdisclosed prefernottosay \
             prefernottoanswer prefernottodisclose 0 keineangabe ka",
        ),
    ])
});

/// M, F or X; nothing for what says nothing; `None` for what is not known.
pub(super) fn gender(text: &str, letters: GenderLetters) -> Option<&'static str> {
    let folded = fold(text);
    if folded.is_empty() {
        Some("")
    } else if folded == "m" && letters.m_is_female || folded == "d" && letters.d_is_female {
        Some("F")
    } else {
        GENDERS.get(folded.as_str()).copied()
    }
}

pub(super) fn is_gender(text: &str) -> bool {
    gender(text, GenderLetters::default()).is_some()
}

static FLAGS: Spellings<bool> = LazyLock::new(|| {
    spellings([
        (
            true,
            "yes y true t 1 x on ja j oui o si s sim vrai wahr verdadero anonymous anonym anonyme \
             anonimo private privat prive privado privato hidden hide checked",
        ),
        (
            false,
            "no n false f 0 off nein non nao nee faux falsch falso public visible show shown none \
             unchecked",
        ),
    ])
});

/// Yes or no in the ways of forms and spreadsheets.
pub(super) fn flag(text: &str) -> Option<bool> {
    if matches!(text, "✓" | "✔" | "☑") {
        return Some(true);
    }
    let folded = fold(text);
    if folded.is_empty() {
        return Some(false);
    }
    FLAGS.get(folded.as_str()).copied()
}

/// "10K", "5 miles", "Half Marathon".
pub(super) fn is_distance(text: &str) -> bool {
    let folded = fold(text);
    let begins = folded.starts_with(|sign: char| sign.is_ascii_digit());
    let units = ["k", "km", "mi", "mile", "miles", "m", "meilen", "kilometer"];
    let unit = folded.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let parts = [
        "marathon", "maraton", "semi", "10k", "5k", "ultra", "walk", "kids", "relay",
    ];
    (begins && units.contains(&unit)) || parts.iter().any(|part| folded.contains(part))
}

/// First and last name of a full one.
///
/// "Last, First" at the comma; "LAST First" and "First LAST" by the capitals; else the last word
/// with the particles before it is the last name. A single name is a first name.
pub(super) fn split_name(name: &str, is_last_first: bool) -> (String, String) {
    if let Some((before, after)) = name.split_once(',') {
        let (before, after) = (before.trim(), after.trim());
        if !is_suffix(after) {
            return match after.split_once(',') {
                Some((first, suffix)) if is_suffix(suffix.trim()) => (
                    first.trim().to_owned(),
                    format!("{before} {}", suffix.trim()),
                ),
                _ => (after.to_owned(), before.to_owned()),
            };
        }
        let (first, last) = split_name(before, is_last_first);
        return (first, format!("{last} {after}").trim().to_owned());
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let joined = |words: &[&str]| words.join(" ");
    if words.len() < 2 {
        return (joined(&words), String::new());
    }
    if let Some(count) = leading_capitals(&words) {
        return (joined(&words[count..]), joined(&words[..count]));
    }
    if is_last_first {
        let particles = words.iter().take_while(|word| is_particle(word)).count();
        let count = (particles + 1).min(words.len() - 1);
        return (joined(&words[count..]), joined(&words[..count]));
    }
    let at = last_name_at(&words);
    (joined(&words[..at]), joined(&words[at..]))
}

/// Where the last name begins.
fn last_name_at(words: &[&str]) -> usize {
    let mut last = words.len() - 1;
    if last > 1 && is_suffix(words[last]) {
        last -= 1;
    }
    if words[0].starts_with(char::is_lowercase) && is_particle(words[0]) {
        return 0;
    }
    // "Ortega y Gasset" is one last name.
    if last > 2 && matches!(words[last - 1], "y" | "e" | "i") {
        return last - 2;
    }
    let particle = (1..last).find(|at| words[*at..last].iter().all(|word| is_particle(word)));
    particle.unwrap_or(last)
}

fn is_particle(word: &str) -> bool {
    const PARTICLES: &str = "van von der den dem de del della dello dei degli di da das do dos du \
        des la le las los lo ter ten te 't 's op aan in het zu zum zur vom af av bin ibn ben al el \
        st st. saint san mac";
    let lower = word.to_lowercase();
    PARTICLES
        .split_whitespace()
        .any(|particle| particle == lower)
}

fn is_suffix(word: &str) -> bool {
    let folded = fold(word);
    ["jr", "sr", "ii", "iii", "iv", "md", "phd", "dr", "esq"].contains(&folded.as_str())
}

/// How many words at the start are the last name because they alone are in capitals.
fn leading_capitals(words: &[&str]) -> Option<usize> {
    let is_capital = |word: &&&str| {
        let letters = word.chars().filter(|sign| sign.is_alphabetic()).count();
        letters > 1 && !word.chars().any(char::is_lowercase) && !word.contains('.')
    };
    let count = words.iter().take_while(is_capital).count();
    let has_long = words[..count].iter().any(|word| word.chars().count() > 2);
    (has_long && count < words.len() && words[count..].iter().all(|it| !is_capital(&it)))
        .then_some(count)
}

/// Why a bib or chip cannot be what was written down: a spreadsheet has made something else of it.
pub(super) fn spoiled_by_spreadsheet(text: &str) -> Option<&'static str> {
    let number = text.replace(',', ".");
    let has_exponent = number.split_once("E+").is_some_and(|(number, exponent)| {
        number.parse::<f64>().is_ok() && exponent.bytes().all(|byte| byte.is_ascii_digit())
    });
    if has_exponent {
        return Some("has lost its last digits in a spreadsheet");
    }
    let is_date = text.len() >= 10
        && text.as_bytes()[..10]
            .iter()
            .enumerate()
            .all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
    is_date.then_some("was made a date by a spreadsheet")
}

/// A bib as it is worn: `#101` and `101.0` are 101, and zero is none.
pub(super) fn bib(text: &str) -> Option<String> {
    let text = text.strip_prefix('#').unwrap_or(text).trim_start();
    let text = whole_number(text);
    let is_none = is_placeholder(text)
        || text.bytes().all(|byte| byte == b'0')
        || text.eq_ignore_ascii_case("unassigned");
    (!is_none).then(|| text.to_owned())
}

/// The chips of a cell, each once.
pub(super) fn chips(text: &str, found: &mut Vec<String>) {
    let parts = text.split(|sign: char| matches!(sign, ';' | '|' | ',') || sign.is_whitespace());
    for chip in parts.map(whole_number) {
        let is_none = is_placeholder(chip) || chip.bytes().all(|byte| byte == b'0');
        let is_new = |found: &[String]| {
            let folded = model::fold_tag(chip);
            found.iter().all(|known| model::fold_tag(known) != folded)
        };
        if !is_none && is_new(found) {
            found.push(chip.to_owned());
        }
    }
}

/// Without the `.0` of a number that was a floating one on its way.
fn whole_number(text: &str) -> &str {
    match text.strip_suffix(".0") {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
        _ => text,
    }
}
