//! The time each step of a long command took, so that a slow one is seen the day it gets slow.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

#[derive(Default)]
pub struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    failed: bool,
}

impl Steps {
    /// Runs one step. A failure keeps its time and ends the command at the caller's `?`.
    pub fn run<T>(&mut self, name: &'static str, body: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let result = body();
        self.done.push(Step {
            name,
            took: start.elapsed(),
            failed: result.is_err(),
        });
        result.with_context(|| format!("step `{name}`"))
    }

    pub fn print(&self) {
        print!("\n{}", self.table());
    }

    fn table(&self) -> String {
        let width = self
            .done
            .iter()
            .map(|step| step.name.len())
            .max()
            .unwrap_or(0)
            .max(5);
        let mut table = String::new();
        let mut row = |name: &str, took: Duration, end: &str| {
            table.push_str(&format!(
                "{name:width$}  {:>8.1} s{end}\n",
                took.as_secs_f64()
            ));
        };
        for step in &self.done {
            row(
                step.name,
                step.took,
                if step.failed { "  FAILED" } else { "" },
            );
        }
        row("total", self.done.iter().map(|step| step.took).sum(), "");
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_each_step_and_the_one_that_failed() {
        let mut steps = Steps::default();
        steps.run("formatting", || Ok(())).unwrap();
        let failed: Result<()> = steps.run("lints", || anyhow::bail!("a lint"));
        assert_eq!(format!("{:#}", failed.unwrap_err()), "step `lints`: a lint");
        let table = steps.table();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 3, "{table}");
        assert!(
            lines[0].starts_with("formatting ") && lines[0].ends_with(" s"),
            "{table}"
        );
        assert!(
            lines[1].starts_with("lints ") && lines[1].ends_with("FAILED"),
            "{table}"
        );
        assert!(lines[2].starts_with("total "), "{table}");
    }
}
