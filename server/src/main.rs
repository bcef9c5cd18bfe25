//! The `gantry` binary: listeners, web and command line over the service.

mod backup;
mod cli;
mod data_folder;
mod demo;
mod doctor;
mod host;
mod http;
mod limits;
mod listen;
mod open_files;
mod serve;
mod settings;
mod simulate;
mod span;
mod threads;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::misused(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return cli::fail(cli.json, &anyhow::Error::new(error)),
    };
    let json = cli.json;
    match runtime.block_on(cli::run(cli)) {
        Ok(code) => code,
        Err(error) => cli::fail(json, &error),
    }
}
