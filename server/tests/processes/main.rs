//! Gantry as it runs on race morning: the binary in processes of its own, timing devices and
//! screens on real sockets, and the faults that happen there.
//!
//! Every test has its own data folder and ports, so they run side by side. Nothing here waits for
//! a time to pass where it could wait for what should happen.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed unwrap is the failure"
)]

mod device;
mod race;
mod screen;
mod server;
mod site;
mod wait;
mod wire;

mod claims;
mod commands;
mod crashes;
mod locked;
mod pauses;
mod ports;
mod resistance;
mod rewinds;
mod screens;
mod sessions;
mod spellings;
