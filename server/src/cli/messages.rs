//! `gantry message`: what displays choose from for the runner they feature.

use super::{Out, files::read_bounded, on_store};
use crate::settings::Settings;
use anyhow::Context;
use clap::{Args, Subcommand};
use model::{Conditions, EventId, PoolMessage, ShowId};
use serde_json::json;
use service::{
    Caller, limits,
    message::{self, NewMessages},
};
use std::path::PathBuf;
use store::Store;

#[derive(Debug, Subcommand)]
pub enum MessageCommand {
    /// Add messages, each text one.
    Add {
        #[command(flatten)]
        common: Common,
        /// May have bindings in it, such as {first_name}.
        #[arg(required = true)]
        texts: Vec<String>,
    },
    /// Add the lines of a text file, each a message; blank ones are skipped.
    Import {
        #[command(flatten)]
        common: Common,
        file: PathBuf,
    },
    /// The messages of an event and of its shows.
    List {
        #[arg(long)]
        event: EventId,
    },
}

/// What the messages that are added together have in common.
#[derive(Debug, Args)]
pub struct Common {
    #[arg(long)]
    event: EventId,
    /// The one show that has them, in place of the event's. Left out: every other show does.
    #[arg(long)]
    show: Option<ShowId>,
    /// How often one comes beside one of weight 1.
    #[arg(long, default_value_t = 1)]
    weight: u32,
    /// For runners of this division only.
    #[arg(long, default_value = "")]
    division: String,
    /// For runners from this city only.
    #[arg(long, default_value = "")]
    city: String,
    /// For runners whose birthday it is only.
    #[arg(long)]
    birthday: bool,
    /// For runners only whose first race it is, by a roster column such as "First timer".
    #[arg(long)]
    first_timer: bool,
}

pub async fn message(command: MessageCommand, settings: &Settings, out: Out) -> anyhow::Result<()> {
    match command {
        MessageCommand::Add { common, texts } => {
            // A text with a line break in it would be two.
            let one_line = |text: &String| text.replace(['\r', '\n'], " ");
            let lines: Vec<_> = texts.iter().map(one_line).collect();
            let lines = lines.join("\n");
            on_store(settings, async |store| add(store, common, lines, out).await).await
        }
        MessageCommand::Import { common, file } => {
            let bytes = read_bounded(&file, limits::MESSAGE_LINES_BYTES_MAX as u64)?;
            let lines = String::from_utf8(bytes).with_context(|| {
                let file = file.display();
                format!("the file {file} is not text in UTF-8; save it as that")
            })?;
            on_store(settings, async |store| add(store, common, lines, out).await).await
        }
        MessageCommand::List { event } => {
            on_store(settings, async |store| {
                let messages = message::messages(store, &Caller::Shell, event).await?;
                let lines: Vec<_> = messages.iter().map(listed).collect();
                let text = match lines.is_empty() {
                    true => "the event has no messages yet; make one with gantry message add",
                    false => &lines.join("\n"),
                };
                out.line(text, &json!({ "messages": messages }))
            })
            .await
        }
    }
}

async fn add(store: &dyn Store, common: Common, lines: String, out: Out) -> anyhow::Result<()> {
    let new = NewMessages {
        show: common.show,
        lines,
        weight: common.weight,
        conditions: Conditions {
            division: common.division,
            city: common.city,
            birthday: common.birthday,
            first_timer: common.first_timer,
        },
    };
    let done = message::add_messages(store, &Caller::Shell, common.event, new).await?;
    let (added, known) = (done.ids.len(), done.known);
    let mut value = json!({ "added": added, "known": known, "ids": done.ids });
    if let [id] = done.ids.as_slice() {
        value["id"] = json!(id);
    }
    out.line(&format!("{added} added, {known} known already"), &value)
}

/// `…  Go, {first_name}!  (weight 3, city Pau)`
fn listed(message: &PoolMessage) -> String {
    let conditions = &message.conditions;
    let mut notes = Vec::new();
    if let Some(show) = message.show {
        notes.push(format!("show {show}"));
    }
    if message.weight != 1 {
        notes.push(format!("weight {}", message.weight));
    }
    for (what, asked) in [
        ("division", &conditions.division),
        ("city", &conditions.city),
    ] {
        if !asked.is_empty() {
            notes.push(format!("{what} {asked}"));
        }
    }
    for (what, asked) in [
        ("birthday", conditions.birthday),
        ("first-timer", conditions.first_timer),
    ] {
        if asked {
            notes.push(what.to_owned());
        }
    }
    let line = format!("{}  {}", message.id, message.text);
    match notes.is_empty() {
        true => line,
        false => format!("{line}  ({})", notes.join(", ")),
    }
}
