//! The pool of messages that an event's displays choose from.

use crate::{error::Result, scope::PartnerScope};
use async_trait::async_trait;
use model::{EventId, MessageId, PoolMessage};
use uuid::Uuid;

#[async_trait]
pub trait Messages {
    /// Of an event and its shows, in the order in which they were made.
    async fn messages(&self, scope: &PartnerScope, event: EventId) -> Result<Vec<PoolMessage>>;

    /// All of them or none. `Foreign` where a show is not of that event, or an id is taken.
    async fn add_messages(
        &self,
        scope: &PartnerScope,
        event: EventId,
        new: &[PoolMessage],
    ) -> Result<()>;

    /// The one of that id is then as given. Answers how it was.
    async fn update_message(
        &self,
        scope: &PartnerScope,
        event: EventId,
        message: &PoolMessage,
    ) -> Result<PoolMessage>;

    /// Answers how it was. Added again with its id, it is chosen for the same runners.
    async fn remove_message(
        &self,
        scope: &PartnerScope,
        event: EventId,
        id: MessageId,
    ) -> Result<PoolMessage>;
}

/// For a message that is to be added. Later ones sort after it.
pub fn new_message_id() -> MessageId {
    MessageId(Uuid::now_v7())
}
