//! What staff do with a show that runs: its turns, and which reads it shows.

use super::Node;
use crate::{
    Caller, ServiceError, ingest::live_actor::Command, ingest::live_path::OnScreen, setup,
};
use live::OperatorCommand;
use model::{DisplayId, PointId, StreamId};
use tokio::sync::oneshot;

impl Node {
    /// Gives who is on the display's screens then.
    pub async fn operate(
        &self,
        caller: &Caller,
        display: DisplayId,
        command: OperatorCommand,
    ) -> Result<Option<OnScreen>, ServiceError> {
        let display = setup::operated_display(self.store(), caller, display).await?;
        // One that was made a moment ago by another process is served from now on.
        self.shown(&display.code).await?;
        let Some(served) = self.registry.display(&display.code) else {
            return Ok(None);
        };
        if !served.design.takes_turns() {
            let problem = "this one lists everybody at once, so there is nobody to keep or to \
                           skip; choose a template that shows one runner at a time";
            return Err(ServiceError::invalid("template", problem));
        }
        let (answer, wait) = oneshot::channel();
        let command = Command::Operate {
            show: display.show,
            command,
            answer,
        };
        // The live path ends only with the node, and with it whoever could be on a screen.
        if self.live.send(command).await.is_err() {
            return Ok(None);
        }
        Ok(wait.await.unwrap_or_default())
    }

    /// As `setup::bind_display`. Whatever comes after the answer is shown: staff are told so, and
    /// the next runner does not wait until this node has followed the store. Where that does not
    /// come in time it is bound all the same, and shown later.
    pub async fn bind_display(
        &self,
        caller: &Caller,
        id: DisplayId,
        stream: StreamId,
        points: &[PointId],
    ) -> Result<(), ServiceError> {
        setup::bind_display(self.store(), caller, id, stream, points).await?;
        if let Err(error) = self.caught_up().await {
            tracing::warn!(display = %id, %error, "it is bound, and not followed yet");
        }
        Ok(())
    }
}
