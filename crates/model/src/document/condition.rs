//! When an element is drawn.

use super::{DataField, nested};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// There is something to show.
    Has(DataField),
    Lacks(DataField),
    /// Its plain text is this, whatever the case of its Latin letters.
    Is {
        field: DataField,
        text: String,
    },
    Not(#[serde(deserialize_with = "nested::bounded")] Box<Condition>),
    All(#[serde(deserialize_with = "nested::bounded")] Vec<Condition>),
    Any(#[serde(deserialize_with = "nested::bounded")] Vec<Condition>),
}

impl Condition {
    /// `text_of` gives a field's plain text, empty where there is none.
    pub fn holds(&self, text_of: &dyn Fn(&DataField) -> String) -> bool {
        match self {
            Self::Has(field) => !text_of(field).is_empty(),
            Self::Lacks(field) => text_of(field).is_empty(),
            Self::Is { field, text } => text_of(field).eq_ignore_ascii_case(text),
            Self::Not(other) => !other.holds(text_of),
            Self::All(all) => all.iter().all(|one| one.holds(text_of)),
            Self::Any(any) => any.iter().any(|one| one.holds(text_of)),
        }
    }

    /// Every field that it looks at.
    pub fn fields<'a>(&'a self, each: &mut dyn FnMut(&'a DataField)) {
        match self {
            Self::Has(field) | Self::Lacks(field) | Self::Is { field, .. } => each(field),
            Self::Not(other) => other.fields(each),
            Self::All(several) | Self::Any(several) => {
                several.iter().for_each(|one| one.fields(each));
            }
        }
    }

    /// Conditions within conditions, itself among them.
    pub fn depth(&self) -> usize {
        match self {
            Self::Has(_) | Self::Lacks(_) | Self::Is { .. } => 1,
            Self::Not(other) => 1 + other.depth(),
            Self::All(several) | Self::Any(several) => {
                1 + several.iter().map(Self::depth).max().unwrap_or(0)
            }
        }
    }
}
