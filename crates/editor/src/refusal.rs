//! Why something was not done. Nothing has changed then.

use crate::limits::{CLIPBOARD_BYTES_MAX, PASTED_CHARS_MAX};
use model::document::EditError;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("select something first")]
    NothingSelected,
    #[error("select at least {0} elements first")]
    TooFew(usize),
    #[error("what is selected is locked: unlock it first")]
    Locked,
    #[error("only groups can be taken apart")]
    NoGroup,
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("there is nothing to redo")]
    NothingToRedo,
    #[error("there is nothing on the clipboard that can be put here")]
    NothingToPaste,
    #[error("copy the style of an element first")]
    NoStyle,
    #[error("what was copied is from another version of Gantry, or damaged: copy it again")]
    BadClipboard,
    #[error("at most {} KB can be pasted", CLIPBOARD_BYTES_MAX / 1_000)]
    ClipboardTooLarge,
    #[error("a text of at most {PASTED_CHARS_MAX} characters can be pasted")]
    TextTooLong,
    #[error("the scenes `resting` and `runner` always are there: hide what is in them instead")]
    SceneStays,
    #[error("a template has at least one layout: add another before this one goes")]
    LastLayout,
    #[error("ids are given by the editor: change the name instead")]
    FixedId,
    #[error("there is no guide {0}")]
    NoGuide(usize),
    #[error("there is no step {0}")]
    NoStep(usize),
    #[error("groups are made of what is there: select it and group it")]
    NoTool,
    #[error("what it draws is of one element: give it by its id")]
    DrawOfSeveral,
    #[error(transparent)]
    Edit(#[from] EditError),
}
