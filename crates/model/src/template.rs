//! Which template a show draws with.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A built-in template: its stable name, usable in the CLI and on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    /// The last crossings, newest first, with no dwell.
    Arrivals,
}

impl Template {
    pub const ALL: [Self; 1] = [Self::Arrivals];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Arrivals => "arrivals",
        }
    }
}

/// A director's mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShowMode {
    PreRace,
    Results,
}

impl ShowMode {
    pub const ALL: [Self; 2] = [Self::PreRace, Self::Results];

    pub const fn name(self) -> &'static str {
        match self {
            Self::PreRace => "pre-race",
            Self::Results => "results",
        }
    }
}

/// A name that is none of the known ones.
#[derive(Debug, thiserror::Error)]
#[error("there is no {kind} {name:?}; use one of: {known}")]
pub struct UnknownName {
    kind: &'static str,
    name: String,
    known: String,
}

macro_rules! by_name {
    ($type:ty, $kind:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;
            fn from_str(name: &str) -> Result<Self, UnknownName> {
                Self::ALL
                    .into_iter()
                    .find(|known| known.name() == name)
                    .ok_or_else(|| UnknownName {
                        kind: $kind,
                        name: name.to_owned(),
                        known: Self::ALL.map(Self::name).join(", "),
                    })
            }
        }
    };
}

by_name!(Template, "template");
by_name!(ShowMode, "mode");
