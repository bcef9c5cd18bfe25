//! The way of a read: taken from a device, dated, then to the journal and to the live path
//! side by side (design §4).

pub mod connections;
pub mod intake;
pub mod journal;
pub mod live_actor;
pub mod live_path;

pub use connections::{ConnectionId, ConnectionState, ConnectionStatus, Connections, End, Ended};
pub use intake::Intake;
pub(crate) use journal::Writer;
pub use journal::{Journal, JournalState};
pub use live_path::{LiveInput, LivePath, LiveRead, Publication};
