//! The character set of a line: UTF-8, and Windows-1252 where it is not that.
//!
//! The protocol names none. Controllers on old Windows machines write accents in their code page.

use std::borrow::Cow;

/// Windows-1252 for 0x80 to 0x9F; the five unassigned codes stand for themselves.
/// Source: the WHATWG Encoding Standard, index windows-1252.
const CP1252_HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a line, whatever its bytes are.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => CP1252_HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// At most `chars_max` characters of a text that is only shown, without control characters.
pub(crate) fn shown(text: &str, chars_max: usize) -> String {
    text.chars()
        .filter(|sign| !sign.is_control())
        .take(chars_max)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_read_as_windows_1252() {
        let check = |bytes: &[u8], text: &str| assert_eq!(decode(bytes), text, "{bytes:?}");
        check("ZÜRICH".as_bytes(), "ZÜRICH");
        check(b"Z\xdcRICH", "ZÜRICH");
        check(b"\x80 5 \x96 \x9f", "€ 5 – Ÿ");
        check(b"\xff\x81", "ÿ\u{81}");
        check(b"", "");
    }
}
