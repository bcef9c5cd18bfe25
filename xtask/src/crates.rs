//! Which crate may use which (docs/ARCHITECTURE.md), held by reading the manifests: a boundary
//! that nothing checks is gone within a month.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use toml::{Table, Value};

/// A crate and the crates of the workspace it may depend on. A new crate gets a row first.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("model", &[]),
    ("editor", &["model"]),
    ("timing", &["model"]),
    ("scoring", &["model"]),
    ("live", &["model"]),
    ("store", &["model"]),
    ("render", &["model"]),
    ("sim", &["model", "timing"]),
    (
        "service",
        &["model", "timing", "scoring", "live", "render", "store"],
    ),
    ("app", &["editor", "model", "render", "service", "store"]),
    ("frontend", &["app", "render", "model"]),
    (
        "server",
        &[
            "app", "live", "model", "render", "scoring", "service", "sim", "store", "timing",
        ],
    ),
    (
        "bench",
        &["live", "model", "service", "sim", "store", "timing"],
    ),
    ("xtask", &[]),
];

/// More that tests may use.
const TESTS_MAY_USE: [(&str, &[&str]); 1] = [("service", &["sim"])];

/// Crates from outside that would break a promise, and the only ones that may use them.
const ONLY_IN: [(&str, &[&str]); 7] = [
    ("axum", &["server"]),
    ("leptos", &["app", "frontend", "server"]),
    ("leptos_axum", &["app", "server"]),
    ("leptos_router", &["app", "frontend", "server"]),
    ("sqlx", &["store", "bench"]),
    (
        "tokio",
        &["live", "store", "service", "server", "bench", "sim", "app"],
    ),
    ("web-sys", &["app", "frontend", "render"]),
];

/// Two versions of one of these compile, and then do not know each other's types.
const ONE_VERSION: [&str; 8] = [
    "axum",
    "leptos",
    "leptos_router",
    "reactive_graph",
    "sqlx",
    "tower-http",
    "wasm-bindgen",
    "web-sys",
];

const TABLES: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];
const WASM: &str = "cfg(target_arch = \"wasm32\")";

pub fn findings(root: &Path) -> Result<Vec<String>> {
    let workspace = read(&root.join("Cargo.toml"))?;
    let mut manifests = Vec::new();
    for dir in member_dirs(root, &workspace)? {
        manifests.push(read(&root.join(dir).join("Cargo.toml"))?);
    }
    let mut findings = Vec::new();
    for manifest in &manifests {
        manifest_findings(manifest, &mut findings);
    }
    let lock = read(&root.join("Cargo.lock"))?;
    lock_findings(&lock, &mut findings);
    pin_findings(&workspace, &manifests, &mut findings);
    Ok(findings)
}

fn read(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    text.parse()
        .with_context(|| format!("parse {}", path.display()))
}

/// The folders of the workspace's members; `crates/*` is the one pattern in use.
fn member_dirs(root: &Path, workspace: &Table) -> Result<Vec<String>> {
    let members = workspace["workspace"]["members"]
        .as_array()
        .context("members is a list")?;
    let mut dirs = Vec::new();
    for member in members {
        let member = member.as_str().context("a member is a path")?;
        let Some(parent) = member.strip_suffix("/*") else {
            dirs.push(member.to_owned());
            continue;
        };
        for entry in fs::read_dir(root.join(parent))? {
            let entry = entry?;
            if entry.path().join("Cargo.toml").exists() {
                dirs.push(format!("{parent}/{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    dirs.sort();
    Ok(dirs)
}

/// One dependency line: in which table it stands, for which target.
struct Dependency<'a> {
    name: &'a str,
    spec: &'a Value,
    table: &'static str,
    target: Option<&'a str>,
}

impl Dependency<'_> {
    fn asks_for(&self, feature: &str) -> bool {
        let features = self.spec.get("features").and_then(Value::as_array);
        features.is_some_and(|features| features.iter().any(|it| it.as_str() == Some(feature)))
    }
}

fn dependencies(manifest: &Table) -> Vec<Dependency<'_>> {
    let mut list = Vec::new();
    let targets = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flatten();
    let per_target =
        targets.filter_map(|(cfg, tables)| Some((Some(cfg.as_str()), tables.as_table()?)));
    for (target, tables) in std::iter::once((None, manifest)).chain(per_target) {
        for table in TABLES {
            let lines = tables
                .get(table)
                .and_then(Value::as_table)
                .into_iter()
                .flatten();
            list.extend(lines.map(|(name, spec)| Dependency {
                name,
                spec,
                table,
                target,
            }));
        }
    }
    list
}

fn row<'a>(table: &'a [(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(row, _)| *row == name)
        .map(|(_, allowed)| *allowed)
}

fn manifest_findings(manifest: &Table, findings: &mut Vec<String>) {
    let name = manifest["package"]["name"].as_str().unwrap_or("?");
    let Some(may_use) = row(&MAY_USE, name) else {
        findings.push(format!(
            "{name}: has no row in MAY_USE of xtask/src/crates.rs: add it"
        ));
        return;
    };
    for dependency in dependencies(manifest) {
        let used = dependency.name;
        let is_ours = row(&MAY_USE, used).is_some();
        let in_tests = dependency.table == "dev-dependencies"
            && row(&TESTS_MAY_USE, name).is_some_and(|allowed| allowed.contains(&used));
        if is_ours && !may_use.contains(&used) && !in_tests {
            findings.push(format!("{name}: may not use {used} (docs/ARCHITECTURE.md)"));
        }
        let barred = row(&ONLY_IN, used).is_some_and(|allowed| !allowed.contains(&name));
        if barred && dependency.table != "dev-dependencies" {
            findings.push(format!("{name}: may not use {used} (docs/ARCHITECTURE.md)"));
        }
        let only_browser = name == "frontend" && dependency.target == Some(WASM);
        if dependency.asks_for("hydrate") && !only_browser {
            findings.push(format!(
                "{name}: turns on `hydrate` of {used}: only frontend may, below [target.'{WASM}']"
            ));
        }
        if name == "frontend" && !only_browser {
            findings.push(format!("frontend: {used} belongs below [target.'{WASM}']"));
        }
    }
}

fn lock_findings(lock: &Table, findings: &mut Vec<String>) {
    let packages = lock
        .get("package")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut seen = BTreeSet::new();
    for package in packages {
        let name = package
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if let Some(name) = ONE_VERSION.into_iter().find(|one| *one == name)
            && !seen.insert(name)
        {
            findings.push(format!("Cargo.lock: {name} is there in two versions"));
        }
    }
}

/// wasm-bindgen's two halves speak a format that changes with every version.
fn pin_findings(workspace: &Table, manifests: &[Table], findings: &mut Vec<String>) {
    let ours = version(&workspace["workspace"]["dependencies"], "wasm-bindgen");
    let xtask = manifests
        .iter()
        .find(|it| it["package"]["name"].as_str() == Some("xtask"));
    let tool = xtask.map(|it| version(&it["dependencies"], "wasm-bindgen-cli-support"));
    if tool != Some(ours) || !ours.starts_with('=') {
        findings.push(format!(
            "Cargo.toml: wasm-bindgen is {ours:?} and xtask's wasm-bindgen-cli-support {:?}: \
             pin both to the same version with `=`",
            tool.unwrap_or_default()
        ));
    }
}

fn version<'a>(table: &'a Value, name: &str) -> &'a str {
    let spec = table.get(name);
    let version = spec.and_then(|spec| spec.get("version")).or(spec);
    version.and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manifest: &str, expected: &[&str]) {
        let mut findings = Vec::new();
        manifest_findings(&manifest.parse().unwrap(), &mut findings);
        assert_eq!(findings, expected, "{manifest}");
    }

    fn package(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n{rest}")
    }

    #[test]
    fn a_crate_uses_only_what_its_row_names() {
        check(
            &package("timing", "[dependencies]\nmodel.workspace = true"),
            &[],
        );
        check(
            &package("model", "[dependencies]\ntiming.workspace = true"),
            &["model: may not use timing (docs/ARCHITECTURE.md)"],
        );
        check(
            &package(
                "model",
                "[target.'cfg(unix)'.dependencies]\ntiming.workspace = true",
            ),
            &["model: may not use timing (docs/ARCHITECTURE.md)"],
        );
        check(
            &package("service", "[dev-dependencies]\nsim.workspace = true"),
            &[],
        );
        check(
            &package("service", "[dependencies]\nsim.workspace = true"),
            &["service: may not use sim (docs/ARCHITECTURE.md)"],
        );
        check(
            &package("providers", ""),
            &["providers: has no row in MAY_USE of xtask/src/crates.rs: add it"],
        );
    }

    #[test]
    fn outside_crates_stay_where_they_belong() {
        check(&package("store", "[dependencies]\nsqlx = \"0.9\""), &[]);
        check(
            &package("service", "[dependencies]\nsqlx = \"0.9\""),
            &["service: may not use sqlx (docs/ARCHITECTURE.md)"],
        );
        check(
            &package("model", "[build-dependencies]\ntokio = \"1\""),
            &["model: may not use tokio (docs/ARCHITECTURE.md)"],
        );
        check(&package("model", "[dev-dependencies]\ntokio = \"1\""), &[]);
    }

    #[test]
    fn hydrate_is_asked_for_only_in_the_browser() {
        let line = "leptos = { workspace = true, features = [\"hydrate\"] }";
        let wasm = format!("[target.'{WASM}'.dependencies]\n{line}");
        check(&package("frontend", &wasm), &[]);
        check(
            &package("app", &wasm),
            &[
                "app: turns on `hydrate` of leptos: only frontend may, below \
               [target.'cfg(target_arch = \"wasm32\")']",
            ],
        );
        check(
            &package("frontend", "[dependencies]\nmodel.workspace = true"),
            &["frontend: model belongs below [target.'cfg(target_arch = \"wasm32\")']"],
        );
    }

    #[test]
    fn a_second_leptos_is_found() {
        let lock = "[[package]]\nname = \"leptos\"\nversion = \"0.7.8\"\n\
                    [[package]]\nname = \"leptos\"\nversion = \"0.8.23\"\n";
        let mut findings = Vec::new();
        lock_findings(&lock.parse().unwrap(), &mut findings);
        assert_eq!(findings, ["Cargo.lock: leptos is there in two versions"]);
    }

    #[test]
    fn both_halves_of_wasm_bindgen_have_one_version() {
        let check = |ours: &str, tool: &str, expected: usize| {
            let workspace = format!("[workspace.dependencies]\nwasm-bindgen = \"{ours}\"")
                .parse()
                .unwrap();
            let xtask = format!("[dependencies]\nwasm-bindgen-cli-support = \"{tool}\"");
            let mut findings = Vec::new();
            let manifests = [package("xtask", &xtask).parse().unwrap()];
            pin_findings(&workspace, &manifests, &mut findings);
            assert_eq!(findings.len(), expected, "{findings:?}");
        };
        check("=0.2.130", "=0.2.130", 0);
        check("=0.2.130", "=0.2.129", 1);
        check("0.2.130", "0.2.130", 1);
    }
}
