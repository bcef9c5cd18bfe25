//! Just enough of Rust's lexical rules to tell code from comments and literals, so that the
//! tidy rules neither trip over their own patterns in strings nor miss one behind a quote.
//! Knows no syntax above the token.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Code,
    Comment,
    /// The inside of a string or character literal and its quotes.
    Literal,
}

/// The kind of each byte. A newline has the kind of what it lies in.
pub fn kinds(source: &str) -> Vec<Kind> {
    let bytes = source.as_bytes();
    let mut kinds = Vec::with_capacity(bytes.len());
    while kinds.len() < bytes.len() {
        let at = kinds.len();
        let (kind, length) = token(&bytes[at..], at.checked_sub(1).map(|before| bytes[before]));
        kinds.resize((at + length).min(bytes.len()), kind);
    }
    kinds
}

/// The source with every byte of the other kinds blanked, lines and columns kept.
pub fn only(source: &str, kind: Kind) -> String {
    let mut text = String::with_capacity(source.len());
    let kinds = kinds(source);
    for (at, char) in source.char_indices() {
        let keep = char == '\n' || kinds[at] == kind;
        text.push(if keep { char } else { ' ' });
    }
    text
}

/// The kind and length of what `rest` starts with; `before` is the byte in front of it.
fn token(rest: &[u8], before: Option<u8>) -> (Kind, usize) {
    match rest {
        [b'/', b'/', ..] => (Kind::Comment, position(rest, b'\n').unwrap_or(rest.len())),
        [b'/', b'*', ..] => (Kind::Comment, block_comment(rest)),
        [b'"', ..] => (Kind::Literal, quoted(rest, b'"')),
        [b'\'', b'\\', ..] => (Kind::Literal, quoted(rest, b'\'')),
        [b'\'', ..] => match character(rest) {
            Some(length) => (Kind::Literal, length),
            None => (Kind::Code, 1),
        },
        [b'r', b'"' | b'#', ..] if !before.is_some_and(continues_a_name) => {
            raw_string(rest).map_or((Kind::Code, 1), |length| (Kind::Literal, length))
        }
        _ => (Kind::Code, 1),
    }
}

/// `b` and `c` may stand before a raw string's `r`; in `for"` or `var"` the r ends a name.
fn continues_a_name(byte: u8) -> bool {
    (byte.is_ascii_alphanumeric() || byte == b'_') && byte != b'b' && byte != b'c'
}

fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|byte| *byte == wanted)
}

/// Block comments nest.
fn block_comment(rest: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A character literal such as `'x'`; a lifetime such as `'a` is none.
fn character(rest: &[u8]) -> Option<usize> {
    let text = &rest[1..rest.len().min(6)];
    // A character is up to four bytes, of which only the first is no continuation byte.
    let length = 1 + text
        .iter()
        .skip(1)
        .take_while(|byte| **byte & 0xC0 == 0x80)
        .count();
    (rest.get(1 + length) == Some(&b'\'')).then_some(length + 2)
}

fn raw_string(rest: &[u8]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    let body = 1 + hashes + 1;
    if rest.get(body - 1) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'#'; hashes + 1];
    end[0] = b'"';
    let found = rest[body..]
        .windows(end.len())
        .position(|window| window == end);
    Some(found.map_or(rest.len(), |at| body + at + end.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `marks` has one letter a byte: `.` code, `c` comment, `s` literal.
    #[track_caller]
    fn check(source: &str, marks: &str) {
        let found: String = kinds(source)
            .into_iter()
            .map(|kind| match kind {
                Kind::Code => '.',
                Kind::Comment => 'c',
                Kind::Literal => 's',
            })
            .collect();
        assert_eq!(found, marks, "{source}");
    }

    #[test]
    fn code_comments_and_literals_are_told_apart() {
        check(r#"a("b")c"#, "..sss..");
        check("a // b\nc", "..cccc..");
        check("/* /* */ */a", "ccccccccccc.");
        check(r#""//"a"#, "ssss.");
        check(r#""\"//"a"#, "ssssss.");
        check(r#"'"'a'\''"#, "sss.ssss");
        check("&'a str", ".......");
        check("'é'a", "ssss.");
        check(r##"r#"a"b"#c"##, "ssssssss.");
        check(r#"br"a"c"#, ".ssss.");
        check(r#"for"a"b"#, "...sss.");
        check("r#type", "......");
        check("\"open", "sssss");
    }

    #[test]
    fn blanking_keeps_lines_and_columns() {
        assert_eq!(only("a \"é\nb\" c", Kind::Code), "a   \n   c");
    }
}
