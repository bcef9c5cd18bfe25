//! `gantry roster` and `gantry export`.

use super::{Out, on_store};
use crate::settings::Settings;
use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use model::EventId;
use service::{Caller, export, limits, roster};
use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
};
use store::Store;

#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Bring a CSV or .xlsx file into an event. Nobody is ever deleted by it.
    Import {
        #[arg(long)]
        event: EventId,
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Every read of an event, in the order in which they were stored.
    Reads {
        #[arg(long)]
        event: EventId,
        #[arg(long, default_value = "csv")]
        format: ExportFormat,
        /// A file; standard output where it is left out.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    Csv,
    Json,
}

pub async fn roster(command: RosterCommand, settings: &Settings, out: Out) -> anyhow::Result<()> {
    let RosterCommand::Import { event, file } = command;
    let bytes = read_bounded(&file, limits::ROSTER_BYTES_MAX)?;
    on_store(settings, async |store| {
        let done = roster::import(store, &Caller::Shell, event, &bytes).await?;
        out.line(&told(&done), &done)
    })
    .await
}

fn told(done: &roster::Imported) -> String {
    let mut text = format!(
        "{} imported, {} updated, {} unchanged, {} rejected",
        done.imported,
        done.updated,
        done.unchanged,
        done.rejected.len()
    );
    for row in &done.rejected {
        text.push_str(&format!("\nline {}: {}", row.line, row.reason));
    }
    text
}

pub async fn export(command: ExportCommand, store: &dyn Store, out: Out) -> anyhow::Result<()> {
    let ExportCommand::Reads {
        event,
        format,
        out: path,
    } = command;
    let format = match format {
        ExportFormat::Csv => export::Format::Csv,
        ExportFormat::Json => export::Format::Json,
    };
    let Some(path) = path else {
        let mut stdout = BufWriter::new(std::io::stdout());
        export::reads(store, &Caller::Shell, event, format, &mut stdout).await?;
        return Ok(stdout.flush()?);
    };
    let file =
        File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    let mut file = BufWriter::new(file);
    let count = export::reads(store, &Caller::Shell, event, format, &mut file).await?;
    out.line(
        &format!("{count} reads exported"),
        &serde_json::json!({ "exported": count }),
    )
}

/// No more of it than one byte past the limit, which whoever takes it then refuses.
pub(super) fn read_bounded(path: &Path, bytes_max: u64) -> anyhow::Result<Vec<u8>> {
    let file = File::open(path)
        .with_context(|| format!("the file {} cannot be opened", path.display()))?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("the file {} cannot be read", path.display()))?;
    if bytes.is_empty() {
        bail!("the file {} is empty", path.display());
    }
    Ok(bytes)
}
