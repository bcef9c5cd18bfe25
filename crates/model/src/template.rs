//! Which template a show draws with.

use crate::{Document, document::Packed};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::LazyLock};

/// A built-in template: its stable name, usable in the CLI and on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    /// Who has just finished, on a screen that lies, over the last arrivals.
    FinishWide,
    /// The same on a screen that stands.
    FinishTall,
    /// Bib, name and time, to be read from 30 m.
    BigType,
    /// The last crossings, newest first, with no dwell.
    Arrivals,
    /// Who walks into the start area.
    StartWelcome,
    /// Who runs past on the course, by the first name.
    Cheer,
    /// The clocks of the races.
    Clock,
    /// For walls of light-emitting diodes, four times as wide as high.
    LedStrip,
}

impl Template {
    pub const ALL: [Self; 8] = [
        Self::FinishWide,
        Self::FinishTall,
        Self::BigType,
        Self::Arrivals,
        Self::StartWelcome,
        Self::Cheer,
        Self::Clock,
        Self::LedStrip,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::FinishWide => "finish-wide",
            Self::FinishTall => "finish-tall",
            Self::BigType => "big-type",
            Self::Arrivals => "arrivals",
            Self::StartWelcome => "start-welcome",
            Self::Cheer => "cheer",
            Self::Clock => "clock",
            Self::LedStrip => "led-strip",
        }
    }

    /// Not for the kiosk: it gets the document from the server.
    pub fn document(self) -> &'static Document {
        &DOCUMENTS[self as usize]
    }

    /// As screens get it.
    pub fn packed(self) -> &'static Packed {
        &PACKED[self as usize]
    }

    /// Whether it shows one runner at a time, each in turn. Else there is nobody to keep on the
    /// screen or to take off it.
    pub const fn takes_turns(self) -> bool {
        match self {
            Self::FinishWide
            | Self::FinishTall
            | Self::BigType
            | Self::StartWelcome
            | Self::Cheer
            | Self::LedStrip => true,
            Self::Arrivals | Self::Clock => false,
        }
    }

    const fn json(self) -> &'static str {
        match self {
            Self::FinishWide => include_str!("../templates/finish-wide.json"),
            Self::FinishTall => include_str!("../templates/finish-tall.json"),
            Self::BigType => include_str!("../templates/big-type.json"),
            Self::Arrivals => include_str!("../templates/arrivals.json"),
            Self::StartWelcome => include_str!("../templates/start-welcome.json"),
            Self::Cheer => include_str!("../templates/cheer.json"),
            Self::Clock => include_str!("../templates/clock.json"),
            Self::LedStrip => include_str!("../templates/led-strip.json"),
        }
    }
}

static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| {
    let documents = Template::ALL.into_iter().map(|template| {
        let parsed = Document::parse(template.json());
        parsed.unwrap_or_else(|fault| panic!("the template {template} has no fault: {fault}"))
    });
    documents.collect()
});

static PACKED: LazyLock<Vec<Packed>> = LazyLock::new(|| DOCUMENTS.iter().map(Packed::of).collect());

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
