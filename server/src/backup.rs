//! Backups: one file with the database and all that was uploaded, made beside a server that
//! writes, and checked before it counts.
//!
//! Files and their order of writing are here; what a database is, only the store knows.

mod archive;
mod disk;
mod make;
mod manifest;
mod names;
mod restore;
mod schedule;

pub use disk::complaint;
pub use make::{WhenThere, make};
pub use restore::restore;
pub use schedule::{Backups, Newest, newest, start};

/// Of what is uploaded, in the data folder and in a backup.
const ASSETS: &str = "assets";
