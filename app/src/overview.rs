//! What the start page shows, as plain data, and the server function that brings it.
//!
//! Owns the shape only. The server fills it: it puts an `OverviewSource` into the context of the
//! page and of `/rpc/`.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

/// All of it is worked out at one moment; ages count from then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Of the program.
    pub version: String,
    /// `host:port` to type into timing software; empty where no listener is up.
    pub timing_address: String,
    /// What is wrong with the listener and what to do, empty where nothing is.
    pub timing_trouble: String,
    pub displays: Vec<Display>,
    pub connections: Vec<Connection>,
    pub totals: Totals,
}

/// A display, to be opened on a screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Display {
    /// The event's name.
    pub name: String,
    pub points: Vec<String>,
    pub template: String,
    /// Absolute.
    pub url: String,
    /// Screens watching now.
    pub screens: u32,
    pub last_frame_age_ms: Option<u64>,
}

/// A timing connection, also one that is gone for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// `host:port` of the other end.
    pub peer: String,
    /// As it names itself; empty before it did.
    pub program: String,
    pub version: String,
    /// `None` while nobody claimed it.
    pub stream: Option<String>,
    /// The device's own name for the event.
    pub event: String,
    /// The device's own names for its points.
    pub locations: Vec<String>,
    /// That it sent, each as often as it was sent.
    pub reads: u64,
    /// Of its stream, over all its connections; so are the next two.
    pub duplicates: u64,
    pub late: u64,
    /// `None` while it is being counted.
    pub unknown: Option<u64>,
    pub last_read_age_ms: Option<u64>,
    /// The stream's clock less this computer's: negative where the stream is behind.
    pub clock_difference_ms: Option<i64>,
    pub state: ConnectionState,
    /// Sentences that say what is wrong and what to do.
    pub alarms: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    Connecting,
    Streaming,
    /// Connected, and no read for a while.
    Silent,
    Unclaimed,
    Gone,
}

impl ConnectionState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Streaming => "streaming",
            Self::Silent => "silent",
            Self::Unclaimed => "unclaimed",
            Self::Gone => "gone",
        }
    }
}

/// Of reads, since their streams began; of frames, since the server started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub reads: u64,
    pub duplicates: u64,
    pub late: u64,
    /// `None` while it is being counted.
    pub unknown: Option<u64>,
    pub frames: u64,
    pub screens: u64,
}

/// Where the server takes the overview from. Called for every page and every poll: it answers
/// from memory.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct OverviewSource(pub std::sync::Arc<dyn Fn() -> Overview + Send + Sync>);

#[server(prefix = "/rpc", endpoint = "overview", input = Json)]
pub async fn read_overview() -> Result<Overview, ServerFnError> {
    use_context::<OverviewSource>()
        .map(|source| (source.0)())
        .ok_or_else(|| {
            ServerFnError::new("there is no overview here; open the start page of a demo")
        })
}
