//! What use cases and the running node promise, over a real store. One binary; a module for each
//! subject.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

mod accounts;
mod displays;
mod messages;
mod node;
mod roster_by_hand;
mod roster_uploads;
mod sessions;
mod template_lint;
mod templates;
mod timing_page;
mod world;
