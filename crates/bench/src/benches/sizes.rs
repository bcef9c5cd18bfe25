//! Script and wasm of each bundle, as the server embeds them. `cargo xtask test` holds the budgets.

use crate::figures::Row;
use anyhow::Context;
use std::{collections::BTreeMap, fs, path::Path};

/// Bytes, brotli; 1 KB is 1,000 bytes.
fn budget_of(bundle: &str) -> u64 {
    match bundle {
        "kiosk" => 60_000,
        _ => 300_000,
    }
}

pub fn run() -> anyhow::Result<Vec<Row>> {
    let site = Path::new("target/site");
    let manifest = fs::read(site.join("manifest.json"))
        .context("there are no bundles; run this as cargo xtask bench")?;
    let manifest: BTreeMap<String, String> = serde_json::from_slice(&manifest)?;
    let mut rows = Vec::new();
    for bundle in manifest
        .keys()
        .filter_map(|name| name.strip_suffix(".wasm"))
    {
        let budget = budget_of(bundle);
        let packed = |ending: &str| {
            let hashed = manifest.get(&format!("{bundle}.{ending}"))?;
            Some(
                fs::metadata(site.join("pkg").join(format!("{hashed}.br")))
                    .ok()?
                    .len(),
            )
        };
        let what = format!("{bundle}: script and wasm, brotli");
        rows.push(match packed("js").zip(packed("wasm")) {
            Some((js, wasm)) => Row::new("sizes", what, format!("{} bytes", js + wasm))
                .budget(format!("≤ {budget} bytes"), js + wasm <= budget),
            None => Row::left_out("sizes", what, "the bundles are built for development"),
        });
    }
    Ok(rows)
}
