//! What a browser shows to be known again: 256 random bits. Only their hash is stored, so that
//! whoever reads the database cannot log in with it.

use sha2::{Digest, Sha256};
use std::{fmt, fmt::Write, str::FromStr};
use store::TokenHash;

const BYTES: usize = 32;

#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; BYTES]);

#[derive(Debug, thiserror::Error)]
#[error("this is no token; log in again")]
pub struct InvalidToken;

impl Token {
    pub(super) fn random() -> Self {
        Self(rand::random())
    }

    pub(super) fn hash(&self) -> TokenHash {
        Sha256::digest(self.0).into()
    }

    /// For the cookie.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(2 * BYTES);
        for byte in self.0 {
            // Writing into a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

impl FromStr for Token {
    type Err = InvalidToken;
    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let is_hex = text.bytes().all(|sign| sign.is_ascii_hexdigit());
        if text.len() != 2 * BYTES || !is_hex {
            return Err(InvalidToken);
        }
        let mut bytes = [0; BYTES];
        for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| InvalidToken)?;
        }
        Ok(Self(bytes))
    }
}

/// Who has it is logged in, so it is in no log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_its_text_and_no_other_text_is_one() {
        let token = Token::random();
        let text = token.to_text();
        assert_eq!(text.parse::<Token>().unwrap(), token);
        assert_ne!(token, Token::random());
        assert!(!format!("{token:?}").contains(&text[..8]));
        for wrong in ["", "0", &text[1..], &format!("{text}0"), &"é".repeat(32)] {
            assert!(wrong.parse::<Token>().is_err(), "{wrong:?}");
        }
        assert!("+f".repeat(32).parse::<Token>().is_err());
    }

    /// The second test vector of FIPS 180-4 would be of a text; this is of 32 zero bytes.
    #[test]
    fn what_is_stored_is_its_sha_256() {
        let hash = Token([0; BYTES]).hash();
        let expected = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
        assert_eq!(Token(hash).to_text(), expected);
    }
}
