//! Every number of this crate, and what it decides.

/// Reads of one participant over the start mats no further apart than this are one passage.
pub const PASSAGE_GAP_MS: i64 = 60_000;

/// A passage that ended this long before the gun, or less, is a start: a gun pressed by hand comes
/// late by a few seconds, and a runner who stands on the mat may not be read again.
pub const BEFORE_GUN_MS_MAX: i64 = 10_000;

/// A passage that begins later after the gun than this is no start. The longest fields take most of
/// an hour to cross the line.
pub const AFTER_GUN_MS_MAX: i64 = 60 * 60 * 1_000;

/// Nobody runs a lap faster, in meters a second: the world records over a mile and less are below
/// 10, those over 5 km and more below 7. Where the start mat ends a lap too, a passage so late
/// after the gun that it can be the lap's is no start.
pub const LAP_M_PER_S_MAX: i64 = 10;

/// A gun no further from a wave's scheduled start than this can be the wave's.
pub const GUN_FROM_SCHEDULE_MS_MAX: i64 = 15 * 60 * 1_000;
