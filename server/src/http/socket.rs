//! `/d/{code}/live`: a thin loop between a WebSocket and the display session.

use super::Web;
use crate::limits;
use axum::{
    extract::{
        Path, State,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use live::{
    hub::{HubError, Subscription},
    session::{DisplaySession, SessionInput, SessionOutput},
};
use model::DisplayCode;
use service::Clock;
use std::time::Duration;
use tokio::time::{sleep_until, timeout};

pub async fn upgrade(
    State(web): State<Web>,
    Path(code): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(code) = code.parse::<DisplayCode>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let subscription = match web.node.hub.subscribe(&code) {
        Ok(subscription) => subscription,
        Err(HubError::Unknown) => return StatusCode::NOT_FOUND.into_response(),
        Err(full) => {
            tracing::warn!(?code, %full, "a screen was refused");
            return (StatusCode::SERVICE_UNAVAILABLE, full.to_string()).into_response();
        }
    };
    let clock = web.node.clock;
    upgrade
        .read_buffer_size(limits::SOCKET_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(model::limits::CLIENT_MESSAGE_BYTES_MAX)
        .max_frame_size(model::limits::CLIENT_MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| serve(socket, subscription, clock))
}

async fn serve(mut socket: WebSocket, mut subscription: Subscription, clock: Clock) {
    let mut session = DisplaySession::new(clock.mono(), subscription.latest());
    loop {
        let timer = session.next_timer().map(|due| clock.instant_of(due));
        let outputs = tokio::select! {
            message = socket.recv() => {
                let input = match &message {
                    Some(Ok(Message::Text(text))) => SessionInput::Text(text.as_str()),
                    Some(Ok(Message::Binary(_))) => SessionInput::Binary,
                    // The library answers pings of the protocol itself.
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                };
                session.apply(clock.mono(), clock.now(), input)
            }
            published = subscription.next() => {
                session.apply(clock.mono(), clock.now(), SessionInput::Published(&published))
            }
            () = async { sleep_until(timer.unwrap_or_else(tokio::time::Instant::now)).await },
                if timer.is_some() => {
                    session.apply(clock.mono(), clock.now(), SessionInput::Timer)
                }
        };
        for output in outputs {
            if !send(&mut socket, output).await {
                return;
            }
        }
    }
}

/// Whether the socket goes on.
async fn send(socket: &mut WebSocket, output: SessionOutput) -> bool {
    let (message, last) = match output {
        SessionOutput::Send(bytes) => (text(bytes), false),
        SessionOutput::SendHtml(shown) => (
            text(shown.html(|_, state| render::page::board_html(state))),
            false,
        ),
        SessionOutput::Close(reason) => {
            let frame = CloseFrame {
                code: reason.code(),
                reason: reason.to_string().into(),
            };
            (Message::Close(Some(frame)), true)
        }
    };
    let limit = Duration::from_millis(limits::SOCKET_WRITE_MS_MAX);
    let sent = timeout(limit, socket.send(message)).await;
    matches!(sent, Ok(Ok(()))) && !last
}

fn text(bytes: bytes::Bytes) -> Message {
    let text = Utf8Bytes::try_from(bytes).expect("the hub publishes JSON, which is UTF-8");
    Message::Text(text)
}
