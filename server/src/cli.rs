//! The command line. Each command is a thin call of one use case.

mod backups;
mod display;
mod files;
mod messages;
mod setup;
mod templates;
mod users;

use crate::{
    data_folder, demo, doctor, serve,
    settings::{LogFormat, Settings, SettingsArgs},
    simulate,
};
use anyhow::Context;
use clap::{Parser, Subcommand, error::ErrorKind};
use serde::Serialize;
use std::{io::IsTerminal, process::ExitCode, sync::Arc};
use store::{OpenMode, Store};
use tracing_subscriber::EnvFilter;

/// Race timing on screens, milliseconds after a foot crosses the mat.
#[derive(Debug, Parser)]
#[command(name = "gantry", version, propagate_version = true)]
pub struct Cli {
    /// Machine-readable output on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(flatten)]
    settings: SettingsArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve(serve::ServeArgs),
    /// Run the server with a live demo race.
    Demo(demo::DemoArgs),
    /// Bring the database up to date.
    Migrate,
    /// Timing partners.
    #[command(subcommand)]
    Partner(setup::PartnerCommand),
    /// People who log in.
    #[command(subcommand)]
    User(users::UserCommand),
    /// Race weekends.
    #[command(subcommand)]
    Event(setup::EventCommand),
    /// Sources of reads.
    #[command(subcommand)]
    Stream(setup::StreamCommand),
    /// Timing points.
    #[command(subcommand)]
    Point(setup::PointCommand),
    /// Shareable screens.
    #[command(subcommand)]
    Display(display::DisplayCommand),
    /// Templates that people made.
    #[command(subcommand)]
    Template(templates::TemplateCommand),
    /// What displays choose from for the runner they feature.
    #[command(subcommand)]
    Message(messages::MessageCommand),
    /// Who runs.
    #[command(subcommand)]
    Roster(files::RosterCommand),
    /// Data out.
    #[command(subcommand)]
    Export(files::ExportCommand),
    /// Be a timing device: send a race over TCP.
    Sim(Box<simulate::SimArgs>),
    /// Copy the database and all that was uploaded into one checked file, also while reads arrive.
    Backup(backups::BackupArgs),
    /// Bring a backup into an empty data folder.
    Restore(backups::RestoreArgs),
    /// Say what is wrong with this install, and what to do. Changes nothing.
    Doctor,
}

pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let data_named = cli.settings.names_its_data();
    let out = Out { json: cli.json };
    let settings_file = cli.settings.file();
    let settings = cli.settings.resolve();
    // The doctor says what is wrong with the settings, too, and nothing in between.
    if let Command::Doctor = cli.command {
        return doctor::run(settings, settings_file, out).await;
    }
    let settings = settings?;
    start_log(&settings)?;
    match cli.command {
        Command::Serve(args) => serve::run(args, settings, out).await,
        Command::Demo(args) => demo::run(args, settings, data_named, out).await,
        Command::Migrate => {
            on_store(&settings, async |_| Ok(())).await?;
            out.line(
                "the database is up to date",
                &serde_json::json!({ "migrated": true }),
            )
        }
        Command::Partner(command) => {
            on_store(&settings, async |store| {
                setup::partner(command, store, out).await
            })
            .await
        }
        Command::User(command) => users::user(command, &settings, out).await,
        Command::Event(command) => {
            on_store(&settings, async |store| {
                setup::event(command, store, out).await
            })
            .await
        }
        Command::Stream(command) => {
            on_store(&settings, async |store| {
                setup::stream(command, store, out).await
            })
            .await
        }
        Command::Point(command) => {
            on_store(&settings, async |store| {
                setup::point(command, store, out).await
            })
            .await
        }
        Command::Display(command) => {
            let url = |code: &_| serve::display_url(&settings, code);
            on_store(&settings, async |store| {
                display::display(command, store, url, out).await
            })
            .await
        }
        Command::Template(command) => {
            on_store(&settings, async |store| {
                templates::template(command, store, out).await
            })
            .await
        }
        Command::Message(command) => messages::message(command, &settings, out).await,
        Command::Roster(command) => files::roster(command, &settings, out).await,
        Command::Export(command) => {
            on_store(&settings, async |store| {
                files::export(command, store, out).await
            })
            .await
        }
        Command::Sim(args) => {
            let report = simulate::run(*args).await?;
            out.line(&report.to_string(), &report)
        }
        Command::Backup(args) => backups::backup(args, &settings, out).await,
        Command::Restore(args) => backups::restore(args, &settings, out).await,
        Command::Doctor => unreachable!("it went its own way above"),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// How results are printed.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    pub json: bool,
}

impl Out {
    /// Prints a result: a sentence for people, an object for machines.
    pub fn line(self, text: &str, value: &impl Serialize) -> anyhow::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string(value)?);
        } else {
            println!("{text}");
        }
        Ok(())
    }
}

/// One clear line, and a non-zero exit.
pub fn fail(json: bool, error: &anyhow::Error) -> ExitCode {
    if json {
        println!("{}", serde_json::json!({ "error": format!("{error:#}") }));
    }
    eprintln!("gantry: {error:#}");
    ExitCode::FAILURE
}

/// Words that are no command: one clear line too. Help that was asked for is printed as it is, and
/// so is that for somebody who typed the beginning of a command.
pub fn misused(error: &clap::Error) -> ExitCode {
    let wants_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if !error.use_stderr() || wants_help {
        // Nobody is left to tell that standard output or error is closed.
        let _ = error.print();
        return ExitCode::from(u8::from(error.use_stderr()) * MISUSED);
    }
    let line = one_line(&error.render().to_string());
    // The words could not be read, so neither could this one.
    if std::env::args().any(|word| word == "--json") {
        println!("{}", serde_json::json!({ "error": line }));
    }
    eprintln!("gantry: {line}");
    ExitCode::from(MISUSED)
}

/// The exit status for words that are no command, as shells and clap have it.
const MISUSED: u8 = 2;

/// What is wrong and what to do, without the usage that clap adds in further paragraphs.
fn one_line(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let is_general =
        |paragraph: &&str| paragraph.starts_with("Usage:") || paragraph.starts_with("For more");
    let said = text
        .split("\n\n")
        .filter(|paragraph| !is_general(paragraph));
    let said = said.map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    said.collect::<Vec<_>>().join("; ")
}

/// Does a command's work on the database, brought up to date, and closes it however that ended:
/// the last to close a file takes away what lies beside it.
pub async fn on_store(
    settings: &Settings,
    work: impl AsyncFnOnce(&dyn Store) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let store = open_store(settings, OpenMode::Migrate).await?;
    let done = work(&*store).await;
    store.close().await;
    done
}

/// Opens the database, making the data folder and the file in it where they are missing.
pub async fn open_store(settings: &Settings, mode: OpenMode) -> anyhow::Result<Arc<dyn Store>> {
    data_folder::make(settings)?;
    Ok(store::open(&settings.database(), mode).await?)
}

fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let log = tracing_subscriber::fmt()
        .with_env_filter(log_filter(settings)?)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

pub fn log_filter(settings: &Settings) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(&settings.log)
        .with_context(|| format!("the log filter {:?} is not valid; try info", settings.log))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_wrong_with_the_words_is_one_line() {
        let check = |words: &str, line: &str| {
            let words = words.split(' ');
            let error = Cli::try_parse_from(words).unwrap_err();
            assert_eq!(one_line(&error.render().to_string()), line);
        };
        check(
            "gantry partner create",
            "the following required arguments were not provided: --name <NAME>",
        );
        check(
            "gantry partner crate",
            "unrecognized subcommand 'crate'; tip: a similar subcommand exists: 'create'",
        );
    }
}
