//! The template builder without its pixels: gestures, commands, history, what lies over the canvas.
//!
//! Owns everything that happens between an input and a changed document. Knows no DOM, no clock and
//! no I/O: a view gives it `Input`s and draws what it then finds in it.

pub mod arithmetic;
mod arrange;
mod change;
mod clipboard;
mod command;
mod commands;
mod editor;
mod edits;
mod geometry;
mod gesture;
mod group;
mod history;
mod hit;
mod input;
mod insert;
mod keys;
mod kind;
mod layers;
pub mod limits;
mod marks;
mod measure;
mod outcome;
mod overlay;
mod refusal;
mod run;
mod scenes;
mod snap;
mod sort;
mod step;
mod tree;
mod view;

#[cfg(test)]
mod tests;

pub use command::{
    Amount, Brought, Command, Direction, Drop, Edge, Measure, Order, Same, Setting, Tool, Trial,
};
pub use commands::{COMMANDS, Entry, Section};
pub use editor::{Editor, Settings};
pub use geometry::{Point, Quad, Rect, point};
pub use input::{Button, Input, Modifiers, Phase, Pointer, PointerKind, Target, Wheel};
pub use keys::Keys;
pub use kind::Kind;
pub use layers::Layer;
pub use measure::Measures;
pub use outcome::{Cursor, Effect, Outcome, Panel, Redraw};
pub use overlay::{Gap, GuideMark, Handle, HandleMark, Label, Line, Outline, Overlay};
pub use refusal::Refusal;
pub use tree::Place;
pub use view::View;
