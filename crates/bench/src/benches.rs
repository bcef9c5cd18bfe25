//! One bench a file. Each gets the server's binary and returns its rows of the table.

pub mod display;
pub mod fan_out;
pub mod ingest;
pub mod mat_to_screen;
pub mod memory;
pub mod page;
pub mod roster;
pub mod sizes;

mod feed;
mod plain;
