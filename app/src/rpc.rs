//! Server functions: what every one of them shares.
//!
//! A new one looks like this, and `server/src/http/rpc` tries that it is guarded:
//!
//! ```text
//! #[server(prefix = "/rpc", endpoint = "rename-event", input = Json, output = Postcard)]
//! pub async fn rename_event(event: EventId, name: String) -> Result<(), RpcError> {
//!     let Backend { node, caller } = backend()?;
//!     Ok(service::setup::rename_event(node.store(), &caller, event, &name).await?)
//! }
//! ```
//!
//! `backend` is the only way to the node, and there is none without a login; what the caller may do
//! there, the use case decides. Knows no cookie's name and no SQL.

pub mod account;
#[cfg(feature = "ssr")]
mod backend;
pub mod builder;
pub mod displays;
mod error;
pub mod event;
pub mod lint;
#[cfg(feature = "ssr")]
pub mod login_cookie;
pub mod messages;
pub mod roster;
pub mod sessions;
pub mod templates;
pub mod timing;
pub mod versions;
mod wire;

#[cfg(feature = "ssr")]
pub use backend::{Backend, Visitor, backend, visitor};
pub use error::RpcError;
pub use wire::loaded;
