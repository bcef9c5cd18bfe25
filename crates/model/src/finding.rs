//! What is found in a template before somebody stands in front of the screen.
//!
//! Owns the closed list of what can be found, the one sentence for each, and by what a finding is
//! known again. Knows nothing of how it is found.

use crate::document::DataField;
use serde::{Deserialize, Serialize};

/// The screen that a template is for, and whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Of the whole canvas, whichever layout is on it.
    pub width_mm: u32,
    /// From the screen to those who read it.
    pub distance_mm: u32,
}

/// One thing to look at: at one element, or at a whole scene, whose id and name are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub layout: usize,
    pub scene: String,
    /// Its id.
    pub element: String,
    /// What people call it.
    pub name: String,
    pub kind: FindingKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// Capital letters, as high as they are where there is least room.
    TooSmall {
        height_mm: u32,
        needed_mm: u32,
    },
    /// Hundredths of a ratio of WCAG.
    Contrast {
        ratio_x100: u32,
        needed_x100: u32,
    },
    /// Is cut even at the smallest size: the widest one, and how many others.
    DoesNotFit {
        text: String,
        others: u32,
    },
    OffCanvas(Reach),
    MissingImage(Missing),
    /// Nothing is drawn in the scene.
    EmptyScene,
    /// Nobody and nothing of the event has it.
    Unfilled {
        field: DataField,
    },
    /// So many screens show the template without it now.
    OldScreens {
        what: Undrawn,
        screens: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing of it is seen.
    Wholly,
    /// Some of what it says is cut off.
    Partly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The theme has none.
    Logo,
    /// A reel without pictures.
    Sponsors,
    /// An address with nothing in it.
    Picture,
}

/// What a screen of `Level::Lite` does not draw, or not surely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undrawn {
    Motion,
    Webp,
}

/// Of a column's name in a key: what is beyond tells no two apart in a roster.
const KEY_FIELD_CHARS_MAX: usize = 60;

impl Finding {
    /// What tells it from others, whatever its figures are: by this somebody has accepted it.
    pub fn key(&self) -> String {
        let Self {
            layout,
            scene,
            element,
            ..
        } = self;
        let (kind, more) = match &self.kind {
            FindingKind::TooSmall { .. } => ("too-small", String::new()),
            FindingKind::Contrast { .. } => ("contrast", String::new()),
            FindingKind::DoesNotFit { .. } => ("does-not-fit", String::new()),
            FindingKind::OffCanvas(Reach::Wholly) => ("off-canvas", "wholly".to_owned()),
            FindingKind::OffCanvas(Reach::Partly) => ("off-canvas", "partly".to_owned()),
            FindingKind::MissingImage(_) => ("missing-image", String::new()),
            FindingKind::EmptyScene => ("empty-scene", String::new()),
            FindingKind::Unfilled { field } => {
                let name = field.name();
                ("unfilled", name.chars().take(KEY_FIELD_CHARS_MAX).collect())
            }
            FindingKind::OldScreens { what, .. } => (
                "old-screens",
                match what {
                    Undrawn::Motion => "motion",
                    Undrawn::Webp => "webp",
                }
                .to_owned(),
            ),
        };
        format!("{kind} {layout}/{scene}/{element} {more}")
            .trim_end()
            .to_owned()
    }

    /// What is the matter and what to do about it.
    pub fn sentence(&self) -> String {
        match &self.kind {
            FindingKind::TooSmall {
                height_mm,
                needed_mm,
            } => format!(
                "Its capitals get as low as {height_mm} mm, and from there {needed_mm} mm are \
                 needed: make the text larger, or give it more room."
            ),
            FindingKind::Contrast {
                ratio_x100,
                needed_x100,
            } => format!(
                "It stands out from what is behind it by {} to 1, and {} to 1 are needed: change \
                 one of the two colors, or put a plate behind the text.",
                tenths(*ratio_x100),
                tenths(*needed_x100),
            ),
            FindingKind::DoesNotFit { text, others } => {
                let also = match others {
                    0 => String::new(),
                    1 => " and 1 other".to_owned(),
                    others => format!(" and {others} others"),
                };
                let is_cut = if *others == 0 { "is" } else { "are" };
                format!(
                    "“{text}”{also} {is_cut} cut: make the box larger, allow another line, or let \
                     the text get smaller."
                )
            }
            FindingKind::OffCanvas(Reach::Wholly) => {
                "It lies off the canvas, where nobody sees it: move it in, or delete it.".to_owned()
            }
            FindingKind::OffCanvas(Reach::Partly) => {
                "What it says reaches over the edge of the canvas: move it in.".to_owned()
            }
            FindingKind::MissingImage(Missing::Logo) => {
                "The theme has no logo, so its place stays empty: choose one, or delete the place."
                    .to_owned()
            }
            FindingKind::MissingImage(Missing::Sponsors) => {
                "There is no picture in it: add some, or delete it.".to_owned()
            }
            FindingKind::MissingImage(Missing::Picture) => {
                "Its picture is empty: choose one, or delete it.".to_owned()
            }
            FindingKind::EmptyScene => {
                "There is nothing in this scene, and screens that show it stay empty: draw \
                 something in it."
                    .to_owned()
            }
            FindingKind::Unfilled { field } => {
                let name = field.name();
                format!(
                    "Nothing fills {{{name}}} here: bring it in with the roster, write what stands \
                     in for it, as in {{{name}|…}}, or take it out."
                )
            }
            FindingKind::OldScreens { what, screens } => {
                let count = match screens {
                    1 => "1 screen that shows this template has".to_owned(),
                    screens => format!("{screens} screens that show this template have"),
                };
                match what {
                    Undrawn::Motion => format!(
                        "{count} an old browser and will change without motion: nothing is lost, \
                         or use a newer one there."
                    ),
                    Undrawn::Webp => format!(
                        "{count} an old browser that may not know WebP: choose the picture anew as \
                         PNG or JPEG."
                    ),
                }
            }
        }
    }
}

/// `4.5` of 450; below, never above: 4.49 is not 4.5.
fn tenths(hundredths: u32) -> String {
    format!("{}.{}", hundredths / 100, hundredths / 10 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(kind: FindingKind) -> Finding {
        Finding {
            layout: 1,
            scene: "runner".to_owned(),
            element: "name".to_owned(),
            name: "Name".to_owned(),
            kind,
        }
    }

    #[test]
    fn a_finding_is_known_again_whatever_its_figures() {
        let check = |kind, key: &str| assert_eq!(finding(kind).key(), key);
        for height_mm in [1, 2] {
            let needed_mm = 30;
            let kind = FindingKind::TooSmall {
                height_mm,
                needed_mm,
            };
            check(kind, "too-small 1/runner/name");
        }
        let field = DataField::Custom("Shirt size".to_owned());
        check(
            FindingKind::Unfilled { field },
            "unfilled 1/runner/name custom.Shirt size",
        );
        let field = DataField::Custom("x".repeat(500));
        let key = finding(FindingKind::Unfilled { field }).key();
        assert!(key.len() < 100, "{key}");
        check(
            FindingKind::OffCanvas(Reach::Partly),
            "off-canvas 1/runner/name partly",
        );
    }

    #[test]
    fn a_sentence_says_what_to_do() {
        let check = |kind, begin: &str| {
            let sentence = finding(kind).sentence();
            assert!(sentence.starts_with(begin), "{sentence}");
            assert!(
                sentence.ends_with('.') && sentence.contains(": "),
                "{sentence}"
            );
        };
        let fit = |others| FindingKind::DoesNotFit {
            text: "Bo".to_owned(),
            others,
        };
        check(fit(0), "“Bo” is cut: ");
        check(fit(1), "“Bo” and 1 other are cut: ");
        check(fit(12), "“Bo” and 12 others are cut: ");
        check(
            FindingKind::Contrast {
                ratio_x100: 449,
                needed_x100: 450,
            },
            "It stands out from what is behind it by 4.4 to 1, and 4.5 to 1 are needed: ",
        );
        let field = DataField::City;
        check(
            FindingKind::Unfilled { field },
            "Nothing fills {city} here: ",
        );
        for missing in [Missing::Logo, Missing::Sponsors, Missing::Picture] {
            check(FindingKind::MissingImage(missing), "");
        }
        check(FindingKind::EmptyScene, "There is nothing in this scene");
        for what in [Undrawn::Motion, Undrawn::Webp] {
            let screens = 2;
            check(FindingKind::OldScreens { what, screens }, "2 screens");
        }
    }
}
