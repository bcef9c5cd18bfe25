//! The task that owns the live path, its timers and what it publishes.

use super::{LiveInput, LivePath, Publication, live_path::OnScreen};
use crate::{
    Clock,
    metrics::{Metrics, seconds_between},
};
use live::{
    OperatorCommand,
    hub::{Board, Hub},
};
use model::ShowId;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// What the task is told.
#[derive(Debug)]
pub enum Command {
    Input(LiveInput),
    /// Answered with who is on the screen then.
    Operate {
        show: ShowId,
        command: OperatorCommand,
        answer: oneshot::Sender<Option<OnScreen>>,
    },
    /// Answered when all that was told before is done.
    CatchUp(oneshot::Sender<()>),
}

pub async fn run(
    mut commands: mpsc::Receiver<Command>,
    clock: Clock,
    hub: Arc<Hub>,
    metrics: Arc<Metrics>,
) {
    let mut path = LivePath::default();
    loop {
        let timer = path.next_timer().map(|due| clock.instant_of(due));
        let mut asked = None;
        let input = tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Input(input)) => input,
                Some(Command::Operate { show, command, answer }) => {
                    asked = Some((show, answer));
                    LiveInput::Operator { show, command }
                }
                Some(Command::CatchUp(done)) => {
                    // Whoever asked may be gone.
                    let _ = done.send(());
                    continue;
                }
                None => return,
            },
            () = sleep_until(timer) => LiveInput::Timer,
        };
        if let LiveInput::ShowEnded { code, .. } = &input {
            hub.end(code);
        }
        let are_reads = matches!(input, LiveInput::Reads { .. });
        let opens = matches!(input, LiveInput::Show(_));
        let outcome = path.apply(clock.mono(), clock.now(), input);
        for publication in outcome.publications {
            let received_at = publication.received_at;
            if !publish(&hub, &clock, publication, opens) {
                continue;
            }
            metrics.frames.inc();
            if are_reads {
                let taken_s = seconds_between(received_at, clock.now());
                metrics.read_to_frame_s.observe(taken_s);
            }
        }
        if let Some((show, answer)) = asked {
            let _ = answer.send(path.on_screen(show));
        }
    }
}

/// Whether the display shows something else now. Nobody else writes to the hub, so a display that
/// ended is never opened again by a late frame.
fn publish(hub: &Hub, clock: &Clock, publication: Publication, opens: bool) -> bool {
    let Publication {
        code,
        design,
        state,
        received_at,
        ..
    } = publication;
    let board = Board {
        design,
        state,
        received_at,
    };
    let published = if opens {
        hub.open(&code, board, clock.now()).map(|()| true)
    } else {
        hub.publish(&code, board, clock.now())
    };
    published.unwrap_or_else(|error| {
        tracing::warn!(?code, %error, "a display could not be shown");
        false
    })
}

async fn sleep_until(due: Option<tokio::time::Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
