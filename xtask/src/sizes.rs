//! The size budgets of the bundles (docs/BUDGETS.md), held on every test run: sizes are
//! deterministic, so being over budget is a failure and never bad luck.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::bundle::{SHIPPED, Wasm};
use crate::cargo::Workspace;
use crate::site::{self, Manifest};

/// Script and wasm of one bundle together, brotli, in bytes; 1 KB is 1,000 bytes.
fn budget_of(bundle: &str) -> u64 {
    match bundle {
        "kiosk" => 60_000,
        // What a page of the studio loads.
        _ => 300_000,
    }
}

/// Builds the release bundles apart from the site in use, and fails if one is over budget.
pub fn check(ws: &Workspace) -> Result<()> {
    let site = ws.target.join("bundles/site-release");
    site::write(ws, Wasm::Release, &site)?;
    let over = report(&site)?;
    if !over.is_empty() {
        bail!(
            "over the size budget: {}; see what `twiggy top` finds in it",
            over.join(", ")
        );
    }
    Ok(())
}

/// Prints each bundle's size and budget. Returns the bundles that are over.
pub fn report(site: &Path) -> Result<Vec<&'static str>> {
    let path = site.join("manifest.json");
    let json = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    let manifest: Manifest = serde_json::from_slice(&json)?;
    let mut over = Vec::new();
    println!(
        "{:8}{:>10}{:>10}{:>10}",
        "bundle", "raw", "brotli", "budget"
    );
    for bundle in SHIPPED {
        let budget = budget_of(bundle);
        let (mut raw, mut packed) = (0, 0);
        for ending in ["js", "wasm"] {
            let logical = format!("{bundle}.{ending}");
            let hashed = manifest
                .get(&logical)
                .with_context(|| format!("no {logical} in site"))?;
            let file = site.join("pkg").join(hashed);
            raw += fs::metadata(&file)?.len();
            packed += fs::metadata(file.with_added_extension("br"))?.len();
        }
        let verdict = if packed > budget { "  OVER" } else { "" };
        println!("{bundle:8}{raw:>10}{packed:>10}{budget:>10}{verdict}");
        if packed > budget {
            over.push(bundle);
        }
    }
    Ok(over)
}
