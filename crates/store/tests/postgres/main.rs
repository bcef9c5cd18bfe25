//! What the database itself holds on PostgreSQL, whatever our code says: the walls between
//! partners, the rights of the server's role, and the same schema as SQLite's.
//!
//! Plain SQL and no `Store`. What there is to hold is asked of the catalogs, so that a table which
//! comes later is tried too.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose world cannot be made has failed"
)]

mod catalog;
mod role;
mod rows;
mod same_schema;
mod walls;
mod world;
