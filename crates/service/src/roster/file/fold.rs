//! Text of cells put right, and header cells brought to one spelling. Knows no column.

use std::borrow::Cow;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick,
};

/// Letters and digits of a header cell without case, accents, blanks and punctuation.
pub(in crate::roster) fn fold(text: &str) -> String {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        return letters
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
    }
    let mut folded = String::with_capacity(text.len());
    for sign in text.nfkd().filter(|sign| !is_combining_mark(*sign)) {
        for sign in sign.to_lowercase() {
            match sign {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'đ' | 'ð' => folded.push('d'),
                'ł' => folded.push('l'),
                'ı' => folded.push('i'),
                sign if sign.is_alphanumeric() => folded.push(sign),
                _ => {}
            }
        }
    }
    folded
}

/// A cell as it is meant: one blank between words, none around, no invisible signs, NFC, and
/// without what spreadsheets put in front so that a value stays text.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let cleaned = if is_plain(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(spaced(text))
    };
    match unforced(&cleaned) {
        Some(value) => Cow::Owned(value.to_owned()),
        None => cleaned,
    }
}

/// What most cells are, which then need no copy.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

fn spaced(text: &str) -> String {
    let composed: Cow<'_, str> = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    };
    let mut spaced = String::with_capacity(composed.len());
    for sign in composed.chars() {
        if sign.is_whitespace() {
            if !spaced.ends_with(' ') {
                spaced.push(' ');
            }
        } else if !is_invisible(sign) {
            spaced.push(sign);
        }
    }
    // A joiner means something within a word of some scripts, and nothing at its ends.
    spaced
        .trim_matches(|sign| matches!(sign, ' ' | '\u{200c}' | '\u{200d}'))
        .to_owned()
}

/// Soft hyphen, zero-width space, directions, word joiner, byte order mark.
fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// `'007` and `="007"` are how a spreadsheet is told that a number is text. An apostrophe before a
/// letter is kept: `'t Hooft` is a name.
fn unforced(text: &str) -> Option<&str> {
    if let Some(quoted) = text.strip_prefix("=\"") {
        return quoted.strip_suffix('"').map(str::trim);
    }
    let rest = text.strip_prefix('\'')?;
    rest.starts_with(|sign: char| sign.is_ascii_digit() || FORMULA_STARTS.contains(&sign))
        .then_some(rest)
}

/// What a spreadsheet takes for the start of a formula.
pub(super) const FORMULA_STARTS: [char; 4] = ['=', '+', '-', '@'];

/// Signs that say "nothing here", except in names.
pub(super) fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 8] = ["n/a", "#n/a", "null", "(null)", "none", "nan", "tbd", "tba"];
    text.chars()
        .all(|sign| matches!(sign, '-' | '–' | '—' | '.' | '?'))
        || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_one_meaning_have_one_spelling() {
        let check = |text: &str, expected: &str| assert_eq!(fold(text), expected, "{text:?}");
        check(" First_Name ", "firstname");
        check("Date of Birth:", "dateofbirth");
        check("Prénom", "prenom");
        check("Straße", "strasse");
        check("Fødselsår", "fodselsar");
        check("ＢＩＢ #", "bib");
        check("№", "no");
        check("姓名", "姓名");
        check("—", "");
    }

    #[test]
    fn cells_lose_what_nobody_sees() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text), expected, "{text:?}");
        check("Ana", "Ana");
        check("  Ana\u{a0}\u{2009} Sol\u{200b} ", "Ana Sol");
        check("Rene\u{301}", "Ren\u{e9}");
        check("Hill\r\nRunners", "Hill Runners");
        check("\u{feff}7", "7");
        check("'007", "007");
        check("'=1+1", "=1+1");
        check("'t Hooft", "'t Hooft");
        check("=\"007\"", "007");
        check("", "");
        check(" \t ", "");
    }
}
