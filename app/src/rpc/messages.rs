//! The messages that an event's displays choose from for the runner they feature.

use super::RpcError;
#[cfg(feature = "ssr")]
use super::{Backend, backend};
use leptos::{
    prelude::*,
    server_fn::codec::{Json, Postcard},
};
use model::{Conditions, EventId, MessageId, PoolMessage, ShowId};
use serde::{Deserialize, Serialize};

/// What somebody pastes: each line a message, and what they have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagesForm {
    /// `None`: all displays that have none of their own.
    pub show: Option<ShowId>,
    pub text: String,
    pub weight: u32,
    pub conditions: Conditions,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedMessages {
    /// In the order of their lines.
    pub ids: Vec<MessageId>,
    /// Lines that were left out, as they were there already.
    pub known: usize,
}

/// Of the event and of its displays, in the order in which they were made.
#[server(prefix = "/rpc", endpoint = "messages", input = Json, output = Postcard)]
pub async fn messages(event: EventId) -> Result<Vec<PoolMessage>, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::message::messages(node.store(), &caller, event).await?)
}

#[server(prefix = "/rpc", endpoint = "add-messages", input = Json, output = Postcard)]
pub async fn add_messages(event: EventId, form: MessagesForm) -> Result<AddedMessages, RpcError> {
    let Backend { node, caller } = backend()?;
    let new = service::message::NewMessages {
        show: form.show,
        lines: form.text,
        weight: form.weight,
        conditions: form.conditions,
    };
    let done = service::message::add_messages(node.store(), &caller, event, new).await?;
    Ok(AddedMessages {
        ids: done.ids,
        known: done.known,
    })
}

/// Gives how it was before.
#[server(prefix = "/rpc", endpoint = "change-message", input = Json, output = Postcard)]
pub async fn change_message(event: EventId, message: PoolMessage) -> Result<PoolMessage, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::message::change_message(node.store(), &caller, event, message).await?)
}

/// Gives how it was, for `restore_message`.
#[server(prefix = "/rpc", endpoint = "remove-message", input = Json, output = Postcard)]
pub async fn remove_message(event: EventId, id: MessageId) -> Result<PoolMessage, RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::message::remove_message(node.store(), &caller, event, id).await?)
}

#[server(prefix = "/rpc", endpoint = "restore-message", input = Json, output = Postcard)]
pub async fn restore_message(event: EventId, message: PoolMessage) -> Result<(), RpcError> {
    let Backend { node, caller } = backend()?;
    Ok(service::message::restore_message(node.store(), &caller, event, message).await?)
}
