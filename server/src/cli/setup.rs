//! `gantry partner`, `event`, `stream` and `point`.

use super::Out;
use clap::Subcommand;
use model::{EventId, StreamId};
use serde_json::json;
use service::{Caller, setup, timing_page};
use store::{BibRule, Store};

#[derive(Debug, Subcommand)]
pub enum PartnerCommand {
    /// Make a timing partner.
    Create {
        #[arg(long)]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum EventCommand {
    /// Make a race weekend.
    Create {
        /// Name or id of the partner whose it is.
        #[arg(long)]
        partner: String,
        #[arg(long)]
        name: String,
        /// Such as 2026-05-31.
        #[arg(long)]
        date: String,
        /// Such as Europe/Madrid.
        #[arg(long)]
        timezone: String,
    },
    /// Say whether bibs count as tags beside chips.
    BibRule {
        #[arg(long)]
        event: EventId,
        /// `auto`: only while no chip is assigned. `always`: beside chips too.
        #[arg(long, value_parser = parse_bib_rule)]
        rule: BibRule,
    },
}

#[derive(Debug, Subcommand)]
pub enum StreamCommand {
    /// Make a source of reads.
    Create {
        #[arg(long)]
        event: EventId,
        #[arg(long)]
        name: String,
        #[arg(long, default_value = "ctp01")]
        protocol: String,
        /// A port of its own, beside the shared one.
        #[arg(long)]
        port: Option<u16>,
    },
    /// The streams of an event with their counts.
    List {
        #[arg(long)]
        event: EventId,
    },
    /// Change zone, offset, or whether it is taken.
    Update {
        #[arg(long)]
        stream: StreamId,
        /// An IANA name; empty for the event's own.
        #[arg(long)]
        timezone: Option<String>,
        /// Milliseconds added to the device's clock to make it right.
        #[arg(long, allow_hyphen_values = true)]
        offset_ms: Option<i64>,
        #[arg(long)]
        paused: Option<bool>,
    },
    /// Send what comes to the shared port, and is nobody's yet, to this stream.
    Claim {
        #[arg(long)]
        stream: StreamId,
    },
}

#[derive(Debug, Subcommand)]
pub enum PointCommand {
    /// Map a device's location to a timing point, made if it is missing.
    Map {
        #[arg(long)]
        stream: StreamId,
        /// As the device writes it.
        #[arg(long)]
        location: String,
        #[arg(long)]
        point: String,
    },
    /// Give a point another name.
    Rename {
        #[arg(long)]
        event: EventId,
        #[arg(long)]
        from: String,
        #[arg(long)]
        to: String,
    },
}

fn parse_bib_rule(text: &str) -> Result<BibRule, String> {
    match text {
        "auto" => Ok(BibRule::Auto),
        "always" => Ok(BibRule::Always),
        _ => Err("use auto or always".to_owned()),
    }
}

pub async fn partner(command: PartnerCommand, store: &dyn Store, out: Out) -> anyhow::Result<()> {
    let PartnerCommand::Create { name } = command;
    let id = setup::create_partner(store, &Caller::Shell, &name).await?;
    out.line(&format!("partner {id}"), &json!({ "id": id }))
}

pub async fn event(command: EventCommand, store: &dyn Store, out: Out) -> anyhow::Result<()> {
    match command {
        EventCommand::Create {
            partner,
            name,
            date,
            timezone,
        } => {
            let caller = &Caller::Shell;
            let id = setup::create_event(store, caller, &partner, &name, &date, &timezone).await?;
            out.line(&format!("event {id}"), &json!({ "id": id }))
        }
        EventCommand::BibRule { event, rule } => {
            setup::set_bib_rule(store, &Caller::Shell, event, rule).await?;
            out.line("the rule is in force", &json!({ "id": event }))
        }
    }
}

pub async fn stream(command: StreamCommand, store: &dyn Store, out: Out) -> anyhow::Result<()> {
    match command {
        StreamCommand::Create {
            event,
            name,
            protocol,
            port,
        } => {
            let caller = &Caller::Shell;
            let id = setup::create_stream(store, caller, event, &name, &protocol, port).await?;
            out.line(&format!("stream {id}"), &json!({ "id": id }))
        }
        StreamCommand::List { event } => {
            let streams = setup::stream_list(store, &Caller::Shell, event).await?;
            let mut text = String::new();
            for stream in &streams {
                text.push_str(&format!(
                    "{}  {}\n  {} reads, {} duplicates, {} late, {} unknown\n",
                    stream.id,
                    stream.name,
                    stream.reads,
                    stream.duplicates,
                    stream.late,
                    stream.unknown
                ));
            }
            if streams.is_empty() {
                text.push_str("the event has no stream yet; make one with gantry stream create\n");
            }
            out.line(text.trim_end(), &json!({ "streams": streams }))
        }
        StreamCommand::Update {
            stream,
            timezone,
            offset_ms,
            paused,
        } => {
            let zone = timezone.as_deref();
            setup::update_stream(store, &Caller::Shell, stream, zone, offset_ms, paused).await?;
            out.line("the stream is changed", &json!({ "id": stream }))
        }
        StreamCommand::Claim { stream } => {
            timing_page::claim_shared(store, &Caller::Shell, stream).await?;
            out.line("the stream takes them", &json!({ "id": stream }))
        }
    }
}

pub async fn point(command: PointCommand, store: &dyn Store, out: Out) -> anyhow::Result<()> {
    let id = match command {
        PointCommand::Map {
            stream,
            location,
            point,
        } => setup::map_location(store, &Caller::Shell, stream, &location, &point).await?,
        PointCommand::Rename { event, from, to } => {
            setup::rename_point(store, &Caller::Shell, event, &from, &to).await?
        }
    };
    out.line(&format!("point {id}"), &json!({ "id": id }))
}
