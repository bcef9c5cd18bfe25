//! What the Timing page shows, as plain data for one poll: small, bounded, of one moment.
//!
//! Owns the shape only; the service fills it. Every list has its limit in `limits`.

use crate::{EventId, ParticipantId, PointId, StreamId, UnixMicros, alarm::Alarm};
use serde::{Deserialize, Serialize};

/// One look at an event's timing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimingView {
    /// Ages count from it.
    pub now: UnixMicros,
    pub event: EventId,
    pub event_name: String,
    /// In the roster.
    pub people: u64,
    pub streams: Vec<StreamLive>,
    /// The live ones by age, then those that have gone and not come back.
    pub connections: Vec<ConnectionLive>,
    /// The partner's and the server's, the urgent ones first, not only this event's.
    pub alarms: Vec<Alarm>,
    pub connect: ConnectHint,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamLive {
    pub id: StreamId,
    pub name: String,
    pub protocol: String,
    /// `None`: it is fed from the shared one.
    pub port: Option<u16>,
    pub state: StreamState,
    /// Where it differs from the event's.
    pub timezone: Option<String>,
    pub offset_ms: i64,
    /// Since the stream's beginning; so are the next three.
    pub reads: u64,
    pub late: u64,
    pub duplicates: u64,
    /// `None` while they are being counted.
    pub unknown: Option<u64>,
    /// In the order of the course. At most `limits::PLACES_PER_VIEW_MAX` over all streams, the ones
    /// heard last.
    pub places: Vec<PlaceLive>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StreamState {
    Active,
    /// By somebody's hand.
    Paused,
    /// By 14 days of silence.
    Asleep,
    Archived,
}

/// A location of a stream: what came from there since the server was started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceLive {
    /// The device's own text.
    pub location: String,
    /// `None` while it is mapped to no point.
    pub point: Option<PointId>,
    /// The point's name, or the location where there is none.
    pub name: String,
    /// New ones; duplicates are not among them.
    pub reads: u64,
    pub late: u64,
    pub duplicates: u64,
    pub unknown: u64,
    /// Sequence numbers that were left out, and did not come since.
    pub missing: u64,
    /// The newest read's own time.
    pub last_read: Option<UnixMicros>,
    /// Since the newest read came.
    pub last_read_age_ms: Option<u64>,
    /// New reads in each of the last minutes, the present one last, at most
    /// `limits::MINUTES_PER_PLACE`; empty minutes at the beginning are left out.
    pub minutes: Vec<u32>,
    /// This computer's clock less the device's, as a rule of the last minutes.
    pub clock_difference_ms: Option<i64>,
    /// Where there is more than one.
    pub readers: Vec<ReaderLive>,
    /// Of the last tags, each counted once: how many there are, and how many of them are nobody's.
    pub tags: u32,
    pub tags_unknown: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReaderLive {
    pub reader: String,
    pub reads: u64,
    /// By the reads that were held back least, so that two of a point can be compared; `None`
    /// before there are enough of them.
    pub clock_difference_ms: Option<i64>,
}

/// A timing connection, also one that has gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionLive {
    pub id: u64,
    /// `None` while it is nobody's.
    pub stream: Option<StreamId>,
    /// `host:port` of the other end.
    pub peer: String,
    /// Ours.
    pub port: u16,
    pub since: UnixMicros,
    pub state: ConnectionWord,
    pub program: String,
    pub version: String,
    /// The name it gives itself.
    pub name: Option<String>,
    /// The device's own name for the event.
    pub event_name: String,
    pub locations: Vec<LocationLive>,
    /// That it sent, each as often as it was sent.
    pub reads: u64,
    pub last_read_age_ms: Option<u64>,
    /// This computer's clock less the device's, of the newest read.
    pub clock_difference_ms: Option<i64>,
    pub unknown_lines: u64,
    /// Whether it is Gantry's own simulator, and no mat.
    pub simulated: bool,
    /// Why it ended, or what is wrong with it.
    pub note: Option<String>,
    /// Whether `claim` would take it.
    pub claimable: bool,
}

/// What a connection is doing, in a word for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionWord {
    Connecting,
    Unclaimed,
    /// Its stream is paused; it keeps its reads.
    Held,
    Streaming,
    /// Connected and started, and no read for a while.
    Quiet,
    /// It does not answer.
    Stale,
    Gone,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationLive {
    pub location: String,
    /// The timing point's name, once it is mapped to one.
    pub point: Option<String>,
}

/// What to type into the timing software.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectHint {
    /// Of this computer, the likeliest first.
    pub hosts: Vec<Host>,
    /// The shared one; `None` where it is not open.
    pub port: Option<u16>,
    /// Whether nothing but this computer itself can connect.
    pub only_here: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    pub address: String,
    /// What the system calls the network, such as Wi-Fi; may be empty.
    pub network: String,
}

/// Which of the reads to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadsQuery {
    /// What the last page gave; `None` for the newest ones.
    pub after: Option<u64>,
    pub stream: Option<StreamId>,
    /// A timing point, over all streams.
    pub point: Option<PointId>,
    pub only: ReadFilter,
    /// Somewhere in tag, bib or name; case does not matter.
    pub text: String,
    /// At most `limits::READS_PAGE_MAX`.
    pub limit: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadFilter {
    #[default]
    All,
    Known,
    Unknown,
    Late,
}

/// Reads as they come. One that turns out to be a duplicate is given again: rows with a known `id`
/// take the place of the earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadsPage {
    /// To ask for what comes after.
    pub cursor: u64,
    /// The newest last. Where more came than fit, the oldest are left out.
    pub rows: Vec<ReadRow>,
    /// Whether some were left out.
    pub skipped: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadRow {
    /// Rises in the order in which they came.
    pub id: u64,
    pub stream: StreamId,
    pub location: String,
    /// The timing point's name, or the location where there is none.
    pub point: String,
    /// As the device wrote it; cut to `limits::TAG_SHOWN_CHARS_MAX`.
    pub tag: String,
    /// Whose it is as the roster is now.
    pub person: Option<Whose>,
    /// The event's wall clock at the read.
    pub time: String,
    pub received_at: UnixMicros,
    /// How much later than its own time it came.
    pub behind_ms: i64,
    pub reader: String,
    pub sequence: Option<u64>,
    pub status: ReadStatus,
    /// Beside its status.
    pub simulated: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    pub participant: ParticipantId,
    pub bib: String,
    pub name: String,
}

/// The first of these that is true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadStatus {
    /// A start, and no chip.
    Gun,
    /// Somebody said that its tag is nobody's.
    Ignored,
    /// It was stored already.
    Duplicate,
    /// Its tag is nobody's.
    Unknown,
    /// It came too late to be shown as it happened.
    Late,
    New,
}

/// Unknown tags of an event, the one read last first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exceptions {
    /// At most `limits::EXCEPTIONS_MAX`.
    pub tags: Vec<UnknownTag>,
    /// Further ones that are not listed.
    pub more: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnknownTag {
    /// As the device wrote it.
    pub tag: String,
    pub reads: u64,
    /// The names of the points where it was read.
    pub points: Vec<String>,
    pub first_at: UnixMicros,
    pub last_at: UnixMicros,
}
