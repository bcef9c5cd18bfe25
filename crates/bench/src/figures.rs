//! The table of figures: printed after each run, and kept in docs/BUDGETS.md when asked.

use anyhow::Context;
use std::{fmt::Write as _, path::Path};

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    pub bench: &'static str,
    pub what: String,
    pub measured: String,
    /// The same thing done by something simpler in the same run.
    pub baseline: String,
    /// Measured by baseline.
    pub ratio: Option<f64>,
    pub budget: String,
    /// Whether the budget is kept; none where it has no budget, or was not measured.
    pub kept: Option<bool>,
}

impl Row {
    pub fn new(bench: &'static str, what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self {
            bench,
            what: what.into(),
            measured: measured.into(),
            baseline: String::new(),
            ratio: None,
            budget: String::new(),
            kept: None,
        }
    }

    pub fn beside(mut self, baseline: impl Into<String>, ratio: f64) -> Self {
        self.baseline = baseline.into();
        self.ratio = Some(ratio);
        self
    }

    pub fn budget(mut self, budget: impl Into<String>, kept: bool) -> Self {
        self.budget = budget.into();
        self.kept = Some(kept);
        self
    }

    /// Left out, and why.
    pub fn left_out(bench: &'static str, what: impl Into<String>, why: &str) -> Self {
        Self::new(bench, what, format!("left out: {why}"))
    }
}

const HEAD: &str = "| bench | what | measured | baseline | ratio | budget | |\n\
                    |---|---|---|---|---|---|---|\n";

/// Markdown, so that it reads the same in a terminal and in the document.
pub fn table(rows: &[Row]) -> String {
    let mut table = HEAD.to_owned();
    for row in rows {
        let ratio = row
            .ratio
            .map(|ratio| format!("{ratio:.2}"))
            .unwrap_or_default();
        let verdict = match row.kept {
            Some(true) => "kept",
            Some(false) => "**over**",
            None => "",
        };
        let Row {
            bench,
            what,
            measured,
            baseline,
            budget,
            ..
        } = row;
        writeln!(
            table,
            "| {bench} | {what} | {measured} | {baseline} | {ratio} | {budget} | {verdict} |"
        )
        .expect("writing to a string does not fail");
    }
    table
}

const DOCUMENT: &str = "docs/BUDGETS.md";
const BEGIN: &str = "<!-- figures: written by cargo xtask bench --write -->\n";
const END: &str = "<!-- end of figures -->";

/// Puts the rows into the document: those of benches that did not run stay.
pub fn write(rows: &[Row]) -> anyhow::Result<()> {
    let path = Path::new(DOCUMENT);
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{DOCUMENT} is not here; run this as cargo xtask bench"))?;
    std::fs::write(path, with_figures(&text, rows)?)?;
    Ok(())
}

fn with_figures(text: &str, rows: &[Row]) -> anyhow::Result<String> {
    let missing = || format!("{DOCUMENT} has lost its two marker comments; put them back");
    let (before, rest) = text.split_once(BEGIN).with_context(missing)?;
    let (old, after) = rest.split_once(END).with_context(missing)?;
    let again = |line: &str| {
        rows.iter()
            .any(|row| line.starts_with(&format!("| {} |", row.bench)))
    };
    let kept: String = old
        .lines()
        .skip(HEAD.lines().count())
        .filter(|line| !again(line))
        .map(|line| format!("{line}\n"))
        .collect();
    Ok(format!("{before}{BEGIN}{}{kept}{END}{after}", table(rows)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_replace_those_of_the_same_bench_only() {
        let old = [Row::new("a", "x", "1"), Row::new("b", "y", "2")];
        let text = format!("before\n{BEGIN}{}{END}\nafter\n", table(&old));
        let new = with_figures(&text, &[Row::new("b", "z", "3").budget("4", true)]).unwrap();
        assert!(
            new.starts_with("before\n") && new.ends_with("\nafter\n"),
            "{new}"
        );
        assert!(
            new.contains("| a | x | 1 |") && new.contains("| b | z | 3 |"),
            "{new}"
        );
        assert!(new.contains("kept") && !new.contains("| b | y |"), "{new}");
        assert_eq!(new.matches("| bench |").count(), 1, "{new}");
    }

    #[test]
    fn a_document_without_markers_is_left_alone() {
        assert!(with_figures("nothing here", &[]).is_err());
    }
}
