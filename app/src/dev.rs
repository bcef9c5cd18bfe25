//! `/dev/parts`: all components together in every state, to look at and to test.
//!
//! In debug builds only: what is shown here is made up.

mod controls;
mod lists;
mod overlays;
mod page;

pub(crate) use page::{Around, Parts};
