//! A read, ready to be journalled, and the key that makes it stored exactly once.

use crate::{StreamId, UnixMicros, WallTime};
use xxhash_rust::xxh3::Xxh3;

/// What a line from a mat is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadKind {
    /// A chip over a mat.
    Tag,
    /// A gun start, sent as a pseudo read.
    Gun,
}

/// One line from a mat. Append-only: nothing in it changes after it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub stream: StreamId,
    pub kind: ReadKind,
    /// The device's own text for the place.
    pub location: String,
    /// Tag number or bib, as the device wrote it.
    pub tag: String,
    /// The device's wall clock, with the date it sent or the one `timing` gave it.
    pub wall: WallTime,
    /// The time as the device wrote it.
    pub time_text: String,
    /// Whether the device sent the date itself.
    pub dated: bool,
    /// Rises within a timing session; a hint for gaps and resume only.
    pub sequence: Option<u64>,
    /// CTP01 field 6, as written. Never scored.
    pub occurrence: String,
    pub reader: String,
    /// CTP01 field 8, as written.
    pub antenna: String,
    /// The name the device gives its connection, by which it is resumed.
    pub connection_name: Option<String>,
    /// The line as it came, without its line end.
    pub raw: Vec<u8>,
    pub received_at: UnixMicros,
    /// Whether it was too old to be shown as live when it was received.
    pub late: bool,
    /// Whether the simulator sent it, and no mat.
    pub simulated: bool,
}

/// What the device said of a read, and nothing else (design §4 "Exactly once").
///
/// Sequence, mapped point, zone, offset and the resolved instant are not in it, so that a rename,
/// a zone change or an offset change followed by a rewind adds nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReadKey {
    pub wall: WallTime,
    pub location: String,
    pub tag: String,
    pub reader: String,
    pub antenna: String,
}

impl Read {
    pub fn key(&self) -> ReadKey {
        ReadKey {
            wall: self.wall,
            location: self.location.clone(),
            tag: self.tag.clone(),
            reader: self.reader.clone(),
            antenna: self.antenna.clone(),
        }
    }

    /// A short hash of the key's texts, the same for ever: it is stored.
    pub fn key_hash(&self) -> i64 {
        key_hash(&self.location, &self.tag, &self.reader, &self.antenna)
    }

    /// Bytes it takes in a queue, near enough to bound the queue by.
    pub fn size_bytes(&self) -> usize {
        size_of::<Self>()
            + self.location.len()
            + self.tag.len()
            + self.time_text.len()
            + self.occurrence.len()
            + self.reader.len()
            + self.antenna.len()
            + self.raw.len()
    }
}

/// XXH3-64 over the four texts, each followed by a byte that UTF-8 never has.
pub fn key_hash(location: &str, tag: &str, reader: &str, antenna: &str) -> i64 {
    let mut hasher = Xxh3::new();
    for text in [location, tag, reader, antenna] {
        hasher.update(text.as_bytes());
        hasher.update(&[0xff]);
    }
    hasher.digest().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::key_hash;

    #[test]
    fn key_hash_is_stored_and_so_never_changes() {
        assert_ne!(
            key_hash("FINISH1", "01", "", ""),
            key_hash("FINISH", "101", "", "")
        );
        assert_eq!(
            key_hash("FINISH", "101", "0F2A38", "1"),
            1_491_944_522_119_609_478
        );
    }
}
