//! The pool of messages that an event's displays choose from: looked at, pasted in, changed.
//!
//! Which of them a runner gets, `model::message` decides.

use crate::{
    Caller, Right, ServiceError, limits,
    setup::{scope_of_event, valid_name_or_none},
};
use model::{
    Conditions, EventId, MessageId, PoolMessage, ShowId,
    limits::{MESSAGE_CHARS_MAX, MESSAGE_WEIGHT_MAX},
};
use store::{Store, limits::MESSAGES_PER_EVENT_MAX};

/// What somebody pastes: each line a message, and what they have in common.
#[derive(Clone, Debug)]
pub struct NewMessages {
    /// `None`: of every show that has none of its own.
    pub show: Option<ShowId>,
    pub lines: String,
    pub weight: u32,
    pub conditions: Conditions,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Added {
    /// In the order of their lines.
    pub ids: Vec<MessageId>,
    /// Lines that were left out, as the pool has them already.
    pub known: usize,
}

/// Of an event and its shows, in the order in which they were made.
pub async fn messages(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
) -> Result<Vec<PoolMessage>, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    Ok(store.messages(&scope, event).await?)
}

/// All of them or, where one line cannot be taken, none.
pub async fn add_messages(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    new: NewMessages,
) -> Result<Added, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let texts = valid_lines(&new.lines)?;
    let weight = valid_weight(new.weight)?;
    let conditions = valid_conditions(new.conditions)?;
    let known = store.messages(&scope, event).await?;
    let before = known.len();
    let mut pool = known;
    let mut skipped = 0;
    for text in texts {
        let is_known = pool.iter().any(|known| {
            known.text == text && known.show == new.show && known.conditions.same(&conditions)
        });
        if is_known {
            skipped += 1;
            continue;
        }
        pool.push(PoolMessage {
            id: store::new_message_id(),
            show: new.show,
            text,
            weight,
            conditions: conditions.clone(),
        });
    }
    let added = &pool[before..];
    let most = usize::try_from(MESSAGES_PER_EVENT_MAX).unwrap_or(usize::MAX);
    if pool.len() > most {
        let problem = format!(
            "the event has {before} messages, and {most} is the most; leave out {} of these lines",
            pool.len() - most
        );
        return Err(ServiceError::invalid("text", problem));
    }
    if !added.is_empty() {
        store.add_messages(&scope, event, added).await?;
    }
    Ok(Added {
        ids: added.iter().map(|message| message.id).collect(),
        known: skipped,
    })
}

/// The one of that id is then as given. Gives how it was, so that it can be taken back.
pub async fn change_message(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    message: PoolMessage,
) -> Result<PoolMessage, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    let message = valid(message)?;
    Ok(store.update_message(&scope, event, &message).await?)
}

/// Gives how it was, so that it can be put back.
pub async fn remove_message(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    id: MessageId,
) -> Result<PoolMessage, ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    Ok(store.remove_message(&scope, event, id).await?)
}

/// Puts one back that was removed: with its id, so that the same runners get it.
pub async fn restore_message(
    store: &dyn Store,
    caller: &Caller,
    event: EventId,
    message: PoolMessage,
) -> Result<(), ServiceError> {
    let scope = scope_of_event(store, caller, event, Right::Run).await?;
    Ok(store
        .add_messages(&scope, event, &[valid(message)?])
        .await?)
}

fn valid(message: PoolMessage) -> Result<PoolMessage, ServiceError> {
    let said = |problem| ServiceError::invalid("text", problem);
    let text = one_line(&message.text);
    if text.is_empty() {
        return Err(said("it is empty; type what is to be shown".to_owned()));
    }
    Ok(PoolMessage {
        text: valid_text(text).map_err(|problem| said(format!("it {problem}")))?,
        weight: valid_weight(message.weight)?,
        conditions: valid_conditions(message.conditions)?,
        ..message
    })
}

/// Of those that have something in them, each a message.
fn valid_lines(lines: &str) -> Result<Vec<String>, ServiceError> {
    let said = |problem| ServiceError::invalid("text", problem);
    if lines.len() > limits::MESSAGE_LINES_BYTES_MAX {
        let most = MESSAGES_PER_EVENT_MAX;
        return Err(said(format!(
            "that is far more than {most} messages; paste fewer"
        )));
    }
    // Editors on Windows begin a file with a sign that nobody sees.
    let lines = lines.trim_start_matches('\u{feff}').lines();
    let mut texts = Vec::new();
    for (number, line) in (1..).zip(lines) {
        let text = one_line(line);
        if text.is_empty() {
            continue;
        }
        let text = valid_text(text);
        texts.push(text.map_err(|problem| said(format!("line {number} {problem}")))?);
    }
    if texts.is_empty() {
        let problem = "it is empty; type what is to be shown, one message on each line";
        return Err(said(problem.to_owned()));
    }
    Ok(texts)
}

/// Tabs and the like come from spreadsheets, and are blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn valid_text(text: String) -> Result<String, String> {
    let chars = text.chars().count();
    if chars > MESSAGE_CHARS_MAX {
        return Err(format!(
            "has {chars} characters; shorten it to {MESSAGE_CHARS_MAX}"
        ));
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character in it; type it anew".to_owned());
    }
    Ok(text)
}

fn valid_weight(weight: u32) -> Result<u32, ServiceError> {
    if !(1..=MESSAGE_WEIGHT_MAX).contains(&weight) {
        let problem = format!("it must be from 1 to {MESSAGE_WEIGHT_MAX}");
        return Err(ServiceError::invalid("weight", problem));
    }
    Ok(weight)
}

fn valid_conditions(conditions: Conditions) -> Result<Conditions, ServiceError> {
    Ok(Conditions {
        division: valid_name_or_none("division", &conditions.division)?,
        city: valid_name_or_none("city", &conditions.city)?,
        ..conditions
    })
}
