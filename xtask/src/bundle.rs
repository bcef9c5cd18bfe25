//! The browser bundles: cargo makes the wasm, wasm-bindgen (as a library, so that its version
//! is the one in the lock file) makes the script beside it.
//! Knows nothing of hashed names or compression; `site` does that.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use oxc::{
    allocator::Allocator,
    codegen::{Codegen, CodegenOptions},
    minifier::{Minifier, MinifierOptions},
    parser::Parser,
    span::SourceType,
};
use wasm_bindgen_cli_support::Bindgen;
use xxhash_rust::xxh3::xxh3_128;

use crate::cargo::Workspace;
use crate::tools;

/// The bundle of displays.
const KIOSK: &str = "kiosk";

/// The bundles that ship, by the features of the package `frontend`: the displays', one for each
/// page of the studio, and that of the builder's windows.
pub const SHIPPED: [&str; 9] = [
    KIOSK,
    "events",
    "event",
    "roster",
    "timing",
    "displays",
    "templates",
    "builder",
    "windows",
];

/// The same with all pages of the studio in one: each bundle costs a link.
pub const QUICK: [&str; 2] = [KIOSK, "studio"];

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Part of the stamp: another wasm-bindgen, or other options for it, may write another script
/// for the same wasm.
const MADE_BY: &str = concat!(include_str!("../Cargo.toml"), include_str!("bundle.rs"));

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wasm {
    /// Quick to build, with function names for readable stack traces.
    Dev,
    /// Small: what ships, and what the size budgets are about.
    Release,
}

impl Wasm {
    fn profile(self) -> &'static str {
        match self {
            Wasm::Dev => "wasm-dev",
            Wasm::Release => "wasm-release",
        }
    }

    fn bundles(self) -> &'static [&'static str] {
        match self {
            Wasm::Dev => &QUICK,
            Wasm::Release => &SHIPPED,
        }
    }
}

/// What a bundle's script is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Loads its wasm from a file named `wasm_name(name)` beside it.
    Module,
    /// For a page without modules: leaves a function `wasm_bindgen`, which is given its wasm.
    Classic,
}

pub struct Bundle {
    pub name: &'static str,
    pub js: String,
    pub wasm: Vec<u8>,
}

/// The name by which a bundle's script asks for its wasm before names are hashed.
pub fn wasm_name(bundle: &str) -> String {
    format!("{bundle}_bg.wasm")
}

/// The bundles, and the kiosk's once more as the stand-alone player takes it.
pub fn build(ws: &Workspace, wasm: Wasm) -> Result<(Vec<Bundle>, Bundle)> {
    tools::wasm_target(ws)?;
    let (mut bundles, mut player) = (Vec::new(), None);
    for name in wasm.bundles() {
        let input = compiled(ws, wasm, name)?;
        bundles.push(bound(ws, wasm, (name, Script::Module), &input)?);
        if *name == KIOSK {
            player = Some(bound(ws, wasm, (name, Script::Classic), &input)?);
        }
    }
    Ok((bundles, player.context("the kiosk is among the bundles")?))
}

fn compiled(ws: &Workspace, wasm: Wasm, name: &str) -> Result<Vec<u8>> {
    let profile = wasm.profile();
    // All bundles leave their wasm under one name: it is read before the lock goes.
    let _lock = ws.lock()?;
    let mut command = ws.cargo_command();
    command
        .args(["build", "--package", "frontend", "--no-default-features"])
        .args(["--features", name, "--target", WASM_TARGET])
        .args(["--profile", profile]);
    if wasm == Wasm::Release {
        // Where a library lies on this machine is in its panics, and would go to every browser.
        let libraries = crate::cargo::home()?.join("registry/src");
        let flag = format!("--remap-path-prefix={}=", libraries.display());
        // Beside those of the project's own configuration.
        command.args(["--config", &format!("build.rustflags=[{flag:?}]")]);
    }
    crate::cargo::run(&mut command)?;
    let folder = ws.target.join(WASM_TARGET).join(profile);
    let path = folder.join("frontend.wasm");
    fs::read(&path).with_context(|| format!("read {}", path.display()))
}

fn bound(
    ws: &Workspace,
    wasm: Wasm,
    (name, script): (&'static str, Script),
    input: &[u8],
) -> Result<Bundle> {
    let folder = match script {
        Script::Module => name.to_owned(),
        Script::Classic => format!("{name}-classic"),
    };
    let dir = ws.target.join("bundles").join(wasm.profile()).join(folder);
    bind(&dir, wasm, (name, script), input)?;
    let read = |file: &str| {
        let path = dir.join(file);
        fs::read(&path).with_context(|| format!("read {}", path.display()))
    };
    let mut js = String::from_utf8(read(&format!("{name}.js"))?).context("the script is UTF-8")?;
    if wasm == Wasm::Release {
        js = minified(&js, script).with_context(|| format!("make the script of {name} smaller"))?;
    }
    Ok(Bundle {
        name,
        js,
        wasm: read(&wasm_name(name))?,
    })
}

/// The same script with short names and nothing to read.
fn minified(text: &str, script: Script) -> Result<String> {
    let memory = Allocator::default();
    let source = match script {
        Script::Module => SourceType::mjs(),
        Script::Classic => SourceType::script(),
    };
    let mut parsed = Parser::new(&memory, text, source).parse();
    if let Some(error) = parsed.diagnostics.first() {
        bail!("wasm-bindgen wrote what cannot be read: {error}");
    }
    let names = Minifier::new(MinifierOptions::default()).minify(&memory, &mut parsed.program);
    let writer = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(names.scoping);
    Ok(writer.build(&parsed.program).code)
}

/// Leaves the script and its wasm in `dir`, unless they are there already for this input.
fn bind(dir: &Path, wasm: Wasm, (name, script): (&str, Script), input: &[u8]) -> Result<()> {
    let stamp_path = dir.join("stamp");
    let stamp = format!(
        "{:032x} {:032x}",
        xxh3_128(input),
        xxh3_128(MADE_BY.as_bytes())
    );
    if fs::read_to_string(&stamp_path).is_ok_and(|found| found == stamp) {
        return Ok(());
    }
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    let release = wasm == Wasm::Release;
    let mut bindgen = Bindgen::new();
    match script {
        Script::Module => bindgen.web(true)?,
        Script::Classic => bindgen.no_modules(true)?,
    };
    let mut output = bindgen
        .input_bytes(name, input.to_vec())
        .typescript(false)
        .omit_default_module_path(script == Script::Classic)
        .demangle(!release)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate_output()
        .with_context(|| format!("wasm-bindgen on the {name} bundle"))?;
    let has_snippets = output.snippets().values().any(|list| !list.is_empty());
    if has_snippets || !output.local_modules().is_empty() {
        bail!(
            "the {name} bundle brings script files of its own, which get no hashed name: \
             use web-sys instead of inline_js, or teach `xtask/src/site.rs` to ship them"
        );
    }
    output.emit(dir)?;
    fs::write(stamp_path, stamp)?;
    Ok(())
}
