//! `cargo xtask bench [NAMES] [--write]`: the budgets of docs/BUDGETS.md, measured.
//!
//! Owns which benches there are and in what order they run. Each is measured beside a baseline in
//! the same run, with the load client in a process of its own. Knows nothing of what ours does
//! inside: it starts the release server, or calls a use case, as anybody would.

mod benches;
mod client;
mod figures;
mod handles;
mod limits;
mod process;
mod relay;
mod stats;
mod world;

use anyhow::{Context, bail};
use clap::Parser;
use figures::Row;
use std::{path::PathBuf, process::ExitCode};

/// Measure Gantry against its budgets.
#[derive(Parser)]
#[command(name = "bench", bin_name = "cargo xtask bench")]
struct Cli {
    /// Which to run; all where none is named.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NAMES))]
    names: Vec<String>,
    /// Put the figures into docs/BUDGETS.md.
    #[arg(long)]
    write: bool,
    /// Be one of the processes that a bench needs beside it.
    #[arg(long, hide = true)]
    be: Option<Be>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Be {
    Client,
    Relay,
}

const NAMES: [&str; 8] = [
    "sizes",
    "ingest",
    "roster",
    "display",
    "page",
    "memory",
    "mat-to-screen",
    "fan-out",
];

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.be {
        Some(Be::Client) => client::serve(),
        Some(Be::Relay) => relay::serve(),
        None => measure(&cli),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(cli: &Cli) -> anyhow::Result<()> {
    handles::raise();
    let gantry = std::env::var_os("GANTRY_BIN").map(PathBuf::from);
    let gantry = gantry.context("GANTRY_BIN names no server; run this as cargo xtask bench")?;
    if !gantry.is_file() {
        bail!(
            "there is no server at {}; run this as cargo xtask bench",
            gantry.display()
        );
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let mut rows = Vec::new();
    for name in NAMES {
        if !cli.names.is_empty() && !cli.names.iter().any(|wanted| wanted == name) {
            continue;
        }
        eprintln!("measuring {name}");
        let measured = runtime.block_on(run(name, &gantry));
        rows.extend(measured.with_context(|| format!("bench {name}"))?);
    }
    print!("{}", figures::table(&rows));
    if cli.write {
        figures::write(&rows)?;
    }
    Ok(())
}

async fn run(name: &str, gantry: &std::path::Path) -> anyhow::Result<Vec<Row>> {
    match name {
        "sizes" => benches::sizes::run(),
        "ingest" => benches::ingest::run(gantry).await,
        "roster" => benches::roster::run(gantry).await,
        "display" => benches::display::run(gantry).await,
        "page" => benches::page::run(gantry).await,
        "memory" => benches::memory::run(gantry).await,
        "mat-to-screen" => benches::mat_to_screen::run(gantry).await,
        "fan-out" => benches::fan_out::run(gantry).await,
        other => bail!("there is no bench {other:?}"),
    }
}
