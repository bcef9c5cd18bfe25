//! `/d/{code}/live`: a thin loop between a WebSocket and the display session.

use super::{Web, assets, display};
use crate::limits;
use axum::{
    extract::{
        Path, State,
        rejection::PathRejection,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use live::{
    hub::{Heard, HubError, Subscription},
    session::{DisplaySession, SessionInput, SessionOutput},
};
use model::{DisplayCode, UnixMicros};
use render::board_html;
use service::Clock;
use std::{cell::RefCell, time::Duration};
use tokio::time::{Instant, sleep_until, timeout};

pub async fn upgrade(
    State(web): State<Web>,
    code: Result<Path<String>, PathRejection>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(code) = code
        .ok()
        .and_then(|Path(code)| code.parse::<DisplayCode>().ok())
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut subscription = web.node.hub.subscribe(&code);
    // It may have been made a moment ago by another process.
    if matches!(subscription, Err(HubError::Unknown)) {
        if let Err(error) = web.node.shown(&code).await {
            return display::busy(&code, &error);
        }
        subscription = web.node.hub.subscribe(&code);
    }
    let subscription = match subscription {
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
        .on_upgrade(move |socket| serve(socket, code, subscription, clock))
}

async fn serve(
    mut socket: WebSocket,
    code: DisplayCode,
    mut subscription: Subscription,
    clock: Clock,
) {
    let mut session = DisplaySession::new(clock.mono(), subscription.latest(), assets::software());
    let mut due = session.next_timer();
    // One timer for the socket's life, set anew only when another time is due: frames are many.
    let timer = sleep_until(due.map_or_else(Instant::now, |due| clock.instant_of(due)));
    tokio::pin!(timer);
    loop {
        if due != session.next_timer() {
            due = session.next_timer();
            if let Some(due) = due {
                timer.as_mut().reset(clock.instant_of(due));
            }
        }
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
            heard = subscription.next() => {
                let input = match &heard {
                    Heard::Published(published) => SessionInput::Published(published),
                    Heard::Command(command) => SessionInput::Command(command),
                };
                session.apply(clock.mono(), clock.now(), input)
            }
            () = &mut timer, if due.is_some() => {
                session.apply(clock.mono(), clock.now(), SessionInput::Timer)
            }
        };
        if !subscription.is_introduced()
            && let Some(status) = session.status()
        {
            subscription.introduce(status.screen.clone());
        }
        for output in outputs {
            if !send(&mut socket, &code, clock.now(), output).await {
                return;
            }
        }
    }
}

/// Whether the socket goes on.
async fn send(
    socket: &mut WebSocket,
    code: &DisplayCode,
    now: UnixMicros,
    output: SessionOutput,
) -> bool {
    let (message, last) = match output {
        SessionOutput::Send(bytes) => (text(bytes), false),
        SessionOutput::SendHtml(shown) => (
            text(shown.html(|template, state| board_html(code, template.document(), state, now.0))),
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

thread_local! {
    /// The bytes that this thread sent last, and the same as text.
    static LAST: RefCell<Option<(Bytes, Utf8Bytes)>> = const { RefCell::new(None) };
}

/// A frame goes to one socket after the other, and is checked for UTF-8 once and not for each.
fn text(bytes: Bytes) -> Message {
    let text = LAST.with_borrow_mut(|last| match last {
        // While they are kept here, nothing else can lie at their place.
        Some((known, text)) if known.as_ptr() == bytes.as_ptr() && known.len() == bytes.len() => {
            text.clone()
        }
        _ => {
            let text =
                Utf8Bytes::try_from(bytes.clone()).expect("the hub publishes JSON, which is UTF-8");
            *last = Some((bytes, text.clone()));
            text
        }
    });
    Message::Text(text)
}
