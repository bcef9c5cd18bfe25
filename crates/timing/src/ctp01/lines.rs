//! The framer: bytes as they come off a socket into lines.
//!
//! Lines end with CR LF or a bare LF, and may be split or joined by segments in any way.
//! Knows nothing of what a line says. Holds at most one line of the longest length.

use crate::limits::{LINE_BEGINNING_BYTES, LINE_BYTES_MAX};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Without its line end; may be empty.
    Whole(Vec<u8>),
    /// Longer than `LINE_BYTES_MAX`: its beginning, given as soon as that is known. The rest of
    /// it is skipped.
    TooLong { beginning: Vec<u8> },
}

#[derive(Clone, Debug, Default)]
pub struct Lines {
    partial: Vec<u8>,
    skipping: bool,
    skipped_bytes: u64,
}

impl Lines {
    /// The next line, taking from the front of `input` what it uses. `None` when all of `input`
    /// is used and more is needed.
    pub fn next(&mut self, input: &mut &[u8]) -> Option<Line> {
        while !input.is_empty() {
            let end = input.iter().position(|byte| *byte == b'\n');
            let (part, rest) = match end {
                Some(end) => (&input[..end], &input[end + 1..]),
                None => (*input, &[][..]),
            };
            *input = rest;
            if self.skipping {
                self.skipped_bytes += part.len() as u64;
                self.skipping = end.is_none();
                continue;
            }
            let room = LINE_BYTES_MAX - self.partial.len();
            if part.len() > room {
                self.skipping = end.is_none();
                self.partial.extend_from_slice(&part[..room]);
                self.skipped_bytes += (part.len() - room) as u64;
                let mut beginning = std::mem::take(&mut self.partial);
                self.skipped_bytes += (beginning.len() - LINE_BEGINNING_BYTES) as u64;
                beginning.truncate(LINE_BEGINNING_BYTES);
                beginning.shrink_to_fit();
                return Some(Line::TooLong { beginning });
            }
            self.partial.extend_from_slice(part);
            if end.is_some() {
                let mut line = std::mem::take(&mut self.partial);
                while line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Some(Line::Whole(line));
            }
        }
        None
    }

    /// Bytes of over-long lines that were dropped, in all.
    pub fn skipped_bytes(&self) -> u64 {
        self.skipped_bytes
    }

    /// Bytes held for a line that is not complete.
    pub fn partial_bytes(&self) -> usize {
        self.partial.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines_of(segments: &[&[u8]]) -> Vec<Line> {
        let mut lines = Lines::default();
        let mut all = Vec::new();
        for segment in segments {
            let mut input = *segment;
            while let Some(line) = lines.next(&mut input) {
                all.push(line);
            }
            assert!(input.is_empty());
            assert!(lines.partial_bytes() <= LINE_BYTES_MAX);
        }
        all
    }

    fn whole(text: &str) -> Line {
        Line::Whole(text.as_bytes().to_vec())
    }

    #[test]
    fn lines_end_with_lf_with_or_without_cr() {
        let check = |segments: &[&[u8]], expected: &[&str]| {
            let expected: Vec<Line> = expected.iter().map(|text| whole(text)).collect();
            assert_eq!(lines_of(segments), expected, "{segments:?}");
        };
        check(&[b"a~b\r\nc\nd\r\r\n"], &["a~b", "c", "d"]);
        check(&[b"a", b"~b\r", b"\nc"], &["a~b"]);
        check(&[b"\r\n\n"], &["", ""]);
        check(&[b"a\rb\n"], &["a\rb"]);
        check(&[b"", b"abc"], &[]);
    }

    #[test]
    fn the_rest_of_an_over_long_line_is_skipped_and_the_next_comes_through() {
        let mut bytes = vec![b'x'; LINE_BYTES_MAX];
        bytes.extend_from_slice(b"\n");
        assert!(
            matches!(&lines_of(&[&bytes])[..], [Line::Whole(line)] if line.len() == LINE_BYTES_MAX)
        );

        let mut bytes = vec![b'x'; 3 * LINE_BYTES_MAX + 1];
        bytes.extend_from_slice(b"\r\nping\r\n");
        let beginning = vec![b'x'; LINE_BEGINNING_BYTES];
        assert_eq!(
            lines_of(&[&bytes]),
            [Line::TooLong { beginning }, whole("ping")]
        );

        let mut lines = Lines::default();
        let mut input = &bytes[..];
        while lines.next(&mut input).is_some() {}
        let dropped = 3 * LINE_BYTES_MAX + 2 - LINE_BEGINNING_BYTES;
        assert_eq!(lines.skipped_bytes(), dropped as u64);
    }

    #[test]
    fn an_endless_line_is_reported_once_and_takes_no_memory() {
        let chunk = [b'x'; 1000];
        let segments: Vec<&[u8]> = (0..10_000).map(|_| &chunk[..]).collect();
        assert_eq!(lines_of(&segments).len(), 1);
    }

    proptest! {
        #[test]
        fn segments_do_not_matter(
            lengths in prop::collection::vec(0usize..6000, 1..6),
            cuts in prop::collection::vec(1usize..5000, 1..20),
        ) {
            let mut bytes = Vec::new();
            for (n, length) in lengths.iter().enumerate() {
                bytes.extend(std::iter::repeat_n(b'a' + n as u8, *length));
                bytes.extend_from_slice(if n % 2 == 0 { b"\r\n" } else { b"\n" });
            }
            let mut segments = Vec::new();
            let mut rest = &bytes[..];
            for cut in cuts {
                let (segment, after) = rest.split_at(cut.min(rest.len()));
                segments.push(segment);
                rest = after;
            }
            segments.push(rest);
            prop_assert_eq!(lines_of(&segments), lines_of(&[&bytes]));
        }
    }
}
