//! What a backup says of itself, and the names that may be in one.

use crate::limits;
use anyhow::{bail, ensure};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::Contents;

/// The entry that holds it.
pub const MANIFEST: &str = "manifest.json";

/// Raised when an older gantry could not restore a backup of this one.
const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that made it.
    pub gantry: String,
    /// When, in UTC, by the clock of the computer that made it.
    pub made_at: String,
    pub database: Database,
    pub contents: Contents,
    /// All other entries.
    pub entries: Vec<Entry>,
}

/// Which database it was. One is not restored into the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A file in it. The zip itself has the CRC-32 of each, which finds what a stick or a copy spoils;
/// against somebody who writes another backup a longer sum in the same file would not help either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub bytes: u64,
}

impl Database {
    /// The entry that holds its copy.
    pub fn entry(self) -> &'static str {
        match self {
            Self::Sqlite => "database.sqlite",
            Self::Postgres => "database.pgdump",
        }
    }
}

impl Manifest {
    pub fn new(made_at: String, database: Database, contents: Contents) -> Self {
        Self {
            format: FORMAT,
            gantry: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            database,
            contents,
            entries: Vec::new(),
        }
    }

    /// Refuses what this program does not understand, and what no backup of ours says.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.format > FORMAT {
            bail!(
                "it was made by a newer gantry ({}); restore it with that one",
                self.gantry
            );
        }
        let mut names = HashSet::new();
        let mut bytes = 0_u64;
        for entry in &self.entries {
            let known = entry.name == self.database.entry() || asset_path(&entry.name).is_some();
            ensure!(
                known && names.insert(&entry.name),
                "it names a file that is in no backup ({:?})",
                entry.name
            );
            bytes = bytes.saturating_add(entry.bytes);
        }
        ensure!(
            names.contains(&self.database.entry().to_owned()),
            "it has no database in it"
        );
        ensure!(
            bytes <= limits::BACKUP_BYTES_MAX && names.len() <= limits::BACKUP_ASSETS_MAX + 1,
            "it holds more than any backup"
        );
        Ok(())
    }

    pub fn assets(&self) -> usize {
        self.entries.len().saturating_sub(1)
    }

    pub fn bytes(&self) -> u64 {
        self.entries.iter().map(|entry| entry.bytes).sum()
    }
}

/// The parts of an uploaded file's path below the assets, where the name of an entry is one that
/// stays below them, on every system.
pub fn asset_path(name: &str) -> Option<Vec<&str>> {
    let below = name.strip_prefix(super::ASSETS)?.strip_prefix('/')?;
    let parts: Vec<_> = below.split('/').collect();
    let fits = name.len() <= limits::BACKUP_NAME_BYTES_MAX
        && parts.len() <= limits::BACKUP_ASSET_DEPTH_MAX
        && parts.iter().all(|part| is_plain(part));
    fits.then_some(parts)
}

fn is_plain(part: &str) -> bool {
    let odd = |sign: char| sign.is_control() || "\\:*?\"<>|".contains(sign);
    !part.is_empty() && part != "." && part != ".." && !part.contains(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(names: &[&str]) -> Manifest {
        let contents = Contents {
            schema: 2,
            partners: 1,
            events: 1,
            participants: 0,
            displays: 0,
            reads: 0,
        };
        let mut manifest = Manifest::new(String::new(), Database::Sqlite, contents);
        let entry = |name: &&str| Entry {
            name: (*name).to_owned(),
            bytes: 1,
        };
        manifest.entries = names.iter().map(entry).collect();
        manifest
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let check = |name: &str, parts: Option<&[&str]>| {
            assert_eq!(asset_path(name).as_deref(), parts, "{name:?}");
        };
        check("assets/logo.png", Some(&["logo.png"]));
        check("assets/fonts/ä b.woff2", Some(&["fonts", "ä b.woff2"]));
        for wrong in [
            "assets",
            "assets/",
            "assets//a",
            "assets/a/",
            "assets/../gantry.sqlite",
            "assets/a/../../b",
            "assets/./a",
            "/assets/a",
            "../assets/a",
            "assets/..\\a",
            "assets/C:a",
            "assets\\a",
            "assets/a\0b",
            "assetsa",
            "gantry.sqlite",
            "manifest.json",
        ] {
            check(wrong, None);
        }
        check(&format!("assets/{}", "a".repeat(600)), None);
        check(&format!("assets{}", "/a".repeat(20)), None);
    }

    #[test]
    fn a_manifest_is_judged() {
        let check = |manifest: &Manifest, words: Option<&str>| {
            let error = manifest.check().err().map(|error| error.to_string());
            assert_eq!(error.is_some(), words.is_some(), "{error:?}");
            if let (Some(error), Some(words)) = (error, words) {
                assert!(error.contains(words), "{error}");
            }
        };
        let good = manifest(&["database.sqlite", "assets/a"]);
        check(&good, None);
        check(&manifest(&[]), Some("no database"));
        check(&manifest(&["database.pgdump"]), Some("no backup"));
        check(&manifest(&["database.sqlite", "../a"]), Some("no backup"));
        let twice = ["database.sqlite", "assets/a", "assets/a"];
        check(&manifest(&twice), Some("no backup"));
        let mut newer = good.clone();
        newer.format = FORMAT + 1;
        check(&newer, Some("newer gantry"));
        let mut large = good;
        large.entries[0].bytes = u64::MAX;
        check(&large, Some("more than any"));
    }
}
