//! The shipped fonts: which files of the npm packages in `xtask/fonts` the site gets, the style
//! sheet that declares them, and the table of how wide their signs are.
//! Knows nothing of how a page uses them.

mod face;
mod plan;
mod sheet;
mod table;
mod unpack;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cargo::Workspace;
use crate::tools;
use face::Face;
use plan::STACKS;

/// The folder of the packages' lock file.
const DIR: &str = "xtask/fonts";
/// The table lies beside the code that reads it, so that its tests need no Node.
const TABLE: &str = "crates/render/src/fit/advances.txt";

/// What the site serves of them.
pub struct Shipped {
    /// By the path below `pkg/`: the fonts, their licences and the table.
    pub files: BTreeMap<String, Vec<u8>>,
    /// `fonts.css`, with plain names in it.
    pub sheet: String,
}

/// Fetches the packages where they are not there, and reads them. A table in the checkout that
/// says something else than the fonts is refused: texts would run out of their boxes.
pub fn shipped(ws: &Workspace) -> Result<Shipped> {
    let faces = faces(ws)?;
    let table = table::write(&faces)?;
    let committed = fs::read_to_string(ws.root.join(TABLE)).unwrap_or_default();
    if committed != table {
        bail!("{TABLE} is not what the fonts say: type `cargo xtask fonts` and look at the change");
    }
    let mut files = BTreeMap::new();
    for face in &faces {
        for (name, path) in face.source.files(face.bold) {
            files.insert(name, read(&ws.root.join(DIR).join(path))?);
        }
    }
    files.insert("fonts/licences.txt".to_owned(), licences(ws)?);
    files.insert("advances.txt".to_owned(), table.into_bytes());
    Ok(Shipped {
        files,
        sheet: sheet::write(&faces),
    })
}

/// Writes the table anew from the fonts.
pub fn write_table(ws: &Workspace) -> Result<()> {
    let table = table::write(&faces(ws)?)?;
    println!("{TABLE}: {} bytes", table.len());
    fs::write(ws.root.join(TABLE), table).with_context(|| format!("write {TABLE}"))
}

/// Every face that is declared, in the order of the stacks.
fn faces(ws: &Workspace) -> Result<Vec<Face>> {
    tools::npm_packages(ws, DIR)?;
    let dir = ws.root.join(DIR);
    let mut faces = Vec::new();
    for stack in &STACKS {
        for bold in [false, true] {
            faces.extend(face::of_stack(stack, bold, &dir)?);
        }
    }
    Ok(faces)
}

/// The licence of each package, as the font's authors ask for.
fn licences(ws: &Workspace) -> Result<Vec<u8>> {
    let mut text = String::new();
    let mut packages: Vec<&str> = STACKS
        .iter()
        .flat_map(|stack| stack.sources)
        .map(|source| source.package)
        .collect();
    packages.sort_unstable();
    packages.dedup();
    for package in packages {
        let path = ws.root.join(DIR).join(plan::path(package, "LICENSE"));
        let licence = String::from_utf8(read(&path)?).context("a licence is UTF-8")?;
        text.push_str(&format!("== {package}\n\n{}\n\n", licence.trim()));
    }
    Ok(text.into_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("read {}", path.display()))
}
