//! Domain types shared by the server, the browser and the tools.
//!
//! Owns the words of the product as types, and the messages of the display socket.
//! Knows no I/O, no clock and no Leptos, and stays small when compiled to wasm.

pub mod alarm;
pub mod code;
pub mod deed;
pub mod ids;
pub mod limits;
pub mod participant;
pub mod public;
pub mod race;
pub mod race_time;
pub mod read;
pub mod role;
pub mod socket;
pub mod state;
pub mod template;
pub mod time;
pub mod timing_view;

pub use alarm::Alarm;
pub use code::DisplayCode;
pub use deed::{Edit, TagRange, is_ignored};
pub use ids::{
    DeedId, DisplayId, EventId, GunId, ParticipantId, PartnerId, PersonId, PointId, RaceId, ShowId,
    StreamId, WaveId,
};
pub use participant::{Chip, Field, Participant, fold_tag};
pub use race::{CoursePoint, Gun, GunSource, Race, Unit, Wave};
pub use race_time::race_time_text;
pub use read::{Read, ReadKey, ReadKind};
pub use role::Role;
pub use state::{Arrival, BoardState, Scene};
pub use template::{ShowMode, Template};
pub use time::{MonoMs, UnixMicros, WallTime};
