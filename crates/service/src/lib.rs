//! Use cases: who may do what, and how the parts work together.
//!
//! Owns authority, tenancy, roster files, the way of a read from a listener to the journal and
//! to the screens, and the running node. Knows no SQL, no HTTP and no protocol bytes.

pub mod account;
pub mod authority;
pub mod clock;
pub mod deed;
pub mod error;
pub mod export;
pub mod gun;
pub mod ingest;
pub mod limits;
pub mod message;
mod metrics;
pub mod node;
pub mod picture;
pub mod race;
pub mod roster;
pub mod sample;
pub mod session;
pub mod setup;
pub mod template;
pub mod timing_page;
pub mod watch;

pub use account::Accounts;
pub use authority::{Caller, Right};
pub use clock::Clock;
pub use error::ServiceError;
pub use ingest::live_path::OnScreen;
pub use live::OperatorCommand;
pub use metrics::BackupReport;
pub use node::Node;
pub use store::StoreError;
