//! `gantry backup` and `gantry restore`.

use super::Out;
use crate::{
    backup::{self, WhenThere},
    settings::Settings,
};
use app::format::{count, counted};
use clap::Args;
use std::path::PathBuf;
use store::Contents;

#[derive(Args, Debug)]
pub struct BackupArgs {
    /// The file to make, such as saturday.zip.
    file: PathBuf,
    /// Replace a file of that name.
    #[arg(long)]
    force: bool,
}

#[derive(Args, Debug)]
pub struct RestoreArgs {
    /// A file that `gantry backup` or the server has made.
    file: PathBuf,
    /// Where the data folder has data already, move that aside.
    #[arg(long)]
    force: bool,
}

pub async fn backup(args: BackupArgs, settings: &Settings, out: Out) -> anyhow::Result<()> {
    let when_there = if args.force {
        WhenThere::Replace
    } else {
        WhenThere::Refuse
    };
    let made = backup::make(settings, &args.file, when_there, ".gantry-backup-").await?;
    let text = format!(
        "{}: {}; {} bytes, checked",
        made.file.display(),
        told(&made.contents, made.assets),
        count(made.bytes)
    );
    out.line(&text, &made)
}

pub async fn restore(args: RestoreArgs, settings: &Settings, out: Out) -> anyhow::Result<()> {
    let restored = backup::restore(settings, &args.file, args.force).await?;
    let mut text = format!(
        "restored what was backed up at {}: {}",
        restored.made_at,
        told(&restored.contents, restored.assets)
    );
    if let Some(replaced) = &restored.replaced {
        text.push_str(&format!(
            "\nthe data that was there before is in {}",
            replaced.display()
        ));
    }
    out.line(&text, &restored)
}

/// What is in a backup, with its numbers.
fn told(contents: &Contents, assets: usize) -> String {
    [
        counted(contents.reads, "read", "reads"),
        counted(contents.events, "event", "events"),
        counted(contents.participants, "participant", "participants"),
        counted(contents.displays, "display", "displays"),
        counted(assets as u64, "uploaded file", "uploaded files"),
    ]
    .join(", ")
}
