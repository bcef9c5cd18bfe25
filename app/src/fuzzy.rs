//! Search that forgives: one typing mistake, swapped letters, missing accents.
//!
//! Owns the texts as they are compared, and the order of what is found. Knows nothing of what the
//! texts are about; a caller joins what may be searched for, such as bib, name and city.

mod fold;

use fold::fold;

/// Shorter words are too alike for a mistake to be forgiven.
const FORGIVEN_LETTERS_MIN: usize = 4;

/// Texts by their position. `let index = Index::new(rows.iter().map(|row| row.text()));`
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Folded words with one space between them.
    texts: Vec<Box<str>>,
}

impl Index {
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Index {
        let texts = texts.into_iter();
        Index {
            texts: texts.map(|text| folded(text.as_ref()).into()).collect(),
        }
    }

    /// Replaces one text, or adds one at the end.
    pub fn set(&mut self, at: usize, text: &str) {
        let text = folded(text).into();
        match self.texts.get_mut(at) {
            Some(old) => *old = text,
            None => self.texts.push(text),
        }
    }

    /// Positions of the texts that have every word of the query, the best first and else in their
    /// own order. Exact numbers come before all, then whole words, beginnings, mistakes, and
    /// letters within a word. An empty query finds all.
    pub fn search(&self, query: &str) -> Vec<usize> {
        let query = folded(query);
        let words: Vec<Word<'_>> = query
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(Word::new)
            .collect();
        let mut found: Vec<(u32, usize)> = self
            .texts
            .iter()
            .enumerate()
            .filter_map(|(at, text)| Some((cost(&words, text)?, at)))
            .collect();
        // Stable: what is as good stays in its own order.
        found.sort_by_key(|(cost, _)| *cost);
        found.into_iter().map(|(_, at)| at).collect()
    }
}

/// Of a query.
struct Word<'a> {
    text: &'a str,
    is_number: bool,
    /// Without any digit. Another number is another person, another chip: no digit is forgiven.
    is_letters: bool,
}

impl Word<'_> {
    fn new(text: &str) -> Word<'_> {
        let mut digits = text.bytes().map(|byte| byte.is_ascii_digit());
        Word {
            text,
            is_number: digits.clone().all(|is_digit| is_digit),
            is_letters: !digits.any(|is_digit| is_digit),
        }
    }
}

/// Lower is better; `None` where a word is missing.
fn cost(words: &[Word<'_>], text: &str) -> Option<u32> {
    words.iter().map(|word| word_cost(word, text)).sum()
}

fn word_cost(word: &Word<'_>, text: &str) -> Option<u32> {
    let wanted = word.text.as_bytes();
    let mut best = None;
    for other in text.as_bytes().split(|byte| *byte == b' ') {
        if other.starts_with(wanted) {
            if other.len() == wanted.len() {
                return Some(if word.is_number { 0 } else { 1 });
            }
            best = Some(2);
        } else if best.is_none() && word.is_letters && forgives(wanted, other) {
            best = Some(3);
        }
    }
    // A word has no space in it, so it is found within one.
    best.or_else(|| (!word.is_number && text.contains(word.text)).then_some(4))
}

/// Whether `word`, with one letter more, less, other or swapped, is `other` or begins it.
fn forgives(word: &[u8], other: &[u8]) -> bool {
    if word.len() < FORGIVEN_LETTERS_MIN || other.len() + 1 < word.len() {
        return false;
    }
    let same = word.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (rest, others) = (&word[same..], &other[same..]);
    let one_less = others.get(1..).unwrap_or_default();
    let skipped = others.starts_with(&rest[1..]);
    let missing = one_less.starts_with(rest);
    let other_letter = !others.is_empty() && one_less.starts_with(&rest[1..]);
    let swapped = match (rest, others) {
        ([a, b, rest @ ..], [c, d, others @ ..]) => a == d && b == c && others.starts_with(rest),
        _ => false,
    };
    skipped || missing || other_letter || swapped
}

fn folded(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_alphanumeric() || matches!(letter, '\u{300}'..='\u{36f}') {
            fold(letter, &mut words);
        } else if !matches!(letter, '\'' | '’') && !words.is_empty() && !words.ends_with(' ') {
            // `O'Brien` is one word, `Jean-Luc` two.
            words.push(' ');
        }
    }
    words.truncate(words.trim_end().len());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROSTER: [&str; 9] = [
        "12 Ana Okafor Harbor",
        "112 José Ñuñez Lima",
        "1204 Zoë Brontë York",
        "7 Łukasz Żółć Gdańsk",
        "88 李小龍 香港",
        "120 Okafor Ann Vista A3F102",
        "31 Jean-Luc O'Brien Cork",
        "45 محمد علي",
        "99 Straße Groß Köln",
    ];

    #[track_caller]
    fn check(query: &str, expected: &[usize]) {
        let found = Index::new(ROSTER).search(query);
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn exact_numbers_come_first_and_numbers_forgive_nothing() {
        check("12", &[0, 2, 5]);
        check("120", &[5, 2]);
        check("121", &[]);
        check("1204", &[2]);
        check("a3f102", &[5]);
        check("a3f120", &[]);
    }

    #[test]
    fn accents_and_marks_may_be_missing_or_there() {
        check("jose nunez", &[1]);
        check("NÚÑEZ", &[1]);
        check("zoe", &[2]);
        check("lukasz zolc", &[3]);
        check("strasse", &[8]);
        check("koln", &[8]);
        check("obrien", &[6]);
        check("o'brien jean luc", &[6]);
    }

    #[test]
    fn one_mistake_is_forgiven_after_what_is_right() {
        check("okafor", &[0, 5]);
        check("okafro", &[0, 5]);
        check("okfor", &[0, 5]);
        check("okkafor", &[0, 5]);
        check("okefor", &[0, 5]);
        check("kafor", &[0, 5]);
        check("brnt", &[2]);
        check("nunze", &[1]);
        check("ann", &[5]);
        check("okfro", &[]);
        check("on", &[2]);
    }

    #[test]
    fn words_may_come_in_any_order_and_all_must_be_there() {
        check("harbor ana", &[0]);
        check("ana lima", &[]);
        check("okaf vis", &[5]);
        check("", &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
        check(" - ", &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn other_scripts_are_found_by_their_letters() {
        check("小龍", &[4]);
        check("李", &[4]);
        check("محمد", &[7]);
    }

    #[test]
    fn a_changed_text_is_found_by_its_new_words_only() {
        let mut index = Index::new(ROSTER);
        index.set(0, "13 Ana Okafor Harbor");
        index.set(9, "200 Bo New");
        assert_eq!(index.search("13"), [0]);
        assert_eq!(index.search("bo"), [9, 0]);
    }

    /// So many that a search which compared them with each other would not end before the test is
    /// ended.
    #[test]
    fn three_hundred_thousand_are_gone_through_once() {
        let texts = (0..300_000).map(|bib| {
            let [name, family, city] = ["Ana Maria", "Okafor-Lindqvist", "San Felipe del Rio"];
            format!("{bib} {name} {family}{} {city}", bib % 977)
        });
        let index = Index::new(texts);
        for (query, expected) in [
            ("lindqvist976", 307),
            ("lindqivst", 300_000),
            ("29999", 11),
            ("san felpe", 300_000),
            ("zzzzz", 0),
            ("a", 300_000),
        ] {
            assert_eq!(index.search(query).len(), expected, "{query}");
        }
    }
}
