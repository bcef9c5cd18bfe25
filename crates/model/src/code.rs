//! The 8-character code in a display's URL. It is the capability: who has it may look.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Letters and digits that are not taken for one another when typed from a screen.
/// 31 signs to the eighth power: about 40 bits.
pub const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

pub const LENGTH: usize = 8;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayCode(String);

#[derive(Debug, thiserror::Error)]
#[error("a display code has 8 signs, each one of 23456789abcdefghjkmnpqrstuvwxyz")]
pub struct InvalidCode;

impl DisplayCode {
    /// From random bytes. Each sign is an even share of the 31, whatever the bytes are: bytes of
    /// 248 and above are left out, as 256 is no multiple of 31. `None` where too few remain.
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let signs = ALPHABET.len();
        let even_max = 256 / signs * signs;
        let code: String = bytes
            .iter()
            .map(|byte| usize::from(*byte))
            .filter(|byte| *byte < even_max)
            .take(LENGTH)
            .map(|byte| char::from(ALPHABET[byte % signs]))
            .collect();
        (code.len() == LENGTH).then_some(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Typed codes may be in capitals.
impl FromStr for DisplayCode {
    type Err = InvalidCode;
    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let code = text.to_ascii_lowercase();
        let valid = code.len() == LENGTH && code.bytes().all(|sign| ALPHABET.contains(&sign));
        if valid {
            Ok(Self(code))
        } else {
            Err(InvalidCode)
        }
    }
}

impl TryFrom<String> for DisplayCode {
    type Error = InvalidCode;
    fn try_from(text: String) -> Result<Self, InvalidCode> {
        text.parse()
    }
}

impl From<DisplayCode> for String {
    fn from(code: DisplayCode) -> Self {
        code.0
    }
}

impl fmt::Display for DisplayCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code opens a screen to whoever has it, so logs show only its beginning.
impl fmt::Debug for DisplayCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", &self.0[..2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_parsed_from_what_people_type() {
        let check = |text: &str, valid: bool| {
            assert_eq!(text.parse::<DisplayCode>().is_ok(), valid, "{text:?}");
        };
        check("abcdefgh", true);
        check("ABCDEFGH", true);
        check("2345678z", true);
        check("abcdefg", false);
        check("abcdefghj", false);
        check("abcdefg0", false);
        check("abcdefgl", false);
        check("../../..", false);
        check("äbcdefg", false);
    }

    #[test]
    fn random_bytes_make_a_code_that_parses() {
        let code = DisplayCode::from_random(&[0, 255, 31, 62, 93, 124, 155, 186, 217, 30]);
        assert_eq!(code.map(String::from), Some("22222222".to_owned()));
        assert!(DisplayCode::from_random(&[255; 64]).is_none());
    }
}
