//! Made-up reads for the store: those of a big race, some forty a second over four locations,
//! roughly in order of time.

use crate::world::World;
use model::{Read, ReadKind, UnixMicros, WallTime};
use store::JournalEntry;

pub fn batch(world: &World, from: u64, count: u64) -> Vec<JournalEntry> {
    (from..from + count)
        .map(|number| entry(world, number))
        .collect()
}

fn entry(world: &World, number: u64) -> JournalEntry {
    let shaken = number ^ (number.wrapping_mul(2_654_435_761) >> 7 & 0xf);
    let wall = WallTime(177_000_000_000 + (shaken * 5 / 2).cast_signed());
    let location = ["START", "10K", "30K", "FINISH"][(number % 4) as usize];
    let tag = (number.wrapping_mul(7_919) % 27_000).to_string();
    let (reader, antenna) = ("0F2A38", (number % 8).to_string());
    let raw = format!("CT01_33~{number}~{location}~{tag}~{wall}~0~{reader}~{antenna}");
    JournalEntry {
        scope: world.scope,
        read: Read {
            stream: world.stream,
            kind: ReadKind::Tag,
            location: location.to_owned(),
            tag,
            wall,
            time_text: wall.to_string(),
            dated: true,
            sequence: Some(number),
            occurrence: "0".to_owned(),
            reader: reader.to_owned(),
            antenna,
            connection_name: Some("5d41402abc4b2a76b9719d911017c592".to_owned()),
            raw: raw.into_bytes(),
            received_at: UnixMicros(1_772_800_000_000_000 + number.cast_signed()),
            late: false,
            simulated: false,
        },
    }
}
