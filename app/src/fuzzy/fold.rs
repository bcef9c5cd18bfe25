//! Letters without case and marks, so that `Ñ`, `ñ` and `n` are the same.
//! Knows the Latin letters of names; others lose their case only.

/// What marks stand on, for U+00C0 to U+017F in order; `.` is a letter that needs two, or no
/// letter. The names of the letters are in the Unicode charts Latin-1 and Latin Extended-A.
const BASES: &[u8; 192] = b"aaaaaa.ceeeeiiii\
dnooooo.ouuuuy..\
aaaaaa.ceeeeiiii\
dnooooo.ouuuuy.y\
aaaaaaccccccccdd\
ddeeeeeeeeeegggg\
gggghhhhiiiiiiii\
ii..jjkkklllllll\
lllnnnnnnnnnoooo\
oo..rrrrrrssssss\
ssttttttuuuuuuuu\
uuuuwwyyyzzzzzzs";

/// Adds the letter to `word`, as it is compared.
pub(super) fn fold(letter: char, word: &mut String) {
    if letter.is_ascii() {
        return word.push(letter.to_ascii_lowercase());
    }
    match letter {
        'æ' | 'Æ' => word.push_str("ae"),
        'œ' | 'Œ' => word.push_str("oe"),
        'ß' | 'ẞ' => word.push_str("ss"),
        'þ' | 'Þ' => word.push_str("th"),
        'ĳ' | 'Ĳ' => word.push_str("ij"),
        'ơ' | 'Ơ' => word.push('o'),
        'ư' | 'Ư' => word.push('u'),
        'ș' | 'Ș' => word.push('s'),
        'ț' | 'Ț' => word.push('t'),
        '\u{c0}'..='\u{17f}' => word.push(char::from(BASES[letter as usize - 0xc0])),
        '\u{1ea0}'..='\u{1ef9}' => word.push(vietnamese(letter)),
        // Marks that stand by themselves.
        '\u{300}'..='\u{36f}' => {}
        _ => word.extend(letter.to_lowercase()),
    }
}

/// The chart Latin Extended Additional has these in the order of their bases.
fn vietnamese(letter: char) -> char {
    match letter {
        ..='\u{1eb7}' => 'a',
        ..='\u{1ec7}' => 'e',
        ..='\u{1ecb}' => 'i',
        ..='\u{1ee3}' => 'o',
        ..='\u{1ef1}' => 'u',
        _ => 'y',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_bases_stay() {
        let check = |text: &str, expected: &str| {
            let mut word = String::new();
            text.chars().for_each(|letter| fold(letter, &mut word));
            assert_eq!(word, expected, "{text}");
        };
        check("ÀÉÎÕÜÝ", "aeiouy");
        check("åçñøÿ", "acnoy");
        check("ÆæŒœßÞð", "aeaeoeoessthd");
        check("ŁłŃŚŹŻĄĘ", "llnszzae");
        check("ČďĚŇŘŠŤŮŽ", "cdenrstuz");
        check("ĞğİıŞş", "ggiiss");
        check("ŐűŸ", "ouy");
        check("Nguyễn Thị Đặng", "nguyen thi dang");
        check("Țăran Șerban", "taran serban");
        check("e\u{301}", "e");
        check("ЖЁ", "жё");
        check("小", "小");
    }
}
