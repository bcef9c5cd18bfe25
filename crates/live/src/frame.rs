//! What a display shows at one moment, and its messages: each encoded once, shared by all sockets.
//!
//! Knows no socket, and nothing of how the state came about.

use bytes::Bytes;
use model::socket::ServerMessage;
use model::{BoardState, Design, Document, UnixMicros};
use std::sync::{Arc, OnceLock};

/// The last word on a display.
#[derive(Clone, Debug)]
pub enum Published {
    Showing(Arc<Shown>),
    /// Switched off or expired. Nothing comes after it.
    Ended,
}

/// One state of a display. Its messages are made when the first socket needs them.
#[derive(Debug)]
pub struct Shown {
    pub epoch: u64,
    /// Rises with every state of the display in this epoch, with gaps.
    pub seq: u64,
    /// The `seq` with which the template came. Who has less than that needs a snapshot.
    pub template_seq: u64,
    pub design: Arc<Design>,
    pub state: BoardState,
    pub received_at: UnixMicros,
    pub sent_at: UnixMicros,
    pub(crate) messages: Messages,
}

#[derive(Debug, Default)]
pub(crate) struct Messages {
    snapshot: OnceLock<Bytes>,
    frame: OnceLock<Bytes>,
    replay: OnceLock<Bytes>,
    html: OnceLock<Bytes>,
}

impl Shown {
    /// For a screen that has nothing of this epoch, or another template.
    pub fn snapshot(&self) -> Bytes {
        once(&self.messages.snapshot, || ServerMessage::Snapshot {
            epoch: self.epoch,
            seq: self.seq,
            template: self.design.pin,
            document: self.design.packed.clone(),
            state: self.state.clone(),
        })
    }

    /// For screens that follow.
    pub fn frame(&self) -> Bytes {
        once(&self.messages.frame, || self.frame_message(false))
    }

    /// For a screen that comes back: the same frame, without animation or sound.
    pub fn replay(&self) -> Bytes {
        once(&self.messages.replay, || self.frame_message(true))
    }

    /// For screens that cannot draw. `render` is called at most once, whoever asks.
    pub fn html(&self, render: impl FnOnce(&Document, &BoardState) -> String) -> Bytes {
        once(&self.messages.html, || ServerMessage::Html {
            seq: self.seq,
            html: render(&self.design.document, &self.state),
        })
    }

    fn frame_message(&self, replay: bool) -> ServerMessage {
        ServerMessage::Frame {
            seq: self.seq,
            received_at_us: self.received_at.0,
            sent_at_us: self.sent_at.0,
            scene: self.state.scene(self.design.document.subject),
            state: self.state.clone(),
            replay,
        }
    }
}

/// One JSON text.
pub(crate) fn encode(message: &ServerMessage) -> Bytes {
    serde_json::to_vec(message)
        .expect("a message has only text keys, so it is JSON")
        .into()
}

fn once(slot: &OnceLock<Bytes>, message: impl FnOnce() -> ServerMessage) -> Bytes {
    slot.get_or_init(|| encode(&message())).clone()
}
