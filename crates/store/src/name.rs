//! Names that people and devices give: trimmed, bounded, and compared without case.

use crate::{
    error::{Result, StoreError},
    limits::NAME_CHARS_MAX,
};

const _: () = assert!(NAME_CHARS_MAX == 200, "the rule in the error says so");

/// A name as shown, and the form in which it is compared.
pub(crate) struct Name {
    pub(crate) shown: String,
    pub(crate) folded: String,
}

impl Name {
    pub(crate) fn given(what: &'static str, text: &str) -> Result<Self> {
        let shown = text.trim();
        if shown.chars().any(char::is_control) {
            return Err(StoreError::Invalid {
                what,
                rule: "have no control character in it",
            });
        }
        if shown.is_empty() || shown.chars().count() > NAME_CHARS_MAX {
            return Err(StoreError::Invalid {
                what,
                rule: "have between 1 and 200 characters",
            });
        }
        Ok(Self::of(shown.to_owned()))
    }

    /// The same for what needs no name.
    pub(crate) fn given_or_none(what: &'static str, text: &str) -> Result<Self> {
        match text.trim() {
            "" => Ok(Self::of(String::new())),
            text => Self::given(what, text),
        }
    }

    /// The name of a point that a device mentioned first. It never fails, as the reads of that
    /// place must go somewhere.
    pub(crate) fn of_location(location: &str) -> Self {
        let cut: String = location.trim().chars().take(NAME_CHARS_MAX).collect();
        match cut.trim() {
            "" => Self::of("(no name)".to_owned()),
            shown => Self::of(shown.to_owned()),
        }
    }

    fn of(shown: String) -> Self {
        Self {
            folded: shown.to_lowercase(),
            shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_bounded_and_folded() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let name = Name::given("name", text).ok();
            assert_eq!(
                name.as_ref()
                    .map(|name| (name.shown.as_str(), name.folded.as_str())),
                expected,
                "{text:?}"
            );
        };
        check(" Finish ", Some(("Finish", "finish")));
        check("ÉLITE", Some(("ÉLITE", "élite")));
        check("  ", None);
        check("Fin\0ish", None);
        check("Fin\nish", None);
        check(&"é".repeat(200), Some((&"é".repeat(200), &"é".repeat(200))));
        check(&"é".repeat(201), None);
    }

    #[test]
    fn every_location_makes_a_name() {
        let check = |location: &str, shown: &str| {
            assert_eq!(Name::of_location(location).shown, shown);
        };
        check("FINISH", "FINISH");
        check("", "(no name)");
        check(&"x".repeat(300), &"x".repeat(200));
    }
}
