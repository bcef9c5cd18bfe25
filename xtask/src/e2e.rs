//! The browser tests: type check of the specs, then Playwright with the system's Chromium
//! against the server that was built last. What the tests do is in `end2end/`.

use std::process::Command;

use anyhow::Result;

use crate::cargo::{Workspace, run as process_run};
use crate::tools;

/// Runs the specs; `args` go to Playwright (a file name, `--grep`, `--headed`).
pub fn run(ws: &Workspace, args: &[String]) -> Result<()> {
    tools::node()?;
    tools::npm_packages(ws, "end2end")?;
    let chromium = tools::chromium()?;
    let node = |script: &str| {
        let mut command = Command::new("node");
        command.current_dir(ws.root.join("end2end")).arg(script);
        command
    };
    // Playwright strips types without checking them.
    process_run(&mut node("node_modules/typescript/bin/tsc"))?;
    process_run(
        node("node_modules/@playwright/test/cli.js")
            .arg("test")
            .args(args)
            .env("GANTRY_BIN", ws.binary("debug", "gantry"))
            .env("GANTRY_CHROMIUM", chromium),
    )
}
