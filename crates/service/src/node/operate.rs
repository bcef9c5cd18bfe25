//! What staff do with the turns of a show that runs.

use super::Node;
use crate::{
    Caller, ServiceError, ingest::live_actor::Command, ingest::live_path::OnScreen, setup,
};
use live::OperatorCommand;
use model::DisplayId;
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
}
