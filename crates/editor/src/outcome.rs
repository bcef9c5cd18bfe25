//! What an input comes to, for the view.

use crate::refusal::Refusal;
use crate::sort::sort;
use crate::{Point, Trial};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub redraw: Redraw,
    pub cursor: Cursor,
    /// Something that panels show may be another: the selection, a committed change, the tool, a
    /// setting, where one is.
    pub panels: bool,
    /// In this order.
    pub effects: Vec<Effect>,
}

/// What of the viewport has to be drawn anew. Each has those before it in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Redraw {
    #[default]
    Nothing,
    /// What `Editor::overlay` gives, and the canvas where the view has moved.
    Overlay,
    /// These elements, where they stand now.
    Elements(Vec<String>),
    Scene,
}

/// What the view has to do outside of the editor.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Put this text on the system's clipboard.
    Copy(String),
    /// Read the text of the system's clipboard and give it to `Command::PasteText`.
    ReadClipboard {
        in_place: bool,
    },
    /// Open a field over the element for what it says.
    EditText(String),
    /// Ask for the file that the selected image is to show.
    ChoosePicture,
    /// Open a field for what the element is called.
    EditName(String),
    /// Open the menu of what is selected, at this place of the viewport.
    OpenMenu(Point),
    Open(Panel),
    Try(Trial),
    /// Say why something was not done. Nothing has changed.
    Refuse(Refusal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Panel {
    Palette,
    Shortcuts,
    /// The number fields of the selection.
    Numbers,
    /// The number fields of the guides.
    Guides,
    /// The search field of the layers.
    LayerSearch,
    /// The saved states of the template.
    Versions,
    /// From the draft to the screens.
    Publish,
    /// What cannot be read on its screen.
    Check,
    /// What timing devices read, live and before.
    Timing,
}

impl Panel {
    /// Whether it is a window of its own, and no part of the builder.
    pub const fn is_window(self) -> bool {
        matches!(
            self,
            Self::Versions | Self::Publish | Self::Check | Self::Timing | Self::Shortcuts
        )
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cursor {
    #[default]
    Arrow,
    Move,
    /// Two arrows, at 0, 45, 90 or 135 degrees clockwise from those to the left and right.
    Resize(u8),
    Rotate,
    Cross,
    Hand,
    Fist,
    Copy,
}

impl Cursor {
    /// As CSS has it.
    pub const fn css(self) -> &'static str {
        match self {
            Self::Arrow => "default",
            Self::Move => "move",
            Self::Resize(45) => "nwse-resize",
            Self::Resize(90) => "ns-resize",
            Self::Resize(135) => "nesw-resize",
            Self::Resize(_) => "ew-resize",
            Self::Rotate | Self::Cross => "crosshair",
            Self::Hand => "grab",
            Self::Fist => "grabbing",
            Self::Copy => "copy",
        }
    }
}

impl Outcome {
    pub(crate) fn redraw(&mut self, more: Redraw) {
        let before = std::mem::take(&mut self.redraw);
        self.redraw = match (before, more) {
            (Redraw::Scene, _) | (_, Redraw::Scene) => Redraw::Scene,
            (Redraw::Elements(mut ids), Redraw::Elements(more)) => {
                let is_same = ids == more;
                if !is_same {
                    ids.extend(more);
                    sort(&mut ids, Ord::cmp);
                    ids.dedup();
                }
                Redraw::Elements(ids)
            }
            (Redraw::Elements(ids), _) | (_, Redraw::Elements(ids)) => Redraw::Elements(ids),
            (Redraw::Overlay, _) | (_, Redraw::Overlay) => Redraw::Overlay,
            (Redraw::Nothing, Redraw::Nothing) => Redraw::Nothing,
        };
    }
}
