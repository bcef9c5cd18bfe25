//! The builder's timing window: which sessions there are and were, their reads as screens would
//! show them, and which of them a display shows.

#[cfg(feature = "ssr")]
use super::{Backend, backend};
use super::{RpcError, builder::Sample};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{
    DisplayId, EventId, PointId, StreamId,
    session_view::{ReadMark, ReadsFrom, SessionKey, SessionList, SessionRead},
};
use serde::{Deserialize, Serialize};

/// A page of a session's reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionPage {
    pub reads: Vec<SessionRead>,
    /// A screen before anybody has come, of which a page of what comes says nothing anew. Its
    /// arrivals are the page's crossings, by which reads say what would be shown of them.
    pub screen: Sample,
    /// Where the next page of stored reads begins. `None`: these are the last.
    pub next: Option<ReadMark>,
    /// To ask for what comes from now on.
    pub coming: u64,
}

/// Those in which each word of the text is found, of all events.
#[server(prefix = "/rpc", endpoint = "timing-sessions", input = Json, output = Postcard)]
pub async fn timing_sessions(text: String) -> Result<SessionList, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::session::sessions(&node, &caller, &text).await?)
}

#[server(prefix = "/rpc", endpoint = "session-reads", input = Json, output = Postcard)]
pub async fn session_reads(
    event: EventId,
    session: SessionKey,
    reads_from: ReadsFrom,
) -> Result<SessionPage, RpcError> {
    let Backend { node, caller } = backend()?;
    let page = service::session::session_reads(&node, &caller, event, session, reads_from).await?;
    let mut board = page.nobody;
    board.arrivals = page.crossings;
    Ok(SessionPage {
        reads: page.reads,
        screen: Sample {
            label: String::new(),
            is_runner: false,
            at: None,
            board,
        },
        next: page.next,
        coming: page.coming,
    })
}

/// The display shows what is read there from now on.
#[server(prefix = "/rpc", endpoint = "bind-display", input = Json, output = Postcard)]
pub async fn bind_display(
    display: DisplayId,
    stream: StreamId,
    points: Vec<PointId>,
) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(node.bind_display(&caller, display, stream, &points).await?)
}
