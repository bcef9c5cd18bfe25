//! `fuzz`: coverage-guided fuzzing of the wire protocols, which stable Rust cannot do.
//! It is an extra: the seeded mutation tests of `cargo xtask test` run everywhere.

use std::process::Command;

use anyhow::Result;

use crate::cargo::{Workspace, run as process_run};
use crate::tools;

/// `args` are those of `cargo fuzz run`: a target's name, then options.
pub fn run(ws: &Workspace, args: &[String]) -> Result<()> {
    let dir = ws.root.join("crates/timing/fuzz");
    let nightly = |args: &[&str]| {
        let mut command = Command::new("rustup");
        command
            .args(["run", "nightly", "cargo"])
            .args(args)
            .current_dir(&ws.root);
        // Set by the cargo that started xtask; they would send nightly's cargo to stable.
        command
            .env_remove("CARGO")
            .env_remove("RUSTC")
            .env_remove("RUSTUP_TOOLCHAIN");
        command
    };
    let missing = if !dir.join("Cargo.toml").exists() {
        "crates/timing/fuzz holds no fuzz targets yet"
    } else if !tools::answers(&mut nightly(&["--version"])) {
        "no nightly toolchain: `rustup toolchain install nightly` brings it"
    } else if !tools::answers(&mut nightly(&["fuzz", "--version"])) {
        "no cargo-fuzz: `cargo install --locked cargo-fuzz` brings it"
    } else {
        let _lock = ws.lock()?;
        let mut command = nightly(&["fuzz", "run", "--fuzz-dir"]);
        command
            .arg(&dir)
            .args(args)
            .env("CARGO_TARGET_DIR", ws.target.join("fuzz"));
        return process_run(&mut command);
    };
    println!("nothing was fuzzed: {missing}");
    Ok(())
}
