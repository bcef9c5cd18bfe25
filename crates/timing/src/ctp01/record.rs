//! A read as a line: `CT01_33~seq~location~tag~time~occurrence~reader~antenna`.
//!
//! Parses what any client sends and writes what the simulator sends.
//! Fields 6 and 8 are kept as written: sources disagree on which of them is the antenna.

pub use super::time::{DeviceTime, TimeFormat};
use super::{text, time};
use model::ReadKind;

/// The pseudo tag of a gun start.
pub const GUN_TAG: &str = "guntime";
/// The pseudo tag of a location that appears while the stream runs.
pub const NEW_LOCATION_TAG: &str = "newlocation";

/// The first field of a record. On the socket both have the same fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    #[default]
    Ct01_33,
    Ct01_13,
}

impl Layout {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ct01_33 => "CT01_33",
            Self::Ct01_13 => "CT01_13",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Ct01_33, Self::Ct01_13]
            .into_iter()
            .find(|layout| layout.name().eq_ignore_ascii_case(name))
    }
}

/// One read as the device said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRead {
    pub kind: ReadKind,
    /// Field 3, as written. May be empty.
    pub location: String,
    /// Field 4, as written: tag, bib, `guntime`, `UNKNOWN`.
    pub tag: String,
    pub time: DeviceTime,
    /// Field 5, as written.
    pub time_text: String,
    /// Field 2, where it is a number up to `i64::MAX`.
    pub sequence: Option<u64>,
    /// Field 6, as written.
    pub occurrence: String,
    /// Field 7, as written; not always hexadecimal.
    pub reader: String,
    /// Field 8, as written.
    pub antenna: String,
    /// The line without its line end.
    pub raw: Vec<u8>,
}

impl DeviceRead {
    /// A read to be sent, by reader `0F2A38` on antenna 1; change the fields that should differ.
    /// The tag `guntime` makes it a gun. `time_text` and `raw` are made when it is written.
    pub fn new(sequence: u64, location: &str, tag: &str, time: DeviceTime) -> Self {
        Self {
            kind: kind_of(tag),
            location: location.to_owned(),
            tag: tag.to_owned(),
            time,
            time_text: String::new(),
            sequence: Some(sequence),
            occurrence: "1".to_owned(),
            reader: "0F2A38".to_owned(),
            antenna: "1".to_owned(),
            raw: Vec::new(),
        }
    }

    /// The line, without line end. A time without date is written as `normal` where `iso` or
    /// `unix` is asked.
    pub fn write(&self, layout: Layout, format: TimeFormat) -> String {
        let sequence = self
            .sequence
            .map(|sequence| sequence.to_string())
            .unwrap_or_default();
        [
            layout.name(),
            &sequence,
            &self.location,
            &self.tag,
            &format.write(self.time),
            &self.occurrence,
            &self.reader,
            &self.antenna,
        ]
        .join("~")
    }
}

fn kind_of(tag: &str) -> ReadKind {
    if tag.trim().eq_ignore_ascii_case(GUN_TAG) {
        ReadKind::Gun
    } else {
        ReadKind::Tag
    }
}

/// What a record line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Read(DeviceRead),
    /// Not a read: a location that will send reads.
    NewLocation {
        location: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error("a record has 8 fields between ~, this line has {0}")]
    FieldCount(usize),
    #[error("the record holds control characters")]
    ControlCharacters,
    #[error("the record has no tag")]
    NoTag,
    #[error(transparent)]
    Time(#[from] time::InvalidTime),
}

/// Reads one record line (without its line end). `None` where the first field is no layout's.
pub fn parse(raw: &[u8]) -> Option<Result<Record, RecordError>> {
    let text = text::decode(raw);
    let first = text.split('~').next().unwrap_or_default();
    Layout::named(first.trim())?;
    Some(parse_fields(raw, &text))
}

fn parse_fields(raw: &[u8], text: &str) -> Result<Record, RecordError> {
    // Such a text could be neither asked for (`start~location`) nor stored everywhere.
    if text.chars().any(|sign| sign.is_ascii_control()) {
        return Err(RecordError::ControlCharacters);
    }
    let mut fields = text.split('~');
    let mut next = || fields.next();
    let (
        Some(_),
        Some(sequence),
        Some(location),
        Some(tag),
        Some(time_text),
        Some(occurrence),
        Some(reader),
        Some(antenna),
        None,
    ) = (
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
    )
    else {
        return Err(RecordError::FieldCount(text.split('~').count()));
    };
    if tag.trim().eq_ignore_ascii_case(NEW_LOCATION_TAG) {
        return Ok(Record::NewLocation {
            location: location.to_owned(),
        });
    }
    if tag.trim().is_empty() {
        return Err(RecordError::NoTag);
    }
    Ok(Record::Read(DeviceRead {
        kind: kind_of(tag),
        location: location.to_owned(),
        tag: tag.to_owned(),
        time: time::parse(time_text)?,
        time_text: time_text.to_owned(),
        sequence: sequence
            .trim()
            .parse()
            .ok()
            .filter(|sequence| *sequence <= i64::MAX as u64),
        occurrence: occurrence.to_owned(),
        reader: reader.to_owned(),
        antenna: antenna.to_owned(),
        raw: raw.to_vec(),
    }))
}
