//! The rules of docs/STYLE.md that a program can hold, over every file of the checkout.
//! Each finding is one line: where, what, and what to do about it.
//! What compilers and clippy find already is left to them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::crates;
use crate::rust_source::{Kind, kinds, only};

const COLUMNS_MAX: usize = 100;
const FILE_LINES_MAX: usize = 600;
/// A style sheet says the same things once for each shape of screen, a declaration a line.
const STYLE_LINES_MAX: usize = 800;

/// Everything to put right in the checkout at `root`.
pub fn findings(root: &Path) -> Result<Vec<String>> {
    let mut findings = crates::findings(root)?;
    for path in tracked(root)? {
        let bytes = fs::read(root.join(&path)).with_context(|| format!("read {path}"))?;
        // What is no text has no lines.
        if let Ok(text) = String::from_utf8(bytes) {
            findings.extend(file_findings(&path, &text));
        }
    }
    Ok(findings)
}

/// The files that git tracks or would track, with `/` between folders.
pub fn tracked(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .context("start git: install it, the checks ask it which files there are")?;
    if !output.status.success() {
        bail!(
            "git ls-files failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let list = String::from_utf8(output.stdout).context("file names are UTF-8")?;
    let mut files: Vec<String> = list
        .split_terminator('\0')
        .filter(|path| root.join(path).is_file())
        .map(Into::into)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

fn file_findings(path: &str, text: &str) -> Vec<String> {
    let mut found = Findings {
        path,
        list: Vec::new(),
    };
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_code = matches!(ending, "rs" | "ts" | "css" | "sql");
    let is_verbatim = path.starts_with("LICENSE") || path.contains("/fixtures/");

    if ending == "lock" || path.ends_with("package-lock.json") {
        if path.ends_with("package-lock.json") && text.contains("\"resolved\"") {
            found.add(
                0,
                "names where packages come from: type `npm install` in end2end",
            );
        }
        return found.list;
    }
    places(&mut found, text);
    if !is_verbatim {
        for (at, line) in text.lines().enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                found.add(at, "has trailing whitespace");
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            found.add(
                text.lines().count() - 1,
                "is a last line without a line end",
            );
        }
    }
    let lines_max = if ending == "css" {
        STYLE_LINES_MAX
    } else {
        FILE_LINES_MAX
    };
    if is_code && lines_max < text.lines().count() {
        found.add(
            0,
            &format!("is a file of over {lines_max} lines: split it by what it owns"),
        );
    }
    match ending {
        "rs" => rust(&mut found, text),
        "md" => markdown(&mut found, text),
        _ => {}
    }
    found.list
}

struct Findings<'a> {
    path: &'a str,
    list: Vec<String>,
}

impl Findings<'_> {
    fn add(&mut self, line_idx: usize, what: &str) {
        self.list
            .push(format!("{}:{}: {what}", self.path, line_idx + 1));
    }
}

/// Folders of one machine and hosts of one registry mean nothing on the next machine.
/// The needles are written in two halves, so that this file does not hold them.
fn places(found: &mut Findings<'_>, text: &str) {
    const PLACES: [&str; 8] = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("registry.", "npmjs"),
        concat!("index.", "crates.io"),
        concat!("static.", "crates.io"),
        concat!("deb.", "debian.org"),
        concat!("files.python", "hosted.org"),
    ];
    for (at, line) in text.lines().enumerate() {
        for place in PLACES.iter().filter(|place| line.contains(**place)) {
            found.add(
                at,
                &format!("names `{place}`, which another machine does not have"),
            );
        }
    }
    let configures_registry = (found.path.ends_with(".npmrc") && text.contains("registry="))
        || (found.path.ends_with(".cargo/config.toml")
            && (text.contains("[source") || text.contains("[registr")));
    if configures_registry {
        found.add(0, "chooses a registry: that is each machine's own setting");
    }
}

fn rust(found: &mut Findings<'_>, text: &str) {
    const BANNED: [(&str, &str); 6] = [
        (
            "#[allow(",
            "write `#[expect(lint, reason = \"…\")]`: it says when it is no longer needed",
        ),
        (
            "#![allow(",
            "write `#![expect(lint, reason = \"…\")]`: it says when it is no longer needed",
        ),
        ("#[ignore", "a test runs, or it goes"),
        ("#[should_panic", "assert on the error instead"),
        ("todo!(", "finish it, or leave the way to it out"),
        ("dbg!(", "use tracing, or nothing"),
    ];
    let first = text
        .lines()
        .find(|line| !line.is_empty() && !line.starts_with("#!["));
    let is_open = first.is_some_and(|line| line.starts_with("//!"));
    if !is_open && !is_inner_test(found.path) && !found.path.contains("/fixtures/") {
        found.add(
            0,
            "does not open with `//!`: say what the module owns and must not know",
        );
    }
    let code = only(text, Kind::Code);
    for (at, line) in code.lines().enumerate() {
        for (banned, instead) in BANNED {
            if line.contains(banned) {
                found.add(at, &format!("has `{banned}`: {instead}"));
            }
        }
        if line.contains('\t') {
            found.add(at, "has a tab");
        }
    }
    let kinds = kinds(text);
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let line_kinds = &kinds[start..start + line.len()];
        start += line.len();
        let line = line.trim_end_matches('\n');
        // A literal may have to be one piece, and so may an address.
        let breakable = line
            .char_indices()
            .filter(|(at, _)| line_kinds[*at] != Kind::Literal)
            .count();
        let is_address = line
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.contains("://"));
        if COLUMNS_MAX < breakable && !is_address {
            found.add(at, &format!("is over {COLUMNS_MAX} columns"));
        }
    }
    let proven = code
        .lines()
        .position(|line| line.contains("PartnerScope::proven("));
    if let Some(at) = proven.filter(|_| !may_prove(found.path, &code)) {
        found.add(
            at,
            "calls `PartnerScope::proven`: get the scope from service::authority",
        );
    }
}

/// The tests of the module beside them, and the parts of a test program: what they are about is
/// said where they hang.
fn is_inner_test(path: &str) -> bool {
    let inner = path
        .split_once("/tests/")
        .is_some_and(|(_, below)| below.contains('/'));
    inner || path.ends_with("/tests.rs")
}

/// A partner is proved in one file; the store's own tests and measurements need no login.
fn may_prove(path: &str, code: &str) -> bool {
    let tests = code.find("#[cfg(test)]");
    let in_tests = tests.is_some() && tests < code.find("PartnerScope::proven(");
    let beside = path.contains("/tests") || path.contains("/examples/") || in_tests;
    path == "crates/service/src/authority.rs" || (path.starts_with("crates/store/") && beside)
}

fn markdown(found: &mut Findings<'_>, text: &str) {
    let mut in_example = false;
    let mut headings = 0;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_example = !in_example;
        }
        if !in_example && line.starts_with("# ") {
            headings += 1;
            if headings == 2 {
                found.add(
                    at,
                    "is a second first-level heading: one document, one subject",
                );
            }
        }
    }
    if headings == 0 {
        found.add(0, "has no first-level heading");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_is_tidy() {
        let findings = findings(&crate::cargo::root().unwrap()).unwrap();
        assert!(
            findings.is_empty(),
            "to put right:\n{}",
            findings.join("\n")
        );
    }

    /// `expected` is the start of each finding after the path, in order.
    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let found = file_findings(path, text);
        let starts_well = found.len() == expected.len()
            && found.iter().zip(expected).all(|(found, expected)| {
                found
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with(expected))
            });
        assert!(starts_well, "expected {expected:?}\n   found {found:?}");
    }

    #[test]
    fn text_rules() {
        check("a.toml", "a = 1\n", &[]);
        check("a.toml", "a = 1 \n", &[":1: has trailing whitespace"]);
        check("a.toml", "a = 1", &[":1: is a last line without"]);
        check("a.toml", concat!("a = \"/ho", "me/x\"\n"), &[":1: names `"]);
        check(
            "end2end/.npmrc",
            "registry=x\n",
            &[":1: chooses a registry"],
        );
        check(
            "end2end/package-lock.json",
            "{\"resolved\": \"x\"}\n",
            &[":1: names where packages"],
        );
        check("Cargo.lock", "anything ", &[]);
        check("x/fixtures/reads.txt", "CT01_33 ", &[]);
    }

    #[test]
    fn rust_rules() {
        check("a.rs", "//! Owns a.\n", &[]);
        check("a.rs", "#![cfg(unix)]\n\n//! Owns a.\n", &[]);
        check("a.rs", "fn a() {}\n", &[":1: does not open with"]);
        check("x/fixtures/a.rs", "fn a() {}\n", &[]);
        check("x/src/a/tests.rs", "fn a() {}\n", &[]);
        check("x/tests/contract/a.rs", "fn a() {}\n", &[]);
        check(
            "x/tests/contract.rs",
            "fn a() {}\n",
            &[":1: does not open with"],
        );
        check("a.rs", "//! A.\n#[allow(x)]\n", &[":2: has `#[allow(`"]);
        check("a.rs", "//! A.\n// #[allow(x)]\n", &[]);
        check("a.rs", "//! A.\nlet a = \"todo!()\";\n", &[]);
        check(
            "a.rs",
            "//! A.\nlet a = '\"'; todo!() // \"\n",
            &[":2: has `todo!(`"],
        );
        check("a.rs", "//! A.\n\tlet a = 1;\n", &[":2: has a tab"]);
        check(
            "a.rs",
            &"//! A.\n".repeat(601),
            &[":1: is a file of over 600 lines"],
        );
    }

    #[test]
    fn long_lines_pass_only_for_what_cannot_be_broken() {
        let long = "x".repeat(120);
        check(
            "a.rs",
            &format!("//! A.\n// {long}\n"),
            &[":2: is over 100 columns"],
        );
        check("a.rs", &format!("//! A.\n// see https://{long}\n"), &[]);
        check("a.rs", &format!("//! A.\nlet a = \"{long}\";\n"), &[]);
        check(
            "a.rs",
            &format!("//! A.\nlet {long} = \"a\";\n"),
            &[":2: is over 100 columns"],
        );
        check("a.rs", &format!("//! A.\nlet a = \"\n{long}\";\n"), &[]);
    }

    #[test]
    fn only_authority_proves_a_partner() {
        let call = "//! A.\nlet scope = PartnerScope::proven(id);\n";
        check("crates/service/src/authority.rs", call, &[]);
        check("crates/store/tests/reads.rs", call, &[]);
        check("crates/store/src/reads/tests.rs", call, &[]);
        check(
            "crates/store/src/reads.rs",
            call,
            &[":2: calls `PartnerScope::proven`"],
        );
        check(
            "server/src/main.rs",
            call,
            &[":2: calls `PartnerScope::proven`"],
        );
        let tests = call.replace("let", "#[cfg(test)]\nlet");
        check("crates/store/src/reads.rs", &tests, &[]);
        check(
            "server/src/main.rs",
            &tests,
            &[":3: calls `PartnerScope::proven`"],
        );
    }

    #[test]
    fn markdown_rules() {
        check("a.md", "# A\n\n## B\n```\n# no heading\n```\n", &[]);
        check(
            "a.md",
            "# A\n# B\n",
            &[":2: is a second first-level heading"],
        );
        check("a.md", "text\n", &[":1: has no first-level heading"]);
    }
}
