//! `cargo xtask`: every command a developer or a build machine types, in one program.
//! Owns the order of the steps; the steps themselves are one module each.
//! Knows the names of the workspace's packages, and nothing of what is inside them.

mod bundle;
mod cargo;
mod crates;
mod dev;
mod e2e;
mod fonts;
mod fuzz;
mod player;
mod postgres;
mod rust_source;
mod site;
mod sizes;
mod steps;
mod tidy;
mod tools;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::bundle::Wasm;
use crate::cargo::Workspace;
use crate::steps::Steps;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Build, run, check and test Gantry")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Build the browser bundles and the server that serves them
    Build {
        /// One self-contained binary with compressed assets inside
        #[arg(long)]
        release: bool,
    },
    /// Build, then run `gantry demo` with the given arguments
    #[command(disable_help_flag = true)]
    Run(Passed),
    /// Like run, and build and start again whenever a source changes
    #[command(disable_help_flag = true)]
    Dev(Passed),
    /// Formatting, lints for host and browser, crate table, tidy rules, licences
    Check,
    /// Everything: check, all tests, bundle sizes, browser tests
    Test,
    /// Build, then the browser tests only; arguments go to Playwright
    #[command(disable_help_flag = true)]
    E2e(Passed),
    /// Build for release, then run the benchmarks with the given arguments
    #[command(disable_help_flag = true)]
    Bench(Passed),
    /// Fuzz the protocol parsers, where a nightly toolchain and cargo-fuzz are installed
    #[command(disable_help_flag = true)]
    Fuzz(Passed),
    /// Write the table of the fonts' advances anew, after a change of the fonts
    Fonts,
    /// A PostgreSQL for tests that are run by hand, until Ctrl-C
    Postgres,
}

/// Arguments that are handed on as they are.
#[derive(clap::Args)]
struct Passed {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

fn main() -> ExitCode {
    match carry_out(Cli::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        // Not the error itself: with RUST_BACKTRACE set it would hide its one clear line.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(verb: Verb) -> Result<()> {
    let ws = Workspace::open()?;
    match verb {
        Verb::Build { release } => {
            let gantry = if release {
                build_release(&ws)?
            } else {
                build_dev(&ws)?
            };
            println!("{}", gantry.display());
            Ok(())
        }
        Verb::Run(passed) => {
            let gantry = build_dev(&ws)?;
            dev::demo(&gantry, &passed.args)
        }
        Verb::Dev(passed) => dev::watch(&ws, &passed.args),
        Verb::Check => in_steps(|steps| verify::check(&ws, steps)),
        Verb::Test => in_steps(|steps| verify::test(&ws, steps)),
        Verb::E2e(passed) => {
            build_dev(&ws)?;
            e2e::run(&ws, &passed.args)
        }
        Verb::Bench(passed) => bench(&ws, &passed.args),
        Verb::Fuzz(passed) => fuzz::run(&ws, &passed.args),
        Verb::Fonts => fonts::write_table(&ws),
        Verb::Postgres => postgres::Cluster::start()?.keep(),
    }
}

/// Prints how long each step took, also when one of them fails.
fn in_steps(body: impl FnOnce(&mut Steps) -> Result<()>) -> Result<()> {
    let mut steps = Steps::default();
    let result = body(&mut steps);
    steps.print();
    result
}

/// The bundles and the server for development. Returns the server's path.
fn build_dev(ws: &Workspace) -> Result<PathBuf> {
    site::write(ws, Wasm::Dev, &ws.site())?;
    ws.cargo(["build", "--package", "server", "--bin", "gantry"])?;
    Ok(ws.binary("debug", "gantry"))
}

/// The one self-contained binary. Returns its path.
fn build_release(ws: &Workspace) -> Result<PathBuf> {
    site::write(ws, Wasm::Release, &ws.site())?;
    sizes::report(&ws.site())?;
    ws.cargo([
        "build",
        "--release",
        "--package",
        "server",
        "--bin",
        "gantry",
    ])?;
    Ok(ws.binary("release", "gantry"))
}

/// Benchmarks measure what ships: the release server, started by the release `bench`.
fn bench(ws: &Workspace, args: &[String]) -> Result<()> {
    let gantry = build_release(ws)?;
    ws.cargo(["build", "--release", "--package", "bench"])?;
    let cluster = postgres::Cluster::durable()?;
    let mut command = std::process::Command::new(ws.binary("release", "bench"));
    command
        .args(args)
        .current_dir(&ws.root)
        .env("GANTRY_BIN", gantry)
        .env(postgres::VARIABLE, cluster.url());
    cargo::run(&mut command)
}
