//! What every store promises, tried on real files. One binary; a module for each subject.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose world cannot be made has failed"
)]

mod changes;
mod displays;
mod isolation;
mod journal;
mod laws;
mod opening;
mod points;
mod quarantine;
mod rosters;
mod tenants;
mod together;
mod world;
