//! The code that proves to a server without people that somebody reads its log.

use crate::limits;
use model::code;
use std::fmt;
use subtle::ConstantTimeEq;

/// One of `model::code::ALPHABET`, as it is typed from a screen too. No `Debug`: it is a secret.
pub struct SetupCode {
    code: String,
    wrong: u32,
}

impl SetupCode {
    pub fn random() -> Self {
        let signs = code::ALPHABET;
        let sign = |_| char::from(signs[rand::random_range(0..signs.len())]);
        Self {
            code: (0..code::LENGTH).map(sign).collect(),
            wrong: 0,
        }
    }

    /// Compared in a time that tells nothing of the code. One that was tried too often is none.
    pub fn is(&mut self, typed: &str) -> bool {
        let typed: String = typed
            .chars()
            .filter(|sign| !sign.is_whitespace() && *sign != '-')
            .take(code::LENGTH + 1)
            .collect();
        let typed = typed.to_ascii_lowercase();
        let same = bool::from(typed.as_bytes().ct_eq(self.code.as_bytes()));
        if !same {
            self.wrong += 1;
        }
        same && !self.is_spent()
    }

    pub fn is_spent(&self) -> bool {
        self.wrong >= limits::SETUP_CODE_TRIES_MAX
    }
}

impl fmt::Display for SetupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_typed_as_people_do() {
        let mut code = SetupCode::random();
        let text = code.to_string();
        assert_eq!(text.len(), code::LENGTH);
        assert!(text.bytes().all(|sign| code::ALPHABET.contains(&sign)));
        assert!(code.is(&text));
        assert!(code.is(&format!(" {}-{} ", &text[..4], &text[4..])));
        assert!(code.is(&text.to_uppercase()));
        assert!(!code.is(&text[1..]));
        assert!(!code.is(&format!("{text}{text}")));
        assert!(!code.is(""));
        assert_ne!(text, SetupCode::random().to_string());
    }

    #[test]
    fn a_code_that_was_tried_too_often_is_worth_nothing() {
        let mut code = SetupCode::random();
        let text = code.to_string();
        for _ in 1..limits::SETUP_CODE_TRIES_MAX {
            assert!(!code.is("wrong"));
        }
        assert!(code.is(&text) && !code.is_spent());
        assert!(!code.is("wrong"));
        assert!(!code.is(&text) && code.is_spent());
    }
}
