//! Named limits of the builder, and what happens past them.

/// Steps that can be undone. Past it, the oldest is forgotten.
pub const STEPS_MAX: usize = 500;

/// Changes handed out to be saved at once. Later ones wait for the next time.
pub const SAVE_EDITS_MAX: usize = 100;

/// Changes that wait to be saved. Past it, those not handed out yet become one: the whole document.
pub const UNSAVED_EDITS_MAX: usize = 1_000;

/// How far one can look away and close. Zoom ends there.
pub const SCALE_MIN: f64 = 0.02;
pub const SCALE_MAX: f64 = 64.0;

/// How far a corner of the canvas can be from the viewport. Panning ends there.
pub const OFFSET_PX_MAX: f64 = 10_000_000.0;

/// Of the grid. What is outside is taken for the nearest.
pub const GRID_PX_MIN: i32 = 2;
pub const GRID_PX_MAX: i32 = 1_000;

/// Of what is read from the clipboard. A longer text is refused.
pub const CLIPBOARD_BYTES_MAX: usize = 4_000_000;

/// Of a foreign text that becomes an element. A longer one is refused.
pub const PASTED_CHARS_MAX: usize = 2_000;

/// Of an expression in a number field. A longer one is refused.
pub const EXPRESSION_BYTES_MAX: usize = 200;

/// Brackets within brackets in a number field. More are refused.
pub const BRACKETS_MAX: usize = 20;

/// Of what an element says, where it is called by that. The rest is cut off.
pub const CALLED_CHARS_MAX: usize = 40;

/// Fingers that are followed. Further ones are not looked at.
pub const FINGERS_MAX: usize = 10;
