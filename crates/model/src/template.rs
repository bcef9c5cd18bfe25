//! Which template a show draws with.
//!
//! Owns the built-in ones, the pin that says which template is meant, and what is worked out of one
//! once for all who draw with it. Knows nothing of how own templates are kept.

use crate::{
    Document, TemplateId,
    document::{Needs, Packed, Subject},
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    str::FromStr,
    sync::{Arc, LazyLock},
};

/// A built-in template: its stable name, usable in the CLI and on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuiltIn {
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

impl BuiltIn {
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
        &DESIGNS[self as usize].document
    }

    /// As its document says, for where that is not at hand.
    pub const fn subject(self) -> Subject {
        match self {
            Self::FinishWide
            | Self::FinishTall
            | Self::BigType
            | Self::StartWelcome
            | Self::Cheer
            | Self::LedStrip => Subject::Runner,
            Self::Arrivals => Subject::Arrivals,
            Self::Clock => Subject::Nobody,
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

/// What a show draws with, for as long as nobody moves it: what it names never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TemplatePin {
    BuiltIn(BuiltIn),
    /// Of an own template, one of its saved states.
    Version {
        template: TemplateId,
        number: u32,
    },
}

impl From<BuiltIn> for TemplatePin {
    fn from(built_in: BuiltIn) -> Self {
        Self::BuiltIn(built_in)
    }
}

impl fmt::Display for TemplatePin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(built_in) => built_in.fmt(f),
            Self::Version { template, number } => write!(f, "{template}@{number}"),
        }
    }
}

impl FromStr for TemplatePin {
    type Err = UnknownPin;
    fn from_str(text: &str) -> Result<Self, UnknownPin> {
        if let Ok(built_in) = text.parse() {
            return Ok(Self::BuiltIn(built_in));
        }
        let version = || {
            let (template, number) = text.split_once('@')?;
            let template = template.parse().ok()?;
            let number = number.parse().ok().filter(|number| *number > 0)?;
            Some(Self::Version { template, number })
        };
        version().ok_or_else(|| UnknownPin(text.to_owned()))
    }
}

impl TryFrom<String> for TemplatePin {
    type Error = UnknownPin;
    fn try_from(text: String) -> Result<Self, UnknownPin> {
        text.parse()
    }
}

impl From<TemplatePin> for String {
    fn from(pin: TemplatePin) -> Self {
        pin.to_string()
    }
}

/// A text that pins nothing.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is no template; name a built-in one ({known}) or a version of your own, as ID@NUMBER",
    known = BuiltIn::ALL.map(BuiltIn::name).join(", ")
)]
pub struct UnknownPin(String);

/// What a pin names, with all that is worked out of it once. Two of one pin are the same.
pub struct Design {
    pub pin: TemplatePin,
    pub document: Document,
    /// As screens get it.
    pub packed: Packed,
    /// What a state has to hold for it.
    pub needs: Needs,
}

impl Design {
    pub fn new(pin: TemplatePin, document: Document) -> Self {
        Self {
            pin,
            packed: Packed::of(&document),
            needs: document.needs(),
            document,
        }
    }

    pub fn built_in(built_in: BuiltIn) -> Arc<Self> {
        Arc::clone(&DESIGNS[built_in as usize])
    }

    pub fn takes_turns(&self) -> bool {
        self.document.subject.takes_turns()
    }
}

impl fmt::Debug for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Design({})", self.pin)
    }
}

/// Nobody compares documents: a pin's is always the same.
impl PartialEq for Design {
    fn eq(&self, other: &Self) -> bool {
        self.pin == other.pin
    }
}

impl Eq for Design {}

static DESIGNS: LazyLock<Vec<Arc<Design>>> = LazyLock::new(|| {
    let designs = BuiltIn::ALL.into_iter().map(|built_in| {
        let parsed = Document::parse(built_in.json());
        let document =
            parsed.unwrap_or_else(|fault| panic!("the template {built_in} has no fault: {fault}"));
        Arc::new(Design::new(TemplatePin::BuiltIn(built_in), document))
    });
    designs.collect()
});

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

by_name!(BuiltIn, "template");
by_name!(ShowMode, "mode");
