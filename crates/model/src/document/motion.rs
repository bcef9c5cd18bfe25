//! How elements come, go and change.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Motion {
    /// When it comes with its scene, or by its condition.
    #[serde(default)]
    pub enter: Option<Transition>,
    /// When its scene goes.
    #[serde(default)]
    pub exit: Option<Transition>,
    /// When it stays and says something else.
    #[serde(default)]
    pub change: Option<Transition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    pub by: Move,
    pub ms: u16,
    #[serde(default)]
    pub delay_ms: u16,
}

/// Towards the element's place, or on the way out away from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    Fade,
    /// Upwards into its place.
    Rise,
    Fall,
    /// Towards the right.
    SlideRight,
    SlideLeft,
    Grow,
    /// Uncovered from the left.
    Wipe,
}

impl Move {
    pub const ALL: [Self; 7] = [
        Self::Fade,
        Self::Rise,
        Self::Fall,
        Self::SlideRight,
        Self::SlideLeft,
        Self::Grow,
        Self::Wipe,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Fade => "fade",
            Self::Rise => "rise",
            Self::Fall => "fall",
            Self::SlideRight => "slide-right",
            Self::SlideLeft => "slide-left",
            Self::Grow => "grow",
            Self::Wipe => "wipe",
        }
    }
}

impl Transition {
    /// Until it is over.
    pub fn total_ms(self) -> u32 {
        u32::from(self.ms) + u32::from(self.delay_ms)
    }
}
