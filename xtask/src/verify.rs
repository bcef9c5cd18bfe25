//! `check` and `test`: the steps that decide whether a change may land, cheapest first.

use std::fs;

use anyhow::{Result, bail};

use crate::bundle::{QUICK, WASM_TARGET, Wasm};
use crate::cargo::{Workspace, run};
use crate::postgres::{self, Cluster};
use crate::steps::Steps;
use crate::{e2e, site, sizes, tidy, tools};

const DENY_WARNINGS: [&str; 3] = ["--", "--deny", "warnings"];

pub fn check(ws: &Workspace, steps: &mut Steps) -> Result<()> {
    steps.run("formatting", || ws.cargo(["fmt", "--all", "--check"]))?;
    steps.run("tidy", || {
        let findings = tidy::findings(&ws.root)?;
        if findings.is_empty() {
            return Ok(());
        }
        bail!("{} to put right:\n{}", findings.len(), findings.join("\n"))
    })?;
    steps.run("licences and bans", || {
        if tools::answers(ws.cargo_command().args(["deny", "--version"])) {
            return ws.cargo([
                "deny",
                "--workspace",
                "check",
                "licenses",
                "bans",
                "sources",
            ]);
        }
        eprintln!("left out: `cargo install --locked cargo-deny` brings this check");
        Ok(())
    })?;
    steps.run("lints, host", || {
        ws.cargo(
            ["clippy", "--workspace", "--all-targets"]
                .into_iter()
                .chain(DENY_WARNINGS),
        )
    })?;
    steps.run("lints, browser", || {
        tools::wasm_target(ws)?;
        for bundle in QUICK {
            let args = ["clippy", "--package", "frontend", "--no-default-features"];
            let browser = ["--features", bundle, "--target", WASM_TARGET];
            ws.cargo(args.into_iter().chain(browser).chain(DENY_WARNINGS))?;
        }
        Ok(())
    })
}

pub fn test(ws: &Workspace, steps: &mut Steps) -> Result<()> {
    check(ws, steps)?;
    // Before the tests: in a development build the server reads its assets from this folder.
    steps.run("bundles", || site::write(ws, Wasm::Dev, &ws.site()))?;
    let cluster = steps.run("PostgreSQL", Cluster::start)?;
    steps.run("tests", || {
        tools::nextest(ws)?;
        let _lock = ws.lock()?;
        run(ws
            .cargo_command()
            .args(["nextest", "run", "--workspace"])
            .env(postgres::VARIABLE, cluster.url()))
    })?;
    drop(cluster);
    steps.run("documentation tests", || documentation_tests(ws))?;
    steps.run("bundle sizes", || sizes::check(ws))?;
    // What only development builds have may be missed nowhere else.
    steps.run("server of releases", || {
        ws.cargo(["check", "--release", "--package", "server"])
    })?;
    steps.run("server", || {
        ws.cargo(["build", "--package", "server", "--bin", "gantry"])
    })?;
    steps.run("browser tests", || e2e::run(ws, &[]))
}

/// Examples in documentation, of those crates that have any: linking none takes a minute too.
fn documentation_tests(ws: &Workspace) -> Result<()> {
    let mut packages = Vec::new();
    for file in tidy::tracked(&ws.root)? {
        let Some((dir, _)) = file.split_once("/src/") else {
            continue;
        };
        if !file.ends_with(".rs") || !ws.root.join(dir).join("src/lib.rs").exists() {
            continue;
        }
        let source = fs::read_to_string(ws.root.join(&file))?;
        let has_example = source.lines().any(|line| {
            let line = line.trim_start();
            line == "/// ```" || line == "//! ```"
        });
        let package = dir.rsplit('/').next().unwrap_or(dir).to_owned();
        if has_example && !packages.contains(&package) {
            packages.push(package);
        }
    }
    if packages.is_empty() {
        eprintln!("none are written");
        return Ok(());
    }
    let mut args = vec!["test".to_owned(), "--doc".to_owned()];
    for package in packages {
        args.extend(["--package".to_owned(), package]);
    }
    ws.cargo(args)
}
