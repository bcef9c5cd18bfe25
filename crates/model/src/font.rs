//! The shipped typefaces, by the names that templates use.

use serde::{Deserialize, Serialize};

/// Each comes with a regular and a bold instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    #[default]
    Sans,
    Condensed,
    Slab,
    /// Digits of one width: for times.
    Mono,
}

impl Family {
    pub const ALL: [Self; 4] = [Self::Sans, Self::Condensed, Self::Slab, Self::Mono];
}

/// One static instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Font {
    pub family: Family,
    pub bold: bool,
}
