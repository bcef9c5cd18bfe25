//! What is on a screen now, and how it gets there.
//!
//! Owns the rundown of a show, the hub that fans its frames out, and one display socket's contract.
//! Gets crossings already joined to people and never asks a store; knows no web framework, and no
//! clock but the instants handed in.

pub mod frame;
pub mod hub;
pub mod limits;
pub mod rundown;
pub mod session;

pub use frame::{Published, Shown};
pub use hub::{Board, DisplayStatus, Heard, Hub, HubError, Subscription};
pub use rundown::{Crossing, Input, OperatorCommand, Rundown, Settings, Update};
pub use session::{Acked, CloseReason, DisplaySession, ScreenStatus, SessionInput, SessionOutput};
