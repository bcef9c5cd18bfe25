//! The statements that both databases take: written once, compiled for each.
//!
//! `sqlite` and `postgres` each mount this folder, and what it takes from `super` is then the
//! one's or the other's own (docs/decisions/0008). Names no database.

mod activity;
pub(super) mod changes;
mod deed;
mod display;
mod event;
pub(super) mod journal;
mod message;
mod participant;
mod partner;
mod person;
mod point;
mod quarantine;
mod race;
pub(super) mod reads;
mod resume;
mod roster;
mod roster_merge;
mod route;
mod sessions;
mod stream;
mod template;

use super::{Backend, Connected, Db, Follower, Row, Tx, announce, bulk, enter, keys};
