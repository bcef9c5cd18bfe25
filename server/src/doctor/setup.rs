//! Where the settings come from. Knows nothing of what they name.

use super::report::Finding;
use crate::{cli, settings::Settings};
use std::path::PathBuf;

const CHECK: &str = "settings";

pub struct Setup {
    file: PathBuf,
    file_is_there: bool,
    /// Names only: some values are secrets.
    variables: Vec<String>,
    log_fault: Option<String>,
}

pub fn look(settings: &Settings, file: PathBuf) -> Setup {
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    let mut variables: Vec<_> = names.filter(|name| name.starts_with("GANTRY_")).collect();
    variables.sort();
    Setup {
        file_is_there: file.exists(),
        file: std::path::absolute(&file).unwrap_or(file),
        variables,
        log_fault: cli::log_filter(settings)
            .err()
            .map(|error| error.to_string()),
    }
}

pub fn judge(setup: &Setup) -> Finding {
    if let Some(fault) = &setup.log_fault {
        let advice = "set the log filter (--log, GANTRY_LOG or log in gantry.toml) to info, \
                      or leave it out";
        return Finding::bad(CHECK, fault, advice);
    }
    let file = setup.file.display();
    let mut found = if setup.file_is_there {
        format!("from the file {file}")
    } else {
        format!("the usual ones, as there is no file {file}")
    };
    if !setup.variables.is_empty() {
        found.push_str(&format!(
            "; and from the environment: {}",
            setup.variables.join(", ")
        ));
    }
    Finding::ok(CHECK, found)
}

/// Where the settings cannot be read, nothing that they name can be looked at.
pub fn unreadable(error: &anyhow::Error) -> Finding {
    let error = format!("{error:#}");
    // Not the drawing of the line with a mark below it, which cannot be read aloud.
    let is_drawn = |line: &&str| {
        let number = line.trim_start().trim_start_matches(char::is_numeric);
        number.trim_start().starts_with('|')
    };
    let words = error.lines().filter(|line| !is_drawn(line));
    let words = words.flat_map(str::split_whitespace);
    let found = words.collect::<Vec<_>>().join(" ");
    let advice = "put right what is named there, or rename the file to do without it; then ask \
                  again, as nothing else can be looked at before";
    Finding::bad(CHECK, found, advice)
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{State, check},
        *,
    };

    fn setup() -> Setup {
        Setup {
            file: "/tent/gantry.toml".into(),
            file_is_there: true,
            variables: Vec::new(),
            log_fault: None,
        }
    }

    #[test]
    fn the_file_and_the_variables_are_named() {
        let file = "from the file /tent/gantry.toml";
        check(&judge(&setup()), State::Ok, &[file]);
        let without = Setup {
            file_is_there: false,
            ..setup()
        };
        check(&judge(&without), State::Ok, &["no file /tent/gantry.toml"]);
        let variables = vec!["GANTRY_DATA_DIR".to_owned(), "GANTRY_LOG".to_owned()];
        let environment = Setup {
            variables,
            ..setup()
        };
        check(
            &judge(&environment),
            State::Ok,
            &[file, "GANTRY_DATA_DIR, GANTRY_LOG"],
        );
    }

    #[test]
    fn what_keeps_the_server_from_starting_is_bad() {
        let log_fault = Some("the log filter \"=\" is not valid".to_owned());
        check(
            &judge(&Setup {
                log_fault,
                ..setup()
            }),
            State::Bad,
            &["log filter", "GANTRY_LOG"],
        );
        let error = anyhow::anyhow!("line 1\n  |\n1 | x = 1\n  | ^\nunknown x\n")
            .context("gantry.toml is not valid");
        check(
            &unreadable(&error),
            State::Bad,
            &["gantry.toml is not valid: line 1 unknown x"],
        );
    }
}
