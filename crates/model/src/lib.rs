//! Domain types shared by the server, the browser and the tools.
//!
//! Owns the words of the product as types, and the messages of the display socket.
//! Knows no I/O, no clock and no Leptos, and stays small when compiled to wasm.

pub mod alarm;
pub mod code;
pub mod deed;
pub mod document;
pub mod finding;
pub mod font;
pub mod ids;
pub mod limits;
pub mod message;
pub mod participant;
pub mod public;
pub mod race;
pub mod race_time;
pub mod read;
pub mod role;
pub mod rundown_settings;
pub mod session_view;
pub mod socket;
pub mod state;
pub mod template;
pub mod time;
pub mod timing_view;

pub use alarm::Alarm;
pub use code::DisplayCode;
pub use deed::{Edit, TagRange, is_ignored};
pub use document::Document;
pub use finding::{Finding, FindingKind, Panel};
pub use font::{Family, Font};
pub use ids::{
    DeedId, DisplayId, EventId, GunId, MessageId, ParticipantId, PartnerId, PersonId, PointId,
    RaceId, ShowId, StreamId, TemplateId, WaveId,
};
pub use message::{Conditions, PoolMessage};
pub use participant::{Chip, Field, Participant, fold_tag};
pub use race::{CoursePoint, Gun, GunSource, Race, Unit, Wave};
pub use race_time::{clock_text, race_time_text};
pub use read::{Read, ReadKey, ReadKind};
pub use role::Role;
pub use rundown_settings::{RundownOverrides, RundownSettings};
pub use state::{Arrival, BoardState, RaceClock, Scene, Texts};
pub use template::{BuiltIn, Design, ShowMode, TemplatePin};
pub use time::{MonoMs, UnixMicros, WallTime};
