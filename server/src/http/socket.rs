//! `/d/{code}/live`: a thin loop between a WebSocket and the display session.

use super::{Web, assets, display};
use crate::limits;
use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use live::{
    hub::{Heard, HubError, Subscription},
    session::{DisplaySession, SessionInput, SessionOutput},
};
use model::{DisplayCode, UnixMicros};
use render::board_html;
use service::Clock;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        handshake::server::create_response_with_body,
        protocol::{
            CloseFrame, Role, WebSocketConfig,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

type Socket = WebSocketStream<TokioIo<Upgraded>>;

pub async fn upgrade(
    State(web): State<Web>,
    code: Result<Path<String>, PathRejection>,
    mut request: Request,
) -> Response {
    let Some(code) = code
        .ok()
        .and_then(|Path(code)| code.parse::<DisplayCode>().ok())
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let answer = match create_response_with_body(&request, Body::empty) {
        Ok(answer) => answer,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
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
    // The request itself is not kept for as long as its socket.
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        // The screen may go before it has its answer.
        if let Ok(upgraded) = upgrade.await {
            let io = TokioIo::new(upgraded);
            let socket = Socket::from_raw_socket(io, Role::Server, Some(config())).await;
            serve(socket, code, subscription, clock).await;
        }
    });
    answer
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(limits::SOCKET_READ_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(model::limits::CLIENT_MESSAGE_BYTES_MAX))
        .max_frame_size(Some(model::limits::CLIENT_MESSAGE_BYTES_MAX))
}

async fn serve(
    mut socket: Socket,
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
            message = socket.next() => {
                let input = match &message {
                    Some(Ok(Message::Text(text))) => SessionInput::Text(text.as_str()),
                    Some(Ok(Message::Binary(_))) => SessionInput::Binary,
                    // The library answers pings of the protocol itself, and joins its frames.
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
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
        if let Some(status) = session.status() {
            subscription.introduce(&status.screen);
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
    socket: &mut Socket,
    code: &DisplayCode,
    now: UnixMicros,
    output: SessionOutput,
) -> bool {
    match output {
        SessionOutput::Send(bytes) => in_time(send_text(socket, bytes)).await,
        SessionOutput::SendHtml(shown) => {
            let bytes = shown.html(|document, state| board_html(code, document, state, now.0));
            in_time(send_text(socket, bytes)).await
        }
        SessionOutput::Close(reason) => {
            let frame = CloseFrame {
                code: reason.code().into(),
                reason: reason.to_string().into(),
            };
            in_time(socket.send(Message::Close(Some(frame)))).await;
            false
        }
    }
}

/// One message, in as many frames as it has pieces: the library keeps a buffer as large as the
/// largest frame for the rest of the socket's life, and a snapshot holds a whole template.
async fn send_text(socket: &mut Socket, mut text: Bytes) -> Result<(), Error> {
    let mut kind = Data::Text;
    loop {
        let piece = text.split_to(text.len().min(limits::SOCKET_PIECE_BYTES));
        let is_last = text.is_empty();
        let frame = Frame::message(piece, OpCode::Data(kind), is_last);
        socket.send(Message::Frame(frame)).await?;
        if is_last {
            return Ok(());
        }
        kind = Data::Continue;
    }
}

/// Whether it was sent, and soon enough: meanwhile nothing is heard of the screen.
async fn in_time(sending: impl Future<Output = Result<(), Error>>) -> bool {
    let limit = Duration::from_millis(limits::SOCKET_WRITE_MS_MAX);
    matches!(timeout(limit, sending).await, Ok(Ok(())))
}
