//! The person entered, and how a tag or bib is compared.

use crate::ParticipantId;

/// One row of a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: ParticipantId,
    /// As printed on the number.
    pub bib: String,
    pub first_name: String,
    pub last_name: String,
    pub gender: String,
    pub age: Option<u16>,
    pub city: String,
    pub state: String,
    pub country: String,
    /// Tags that read as this person.
    pub chips: Vec<String>,
}

impl Participant {
    /// First and last name with one blank between, or whichever there is.
    pub fn name(&self) -> String {
        [self.first_name.as_str(), self.last_name.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The form in which tags and bibs are compared: case and leading zeros folded, blanks trimmed.
/// A tag of nothing but zeros folds to `0`.
pub fn fold_tag(text: &str) -> String {
    let upper = text.trim().to_uppercase();
    let folded = upper.trim_start_matches('0');
    if folded.is_empty() && !upper.is_empty() {
        "0".to_owned()
    } else {
        folded.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::fold_tag;

    #[test]
    fn tags_fold_case_blanks_and_leading_zeros() {
        let check = |text, folded| assert_eq!(fold_tag(text), folded, "{text:?}");
        check("101", "101");
        check("000101", "101");
        check(" w2 ", "W2");
        check("0", "0");
        check("000", "0");
        check("", "");
        check("00f1E2", "F1E2");
        check("1010", "1010");
    }
}
