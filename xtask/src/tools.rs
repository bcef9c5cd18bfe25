//! What a fresh machine lacks beyond rustup, a C compiler and Node: installed here when first
//! needed, or named in one line that says what to type.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use xxhash_rust::xxh3::xxh3_64;

use crate::bundle::WASM_TARGET;
use crate::cargo::{Workspace, run};

/// Node's oldest release line that the pinned Playwright runs on.
const NODE_MAJOR_MIN: u32 = 20;

/// Whether a command starts and ends well, its output thrown away.
pub fn answers(command: &mut Command) -> bool {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// The standard library for the browser.
pub fn wasm_target(ws: &Workspace) -> Result<()> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .current_dir(&ws.root)
        .output()
        .context("start rustc: install Rust through rustup")?;
    let libdir = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && libdir.is_dir() {
        return Ok(());
    }
    run(Command::new("rustup")
        .args(["target", "add", WASM_TARGET])
        .current_dir(&ws.root))
    .with_context(|| format!("install rustup, then type `rustup target add {WASM_TARGET}`"))
}

/// The test runner.
pub fn nextest(ws: &Workspace) -> Result<()> {
    if answers(ws.cargo_command().args(["nextest", "--version"])) {
        return Ok(());
    }
    ws.cargo(["install", "--locked", "cargo-nextest"])
        .context("type `cargo install --locked cargo-nextest` and read what it says")
}

/// Node, new enough for Playwright.
pub fn node() -> Result<()> {
    let hint = format!("install Node {NODE_MAJOR_MIN} or newer");
    let output = Command::new("node")
        .arg("--version")
        .output()
        .with_context(|| hint.clone())?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok());
    match major {
        Some(major) if NODE_MAJOR_MIN <= major => Ok(()),
        Some(_) | None => bail!("node says it is {version:?}: {hint}"),
    }
}

/// The packages of a folder's `package-lock.json`, fetched again only when that file changed.
pub fn npm_packages(ws: &Workspace, folder: &str) -> Result<()> {
    let dir = ws.root.join(folder);
    let stamp_path = dir.join("node_modules/.lock-stamp");
    let stamp = format!(
        "{:016x}",
        xxh3_64(&fs::read(dir.join("package-lock.json"))?)
    );
    if fs::read_to_string(&stamp_path).is_ok_and(|found| found == stamp) {
        return Ok(());
    }
    node()?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(Command::new(npm)
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(&dir)
        // The browser is the system's: Playwright's own download is not wanted.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    .with_context(|| format!("type `npm ci` in {folder} and read what it says"))?;
    fs::write(stamp_path, stamp)?;
    Ok(())
}

const CHROMIUM_NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// The browser of the browser tests: the one named by `GANTRY_CHROMIUM`, else one that is
/// installed, else Debian's, installed now.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = env::var_os("GANTRY_CHROMIUM") {
        let path = PathBuf::from(path);
        if path.is_file() {
            return Ok(path);
        }
        bail!("GANTRY_CHROMIUM names {}, which is no file", path.display());
    }
    if let Some(path) = installed_chromium() {
        return Ok(path);
    }
    let by_hand = "install Chromium (Debian: `apt-get install chromium`), or name a browser's \
                   program in GANTRY_CHROMIUM";
    install("chromium", by_hand)?;
    installed_chromium().context(by_hand)
}

/// Whether this process may do anything. Nobody is root where there is no `id`.
pub fn is_root() -> bool {
    answers(Command::new("sh").args(["-c", "test \"$(id -u)\" = 0"]))
}

/// Installs a package of Debian's, as root or through sudo; else `by_hand` says what to do.
pub fn install(package: &str, by_hand: &str) -> Result<()> {
    let sudo: &[&str] = if is_root() {
        &[]
    } else if answers(Command::new("sudo").args(["--non-interactive", "true"])) {
        &["sudo", "--non-interactive"]
    } else {
        bail!("no {package} found, and no right to install it: {by_hand}");
    };
    for args in [
        &["update"][..],
        &["install", "--yes", "--no-install-recommends", package],
    ] {
        let words = sudo
            .iter()
            .chain(&["apt-get"])
            .chain(args)
            .copied()
            .collect::<Vec<_>>();
        run(Command::new(words[0])
            .args(&words[1..])
            .env("DEBIAN_FRONTEND", "noninteractive"))
        .with_context(|| by_hand.to_owned())?;
    }
    Ok(())
}

fn installed_chromium() -> Option<PathBuf> {
    let dirs: Vec<PathBuf> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    // Joining an absolute name gives that name, so one loop serves both kinds.
    let mut candidates = CHROMIUM_NAMES
        .iter()
        .flat_map(|name| dirs.iter().map(move |dir| dir.join(name)));
    candidates.find(|path| path.is_file())
}
