//! `fonts.css`: a `@font-face` for each face, with the signs it is for.
//! Knows nothing of widths.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::face::Face;
use super::plan::WEIGHTS;

/// Signs between two of a face that no face of the family has: named too, the list gets shorter.
/// Not over whole scripts, or a text in one of these would load the font for nothing.
const GAP_MAX: u32 = 128;

/// Written for engines of 2014. Nothing is shown in another font while one of these loads: its
/// widths would be others.
pub fn write(faces: &[Face]) -> String {
    let mut css = String::new();
    for face in faces {
        let stem = face.source.stem(face.bold);
        let sources: Vec<String> = face
            .source
            .endings()
            .iter()
            .map(|ending| format!("url(\"fonts/{stem}.{ending}\") format(\"{ending}\")"))
            .collect();
        let elsewhere = faces
            .iter()
            .filter(|it| it.bold == face.bold && it.stack.key == face.stack.key)
            .flat_map(|it| &it.signs)
            .filter(|sign| !face.signs.contains(sign))
            .map(|&sign| u32::from(sign))
            .collect();
        writeln!(
            css,
            "@font-face{{font-family:\"{}\";font-style:normal;font-weight:{};font-display:block;\
             src:{};unicode-range:{}}}",
            face.stack.css,
            WEIGHTS[usize::from(face.bold)].declared,
            sources.join(","),
            unicode_range(&face.signs, &elsewhere),
        )
        .expect("a string takes all");
    }
    css
}

fn unicode_range(signs: &BTreeSet<char>, elsewhere: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for sign in signs.iter().map(|&sign| u32::from(sign)) {
        match ranges.last_mut() {
            Some((_, last))
                if sign - *last <= GAP_MAX && elsewhere.range(*last..sign).next().is_none() =>
            {
                *last = sign;
            }
            _ => ranges.push((sign, sign)),
        }
    }
    let ranges = ranges.iter().map(|&(first, last)| {
        if first == last {
            format!("U+{first:X}")
        } else {
            format!("U+{first:X}-{last:X}")
        }
    });
    ranges.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(signs: &str, elsewhere: &str, expected: &str) {
        let elsewhere = elsewhere.chars().map(u32::from).collect();
        assert_eq!(
            unicode_range(&signs.chars().collect(), &elsewhere),
            expected
        );
    }

    #[test]
    fn gaps_that_nobody_fills_are_named_too() {
        check("ab", "", "U+61-62");
        check("abd", "", "U+61-64");
        check("abd", "c", "U+61-62,U+64");
        check("aж", "", "U+61,U+436");
    }
}
