//! CTP01 at its boundaries: bytes in, bytes and outputs out, on a virtual clock.

mod conversation;
mod opening;
mod resume;
mod samples;
mod session;
mod support;
