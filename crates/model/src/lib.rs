//! Domain types shared by the server, the browser and the tools.
//!
//! Owns the words of the product as types, and the messages of the display socket.
//! Knows no I/O, no clock and no Leptos, and stays small when compiled to wasm.

pub mod code;
pub mod ids;
pub mod limits;
pub mod participant;
pub mod read;
pub mod socket;
pub mod state;
pub mod template;
pub mod time;

pub use code::DisplayCode;
pub use ids::{DisplayId, EventId, ParticipantId, PartnerId, PointId, ShowId, StreamId};
pub use participant::{Participant, fold_tag};
pub use read::{Read, ReadKey, ReadKind};
pub use state::{Arrival, BoardState, Scene};
pub use template::{ShowMode, Template};
pub use time::{MonoMs, UnixMicros, WallTime};
