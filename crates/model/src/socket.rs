//! The messages of the display socket: JSON text, each with a `type` (docs/asyncapi.yaml).

use crate::{BoardState, DisplayCode, Scene, TemplatePin, document::Packed};
use serde::{Deserialize, Serialize};

/// From a screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ClientMessage {
    /// The first message, within `limits::HELLO_MS`.
    Hello {
        /// The epoch and sequence of the last frame it has, or nulls.
        #[serde(default)]
        epoch: Option<u64>,
        #[serde(default)]
        seq: Option<u64>,
        screen: Screen,
    },
    Pong {
        /// The `sent_at_us` of the ping it answers.
        sent_at_us: i64,
        /// The screen's own clock, microseconds since 1970.
        screen_at_us: i64,
        echo: Echo,
    },
    /// What became of a command.
    Ack {
        /// The command's own.
        id: u64,
        /// Whether it was carried out. A screen that cannot does not try again.
        done: bool,
    },
}

/// What the staff tell the screens of a display to do, until they are told otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Command {
    /// Show for a while which display this is, and how large the screen.
    Identify,
    /// Load the page anew, as a new version of the software wants.
    Reload,
    /// Nothing but black, or the board again.
    Blank { on: bool },
    /// A text over the whole screen; an empty one gives the board back. At most
    /// `limits::MESSAGE_CHARS_MAX` characters.
    Message { text: String },
    /// Go over to another display of this server.
    Redirect { code: DisplayCode },
}

/// What a screen is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Screen {
    pub level: Level,
    pub width: u32,
    pub height: u32,
    /// Of the software the screen runs.
    pub version: String,
}

/// What a screen's engine can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Draws by itself, in wasm.
    #[default]
    Full,
    /// Applies the server's HTML.
    Lite,
}

/// What a screen says is on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Echo {
    pub seq: Option<u64>,
    /// The bib on top, empty where there is none.
    pub top: String,
    /// How long ago the frame shown arrived.
    pub age_ms: u64,
}

/// To a screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ServerMessage {
    /// At hello, and whenever the template changes.
    Snapshot {
        epoch: u64,
        seq: u64,
        template: TemplatePin,
        /// What it looks like.
        document: Packed,
        state: BoardState,
    },
    /// The scene's whole state, replacing the last. Gaps in `seq` are normal.
    Frame {
        seq: u64,
        /// When the newest read in it reached the server.
        received_at_us: i64,
        sent_at_us: i64,
        scene: Scene,
        state: BoardState,
        /// Sent again after a reconnect: no animation, no sound.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        replay: bool,
    },
    /// For screens of `Level::Lite`.
    Html { seq: u64, html: String },
    Ping {
        sent_at_us: i64,
        /// What the server's pages come with. A screen of another loads its page anew.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        software: String,
    },
    /// Answered with an `Ack`.
    Command {
        id: u64,
        #[serde(flatten)]
        command: Command,
    },
    /// Switched off or expired.
    Ended,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_the_published_shape() {
        let check = |message: ServerMessage, json: &str| {
            assert_eq!(serde_json::to_string(&message).unwrap(), json);
            assert_eq!(
                serde_json::from_str::<ServerMessage>(json).unwrap(),
                message
            );
        };
        check(ServerMessage::Ended, r#"{"type":"ended"}"#);
        let command = |command| ServerMessage::Command { id: 4, command };
        check(
            command(Command::Identify),
            r#"{"type":"command","id":4,"action":"identify"}"#,
        );
        check(
            command(Command::Blank { on: true }),
            r#"{"type":"command","id":4,"action":"blank","on":true}"#,
        );
        check(
            command(Command::Message {
                text: "Start in 10 min".to_owned(),
            }),
            r#"{"type":"command","id":4,"action":"message","text":"Start in 10 min"}"#,
        );
        check(
            command(Command::Redirect {
                code: "abcd2345".parse().unwrap(),
            }),
            r#"{"type":"command","id":4,"action":"redirect","code":"abcd2345"}"#,
        );
        check(
            ServerMessage::Ping {
                sent_at_us: 7,
                software: "8d3c".to_owned(),
            },
            r#"{"type":"ping","sent_at_us":7,"software":"8d3c"}"#,
        );
        check(
            ServerMessage::Frame {
                seq: 3,
                received_at_us: 1,
                sent_at_us: 2,
                scene: Scene::Resting,
                state: BoardState::default(),
                replay: false,
            },
            r#"{"type":"frame","seq":3,"received_at_us":1,"sent_at_us":2,"scene":"resting","state":{"event":"","points":[],"arrivals":[]}}"#,
        );
    }

    #[test]
    fn a_hello_may_leave_out_what_it_does_not_know() {
        let hello = r#"{"type":"hello","epoch":null,"seq":null,"screen":{"level":"full"}}"#;
        assert!(matches!(
            serde_json::from_str(hello).unwrap(),
            ClientMessage::Hello {
                epoch: None,
                seq: None,
                ..
            }
        ));
    }
}
