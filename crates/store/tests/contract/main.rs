//! What every store promises, tried on real databases. One binary; a module for each subject.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose world cannot be made has failed"
)]

#[macro_use]
mod database;

mod activity;
mod changes;
mod deed_laws;
mod deed_people;
mod deeds;
mod displays;
mod isolation;
mod journal;
mod laws;
mod lost_answers;
mod messages;
mod opening_postgres;
mod opening_sqlite;
mod passages;
mod people;
mod points;
mod quarantine;
mod races;
mod rosters;
mod scratch;
mod sessions;
mod snapshots;
mod templates;
mod tenants;
mod together;
mod ways_back;
mod world;
