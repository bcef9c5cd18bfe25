//! `gantry template`: those that people made.

use super::Out;
use clap::Subcommand;
use model::EventId;
use serde_json::json;
use service::{Caller, Clock, template};
use store::{Store, Template};

#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// The templates of the partner whose event it is.
    List {
        #[arg(long)]
        event: EventId,
    },
}

pub async fn template(command: TemplateCommand, store: &dyn Store, out: Out) -> anyhow::Result<()> {
    let TemplateCommand::List { event } = command;
    let now = Clock::start().now();
    let templates = template::templates(store, &Caller::Shell, event, now).await?;
    let lines: Vec<_> = templates.iter().map(line).collect();
    let text = match lines.is_empty() {
        true => "no template of your own yet".to_owned(),
        false => lines.join("\n"),
    };
    let values: Vec<_> = templates
        .iter()
        .map(|template| {
            json!({
                "id": template.id,
                "name": template.name,
                "made_from": template.made_from,
                "archived": template.archived,
                "edited_at_us": template.edited_at.0,
                "published": template.published,
                "displays": template.displays,
            })
        })
        .collect();
    out.line(&text, &json!({ "templates": values }))
}

/// `01890a5d-… Finish 2026: version 3 on 2 displays`
fn line(template: &Template) -> String {
    let published = match template.published {
        None => "never published".to_owned(),
        Some(number) => format!("version {number}"),
    };
    let displays = match template.displays {
        1 => "1 display".to_owned(),
        count => format!("{count} displays"),
    };
    let archived = if template.archived { ", archived" } else { "" };
    format!(
        "{}  {}: {published}, on {displays}{archived}",
        template.id, template.name
    )
}
