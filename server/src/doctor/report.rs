//! What was found, as text for a person and as JSON for a program. Knows no check.
//!
//! The text is read aloud on the phone: one thing a line, its name and state in front, plain words.

use app::format::count;
use serde::Serialize;
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// It works, and somebody should know.
    Warning,
    /// It does not work, or will not for long.
    Bad,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub state: State,
    pub found: String,
    /// What to do. Where all is well, nothing is to be done.
    pub advice: Option<String>,
}

impl Finding {
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            state: State::Ok,
            found: found.into(),
            advice: None,
        }
    }

    pub fn warning(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            check,
            state: State::Warning,
            found: found.into(),
            advice: Some(advice.into()),
        }
    }

    pub fn bad(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            state: State::Bad,
            ..Self::warning(check, found, advice)
        }
    }
}

/// Everything that was found, in the order in which one would put it right.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Nothing is bad.
    pub ok: bool,
    pub findings: Vec<Finding>,
}

impl Report {
    pub fn of(findings: Vec<Finding>) -> Self {
        Self {
            ok: findings.iter().all(|finding| finding.state != State::Bad),
            findings,
        }
    }

    fn count(&self, state: State) -> usize {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.state == state).count()
    }
}

/// Columns of a terminal that nobody has made larger.
const COLUMNS: usize = 80;
const NAME_COLUMNS: usize = 17;
const STATE_COLUMNS: usize = 9;
const TEXT_COLUMNS: usize = COLUMNS - NAME_COLUMNS - STATE_COLUMNS;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            let state = match finding.state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Bad => "BAD",
            };
            let advice = finding.advice.iter();
            let advice = advice.flat_map(|advice| wrapped(&format!("What to do: {advice}.")));
            let mut front = (finding.check, state);
            for line in wrapped(&finding.found).into_iter().chain(advice) {
                let (name, state) = std::mem::take(&mut front);
                writeln!(f, "{name:NAME_COLUMNS$}{state:STATE_COLUMNS$}{line}")?;
            }
        }
        let (bad, warnings) = (self.count(State::Bad), self.count(State::Warning));
        let warnings_said = match warnings {
            1 => "1 warning".to_owned(),
            _ => format!("{warnings} warnings"),
        };
        match (bad, warnings) {
            (0, 0) => write!(f, "\nAll is well."),
            (0, _) => write!(f, "\nNothing is bad; {warnings_said}. Gantry can run."),
            (1, 0) => write!(f, "\n1 line is BAD: do what it says."),
            (1, _) => write!(f, "\n1 line is BAD: do what it says. {warnings_said}."),
            (_, 0) => write!(f, "\n{bad} lines are BAD: begin with the first."),
            _ => write!(
                f,
                "\n{bad} lines are BAD: begin with the first. {warnings_said}."
            ),
        }
    }
}

/// The text in lines of the last column. An address or path that is longer stays in one piece.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= TEXT_COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A size as disks are sold, in thousands and not in 1,024s.
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1_000;
    const MB: u64 = 1_000 * KB;
    const GB: u64 = 1_000 * MB;
    match bytes {
        GB.. => format!("{}.{} GB", count(bytes / GB), bytes % GB / (GB / 10)),
        MB.. => format!("{} MB", bytes / MB),
        _ => format!("{} KB", bytes.div_ceil(KB)),
    }
}

/// A check of one judgement: its state, and what its words must have in them.
#[cfg(test)]
#[track_caller]
pub fn check(finding: &Finding, state: State, parts: &[&str]) {
    assert_eq!(finding.state, state, "{finding:?}");
    let advice = finding.advice.as_deref();
    assert_eq!(advice.is_none(), state == State::Ok, "{finding:?}");
    let words = format!("{} | {}", finding.found, advice.unwrap_or_default());
    for part in parts {
        assert!(words.contains(part), "{part:?} is not in {words:?}");
    }
    for sentence in [finding.found.as_str(), advice.unwrap_or("ends well")] {
        assert!(!sentence.is_empty() && !sentence.ends_with('.'), "{words}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_aligned_and_the_end_says_what_comes_first() {
        let findings = vec![
            Finding::ok("clock", "Monday"),
            Finding::warning(
                "disk space",
                "1.5 GB free on the disk of the data folder, which is room for some reads",
                "free some",
            ),
            Finding::bad("web port", "taken", "close the other program"),
        ];
        let column = " ".repeat(NAME_COLUMNS + STATE_COLUMNS);
        let lines = [
            "clock            ok       Monday".to_owned(),
            "disk space       warning  1.5 GB free on the disk of the data folder, which is"
                .to_owned(),
            format!("{column}room for some reads"),
            format!("{column}What to do: free some."),
            "web port         BAD      taken".to_owned(),
            format!("{column}What to do: close the other program."),
            String::new(),
            "1 line is BAD: do what it says. 1 warning.".to_owned(),
        ];
        assert_eq!(Report::of(findings).to_string(), lines.join("\n"));
    }

    #[test]
    fn the_last_line_counts() {
        let check = |states: &[State], ok: bool, last: &str| {
            let finding = |state: &State| Finding {
                state: *state,
                ..Finding::ok("clock", "Monday")
            };
            let report = Report::of(states.iter().map(finding).collect());
            assert_eq!(report.ok, ok);
            assert_eq!(report.to_string().lines().last(), Some(last));
        };
        use State::{Bad, Ok, Warning};
        check(&[Ok], true, "All is well.");
        check(
            &[Ok, Warning],
            true,
            "Nothing is bad; 1 warning. Gantry can run.",
        );
        check(
            &[Warning, Warning],
            true,
            "Nothing is bad; 2 warnings. Gantry can run.",
        );
        check(&[Bad], false, "1 line is BAD: do what it says.");
        check(&[Bad, Bad], false, "2 lines are BAD: begin with the first.");
        check(
            &[Bad, Warning, Bad],
            false,
            "2 lines are BAD: begin with the first. 1 warning.",
        );
    }

    #[test]
    fn a_program_gets_every_field_of_every_finding() {
        let findings = vec![
            Finding::ok("clock", "Monday"),
            Finding::bad("web port", "taken", "close it"),
        ];
        let json = serde_json::json!({ "ok": false, "findings": [
            { "check": "clock", "state": "ok", "found": "Monday", "advice": null },
            { "check": "web port", "state": "bad", "found": "taken", "advice": "close it" },
        ]});
        let report = serde_json::to_value(Report::of(findings)).unwrap();
        assert_eq!(report, json);
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let check = |bytes, text: &str| assert_eq!(size(bytes), text);
        check(0, "0 KB");
        check(1, "1 KB");
        check(999_000, "999 KB");
        check(200_000_000, "200 MB");
        check(1_990_000_000, "1.9 GB");
        check(2_000_000_000_000, "2,000.0 GB");
    }
}
